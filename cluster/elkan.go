package cluster

import (
	"math"
	"math/bits"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd"
)

// elkan holds a lower bound of the distance of each row to each center, in a byte
// (Elkan, "Using the triangle inequality to accelerate k-means", ICML 2003), and an
// upper bound of that to its own. The centers drift on from where they were when the
// bounds were taken, and a center whose bound, less its drift since, is above the
// row's upper bound is not the nearest: that takes an addition and a comparison of
// bytes. The distances to the others are computed one by one, and are bounds from then
// on ("simplified", without distances between centers: Newling and Fleuret, "Fast
// k-means with accurate bounds", ICML 2016).
//
// A byte b of a row of base u says that the distance is at least u + (b − pairBias)
// quanta; u is about the row's distance to its own center, so that a quantum can be
// small beside the distances. Everything is rounded to the safe side, and equality
// settles nothing: see hamerly for the rounding of the distances themselves.
type elkan[T element] struct {
	x       lloyd.Matrix[T]
	centers lloyd.Matrix[T]   // of the run
	packed  *lloyd.Centers[T] // the same

	bytes []uint8   // lower bounds of each block of rows, as lloyd.LowerBounds has them
	base  []float32 // of each row, in quanta
	upper []float32 // of each row, in quanta
	held  bool      // the bounds hold for the centers of the last E-step
	eager bool      // most rows are open before the distance to their own center is known
	rough bool      // bounds are taken by 8-bit integers
	many  bool      // many pairs of a row are open in the next E-step
	spare *spare[T] // memory for them; nil: none

	quanta
}

const (
	// gapQuanta is the number of quanta in the mean distance by which centers are farther
	// from a row than its own.
	gapQuanta = 96
	// groupBytes is about what half the second-level cache holds.
	groupBytes = 1 << 18
	// pairsBytes is what the pairs of a group may take, unless it is one panel.
	pairsBytes = 8 << 20
	// groupShare is how many panels there are for each of a group at least: the pairs' memory
	// is made for each fit, which takes as long as it saves where these are few.
	groupShare = 64
	// unknownUpper is the upper bound of a row of which nothing is known.
	unknownUpper = math.MaxFloat32 / 4
)

// newElkan returns bounds of pairs for the rows of x, without memory for them.
func newElkan[T element](f *fit[T], x, centers lloyd.Matrix[T], packed *lloyd.Centers[T]) *elkan[T] {
	return &elkan[T]{x: x, centers: centers, packed: packed, quanta: newQuanta(f)}
}

// pairBytes is the memory that bounds of pairs take.
func (f *fit[T]) pairBytes() float64 { return float64(f.x.N) * float64(f.k+8) }

// pairable reports whether there may be bounds of pairs: whether they could pay, if that
// is the question.
func (f *fit[T]) pairable(c *costs) bool {
	few := f.x.D < lloyd.TileRows[T]() // distances computed one by one take too long
	long := c.plain > costPasses || f.small(c) && !c.direct
	return f.algorithm == Elkan || !few && long && f.worthwhile(c, c.test, f.pairBytes())
}

// begin gets ready for new bounds, with a quantum that suits the labels.
func (e *elkan[T]) begin(labels []int32) {
	if e.bytes == nil {
		old := e.spare
		if old == nil {
			old = new(spare[T])
		}
		e.bytes = room(old.bytes, lloyd.PairBytes(e.x.N, e.centers.N))
		e.base, e.upper = room(old.base, e.x.N), room(old.upper, e.x.N)
	}
	const least, most, share = 8, 32, 256
	n := min(e.x.N, max(least, min(most, e.x.N/share)))
	dist := make([]T, e.centers.N)
	var gaps float64
	for i := range n {
		at := i * e.x.N / n
		must(lloyd.SquaredL2Rows(dist, e.centers, e.x.Row(at)))
		own := math.Sqrt(float64(dist[labels[at]]))
		for _, d := range dist {
			gaps += max(0, math.Sqrt(float64(d))-own)
		}
	}
	e.set(gaps / float64(n) / float64(len(dist)) / gapQuanta)
}

// drop gives the memory of the bounds back.
func (e *elkan[T]) drop() { e.bytes, e.base, e.upper, e.held = nil, nil, nil, false }

// unknown says that nothing is known of a row, which had another label.
func (e *elkan[T]) unknown(row int, label int32) {
	if e.held {
		e.upper[row] = unknownUpper
		e.bytes[e.at(row, label)] = 0
	}
}

// at is the place of the byte of a row and a center.
func (e *elkan[T]) at(row int, label int32) int {
	return (row/lloyd.PairRows*e.centers.N+int(label))*lloyd.PairRows + row%lloyd.PairRows
}

