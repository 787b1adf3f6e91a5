package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// shape is an N×D data set with K centers.
type shape struct{ n, d, k int }

func (s shape) String() string { return fmt.Sprintf("n=%d/d=%d/k=%d", s.n, s.d, s.k) }

// shapes that users have, from the tutorial to embeddings.
var shapes = []shape{
	{300, 2, 4}, {1797, 64, 10}, {1_000_000, 2, 8}, {1_000_000, 3, 16}, {500_000, 16, 64},
	{100_000, 32, 1000}, {100_000, 64, 100}, {100_000, 128, 1024}, {50_000, 768, 256}, {20_000, 1536, 1000},
	{100_000, 256, 1024},
}

// memoryBound is the number of columns up to which reading the rows, rather than
// arithmetic, is what an E-step is held against.
const memoryBound = 4

// rows returns n rows of d normal numbers; the first k are the centers.
func rows[T lloyd.Float](s shape) lloyd.Matrix[T] {
	r := rand.New(rand.NewPCG(1, uint64(s.d)))
	x := make([]T, s.n*s.d)
	for i := range x {
		x[i] = T(r.NormFloat64())
	}
	return lloyd.Dense(x, s.n, s.d)
}

// onEachLevel runs f as a sub-benchmark at each supported level.
func onEachLevel(b *testing.B, f func(b *testing.B, l kernel.Level)) {
	for _, l := range kernel.Supported() {
		b.Run("level="+l.String(), func(b *testing.B) {
			previous, err := kernel.Use(l)
			if err != nil {
				b.Fatal(err)
			}
			defer kernel.Use(previous)
			f(b, l)
		})
	}
}

// report adds GFLOP/s and the share of the peak of threads cores, which is
// measured in the same process right after the work.
func report(b *testing.B, l kernel.Level, elemSize, threads int, operations float64) {
	elapsed := b.Elapsed()
	b.StopTimer()
	rate := operations * float64(b.N) / elapsed.Seconds()
	b.ReportMetric(rate/1e9, "GFLOP/s")
	if peak := Peak(l, elemSize, 10*time.Millisecond); peak > 0 {
		b.ReportMetric(100*rate/peak/float64(threads), "%peak")
	}
}

// BenchmarkPeak is the floor that the others are held against.
func BenchmarkPeak(b *testing.B) {
	onEachLevel(b, func(b *testing.B, l kernel.Level) {
		for _, size := range []int{4, 8} {
			b.Run(fmt.Sprintf("dtype=float%d", 8*size), func(b *testing.B) {
				var sum float64
				for b.Loop() {
					sum += Peak(l, size, 5*time.Millisecond)
				}
				b.ReportMetric(sum/float64(b.N)/1e9, "GFLOP/s")
			})
		}
	})
}

// dense packs the first k rows of x as centers, to be ranked in floating point at once.
func dense[T lloyd.Float](b *testing.B, x lloyd.Matrix[T], k int) *lloyd.Centers[T] {
	var c lloyd.Centers[T]
	c.UseIntegers(false)
	if err := c.Pack(x.Rows(0, k)); err != nil {
		b.Fatal(err)
	}
	return &c
}

// BenchmarkNearest is the fused E-step kernel in floating point on one thread, labels
// only, as the Lloyd loop runs it.
func BenchmarkNearest(b *testing.B) {
	onEachLevel(b, func(b *testing.B, l kernel.Level) {
		for _, s := range shapes {
			if l == kernel.Generic && s.n*s.d*s.k > 1e9 {
				continue // seconds an operation: no insight
			}
			b.Run("dtype=float32/"+s.String(), func(b *testing.B) { nearest[float32](b, l, s) })
			b.Run("dtype=float64/"+s.String(), func(b *testing.B) { nearest[float64](b, l, s) })
		}
	})
}

func nearest[T lloyd.Float](b *testing.B, l kernel.Level, s shape) {
	s.n = min(s.n, max(1000, 1e9/(s.d*s.k))) // at most about 10 ms
	x := rows[T](s)
	c := dense(b, x, s.k)
	labels := make([]int32, s.n)
	var ws lloyd.Workspace[T]
	setBytes[T](b, s)
	for b.Loop() {
		if err := c.Nearest(labels, nil, x, &ws); err != nil {
			b.Fatal(err)
		}
	}
	report(b, l, sizeOf[T](), 1, 2*float64(s.n)*float64(s.d)*float64(s.k))
	b.ReportMetric(100*float64(ws.Direct)/float64(ws.Rows), "%direct")
}

