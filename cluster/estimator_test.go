package cluster

import (
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// What scikit-learn asks of its estimators, and no other test holds: see docs/scikit-learn.md.

// TestEveryTol is vector 4: whatever the tolerance, every algorithm has the labels, the
// iterations and the centers of plain Lloyd, on noise and on blobs.
func TestEveryTol(t *testing.T) {
	n, least := 5000, 3
	if testing.Short() {
		n, least = 1000, 2
	}
	for _, dt := range dtypes {
		for name, rows := range map[string][]float64{"noise": noise(random(4), n, 10), "blobs": blobs(random(4), n, 10, 8, 2)} {
			x := matrixOf(dt, 10, rows...)
			iterations := map[int]bool{}
			for _, tol := range []float64{1e-1, 1e-2, 1e-8, 1e-100, -1} {
				km := KMeans{K: 8, Init: Given{pick(x, upTo(8)...)}, Tol: tol, Algorithm: Lloyd}
				want := mustFit(t, km, x, nil)
				iterations[want.Iterations] = true
				for _, km.Algorithm = range algorithms {
					sameModel(t, fmt.Sprintf("%s, Tol %g, %v", name, tol, km.Algorithm), mustFit(t, km, x, nil), want)
				}
			}
			if name == "noise" && len(iterations) < least {
				t.Errorf("%v: tolerances end at %v iterations: the test shows nothing", dt, iterations)
			}
		}
	}
}

// TestMappedRows: rows may lie in a file, and every fit of them is that of rows in memory.
func TestMappedRows(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 5, blobs(random(230), 700, 5, 4, 5)...)
		path := filepath.Join(t.TempDir(), "x.npy")
		if err := dataset.WriteFile(path, x); err != nil {
			t.Fatal(err)
		}
		m, err := dataset.Map(path, dataset.FileOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		km := KMeans{K: 4, Seed: 1}
		want := mustFit(t, km, x, nil)
		sameModel(t, "KMeans", mustFit(t, km, m.X, nil), want)
		sameLabels(t, "Predict", mustPredict(t, want, m.X), want.Labels)
		sameNumbers(t, "Transform", mustTransform(t, want, m.X), mustTransform(t, want, x))
		mb := MiniBatch{K: 4, Seed: 1, BatchSize: 100}
		sameModel(t, "MiniBatch", mustFitBatches(t, mb, m.X, nil), mustFitBatches(t, mb, x, nil))
		b := Bisecting{K: 4, Seed: 1}
		sameTree(t, "Bisecting", mustBisect(t, b, m.X, nil), mustBisect(t, b, x, nil))
		sameNumbers(t, "the file's rows", m.X, x)
	}
}

// TestWithoutLabels: leaving out the last pass changes nothing but what it gives.
func TestWithoutLabels(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 6, noise(random(231), 2000, 6)...)
		mb := MiniBatch{K: 7, Seed: 3, BatchSize: 200}
		with := mustFitBatches(t, mb, x, nil)
		mb.WithoutLabels = true
		without := mustFitBatches(t, mb, x, nil)
		sameNumbers(t, "centers", without.Centers, with.Centers)
		sameLabels(t, "Predict", mustPredict(t, without, x), with.Labels)
		if without.Labels != nil || without.Counts != nil || without.Iterations != with.Iterations || without.Stopped != with.Stopped {
			t.Errorf("%v: %d labels, %v after %d steps; with labels %v after %d", dt, len(without.Labels), without.Stopped, without.Iterations, with.Stopped, with.Iterations)
		}
	}
}

// TestEveryLabelIsUsed: where rows differ, the labels are 0, 1, …, K−1 without a gap.
func TestEveryLabelIsUsed(t *testing.T) {
	for _, dt := range dtypes {
		for _, k := range []int{1, 2, 7, 40} {
			x := matrixOf(dt, 2, noise(random(232, uint64(k)), 400, 2)...)
			for name, labels := range map[string][]int32{
				"KMeans":           mustFit(t, KMeans{K: k}, x, nil).Labels,
				"KMeans, random":   mustFit(t, KMeans{K: k, Init: Random{}, Restarts: 1}, x, nil).Labels,
				"KMeans, far away": mustFit(t, KMeans{K: k, Init: Given{matrixOf(dt, 2, each(2*k, func(i int) float64 { return 1e3 * float64(i/2) })...)}}, x, nil).Labels,
				"Bisecting":        mustBisect(t, Bisecting{K: k}, x, nil).Labels,
			} {
				seen := slices.Compact(slices.Sorted(slices.Values(labels)))
				if len(seen) != k || seen[0] != 0 || int(seen[k-1]) != k-1 {
					t.Errorf("%v %s, K=%d: labels %v", dt, name, k, seen)
				}
			}
		}
	}
}

// TestNoSuchAlgorithm: an algorithm that there is not is refused by name.
func TestNoSuchAlgorithm(t *testing.T) {
	x := matrix(1, 1., 2, 3)
	none := slices.Max(algorithms) + 1
	_, err := KMeans{K: 2, Algorithm: none}.Fit(t.Context(), x)
	refused(t, "KMeans", err, ErrParameter, fmt.Sprintf("Algorithm is %d", none), "expected Auto, Lloyd")
	_, err = Bisecting{K: 2, Algorithm: none}.Fit(t.Context(), x)
	refused(t, "Bisecting", err, ErrParameter, fmt.Sprintf("Algorithm is %d", none))
	if _, err := (KMeans{K: 1, Algorithm: Hamerly}).Fit(t.Context(), tensor.New(tensor.WithBacking([]float64{1, 2}), tensor.WithShape(2, 1))); err != nil {
		t.Errorf("one cluster, which scikit-learn's elkan warns of: %v", err)
	}
}

// TestSettingsStay: a fit leaves its configuration as it was.
func TestSettingsStay(t *testing.T) {
	x := matrix(2, noise(random(233), 60, 2)...)
	given := pick(x, 0, 1, 2)
	km, mb, b := KMeans{K: 3, Init: Given{given}}, MiniBatch{K: 3, BatchSize: 20}, Bisecting{K: 3}
	mustFit(t, km, x, nil)
	mustFitBatches(t, mb, x, nil)
	mustBisect(t, b, x, nil)
	for _, c := range []struct{ got, want any }{
		{km, KMeans{K: 3, Init: Given{given}}}, {mb, MiniBatch{K: 3, BatchSize: 20}}, {b, Bisecting{K: 3}},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%+v, before the fit %+v", c.got, c.want)
		}
	}
	sameNumbers(t, "the initial centers", given, pick(x, 0, 1, 2))
}

// TestBisectingRestarts: more runs of a split never raise its inertia, and often lower it.
func TestBisectingRestarts(t *testing.T) {
	improved := 0
	for seed := range uint64(8) {
		x := matrix(2, blobs(random(234, seed), 90, 2, 9, 3)...)
		last := math.Inf(1)
		for _, n := range []int{1, 2, 5, 10} {
			tree := mustBisect(t, Bisecting{K: 2, Init: Random{}, Restarts: n, Seed: seed}, x, nil)
			if tree.Inertia > last {
				t.Errorf("seed %d: inertia %v with %d runs, %v with fewer", seed, tree.Inertia, n, last)
			}
			if tree.Inertia < last && n > 1 {
				improved++
			}
			last = tree.Inertia
		}
	}
	if improved < 3 {
		t.Errorf("more runs were better %d times of 24: the test shows nothing", improved)
	}
}
