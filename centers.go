package lloyd

import (
	"fmt"
	"math"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Centers holds K centers of D elements, packed for the nearest-center kernel
// of one level. It is safe for concurrent use by Nearest, not while Pack runs.
// It takes about twice the memory of the centers.
type Centers[T Float] struct {
	level kernel.Level
	tiling
	plain   Matrix[T]   // the centers as given, copied
	shift   []T         // subtracted from rows and centers before the filter's products
	group   []T         // packed groups, see kernel_amd64.s
	bound   [8]T        // of the filter's rounding, see boundOf
	closer  [3]float64  // of limit, see mayBeCloser
	half    []float64   // squared norm of each center, shifted
	sum     []float64   // of some centers, by column
	source  Matrix[T]   // of Pack, while it runs
	packOne func(i int) // packGroup, kept so that Pack allocates nothing
	later   later       // groups that are packed when they are wanted
	exact   bool        // the filter cannot be trusted with these centers: always direct

	rows      *QuantizedRows[T] // that are kept; nil: none
	packedFor *QuantizedRows[T] // the same, of the last Pack
	quantized quantized
	coarse    coarse
	leading   coarse // of some columns
}

// PackCenters returns the centers c (K×D, K ≥ 1) packed for the level in use.
// c is copied. The error wraps ErrShape when c does not fit its slice or has no
// row, and kernel.ErrLevel when LLOYD_KERNEL names a level that cannot run.
func PackCenters[T Float](c Matrix[T]) (*Centers[T], error) {
	p := &Centers[T]{}
	if err := p.Pack(c); err != nil {
		return nil, err
	}
	return p, nil
}

// UseIntegers says whether centers, from the next Pack on, may be ranked by 8- or 16-bit
// integers before floating point, where that is faster: they are unless it is
// switched off. Results do not depend on it.
func (c *Centers[T]) UseIntegers(use bool) { c.quantized.off = !use }

// K returns the number of centers.
func (c *Centers[T]) K() int { return c.plain.N }

// D returns the number of columns of a center.
func (c *Centers[T]) D() int { return c.plain.D }

// Level returns the level that the centers are packed for.
func (c *Centers[T]) Level() kernel.Level { return c.level }

// Plan returns how Nearest tiles its work.
func (c *Centers[T]) Plan() kernel.Plan { return c.plan }

// Matrix returns the centers as they were given, without gaps; the caller must
// not change them.
func (c *Centers[T]) Matrix() Matrix[T] { return c.plain }

// Pack replaces the centers by m, for the level in use. It allocates only when
// m is larger than what was packed before. Errors are those of PackCenters.
func (c *Centers[T]) Pack(m Matrix[T]) error { return c.PackEach(m, serially) }

// packing is how many multiply-adds of a kernel take as long as packing one element.
const packing = 64

// PackEach is Pack with the work in the caller's hands: each must call do once
// for every i from 0 to n−1, in any order or at the same time, each time about
// the given number of multiply-adds of a kernel, and return when all are done.
func (c *Centers[T]) PackEach(m Matrix[T], each func(n, operations int, do func(i int))) error {
	level, err := levelFor(m)
	if err != nil {
		return err
	}
	plan := kernel.PlanFor(level, elemSize[T](), m.N, m.D)
	same := c.level == level && c.plan == plan && c.plain.N == m.N && c.plain.D == m.D
	if !same { // else other processors keep what they have of these
		c.level = level
		c.plain = Dense(grow(c.plain.Data, m.N*m.D), m.N, m.D)
	}
	if level == kernel.Generic || m.D == 0 || plan.Method != kernel.Filter {
		c.plan, c.packedFor = plan, nil
		c.later.pending.Store(false)
		for k := range m.N {
			copy(c.plain.Row(k), m.Row(k))
		}
		return nil
	}
	if !same {
		c.group = grow(c.group, c.layOut(plan))
		c.half = grow(c.half, m.N)
		c.shift = grow(c.shift, m.D+16) // whole vectors are read
		clear(c.shift[m.D:])
		if c.packOne == nil {
			c.packOne = c.packGroup
		}
	}
	c.source = m
	put := c.rows.about(c)
	if c.later.pending.Load() != put {
		c.later.pending.Store(put)
	}
	if put {
		c.keepAll(same && c.rows.ranks(c))
	} else {
		c.middle()
		c.packGroups(each)
	}
	c.source = Matrix[T]{}
	var largest float64
	for _, half := range c.half {
		largest = max(largest, half) // a NaN stays
	}
	c.bound, c.closer, c.exact = boundOf[T](plan, m.D, largest)
	radius := math.Sqrt(2*largest) * (1 + 0x1p-20)
	c.coarsen(radius, each)
	c.leadOff(radius, each)
	c.quantize(radius, each)
	if c.packedFor != c.rows {
		c.packedFor = c.rows
	}
	if !c.quantized.kept {
		c.packLater(each)
	}
	return nil
}

// levelFor returns the level in use, and an error if that cannot be, or m are no centers.
func levelFor[T Float](m Matrix[T]) (kernel.Level, error) {
	level, err := kernel.Active()
	if err != nil {
		return level, err
	}
	if err := m.check("the centers"); err != nil {
		return level, err
	}
	if m.N == 0 {
		return level, fmt.Errorf("%w: there are no centers; at least one is needed", ErrShape)
	}
	return level, nil
}

// checkColumns is the error about rows that are not in x, or not of d columns like the centers.
func (x Matrix[T]) checkColumns(d int) error {
	if err := x.check("x"); err != nil {
		return err
	}
	if x.D != d {
		return fmt.Errorf("%w: x has %d columns, the centers have %d", ErrShape, x.D, d)
	}
	return nil
}

func serially(n, _ int, do func(i int)) {
	for i := range n {
		do(i)
	}
}

// grow returns s with length n, reallocated if need be; its elements are
// unspecified.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