// BenchmarkIntegers is the E-step on one thread with integers in front, of 8 or 16 bits, in
// turns with the same in floating point: how much faster it is (×dense), the share of rows
// that the integers leave open, and the distances that those of 8 bits leave to a row. The
// share of the peak is that of the multiply-adds that the labels stand for.
func BenchmarkIntegers(b *testing.B) { onIntegers(b, false) }

// BenchmarkIntegersTwo is the same for NearestTwo, which takes those of 16 bits only.
func BenchmarkIntegersTwo(b *testing.B) { onIntegers(b, true) }

func onIntegers(b *testing.B, two bool) {
	onEachLevel(b, func(b *testing.B, l kernel.Level) {
		for _, s := range shapes {
			_, faster := kernel.QuantizedPlanFor(l, 4, s.k, s.d)
			_, coarse := kernel.CoarsePlanFor(l, 4, s.k, s.d)
			if !faster && (two || !coarse) {
				continue
			}
			b.Run("dtype=float32/"+s.String(), func(b *testing.B) { integers[float32](b, l, s, two) })
			b.Run("dtype=float64/"+s.String(), func(b *testing.B) { integers[float64](b, l, s, two) })
		}
	})
}

func integers[T lloyd.Float](b *testing.B, l kernel.Level, s shape, two bool) {
	s.n = min(s.n, max(4000, 1e9/(s.d*s.k)))
	x := rows[T](s)
	plain := dense(b, x, s.k)
	c, err := lloyd.PackCenters(x.Rows(0, s.k))
	if err != nil {
		b.Fatal(err)
	}
	labels, dist, second := make([]int32, s.n), make([]T, s.n), make([]T, s.n)
	var spaces [2]lloyd.Workspace[T]
	var times [2]time.Duration
	for b.Loop() {
		for i, c := range []*lloyd.Centers[T]{c, plain} {
			start := time.Now()
			var err error
			if two {
				err = c.NearestTwo(labels, dist, second, x, &spaces[i])
			} else {
				err = c.Nearest(labels, nil, x, &spaces[i])
			}
			if err != nil {
				b.Fatal(err)
			}
			times[i] += time.Since(start)
		}
	}
	b.StopTimer()
	ws := &spaces[0]
	rate := 2 * float64(s.n) * float64(s.d) * float64(s.k) * float64(b.N) / times[0].Seconds()
	b.ReportMetric(rate/1e9, "GFLOP/s")
	b.ReportMetric(100*rate/Peak(l, sizeOf[T](), 10*time.Millisecond), "%peak")
	b.ReportMetric(times[1].Seconds()/times[0].Seconds(), "×dense")
	b.ReportMetric(100*float64(ws.Open)/float64(ws.Integers), "%open")
	b.ReportMetric(float64(ws.Listed)/float64(ws.Integers), "listed/row")
}

// setBytes adds MB/s, of rows read and labels written, where memory bounds.
func setBytes[T lloyd.Float](b *testing.B, s shape) {
	if s.d <= memoryBound {
		b.SetBytes(int64(s.n) * int64(s.d*sizeOf[T]()+4))
	}
}

// BenchmarkNearestThreads is the same on all threads, each taking blocks of rows
// with a workspace of its own; the peak is that of one thread times their number.
func BenchmarkNearestThreads(b *testing.B) {
	onEachLevel(b, func(b *testing.B, l kernel.Level) {
		for _, s := range shapes {
			if l == kernel.Generic && s.n*s.d*s.k > 1e9 {
				continue
			}
			b.Run("dtype=float32/"+s.String(), func(b *testing.B) { nearestThreads[float32](b, l, s) })
			b.Run("dtype=float64/"+s.String(), func(b *testing.B) { nearestThreads[float64](b, l, s) })
		}
	})
}

func nearestThreads[T lloyd.Float](b *testing.B, l kernel.Level, s shape) {
	threads := runtime.GOMAXPROCS(0)
	s.n = min(s.n, max(1000, 1e9/(s.d*s.k))*threads) // as much a thread as in BenchmarkNearest
	x := rows[T](s)
	c := dense(b, x, s.k)
	labels, workspaces := make([]int32, s.n), make([]lloyd.Workspace[T], threads)
	setBytes[T](b, s)
	for b.Loop() {
		if err := Assign(c, labels, x, workspaces); err != nil {
			b.Fatal(err)
		}
	}
	report(b, l, sizeOf[T](), threads, 2*float64(s.n)*float64(s.d)*float64(s.k))
}

