package lloyd

import (
	"errors"
	"math"
	"sync"
	"testing"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// checkKept holds NearestQuantized to the reference, in pieces of which each begins where a
// panel does, and what it says of the second least distances to these.
func checkKept[T Float](t *testing.T, p *Centers[T], rows *QuantizedRows[T], x, c Matrix[T], ws *Workspace[T]) {
	t.Helper()
	const piece = 96
	labels, dist, second := make([]int32, x.N), make([]T, x.N), make([]T, x.N)
	for from := 0; from < x.N; from += piece {
		to := min(x.N, from+piece)
		if err := p.NearestQuantized(labels[from:to], dist[from:to], nil, rows, from, x.Rows(from, to), ws); err != nil {
			t.Fatal(err)
		}
	}
	for i := range x.N {
		if l, d, _ := nearestGeneric(x.Row(i), c); labels[i] != l || !same(dist[i], d) {
			t.Fatalf("%d×%d, K=%d: row %d has label %d at %v, want %d at %v", x.N, x.D, c.N, i, labels[i], dist[i], l, d)
		}
	}
	clear(labels)
	if err := p.NearestQuantized(labels, dist, second, rows, 0, x, ws); err != nil {
		t.Fatal(err)
	}
	for i := range x.N {
		l, _, next := nearestGeneric(x.Row(i), c)
		if labels[i] != l || second[i] > next*(1+1e-5) {
			t.Fatalf("%d×%d, K=%d: row %d has label %d and a second distance of %v at least, want %d and %v", x.N, x.D, c.N, i, labels[i], second[i], l, next)
		}
	}
}

// keptRows returns rows of a kind, and finite centers.
func keptRows[T Float](kind, n, d, k int) (x, c Matrix[T]) {
	x, c = Dense(fill[T](kind, n*d, 1, 3), n, d), Dense(fill[T](kind, k*d, 2, 4), k, d)
	if kinds[kind].name == "not finite" {
		c = Dense(fill[T](0, k*d, 0, 4), k, d)
	}
	return x, c
}

// TestQuantizedRows: labels and distances are those of the reference for every kind of rows, in
// the first call and again, also when the centers have moved; on plain data with few centers
// the integers do the work, though they are not worth it without being kept.
func TestQuantizedRows(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testQuantizedRows[float32])
		t.Run("float64", testQuantizedRows[float64])
	})
}

func testQuantizedRows[T Float](t *testing.T) {
	l, _ := kernel.Active()
	var ws Workspace[T]
	var rows QuantizedRows[T]
	shapes := []struct{ n, d, k int }{{100, 8, 8}, {70, 32, 9}, {131, 64, 10}, {64, 63, 20}, {50, 130, 40}, {1100, 33, 12}, {40, 600, 10}, {20, 5, 3}}
	for _, s := range shapes {
		for kind := range kinds {
			if testing.Short() && kind%2 > 0 {
				continue
			}
			x, c := keptRows[T](kind, s.n, s.d, s.k)
			use, err := rows.Reset(x.N, c)
			if err != nil {
				t.Fatal(err)
			}
			if faster := kernel.KeptRowsFaster(l, elemSize[T](), s.k, s.d); use != faster {
				t.Errorf("%v: of use: %v, faster: %v", s, use, faster)
			}
			var p Centers[T]
			p.UseRows(&rows)
			ws.quant.idle = 0
			ranked, open := ws.Integers, ws.Open
			for range 3 {
				if err := p.Pack(c); err != nil {
					t.Fatal(err)
				}
				checkKept(t, &p, &rows, x, c, &ws)
				c = Dense(append([]T(nil), c.Data...), c.N, c.D)
				for i := range c.Data { // towards the rows
					c.Data[i] += (x.Data[i%len(x.Data)] - c.Data[i]) / 16
				}
			}
			ranked, open = ws.Integers-ranked, ws.Open-open
			if kind == 0 && use && (ranked != 6*int64(s.n) || open*5 > ranked) {
				t.Errorf("%v: integers ranked %d of %d rows and left %d open", s, ranked, 6*s.n, open)
			}
		}
	}
}

