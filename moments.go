package lloyd

import (
	"fmt"
	"math"
	"slices"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Moments is what one pass over rows says about them: their weight, the mean
// and the variance of each column, and the largest magnitude, in which a number
// that is not finite shows.
//
// For every column it holds Σw·t and Σw·t² in float64, with t = x − origin. The
// variance is Σw·t²/W − (Σw·t/W)² with W = Σw, as in Chan, Golub and LeVeque,
// "Algorithms for Computing the Sample Variance" (1983), §2 (shifted data): an
// origin among the rows keeps the digits that their distance from zero would
// cost. When it is the row of the largest weight, the subtraction magnifies
// rounding errors by no more than the number of rows.
//
// The sums are formed in the order of the rows, a column of less than 8 in 8
// partial sums (row i in sum i mod 8, then added in order), without fused
// multiply-add: they have the same bits at every kernel level, and however the
// rows were divided among calls of Add.
type Moments[T Float] struct {
	d      int
	phases int       // partial sums of a column
	origin []float64 // phases times the D elements, then padding
	sums   []float64 // Σw·t, likewise
	square []float64 // Σw·t², likewise
	rows   int
	weight float64
	tops   [16]T // partial maxima of |x|: 32 bytes of all rows, 32 of those with a weight
}

const (
	// momentsUnit is the number of columns that a moments routine takes at a
	// time; it may touch as many elements of padding.
	momentsUnit = 8
	// momentsRows is how many rows it adds to some columns before it goes on to
	// the next ones: the sums are loaded and stored that much less often.
	momentsRows = 16
)

// NewMoments returns the moments of no rows, with D = len(origin) columns.
// origin should be near the rows; one of them is best.
func NewMoments[T Float](origin []T) *Moments[T] {
	d := len(origin)
	m := &Moments[T]{d: d, phases: 1}
	if d < momentsUnit {
		m.phases = momentsUnit
	}
	m.origin = make([]float64, m.phases*d+momentsUnit)
	for i := range m.phases * d {
		m.origin[i] = float64(origin[i%d])
	}
	return m.Like()
}

// Like returns the moments of no rows about the same origin.
func (m *Moments[T]) Like() *Moments[T] {
	memory := make([]float64, 2*len(m.origin))
	return &Moments[T]{
		d: m.d, phases: m.phases, origin: m.origin,
		sums: memory[:len(m.origin)], square: memory[len(m.origin):],
	}
}

// Add takes in the rows of x (N×D). weights is nil (all 1) or has N elements; a
// row of weight 0 only counts in the largest magnitude of all rows. The error
// wraps ErrShape, or ErrRange when a weight is negative or not finite; m is then
// as before.
func (m *Moments[T]) Add(x Matrix[T], weights []float64) error {
	level, err := kernel.Active()
	if err != nil {
		return err
	}
	if err := x.check("x"); err != nil {
		return err
	}
	if x.D != m.d {
		return fmt.Errorf("%w: x has %d columns, the moments have %d", ErrShape, x.D, m.d)
	}
	weight, ldw := m.weight, 1
	if weights == nil {
		weight += float64(x.N)
		weights, ldw = one[:], 0
	} else {
		if err := kernel.CheckLength("weights", len(weights), x.N); err != nil {
			return err
		}
		for i, w := range weights[:x.N] {
			if !(w >= 0) || math.IsInf(w, 1) {
				return fmt.Errorf("%w: weights[%d] is %v; it must be finite and at least 0", ErrRange, i, w)
			}
			weight += w
		}
	}
	first := m.rows % m.phases // the partial sum of row 0
	m.weight, m.rows = weight, m.rows+x.N
	if m.phases == 1 {
		m.add(level, 0, x, weights, ldw)
		return nil
	}
	if x.LD == x.D && ldw == 0 && first == 0 {
		// Without gaps, as many rows as there are partial sums make one wide row.
		n := x.N / m.phases
		m.add(level, 0, Dense(x.Data, n, m.phases*x.D), weights, 0)
		x = x.Rows(n*m.phases, x.N)
	}
	for p := range min(m.phases, x.N) {
		rows := Matrix[T]{x.Data[p*x.LD:], (x.N - p + m.phases - 1) / m.phases, x.D, m.phases * x.LD}
		m.add(level, (first+p)%m.phases*x.D, rows, weights[p*ldw:], m.phases*ldw)
	}
	return nil
}

// one is the weight of all rows when none are given; its ldw is 0.
var one = [1]float64{1}

// add adds the rows of x to the sums from element at on. The weight of row i is
// weights[i·ldw].
func (m *Moments[T]) add(level kernel.Level, at int, x Matrix[T], weights []float64, ldw int) {
	if x.D == 0 {
		return
	}
	origin, sums, square := m.origin[at:], m.sums[at:], m.square[at:]
	if level == kernel.Generic {
		m.addGeneric(origin, sums, square, x, weights, ldw)
		return
	}
	most := max(1, kernel.MaxMultiplyAdds/8/x.D)
	if x.D > momentsUnit {
		most = min(most, momentsRows)
	}
	for i := 0; i < x.N; i += most {
		asmMoments[T](level, ptr(sums), ptr(square), ptr(m.tops[:]), ptr(x.Data[i*x.LD:]), ptr(origin), ptr(weights[i*ldw:]), min(most, x.N-i), x.D, x.LD, ldw)
	}
}

// addGeneric is the definition of what the routines do. Magnitudes are compared
// as integers, which are in the same order, infinities and then NaNs on top.
func (m *Moments[T]) addGeneric(origin, sums, square []float64, x Matrix[T], weights []float64, ldw int) {
	all, weighed := &m.tops[0], &m.tops[32/elemSize[T]()]
	for i := range x.N {
		row, w := x.Row(i), weights[i*ldw]
		origin, sums, square := origin[:len(row)], sums[:len(row)], square[:len(row)]
		var top uint64
		for j, v := range row {
			y := float64(v)
			top = max(top, math.Float64bits(y)&^(1<<63))
			t := y - origin[j]
			u := float64(t * w)
			sums[j] += u
			square[j] += float64(t * u)
		}
		*all = max(*all, T(math.Float64frombits(top)))
		if w > 0 {
			*weighed = max(*weighed, T(math.Float64frombits(top)))
		}
	}
}

// Merge adds the moments of o, whose rows come after those of m. The sums of
// floating-point numbers depend on the order: for the same bits every time,
// divide the rows in the same way and merge the parts in order. The error wraps
// ErrShape when the two have different columns or origins.
func (m *Moments[T]) Merge(o *Moments[T]) error {
	same := func(a, b float64) bool { return a == b || a != a && b != b }
	if m.d != o.d || !slices.EqualFunc(m.origin, o.origin, same) {
		return fmt.Errorf("%w: moments of %d columns and of %d, or about different origins", ErrShape, m.d, o.d)
	}
	for i, v := range o.sums {
		m.sums[i] += v
	}
	for i, v := range o.square {
		m.square[i] += v
	}
	m.rows += o.rows
	m.weight += o.weight
	for i, v := range o.tops {
		m.tops[i] = max(m.tops[i], v)
	}
	return nil
}

// Weight returns the sum of the weights: without weights, the number of rows.
func (m *Moments[T]) Weight() float64 { return m.weight }

// Largest returns the largest magnitude of an element of a row that has a
// weight above 0, and that of an element of any row. It is a NaN if one of them
// is, else +Inf if one of them is infinite; 0 when there is no such row.
func (m *Moments[T]) Largest() (weighed, all T) {
	half := 32 / elemSize[T]()
	return slices.Max(m.tops[half : 2*half]), slices.Max(m.tops[:half])
}

// Mean returns the weighted mean of column j; NaN when the weight is 0.
func (m *Moments[T]) Mean(j int) float64 {
	return m.origin[j] + m.total(m.sums, j)/m.weight
}

// Variance returns the weighted population variance of column j, at least 0; NaN
// when the weight is 0.
func (m *Moments[T]) Variance(j int) float64 {
	s := m.total(m.sums, j)
	return max(0, (m.total(m.square, j)-float64(s*(s/m.weight)))/m.weight)
}

// total adds up the partial sums of column j.
func (m *Moments[T]) total(sums []float64, j int) float64 {
	s := sums[:m.d][j]
	for p := 1; p < m.phases; p++ {
		s += sums[p*m.d+j]
	}
	return s
}
