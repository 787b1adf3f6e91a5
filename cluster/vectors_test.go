package cluster

import (
	"context"
	"math"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// The vectors of this file are computed by hand; the numbers in the names are
// those of the list in the scikit-learn anchor, part 2.1.

var fourPoints = []float64{0, 0, .5, 0, .5, 1, 1, 1}

// TestWeightedHandCase is vector 1.
func TestWeightedHandCase(t *testing.T) {
	for _, dt := range dtypes {
		var seen []Iteration
		km := KMeans{K: 2, Init: Given{matrixOf(dt, 2, 0, 0, 1, 1)}, Observer: func(i Iteration) {
			i.Assign, i.Update, i.Elapsed, i.Direct = 0, 0, 0, 0
			seen = append(seen, i)
		}}
		m := mustFit(t, km, matrixOf(dt, 2, fourPoints...), []float64{3, 1, 1, 3})
		sameLabels(t, "labels", m.Labels, []int32{0, 0, 1, 1})
		sameNumbers(t, "centers", m.Centers, matrixOf(dt, 2, .125, 0, .875, 1))
		if m.Inertia != .375 || m.Iterations != 2 || m.Stopped != Converged {
			t.Errorf("%v: inertia %v, %d iterations, %v; want 0.375, 2, converged", dt, m.Inertia, m.Iterations, m.Stopped)
		}
		if want := []Iteration{{Iteration: 1, Inertia: .5, Shift: .03125, Moved: 4, Engine: "kernel"}, {Iteration: 2, Inertia: .375, Engine: "kernel"}}; !slices.Equal(seen, want) {
			t.Errorf("%v: observed %+v, want %+v", dt, seen, want)
		}
	}
}

// TestEmptyClusterHandCase is vector 2: all rows begin in cluster 0. Rows 0 and
// 3 are equally far from its center; the lower one goes to cluster 1.
func TestEmptyClusterHandCase(t *testing.T) {
	for _, dt := range dtypes {
		var empty []int
		km := KMeans{K: 2, Init: Given{matrixOf(dt, 2, .5, .5, 3, 3)}, Observer: func(i Iteration) { empty = append(empty, i.Empty) }}
		m := mustFit(t, km, matrixOf(dt, 2, fourPoints...), nil)
		sameLabels(t, "labels", m.Labels, []int32{1, 1, 0, 0})
		sameNumbers(t, "centers", m.Centers, matrixOf(dt, 2, .75, 1, .25, 0))
		if m.Inertia != .25 || m.Iterations != 3 || m.Stopped != Converged || m.Empty != 0 {
			t.Errorf("%v: inertia %v, %d iterations, %v, %d empty; want 0.25, 3, converged, 0", dt, m.Inertia, m.Iterations, m.Stopped, m.Empty)
		}
		if !slices.Equal(empty, []int{1, 0, 0}) {
			t.Errorf("%v: empty clusters by iteration %v, want 1 0 0", dt, empty)
		}
	}
}

// TestRelocateHandCase is vector 3: ten points on a line, all in cluster 0 with
// its center at −10. The two farthest, 10 and 9.5, become the clusters 1 and 2;
// the other eight sum up to −36.
func TestRelocateHandCase(t *testing.T) {
	t.Run("float32", relocateHandCase[float32])
	t.Run("float64", relocateHandCase[float64])
}

func relocateHandCase[T element](t *testing.T) {
	x := matrix[T](1, -10, -9.5, -9, -8.5, -8, -1, 1, 9, 9.5, 10)
	f, err := newFit[T](t.Context(), testCrew(t), KMeans{K: 3, Init: Given{matrix[T](1, -10, -10, -10)}}, x, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.newRun(0, lloyd.Dense([]T{-10, -10, -10}, 3, 1))
	if err != nil {
		t.Fatal(err)
	}
	r.labels = make([]int32, 10)
	must(add(r.stats, f.x, r.labels, nil))
	if err := r.relocate(t.Context()); err != nil {
		t.Fatal(err)
	}
	sameLabels(t, "labels", r.labels, []int32{0, 0, 0, 0, 0, 0, 0, 0, 2, 1})
	for k, want := range []struct{ weight, sum float64 }{{8, -36}, {1, 10}, {1, 9.5}} {
		if r.stats.Weight(k) != want.weight || r.stats.Rows(k) != int64(want.weight) || r.stats.Sum(k, 0) != want.sum {
			t.Errorf("cluster %d: weight %v, %d rows, sum %v; want %+v", k, r.stats.Weight(k), r.stats.Rows(k), r.stats.Sum(k, 0), want)
		}
	}
	if r.empty() != 0 || !r.stale {
		t.Errorf("%d clusters empty, stale %v; want 0, true", r.empty(), r.stale)
	}
	if shift := r.mStep(); shift != float64((-4.5+10)*(-4.5+10)+20*20+19.5*19.5) {
		t.Errorf("shift %v", shift)
	}
	if c := r.centers.Data; c[0] != -4.5 || c[1] != 10 || c[2] != 9.5 {
		t.Errorf("centers %v, want -4.5 10 9.5", c)
	}
}

// TestRelocateLeavesSingleRows: the farthest row is the only one of its cluster
// and stays; rows on their center and rows without weight are not taken either.
func TestRelocateLeavesSingleRows(t *testing.T) {
	x := matrix(1, 0., 1, 50, 3, 40)
	f, err := newFit[float64](t.Context(), testCrew(t), KMeans{K: 4}, x, []float64{1, 1, 1, 1, 0})
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.newRun(0, lloyd.Dense([]float64{0, 10, 99, 99}, 4, 1))
	if err != nil {
		t.Fatal(err)
	}
	r.labels = []int32{0, 0, 1, 0, 0}
	must(add(r.stats, f.x, r.labels, f.weights))
	if err := r.relocate(t.Context()); err != nil {
		t.Fatal(err)
	}
	// Row 2 is alone, row 4 has no weight, row 0 is on its center.
	sameLabels(t, "labels", r.labels, []int32{0, 3, 1, 2, 0})
}

// TestRelocateRunsOut: with no row to give, a cluster stays empty and nothing
// else changes.
func TestRelocateRunsOut(t *testing.T) {
	m := mustFit(t, KMeans{K: 3, Init: Given{matrix(1, 5., 5, 7)}}, matrix(1, 5., 5, 5), nil)
	sameLabels(t, "labels", m.Labels, []int32{0, 0, 0})
	sameNumbers(t, "centers", m.Centers, matrix(1, 5., 5, 7))
	if m.Iterations != 1 || m.Stopped != Converged || m.Empty != 2 || m.Distinct != 2 || m.Inertia != 0 {
		t.Errorf("%d iterations, %v, %d empty, %d distinct, inertia %v", m.Iterations, m.Stopped, m.Empty, m.Distinct, m.Inertia)
	}
}

// TestFewerDistinctRows is vector 29: four rows of which three differ.
func TestFewerDistinctRows(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 2, 0, 0, 1, 1, 1, 1, 2, 0)
		for _, init := range []Init{KMeansPlusPlus{}, KMeansPlusPlus{Candidates: 1}, Random{}, Given{x}} {
			for seed := range uint64(10) {
				m := mustFit(t, KMeans{K: 4, Init: init, Seed: seed}, x, nil)
				seen := map[int32]bool{}
				for _, l := range m.Labels {
					seen[l] = true
				}
				if len(seen) != 3 || m.Labels[1] != m.Labels[2] || m.Distinct != 3 || m.Empty != 1 || m.Inertia != 0 {
					t.Fatalf("%v %T: labels %v, %d distinct, %d empty, inertia %v", dt, init, m.Labels, m.Distinct, m.Empty, m.Inertia)
				}
				coherent(t, m, x, nil)
				if _, given := init.(Given); given { // the later of two equal centers gets no row
					sameLabels(t, "labels", m.Labels, []int32{0, 1, 1, 3})
				}
			}
		}
	}
}

