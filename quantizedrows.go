package lloyd

import (
	"fmt"
	"math"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// QuantizedRows keep the integers of 16 bits by which rows (N×D) are ranked, so that E-steps
// over the same rows make them once: 2·D + 18 bytes a row, somewhat rounded up. With few centers
// making them takes longer than ranking by them. Results do not depend on them.
//
// NearestQuantized may be called at the same time for different rows.
type QuantizedRows[T Float] struct {
	level       kernel.Level
	use         bool // there are integers, or will be
	resets      int
	n, d        int
	tile, depth int // of a panel
	shift       []T // less which the rows are integers, as the middle of centers at first
	radius      float64
	memory      []int32
	panels      []int32
	norms       []float32
	residuals   []float32
	factors     []int32 // float32 numbers of state
	filled      []bool  // panels
	gaps        gaps
}

// quantizedRoom is how many times as large as the first centers' the norms of later ones may be.
const quantizedRoom = 1.25

// Reset makes room for n rows, none of which is known, and for centers about as far apart as
// the given ones (K×D). It reports whether that is of use for them at the level in use. Errors
// are those of PackCenters, and ErrShape if n is negative.
func (r *QuantizedRows[T]) Reset(n int, centers Matrix[T]) (use bool, err error) {
	level, err := levelFor(centers)
	if err != nil {
		return false, err
	}
	if n < 0 {
		return false, fmt.Errorf("%w: room for %d rows; need 0 or more", ErrShape, n)
	}
	r.n, r.use = n, false
	r.resets++
	if !kernel.KeptRowsFaster(level, elemSize[T](), centers.N, centers.D) {
		return false, nil
	}
	plan, _ := kernel.QuantizedPlanFor(level, elemSize[T](), centers.N, centers.D)
	r.level, r.use, r.d, r.tile, r.depth = level, true, centers.D, plan.RowTile, plan.Depth
	r.shift = grow(r.shift, r.d)
	middleOf(r.shift, make([]float64, r.d), centers)
	largest := 0.
	for k := range centers.N {
		var square float64
		for j, v := range centers.Row(k) {
			e := float64(v) - float64(r.shift[j])
			square += e * e
		}
		largest = max(largest, square)
	}
	r.radius = quantizedRoom * math.Sqrt(largest)
	panels := (n + r.tile - 1) / r.tile
	rows := panels * r.tile
	r.memory = grow(r.memory, roomOf(rows*r.depth+3*rows))
	m := carverOf(r.memory)
	r.panels, r.norms, r.residuals, r.factors = m.cut(rows*r.depth), m.cutFloats(rows), m.cutFloats(rows), m.cut(rows)
	r.filled = grow(r.filled, panels)
	clear(r.filled)
	r.gaps.reset(rows, panels)
	return true, nil
}

// UseRows has the centers, from the next Pack on, ranked for rows that are kept
// (NearestQuantized), until these are Reset; nil: for none.
func (c *Centers[T]) UseRows(r *QuantizedRows[T]) { c.rows = r }

// NearestQuantized is Nearest, or NearestTwo if second is not nil, for rows first,
// first+1, … of those that r keeps; x must have the same numbers in every call. Where
// the centers are not packed for r (UseRows), integers settle too few of the rows, or r is
// nil, it is Nearest. The error wraps ErrShape.
func (c *Centers[T]) NearestQuantized(labels []int32, dist, second []T, r *QuantizedRows[T], first int, x Matrix[T], ws *Workspace[T]) error {
	if r == nil {
		return c.nearest(labels, dist, second, x, ws)
	}
	if first < 0 || first > r.n-x.N {
		return fmt.Errorf("%w: %d rows from row %d on, of %d that are kept; Reset makes room for more", ErrShape, x.N, first, r.n)
	}
	if ws == nil {
		ws = new(Workspace[T])
	}
	if !r.ranks(c) || first%r.tile != 0 || !ws.quant.due(x.N) {
		return c.nearest(labels, dist, second, x, ws)
	}
	if err := c.checkNearest(labels, dist, second, x); err != nil {
		return err
	}
	ws.Rows += int64(x.N)
	ws.quant.learn(3*c.rankRows(labels, dist, second, r, first, x, ws) <= x.N)
	return nil
}

// rankRows is NearestQuantized where integers serve. It returns how many rows these left open.
func (c *Centers[T]) rankRows(labels []int32, dist, second []T, r *QuantizedRows[T], first int, x Matrix[T], ws *Workspace[T]) (open int) {
	for i := 0; i < x.N; i += quantizedPiece {
		n := min(quantizedPiece, x.N-i)
		l, d, next, piece := labels[i:i+n], part(dist, i, n), part(second, i, n), x.Rows(i, i+n)
		if whole, some := r.inPieces(first+i, n); !whole || some && (second != nil || !c.quantized.atOnce()) {
			c.filterPanels(l, d, next, piece, ws)
			continue
		}
		open += c.rankIntegers(l, d, next, r, first+i, piece, ws)
	}
	return open
}

// about reports whether centers are to be packed about the middle of these rows.
func (r *QuantizedRows[T]) about(c *Centers[T]) bool {
	return r != nil && r.use && r.level == c.level && r.d == c.plain.D
}

// ranks reports whether centers are packed for these rows, as they are kept.
func (r *QuantizedRows[T]) ranks(c *Centers[T]) bool {
	return c.packedFor == r && c.quantized.kept && c.quantized.resets == r.resets
}

// suit reports whether the rows are integers in the unit of centers of that radius.
func (r *QuantizedRows[T]) suit(c *Centers[T], radius float64) bool {
	return r.about(c) && radius <= r.radius
}

// from returns the integers from a row on, the first of a panel, with the depth of panels, and
// squared norms and residuals.
func (r *QuantizedRows[T]) from(row int) (panels []int32, depth int, norms, residuals []float32) {
	return r.panels[row*r.depth:], r.depth, r.norms[row:], r.residuals[row:]
}

// load sets what a panel's state has of its rows, and reports whether they are known.
func (r *QuantizedRows[T]) load(state []int32, row int) bool {
	if !r.filled[row/r.tile] {
		return false
	}
	copy(state[3*r.tile:4*r.tile], r.factors[row:])
	return true
}

// keep takes note of what a panel's state has of its rows, which are known from now on.
func (r *QuantizedRows[T]) keep(state []int32, row int) {
	copy(r.factors[row:row+r.tile], state[3*r.tile:])
	r.filled[row/r.tile] = true
}
