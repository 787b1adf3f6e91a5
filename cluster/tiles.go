package cluster

import (
	"context"
	"math"
	"math/bits"
	"slices"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd"
)

// tiles holds bounds for tiles of rows that lie near each other: copies of the rows, in the
// order of their clusters, and a byte for each tile and center, which says by how much the
// center is farther from each row of the tile than a reference distance of that row, which
// was the distance to its own center when the bounds were taken. When the centers have
// moved, the distances of a tile's rows to their own centers say by how much these exceed
// the references at most, and that is to be compared with the bytes, less the drift of
// their centers: on rows of few columns or in clusters that are apart, a few centers are
// left. Their distances to all rows of the tile are computed at once, a row to a lane, and
// are bounds from then on.
//
// So a tile is to these bounds what a row is to Elkan's: a sixteenth of the bytes and of
// the work to look at them, and four times as many distances a nanosecond, of which there
// are more. (Yinyang k-means, ICML 2015, has groups of centers with a bound for each row.)
//
// Memory: the copy of the rows, 8 bytes and the size of an element a row, and K/16 bytes in
// float32, K/8 in float64.
type tiles[T element] struct {
	x       lloyd.Matrix[T]
	centers lloyd.Matrix[T]   // of the run
	packed  *lloyd.Centers[T] // the same

	order  []int32 // the row at each place of the tiles
	rows   lloyd.Tiles[T]
	labels []int32 // of the rows at these places
	ref    []T     // their reference distances, in quanta

	bytes  []uint8   // of the tiles, as lloyd.LowerBounds has them for rows
	base   []float32 // of each tile: what is to be taken off its bytes, in quanta
	level  []float32 // the same, with what own distances exceed the references by at most
	drifts []float32 // see lloyd.TilePairs
	all    []int32   // the label of all rows of a tile; −1: there are several
	held   bool      // the bounds hold for the centers of the last E-step

	stray    int64   // rows that have changed their labels since the order was made
	ordered  bool    // x is in order
	given    []int32 // the labels of x, if it is
	arranged bool    // the order is a new one

	grow float32 // what a unit of drift adds to level

	quanta
}

const (
	// tilePanel is the number of tiles that are looked at together.
	tilePanel = lloyd.PairRows
	// strayShare is the share of the rows that may have other labels before the order is
	// made anew.
	strayShare = 0.1
	// farthest is the largest reference distance, in quanta.
	farthest = 0x1p100
)

// newTiles returns bounds for tiles of the rows of x, without memory for them.
func newTiles[T element](f *fit[T], x, centers lloyd.Matrix[T], packed *lloyd.Centers[T]) *tiles[T] {
	t := &tiles[T]{x: x, centers: centers, packed: packed, quanta: newQuanta(f), drifts: make([]float32, f.k)}
	t.grow = float32(1/t.keep) * (1 + 0x1p-20)
	return t
}

// tileBytes is the memory that bounds for tiles take.
func (f *fit[T]) tileBytes() float64 {
	size := float64(unsafe.Sizeof(T(0)))
	return float64(f.x.N) * (float64(f.x.D+1)*size + 8 + float64(f.k)/float64(lloyd.TileRows[T]()))
}

// count is the number of tiles.
func (t *tiles[T]) count() int { return (t.x.N + lloyd.TileRows[T]() - 1) / lloyd.TileRows[T]() }

// panels is the number of panels of tiles, panelRows that of the rows of one.
func (t *tiles[T]) panels() int { return (t.count() + tilePanel - 1) / tilePanel }

func panelRows[T element]() int { return tilePanel * lloyd.TileRows[T]() }

// begin gets ready for new bounds: with a quantum and an order that suit the labels.
func (t *tiles[T]) begin(ctx context.Context, c *crew, labels []int32) error {
	n := t.count()
	if t.bytes == nil {
		w := lloyd.TileRows[T]()
		t.order, t.labels, t.ref = make([]int32, t.x.N), make([]int32, n*w), make([]T, n*w)
		t.rows.Resize(t.x.N, t.x.D)
		t.bytes = make([]uint8, t.panels()*tilePanel*t.centers.N)
		t.base, t.level, t.all = make([]float32, n), make([]float32, n), make([]int32, n)
		t.stray = math.MaxInt32
	}
	t.set(t.quantum(labels))
	t.drifted()
	if t.arranged = float64(t.stray) > strayShare*float64(t.x.N); t.arranged {
		if t.ordered {
			for i := range t.order {
				t.order[i] = int32(i)
			}
		} else if err := t.arrange(ctx, c, labels); err != nil {
			return err
		}
		t.stray = 0
	}
	for at, row := range t.order {
		t.labels[at] = labels[row]
	}
	last := t.labels[t.x.N-1]
	for at := t.x.N; at < len(t.labels); at++ {
		t.labels[at] = last
	}
	return nil
}