// BenchmarkIteration is a whole iteration, E-step and M-step, of plain Lloyd
// on all threads: the time of 6 iterations less that of 1, over 5.
func BenchmarkIteration(b *testing.B) {
	onEachLevel(b, func(b *testing.B, l kernel.Level) {
		for _, s := range shapes {
			if l == kernel.Generic && s.n*s.d*s.k > 1e8 || s.n*s.d*s.k > 2e10 {
				continue
			}
			b.Run("dtype=float32/"+s.String(), func(b *testing.B) { iteration[float32](b, s) })
			b.Run("dtype=float64/"+s.String(), func(b *testing.B) { iteration[float64](b, s) })
		}
	})
}

func iteration[T lloyd.Float](b *testing.B, s shape) {
	x := rows[T](s)
	t := tensor.New(tensor.WithShape(s.n, s.d), tensor.WithBacking(x.Data))
	centers := tensor.New(tensor.WithShape(s.k, s.d), tensor.WithBacking(x.Data[:s.k*s.d]))
	var spent float64
	for b.Loop() {
		spent += perIteration(b, t, centers, 1, 6)
	}
	b.ReportMetric(spent/float64(b.N)*1e3, "ms/iteration")
}

// perIteration returns the seconds of one iteration of a fit from the centers,
// beyond the first few: the time of many iterations less that of few.
func perIteration(b *testing.B, x, centers *tensor.Dense, few, many int) float64 {
	run := func(most int) (time.Duration, int) {
		start := time.Now()
		m, err := cluster.KMeans{K: centers.Shape()[0], Init: cluster.Given{Centers: centers}, Algorithm: cluster.Lloyd, MaxIter: most, Tol: -1}.Fit(context.Background(), x)
		if err != nil {
			b.Fatal(err)
		}
		return time.Since(start), m.Iterations
	}
	short, from := run(few)
	long, to := run(many)
	if to == from {
		b.Skipf("converged after %d iterations", to)
	}
	return (long - short).Seconds() / float64(to-from)
}

// BenchmarkMStepShare is the share of the M-step in an iteration of plain Lloyd on
// all threads, as its observer tells it. "start" is iterations
// 2 to 4 of a fit from the first rows, "late" are those from where less than 1 %
// of the rows move.
func BenchmarkMStepShare(b *testing.B) {
	onEachLevel(b, func(b *testing.B, l kernel.Level) {
		for _, s := range shapes {
			if l == kernel.Generic || s.d < 64 || s.k < 64 || s.n*s.d*s.k > 2e10 {
				continue
			}
			for _, phase := range []string{"start", "late"} {
				b.Run("dtype=float32/phase="+phase+"/"+s.String(), func(b *testing.B) { mStepShare(b, s, phase == "late") })
			}
		}
	})
}

