package cluster

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// TestScikitLearn: from the same initial centers, the result is scikit-learn's.
// testdata/cluster/golden.py says how the file came about.
func TestScikitLearn(t *testing.T) {
	raw, err := os.ReadFile("../testdata/cluster/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden map[string]struct {
		K          int
		Tol        float64
		Iterations int
		Inertia    float64
		Labels     []int32
		Centers    []float64
	}
	if err := json.Unmarshal(raw, &golden); err != nil {
		t.Fatal(err)
	}
	digits, err := dataset.Digits(tensor.Float64)
	if err != nil {
		t.Fatal(err)
	}
	small, err := dataset.Blobs(dataset.BlobsConfig{N: 500, Centers: 6, D: 3, Std: 1.5, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	large, err := dataset.Blobs(dataset.BlobsConfig{N: 1000, Centers: 12, D: 8, Std: 4, Seed: 11})
	if err != nil {
		t.Fatal(err)
	}
	weights := each(1000, func(i int) float64 { return float64(i*7%5) / 2 })
	cases := []struct {
		name    string
		x       *tensor.Dense
		weights []float64
	}{
		{"digits tol=0", digits.X, nil},
		{"digits tol=0.0001", digits.X, nil},
		{"blobs 500x3", small.X, nil},
		{"blobs 1000x8", large.X, nil},
		{"blobs 1000x8 weighted", large.X, weights},
	}
	if len(cases) != len(golden) {
		t.Errorf("%d cases for %d in the file", len(cases), len(golden))
	}
	for _, c := range cases {
		want, ok := golden[c.name]
		if !ok {
			t.Fatalf("%s is not in the file", c.name)
		}
		km := KMeans{K: want.K, Tol: want.Tol, Init: Given{pick(c.x, upTo(want.K)...)}}
		if km.Tol == 0 {
			km.Tol = -1 // scikit-learn's 0 is none, ours the default
		}
		m := mustFit(t, km, c.x, c.weights)
		sameLabels(t, c.name, m.Labels, want.Labels)
		nearNumbers(t, c.name, numbers(t, m.Centers), want.Centers, 1e-12)
		if m.Iterations != want.Iterations {
			t.Errorf("%s: %d iterations, scikit-learn has %d", c.name, m.Iterations, want.Iterations)
		}
		if math.Abs(m.Inertia/want.Inertia-1) > 1e-12 {
			t.Errorf("%s: inertia %v, scikit-learn has %v", c.name, m.Inertia, want.Inertia)
		}
	}
}