// drifted is the upper bound of a row after the last drift of its center.
func (e *elkan[T]) drifted(row int, label int32) float32 {
	return (e.upper[row] + e.own[label]) * (1 + 0x1p-22)
}

// upperOf is a bound in quanta of the distance of which the square is given.
func (e *elkan[T]) upperOf(square T) float32 {
	return float32((math.Sqrt(float64(square))*(1+e.off)*e.scale + e.slack) * (1 + 0x1p-22))
}

// lowerOf is the byte for a center at the distance of which the square is given.
func (e *elkan[T]) lowerOf(square float64, base float32, label int32) uint8 {
	return e.quanta.lower(math.Sqrt(square)*(1-e.off-0x1p-30)*e.scale-e.slack-float64(base), label)
}

// barOf is the byte below which a bound does not settle a pair.
func (e *elkan[T]) barOf(upper, base float32) uint8 {
	return e.bar(float64(upper)*e.over - float64(base))
}

// pairSpace is what a worker needs for bounds of pairs.
type pairSpace[T element] struct {
	bars  [blockRows]uint8
	bases [blockRows]float32
	none  [blockRows]uint8 // zeros
	open  [blockRows / lloyd.PairRows]uint32
	rows  []int32 // of pairs whose distance is wanted
	other []int32 // their centers
	dist  []T
	best  [blockRows]T // least squared distances so far
	near  near[T]
	group int // panels that are settled together

	left int64 // distances that the bounds left to compute
}

// fit makes room for the rows of a block, and the pairs of a group of panels, of so many rows
// in all.
func (s *pairSpace[T]) fit(k, d, rows int) {
	if s.rows != nil {
		return
	}
	size := int(unsafe.Sizeof(T(0)))
	row, pair := d*size, 2*4+size
	s.group = max(1, min(groupBytes/lloyd.PairRows/row, pairsBytes/lloyd.PairRows/pair/k, blockRows/lloyd.PairRows, panelsOf(rows)/groupShare))
	n := max(blockRows, k*s.group*lloyd.PairRows)
	s.rows, s.other, s.dist = make([]int32, n), make([]int32, n), make([]T, blockRows)
}

// all opens n rows.
func (s *pairSpace[T]) all(n int) {
	for p := range s.open {
		s.open[p] = uint32(1<<min(lloyd.PairRows, max(0, n-p*lloyd.PairRows)) - 1)
	}
}

// take sets labels, those of an earlier E-step, for rows from to to−1, and takes their
// bounds.
func (e *elkan[T]) take(s *pairSpace[T], work *lloyd.Workspace[T], labels []int32, from, to int) {
	n := to - from
	s.fit(e.centers.N, e.x.D, e.x.N)
	s.all(n)
	e.tighten(s, labels, from, to)
	for i := range n {
		u := e.upper[from+i]
		e.base[from+i] = u
		s.bases[i] = float32((float64(u)-pairBias)*(1+0x1p-23)) + float32(e.slack) + 0x1p-9
		s.bars[i] = e.barOf(u, u)
	}
	take := e.packed.LowerBounds
	if e.rough {
		take = e.packed.RoughLowerBounds
	}
	must(take(e.bytes[from*e.centers.N:], e.x.Rows(from, to), s.bases[:n], e.scale*(1-e.off-0x1p-30), work))
	for i, l := range labels {
		e.bytes[e.at(from+i, l)] = ownByte
	}
	e.settle(s, nil, labels, from, to)
}

// assign sets labels, those of the last E-step, for rows from to to−1 by their bounds, and
// by estimates, unless nil, of what these leave. It returns the number of rows for which
// both left another center.
func (e *elkan[T]) assign(s *pairSpace[T], estimates *lloyd.Estimates[T], labels []int32, from, to int) int {
	n := to - from
	s.fit(e.centers.N, e.x.D, e.x.N)
	if e.shifts {
		panels := panelsOf(n) * lloyd.PairRows
		must(lloyd.ShiftBounds(e.bytes[from*e.centers.N:from*e.centers.N+panels*e.centers.N], e.by, s.none[:panels]))
	}
	if e.eager {
		s.all(n)
	} else {
		clear(s.bars[n:])
		for i, l := range labels {
			at := from + i
			e.upper[at] = e.drifted(at, l)
			s.bars[i] = e.barOf(e.upper[at], e.base[at])
		}
		must(lloyd.OpenRows(s.open[:panelsOf(n)], e.bytes[from*e.centers.N:], e.drift, s.bars[:]))
	}
	e.tighten(s, labels, from, to)
	return e.settle(s, estimates, labels, from, to)
}

