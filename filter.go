package lloyd

import (
	"math"
	"math/bits"
	"unsafe"
)

// placeBits is the number of bits that tell the centers of a group apart.
const placeBits = 4

// filterPanels ranks the centers by score, and computes the distances of the
// rows that the ranking does not settle.
func (c *Centers[T]) filterPanels(labels []int32, dist, second []T, x Matrix[T], ws *Workspace[T]) {
	ws.fit(c)
	c.packLater(serially)
	p := &c.plan
	tile := p.RowTile
	for panel := range p.Panels {
		resetState(ws.state[panel*3*tile:], tile)
	}
	unsettled := 0
	for i := 0; i < x.N; {
		if unsettled > 4*tile && unsettled*4 > i { // the filter does not pay here
			c.directPanels(labels[i:], tailOf(dist, i), tailOf(second, i), x.Rows(i, x.N), ws)
			return
		}
		if rows, open := c.wholePanels(labels[i:], tailOf(dist, i), tailOf(second, i), x.Rows(i, x.N), ws); rows > 0 {
			unsettled += open
			i += rows
			continue
		}
		block := min(p.Panels*tile, x.N-i)
		panels := (block + tile - 1) / tile
		c.fill(ws, x, i, panels)
		ahead, lines := c.ahead(x, i+block, block)
		c.rank(ws, panels, ahead, lines)
		for panel := range panels {
			unsettled += c.settle(labels, dist, second, x, ws, i+panel*tile, panel)
		}
		i += block
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
	unlabel(labels[at:], open)
	if dist != nil {
		c.ownDistances(dist[at:at+n], labels[at:at+n], x.Rows(at, at+n))
	}
	if second != nil {
		c.leasts(second[at:at+n], ws.norms[panel*tile:], ws.next)
	}
	c.open(labels, dist, second, x, at, open, ws)
	return unsettled
}

// leasts sets second to lower bounds of the squared distance of rows of the given
// squared norms to all centers with the given score or a greater one: the other side
// of what mayBeCloser says. A score of +Inf is that of no center.
func (c *Centers[T]) leasts(second, norms, scores []T) {
	scale, norm, fixed := (1-0x1p-50)/c.closer[0], c.closer[1], c.closer[2]
	norms, scores = norms[:len(second)], scores[:len(second)]
	for i, s := range scores {
		v := T((2*float64(s) - float64(norms[i])*norm - fixed) * scale)
		if !(v > 0) {
			v = 0
		}
		second[i] = v
	}
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
	c.packLater(serially)
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