func mStepShare(b *testing.B, s shape, late bool) {
	x := rows[float32](s)
	t := tensor.New(tensor.WithShape(s.n, s.d), tensor.WithBacking(x.Data))
	centers := tensor.New(tensor.WithShape(s.k, s.d), tensor.WithBacking(x.Data[:s.k*s.d]))
	if late {
		centers = settled(b, t, centers)
	}
	var assign, update time.Duration
	for b.Loop() {
		_, err := cluster.KMeans{K: s.k, Init: cluster.Given{Centers: centers}, Algorithm: cluster.Lloyd, MaxIter: 4, Tol: -1, WithoutInertia: true, Observer: func(i cluster.Iteration) {
			if i.Iteration > 1 {
				assign += i.Assign
				update += i.Update
			}
		}}.Fit(context.Background(), t)
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(100*update.Seconds()/(assign+update).Seconds(), "%mstep")
}

// settled returns the centers of a fit after the first iteration that moves less
// than 1 % of the rows.
func settled(b *testing.B, x, centers *tensor.Dense) *tensor.Dense {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	n := int64(x.Shape()[0])
	m, err := cluster.KMeans{K: centers.Shape()[0], Init: cluster.Given{Centers: centers}, Tol: -1, WithoutInertia: true, Observer: func(i cluster.Iteration) {
		if i.Moved < n/100 {
			cancel()
		}
	}}.Fit(ctx, x)
	if m == nil {
		b.Fatal(err)
	}
	return m.Centers
}

// BenchmarkSquaredL2Rows is one vector against many rows: bound by memory.
func BenchmarkSquaredL2Rows(b *testing.B) {
	onEachLevel(b, func(b *testing.B, l kernel.Level) {
		for _, d := range []int{2, 8, 16, 64, 128, 768} {
			b.Run(fmt.Sprintf("dtype=float32/d=%d", d), func(b *testing.B) { rowsBench[float32](b, d) })
			b.Run(fmt.Sprintf("dtype=float64/d=%d", d), func(b *testing.B) { rowsBench[float64](b, d) })
		}
	})
}

func rowsBench[T lloyd.Float](b *testing.B, d int) {
	x := rows[T](shape{n: 1 << 22 / d, d: d})
	dst := make([]T, x.N)
	b.SetBytes(int64(len(x.Data) * sizeOf[T]()))
	for b.Loop() {
		if err := lloyd.SquaredL2Rows(dst, x, x.Row(0)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAccumulate is the M-step's sum of all rows by label.
func BenchmarkAccumulate(b *testing.B) {
	onEachLevel(b, func(b *testing.B, l kernel.Level) {
		for _, s := range []shape{{100_000, 2, 8}, {100_000, 16, 64}, {50_000, 64, 100}, {20_000, 128, 1024}} {
			b.Run("dtype=float32/"+s.String(), func(b *testing.B) { accumulate[float32](b, s) })
			b.Run("dtype=float64/"+s.String(), func(b *testing.B) { accumulate[float64](b, s) })
		}
	})
}

func accumulate[T lloyd.Float](b *testing.B, s shape) {
	x := rows[T](s)
	labels := make([]int32, s.n)
	r := rand.New(rand.NewPCG(2, 3))
	for i := range labels {
		labels[i] = int32(r.IntN(s.k))
	}
	b.SetBytes(int64(len(x.Data) * sizeOf[T]()))
	for b.Loop() {
		sums, err := lloyd.NewSums(s.k, s.d, 10, s.n)
		if err != nil {
			b.Fatal(err)
		}
		if err := lloyd.Accumulate(sums, x, labels, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMoments is the pass over the rows that precedes a fit, on one thread:
// bound by memory where the rows are many.
func BenchmarkMoments(b *testing.B) {
	onEachLevel(b, func(b *testing.B, l kernel.Level) {
		for _, s := range []shape{{1797, 64, 0}, {1_000_000, 2, 0}, {1_000_000, 32, 0}, {100_000, 768, 0}} {
			if l == kernel.Generic && s.n*s.d > 1e7 {
				continue
			}
			b.Run(fmt.Sprintf("dtype=float32/n=%d/d=%d", s.n, s.d), func(b *testing.B) { moments[float32](b, s) })
			b.Run(fmt.Sprintf("dtype=float64/n=%d/d=%d", s.n, s.d), func(b *testing.B) { moments[float64](b, s) })
		}
	})
}

func moments[T lloyd.Float](b *testing.B, s shape) {
	x := rows[T](s)
	b.SetBytes(int64(len(x.Data) * sizeOf[T]()))
	for b.Loop() {
		if err := lloyd.NewMoments(x.Row(0)).Add(x, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSeeding is greedy k-means++ on all threads.
func BenchmarkSeeding(b *testing.B) {
	onEachLevel(b, func(b *testing.B, l kernel.Level) {
		for _, s := range []shape{{1797, 64, 10}, {100_000, 2, 8}, {100_000, 64, 100}} {
			if l == kernel.Generic && s.n*s.d*s.k > 1e8 {
				continue
			}
			b.Run("dtype=float32/"+s.String(), func(b *testing.B) {
				x := rows[float32](s)
				t := tensor.New(tensor.WithShape(s.n, s.d), tensor.WithBacking(x.Data))
				var spent time.Duration
				for b.Loop() {
					m, err := cluster.KMeans{K: s.k, MaxIter: 1, Tol: -1}.Fit(context.Background(), t)
					if err != nil {
						b.Fatal(err)
					}
					spent += m.SeedTime
				}
				b.ReportMetric(spent.Seconds()/float64(b.N)*1e3, "ms/seeding")
			})
		}
	})
}

func sizeOf[T lloyd.Float]() int {
	var zero T
	if _, ok := any(zero).(float32); ok {
		return 4
	}
	return 8
}
