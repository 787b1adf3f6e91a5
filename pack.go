package lloyd

import (
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

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

// tiling is how centers lie packed for the nearest routine.
type tiling struct {
	plan   kernel.Plan
	passes []pass // of the routine over them
	groups []group
}

// layOut lists the passes: block by block of centers, which stays in the
// second-level cache for all panels, and run by run of columns, of which panel
// and group stay in the first-level cache. The packed groups lie in this order, and
// take the given number of elements.
func (t *tiling) layOut(plan kernel.Plan) (elements int) {
	t.plan = plan
	p := &t.plan
	t.passes, t.groups = t.passes[:0], t.groups[:0]
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
				t.passes = append(t.passes, pass{at, end - g, size, first, column, depth, first - blockFirst, run})
				for ; g < end; g++ {
					t.groups = append(t.groups, group{at, size, first, column, depth})
					at += 1 + size*(1+depth)
					first += size
				}
			}
		}
	}
	return at
}

// middle sets shift to the mean of some centers, evenly spread over all: near the
// middle of the rows, which keeps the products of the filter small, and needs no
// look at the rows. It changes no result.
func (c *Centers[T]) middle() {
	c.sum = grow(c.sum, c.source.D)
	middleOf(c.shift, c.sum, c.source)
}

// middleOf sets middle to the mean of some of the centers. sum has an element for each
// column.
func middleOf[T Float](middle []T, sum []float64, centers Matrix[T]) {
	const most = 64
	n := min(centers.N, most)
	clear(sum)
	for i := range n {
		for j, v := range centers.Row(i * centers.N / n) {
			sum[j] += float64(v)
		}
	}
	for j, s := range sum {
		middle[j] = T(s / float64(n))
	}
}

// later is whether groups are still to be packed: those in floating point where integers of
// rows that are kept hardly ever leave a row to them.
type later struct {
	pending atomic.Bool
	one     sync.Mutex
}

// packLater packs the groups that Pack has put off, if it has. It may be called by several
// goroutines.
func (c *Centers[T]) packLater(each func(n, operations int, do func(i int))) {
	if !c.later.pending.Load() {
		return
	}
	c.later.one.Lock()
	defer c.later.one.Unlock()
	if c.later.pending.Load() {
		c.source = c.plain
		c.packGroups(each)
		c.source = Matrix[T]{}
		c.later.pending.Store(false)
	}
}

// packGroups fills all groups.
func (c *Centers[T]) packGroups(each func(n, operations int, do func(i int))) {
	p := &c.plan
	each(len(c.groups), packing*p.CenterTile*min(p.Depth, p.Chunk), c.packOne)
}

// keepAll copies the centers, and takes their norms; if some are packed for the same rows, only of
// those that have moved.
func (c *Centers[T]) keepAll(packed bool) {
	n := c.source.N
	copy(c.shift, c.rows.shift)
	stays := grow(c.quantized.stays, n)
	for k := range n {
		if stays[k] = packed && bitsOfRow(c.plain, k) == bitsOfRow(c.source, k); !stays[k] {
			c.keep(k)
		}
	}
	c.quantized.stays = stays
}

// bitsOfRow returns the bits of a row, for comparisons: as a string, of which several bytes are
// compared at a time.
func bitsOfRow[T Float](m Matrix[T], i int) string {
	return unsafe.String((*byte)(ptr(m.Row(i))), m.D*elemSize[T]())
}

// keep copies a center, and takes its norm.
func (c *Centers[T]) keep(k int) {
	row := c.source.Row(k)
	copy(c.plain.Row(k), row)
	c.half[k] = float64(T(c.halfNorm(row)))
}

// packGroup fills one group, and with the first columns what else is kept of its
// centers.
func (c *Centers[T]) packGroup(i int) {
	g, kept := c.groups[i], c.later.pending.Load()
	start, cols := c.group[g.at:g.at+g.size], c.group[g.at+g.size+1:g.at+g.size+1+g.size*g.depth]
	c.group[g.at+g.size] = indexBits[T](g.first)
	to := min(g.column+g.depth, c.plain.D)
	shift := c.shift[g.column:to]
	for i := range g.size {
		k := g.first + i
		row := c.source.Row(k)
		start[i] = 0
		if g.column == 0 {
			if !kept {
				c.keep(k)
			}
			start[i] = T(c.half[k])
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
