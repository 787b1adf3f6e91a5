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
// Memory forbids it, ranks all rows by them, and comes to what plain Lloyd comes to.
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
	fit := func(algorithm Algorithm, memory int64) (m *Model, integers []int64) {
		t.Helper()
		m, err := KMeans{K: 10, Seed: 3, Algorithm: algorithm, Memory: memory, Observer: func(it Iteration) {
			integers = append(integers, it.Integers)
		}}.Fit(t.Context(), digits.X)
		if err != nil {
			t.Fatal(err)
		}
		return m, integers
	}
	want, _ := fit(Lloyd, 0)
	n := int64(digits.X.Shape()[0])
	for _, memory := range []int64{0, -1} {
		got, integers := fit(Auto, memory)
		sameModel(t, "the model", got, want)
		for i, ranked := range integers {
			if kept := kernel.KeptRowsFaster(level, size, 10, 64) && memory == 0; kept != (ranked == n) {
				t.Errorf("memory %d, iteration %d: integers ranked %d of %d rows; kept: %v", memory, i+1, ranked, n, kept)
			}
		}
	}
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
