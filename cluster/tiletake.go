package cluster

import "github.com/seed-fbf9ce71/lloyd"

// take sets s.labels, those of an earlier E-step, for the rows of a panel, and takes their
// bounds; the rows are copied if the order is a new one.
func (t *tiles[T]) take(s *tileSpace[T], work *lloyd.Workspace[T], panel int) {
	first, n := t.panel(panel)
	s.fit(t.centers.N)
	w, d := lloyd.TileRows[T](), t.x.D
	rows := min(n*w, t.x.N-first)
	if s.rows == nil {
		s.rows = make([]T, panelRows[T]()*d)
	}
	x := lloyd.Dense(s.rows, n*w, d)
	var sum T
	for _, row := range t.order[first : first+rows] { // they lie anywhere: none is to wait for the one before
		sum += t.x.Data[int(row)*t.x.LD]
	}
	s.sum = sum
	for i := range x.N {
		copy(x.Row(i), t.x.Row(int(t.order[first+min(i, rows-1)])))
	}
	if t.arranged {
		must(t.rows.Set(first, x.Rows(0, rows)))
	}
	s.open = s.open[:0]
	for i := range n {
		t.same(panel*tilePanel + i)
		s.open = append(s.open, int32(i))
	}
	t.nearestOwn(s, panel)
	for i := range n {
		tile := panel*tilePanel + i
		t.base[tile], t.level[tile], s.was[i] = 0, s.over[i], 0
	}
	copy(s.best, s.none)
	t.nearest(s, &s.own, first) // again, for their gaps, now that there are references
	if d >= w {                 // else the kernel of LowerBounds is no faster than to compute all distances
		t.takeRows(s, work, x, panel)
	} else {
		clear(t.bounds(panel))
	}
	for j, i := range s.own.Tiles {
		t.bounds(panel)[int(s.own.Centers[j])*tilePanel+int(i)] = ownByte
	}
	t.settle(s, panel, d < w)
}

// takeRows takes the bounds of the tiles of a panel from those of their rows, x.
func (t *tiles[T]) takeRows(s *tileSpace[T], work *lloyd.Workspace[T], x lloyd.Matrix[T], panel int) {
	first, _ := t.panel(panel)
	w, k := lloyd.TileRows[T](), t.centers.N
	if s.bytes == nil {
		s.bytes = make([]uint8, lloyd.PairBytes(blockRows, k))
	}
	for from := 0; from < x.N; from += blockRows {
		m := min(blockRows, x.N-from)
		for i := range m {
			s.bases[i] = float32((float64(t.ref[first+from+i])-pairBias)*(1+0x1p-23)) + float32(t.slack) + 0x1p-9
		}
		bytes := s.bytes[:lloyd.PairBytes(m, k)]
		must(t.packed.LowerBounds(bytes, x.Rows(from, from+m), s.bases[:m], t.scale*(1-t.off-0x1p-30), work))
		must(lloyd.TileBounds[T](t.bytes, panel*tilePanel+from/w, bytes, k))
	}
}