// panelsOf is the number of panels of n rows.
func panelsOf(n int) int { return (n + lloyd.PairRows - 1) / lloyd.PairRows }

// tighten computes the distances of the open rows to their own centers. The bars of the
// others are 0 from then on.
func (e *elkan[T]) tighten(s *pairSpace[T], labels []int32, from, to int) {
	n := 0
	for p, open := range s.open[:panelsOf(to-from)] {
		for ; open != 0; open &= open - 1 {
			i := p*lloyd.PairRows + bits.TrailingZeros32(open)
			s.rows[n], s.other[n] = int32(i), labels[i]
			n++
		}
	}
	clear(s.bars[:])
	must(lloyd.SquaredL2Listed(s.dist[:n], e.x.Rows(from, to), s.rows[:n], e.centers, s.other[:n]))
	for j, i := range s.rows[:n] {
		at := from + int(i)
		s.best[i] = s.dist[j]
		e.upper[at] = e.upperOf(s.dist[j])
		s.bars[i] = e.barOf(e.upper[at], e.base[at])
	}
}

// settle computes the distances of the open rows, whose bars are set, to the centers that
// their bounds leave: center by center, for as many rows as the second-level cache holds.
// It returns the number of rows with such a center.
func (e *elkan[T]) settle(s *pairSpace[T], estimates *lloyd.Estimates[T], labels []int32, from, to int) (found int) {
	x, k := e.x.Rows(from, to), e.centers.N
	for p, all := 0, panelsOf(to-from); p < all; p += s.group {
		first, past := p*lloyd.PairRows, min(p+s.group, all)*lloyd.PairRows
		some := uint32(0)
		for _, open := range s.open[p:min(p+s.group, all)] {
			some |= open
		}
		if some == 0 {
			continue
		}
		clear(s.open[p:min(p+s.group, all)])
		n, err := lloyd.OpenPairs(s.rows, s.other, first, e.bytes[(from+first)*k:], e.drift, s.bars[first:past])
		must(err)
		s.left += int64(n)
		rows, others := s.rows[:n], s.other[:n]
		dist := s.near.distances(estimates, s.best[:x.N], x, e.centers, &rows, &others, func(i, c int32, square float64) {
			if at, l := from+int(i), labels[i]; c != l {
				e.bytes[e.at(at, c)] = e.lowerOf(square, e.base[at], c)
			}
		})
		for j, d := range dist {
			i, c := rows[j], others[j]
			s.open[i/lloyd.PairRows] |= 1 << (i % lloyd.PairRows)
			at, l := from+int(i), labels[i]
			switch {
			case c == l:
			case d < s.best[i] || d == s.best[i] && c < l:
				e.bytes[e.at(at, l)] = e.lowerOf(float64(s.best[i]), e.base[at], l)
				e.bytes[e.at(at, c)] = ownByte
				e.upper[at] = e.upperOf(d)
				s.best[i], labels[i] = d, c
			default:
				e.bytes[e.at(at, c)] = e.lowerOf(float64(d), e.base[at], c)
			}
		}
		for _, open := range s.open[p:min(p+s.group, all)] {
			found += bits.OnesCount32(open)
		}
	}
	return found
}

// open counts, of some of the rows, those that their bounds do not settle before and the
// pairs that they leave after the distances to their own centers are known, with the
// drifts since: what the next assign would have to do. It sets eager.
func (e *elkan[T]) open(s *pairSpace[T], labels []int32, panels int) (rows, tight, pairs int) {
	s.fit(e.centers.N, e.x.D, e.x.N)
	all := panelsOf(e.x.N)
	var dist [lloyd.PairRows]T
	for p := range min(panels, all) {
		first := p * all / min(panels, all) * lloyd.PairRows
		n := min(lloyd.PairRows, e.x.N-first)
		must(lloyd.SquaredL2Pairs(dist[:n], e.x.Rows(first, first+n), e.centers, labels[first:first+n]))
		clear(s.bars[:lloyd.PairRows])
		for i := range n {
			at := first + i
			s.bars[i] = e.barOf(e.drifted(at, labels[at]), e.base[at])
		}
		lower := e.bytes[first*e.centers.N:]
		must(lloyd.OpenRows(s.open[:1], lower, e.drift, s.bars[:]))
		for i := range n {
			s.bars[i] = e.barOf(e.upperOf(dist[i]), e.base[first+i])
		}
		left, err := lloyd.OpenPairs(s.rows, s.other, 0, lower, e.drift, s.bars[:lloyd.PairRows])
		must(err)
		rows += n
		tight += bits.OnesCount32(s.open[0])
		pairs += left
	}
	if e.eager = tight > rows/2; e.eager {
		tight = rows
	}
	return rows, tight, pairs
}
