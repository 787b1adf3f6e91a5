package lloyd

import (
	"fmt"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Projection is M directions of D elements and an origin, packed for the kernel that
// multiplies rows by all of them at the rate of the E-step. It is safe for concurrent
// use by Apply.
type Projection[T Float] struct {
	c          Centers[T]
	directions Matrix[T]
	origin     []T
}

// NewProjection returns the projection on the rows of v (M×D, M ≥ 1) about origin (D
// elements), for the level in use. Both are copied. The error wraps ErrShape, and
// kernel.ErrLevel when LLOYD_KERNEL names a level that cannot run.
func NewProjection[T Float](v Matrix[T], origin []T) (*Projection[T], error) {
	level, err := kernel.Active()
	if err != nil {
		return nil, err
	}
	if err := v.check("the directions"); err != nil {
		return nil, err
	}
	if v.N == 0 {
		return nil, fmt.Errorf("%w: there are no directions; at least one is needed", ErrShape)
	}
	if err := kernel.CheckLength("origin", len(origin), v.D); err != nil {
		return nil, err
	}
	p := &Projection[T]{directions: Dense(make([]T, v.N*v.D), v.N, v.D), origin: append([]T(nil), origin[:v.D]...)}
	for k := range v.N {
		copy(p.directions.Row(k), v.Row(k))
	}
	c := &p.c
	c.level, c.plain = level, p.directions
	plan := kernel.PlanFor(level, elemSize[T](), v.N, v.D)
	if level == kernel.Generic || plan.Method != kernel.Filter {
		return p, nil
	}
	c.group = make([]T, c.layOut(plan))
	c.shift = append(append([]T(nil), p.origin...), make([]T, 16)...) // whole vectors are read
	for _, g := range c.groups {
		cols := c.group[g.at+g.size+1:][:g.size*g.depth]
		to := min(g.column+g.depth, v.D)
		for i := range g.size {
			at := i
			for _, e := range v.Row(g.first + i)[g.column:to] {
				cols[at] = -e
				at += g.size
			}
		}
	}
	return p, nil
}

// M returns the number of directions.
func (p *Projection[T]) M() int { return p.directions.N }

// Rounding returns a bound on the rounding of Apply: an element is off by at most that
// times the norms of its row, less the origin, and of its direction (Higham, Accuracy
// and Stability of Numerical Algorithms, 2nd ed., §3.1).
func (p *Projection[T]) Rounding() float64 {
	u, _ := precisionOf[T]()
	n := p.directions.D
	if plan := p.c.plan; plan.Chunk > 0 && plan.Depth > plan.Chunk {
		n = plan.Chunk + (plan.Depth+plan.Chunk-1)/plan.Chunk
	}
	return float64(n+4) * u * 1.01
}

// Apply sets element k of row i of dst (N×M) to the inner product of direction k and
// row i of x (N×D) less the origin. ws may be nil, at the price of an allocation. The
// bits may differ from level to level, within Rounding. The error wraps ErrShape.
func (p *Projection[T]) Apply(dst, x Matrix[T], ws *Workspace[T]) error {
	if err := dst.check("dst"); err != nil {
		return err
	}
	if err := x.check("x"); err != nil {
		return err
	}
	if dst.N < x.N || dst.D != p.directions.N || x.D != p.directions.D {
		return fmt.Errorf("%w: dst is %d×%d and x %d×%d; the projection takes %d columns to %d", ErrShape, dst.N, dst.D, x.N, x.D, p.directions.D, p.directions.N)
	}
	c := &p.c
	if c.group == nil {
		for i := range x.N {
			row, out := x.Row(i), dst.Row(i)
			for k := range out {
				var s T
				for j, v := range p.directions.Row(k) {
					s += T((row[j] - p.origin[j]) * v)
				}
				out[k] = s
			}
		}
		return nil
	}
	if ws == nil {
		ws = new(Workspace[T])
	}
	ws.fit(c)
	tile, m := c.plan.RowTile, p.directions.N
	ws.scores = grow(ws.scores, c.plan.Panels*m*tile)
	for i := 0; i < x.N; i += c.plan.Panels * tile {
		block := min(c.plan.Panels*tile, x.N-i)
		panels := (block + tile - 1) / tile
		c.fill(ws, x, i, panels)
		c.score(ws, panels, true, 0, 0)
		for panel := range panels {
			at := i + panel*tile
			scores := ws.scores[panel*m*tile:][:m*tile]
			for row := range min(tile, x.N-at) {
				out := dst.Row(at + row)
				for k := range out {
					out[k] = -scores[k*tile+row]
				}
			}
		}
	}
	return nil
}
