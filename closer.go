package lloyd

import (
	"math"
	"math/bits"
	"slices"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Closer is what Centers.Closer found: the rows that are closer to a center than
// they were to any before.
type Closer[T Float] struct {
	// The rows of center k are Rows[From[k]:From[k+1]], in order, and their
	// squared distances to it Dist[From[k]:From[k+1]].
	From []int32
	Rows []int32
	Dist []T

	limits []T
	open   []uint32 // rows of a panel that may be closer, for each center
	bits   []uint64 // the same for each center and 64 rows
}

// Closer lists in out, for each center, the rows of x (N×D) whose squared
// distance to it is less than least (N elements): the candidates of k-means++
// seeding are the centers, and least holds the distances to those chosen before.
// It reads the rows once for all centers. A NaN distance is not less. out keeps
// its memory from call to call; ws may be nil, at the price of an allocation. The
// distances, and so the rows, are those of SquaredL2. The error wraps ErrShape.
func (c *Centers[T]) Closer(out *Closer[T], least []T, x Matrix[T], ws *Workspace[T]) error {
	if err := x.checkColumns(c.plain.D); err != nil {
		return err
	}
	if err := kernel.CheckLength("least", len(least), x.N); err != nil {
		return err
	}
	if ws == nil {
		ws = new(Workspace[T])
	}
	k := c.plain.N
	out.From = append(out.From[:0], 0)
	out.Rows, out.Dist = out.Rows[:0], out.Dist[:0]
	if c.level == kernel.Generic || x.D < lanes[T]() || c.exact {
		ws.next = grow(ws.next, x.N)
		for i := range k {
			squaredL2Rows(c.level, ws.next, 1, x, c.plain.Row(i))
			for row, d := range ws.next[:x.N] {
				if d < least[row] {
					out.Rows, out.Dist = append(out.Rows, int32(row)), append(out.Dist, d)
				}
			}
			out.From = append(out.From, int32(len(out.Rows)))
		}
		return nil
	}
	c.mayBeCloser(out, least, x, ws)
	words := (x.N + 63) / 64
	for i := range k {
		from := len(out.Rows)
		for w, set := range out.bits[i*words : (i+1)*words] {
			for ; set != 0; set &= set - 1 {
				out.Rows = append(out.Rows, int32(64*w+bits.TrailingZeros64(set)))
			}
		}
		n := len(out.Rows)
		out.Dist = slices.Grow(out.Dist, n-from)[:n]
		squaredL2At(c.level, out.Dist[from:], x, out.Rows[from:], c.plain.Row(i))
		kept := from
		for at := from; at < n; at++ {
			row, d := out.Rows[at], out.Dist[at]
			out.Rows[kept], out.Dist[kept] = row, d
			if d < least[row] {
				kept++
			}
		}
		out.Rows, out.Dist = out.Rows[:kept], out.Dist[:kept]
		out.From = append(out.From, int32(kept))
	}
	return nil
}

// mayBeCloser sets out.bits to the rows of x for which the scores ½‖c‖² − x·c do
// not rule out that a center is closer than least.
//
// The distance is X + 2s with X = ‖x‖², s the score. Computed in floating point
// it is off by at most γ(‖x‖+‖c‖)² ≤ 2γ(X + C²), with the terms of boundOf for the
// score and at most D roundings in X; the distance of SquaredL2 by a factor of at
// most 1 ± ε. So a center is not closer if s is at least
// ½(least·(1+2ε) + 2γ(X + C²) − X).
func (c *Centers[T]) mayBeCloser(out *Closer[T], least []T, x Matrix[T], ws *Workspace[T]) {
	ws.fit(c)
	k, tile := c.plain.N, c.plan.RowTile
	words := (x.N + 63) / 64
	out.bits = grow(out.bits, k*words)
	clear(out.bits)
	out.open = grow(out.open, k)
	out.limits = grow(out.limits, c.plan.Panels*tile)
	ws.scores = grow(ws.scores, c.plan.Panels*k*tile)
	for i := 0; i < x.N; i += c.plan.Panels * tile {
		block := min(c.plan.Panels*tile, x.N-i)
		panels := (block + tile - 1) / tile
		c.fill(ws, x, i, panels)
		ahead, lines := c.ahead(x, i+block, block)
		c.score(ws, panels, true, ahead, lines)
		for panel := range panels {
			at := i + panel*tile
			n := min(tile, x.N-at)
			limits := out.limits[:tile]
			for j, l := range least[at : at+n] {
				limits[j] = c.limit(ws.norms[panel*tile+j], l)
			}
			asmBelow[T](c.level, ptr(out.open), ptr(ws.scores[panel*k*tile:]), ptr(limits), k)
			for j, open := range out.open[:k] {
				out.bits[j*words+at/64] |= uint64(open&uint32(1<<n-1)) << (at % 64)
			}
		}
	}
}

// limit is the score from which on a center cannot be closer than least to a row
// of the given squared norm; +Inf, which is above every score but NaN, where the
// bound does not hold.
func (c *Centers[T]) limit(norm, least T) T {
	x, l := float64(norm), float64(least)
	if !(norm <= c.bound[7]) {
		return T(math.Inf(1))
	}
	return T((l*c.closer[0] + x*c.closer[1] + c.closer[2]) / 2)
}
