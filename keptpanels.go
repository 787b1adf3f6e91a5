package lloyd

import (
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// keptCall is what the kept routine needs: the arguments of nearest and settle for a number of
// panels whose rows all exist, and whose integers are known. The assembly knows the offsets.
type keptCall struct {
	state, panel unsafe.Pointer
	calledGroups
	labels, norms unsafe.Pointer
	residuals     unsafe.Pointer
	bound, others unsafe.Pointer
	bounds        unsafe.Pointer // of a panel, which are not wanted
	factors       unsafe.Pointer
	decided       unsafe.Pointer // a pair of bit sets for each panel
	panels        int            // left
	bytes         int            // of a panel
	numbers       int            // bytes of a number for each row of a panel

	// Bytes that the routine has done of panel, of the numbers of rows, and of decided.
	panelsAt, numbersAt, decidedAt int
}

// decided are the rows of a panel, a bit each, that integers settle, and those that they leave two
// centers.
type decided struct{ settled, paired uint64 }

// keptPanels labels the rows of the known panels that kept has from row first on, x from row at on,
// whole ones and at most mostPanels, and returns the number of these rows. It does nothing where
// the kept routine does not serve: when there are several blocks of centers or runs of columns.
func (c *Centers[T]) keptPanels(labels []int32, kept *QuantizedRows[T], first int, x Matrix[T], at int, ws *Workspace[T]) int {
	q, s := &c.quantized, &ws.quant
	p := &q.plan
	tile := p.RowTile
	most := min((x.N-at)/tile, mostPanels, kernel.MaxMultiplyAdds/(tile*p.Depth*c.plain.N))
	if p.Depth > p.Chunk || len(q.passes) > 2 || p.Groups > p.Block {
		return 0
	}
	panels := 0
	for panels < most && kept.filled[first/tile+panels] {
		panels++
	}
	if panels == 0 {
		return 0
	}
	s.others = grow(s.others, mostPanels*tile)
	s.decided = grow(s.decided, mostPanels)
	ints, depth, norms, residuals := kept.from(first)
	call := &s.call
	*call = keptCall{
		state: ptr(s.state), panel: ptr(ints), calledGroups: q.called(ptr(q.packed), 4),
		labels: ptr(labels), norms: ptr(norms), residuals: ptr(residuals), bound: ptr(q.bound[:]), others: ptr(s.others),
		bounds: ptr(s.seconds), factors: ptr(kept.factors[first:]), decided: ptr(s.decided),
		panels: panels, bytes: 4 * depth * tile, numbers: 4 * tile,
	}
	asmKept(c.level, unsafe.Pointer(call))
	*call = keptCall{}
	all := uint64(1)<<tile - 1
	for i, d := range s.decided[:panels] {
		if d.settled != all {
			row := i * tile
			c.decide(labels[row:row+tile], nil, d, norms[row:], s.others[row:], x, at+row, ws)
		}
	}
	return panels * tile
}
