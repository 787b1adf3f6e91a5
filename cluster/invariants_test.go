package cluster

import (
	"fmt"
	"testing"
)

// TestInvariants fits rows of every kind, in every shape and from every kind of
// initial centers, and checks what is to hold after each fit and at each
// iteration.
func TestInvariants(t *testing.T) {
	fits := 0
	seeds := uint64(12)
	if testing.Short() {
		seeds = 2
	}
	for _, dt := range dtypes {
		for _, kind := range kinds {
			for seed := range seeds {
				r := random(99, seed)
				n := 1 + r.IntN(40)
				if seed%3 == 0 {
					n = 200 + r.IntN(700)
				}
				d := []int{1, 2, 3, 4, 7, 16, 33}[r.IntN(7)]
				k := []int{1, min(n, 2+r.IntN(12)), n}[r.IntN(3)]
				if n > 300 && k == n {
					k = 40
				}
				x := matrixOf(dt, d, kind.fill(r, n, d)...)
				var weights []float64
				if seed%2 == 1 {
					positive := 0
					weights = each(n, func(i int) float64 {
						w := float64(r.IntN(4)) / 2
						if n-i <= k-positive { // at least K rows count
							w = 1
						}
						if w > 0 {
							positive++
						}
						return w
					})
				}
				all := inits(x, k)
				km := KMeans{
					K: k, Init: all[int(seed)%len(all)], Seed: seed, Restarts: r.IntN(3), Threads: 1 + r.IntN(3),
					MaxIter: []int{0, 1, 2, 3}[r.IntN(4)], Tol: []float64{0, -1, 1e-2}[r.IntN(3)],
				}
				t.Run(fmt.Sprintf("%s %s seed %d", kind.name, shapeName(dt, n, d, k), seed), func(t *testing.T) {
					w := watch{t: t, km: km, n: int64(n)}
					km.Observer = w.see
					m := mustFit(t, km, x, weights)
					coherent(t, m, x, weights)
					w.finish(m)
					km.Observer = nil
					sameModel(t, "without an observer", mustFit(t, km, x, weights), m)
				})
				fits += 2
			}
		}
	}
	if !testing.Short() && fits < 300 {
		t.Errorf("%d fits", fits)
	}
}

// watch is an observer that checks what it is told.
type watch struct {
	t    *testing.T
	km   KMeans
	n    int64
	seen []Iteration // of the run in progress
	last map[int]Iteration
}

func (w *watch) see(i Iteration) {
	t := w.t
	if len(w.seen) > 0 && w.seen[0].Restart != i.Restart {
		w.seen = nil
	}
	if i.Iteration != len(w.seen)+1 {
		t.Fatalf("iteration %d was reported after %d others", i.Iteration, len(w.seen))
	}
	if len(w.seen) > 0 {
		before := w.seen[len(w.seen)-1]
		if i.Elapsed < before.Elapsed {
			t.Fatalf("iteration %d ended before the one before it", i.Iteration)
		}
		// Relocation may raise the inertia of the labels it changes, but the
		// E-step after it is against centers that were never farther.
		if before.Empty == 0 && i.Inertia > before.Inertia*(1+1e-5) {
			t.Fatalf("iteration %d: inertia %v after %v", i.Iteration, i.Inertia, before.Inertia)
		}
	} else if i.Moved == 0 {
		t.Fatalf("the first E-step moved no row")
	}
	if !(i.Inertia >= 0) || !(i.Shift >= 0) || i.Moved < 0 || i.Moved > w.n || i.Empty < 0 || i.Empty >= w.km.K || i.Elapsed < 0 {
		t.Fatalf("%+v", i)
	}
	if i.Direct < 0 || i.Direct > w.n {
		t.Fatalf("%d of %d rows took all distances", i.Direct, w.n)
	}
	if i.Moved == 0 && i.Shift != 0 {
		t.Fatalf("no row moved, the centers by %v", i.Shift)
	}
	w.seen = append(w.seen, i)
	if w.last == nil {
		w.last = map[int]Iteration{}
	}
	w.last[i.Restart] = i
}

// finish compares the model with what was seen.
func (w *watch) finish(m *Model) {
	t := w.t
	last, ok := w.last[m.Restart]
	if !ok || last.Iteration != m.Iterations {
		t.Fatalf("%d iterations of run %d, reported %+v", m.Iterations, m.Restart, last)
	}
	most := w.km.MaxIter
	if most == 0 {
		most = 300
	}
	switch m.Stopped {
	case Converged:
		if last.Moved != 0 && last.Shift != 0 {
			t.Fatalf("converged, but %d rows and the centers by %v moved", last.Moved, last.Shift)
		}
		if last.Empty == 0 && m.Inertia != last.Inertia {
			t.Fatalf("inertia %v, of the last iteration %v", m.Inertia, last.Inertia)
		}
	case WithinTol:
		if w.km.Tol < 0 {
			t.Fatal("within tolerance, though there is none")
		}
	case MaxIterations:
		if m.Iterations != most {
			t.Fatalf("%v after %d of %d", m.Stopped, m.Iterations, most)
		}
	default:
		t.Fatalf("%v", m.Stopped)
	}
	if last.Empty == 0 && m.Inertia > last.Inertia*(1+1e-5) {
		t.Fatalf("inertia %v, at the last E-step still %v", m.Inertia, last.Inertia)
	}
}
