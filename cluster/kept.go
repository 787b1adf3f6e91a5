package cluster

import (
	"math"

	"github.com/seed-fbf9ce71/lloyd"
)

// keep makes room for integers of the rows of a small fit in which no bounds of pairs come
// first, where these are of use and their memory may be had. (In a large one, the rows that
// move have to come from memory then, and the integers, too.)
func (r *run[T]) keep() error {
	const few, row = 2, 18 // iterations; bytes besides the columns
	if !r.small(&r.cost) || r.source != nil || r.elkan != nil || r.maxIter <= few || float64(r.x.N)*float64(2*r.x.D+row) > float64(r.memory) {
		return nil
	}
	kept := r.spare.kept
	if kept == nil {
		kept = new(lloyd.QuantizedRows[T])
	}
	use, err := kept.Reset(r.x.N, r.centers)
	if use {
		r.kept, r.hamerly = kept, nil // gaps do without the bounds of each row
		r.packed.UseRows(kept)
	}
	return err
}

// keepOn goes by the gaps of kept rows: when so many rows still move that there will be some more
// iterations, and unless the last E-step found that centers move too far for that, or left next to
// none of the rows out; then there is a rest.
func (r *run[T]) keepOn() mode {
	const rest, few, share = 3, 256, 8
	switch {
	case r.mode != gapped && few*r.moved < int64(r.x.N):
		return plain
	case r.mode != gapped:
		r.gapSteps = 0
	case r.kept.Ordered() == 0 || r.gapSteps > 1 && share*r.leftOut < r.x.N: // the first step takes them
		r.rest = rest - 1
		return plain
	}
	r.gapSteps++
	return gapped
}

// longestTwo is what two centers may have moved in an M-step with the given squared shifts,
// together.
func longestTwo(shift []float64) float64 {
	var first, second float64
	for _, s := range shift {
		if s > first {
			first, second = s, first
		} else if s > second {
			second = s
		}
	}
	return (math.Sqrt(first)+math.Sqrt(second))*(1+0x1p-20) + 0x1p-500 // squares may have vanished
}
