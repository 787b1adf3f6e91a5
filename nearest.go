package lloyd

import (
	"fmt"
	"math"
	"math/bits"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Workspace is the scratch memory of Nearest: a panel of rows and K distances.
// One serves one call at a time; keeping it saves the allocation.
type Workspace[T Float] struct {
	memory []T
	panel  []T // panels of depth columns of RowTile elements
	depth  int
	norms  []T     // of the rows of the panels
	state  []T     // of each panel
	totals []T     // of each panel, for a block of centers
	scores []T     // of each panel, for all centers, if they are to be kept
	dist   []T     // of one row to all centers
	labels []int32 // of one panel, or several of the direct method
	next   []T     // the runners-up, or distances, of those rows
	narrow []T     // panels of the direct method

	// Rows counts the rows given to Nearest with this workspace, Direct those
	// of them whose distances were all computed directly, because the filter
	// does not apply to their shape or could not prove their label.
	Rows, Direct int64
}

// placeBits is the number of bits that tell the centers of a group apart.
const placeBits = 4

// alignment of the panel and the state, in bytes: a cache line.
const alignment = 64

func (w *Workspace[T]) fit(c *Centers[T]) {
	p := &c.plan
	es := elemSize[T]()
	unit := alignment / es
	w.depth = (p.Depth + 15) / 16 * 16
	panel, norms, state, totals := p.Panels*w.depth*p.RowTile, p.Panels*p.RowTile, p.Panels*3*p.RowTile, 0
	if p.Depth > p.Chunk {
		totals = p.Panels * p.Block * p.CenterTile * p.RowTile
	}
	need := panel + norms + state + totals + unit
	if cap(w.memory) < need {
		w.memory = make([]T, need)
		w.panel = nil
	}
	if len(w.panel) != panel || len(w.norms) != norms || len(w.totals) != totals {
		m := w.memory[:need]
		if off := int(uintptr(unsafe.Pointer(&m[0])) % alignment); off != 0 {
			m = m[(alignment-off)/es:]
		}
		w.panel, m = m[:panel], m[panel:]
		w.norms, m = m[:norms], m[norms:]
		w.state, m = m[:state], m[state:]
		w.totals = m[:totals]
	}
	w.labels, w.next = grow(w.labels, p.RowTile), grow(w.next, p.RowTile)
	w.dist = grow(w.dist, c.plain.N)
}

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
// and C the largest norm of a center, norms taken about the mean of the centers,
// and not below 0; +Inf when there is only one center. second needs N elements.
// Unlike labels and distances it may differ from level to level. The error wraps
// ErrShape.
func (c *Centers[T]) NearestTwo(labels []int32, dist, second []T, x Matrix[T], ws *Workspace[T]) error {
	if err := kernel.CheckLength("second", len(second), x.N); err != nil {
		return err
	}
	if second == nil {
		second = []T{} // no rows, but wanted
	}
	return c.nearest(labels, dist, second, x, ws)
}

func (c *Centers[T]) nearest(labels []int32, dist, second []T, x Matrix[T], ws *Workspace[T]) error {
	if err := x.check("x"); err != nil {
		return err
	}
	if x.D != c.plain.D {
		return fmt.Errorf("%w: x has %d columns, the centers have %d", ErrShape, x.D, c.plain.D)
	}
	if err := kernel.CheckLength("labels", len(labels), x.N); err != nil {
		return err
	}
	if dist != nil {
		if err := kernel.CheckLength("dist", len(dist), x.N); err != nil {
			return err
		}
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
	default:
		c.filterPanels(labels, dist, second, x, ws)
	}
	return nil
}

// directPanels computes every distance, Σ(x−c)²: panel by panel for D below the
// lane count, row by row otherwise and when the second least is wanted.
func (c *Centers[T]) directPanels(labels []int32, dist, second []T, x Matrix[T], ws *Workspace[T]) {
	if x.D >= lanes[T]() || second != nil {
		for i := range x.N {
			c.directRow(labels, dist, second, x, i, ws)
		}
		return
	}
	ws.narrow = grow(ws.narrow, narrowSize[T](x.D))
	ws.labels, ws.next = grow(ws.labels, narrowPanels*lanes[T]()), grow(ws.next, narrowPanels*lanes[T]())
	ws.Direct += int64(x.N)
	tile := lanes[T]()
	panels := max(1, min(narrowPanels, kernel.MaxMultiplyAdds/(tile*x.D*c.plain.N)))
	for i := 0; i < x.N; {
		n := x.narrow(c.level, ws.narrow, i, panels)
		rows := min(n*tile, x.N-i)
		l, d := ws.labels, ws.next
		if rows == n*tile {
			l = labels[i : i+rows]
			if dist != nil {
				d = dist[i : i+rows]
			}
		}
		asmDirect[T](ptr(l), ptr(d), ptr(ws.narrow), ptr(c.plain.Data), c.plain.N, x.D, n)
		if rows < n*tile {
			copy(labels[i:i+rows], l)
			if dist != nil {
				copy(dist[i:i+rows], d)
			}
		}
		i += rows
	}
}

// filterPanels ranks the centers by score, and computes the distances of the
// rows that the ranking does not settle.
func (c *Centers[T]) filterPanels(labels []int32, dist, second []T, x Matrix[T], ws *Workspace[T]) {
	ws.fit(c)
	p := &c.plan
	tile := p.RowTile
	for panel := range p.Panels {
		resetState(ws.state[panel*3*tile:], tile)
	}
	unsettled := 0
	for i := 0; i < x.N; i += p.Panels * tile {
		if unsettled > 4*tile && unsettled*4 > i { // the filter does not pay here
			c.directPanels(labels[i:], tailOf(dist, i), tailOf(second, i), x.Rows(i, x.N), ws)
			return
		}
		block := min(p.Panels*tile, x.N-i)
		panels := (block + tile - 1) / tile
		c.fill(ws, x, i, panels)
		ahead, lines := c.ahead(x, i+block, block)
		c.rank(ws, panels, ahead, lines)
		for panel := range panels {
			unsettled += c.settle(labels, dist, second, x, ws, i+panel*tile, panel)
		}
	}
}

// settle labels the rows of a panel, which begins at row at, and returns the
// number of those that took the distances to all centers.
func (c *Centers[T]) settle(labels []int32, dist, second []T, x Matrix[T], ws *Workspace[T], at, panel int) int {
	tile := c.plan.RowTile
	n := min(tile, x.N-at)
	l := ws.labels
	if n == tile {
		l = labels[at : at+tile]
	}
	open := ^asmSettle[T](c.level, ptr(l), ptr(ws.next), ptr(ws.state[panel*3*tile:]), ptr(ws.norms[panel*tile:]), ptr(c.bound[:])) & (1<<n - 1)
	if n < tile {
		copy(labels[at:at+n], l)
	}
	unsettled := bits.OnesCount64(open)
	for rest := open; rest != 0; rest &= rest - 1 { // theirs may be no label at all
		labels[at+bits.TrailingZeros64(rest)] = 0
	}
	if dist != nil {
		c.ownDistances(dist[at:at+n], labels[at:at+n], x.Rows(at, at+n))
	}
	if second != nil {
		for i := range n {
			second[at+i] = c.least(ws.norms[panel*tile+i], ws.next[i])
		}
	}
	for ; open != 0; open &= open - 1 {
		c.directRow(labels, dist, second, x, at+bits.TrailingZeros64(open), ws)
	}
	return unsettled
}

// least is a lower bound of the squared distance to a row of the given squared
// norm of all centers with the given score or a greater one: the other side of
// what mayBeCloser says.
func (c *Centers[T]) least(norm, score T) T {
	if math.IsInf(float64(score), 1) { // of no center
		return score
	}
	return T(max(0, (2*float64(score)-float64(norm)*c.closer[1]-c.closer[2])/c.closer[0]))
}

// fill fills the first n panels of ws with the rows of x from row i on.
func (c *Centers[T]) fill(ws *Workspace[T], x Matrix[T], i, n int) {
	tile := c.plan.RowTile
	for panel := range n {
		at := i + panel*tile
		asmPack[T](c.level, ptr(ws.panel[panel*ws.depth*tile:]), ptr(ws.norms[panel*tile:]), ptr(x.Data[at*x.LD:]), ptr(c.shift), min(tile, x.N-at), x.LD, x.D)
	}
}

// ahead is the address of row i, which need not exist, and the number of cache
// lines of n rows from there on, when fetching them ahead of time is of use: pack
// does it for single panels of few columns.
func (c *Centers[T]) ahead(x Matrix[T], i, n int) (at uintptr, lines int) {
	if x.LD >= 2*x.D || c.plan.Panels == 1 && x.D <= 256 {
		return 0, 0
	}
	es := elemSize[T]()
	return uintptr(x.ptr()) + uintptr(i*x.LD*es), n * x.LD * es / alignment
}

// rank ranks all centers for the first n panels of ws. Meanwhile it fetches the
// memory ahead into the cache.
func (c *Centers[T]) rank(ws *Workspace[T], n int, ahead uintptr, lines int) {
	c.score(ws, n, false, ahead, lines)
}

// score scores all centers for the first n panels of ws, and ranks them, or keeps
// the scores: those of a panel's rows for each center in ws.scores.
func (c *Centers[T]) score(ws *Workspace[T], n int, keep bool, ahead uintptr, lines int) {
	tile := c.plan.RowTile
	perGroup := 0
	if lines > 0 {
		perGroup = (lines-1)/(n*len(c.groups)) + 1
		if perGroup > 8 { // the memory is the bottleneck anyway
			perGroup = 0
		}
	}
	kept, stride := ws.totals, c.plan.Block*c.plan.CenterTile // of a panel
	if keep {
		kept, stride = ws.scores, c.plain.N
	}
	for i := range c.passes {
		p := &c.passes[i]
		run, total := p.run, p.total
		if keep {
			run, total = run|keepTotals, p.first
		}
		for panel := range n {
			var totals unsafe.Pointer
			if run != 0 {
				totals = ptr(kept[(panel*stride+total)*tile:])
			}
			asmNearest[T](c.level, ptr(ws.state[panel*3*tile:]), ptr(ws.panel[(panel*ws.depth+p.column)*tile:]), ptr(c.group[p.at:]), totals, p.groups, p.size, p.depth, run, ahead, perGroup)
			if lines -= p.groups * perGroup; lines <= 0 {
				perGroup = 0
			} else {
				ahead += uintptr(p.groups * perGroup * alignment)
			}
		}
	}
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

// ownDistances sets dist to the distances of rows to the centers of their labels.
func (c *Centers[T]) ownDistances(dist []T, labels []int32, x Matrix[T]) {
	pairs(c.level, squaredL2, dist, 1, x, c.plain, labels)
}

// resetState sets best and runner-up to +Inf and the index to 0; settle leaves
// the state like that.
func resetState[T Float](state []T, tile int) {
	for i := range 2 * tile {
		state[i] = T(math.Inf(1))
	}
	clear(state[2*tile : 3*tile])
}

func tailOf[T Float](s []T, i int) []T {
	if s == nil {
		return nil
	}
	return s[i:]
}

func ptr[T any](s []T) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(s)) }
