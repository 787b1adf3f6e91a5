package lloyd

import (
	"fmt"
	"math"
	"slices"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Estimates are K centers of D elements in integers of 8 bits, for lower bounds of the
// distances of listed pairs that take half the time, and a quarter of the memory traffic, of
// the distances themselves.
//
// A row x and a center c, both less a shift, become integers p = rint(σwx) of 16 bits and
// q = rint(τc/w) of 8, each with a scale of its own; the weights w, powers of two, make the
// columns of the centers about as large. With ρ = ‖c − wq/τ‖ and δ = p − σwx, no element of
// which is more than about ½,
//
//	|x·c − p·q/(στ)| ≤ ‖x‖·ρ + ‖δ‖·‖q‖/(στ)
//
// (Cauchy and Schwarz), and ‖x−c‖² = ‖x‖² + ‖c‖² − 2x·c. The sum p·q is exact: σ is such
// that ‖p‖·‖q‖ < 2³¹.
//
// It is safe for concurrent use by LowerBounds, not while Set runs.
type Estimates[T Float] struct {
	level   kernel.Level
	k, d    int
	width   int // of a row of integers
	shift   []T
	shift32 []float32
	weights []float32 // of the columns of rows; those of centers are divided by them
	tops    []float64 // the largest magnitudes of the columns of some centers
	integer []int8
	centers []estimate
	terms   []int32 // 32768·Σq, which levels with rows in two planes of bytes take off
	most    float64 // the largest ‖q‖, or 1
	factor  float64 // what a bound of the distance is multiplied by to bound what SquaredL2 returns
	tiny    float64 // and what that may lose when it vanishes
	source  Matrix[T]
	setOne  func(i int)
}

// estimate is what is known of a center: 1/τ, bounds of ρ and of ‖q‖/τ, and a lower bound of
// ‖c‖². Of a row, the coefficients of these, and what is left: with s the sum of the
// products, the first times p·q, the bound is rest − s.
type estimate struct {
	of   [4]float64
	rest float64
}

// EstimateSpace is the scratch memory of LowerBounds.
type EstimateSpace[T Float] struct {
	slots   []int32 // of the rows; −1: it has no integers yet
	slot    []int32 // of the pairs
	rows    []estimate
	integer []int16
	row     []float32
}

const (
	// estimateUnit is what the width of a row of integers is a multiple of, estimateBlock
	// what the number of floats is of which a routine makes them.
	estimateUnit, estimateBlock = 64, 16
	// estimateRow, estimateCenter are the largest integers, estimateLight is the least weight.
	estimateRow, estimateCenter, estimateLight = 32000, 127, 0x1p-10
	// estimateColumns is the number of columns from which lower bounds are worth while.
	estimateColumns = 384
	// estimateSmall, estimateLarge: of rows and centers with smaller or larger squared norms
	// nothing is said.
	estimateSmall, estimateLarge = 0x1p-60, 0x1p100
)

// EstimatesFaster reports whether Estimates.LowerBounds is faster than SquaredL2Listed for D
// = d columns, at the level in use.
func EstimatesFaster(d int) bool {
	level, err := kernel.Active()
	return err == nil && listedPairs && level != kernel.Generic && d >= estimateColumns && d <= quantizedMost
}

// Set replaces the centers by m (K×D, K ≥ 1), for the level in use, with the work in the
// caller's hands (see Centers.PackEach). m is copied. Errors are those of PackCenters.
func (e *Estimates[T]) Set(m Matrix[T], each func(n, operations int, do func(i int))) error {
	level, err := levelFor(m)
	if err != nil {
		return err
	}
	e.level, e.k, e.d, e.width = level, m.N, m.D, max(1, (m.D+estimateUnit-1)/estimateUnit)*estimateUnit
	e.integer, e.centers, e.terms = grow(e.integer, e.k*e.width), grow(e.centers, e.k), grow(e.terms, e.k)
	e.shift32, e.weights = grow(e.shift32, e.width), grow(e.weights, e.width)
	clear(e.shift32)
	clear(e.weights)
	e.weigh(m)
	u, tiny := precisionOf[T]()
	e.factor = 1 - 1.05*float64(m.D+16)*u - 0x1p-40
	e.tiny = float64(m.D+64) * tiny
	if e.setOne == nil {
		e.setOne = e.setCenter
	}
	e.source = m
	each(m.N, packing*m.D, e.setOne)
	e.source = Matrix[T]{}
	e.most = 1
	for _, c := range e.centers {
		if c.of[0] > 0 {
			e.most = max(e.most, c.of[2]/c.of[0])
		}
	}
	return nil
}

// weigh sets shift and weights, from some of the centers.
func (e *Estimates[T]) weigh(m Matrix[T]) {
	const some = 64
	e.shift, e.tops = grow(e.shift, e.d), grow(e.tops, e.d)
	middleOf(e.shift, e.tops, m)
	clear(e.tops)
	n := min(m.N, some)
	for i := range n {
		for j, v := range m.Row(i * m.N / n) {
			e.tops[j] = max(e.tops[j], math.Abs(float64(v)-float64(e.shift[j])))
		}
	}
	var top float64
	for _, t := range e.tops {
		top = max(top, t)
	}
	for j, t := range e.tops {
		_, exponent := math.Frexp(max(t/top, estimateLight)) // a NaN stays one: its exponent is 0
		e.weights[j] = float32(math.Ldexp(1, exponent-1))
		if elemSize[T]() == 4 { // else rows come without the shift
			e.shift32[j] = float32(e.shift[j])
		}
	}
}

// setCenter makes integers of center k.
func (e *Estimates[T]) setCenter(k int) {
	row := e.source.Row(k)
	out := e.integer[k*e.width : (k+1)*e.width]
	var square, largest float64
	for j, v := range row {
		c := float64(v) - float64(e.shift[j])
		square += c * c
		largest = max(largest, math.Abs(c)/float64(e.weights[j]))
	}
	s := &e.centers[k]
	if !(square >= estimateSmall && square <= estimateLarge) {
		clear(out)
		*s = estimate{of: [4]float64{3: math.Inf(-1)}}
		return
	}
	scale, inverse := estimateCenter/largest, largest/estimateCenter
	var lost, used, sum float64
	clear(out[e.d:])
	for j, v := range row {
		c, w := float64(v)-float64(e.shift[j]), float64(e.weights[j])
		q := math.RoundToEven(c / w * scale)
		out[j] = int8(q)
		r := c - q*inverse*w
		lost += r * r
		used += q * q
		sum += q
	}
	e.terms[k] = int32(sum) << 15
	const up = 1 + 0x1p-30 // also for the rounding of LowerBounds
	*s = estimate{of: [4]float64{inverse, (math.Sqrt(lost) + 0x1p-40*math.Sqrt(square)) * up, math.Sqrt(used) * inverse * up, square / up}}
}

// LowerBounds sets dst[i] to a lower bound of the squared distance that SquaredL2 returns
// for row rows[i] of x (N×D) and center idx[i]: it is off by at most a hundredth of the
// norms of both, less a shift about the mean of the centers, multiplied, and −Inf where
// they are beyond what its integers hold. dst and idx need as many elements as rows. Each
// row among them is made integers once. The error wraps ErrShape.
func (e *Estimates[T]) LowerBounds(dst []float64, x Matrix[T], rows, idx []int32, ws *EstimateSpace[T]) error {
	if err := x.checkColumns(e.d); err != nil {
		return err
	}
	n := len(rows)
	if err := kernel.CheckLength("dst", len(dst), n); err != nil {
		return err
	}
	if err := kernel.CheckLength("idx", len(idx), n); err != nil {
		return err
	}
	ws.begin(x.N, n)
	idx = idx[:n]
	for i, row := range rows {
		if uint(row) >= uint(len(ws.slots)) || uint(idx[i]) >= uint(e.k) {
			return fmt.Errorf("%w: pair %d is of row %d and center %d; there are %d rows and %d centers", ErrShape, i, row, idx[i], x.N, e.k)
		}
		slot := ws.slots[row]
		if slot < 0 {
			slot = int32(len(ws.rows))
			ws.slots[row] = slot
			e.encode(x.Row(int(row)), ws)
		}
		ws.slot[i] = slot
	}
	e.bound(dst, idx, ws)
	return nil
}

// begin forgets the rows, and makes room for so many and for pairs of them.
func (s *EstimateSpace[T]) begin(rows, pairs int) {
	s.slots = grow(s.slots, rows)
	for i := range s.slots {
		s.slots[i] = -1
	}
	s.rows, s.integer = s.rows[:0], s.integer[:0]
	s.slot = grow(s.slot, pairs)
}

// encode makes integers of a row and adds them to those of ws.
func (e *Estimates[T]) encode(x []T, ws *EstimateSpace[T]) {
	at, n := len(ws.integer), e.width
	ws.integer = slices.Grow(ws.integer, n)[:at+n]
	out := ws.integer[at:]
	row := e.floats(x, ws)
	whole := len(row) / estimateBlock * estimateBlock
	var tail [estimateBlock]float32
	copy(tail[:], row[whole:])
	clear(out[whole:])

	largest, square := e.measure(row[:whole], 0)
	if whole < len(row) {
		l, s := e.measure(tail[:], whole)
		largest, square = max(largest, l), square+s
	}
	if !(square >= estimateSmall && square <= estimateLarge) {
		clear(out)
		ws.rows = append(ws.rows, estimate{of: [4]float64{3: -1}, rest: math.Inf(-1)})
		return
	}
	off := float64(e.d+8) * 0x1p-23 // of a sum of squares in float32
	norm := math.Sqrt(float64(square)) * (1 + off)
	root := math.Sqrt(float64(e.d)) // ‖p‖ is at most root times the largest element
	scale := float32(min(estimateRow, 0x1.fp30/e.most/root-1) / float64(largest))
	e.round(out, row[:whole], 0, scale)
	if whole < len(row) {
		e.round(out, tail[:], whole, scale)
	}
	const most = 0.51 // that δ may be, with the rounding of x − shift and of its product with σ
	ws.rows = append(ws.rows, estimate{
		of:   [4]float64{2 / float64(scale) * e.factor, 2 * norm, 2 * most * root / float64(scale), -e.factor},
		rest: float64(square)*(1-off)*e.factor - e.tiny,
	})
}

// floats is a row as float32 numbers: itself, or less the shift.
func (e *Estimates[T]) floats(x []T, ws *EstimateSpace[T]) []float32 {
	if row, ok := any(x).([]float32); ok {
		return row
	}
	ws.row = grow(ws.row, e.d)
	for j, v := range x {
		ws.row[j] = float32(v - e.shift[j])
	}
	return ws.row
}

// measure returns the largest magnitude of x, whole blocks from a column on, less the shift
// and weighted, and the sum of squares without the weights.
func (e *Estimates[T]) measure(x []float32, column int) (largest, square float32) {
	shift, weights := e.shift32[column:], e.weights[column:]
	if listedPairs && e.level != kernel.Generic {
		return asmMeasure(ptr(x), ptr(shift), ptr(weights), len(x)/estimateBlock)
	}
	for j, v := range x {
		d := v - shift[j]
		largest = max(largest, abs(d*weights[j]))
		square += float32(d * d)
	}
	return largest, square
}

// round sets the integers of a row from column on to the elements of x, the same, times
// scale, rounded.
func (e *Estimates[T]) round(row []int16, x []float32, column int, scale float32) {
	shift, weights := e.shift32[column:], e.weights[column:]
	if listedPairs && e.level != kernel.Generic {
		asmRound(e.level, ptr(row), ptr(x), ptr(shift), ptr(weights), column, len(x)/estimateBlock, scale, e.width)
		return
	}
	for j, v := range x {
		d := (v - shift[j]) * weights[j]
		row[column+j] = int16(math.RoundToEven(float64(float32(d * scale))))
	}
}

// bound sets dst to the bounds of pairs of rows, whose slots are in ws, and centers.
func (e *Estimates[T]) bound(dst []float64, idx []int32, ws *EstimateSpace[T]) {
	if listedPairs && e.level != kernel.Generic {
		most := max(1, kernel.MaxMultiplyAdds/e.width)
		for i := 0; i < len(idx); i += most {
			asmEstimate(e.level, ptr(dst[i:]), ptr(ws.integer), ptr(ws.rows), ptr(ws.slot[i:]), ptr(e.integer), ptr(e.centers), ptr(e.terms), ptr(idx[i:]), min(most, len(idx)-i), e.width)
		}
		return
	}
	for i, k := range idx {
		var dot int32
		q := e.integer[int(k)*e.width:]
		for j, p := range ws.integer[int(ws.slot[i])*e.width:][:e.width] {
			dot += int32(p) * int32(q[j])
		}
		row, center := &ws.rows[ws.slot[i]], &e.centers[k].of
		dst[i] = row.rest - (float64(row.of[0]*center[0]*float64(dot)) + float64(row.of[1]*center[1]) + float64(row.of[2]*center[2]) + float64(row.of[3]*center[3]))
	}
}
