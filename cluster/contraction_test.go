package cluster

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// spectrum returns n rows whose column j has the variance (1+j)^−1.5, about an offset.
func spectrum(seed uint64, n, d int, offset float64) []float64 {
	r := random(seed)
	x := make([]float64, n*d)
	for i := range x {
		x[i] = offset + r.NormFloat64()*math.Pow(float64(1+i%d), -0.75)
	}
	return x
}

// withoutPairs is memory that is too little for bounds of pairs of n rows and k centers.
func withoutPairs(n, k int) int64 { return int64(n)*int64(k+8) - 1 }

// TestContraction: on rows whose spectrum decays, Auto contracts them, which leaves few
// distances, and has the labels, centers and inertia of plain Lloyd to the bit, with
// weights, far from the origin, with several runs, and when rows coincide.
func TestContraction(t *testing.T) {
	n, d, k := 6000, 128, 200
	if testing.Short() {
		t.Skip("takes too many rows for a short run")
	}
	forEachLevel(t, func(t *testing.T) {
		level, err := lloyd.Level()
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range []struct {
			name     string
			dt       tensor.Dtype
			offset   float64
			weighted bool
			restarts int
		}{
			{"float32", tensor.Float32, 0, false, 1}, {"float64", tensor.Float64, 0, true, 2}, {"float32 with an offset", tensor.Float32, 1000, false, 1},
		} {
			t.Run(c.name, func(t *testing.T) {
				if level == kernel.Generic {
					t.Skip("slow without assembly, and hardly different: see FuzzContraction")
				}
				rows := spectrum(uint64(90+i), n, d, c.offset)
				copy(rows[d*1000:], rows[:d*500]) // rows twice
				x := matrixOf(c.dt, d, rows...)
				var weights []float64
				if c.weighted {
					weights = each(n, func(i int) float64 { return float64(i % 3) })
				}
				km := KMeans{K: k, Seed: 5, MaxIter: 8, Tol: -1, Restarts: c.restarts, Algorithm: Lloyd}
				want := mustFit(t, km, x, weights)
				for _, threads := range []int{1, 2} {
					var pairs, most int64
					km.Algorithm, km.Memory, km.Threads, km.WithoutInertia = Auto, withoutPairs(n, k), threads, threads == 1
					km.Observer = func(i Iteration) { pairs += i.Pairs; most = max(most, i.Pairs) }
					sameModel(t, "contracted", mustFit(t, km, x, weights), want)
					if pairs == 0 || most > int64(n)*int64(k)/5 {
						t.Errorf("%d distances in all, %d in an iteration, of %d", pairs, most, n*k)
					}
				}
			})
		}
	})
}

// TestEstimatedFits: with so many columns that estimates rule out pairs, Auto, which contracts
// the rows, and Elkan give what plain Lloyd does, to the bit.
func TestEstimatedFits(t *testing.T) {
	const n, d, k = 8000, 400, 420
	if testing.Short() {
		t.Skip("takes too many rows for a short run")
	}
	if !lloyd.EstimatesFaster(d) {
		t.Skip("this level has no estimates")
	}
	rows := spectrum(11, n, d, 3)
	for i := range rows { // one that decays more slowly leaves more pairs
		rows[i] *= math.Pow(float64(1+i%d), 0.25)
	}
	for _, dt := range dtypes {
		x := matrixOf(dt, d, rows...)
		km := KMeans{K: k, Init: Random{}, Restarts: 1, Seed: 5, MaxIter: 6, Tol: -1, Algorithm: Lloyd}
		want := mustFit(t, km, x, nil)
		for _, a := range []Algorithm{Auto, Elkan} {
			most, engine := 0., ""
			km.Algorithm, km.Memory = a, withoutPairs(n, k)
			km.Observer = func(i Iteration) {
				if i.Engine != "kernel" {
					most, engine = max(most, float64(i.Pairs)/n), i.Engine
				}
			}
			sameModel(t, fmt.Sprint(dt, a), mustFit(t, km, x, nil), want)
			if wants := map[Algorithm]string{Auto: "contraction", Elkan: "elkan"}[a]; most < manyPairs || engine != wants {
				t.Errorf("%v: at most %v pairs a row by %q, want %d or more by %q", a, most, engine, manyPairs, wants)
			}
		}
	}
}

