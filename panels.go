package lloyd

import (
	"math/bits"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// panelCall is what the panels routine needs: the arguments of pack, nearest and
// settle for a number of panels whose rows all exist. The assembly knows the offsets.
type panelCall struct {
	panel, norms, x, shift unsafe.Pointer
	rows, ld, columns      int // of a panel; elements from row to row; of a row

	state unsafe.Pointer
	calledGroups
	labels, next  unsafe.Pointer
	bound         unsafe.Pointer
	settled       unsafe.Pointer // a bit set for each panel
	bytes, panels int            // of the rows of a panel; panels left

	// Bytes that the routine has done of x, labels, settled, and norms and next.
	rowsAt, labelsAt, settledAt, numbersAt int
	numbers                                int // bytes of a number for each row of a panel
}

// calledGroups is where a routine that ranks by all groups finds them: all centers are one block
// and one run of columns.
type calledGroups struct {
	groups       unsafe.Pointer // the groups of full size
	count, size  int
	depth        int
	smaller      unsafe.Pointer // those of one center less
	smallerCount int
	smallerSize  int
}

// called returns the groups of the passes, of which there are one or two, packed in elements of the
// given size.
func (t *tiling) called(packed unsafe.Pointer, size int) calledGroups {
	full := &t.passes[0]
	g := calledGroups{groups: unsafe.Add(packed, full.at*size), count: full.groups, size: full.size, depth: full.depth}
	if len(t.passes) == 2 {
		smaller := &t.passes[1]
		g.smaller, g.smallerCount, g.smallerSize = unsafe.Add(packed, smaller.at*size), smaller.groups, smaller.size
	}
	return g
}

// mostPanels is the largest number of panels in one call.
const mostPanels = 64

// wholePanels labels the rows of the whole panels at the beginning of x, at most
// mostPanels of them, and returns the number of those rows, and how many of them
// took the distances to all centers. It does nothing where the panels routine does
// not serve: when there are several blocks of centers or runs of columns.
func (c *Centers[T]) wholePanels(labels []int32, dist, second []T, x Matrix[T], ws *Workspace[T]) (rows, unsettled int) {
	p := &c.plan
	tile := p.RowTile
	panels := min(x.N/tile, mostPanels, kernel.MaxMultiplyAdds/(tile*p.Depth*c.plain.N))
	if p.Panels > 1 || p.Depth > p.Chunk || panels == 0 || len(c.passes) > 2 {
		return 0, 0
	}
	ws.settled = grow(ws.settled, mostPanels)
	call := &ws.call
	*call = panelCall{
		panel: ptr(ws.panel), norms: ptr(ws.norms), x: x.ptr(), shift: ptr(c.shift),
		rows: tile, ld: x.LD, columns: x.D,
		state: ptr(ws.state), calledGroups: c.called(ptr(c.group), elemSize[T]()),
		labels: ptr(labels), next: ptr(ws.next), bound: ptr(c.bound[:]), settled: ptr(ws.settled),
		bytes: tile * x.LD * elemSize[T](), panels: panels, numbers: tile * elemSize[T](),
	}
	asmPanels[T](c.level, unsafe.Pointer(call))
	*call = panelCall{}
	rows = panels * tile
	for i, settled := range ws.settled[:panels] {
		open := ^settled & (1<<tile - 1)
		ws.settled[i] = open
		unsettled += bits.OnesCount64(open)
		unlabel(labels[i*tile:], open)
	}
	if dist != nil {
		c.ownDistances(dist[:rows], labels, x.Rows(0, rows))
	}
	if second != nil {
		c.leasts(second[:rows], ws.norms, ws.next)
	}
	for i := 0; unsettled > 0 && i < panels; i++ {
		c.open(labels, dist, second, x, i*tile, ws.settled[i], ws)
	}
	return rows, unsettled
}

// unlabel gives the rows that a bit set holds the label 0: theirs may be none.
func unlabel(labels []int32, open uint64) {
	for ; open != 0; open &= open - 1 {
		labels[bits.TrailingZeros64(open)] = 0
	}
}

// open labels the rows from row at on that a bit set holds, by the distances to
// all centers.
func (c *Centers[T]) open(labels []int32, dist, second []T, x Matrix[T], at int, open uint64, ws *Workspace[T]) {
	for ; open != 0; open &= open - 1 {
		c.directRow(labels, dist, second, x, at+bits.TrailingZeros64(open), ws)
	}
}
