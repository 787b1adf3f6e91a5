package lloyd

import "unsafe"

// Workspace is the scratch memory of Nearest: a panel of rows and K distances.
// One serves one call at a time; keeping it saves the allocation.
type Workspace[T Float] struct {
	memory  []T
	panel   []T // panels of depth columns of RowTile elements
	depth   int
	norms   []T     // of the rows of the panels
	state   []T     // of each panel
	totals  []T     // of each panel, for a block of centers
	scores  []T     // of each panel, for all centers, if they are to be kept
	dist    []T     // of one row to all centers
	labels  []int32 // of one panel, or several of the direct method
	next    []T     // the runners-up, or distances, of those rows
	narrow  []T     // panels of the direct method
	seconds []T     // second least distances of their rows

	settled []uint64 // of several panels
	call    panelCall
	quant   quantSpace[T]
	coarse  coarseSpace[T]
	leading coarseSpace[T]

	// Rows counts the rows given to Nearest with this workspace, Direct those
	// of them whose distances were all computed directly, because the filter
	// does not apply to their shape or could not prove their label.
	Rows, Direct int64
	// Integers counts the rows that were ranked by integers of 8 or 16 bits first, Open those
	// of them that had to be ranked in floating point after all.
	Integers, Open int64
	// Listed counts the distances that the ranking by 8-bit integers left to compute.
	Listed int64
}

// Reset makes w as good as new, but for its memory.
func (w *Workspace[T]) Reset() {
	w.Rows, w.Direct, w.Integers, w.Open, w.Listed = 0, 0, 0, 0, 0
	w.quant.pause, w.coarse.pause, w.leading.pause = pause{}, pause{}, pause{}
}

// alignment of the panel and the state, in bytes: a cache line.
const alignment = 64

func (w *Workspace[T]) fit(c *Centers[T]) {
	p := &c.plan
	es := elemSize[T]()
	unit := alignment / es
	w.depth = (p.Depth + 15) / 16 * 16
	panel, norms, state, totals := p.Panels*w.depth*p.RowTile, max(p.Panels, mostPanels)*p.RowTile, p.Panels*3*p.RowTile, 0
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
	w.labels, w.next = grow(w.labels, p.RowTile), grow(w.next, mostPanels*p.RowTile)
	w.dist = grow(w.dist, c.plain.N)
}

// carver cuts aligned memory into parts.
type carver []int32

func newCarver(n int) carver { return carverOf(make([]int32, roomOf(n))) }

// roomOf is the number of elements from which n aligned ones may be cut.
func roomOf(n int) int { return n + alignment/4 }

func carverOf(m []int32) carver {
	return m[(alignment-int(uintptr(unsafe.Pointer(&m[0]))%alignment))%alignment/4:]
}

func (c *carver) cut(n int) (part []int32) {
	part, *c = (*c)[:n:n], (*c)[n:]
	return part
}

func (c *carver) cutFloats(n int) []float32 {
	part := c.cut(n)
	return unsafe.Slice((*float32)(ptr(part)), n)
}