// drop gives the memory of the bounds back.
func (t *tiles[T]) drop() {
	t.order, t.rows, t.labels, t.ref, t.bytes, t.base, t.level, t.all = nil, lloyd.Tiles[T]{}, nil, nil, nil, nil, nil, nil
	t.held = false
}

// moved takes the squared shifts of an M-step.
func (t *tiles[T]) moved(shift []float64) {
	t.quanta.moved(shift)
	t.drifted()
}

// drifted sets drifts.
func (t *tiles[T]) drifted() {
	for k, s := range t.sums {
		d := s*(1-0x1p-30) + pairBias - t.slack
		t.drifts[k] = float32(d - math.Abs(d)*0x1p-22)
	}
}

// quantum is a distance in which the differences that matter are some dozens: those to the
// nearest centers but one.
func (t *tiles[T]) quantum(labels []int32) float64 {
	const some, which, quanta = 32, 8, 48
	n, k := min(some, t.x.N), t.centers.N
	dist, gaps := make([]T, k), 0.
	for i := range n {
		at := i * t.x.N / n
		must(lloyd.SquaredL2Rows(dist, t.centers, t.x.Row(at)))
		own := dist[labels[at]]
		slices.Sort(dist)
		gaps += max(0, math.Sqrt(float64(dist[min(which, k-1)]))-math.Sqrt(float64(own)))
	}
	return gaps / float64(n) / quanta
}

// tileSpace is what a worker needs for bounds of tiles.
type tileSpace[T element] struct {
	labels []int32 // of the rows of a panel
	best   []T     // their least squared distances
	none   []T     // that there are none yet
	own    lloyd.TilePairs[T]
	others lloyd.TilePairs[T]
	open   []int32 // tiles
	reach  [tilePanel]T
	far    [tilePanel]T
	was    [tilePanel]float32 // base, before
	over   [tilePanel]float32 // level, above base
	bars   [tilePanel]uint8
	fresh  [tilePanel]bool // tiles with rows that have changed their label
	bits   [1]uint32
	by     [tilePanel]uint8 // what is taken off the bytes of a tile

	rows  []T // row by row
	bases [blockRows]float32
	bytes []uint8

	left          int64 // distances that the bounds left to compute
	looked, pairs int64 // tiles and pairs of the present E-step
}

// fit makes room for a panel.
func (s *tileSpace[T]) fit(k int) {
	if s.labels != nil {
		return
	}
	n := panelRows[T]()
	s.labels, s.best, s.none = make([]int32, n), make([]T, n), make([]T, n)
	for i := range s.none {
		s.none[i] = T(math.Inf(1))
	}
	s.others.Tiles, s.others.Centers = make([]int32, tilePanel*k), make([]int32, tilePanel*k)
}

