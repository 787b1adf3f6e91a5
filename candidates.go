package lloyd

import (
	"math"
	"math/bits"
	"slices"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Candidates are pairs of a row and a center, by their numbers.
type Candidates[T Float] struct {
	Rows, Centers []int32

	closer Closer[T]
	limits []int16
}

// Candidates lists in out pairs of a row of x (N×D) and a center, in any order: at least all
// those whose squared distance is less than the row's limit (N elements), and hardly more.
// Which ones these are may differ from level to level. A NaN distance is not less. out keeps
// its memory from call to call; ws may be nil, at the price of an allocation. The error wraps
// ErrShape.
func (c *Centers[T]) Candidates(out *Candidates[T], limits []T, x Matrix[T], ws *Workspace[T]) error {
	if err := x.checkColumns(c.plain.D); err != nil {
		return err
	}
	if err := kernel.CheckLength("limits", len(limits), x.N); err != nil {
		return err
	}
	if ws == nil {
		ws = new(Workspace[T])
	}
	out.Rows, out.Centers = out.Rows[:0], out.Centers[:0]
	if c.coarse.lists() && ws.coarse.due(x.N) {
		paid := c.coarseCandidates(out, limits, x, ws)
		if ws.coarse.learn(paid); paid {
			return nil
		}
		out.Rows, out.Centers = out.Rows[:0], out.Centers[:0]
	}
	if c.level == kernel.Generic || x.D < lanes[T]() || c.exact {
		return c.closeCandidates(out, limits, x, ws)
	}
	c.mayBeCloser(&out.closer, limits, x, ws)
	words := (x.N + 63) / 64
	for i, set := range out.closer.bits {
		for first := i % words * 64; set != 0; set &= set - 1 {
			out.Rows = append(out.Rows, int32(first+bits.TrailingZeros64(set)))
			out.Centers = append(out.Centers, int32(i/words))
		}
	}
	return nil
}

// closeCandidates is Candidates by the distances.
func (c *Centers[T]) closeCandidates(out *Candidates[T], limits []T, x Matrix[T], ws *Workspace[T]) error {
	if err := c.Closer(&out.closer, limits, x, ws); err != nil {
		return err
	}
	out.Rows = append(out.Rows, out.closer.Rows...)
	for k := range c.plain.N {
		for range out.closer.From[k+1] - out.closer.From[k] {
			out.Centers = append(out.Centers, int32(k))
		}
	}
	return nil
}

// coarseCandidates is Candidates by the scores of 8-bit integers, and reports whether these
// paid: if they did not, some pairs are missing.
func (c *Centers[T]) coarseCandidates(out *Candidates[T], limits []T, x Matrix[T], ws *Workspace[T]) (paid bool) {
	q, s := &c.coarse, &ws.coarse
	s.fit(q, c.plain.N, c.plain.D)
	k, tile := c.plain.N, q.plan.RowTile
	unit := math.Ldexp(1, -q.shift)
	out.limits = grow(out.limits, tile)
	open := 0
	for i := 0; i < x.N; i += q.plan.Panels * tile {
		for panel := range c.coarseScores(q, s, x, i, ws) {
			at := i + panel*tile
			state, norms := s.state[panel*coarseState*tile:], s.norms[panel*tile:]
			for e := range tile {
				row := q.rowOf(e, tile)
				out.limits[e] = math.MinInt16
				if at+row >= x.N {
					continue
				}
				l := c.scoreLimit(float64(limits[at+row]), state[row], state[3*tile+row], unit)
				if norms[row] <= q.most && l < math.MaxInt16-1 {
					out.limits[e] = int16(max(math.Floor(l), math.MinInt16)) + 1
				} else if limits[at+row] > 0 {
					open++
					out.all(at+row, k)
				}
			}
			for from := 0; from < k; from += coarseCenters {
				n := min(coarseCenters, k-from)
				at, most := len(out.Rows), len(out.Rows)+n*tile
				out.Rows, out.Centers = slices.Grow(out.Rows, n*tile)[:most], slices.Grow(out.Centers, n*tile)[:most]
				at += asmCoarseList(c.level, ptr(out.Rows[at:]), ptr(out.Centers[at:]), ptr(s.scores[(panel*k+from)*tile:]), ptr(out.limits), from, n, i+panel*tile)
				out.Rows, out.Centers = out.Rows[:at], out.Centers[:at]
			}
		}
	}
	return open*16 <= x.N
}

// scoreLimit is the score up to which a center may be at the given squared distance to a row,
// of which the factor, and what is taken off its scores, are given.
func (c *Centers[T]) scoreLimit(square float64, factor, off float32, unit float64) float64 {
	return (float64(factor)/2*square*c.closer[0]*(1+0x1p-20)-float64(off)*(1-0x1p-20))*unit - 1<<15
}

// all adds all pairs of a row.
func (s *Candidates[T]) all(row, k int) {
	for i := range k {
		s.Rows, s.Centers = append(s.Rows, int32(row)), append(s.Centers, int32(i))
	}
}
