//go:build linux

package lloyd

import (
	"math"
	"syscall"
	"testing"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// guarded returns n elements that end (or begin) at a page that cannot be
// touched: a read or write past that end is a crash.
func guarded[T any](t *testing.T, n int, atEnd bool) []T {
	t.Helper()
	page := syscall.Getpagesize()
	var zero T
	size := n * int(unsafe.Sizeof(zero))
	inner := (size + page - 1) / page * page
	m, err := syscall.Mmap(-1, 0, inner+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Munmap(m) })
	for _, g := range [][]byte{m[:page], m[page+inner:]} {
		if err := syscall.Mprotect(g, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	at := page
	if atEnd {
		at += inner - size
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(m[at:]))), n)
}

func guardedCopy[T any](t *testing.T, s []T, atEnd bool) []T {
	g := guarded[T](t, len(s), atEnd)
	copy(g, s)
	return g
}

// TestGuardPages runs every family with each of its buffers between pages that
// fault, flush with the one before and with the one behind.
func TestGuardPages(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testGuardPages[float32])
		t.Run("float64", testGuardPages[float64])
	})
}

func testGuardPages[T Float](t *testing.T) {
	level, _ := kernel.Active()
	columns := []int{1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 20, 31, 33, 64, 67, 130, 259}
	if testing.Short() {
		columns = []int{1, 3, 4, 7, 9, 15, 17, 31, 64, 67, 259}
	}
	for _, d := range columns {
		t.Run("", func(t *testing.T) { // unmaps after each D
			for _, n := range []int{1, 3, 5, 16, 19, 37} {
				for _, atEnd := range []bool{true, false} {
					k := 1 + (d+n)%13 // all sizes of groups
					if n == 37 {      // enough for integers
						k += 48
					}
					x := Dense(guardedCopy(t, fill[T](0, n*d, 0, 1), atEnd), n, d)
					c := Dense(guardedCopy(t, fill[T](0, k*d, 0, 2), atEnd), k, d)
					if n == 37 { // a heavy column
						for i := range k {
							c.Row(i)[d/2] *= 100
						}
					}
					labels, dist := guarded[int32](t, n, atEnd), guarded[T](t, n, atEnd)
					p, err := PackCenters(c)
					if err != nil {
						t.Fatal(err)
					}
					p.plain.Data = guardedCopy(t, p.plain.Data, atEnd)
					p.quantized.packed = guardedCopy(t, p.quantized.packed, atEnd)
					p.coarse.packed = guardedCopy(t, p.coarse.packed, atEnd)
					p.coarse.faster = p.coarse.use
					for _, packed := range []*[]T{&p.group, &p.shift} {
						*packed = guardedCopy(t, *packed, atEnd)
					}
					var ws Workspace[T]
					if level != kernel.Generic {
						ws.fit(p) // for the size
						ws = Workspace[T]{memory: guardedCopy(t, ws.memory, atEnd)}
					}
					if p.coarse.use {
						guardCoarse(t, p, &ws.coarse, atEnd)
					}
					if d > leadBlock && leadBy(p, (d/leadBlock+1)/2) {
						guardLeading(t, p, &ws.leading, atEnd)
						if err := p.Nearest(labels, dist, x, &ws); err != nil {
							t.Fatal(err)
						}
						p.leading.use = false
					}
					if err := p.Nearest(labels, dist, x, &ws); err != nil {
						t.Fatal(err)
					}
					old, moved := guardedCopy(t, labels, atEnd), guarded[int32](t, n, atEnd)
					old[n-1]++
					if got, err := Moved(moved, labels, old); err != nil || got != 1 || moved[0] != int32(n-1) {
						t.Fatalf("moved: %d, %v, %v", got, moved[0], err)
					}
					if err := p.NearestTwo(labels, dist, guarded[T](t, n, atEnd), x, &ws); err != nil {
						t.Fatal(err)
					}
					upper, lower := guarded[float32](t, n, atEnd), guarded[float32](t, n, atEnd)
					if err := Bounds(upper, lower, dist, guardedCopy(t, dist, atEnd), 1, 0, 0); err != nil {
						t.Fatal(err)
					}
					if _, err := Unsettled(guarded[int32](t, n, atEnd), upper, lower, labels, guarded[Bar](t, k, atEnd)); err != nil {
						t.Fatal(err)
					}
					out := Closer[T]{open: guarded[uint32](t, k, atEnd), limits: guarded[T](t, 4*p.plan.RowTile, atEnd)}
					if err := p.Closer(&out, dist, x, &ws); err != nil {
						t.Fatal(err)
					}
					if err := SquaredL2At(dist, x, guarded[int32](t, n, atEnd), c.Row(0)); err != nil {
						t.Fatal(err)
					}
					rows := guarded[int32](t, n, atEnd)
					rows[0] = int32(n - 1)
					if err := SquaredL2Listed(dist, x, rows, c, guardedCopy(t, labels, atEnd)); err != nil {
						t.Fatal(err)
					}
					guardPairs(t, p, x, &ws, atEnd)
					guardEstimates(t, x, c, atEnd)
					guardTiles(t, x, c, atEnd)
					pairs(level, squaredL2, dist, 1, x, c, labels)
					pairs(level, dot, dist, 1, x, c, nil)
					s := newSums(t, k, d, 10, n)
					s.hi, s.lo = guardedCopy(t, s.hi, atEnd), guardedCopy(t, s.lo, atEnd)
					w := guarded[float64](t, n, atEnd)
					for _, weights := range [][]float64{nil, w} {
						if err := Accumulate(s, x, labels, weights); err != nil {
							t.Fatal(err)
						}
						rows := guarded[int32](t, n, atEnd)
						rows[0] = int32(n - 1)
						if err := RetractRows(s, x, rows, labels, weights); err != nil {
							t.Fatal(err)
						}
						if err := TransferRows(s, x, rows, labels, guarded[int32](t, n, atEnd), weights); err != nil {
							t.Fatal(err)
						}
						m := NewMoments(x.Row(0))
						for _, sums := range []*[]float64{&m.origin, &m.sums, &m.square} {
							*sums = guardedCopy(t, *sums, atEnd)
						}
						if err := m.Add(x, weights); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
		})
	}
}

// guardPairs runs the routines on pair bounds.
func guardPairs[T Float](t *testing.T, p *Centers[T], x Matrix[T], ws *Workspace[T], atEnd bool) {
	t.Helper()
	k := p.K()
	size := PairBytes(x.N, k)
	lower, drift := guarded[uint8](t, size, atEnd), guarded[uint8](t, k, atEnd)
	base := guarded[float32](t, x.N, atEnd)
	if err := p.RoughLowerBounds(lower, x, base, 1, ws); err != nil {
		t.Fatal(err)
	}
	if err := p.LowerBounds(lower, x, base, 1, ws); err != nil {
		t.Fatal(err)
	}
	upper := guarded[uint8](t, size/k, atEnd)
	for i := range upper {
		upper[i] = 255 // all pairs
	}
	if err := OpenRows(guarded[uint32](t, size/k/PairRows, atEnd), lower, drift, upper); err != nil {
		t.Fatal(err)
	}
	n, err := OpenPairs(guarded[int32](t, size, atEnd), guarded[int32](t, size, atEnd), 0, lower, drift, upper)
	if err != nil || n != size {
		t.Fatalf("%d pairs, %v; want %d", n, err, size)
	}
}

// guardTiles runs the routines on tiles, each with each center.
func guardTiles[T Float](t *testing.T, x, c Matrix[T], atEnd bool) {
	t.Helper()
	var tiles Tiles[T]
	tiles.Resize(x.N, x.D)
	tiles.data = guarded[T](t, len(tiles.data), atEnd)
	if err := tiles.Set(0, x); err != nil {
		t.Fatal(err)
	}
	rows := tiles.rows()
	n := rows / TileRows[T]()
	best, labels, ref := guarded[T](t, rows, atEnd), guarded[int32](t, rows, atEnd), guarded[T](t, rows, atEnd)
	pairs := TilePairs[T]{
		Tiles: guarded[int32](t, n*c.N, atEnd), Centers: guarded[int32](t, n*c.N, atEnd),
		Gaps: guarded[T](t, n*c.N, atEnd), Took: guarded[uint32](t, n*c.N, atEnd),
		Bounds: guarded[uint8](t, PairRows*c.N, atEnd), Base: guarded[float32](t, n, atEnd), Drifts: guarded[float32](t, c.N, atEnd),
	}
	for i := range pairs.Tiles {
		pairs.Tiles[i], pairs.Centers[i] = int32(i%n), int32(i/n)
	}
	for i := range best {
		best[i] = T(math.Inf(1))
	}
	if err := tiles.Nearest(best, labels, ref, 1, &pairs, 0, c); err != nil {
		t.Fatal(err)
	}
	if err := Rebase(guarded[T](t, n, atEnd), guarded[T](t, n, atEnd), best, ref, pairs.Tiles[:n], 1, 1); err != nil {
		t.Fatal(err)
	}
	if err := TileBounds[T](guarded[uint8](t, PairBytes(n, c.N), atEnd), 0, guarded[uint8](t, PairBytes(x.N, c.N), atEnd), c.N); err != nil {
		t.Fatal(err)
	}
}

// guardCoarse puts pages that fault around each part of the memory of the ranking by 8-bit
// integers, and runs the routines on a center's elements.
func guardCoarse[T Float](t *testing.T, p *Centers[T], s *coarseSpace[T], atEnd bool) {
	t.Helper()
	q := &p.coarse
	guardSpace(t, p, q, s, atEnd)
	elements := guardedCopy(t, q.elements[:4*q.quads], atEnd)
	asmLargest(p.level, ptr(elements), q.quads/2)
	asmCoarsenCenter(p.level, ptr(guarded[int32](t, q.quads, atEnd)), 4, ptr(elements), q.quads/2, 1, ptr(guarded[float32](t, 3, atEnd)))
}

// guardSpace is guardCoarse without the center.
func guardSpace[T Float](t *testing.T, p *Centers[T], q *coarse, s *coarseSpace[T], atEnd bool) {
	t.Helper()
	s.fit(q, p.K(), p.D())
	s.list(q, p.K())
	s.panel, s.sums = guardedCopy(t, s.panel, atEnd), guardedCopy(t, s.sums, atEnd)
	s.rows, s.centers = guardedCopy(t, s.rows, atEnd), guardedCopy(t, s.centers, atEnd)
	s.scores, s.dist = guardedCopy(t, s.scores, atEnd), guardedCopy(t, s.dist, atEnd)
	for _, part := range []*[]float32{&s.heavy, &s.state, &s.floats, &s.norms, &s.light, &s.bounds} {
		*part = guardedCopy(t, *part, atEnd)
	}
}

// guardLeading does the same for the ranking by the leading columns.
func guardLeading[T Float](t *testing.T, p *Centers[T], s *coarseSpace[T], atEnd bool) {
	t.Helper()
	q := &p.leading
	guardSpace(t, p, q, s, atEnd)
	q.packed, q.lead.integers, q.lead.centers = guardedCopy(t, q.packed, atEnd), guardedCopy(t, q.lead.integers, atEnd), guardedCopy(t, q.lead.centers, atEnd)
	q.lead.blocks, q.lead.rest = guardedCopy(t, q.lead.blocks, atEnd), guardedCopy(t, q.lead.rest, atEnd)
	s.lead.columns, s.lead.integers, s.lead.rows = guardedCopy(t, s.lead.columns, atEnd), guardedCopy(t, s.lead.integers, atEnd), guardedCopy(t, s.lead.rows, atEnd)
}

// guardEstimates bounds the distances of a few pairs.
func guardEstimates[T Float](t *testing.T, x, c Matrix[T], atEnd bool) {
	t.Helper()
	var e Estimates[T]
	if err := e.Set(c, serially); err != nil {
		t.Fatal(err)
	}
	e.integer, e.centers = guardedCopy(t, e.integer, atEnd), guardedCopy(t, e.centers, atEnd)
	e.shift32, e.weights = guardedCopy(t, e.shift32, atEnd), guardedCopy(t, e.weights, atEnd)
	rows, idx := guarded[int32](t, 3, atEnd), guarded[int32](t, 3, atEnd)
	rows[0], rows[2], idx[2] = int32(x.N-1), int32(x.N/2), int32(c.N-1)
	ws := EstimateSpace[T]{integer: guarded[int16](t, 3*e.width, atEnd)[:0], rows: guarded[estimate](t, 3, atEnd)[:0]}
	if err := e.LowerBounds(guarded[float64](t, 3, atEnd), x, rows, idx, &ws); err != nil {
		t.Fatal(err)
	}
}