// TestContractionCanceled: a fit that is cut off anywhere in the iteration that contracts
// the rows returns the state before it.
func TestContractionCanceled(t *testing.T) {
	if testing.Short() {
		t.Skip("takes too many rows for a short run")
	}
	const n, d, k = 6000, 128, 200
	x := matrixOf(tensor.Float32, d, spectrum(7, n, d, 0)...)
	cutOff(t, KMeans{K: k, Seed: 5, MaxIter: 6, Tol: -1, Memory: withoutPairs(n, k), WithoutInertia: true}, x, 60*time.Millisecond, 3*time.Millisecond)
}

// cutOff fits x again and again, and cancels each time somewhat later after the first
// iteration: labels and centers of what comes back are in agreement.
func cutOff(t *testing.T, km KMeans, x *tensor.Dense, most, step time.Duration) {
	t.Helper()
	for after := time.Duration(0); after < most; after += step {
		ctx, cancel := context.WithCancel(t.Context())
		km.Observer = func(i Iteration) {
			if i.Iteration == 1 {
				time.AfterFunc(after, cancel)
			}
		}
		m, err := km.Fit(ctx, x)
		if m == nil || err != nil && !errors.Is(err, context.Canceled) {
			t.Fatalf("canceled after %v: %v, %v", after, m, err)
		}
		coherent(t, m, x, nil)
		cancel()
	}
}

// TestContractionFlat: noise is not contracted.
func TestContractionFlat(t *testing.T) {
	if testing.Short() {
		t.Skip("takes too many rows for a short run")
	}
	const n, d, k = 6000, 128, 200
	km := KMeans{K: k, Seed: 5, MaxIter: 5, Tol: -1, Memory: withoutPairs(n, k), WithoutInertia: true, Observer: func(i Iteration) {
		if i.Pairs != 0 {
			t.Errorf("iteration %d took %d distances", i.Iteration, i.Pairs)
		}
	}}
	mustFit(t, km, matrixOf(tensor.Float32, d, noise(random(8), n, d)...), nil)
}

// TestContractionMemory: without memory for it, there is no contraction.
func TestContractionMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("takes too many rows for a short run")
	}
	const n, d, k = 6000, 128, 200
	x := matrixOf(tensor.Float32, d, spectrum(9, n, d, 0)...)
	for _, c := range []struct {
		memory int64
		used   bool
	}{{-1, false}, {4 * n * (fewDirections + 1), false}, {4 * n * (fewDirections + 2), true}, {withoutPairs(n, k), true}} {
		var pairs int64
		mustFit(t, KMeans{K: k, Seed: 5, MaxIter: 4, Tol: -1, Memory: c.memory, WithoutInertia: true, Observer: func(i Iteration) { pairs += i.Pairs }}, x, nil)
		if pairs > 0 != c.used {
			t.Errorf("with %d bytes, %d distances of pairs", c.memory, pairs)
		}
	}
}

// TestPrincipal: the directions are orthonormal, and any number of the first ones hold
// nearly as much of the energy as that many directions can.
func TestPrincipal(t *testing.T) {
	const n, d, m = 2048, 96, 12
	x := spectrum(3, n, d, 5)
	c := testCrew(t)
	s := newSample(c, lloyd.Dense(x, n, d), n)
	v, err := s.principal(t.Context(), c, m, 2)
	if err != nil {
		t.Fatal(err)
	}
	if e := deviation(v); e > 1e-12 {
		t.Errorf("off orthonormal by %v", e)
	}
	var all, first float64
	for j := range d {
		all += math.Pow(float64(1+j), -1.5)
	}
	for k := 1; k <= m; k++ {
		first += math.Pow(float64(k), -1.5)
		share, err := s.share(t.Context(), c, v.Rows(0, k))
		if err != nil {
			t.Fatal(err)
		}
		if want := first / all; share < 0.9*want || share > 1.1*want {
			t.Errorf("%d directions hold %v of the energy, want about %v", k, share, want)
		}
	}
}

