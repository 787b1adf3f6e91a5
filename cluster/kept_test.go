package cluster

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/dataset"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// TestKeptRows: a small fit keeps the integers of its rows where the level has them, unless
// Memory forbids it, ranks all rows by them, later those that gaps leave, and comes to what plain
// Lloyd comes to.
func TestKeptRows(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		level, err := kernel.Active()
		if err != nil {
			t.Fatal(err)
		}
		t.Run("float32", func(t *testing.T) { testKeptRows(t, level, tensor.Float32, 4) })
		t.Run("float64", func(t *testing.T) { testKeptRows(t, level, tensor.Float64, 8) })
	})
}

func testKeptRows(t *testing.T, level kernel.Level, dt tensor.Dtype, size int) {
	digits, err := dataset.Digits(dt)
	if err != nil {
		t.Fatal(err)
	}
	fit := func(algorithm Algorithm, memory int64) (m *Model, iterations []Iteration) {
		t.Helper()
		m, err := KMeans{K: 10, Seed: 3, Algorithm: algorithm, Memory: memory, Observer: func(it Iteration) {
			iterations = append(iterations, it)
		}}.Fit(t.Context(), digits.X)
		if err != nil {
			t.Fatal(err)
		}
		return m, iterations
	}
	want, _ := fit(Lloyd, 0)
	n := int64(digits.X.Shape()[0])
	for _, memory := range []int64{0, -1} {
		got, iterations := fit(Auto, memory)
		sameModel(t, "the model", got, want)
		kept := kernel.KeptRowsFaster(level, size, 10, 64) && memory == 0
		for _, it := range iterations {
			if kept != (it.Integers+it.Pruned == n) {
				t.Errorf("memory %d, iteration %d: integers ranked %d of %d rows, gaps left %d out; kept: %v", memory, it.Iteration, it.Integers, n, it.Pruned, kept)
			}
		}
		last := iterations[len(iterations)-1]
		if gapped := last.Engine == "gaps" && last.Pruned > n/4; gapped != kept {
			t.Errorf("memory %d, iteration %d: %s left out %d of %d rows", memory, last.Iteration, last.Engine, last.Pruned, n)
		}
	}
}

// TestGaps: fits of the shapes whose rows are kept, of all kinds of rows, with and without weights
// and on one to three threads, come to what plain Lloyd comes to, also where clusters become empty.
func TestGaps(t *testing.T) {
	fits := 80
	if testing.Short() {
		fits = 8
	}
	forEachLevel(t, func(t *testing.T) {
		level, err := kernel.Active()
		if err != nil {
			t.Fatal(err)
		}
		var pruned, rows int64
		for i := range fits {
			r := random(uint64(2000 + i))
			n, d, k := 300+r.IntN(2000), 24+r.IntN(80), 9+r.IntN(12)
			x := matrixOf(dtypes[i%2], d, someRows(r, i/2, n, d)...)
			if i%4 > 0 { // some with a structure
				digits, err := dataset.Digits(dtypes[i%2])
				if err != nil {
					t.Fatal(err)
				}
				n, d = 1797, 64
				x = digits.X
				if i%4 > 1 {
					n = 300 + r.IntN(1400)
					x = pick(x, r.Perm(1797)[:n]...)
				}
			}
			var weights []float64
			if r.IntN(3) == 0 {
				weights = each(n, func(int) float64 { return float64(r.IntN(4)) })
			}
			km := KMeans{K: k, Seed: uint64(i), MaxIter: 40, Tol: -1, Algorithm: Lloyd, Threads: 1 + i%3}
			if i%9 == 0 { // far from the rows, so that some have none
				c := matrixOf(dtypes[i%2], d, blobs(r, k, d, k, 40)...)
				km.Init = Given{Centers: c}
			}
			want := mustFit(t, km, x, weights)
			km.Algorithm, km.Threads = Auto, 1+(i+1)%3
			km.Observer = func(it Iteration) {
				if it.Engine == "gaps" {
					pruned, rows = pruned+it.Pruned, rows+int64(n)
				}
			}
			sameModel(t, fmt.Sprintf("fit %d, %v, %d×%d, K=%d", i, x.Dtype(), n, d, k), mustFit(t, km, x, weights), want)
		}
		if kernel.KeptRowsFaster(level, 4, 12, 64) != (pruned > rows/20 && rows > 0) {
			t.Errorf("gaps left out %d of %d rows", pruned, rows)
		}
	})
}

// TestSpare: small fits of several shapes and dtypes, some of them at a time, which take over the
// memory of those before, come to what plain Lloyd comes to.
func TestSpare(t *testing.T) {
	shapes := []struct{ n, d, k int }{{1500, 64, 10}, {400, 16, 12}, {1000, 24, 60}, {2000, 40, 100}, {700, 64, 10}, {1500, 9, 33}}
	for worker := range 3 {
		t.Run(fmt.Sprint("fits ", worker), func(t *testing.T) {
			t.Parallel()
			for i := range shapes {
				s := shapes[(i+2*worker)%len(shapes)]
				for _, x := range []*tensor.Dense{spareRows[float32](s.n, s.d), spareRows[float64](s.n, s.d)} {
					km := KMeans{K: s.k, Seed: uint64(worker), Restarts: 2, Threads: 1 + worker%2}
					got, err := km.Fit(t.Context(), x)
					if err != nil {
						t.Fatal(err)
					}
					km.Algorithm = Lloyd
					want, err := km.Fit(t.Context(), x)
					if err != nil {
						t.Fatal(err)
					}
					sameModel(t, fmt.Sprint(s), got, want)
				}
			}
		})
	}
}

// spareRows returns n rows of d columns around 20 centers.
func spareRows[T element](n, d int) *tensor.Dense {
	r := rand.New(rand.NewPCG(uint64(n), uint64(d)))
	x := make([]T, n*d)
	for i := range x {
		x[i] = T(float64(i/d%20*(i%d+1)%7) + 0.7*r.NormFloat64())
	}
	return tensor.New(tensor.WithShape(n, d), tensor.WithBacking(x))
}
