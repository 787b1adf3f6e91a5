package lloyd

import (
	"fmt"
	"math"
	"math/bits"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Centers holds K centers of D elements, packed for the nearest-center kernel
// of one level. It is safe for concurrent use by Nearest, not while Pack runs.
// It takes about twice the memory of the centers.
type Centers[T Float] struct {
	level   kernel.Level
	plan    kernel.Plan
	plain   Matrix[T]  // the centers as given, copied
	shift   []T        // subtracted from rows and centers before the filter's products
	passes  []pass     // of the nearest routine over them
	group   []T        // packed groups, see kernel_amd64.s
	bound   [8]T       // of the filter's rounding, see boundOf
	closer  [3]float64 // of limit, see mayBeCloser
	half    []float64  // squared norm of each center, shifted
	groups  []group
	sum     []float64   // of some centers, by column
	source  Matrix[T]   // of Pack, while it runs
	packOne func(i int) // packGroup, kept so that Pack allocates nothing
	exact   bool        // the filter cannot be trusted with these centers: always direct
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

// PackEach is Pack with the work in the caller's hands: each must call do once
// for every i from 0 to n−1, in any order or at the same time, each time about
// the given number of element operations, and return when all are done.
func (c *Centers[T]) PackEach(m Matrix[T], each func(n, operations int, do func(i int))) error {
	level, err := kernel.Active()
	if err != nil {
		return err
	}
	if err := m.check("the centers"); err != nil {
		return err
	}
	if m.N == 0 {
		return fmt.Errorf("%w: there are no centers; at least one is needed", ErrShape)
	}
	plan := kernel.PlanFor(level, elemSize[T](), m.N, m.D)
	same := c.level == level && c.plan == plan && c.plain.N == m.N && c.plain.D == m.D
	c.level, c.plan = level, plan
	c.plain = Dense(grow(c.plain.Data, m.N*m.D), m.N, m.D)
	if level == kernel.Generic || m.D == 0 || plan.Method != kernel.Filter {
		for k := range m.N {
			copy(c.plain.Row(k), m.Row(k))
		}
		return nil
	}
	if !same {
		c.layOut()
		c.half = grow(c.half, m.N)
		c.shift = grow(c.shift, m.D+16) // whole vectors are read
		clear(c.shift[m.D:])
		if c.packOne == nil {
			c.packOne = c.packGroup
		}
	}
	c.source = m
	c.middle()
	each(len(c.groups), plan.CenterTile*min(plan.Depth, plan.Chunk), c.packOne)
	c.source = Matrix[T]{}
	var largest float64
	for _, half := range c.half {
		largest = max(largest, half) // a NaN stays
	}
	c.bound, c.closer, c.exact = boundOf[T](plan, m.D, largest)
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

// pass is the work of one call of the nearest routine on a panel: groups of one
// size, over a run of columns.
type pass struct {
	at            int // of the first group in Centers.group
	groups, size  int
	first         int // center
	column, depth int // the run
	total         int // place of the first center's totals, counted in centers
	run           int // flags of the routine, below
}

// group is one group over a run of columns, in the order of Centers.group.
type group struct {
	at, size, first int
	column, depth   int
}

// Flags of a pass.
const (
	addTotals  = 1 << iota // to the totals of the runs before
	keepTotals             // for the runs to come, instead of ranking
)

// layOut lists the passes: block by block of centers, which stays in the
// second-level cache for all panels, and run by run of columns, of which panel
// and group stay in the first-level cache. The packed groups lie in this order.
func (c *Centers[T]) layOut() {
	p := &c.plan
	c.passes, c.groups = c.passes[:0], c.groups[:0]
	at, first := 0, 0
	for from := 0; from < p.Groups; from += p.Block {
		to, blockFirst := min(from+p.Block, p.Groups), first
		for column := 0; column < p.Depth; column += p.Chunk {
			depth := min(p.Chunk, p.Depth-column)
			run := 0
			if column > 0 {
				run |= addTotals
			}
			if column+depth < p.Depth {
				run |= keepTotals
			}
			first = blockFirst
			for g := from; g < to; {
				size, end := p.CenterTile, min(to, p.Large)
				if g >= p.Large {
					size, end = size-1, to
				}
				c.passes = append(c.passes, pass{at, end - g, size, first, column, depth, first - blockFirst, run})
				for ; g < end; g++ {
					c.groups = append(c.groups, group{at, size, first, column, depth})
					at += 1 + size*(1+depth)
					first += size
				}
			}
		}
	}
	c.group = grow(c.group, at)
}

// middle sets shift to the mean of some centers, evenly spread over all: near the
// middle of the rows, which keeps the products of the filter small, and needs no
// look at the rows. It changes no result.
func (c *Centers[T]) middle() {
	const most = 64
	m := c.source
	sum, n := grow(c.sum, m.D), min(m.N, most)
	c.sum = sum
	clear(sum)
	for i := range n {
		for j, v := range m.Row(i * m.N / n) {
			sum[j] += float64(v)
		}
	}
	for j, s := range sum {
		c.shift[j] = T(s / float64(n))
	}
}

// packGroup fills one group, and with the first columns what else is kept of its
// centers.
func (c *Centers[T]) packGroup(i int) {
	g := c.groups[i]
	start, cols := c.group[g.at:g.at+g.size], c.group[g.at+g.size+1:g.at+g.size+1+g.size*g.depth]
	c.group[g.at+g.size] = indexBits[T](g.first)
	to := min(g.column+g.depth, c.plain.D)
	shift := c.shift[g.column:to]
	for i := range g.size {
		k := g.first + i
		row := c.source.Row(k)
		start[i] = 0
		if g.column == 0 {
			copy(c.plain.Row(k), row)
			start[i] = T(c.halfNorm(row))
			c.half[k] = float64(start[i])
		}
		at := i
		for j, v := range row[g.column:to] {
			cols[at] = shift[j] - v
			at += g.size
		}
		for ; at < len(cols); at += g.size { // to the depth
			cols[at] = 0
		}
	}
}

// halfNorm returns half the squared distance of row to the shift.
func (c *Centers[T]) halfNorm(row []T) float64 {
	var s0, s1, s2, s3 float64 // four, so as not to wait for each other
	shift := c.shift[:len(row)]
	j := 0
	for ; j+3 < len(row); j += 4 {
		d0, d1, d2, d3 := float64(row[j]-shift[j]), float64(row[j+1]-shift[j+1]), float64(row[j+2]-shift[j+2]), float64(row[j+3]-shift[j+3])
		s0 += float64(d0 * d0)
		s1 += float64(d1 * d1)
		s2 += float64(d2 * d2)
		s3 += float64(d3 * d3)
	}
	for ; j < len(row); j++ {
		d := float64(row[j] - shift[j])
		s0 += float64(d * d)
	}
	return (s0 + s1 + s2 + s3) / 2
}

// indexBits returns the element whose bits are the integer k. The kernels only
// move it.
func indexBits[T Float](k int) T {
	var v T
	if elemSize[T]() == 4 {
		*(*uint32)(unsafe.Pointer(&v)) = uint32(k)
	} else {
		*(*uint64)(unsafe.Pointer(&v)) = uint64(k)
	}
	return v
}

// largestFinite returns the largest finite number of type T.
func largestFinite[T Float]() float64 {
	if elemSize[T]() == 4 {
		return math.MaxFloat32
	}
	return math.MaxFloat64
}

// boundOf returns the coefficients p0 p1 a b e e2 tiny most of the test that
// settles a row (doc.go, "How a label is proven"). largest is the greatest
// ½‖c‖² of the shifted centers. exact is true when the numbers are too large
// for the bound to hold: then every distance is computed directly. closer holds
// the coefficients of mayBeCloser.
//
// With u the unit roundoff and m the longest chain of roundings of a score, a
// score s = ½‖c‖² − x·c is off by at most E(c) = (m+34)·u·(‖x‖‖c‖ + ½‖c‖²)
// (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., §3.1; 4 of
// the 34 are for the two shifts, the norm and the subtraction of two scores, 30
// for the place in the group that replaces the 4 lowest bits of a score: at most
// 15 units in its last place, of 2u each). Two scores further
// apart than 2E order their centers correctly. ‖c‖ is at most the largest norm
// C, and, for any center that could still be the nearest, at most ‖x‖ + d with
// d² = ‖x‖² + 2s the squared distance of the best one. So 2E is at most
//
//	2(m+34)u·(‖x‖·C + ½C²)  and  2(m+34)u·(5/2·‖x‖² + 3/2·d²) = 2(m+34)u·(4‖x‖² + 3s).
//
// The label is that of the least computed distance, which is itself off by a
// factor 1 ± ε; for its order to be that of the exact distances the scores must
// be ε·d² further apart.
func boundOf[T Float](p kernel.Plan, d int, largest float64) (bound [8]T, closer [3]float64, exact bool) {
	const slack = 1.05 // second-order terms, and the rounding of the test itself
	u, tiny := 0x1p-24, 0x1p-126
	if elemSize[T]() == 8 {
		u, tiny = 0x1p-53, 0x1p-1022
	}
	if !(largest <= largestFinite[T]()/64) {
		return bound, closer, true
	}
	m := float64(min(p.Depth, p.Chunk) + (p.Depth+p.Chunk-1)/p.Chunk)
	if (m+34)*u > 0x1p-9 { // the slack no longer covers the second order
		return bound, closer, true
	}
	twoE := 2 * (m + 34) * u * slack
	w := lanes[T]()
	eps := float64(d+4) * u * slack
	if d >= w {
		eps = float64((d+w-1)/w+bits.Len(uint(w))+4) * u * slack
	}
	gamma := (max(m, float64(d)) + 70) * u * slack
	closer = [3]float64{1 + 2*eps + 4*u, 2*gamma*(1+2*gamma) - 1, 4*gamma*largest + tiny*float64(d+64)}
	if gamma > 0x1p-9 {
		closer[2] = math.Inf(1)
	}
	norm := 1 + 2*float64(d)*u // the squared norms of rows are rounded, too
	c := math.Sqrt(2*largest) * (1 + 4*u)
	return [8]T{
		T(twoE * c * c / 2 * norm),
		T(twoE * c * norm),
		T(twoE * 4 * norm),
		T(twoE * 3),
		T(eps * norm),
		T(2 * eps),
		T(tiny * float64(d+64)),   // underflow
		T(largestFinite[T]() / 8), // with ‖c‖² ≤ 1/32 of it, no distance of such a row overflows
	}, closer, false
}
