package cluster

import (
	"testing"

	"github.com/seed-fbf9ce71/lloyd"
)

// TestMoves: moving rows one cluster after the other gives, to the bit, what the workers'
// moves at once give: with and without weights, some of them 0, by Auto and by bounds, with
// rows that coincide and several runs.
func TestMoves(t *testing.T) {
	defer func(b bool) { moving = b }(moving)
	const n, d, k = 1400, 520, 256
	rows := spectrum(21, n, d, 1)
	for i := range 40 { // they coincide
		copy(rows[i*d:(i+1)*d], rows[:d])
	}
	for _, dt := range dtypes {
		x := matrixOf(dt, d, rows...)
		for _, weighted := range []bool{false, true} {
			for _, a := range []Algorithm{Auto, Hamerly, Elkan} {
				var weights []float64
				if weighted {
					weights = each(n, func(i int) float64 { return float64(i%5) / 4 })
				}
				for _, threads := range []int{1, 3} {
					km := KMeans{K: k, Init: Random{}, Restarts: 2, Seed: 7, MaxIter: 6, Tol: -1, Algorithm: a, Threads: threads}
					var moved, want []int64
					km.Observer = func(i Iteration) { moved = append(moved, i.Moved) }
					moving = true
					m := mustFit(t, km, x, weights)
					km.Observer = func(i Iteration) { want = append(want, i.Moved) }
					moving = false
					sameModel(t, "moved by cluster", m, mustFit(t, km, x, weights))
					if len(moved) != len(want) {
						t.Fatalf("%d iterations, want %d", len(moved), len(want))
					}
					for i := range moved {
						if moved[i] != want[i] {
							t.Fatalf("iteration %d: %d rows have moved, want %d", i+1, moved[i], want[i])
						}
					}
				}
			}
		}
	}
}

// TestMovesWhere: they are there for large sums of rows in memory alone.
func TestMovesWhere(t *testing.T) {
	fit := func(n, d, k int) *fit[float32] {
		f := &fit[float32]{k: k, x: lloyd.Matrix[float32]{N: n, D: d, LD: d}}
		return f
	}
	for _, c := range []struct {
		n, d, k, threads int
		want             bool
	}{
		{100_000, 768, 1000, 2, true},
		{100_000, 128, 1024, 2, true},
		{100_000, 127, 2000, 2, false},
		{100_000, 768, 100, 2, false},
		{3000, 768, 1000, 2, false},
		{100_000, 768, 1000, 64, false},
	} {
		if m := newMoves(fit(c.n, c.d, c.k), c.threads); (m != nil) != c.want {
			t.Errorf("%v: %v", c, m != nil)
		}
	}
}
