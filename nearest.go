package lloyd

import (
	"math"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Nearest sets labels[i] to the index of the center nearest to row i of x
// (N×D), the lowest one on ties, and dist[i] to its squared Euclidean distance.
// dist may be nil. A row without a center at a finite distance (a NaN or an
// infinity in it, or overflow) gets label −1 and distance +Inf. labels and dist
// need N elements. ws may be nil, at the price of an allocation.
//
// Labels and distances do not depend on the level, on how rows are divided
// among calls, or on what else is in x. The error wraps ErrShape.
func (c *Centers[T]) Nearest(labels []int32, dist []T, x Matrix[T], ws *Workspace[T]) error {
	return c.nearest(labels, dist, nil, x, ws)
}

// NearestTwo is Nearest, and sets second[i] to a lower bound of the squared
// distance of row i to every center but that of its label: what the bounds of
// accelerated k-means begin with. It is below the second least distance by no
// more than the scores' rounding, 5(D+70)u(‖x‖² + C²) with u the unit roundoff
// and C the largest norm of a center, norms taken about the mean of the centers
// (2·10⁻⁴·√D·(‖x‖² + C²) where integers rank the centers, see Workspace.Integers),
// and not below 0; +Inf when there is only one center. second needs N elements.
// Unlike labels and distances it may differ from level to level. The error wraps
// ErrShape.
func (c *Centers[T]) NearestTwo(labels []int32, dist, second []T, x Matrix[T], ws *Workspace[T]) error {
	if second == nil {
		second = []T{} // wanted
	}
	return c.nearest(labels, dist, second, x, ws)
}

// checkNearest checks the arguments of Nearest and NearestTwo.
func (c *Centers[T]) checkNearest(labels []int32, dist, second []T, x Matrix[T]) error {
	if err := x.checkColumns(c.plain.D); err != nil {
		return err
	}
	if second != nil {
		if err := kernel.CheckLength("second", len(second), x.N); err != nil {
			return err
		}
	}
	if err := kernel.CheckLength("labels", len(labels), x.N); err != nil {
		return err
	}
	if dist != nil {
		return kernel.CheckLength("dist", len(dist), x.N)
	}
	return nil
}

func (c *Centers[T]) nearest(labels []int32, dist, second []T, x Matrix[T], ws *Workspace[T]) error {
	if err := c.checkNearest(labels, dist, second, x); err != nil {
		return err
	}
	if ws == nil {
		ws = new(Workspace[T])
	}
	ws.Rows += int64(x.N)
	switch {
	case c.level == kernel.Generic || c.plain.D == 0:
		for i := range x.N {
			c.directRow(labels, dist, second, x, i, ws)
		}
	case c.plan.Method == kernel.Direct || c.exact:
		c.directPanels(labels, dist, second, x, ws)
	case c.coarse.faster || c.quantized.use:
		for i := 0; i < x.N; {
			n := min(quantizedPiece, x.N-i)
			piece, l, d, next := x.Rows(i, i+n), labels[i:i+n], part(dist, i, n), part(second, i, n)
			switch {
			case c.leading.use && second == nil && ws.leading.due(n):
				n = c.rankCoarse(&c.leading, &ws.leading, l, d, piece, ws)
			case c.coarse.faster && second == nil && ws.coarse.due(n):
				n = c.rankCoarse(&c.coarse, &ws.coarse, l, d, piece, ws)
			case c.quantized.serves(n) && ws.quant.due(n):
				ws.quant.learn(3*c.rankIntegers(l, d, next, nil, 0, piece, ws) <= n)
			default:
				c.filterPanels(l, d, next, piece, ws)
			}
			i += n
		}
	default:
		c.filterPanels(labels, dist, second, x, ws)
	}
	return nil
}

// directRow settles one row by the distances to all centers.
func (c *Centers[T]) directRow(labels []int32, dist, second []T, x Matrix[T], i int, ws *Workspace[T]) {
	ws.Direct++
	row := x.Row(i)
	label, best, next := int32(-1), T(math.Inf(1)), T(math.Inf(1))
	if x.D < lanes[T]() || c.level == kernel.Generic {
		label, best, next = nearestGeneric(row, c.plain)
	} else {
		ws.dist = grow(ws.dist, c.plain.N)
		squaredL2Rows(c.level, ws.dist, 1, c.plain, row)
		for k, d := range ws.dist {
			if d < best {
				label, best, next = int32(k), d, best
			} else if d < next {
				next = d
			}
		}
	}
	labels[i] = label
	if dist != nil {
		dist[i] = best
	}
	if second != nil {
		second[i] = next
	}
}

// part returns n elements of s from i on, nil if s is.
func part[T Float](s []T, i, n int) []T {
	if s == nil {
		return nil
	}
	return s[i : i+n]
}