// TestQuantizedRowsFar: centers further out than those that the rows were kept for, other
// centers, pieces that do not begin with a panel, and no rows at all are ranked as ever.
func TestQuantizedRowsFar(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testQuantizedRowsFar[float32])
		t.Run("float64", testQuantizedRowsFar[float64])
	})
}

func testQuantizedRowsFar[T Float](t *testing.T) {
	l, _ := kernel.Active()
	const n, d, k = 200, 40, 12
	x, c := Dense(fill[T](0, n*d, 0, 1), n, d), Dense(fill[T](0, k*d, 0, 2), k, d)
	var rows QuantizedRows[T]
	use, err := rows.Reset(n, c)
	if err != nil || !use {
		t.Skip("no rows are kept at", l, err)
	}
	var ws Workspace[T]
	var p, other Centers[T]
	p.UseRows(&rows)
	far := Dense(append([]T(nil), c.Data...), k, d)
	for i := range far.Data {
		far.Data[i] *= 2
	}
	for _, step := range []struct {
		c      Matrix[T]
		ranked bool
	}{{c, true}, {far, false}, {c, true}} {
		if err := p.Pack(step.c); err != nil {
			t.Fatal(err)
		}
		before := ws.Integers
		checkKept(t, &p, &rows, x, step.c, &ws)
		if ranked := ws.Integers > before; ranked != step.ranked {
			t.Errorf("integers rank: %v, want %v", ranked, step.ranked)
		}
	}
	if err := other.Pack(c); err != nil {
		t.Fatal(err)
	}
	checkKept(t, &other, &rows, x, c, &ws)
	checkKept(t, &p, nil, x, c, &ws)
	labels := make([]int32, n-5)
	if err := p.NearestQuantized(labels, nil, nil, &rows, 5, x.Rows(5, n), &ws); err != nil {
		t.Fatal(err)
	}
	for i, got := range labels {
		if want, _, _ := nearestGeneric(x.Row(5+i), c); got != want {
			t.Fatalf("label %d is %d, want %d", 5+i, got, want)
		}
	}
	p.UseRows(nil)
	if err := p.Pack(c); err != nil {
		t.Fatal(err)
	}
	checkKept(t, &p, &rows, x, c, &ws)
	for _, first := range []int{-32, 1, math.MaxInt - n, math.MaxInt / 32 * 32} {
		if err := p.NearestQuantized(make([]int32, n), nil, nil, &rows, first, x, &ws); !errors.Is(err, ErrShape) {
			t.Errorf("rows from %d on: %v", first, err)
		}
	}
	// Rows that are Reset are not ranked by centers that were packed before, but by the next.
	p.UseRows(&rows)
	if err := p.Pack(c); err != nil {
		t.Fatal(err)
	}
	if _, err := rows.Reset(n, far); err != nil {
		t.Fatal(err)
	}
	for _, ranked := range []bool{false, true} {
		before := ws.Integers
		checkKept(t, &p, &rows, x, c, &ws)
		if ws.Integers > before != ranked {
			t.Errorf("after Reset, integers rank: %v, want %v", !ranked, ranked)
		}
		if err := p.Pack(c); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := rows.Reset(-1, c); !errors.Is(err, ErrShape) {
		t.Errorf("-1 rows: %v", err)
	}
	if _, err := rows.Reset(n, Matrix[T]{}); !errors.Is(err, ErrShape) {
		t.Errorf("no centers: %v", err)
	}
}

// TestQuantizedRowsAgain: of centers that are packed again only some have moved, or all have, for the
// same rows, others of as many resets, or these after a Reset; what lasts from the Pack before is
// right in every order.
func TestQuantizedRowsAgain(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testQuantizedRowsAgain[float32])
		t.Run("float64", testQuantizedRowsAgain[float64])
	})
}

