package lloyd

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Sums holds the sums of the rows of K clusters, D elements each, as integers
// of about 100 bits. Integers add without rounding, so that the sums do not
// depend on the order of the rows, on the division of the work among threads or
// machines, or on rows that came and went: adding and taking away the same rows
// leaves exactly what was there before, and Merge is associative.
//
// An element v = w·x is rounded once, to float64 when it is formed and then to
// a multiple of 2^-Precision(); the sum of those is exact.
type Sums struct {
	k, d   int
	ld     int     // elements from one cluster to the next: whole vectors
	hi, lo []int64 // hi counts 2^-exp, lo counts 2^-(exp+shift)
	exp    int     // hi = rint(v·2^exp)
	shift  int     // lo = rint(rest·2^shift), |lo| ≤ 2^(shift−1) for one row
	rows   int     // capacity
}

// sumsUnit is the multiple of which a cluster's row in Sums is: a whole vector
// of int64 at every level.
const sumsUnit = 8

// mostRows is the largest capacity: it leaves an element 59 bits.
const mostRows = 1 << 32

// ErrSumsMismatch is wrapped by the error about merging Sums of different
// shapes or number formats.
var ErrSumsMismatch = errors.New("lloyd: sums do not match")

// NewSums returns zero sums of K = k clusters with D = d elements. maxAbs is a
// bound on the magnitude of any element times its row's weight, and rows one on
// the number of rows that are in the sums at a time; the two set the number
// format. The error wraps ErrShape for a negative size and ErrRange for a
// maxAbs that is negative or not finite.
func NewSums(k, d int, maxAbs float64, rows int) (*Sums, error) {
	if k < 0 || d < 0 || rows < 0 {
		return nil, fmt.Errorf("%w: sums of %d clusters with %d elements over %d rows; none may be negative", ErrShape, k, d, rows)
	}
	if !(maxAbs >= 0) || math.IsInf(maxAbs, 0) {
		return nil, fmt.Errorf("%w: the largest magnitude of the elements is %v; it must be finite and at least 0", ErrRange, maxAbs)
	}
	if int64(rows) > mostRows {
		return nil, fmt.Errorf("%w: sums over %d rows; up to %d keep a useful precision", ErrRange, rows, int64(mostRows))
	}
	ld := (d + sumsUnit - 1) / sumsUnit * sumsUnit
	s := &Sums{k: k, d: d, ld: ld, rows: rows}
	memory := make([]int64, 2*k*ld)
	s.hi, s.lo = memory[:k*ld], memory[k*ld:]
	// rows·2^width < 2^63 for the sums, and 2^width ≤ 2^51 for rounding by magic.
	width := min(51, 62-bits.Len(uint(max(rows, 1))))
	s.shift = width + 1
	if maxAbs > 0 {
		_, e := math.Frexp(maxAbs) // maxAbs < 2^e
		s.exp = min(width-e, 1000) // 2^exp stays a float64
	}
	return s, nil
}

// K returns the number of clusters.
func (s *Sums) K() int { return s.k }

// D returns the number of elements of a sum.
func (s *Sums) D() int { return s.d }

// Capacity returns the number of rows that may be in the sums at a time, as it
// was given to NewSums.
func (s *Sums) Capacity() int { return s.rows }

// Precision returns p: each element is rounded to a multiple of 2^-p.
func (s *Sums) Precision() int { return s.exp + s.shift }

// Reset makes all sums zero.
func (s *Sums) Reset() {
	clear(s.hi)
	clear(s.lo)
}

// Like returns zero sums of the same shape and number format.
func (s *Sums) Like() *Sums {
	c := *s
	memory := make([]int64, len(s.hi)+len(s.lo))
	c.hi, c.lo = memory[:len(s.hi)], memory[len(s.hi):]
	return &c
}

// Merge adds the sums of o to s; the order of merging changes nothing. All rows
// that come together must stay within the capacity, which the sums themselves
// cannot know. The error wraps ErrSumsMismatch when the two have different
// shapes, formats or capacities.
func (s *Sums) Merge(o *Sums) error {
	if err := s.match(o); err != nil {
		return err
	}
	addIntegers(s.hi, o.hi)
	addIntegers(s.lo, o.lo)
	return nil
}

