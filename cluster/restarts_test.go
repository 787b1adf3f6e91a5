package cluster

import (
	"testing"

	"gorgonia.org/tensor"
)

// seedsOfRun returns the initial centers of run number restart.
func seedsOfRun(t *testing.T, km KMeans, x *tensor.Dense, restart int) *tensor.Dense {
	t.Helper()
	if x.Dtype() == tensor.Float32 {
		return seedsOfRunAs[float32](t, km, x, restart)
	}
	return seedsOfRunAs[float64](t, km, x, restart)
}

func seedsOfRunAs[T element](t *testing.T, km KMeans, x *tensor.Dense, restart int) *tensor.Dense {
	t.Helper()
	f, err := newFit[T](t.Context(), testCrew(t), km, x, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := f.seeds(t.Context(), source(km.Seed, restart))
	if err != nil {
		t.Fatal(err)
	}
	return tensorOf(c)
}

// TestSamePartition is vector 39.
func TestSamePartition(t *testing.T) {
	a := []int32{0, 0, 1, 1, 2, 2}
	for _, c := range []struct {
		name string
		b    []int32
		same bool
	}{
		{"itself", a, true},
		{"renamed", []int32{2, 2, 0, 0, 1, 1}, true},
		{"renamed with a gap", []int32{3, 3, 0, 0, 1, 1}, true},
		{"one row moved", []int32{0, 0, 1, 2, 2, 2}, false},
		{"two joined", []int32{0, 0, 1, 1, 1, 1}, false},
		{"one split", []int32{0, 3, 1, 1, 2, 2}, false},
		{"swapped rows", []int32{0, 1, 0, 1, 2, 2}, false},
	} {
		if got := samePartition(a, c.b, 4); got != c.same {
			t.Errorf("%s: %v, want %v", c.name, got, c.same)
		}
		if got := samePartition(c.b, a, 4); got != c.same {
			t.Errorf("%s, the other way round: %v, want %v", c.name, got, c.same)
		}
	}
}

// TestDefaultRestarts is vector 9, seen by an observer.
func TestDefaultRestarts(t *testing.T) {
	x := matrix(2, noise(random(9), 60, 2)...)
	for _, c := range []struct {
		init     Init
		restarts int
		want     int
	}{
		{nil, 0, 1}, {KMeansPlusPlus{}, 0, 1}, {Random{}, 0, 10}, {firstRows, 0, 10}, {Given{pick(x, 0, 1)}, 0, 1},
		{KMeansPlusPlus{}, 4, 4}, {Random{}, 1, 1}, {Given{pick(x, 0, 1)}, 7, 1},
	} {
		seen := map[int]bool{}
		m := mustFit(t, KMeans{K: 2, Init: c.init, Restarts: c.restarts, Observer: func(i Iteration) { seen[i.Restart] = true }}, x, nil)
		if len(seen) != c.want || !seen[0] || !seen[c.want-1] {
			t.Errorf("%T, Restarts %d: runs %v, want %d", c.init, c.restarts, seen, c.want)
		}
		if m.Restart < 0 || m.Restart >= c.want {
			t.Errorf("%T: run %d of %d was kept", c.init, m.Restart, c.want)
		}
	}
}

// TestRestartsKeepTheBest is vector 25: more runs never raise the inertia, and
// the model kept is bit for bit that of the best single run.
func TestRestartsKeepTheBest(t *testing.T) {
	improved := 0
	for _, dt := range dtypes {
		x := matrixOf(dt, 2, blobs(random(25), 400, 2, 15, 4)...)
		for _, init := range []Init{KMeansPlusPlus{Candidates: 1}, Random{}} {
			for seed := range uint64(5) {
				var inertia [11]float64
				for n := 1; n <= 10; n++ {
					inertia[n] = mustFit(t, KMeans{K: 15, Init: init, Seed: seed, Restarts: n}, x, nil).Inertia
					if n > 1 && inertia[n] > inertia[n-1] {
						t.Fatalf("%v %T seed %d: inertia %v with %d runs, %v with %d", dt, init, seed, inertia[n], n, inertia[n-1], n-1)
					}
				}
				if !(inertia[10] <= inertia[5] && inertia[5] <= inertia[1]) {
					t.Fatalf("%v %T seed %d: inertia %v, %v, %v with 1, 5, 10 runs", dt, init, seed, inertia[1], inertia[5], inertia[10])
				}
				if inertia[10] < inertia[1] {
					improved++
				}
				// Run number r alone, by giving its initial centers.
				all := mustFit(t, KMeans{K: 15, Init: init, Seed: seed, Restarts: 10}, x, nil)
				centers := seedsOfRun(t, KMeans{K: 15, Init: init, Seed: seed}, x, all.Restart)
				alone := mustFit(t, KMeans{K: 15, Init: Given{centers}}, x, nil)
				alone.Restart = all.Restart
				sameModel(t, "the run that was kept, alone", all, alone)
			}
		}
	}
	if improved < 10 {
		t.Errorf("ten runs were better than one in %d of 20 cases only: the test shows nothing", improved)
	}
}
