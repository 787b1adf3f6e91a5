package cluster

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"gorgonia.org/tensor"
)

// algorithms are all that a fit can be told to use.
var algorithms = []Algorithm{Auto, Lloyd, Hamerly, Elkan, Tiles}

// goldenSet is a data set of testdata/cluster/sets.json.gz, with what scikit-learn made
// of it: labels as digits of base 36, and the squared norms of the centers.
type goldenSet struct {
	N, D, K int
	CRC32   uint32
	Fits    []struct {
		goldenResult
		Rows       []int // that are the initial centers
		Tol        float64
		MaxIter    int `json:"max_iter"`
		Iterations int
	}
	Splits []struct {
		goldenResult
		Strategy string
		MaxIter  int `json:"max_iter"`
	}
}

type goldenResult struct {
	Weighted bool
	Labels   string
	Inertia  float64
	Norms    []float64
}

func goldenSets(t *testing.T) map[string]goldenSet {
	t.Helper()
	f, err := os.Open("../testdata/cluster/sets.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var sets map[string]goldenSet
	if err := json.NewDecoder(z).Decode(&sets); err != nil {
		t.Fatal(err)
	}
	if len(sets) != 1+len(storedSets)+len(generatedSets) {
		t.Fatalf("%d sets in the file", len(sets))
	}
	return sets
}

// agrees compares a result with scikit-learn's, which is that of rows in float64.
func (g goldenResult) agrees(t *testing.T, what string, labels []int32, inertia float64, centers *tensor.Dense) {
	t.Helper()
	var b strings.Builder
	for _, l := range labels {
		b.WriteByte("0123456789abcdefghijklmnopqrstuvwxyz"[l])
	}
	if b.String() != g.Labels {
		t.Fatalf("%s: labels\n%s\nscikit-learn has\n%s", what, b.String(), g.Labels)
	}
	relative := 1e-12
	if centers.Dtype() == tensor.Float32 { // to which the rows were rounded
		relative = 1e-6
	}
	if !(math.Abs(inertia/g.Inertia-1) <= relative) {
		t.Errorf("%s: inertia %v, scikit-learn has %v", what, inertia, g.Inertia)
	}
	d := centers.Shape()[1]
	norms := make([]float64, centers.Shape()[0])
	for i, v := range numbers(t, centers) {
		norms[i/d] += v * v
	}
	nearNumbers(t, what+": squared norms of centers", norms, g.Norms, relative)
}

// TestScikitLearnSets: on twelve data sets, from three starts each, KMeans has the labels,
// the number of iterations and the inertia of scikit-learn, for several stop rules and for
// weights, by every algorithm and in both dtypes; scikit-learn's two algorithms agree there.
func TestScikitLearnSets(t *testing.T) {
	for name, set := range goldenSets(t) {
		double := setOf(t, name, set.N, set.D, set.CRC32)
		weights := each(set.N, func(i int) float64 { return float64(i*7%5) / 2 })
		for _, dt := range dtypes {
			x := double
			if dt == tensor.Float32 {
				x = matrixOf(dt, set.D, double.Data().([]float64)...)
			}
			for i, want := range set.Fits {
				if testing.Short() && i%5 != i/5 { // one of the rules, for each start
					continue
				}
				var w []float64
				if want.Weighted {
					w = weights
				}
				km := KMeans{K: set.K, Init: Given{pick(x, want.Rows...)}, Tol: want.Tol, MaxIter: want.MaxIter}
				if km.Tol == 0 {
					km.Tol = -1 // scikit-learn's 0 is none, ours the default
				}
				for _, km.Algorithm = range algorithms {
					what := fmt.Sprintf("%s %v, fit %d, by %v", name, dt, i, km.Algorithm)
					m := mustFit(t, km, x, w)
					want.agrees(t, what, m.Labels, m.Inertia, m.Centers)
					if m.Iterations != want.Iterations {
						t.Errorf("%s: %d iterations, scikit-learn has %d", what, m.Iterations, want.Iterations)
					}
				}
			}
		}
	}
}

// TestScikitLearnSplits: Bisecting has the leaves of scikit-learn's BisectingKMeans on the
// same sets, every split starting from the first and the last row of the cluster.
func TestScikitLearnSplits(t *testing.T) {
	strategies := map[string]Strategy{"biggest_inertia": BiggestInertia, "largest_cluster": LargestCluster}
	for name, set := range goldenSets(t) {
		x := setOf(t, name, set.N, set.D, set.CRC32)
		for i, want := range set.Splits {
			var w []float64
			if want.Weighted {
				w = each(set.N, func(i int) float64 { return float64(i*7%5) / 2 })
			}
			strategy, ok := strategies[want.Strategy]
			if !ok {
				t.Fatalf("%q is no strategy", want.Strategy)
			}
			for _, a := range algorithms {
				tree := mustBisect(t, Bisecting{K: set.K, Strategy: strategy, Init: ends, Restarts: 1, MaxIter: want.MaxIter, Tol: -1, Algorithm: a}, x, w)
				want.agrees(t, fmt.Sprintf("%s, splits %d, by %v", name, i, a), tree.Labels, tree.Inertia, tree.Centers)
			}
		}
	}
}