// At returns the sum of element j of cluster k, rounded to the nearest float64.
func (s *Sums) At(k, j int) float64 {
	h, l := s.hi[k*s.ld+j], s.lo[k*s.ld+j]
	// v = h·2^shift + l in 128 bits.
	low, carry := bits.Add64(uint64(h)<<s.shift, uint64(l), 0)
	high, _ := bits.Add64(uint64(h>>(64-s.shift)), uint64(l>>63), carry)
	negative := int64(high) < 0
	if negative {
		var borrow uint64
		low, borrow = bits.Sub64(0, low, 0)
		high, _ = bits.Sub64(0, high, borrow)
	}
	// The top 64 bits, the lost ones in the last: it rounds as the whole would.
	shift := 0
	if high != 0 {
		z := bits.LeadingZeros64(high)
		shift = 64 - z
		top := high<<z | low>>(64-z)
		if low<<z != 0 {
			top |= 1
		}
		low = top
	}
	v := math.Ldexp(float64(low), shift-s.exp-s.shift)
	if negative {
		return -v
	}
	return v
}

// Accumulate adds each row of x (N×D) times its weight to the sum of the
// cluster that labels gives it; a row with a negative label is left out.
// weights is nil (all 1) or has N elements. The error wraps ErrShape, also when
// a label is K or more. Elements beyond the bounds given to NewSums make the
// sums meaningless.
func Accumulate[T Float](s *Sums, x Matrix[T], labels []int32, weights []float64) error {
	return accumulate(s, x, nil, x.N, labels, weights, 1)
}

// Retract takes away from the sums what Accumulate with the same arguments
// added, to the last bit.
func Retract[T Float](s *Sums, x Matrix[T], labels []int32, weights []float64) error {
	return accumulate(s, x, nil, x.N, labels, weights, -1)
}

// AccumulateRows is Accumulate for the rows of x that rows lists, in any order:
// labels[i] and weights[i] are those of row rows[i]. Other rows are not read.
// The error wraps ErrShape, also when rows lists one that x has not.
func AccumulateRows[T Float](s *Sums, x Matrix[T], rows, labels []int32, weights []float64) error {
	if err := checkLabels("rows", rows, len(rows), 0, x.N); err != nil {
		return err
	}
	return accumulate(s, x, rows, len(rows), labels, weights, 1)
}

// RetractRows takes away from the sums what AccumulateRows with the same
// arguments added, to the last bit.
func RetractRows[T Float](s *Sums, x Matrix[T], rows, labels []int32, weights []float64) error {
	if err := checkLabels("rows", rows, len(rows), 0, x.N); err != nil {
		return err
	}
	return accumulate(s, x, rows, len(rows), labels, weights, -1)
}

// TransferRows moves the rows of x that rows lists between clusters: it is RetractRows
// with the labels from and AccumulateRows with the labels to, and reads each row once.
// No label may be negative. from, to and weights (nil, or the listed rows' own) have as
// many elements as rows. The error wraps ErrShape.
func TransferRows[T Float](s *Sums, x Matrix[T], rows, from, to []int32, weights []float64) error {
	level, err := kernel.Active()
	if err != nil {
		return err
	}
	n := len(rows)
	if err := checkLabels("from", from, n, 0, s.k); err != nil {
		return err
	}
	if err := checkLabels("to", to, n, 0, s.k); err != nil {
		return err
	}
	if level == kernel.Generic || n == 0 || x.D == 0 {
		if err := RetractRows(s, x, rows, from[:n], weights); err != nil {
			return err
		}
		return AccumulateRows(s, x, rows, to[:n], weights)
	}
	if err := x.check("x"); err != nil {
		return err
	}
	if x.D != s.d {
		return fmt.Errorf("%w: x has %d columns, the sums have %d", ErrShape, x.D, s.d)
	}
	if err := checkLabels("rows", rows, n, 0, x.N); err != nil {
		return err
	}
	if weights != nil {
		if err := kernel.CheckLength("weights", len(weights), n); err != nil {
			return err
		}
	}
	most := max(1, kernel.MaxMultiplyAdds/16/x.D)
	for i := 0; i < n; i += most {
		var w unsafe.Pointer
		if weights != nil {
			w = ptr(weights[i:])
		}
		asmTransfer[T](ptr(s.hi), ptr(s.lo), x.ptr(), ptr(rows[i:]), ptr(from[i:]), ptr(to[i:]), w, min(most, n-i), x.D, x.LD, s.ld, math.Ldexp(1, s.exp), math.Ldexp(1, s.shift))
	}
	return nil
}