// FuzzContraction looks for rows and centers of any kind of which the contraction rules
// out the nearest center, or leaves another label or distance than the kernel.
func FuzzContraction(f *testing.F) {
	for kind := range 8 {
		f.Add(uint64(kind), uint8(kind), uint16(200), uint8(30), uint8(20), uint8(4))
	}
	f.Fuzz(func(t *testing.T, seed uint64, kind uint8, rows uint16, columns, clusters, directions uint8) {
		if seed%2 == 0 {
			fuzzContraction[float32](t, seed, int(kind), 2+int(rows)%500, 2+int(columns)%90, 1+int(clusters)%60, int(directions))
		} else {
			fuzzContraction[float64](t, seed, int(kind), 2+int(rows)%500, 2+int(columns)%90, 1+int(clusters)%60, int(directions))
		}
	})
}

func fuzzContraction[T element](t *testing.T, seed uint64, kind, n, d, k, directions int) {
	r := random(seed)
	k = min(k, n)
	m := 1 + directions%(min(n, d)/2+1)
	x := matrixOf(dtypes[seed%2], d, someRows(r, kind, n, d)...)
	f, err := newFit[T](t.Context(), testCrew(t), KMeans{K: k, Seed: seed}, x, nil)
	if err != nil {
		t.Skip(err)
	}
	// Centers between rows, and on them.
	centers := lloyd.Dense(make([]T, k*d), k, d)
	for i := range k {
		a, b := f.x.Row(r.IntN(n)), f.x.Row(r.IntN(n))
		for j := range d {
			if centers.Row(i)[j] = a[j]; i%3 > 0 {
				centers.Row(i)[j] = a[j]/2 + b[j]/2
			}
		}
	}
	run, err := f.newRun(0, centers)
	if err != nil {
		t.Fatal(err)
	}
	c := &contraction[T]{sample: newSample(f.crew, f.x, sampleRows)}
	if c.directions, err = c.sample.principal(t.Context(), f.crew, m, 2); err != nil {
		t.Fatal(err)
	}
	if deviation(c.directions) > 0x1p-10 { // as contract asks
		t.Skip("the directions are not independent")
	}
	c.unit, c.near, c.gone = precision(f)
	c.gone = 3*c.gone + 0x1p-60
	if err := c.use(m); err != nil {
		t.Fatal(err)
	}
	run.contraction = c
	if err := run.contractCenters(); err != nil {
		t.Fatal(err)
	}
	if seed%4 < 2 { // fit has them from so many columns on that they pay
		run.estimator = new(lloyd.Estimates[T])
		must(run.estimator.Set(run.centers, run.eachPack))
	}
	var s contractionSpace[T]
	for from := 0; from < n; from += blockRows {
		to := min(n, from+blockRows)
		b := f.x.Rows(from, to)
		rows, slack := lloyd.Dense(make([]float32, b.N*(m+1)), b.N, m+1), make([]float32, b.N)
		c.fill(rows, slack, b, make([]T, b.N*m), new(lloyd.Workspace[T]))
		labels, dist := make([]int32, b.N), make([]T, b.N)
		for i := range labels {
			labels[i] = int32(r.IntN(k))
		}
		run.assignContracted(&s, labels, dist, b, rows, slack)
		want, wantDist := make([]int32, b.N), make([]T, b.N)
		must(run.packed.Nearest(want, wantDist, b, nil))
		for i := range labels {
			if labels[i] != want[i] || dist[i] != wantDist[i] {
				t.Fatalf("row %d: center %d at %v, want %d at %v", from+i, labels[i], dist[i], want[i], wantDist[i])
			}
		}
	}
}