// TestNoEndlessRelocation is vector 30 (scikit-learn #28055).
func TestNoEndlessRelocation(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 2, 0, 0, 1, 0, 1, 0, 0, 1, 5, 5)
		m := mustFit(t, KMeans{K: 5, Init: Given{x}, Tol: -1}, x, nil)
		if m.Iterations != 1 || m.Stopped != Converged || m.Distinct != 4 || m.Empty != 1 {
			t.Errorf("%v: %d iterations, %v, %d distinct, %d empty; want 1, converged, 4, 1", dt, m.Iterations, m.Stopped, m.Distinct, m.Empty)
		}
		sameLabels(t, "labels", m.Labels, []int32{0, 1, 1, 3, 4})
		sameNumbers(t, "centers", m.Centers, x)
	}
}

// TestRelocationWithWeights is vector 33: the centers are the two rows exactly,
// nothing is left of the light row in the heavy one's mean.
func TestRelocationWithWeights(t *testing.T) {
	for _, dt := range dtypes {
		m := mustFit(t, KMeans{K: 2, Init: Given{matrixOf(dt, 1, -1, 10)}}, matrixOf(dt, 1, -1, 1), []float64{1.9, .1})
		sameNumbers(t, "centers", m.Centers, matrixOf(dt, 1, -1, 1))
		if m.Inertia != 0 {
			t.Errorf("%v: inertia %v, want 0", dt, m.Inertia)
		}
	}
}