// panel returns the first row of a panel, and the number of its tiles.
func (t *tiles[T]) panel(panel int) (first, n int) {
	return panel * panelRows[T](), min(tilePanel, t.count()-panel*tilePanel)
}

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
	t.nearest(s, &s.own, first) // their gaps, now that there are references
	if d >= w {                 // else the kernel of LowerBounds is no faster than to compute all distances
		t.takeRows(s, work, x, panel)
	} else {
		clear(t.bytes[panel*tilePanel*t.centers.N : (panel+1)*tilePanel*t.centers.N])
	}
	for j, i := range s.own.Tiles {
		t.bytes[t.at(panel*tilePanel+int(i), s.own.Centers[j])] = ownByte
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

// at is the place of the byte of a tile and a center.
func (t *tiles[T]) at(tile int, center int32) int {
	return (tile/tilePanel*t.centers.N+int(center))*tilePanel + tile%tilePanel
}

// same sets all for a tile.
func (t *tiles[T]) same(tile int) {
	w := lloyd.TileRows[T]()
	labels := t.labels[tile*w : (tile+1)*w]
	t.all[tile] = labels[0]
	for _, l := range labels[1:] {
		if l != labels[0] {
			t.all[tile] = -1
			return
		}
	}
}

// assign sets s.labels, those of the last E-step, for the rows of a panel by their bounds.
// It returns the number of tiles whose distances it has computed.
func (t *tiles[T]) assign(s *tileSpace[T], panel int) (found int) {
	first, n := t.panel(panel)
	s.fit(t.centers.N)
	w := lloyd.TileRows[T]()
	clear(s.bars[:])
	mixed := uint32(0)
	for i := range n {
		tile := panel*tilePanel + i
		var own float32
		if l := t.all[tile]; l >= 0 {
			own = t.own[l]
		} else {
			mixed |= 1 << i
			for _, l := range t.labels[first+i*w : first+(i+1)*w] {
				own = max(own, t.own[l])
			}
		}
		l := t.level[tile] + own*t.grow + 0x1p-12
		if t.shifts {
			s.by[i] = uint8(min(max(t.base[tile], 0), 255))
			t.base[tile] -= float32(s.by[i]) // exact
			l -= float32(s.by[i])
		}
		t.level[tile], s.bars[i] = l, barOf(l)
	}
	k := t.centers.N
	bytes := t.bytes[panel*tilePanel*k : (panel+1)*tilePanel*k]
	if t.shifts {
		must(lloyd.ShiftBounds(bytes, t.by, s.by[:]))
	}
	must(lloyd.OpenRows(s.bits[:], bytes, t.drift, s.bars[:]))
	s.open = s.open[:0]
	for open := s.bits[0] | mixed; open != 0; open &= open - 1 {
		s.open = append(s.open, int32(bits.TrailingZeros32(open)))
	}
	if len(s.open) == 0 {
		return 0
	}
	s.looked += int64(len(s.open))
	t.nearestOwn(s, panel)
	t.settle(s, panel, false)
	return len(s.open)
}

// barOf is quanta.bar for a level.
func barOf(level float32) uint8 {
	if !(level < ownByte-pairBias-1) { // a NaN, too, where the quanta overflow: nothing is settled
		return ownByte
	}
	return uint8(max(1, level+pairBias+1))
}

// nearestOwn sets s.labels for the panel to those of the last E-step, and for its open tiles to
// the nearest of the centers that their rows had then; it sets s.best and upper.
func (t *tiles[T]) nearestOwn(s *tileSpace[T], panel int) {
	first, n := t.panel(panel)
	w := lloyd.TileRows[T]()
	copy(s.labels, t.labels[first:first+n*w])
	copy(s.best, s.none)
	s.own.Tiles, s.own.Centers = s.own.Tiles[:0], s.own.Centers[:0]
	for _, i := range s.open {
		s.fresh[i] = false
		from := len(s.own.Tiles)
		if l := t.all[panel*tilePanel+int(i)]; l >= 0 {
			s.own.Tiles, s.own.Centers = append(s.own.Tiles, i), append(s.own.Centers, l)
		} else {
			s.fresh[i] = true
			for _, l := range s.labels[int(i)*w : (int(i)+1)*w] {
				if !slices.Contains(s.own.Centers[from:], l) {
					s.own.Tiles, s.own.Centers = append(s.own.Tiles, i), append(s.own.Centers, l)
				}
			}
		}
	}
	t.nearest(s, &s.own, first)
	t.rebase(s, panel)
}

// rebase makes the distances of the rows of the open tiles of a panel to their own centers
// their references, and takes off their bytes what these exceed the ones before by.
func (t *tiles[T]) rebase(s *tileSpace[T], panel int) {
	first, n := t.panel(panel)
	w := lloyd.TileRows[T]()
	ref := t.ref[first : first+n*w]
	must(lloyd.Rebase(s.reach[:len(s.open)], s.far[:len(s.open)], s.best, ref, s.open, T(t.scale*(1+t.off+0x1p-20)), T(t.scale)))
	for j, i := range s.open {
		tile := panel*tilePanel + int(i)
		base, by, far := t.base[tile], float64(s.reach[j]), float64(s.far[j])
		s.was[i] = base
		t.base[tile] = float32(float64(base) + by + (math.Abs(float64(base))+math.Abs(by))*0x1p-20)
		// The references are off by a rounding, and computed distances by a factor; see keep.
		moves := far*(t.off+0x1p-19) + t.slack
		s.over[i] = float32(moves+(far+moves)*(1/t.keep-1)) + 0x1p-11
		t.level[tile] = t.base[tile] + s.over[i]
		if !(s.far[j] < farthest) {
			for r := range w {
				ref[int(i)*w+r] = min(ref[int(i)*w+r], farthest)
			}
		}
	}
}

// nearest computes the distances of some tiles and centers of the panel from row first on.
func (t *tiles[T]) nearest(s *tileSpace[T], p *lloyd.TilePairs[T], first int) {
	s.left += int64(len(p.Tiles) * lloyd.TileRows[T]())
	s.pairs += int64(len(p.Tiles))
	past := min(len(t.ref), first+len(s.best))
	must(t.rows.Nearest(s.best, s.labels, t.ref[first:past], T(t.scale*(1-t.off-0x1p-20)), p, first, t.centers))
}

// settle computes the distances of the open tiles of a panel to the centers that their
// bounds leave, or to all, other than those of nearestOwn.
func (t *tiles[T]) settle(s *tileSpace[T], panel int, all bool) {
	first, _ := t.panel(panel)
	k := t.centers.N
	bytes := t.bytes[panel*tilePanel*k : (panel+1)*tilePanel*k]
	p := &s.others
	if all {
		p.Tiles, p.Centers = p.Tiles[:0], p.Centers[:0]
		for c := range int32(k) {
			for _, i := range s.open {
				if bytes[int(c)*tilePanel+int(i)] != ownByte {
					p.Tiles, p.Centers = append(p.Tiles, i), append(p.Centers, c)
				}
			}
		}
	} else {
		clear(s.bars[:])
		for _, i := range s.open {
			s.bars[i] = barOf(t.level[panel*tilePanel+int(i)])
		}
		p.Tiles, p.Centers = p.Tiles[:cap(p.Tiles)], p.Centers[:cap(p.Centers)]
		n, err := lloyd.OpenPairs(p.Tiles, p.Centers, 0, bytes, t.drift, s.bars[:])
		must(err)
		p.Tiles, p.Centers = p.Tiles[:n], p.Centers[:n]
	}
	p.Bounds = bytes
	p.Base, p.Drifts = t.base[panel*tilePanel:min(len(t.base), (panel+1)*tilePanel)], t.drifts
	t.nearest(s, p, first)
	for j, took := range p.Took {
		if took == 0 {
			continue
		}
		i, c := p.Tiles[j], p.Centers[j]
		s.fresh[i] = true
		if t.labelled(s, i, c) {
			bytes[int(c)*tilePanel+int(i)] = ownByte
		}
	}
	for j, i := range s.own.Tiles {
		if !s.fresh[i] {
			continue
		}
		c := s.own.Centers[j]
		if t.labelled(s, i, c) {
			continue
		}
		g := float64(s.own.Gaps[j])
		bytes[int(c)*tilePanel+int(i)] = t.lower(g-math.Abs(g)*0x1p-20-t.slack+float64(s.was[i])-math.Abs(float64(s.was[i]))*0x1p-20, c)
	}
}

// labelled reports whether a row of a tile has the center as its label.
func (t *tiles[T]) labelled(s *tileSpace[T], tile, center int32) bool {
	w := lloyd.TileRows[T]()
	return slices.Contains(s.labels[int(tile)*w:(int(tile)+1)*w], center)
}

// takePanel takes the bounds of a panel.
func (r *run[T]) takePanel(number, from, _ int) {
	w, panel := &r.workers[number], from/blockRows
	r.tiles.take(&w.tiles, &w.work, panel)
	r.transferPanel(w, panel)
}

// assignPanel assigns the rows of a panel by their bounds.
func (r *run[T]) assignPanel(number, from, _ int) {
	w, panel := &r.workers[number], from/blockRows
	_, n := r.tiles.panel(panel)
	found := r.tiles.assign(&w.tiles, panel)
	w.pruned += int64((n - found) * lloyd.TileRows[T]())
	if found > 0 {
		r.transferPanel(w, panel)
	}
}

// transferPanel moves the rows of a panel whose labels have changed between clusters.
func (r *run[T]) transferPanel(w *worker[T], panel int) {
	t := r.tiles
	changed := false
	for _, i := range w.tiles.open {
		changed = changed || w.tiles.fresh[i]
	}
	if !changed {
		return
	}
	first, n := t.panel(panel)
	rows := n * lloyd.TileRows[T]()
	for from := 0; from < rows; from += blockRows {
		at := first + from
		labels, old := w.tiles.labels[from:min(rows, from+blockRows)], t.labels[at:min(first+rows, at+blockRows)]
		n := max(0, min(len(labels), r.x.N-at)) // without those that fill up the last tile
		moved, err := lloyd.Moved(w.moving[:n], labels[:n], old[:n])
		must(err)
		if moved == 0 {
			continue
		}
		for m, i := range w.moving[:moved] {
			row := t.order[at+int(i)]
			w.from[m], w.to[m], w.moving[m] = old[i], labels[i], row
			r.labels[row] = labels[i]
			if r.weights != nil {
				w.weights[m] = r.weights[row]
			}
		}
		w.strays += int64(moved)
		copy(old, labels)
		r.transfer(w, r.x, moved)
	}
	for _, i := range w.tiles.open {
		if w.tiles.fresh[i] {
			t.same(panel*tilePanel + int(i))
		}
	}
}
