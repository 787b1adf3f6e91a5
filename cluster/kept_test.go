package cluster

import (
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
