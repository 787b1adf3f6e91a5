package lloyd

import (
	"math"
	"unsafe"
)

// keptCall is what the kept routine needs: the arguments of nearest and settle for a number of
// panels whose rows all exist, and whose integers are known. The assembly knows the offsets.
type keptCall struct {
	state, panel unsafe.Pointer
	calledGroups
	labels, norms unsafe.Pointer
	residuals     unsafe.Pointer
	bound, others unsafe.Pointer
	seconds       unsafe.Pointer // of each panel, then its leasts
	factors       unsafe.Pointer
	decided       unsafe.Pointer // a pair of bit sets for each panel
	panels        int            // left
	bytes         int            // of a panel
	numbers       int            // bytes of a number for each row of a panel

	// Bytes that the routine has done of panel, of the numbers of rows, and of decided.
	panelsAt, numbersAt, decidedAt int

	thirds unsafe.Pointer // of a panel, which are not wanted
	wanted uint64         // panels, a bit each, from the next one on
}

// decided are the rows of a panel, a bit each, that integers settle, and those that they leave two
// centers.
type decided struct{ settled, paired uint64 }

// keptPanels labels the rows of the known panels that r has from row first on, x from row at on,
// whole ones and at most mostPanels, and returns the number of these rows. It does nothing where
// the kept routine does not serve.
func (c *Centers[T]) keptPanels(labels []int32, r *QuantizedRows[T], first int, x Matrix[T], at int, ws *Workspace[T]) int {
	if !c.quantized.atOnce() {
		return 0
	}
	tile := r.tile
	most := min(r.unordered(first, x.N-at)/tile, c.panelsAtOnce())
	panels := 0
	for panels < most && r.filled[first/tile+panels] {
		panels++
	}
	if panels == 0 {
		return 0
	}
	c.rankKept(labels, r, first, panels, allPanels, ws)
	all := uint64(1)<<tile - 1
	for i, d := range ws.quant.decided[:panels] {
		if d.settled != all {
			c.decidePanel(labels, i, x, at+i*tile, nil, ws)
		}
	}
	return panels * tile
}

// allPanels wants all panels of a call.
const allPanels = math.MaxUint64

// rankKept ranks the rows of those of n known panels from row first on that wanted, a bit each,
// says. It leaves in ws what decidePanel and asmGaps need.
func (c *Centers[T]) rankKept(labels []int32, r *QuantizedRows[T], first, n int, wanted uint64, ws *Workspace[T]) {
	q, s := &c.quantized, &ws.quant
	tile := r.tile
	s.keptBounds = grow(s.keptBounds, 2*mostPanels*tile)
	s.keptOthers = grow(s.keptOthers, mostPanels*tile)
	s.decided = grow(s.decided, mostPanels)
	ints, depth, norms, residuals := r.from(first)
	call := &s.call
	call.state, call.calledGroups, call.bound = ptr(s.state), q.called(ptr(q.packed), 4), ptr(q.bound[:])
	call.panel, call.norms, call.residuals, call.factors = ptr(ints), ptr(norms), ptr(residuals), ptr(r.factors[first:])
	call.labels, call.others, call.seconds, call.thirds, call.decided = ptr(labels), ptr(s.keptOthers), ptr(s.keptBounds), ptr(s.thirds), ptr(s.decided)
	call.panels, call.bytes, call.numbers, call.wanted = n, 4*depth*tile, 4*tile, wanted
	call.panelsAt, call.numbersAt, call.decidedAt = 0, 0, 0
	asmKept(c.level, unsafe.Pointer(call))
	call.labels = nil // it is the caller's
}

// decidePanel labels the rows of a panel that rankKept has ranked and integers have not all settled,
// as far as that has left them two centers, and lists those to which it has left more. They are
// rows of x from row at on, or, unless order is nil, those that it says, counted from that one.
func (c *Centers[T]) decidePanel(labels []int32, panel int, x Matrix[T], at int, order []uint8, ws *Workspace[T]) {
	s, tile := &ws.quant, c.quantized.plan.RowTile
	row := panel * tile
	c.decide(labels[row:row+tile], nil, s.decided[panel], nil, s.keptOthers[row:], x, at, order, ws)
}
