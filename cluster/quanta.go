package cluster

import "math"

// quanta is the unit in which bounds of a byte are kept, and how far the centers have
// drifted in it since the bounds were taken. Everything is rounded to the safe side.
type quanta struct {
	sums  []float64 // of the drifts of each center since the bounds were taken
	drift []uint8   // the same, rounded up
	own   []float32 // of each center since the last E-step

	by     []uint8 // what is taken off the bytes of each center in this E-step, see shift
	shifts bool    // something is

	unit, off, gone float64 // see precision
	scale           float64 // quanta in a unit of distance
	slack           float64 // gone, in quanta
	keep, over      float64 // see hamerly; its inverse, or a little more
	columns         int
}

const (
	// pairBias is the byte of a difference of 0, ownByte that of a center that is looked at
	// in any case.
	pairBias, ownByte = 64, 255
	// shiftFrom is the number of quanta from which drifts are taken off the bytes.
	shiftFrom = 32
)

func newQuanta[T element](f *fit[T]) quanta {
	q := quanta{sums: make([]float64, f.k), drift: make([]uint8, f.k), own: make([]float32, f.k), by: make([]uint8, f.k), columns: f.x.D}
	q.unit, q.off, q.gone = precision(f)
	q.gone += 0x1p-90
	q.keep = 1 - 4*q.off - 0x1p-20
	q.over = 1 / q.keep * (1 + 0x1p-50)
	return q
}

// set sets the quantum, a distance, for bounds that are about to be taken.
func (q *quanta) set(quantum float64) {
	q.scale = q.unit / max(quantum*q.unit, 0x1p-16)
	q.slack = q.gone / q.unit * q.scale
	clear(q.sums)
	clear(q.drift)
	clear(q.own)
}

// moved takes the squared shifts of an M-step.
func (q *quanta) moved(shift []float64) {
	for k, s := range shift {
		if s == 0 {
			q.own[k] = 0
			continue
		}
		d := math.Sqrt(s)*q.scale*(1+0x1p-40+float64(q.columns)*0x1p-53) + q.slack
		q.own[k] = float32(d * (1 + 0x1p-20))
		q.sums[k] = (q.sums[k] + d) * (1 + 0x1p-50)
		q.drift[k] = uint8(min(math.Ceil(q.sums[k]), 255))
	}
}

// step is the sum of the drifts in the last M-step.
func (q *quanta) step() (sum float64) {
	for _, d := range q.own {
		sum += float64(d)
	}
	return max(sum, 0x1p-30)
}

// shift takes whole quanta off the drifts once they are many, so that bounds of distances
// that are computed from then on fit a byte. It sets by to how many: in the next E-step they
// are to be taken off the bytes, too.
func (q *quanta) shift() {
	most := 0.
	for _, s := range q.sums {
		most = max(most, s)
	}
	if q.shifts = most >= shiftFrom; !q.shifts {
		return
	}
	for k, s := range q.sums {
		q.by[k] = uint8(min(s, 255))
		q.sums[k] = s - float64(q.by[k]) // exact
		q.drift[k] = uint8(min(math.Ceil(q.sums[k]), 255))
	}
}

// lower is the byte for a lower bound, in quanta above the base, of the distance to a
// center where it is now.
func (q *quanta) lower(b float64, center int32) uint8 {
	b += q.sums[center]*(1-0x1p-30) + pairBias
	switch {
	case b >= ownByte-1:
		return ownByte - 1
	case b > 0:
		return uint8(int32(b))
	}
	return 0
}

// bar is the byte below which a bound does not settle a distance of up to upper, in quanta
// above the base.
func (q *quanta) bar(upper float64) uint8 {
	switch b := upper + pairBias + 1; {
	case b < 1:
		return 1
	case b < ownByte:
		return uint8(int32(b))
	}
	return ownByte // for a NaN, too, where the quanta overflow: nothing is settled
}