func testQuantizedRowsAgain[T Float](t *testing.T) {
	const n, d, k = 150, 36, 11
	x, y := Dense(fill[T](0, n*d, 0, 1), n, d), Dense(fill[T](0, n*d, 0, 5), n, d)
	c := Dense(fill[T](0, k*d, 0, 2), k, d)
	var rows, others QuantizedRows[T]
	for _, r := range []*QuantizedRows[T]{&rows, &others} {
		if _, err := r.Reset(n, c); err != nil {
			t.Fatal(err)
		}
	}
	var ws Workspace[T]
	var p Centers[T]
	move := func(which ...int) {
		c = Dense(append([]T(nil), c.Data...), k, d)
		for _, i := range which {
			for j := range c.Row(i) {
				c.Row(i)[j] += T(j%3-1) / 64
			}
		}
	}
	for step := range 12 {
		r, data := &rows, x
		switch step % 6 {
		case 1:
			move(0, 7)
		case 2:
			move(10)
		case 3:
			r, data = &others, y
		case 5:
			if _, err := rows.Reset(n, c); err != nil {
				t.Fatal(err)
			}
			move(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
		}
		p.UseRows(r)
		if err := p.Pack(c); err != nil {
			t.Fatal(err)
		}
		checkKept(t, &p, r, data, c, &ws)
	}
	// Centers of so few columns that they need no packing are packed for no rows.
	narrow, few := Dense(fill[T](0, n*2, 0, 6), n, 2), Dense(fill[T](0, k*2, 0, 7), k, 2)
	if err := p.Pack(few); err != nil {
		t.Fatal(err)
	}
	checkKept(t, &p, &rows, narrow, few, &ws)
}

// TestQuantizedRowsLeave: rows that integers leave open, as all centers all but coincide, go to the
// groups in floating point, which are packed when they are wanted, by several goroutines at a
// time; so do the rows of Nearest.
func TestQuantizedRowsLeave(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testQuantizedRowsLeave[float32])
		t.Run("float64", testQuantizedRowsLeave[float64])
	})
}

func testQuantizedRowsLeave[T Float](t *testing.T) {
	const n, d, k = 512, 24, 10
	x, c := Dense(fill[T](0, n*d, 0, 1), n, d), Dense(make([]T, k*d), k, d)
	for i := range k {
		copy(c.Row(i), x.Row(0))
		c.Row(i)[i] += T(i+1) * 1e-4
	}
	var rows QuantizedRows[T]
	var p Centers[T]
	p.UseRows(&rows)
	far := Dense(append([]T(nil), x.Data[:k*d]...), k, d)
	for _, centers := range []Matrix[T]{far, c, far, c} {
		if _, err := rows.Reset(n, centers); err != nil {
			t.Fatal(err)
		}
		if err := p.Pack(centers); err != nil {
			t.Fatal(err)
		}
		var group sync.WaitGroup
		for from := 0; from < n; from += 128 {
			group.Go(func() {
				var ws Workspace[T]
				labels, dist := make([]int32, 128), make([]T, 128)
				piece := x.Rows(from, from+128)
				for pass := range 3 {
					var err error
					if pass == 1 {
						err = p.Nearest(labels, dist, piece, &ws)
					} else {
						err = p.NearestQuantized(labels, dist, nil, &rows, from, piece, &ws)
					}
					if err != nil {
						t.Error(err)
						return
					}
					for i, l := range labels {
						if want, d, _ := nearestGeneric(piece.Row(i), centers); l != want || !same(dist[i], d) {
							t.Errorf("pass %d: row %d has label %d at %v, want %d at %v", pass, from+i, l, dist[i], want, d)
							return
						}
					}
				}
			})
		}
		group.Wait()
	}
}