// TestInertiaOfCloseRows is the vector of 36: the expanded form of the distance
// would give 0.
func TestInertiaOfCloseRows(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 1, -1.0001, -.9999, .9999, 1.0001)
		m := mustFit(t, KMeans{K: 2, Init: Given{pick(x, 0, 3)}}, x, nil)
		sameLabels(t, "labels", m.Labels, []int32{0, 0, 1, 1})
		tolerance := 1e-12
		if dt == tensor.Float32 {
			tolerance = 2e-3 // the rows themselves are off by 6e-4 of their distance of 1e-4
		}
		if math.Abs(m.Inertia/4e-8-1) > tolerance {
			t.Errorf("%v: inertia %g, want 4e-8", dt, m.Inertia)
		}
	}
}

// TestInertiaHelpers is the rest of 36: distances, inertia and its part in each
// cluster are the formula's, by the E-step, the fit and Transform.
func TestInertiaHelpers(t *testing.T) {
	for _, dt := range dtypes {
		for _, d := range []int{1, 2, 3, 5, 16, 33} {
			r := random(uint64(d))
			x, c := matrixOf(dt, d, noise(r, 100, d)...), matrixOf(dt, d, noise(r, 7, d)...)
			rows, centers := numbers(t, x), numbers(t, c)
			a, err := EStep(context.Background(), x, c, 1)
			if err != nil {
				t.Fatal(err)
			}
			tolerance := 1e-13
			if dt == tensor.Float32 {
				tolerance = 1e-5
			}
			m, err := FromCenters(c)
			if err != nil {
				t.Fatal(err)
			}
			transformed, err := m.Transform(context.Background(), x)
			if err != nil {
				t.Fatal(err)
			}
			all := numbers(t, transformed)
			var inertia float64
			for i := range 100 {
				best, at := math.Inf(1), 0
				for k := range 7 {
					var s float64
					for j := range d {
						s += (rows[i*d+j] - centers[k*d+j]) * (rows[i*d+j] - centers[k*d+j])
					}
					if s < best {
						best, at = s, k
					}
					if math.Abs(all[i*7+k]-math.Sqrt(s)) > tolerance*math.Sqrt(s) {
						t.Fatalf("%v D=%d: Transform[%d, %d] is %v, want %v", dt, d, i, k, all[i*7+k], math.Sqrt(s))
					}
				}
				inertia += best
				got := float64(0)
				if dt == tensor.Float32 {
					got = float64(a.SquaredDistances.Data().([]float32)[i])
				} else {
					got = a.SquaredDistances.Data().([]float64)[i]
				}
				if int(a.Labels[i]) != at || math.Abs(got-best) > tolerance*best {
					t.Fatalf("%v D=%d: row %d has label %d at %v, want %d at %v", dt, d, i, a.Labels[i], got, at, best)
				}
			}
			if math.Abs(a.Inertia-inertia) > tolerance*inertia {
				t.Fatalf("%v D=%d: inertia %v, want %v", dt, d, a.Inertia, inertia)
			}
		}
	}
}
