package cluster

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gorgonia.org/tensor"
)

// TestPredictInto: the labels of Predict, in the caller's memory.
func TestPredictInto(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 4, noise(random(140), 600, 4)...)
		m := mustFit(t, KMeans{K: 7}, x, nil)
		labels := make([]int32, 602)
		labels[0], labels[601] = -5, -6
		if err := m.PredictInto(t.Context(), labels[1:601], x); err != nil {
			t.Fatal(err)
		}
		sameLabels(t, "labels", labels[1:601], m.Labels)
		if labels[0] != -5 || labels[601] != -6 {
			t.Errorf("written beyond the slice: %d, %d", labels[0], labels[601])
		}
		for _, n := range []int{0, 599, 601} {
			refused(t, "PredictInto", m.PredictInto(t.Context(), labels[:n], x), ErrInput, fmt.Sprintf("labels has %d elements for 600 rows", n))
		}
		refused(t, "PredictInto", m.PredictInto(t.Context(), labels, nil), ErrInput, "nil")
		refused(t, "PredictInto", m.PredictInto(t.Context(), labels[:1], matrix(4, 1, 2, 3, math.NaN())), ErrInput, "row 0, column 3")
	}
}

// TestScratchIsReused by calls with other rows, other dtypes and other centers, one after
// the other and at the same time: the results are those of a model that is new.
func TestScratchIsReused(t *testing.T) {
	r := random(141)
	m := fromCentersOf(t, matrix(3, noise(r, 40, 3)...))
	m.Spherical = true
	var want [][]int32
	var rows []*tensor.Dense
	for i := range 12 {
		rows = append(rows, matrixOf(dtypes[i%2], 3, noise(r, 1+i*70, 3)...))
		fresh := fromCentersOf(t, m.Centers)
		fresh.Spherical = true
		want = append(want, mustPredict(t, fresh, rows[i]))
		sameLabels(t, "one after the other", mustPredict(t, m, rows[i]), want[i])
	}
	var all sync.WaitGroup
	for i := range rows {
		all.Go(func() {
			for range 5 {
				if labels, err := m.Predict(t.Context(), rows[i]); err != nil || fmt.Sprint(labels) != fmt.Sprint(want[i]) {
					t.Errorf("at the same time: %v", err)
				}
			}
		})
	}
	all.Wait()
	for _, d := range []int{1, 20, 2} { // with the same memory
		centers, x := matrix(d, noise(r, 9, d)...), matrixOf(tensor.Float32, d, noise(r, 300, d)...)
		m.Centers = centers
		fresh := fromCentersOf(t, centers)
		fresh.Spherical = true
		sameLabels(t, "other centers", mustPredict(t, m, x), mustPredict(t, fresh, x))
	}
}

// TestServingAllocates little: the scratch memory and the packed centers are kept.
func TestServingAllocates(t *testing.T) {
	for _, dt := range dtypes {
		for _, other := range dtypes {
			m := fromCentersOf(t, matrixOf(dt, 64, noise(random(1), 500, 64)...))
			x, labels := matrixOf(other, 64, noise(random(2), 1, 64)...), make([]int32, 1)
			least := uint64(math.MaxUint64) // the race detector makes a sync.Pool lose one in four
			for range 20 {
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				if err := m.PredictInto(t.Context(), labels, x); err != nil {
					t.Fatal(err)
				}
				runtime.ReadMemStats(&after)
				least = min(least, after.TotalAlloc-before.TotalAlloc)
			}
			if least > 2<<10 {
				t.Errorf("%v centers, %v row: %d bytes allocated a call", dt, other, least)
			}
		}
	}
}

// rendezvous is a context that sees how many goroutines ask it at the same time.
type rendezvous struct {
	context.Context
	here, most atomic.Int64
}

func (r *rendezvous) Err() error {
	n := r.here.Add(1)
	for most := r.most.Load(); n > most && !r.most.CompareAndSwap(most, n); most = r.most.Load() {
	}
	time.Sleep(30 * time.Microsecond)
	r.here.Add(-1)
	return nil
}

// TestModelThreads: Threads limits the threads of Predict, Transform and Score, changes no
// result, and is refused when it is negative.
func TestModelThreads(t *testing.T) {
	x := matrixOf(tensor.Float32, 32, noise(random(142), 4000, 32)...)
	m := fromCentersOf(t, pick(x, upTo(16)...))
	tree := mustBisect(t, Bisecting{K: 16, Threads: 1}, slice(t, x, tensor.S(0, 300)), nil)
	for name, use := range map[string]func(ctx context.Context, threads int) (any, error){
		"Predict": func(ctx context.Context, threads int) (any, error) {
			m := *m
			m.Threads = threads
			return m.Predict(ctx, x)
		},
		"Score": func(ctx context.Context, threads int) (any, error) {
			m := *m
			m.Threads = threads
			return m.Score(ctx, x)
		},
		"Transform": func(ctx context.Context, threads int) (any, error) {
			m := *m
			m.Threads = threads
			d, err := m.Transform(ctx, x)
			if err != nil {
				return nil, err
			}
			return d.Data().([]float32)[:1000], nil
		},
		"Tree.Predict": func(ctx context.Context, threads int) (any, error) {
			tree := *tree
			tree.Threads = threads
			return tree.Predict(ctx, x)
		},
		"Tree.Transform": func(ctx context.Context, threads int) (any, error) {
			tree := *tree
			tree.Threads = threads
			d, err := tree.Transform(ctx, x)
			if err != nil {
				return nil, err
			}
			return d.Data().([]float32)[:1000], nil
		},
	} {
		want, err := use(t.Context(), 0)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, threads := range []int{1, 3} {
			ctx := &rendezvous{Context: t.Context()}
			got, err := use(ctx, threads)
			if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: another result with %d threads (%v)", name, threads, err)
			}
			if most := ctx.most.Load(); most > int64(threads) || threads > 1 && most == 1 {
				t.Errorf("%s: %d threads at a time, of %d", name, most, threads)
			}
		}
		_, err = use(t.Context(), -1)
		refused(t, name, err, ErrParameter, "Threads is -1")
	}
}

// BenchmarkPredictOne is a call for one row, as a server makes it, and the kernel alone.
func BenchmarkPredictOne(b *testing.B) {
	for _, k := range []int{10, 1000} {
		m := fromCentersOf(b, matrixOf(tensor.Float32, 64, noise(random(1), k, 64)...))
		x, labels := matrixOf(tensor.Float32, 64, noise(random(2), 1, 64)...), make([]int32, 1)
		b.Run(fmt.Sprintf("K=%d", k), func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				must(m.PredictInto(b.Context(), labels, x))
			}
		})
		b.Run(fmt.Sprintf("K=%d/kernel", k), func(b *testing.B) {
			packed, err := packedOf[float32, float32](m)
			must(err)
			rows, w := viewOf[float32](b, x), new(scratch[float32])
			for range b.N {
				must(packed.Nearest(labels, w.dist[:1], rows, &w.work))
			}
		})
	}
}