// accumulate adds n rows of x, the first ones when rows is nil.
func accumulate[T Float](s *Sums, x Matrix[T], rows []int32, n int, labels []int32, weights []float64, sign float64) error {
	level, err := kernel.Active()
	if err != nil {
		return err
	}
	if err := x.check("x"); err != nil {
		return err
	}
	if x.D != s.d {
		return fmt.Errorf("%w: x has %d columns, the sums have %d", ErrShape, x.D, s.d)
	}
	if err := checkLabels("labels", labels, n, math.MinInt32, s.k); err != nil {
		return err
	}
	if weights != nil {
		if err := kernel.CheckLength("weights", len(weights), n); err != nil {
			return err
		}
	}
	if n == 0 || x.D == 0 {
		return nil
	}
	scale, lift := math.Ldexp(sign, s.exp), math.Ldexp(1, s.shift)
	if level == kernel.Generic {
		accumulateGeneric(s.hi, s.lo, s.ld, x, rows, labels[:n], weights, scale, lift)
		return nil
	}
	most := max(1, kernel.MaxMultiplyAdds/8/x.D)
	for i := 0; i < n; i += most {
		m := min(most, n-i)
		first, list, w := x.ptr(), unsafe.Pointer(nil), unsafe.Pointer(nil)
		if rows == nil {
			first = ptr(x.Data[i*x.LD:])
		} else {
			list = ptr(rows[i:])
		}
		if weights != nil {
			w = ptr(weights[i:])
		}
		asmAccumulate[T](level, ptr(s.hi), ptr(s.lo), first, list, ptr(labels[i:]), w, m, x.D, x.LD, s.ld, scale, lift)
	}
	return nil
}

// MergeCluster adds the sum of cluster k of o to that of s. The error wraps
// ErrSumsMismatch when the two have different shapes or number formats.
func (s *Sums) MergeCluster(o *Sums, k int) error {
	if err := s.match(o); err != nil {
		return err
	}
	from, to := k*s.ld, (k+1)*s.ld
	addIntegers(s.hi[from:to], o.hi[from:to])
	addIntegers(s.lo[from:to], o.lo[from:to])
	return nil
}

// ResetCluster makes the sum of cluster k zero.
func (s *Sums) ResetCluster(k int) {
	clear(s.hi[k*s.ld : (k+1)*s.ld])
	clear(s.lo[k*s.ld : (k+1)*s.ld])
}

// match returns an error unless s and o have the same shape, format and capacity.
func (s *Sums) match(o *Sums) error {
	if s.k == o.k && s.d == o.d && s.exp == o.exp && s.rows == o.rows {
		return nil
	}
	return fmt.Errorf("%w: %d×%d with precision %d+%d and %d×%d with %d+%d", ErrSumsMismatch, s.k, s.d, s.exp, s.shift, o.k, o.d, o.exp, o.shift)
}

func addIntegers(dst, src []int64) {
	for i, v := range src {
		dst[i] += v
	}
}

// Mean sets dst (D) to the sum of cluster k divided by weight, rounded to T.
// The error wraps ErrShape when dst is too short, and ErrRange unless weight is
// positive and finite.
func Mean[T Float](dst []T, s *Sums, k int, weight float64) error {
	if len(dst) < s.d || k < 0 || k >= s.k {
		return fmt.Errorf("%w: cluster %d into %d elements, of sums that are %d×%d", ErrShape, k, len(dst), s.k, s.d)
	}
	if !(weight > 0) || math.IsInf(weight, 0) {
		return fmt.Errorf("%w: the weight of cluster %d is %v; it must be positive and finite", ErrRange, k, weight)
	}
	if elemSize[T]() == 8 {
		for j := range s.d {
			dst[j] = T(s.At(k, j) / weight)
		}
		return nil
	}
	// float32: rounding each half of the sum to float64 is far below its ulp.
	hi, lo := s.hi[k*s.ld:k*s.ld+s.d], s.lo[k*s.ld:k*s.ld+s.d]
	high, low := math.Ldexp(1, -s.exp), math.Ldexp(1, -s.exp-s.shift)
	for j := range hi {
		dst[j] = T((float64(float64(hi[j])*high) + float64(float64(lo[j])*low)) / weight)
	}
	return nil
}
