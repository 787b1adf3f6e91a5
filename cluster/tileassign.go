package cluster

import (
	"math"
	"math/bits"
	"slices"

	"github.com/seed-fbf9ce71/lloyd"
)

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
	sum   T   // of their first elements; only to have read them
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

// assign sets s.labels, those of the last E-step, for the rows of a panel by their bounds.
// It returns the number of tiles whose distances it has computed.
func (t *tiles[T]) assign(s *tileSpace[T], panel int) (found int) {
	_, n := t.panel(panel)
	s.fit(t.centers.N)
	clear(s.bars[:])
	mixed := uint32(0)
	for i := range n {
		tile := panel*tilePanel + i
		l := t.level[tile]
		if k := t.all[tile]; k >= 0 {
			l += t.own[k]*t.grow + 0x1p-12
		} else { // open in any case
			mixed |= 1 << i
		}
		if t.shifts {
			s.by[i] = uint8(min(max(t.base[tile], 0), 255))
			t.base[tile] -= float32(s.by[i]) // exact
			l -= float32(s.by[i])
		}
		t.level[tile], s.bars[i] = l, t.bar(float64(l))
	}
	bytes := t.bounds(panel)
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

// nearestOwn sets s.labels for the panel to those of the last E-step, and for its open tiles to
// the nearest of the centers that their rows had then; their distances become the references.
func (t *tiles[T]) nearestOwn(s *tileSpace[T], panel int) {
	first, n := t.panel(panel)
	w := lloyd.TileRows[T]()
	copy(s.labels, t.labels[first:first+n*w])
	copy(s.best, s.none)
	tiles, centers := s.own.Tiles[:0], s.own.Centers[:0]
	for _, i := range s.open {
		l := t.all[panel*tilePanel+int(i)]
		if s.fresh[i] = l < 0; !s.fresh[i] {
			tiles, centers = append(tiles, i), append(centers, l)
			continue
		}
		from, last := len(centers), int32(-1)
		for _, l := range s.labels[int(i)*w : (int(i)+1)*w] {
			if l != last && !slices.Contains(centers[from:], l) {
				tiles, centers = append(tiles, i), append(centers, l)
			}
			last = l
		}
	}
	s.own.Tiles, s.own.Centers = tiles, centers
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
	bytes := t.bounds(panel)
	p := &s.others
	if all {
		p.Tiles, p.Centers = p.Tiles[:0], p.Centers[:0]
		for c := range int32(t.centers.N) {
			for _, i := range s.open {
				if bytes[int(c)*tilePanel+int(i)] != ownByte {
					p.Tiles, p.Centers = append(p.Tiles, i), append(p.Centers, c)
				}
			}
		}
	} else {
		clear(s.bars[:])
		for _, i := range s.open {
			s.bars[i] = t.bar(float64(t.level[panel*tilePanel+int(i)]))
		}
		p.Tiles, p.Centers = p.Tiles[:cap(p.Tiles)], p.Centers[:cap(p.Centers)]
		n, err := lloyd.OpenPairs(p.Tiles, p.Centers, 0, bytes, t.drift, s.bars[:])
		must(err)
		p.Tiles, p.Centers = p.Tiles[:n], p.Centers[:n]
	}
	p.Bounds = bytes
	p.Base, p.Drifts = t.base[panel*tilePanel:min(len(t.base), (panel+1)*tilePanel)], t.drifts
	t.nearest(s, p, first)
	// From the last pair to the first: the rows that none of the later ones took have the
	// center as their label.
	var later [tilePanel]uint32
	for j := len(p.Tiles) - 1; j >= 0; j-- {
		took := p.Took[j]
		if took == 0 {
			continue
		}
		i := p.Tiles[j]
		s.fresh[i] = true
		if took&^later[i] != 0 {
			bytes[int(p.Centers[j])*tilePanel+int(i)] = ownByte
		}
		later[i] |= took
	}
	for j := len(s.own.Tiles) - 1; j >= 0; j-- {
		i := s.own.Tiles[j]
		if !s.fresh[i] {
			continue
		}
		took := s.own.Took[j]
		labelled := took&^later[i] != 0
		later[i] |= took
		if labelled {
			continue
		}
		g, c := float64(s.own.Gaps[j]), s.own.Centers[j]
		bytes[int(c)*tilePanel+int(i)] = t.lower(g-math.Abs(g)*0x1p-20-t.slack+float64(s.was[i])-math.Abs(float64(s.was[i]))*0x1p-20, c)
	}
}
