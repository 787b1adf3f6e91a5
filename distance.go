package lloyd

import (
	"fmt"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// family says which function of two rows a pair kernel computes.
type family uint8

const (
	squaredL2 family = iota
	dot
)

// SquaredL2 returns the squared Euclidean distance Σ(a−b)² of two vectors of
// the same length; 0 for empty ones. The error wraps ErrShape when the lengths
// differ.
func SquaredL2[T Float](a, b []T) (T, error) { return pair(squaredL2, a, b) }

// Dot returns the inner product Σab of two vectors of the same length; 0 for
// empty ones. The error wraps ErrShape when the lengths differ.
func Dot[T Float](a, b []T) (T, error) { return pair(dot, a, b) }

// SquaredL2Rows sets dst[i] to the squared Euclidean distance of row i of x
// (N×D) and the vector q (D). dst needs N elements. The error wraps ErrShape.
func SquaredL2Rows[T Float](dst []T, x Matrix[T], q []T) error {
	return rows(squaredL2, dst, x, q)
}

// DotRows sets dst[i] to the inner product of row i of x (N×D) and the vector
// q (D). dst needs N elements. The error wraps ErrShape.
func DotRows[T Float](dst []T, x Matrix[T], q []T) error {
	return rows(dot, dst, x, q)
}

// SquaredL2At sets dst[i] to the squared Euclidean distance of row rows[i] of x
// (N×D) and the vector q (D). dst needs as many elements as rows. The error wraps
// ErrShape, also when a number is not that of a row of x.
func SquaredL2At[T Float](dst []T, x Matrix[T], rows []int32, q []T) error {
	level, err := kernel.Active()
	if err != nil {
		return err
	}
	if err := checkRows(x, Dense(q, 1, len(q)), "q"); err != nil {
		return err
	}
	if err := kernel.CheckLength("dst", len(dst), len(rows)); err != nil {
		return err
	}
	if err := checkLabels("rows", rows, len(rows), 0, x.N); err != nil {
		return err
	}
	squaredL2At(level, dst, x, rows, q)
	return nil
}

// squaredL2At is SquaredL2At without the checks: q is every row of a matrix
// without distance between its rows, and the rows are its partners.
func squaredL2At[T Float](level kernel.Level, dst []T, x Matrix[T], rows []int32, q []T) {
	pairs(level, squaredL2, dst, 1, Matrix[T]{q, len(rows), len(q), 0}, x, rows)
}

// SquaredL2Pairs sets dst[i] to the squared Euclidean distance of row i of x
// (N×D) and row idx[i] of y (K×D). dst and idx need N elements. The error wraps
// ErrShape, also when an index is not that of a row of y.
func SquaredL2Pairs[T Float](dst []T, x, y Matrix[T], idx []int32) error {
	level, err := kernel.Active()
	if err != nil {
		return err
	}
	if err := checkRows(x, y, "y"); err != nil {
		return err
	}
	if err := kernel.CheckLength("dst", len(dst), x.N); err != nil {
		return err
	}
	if err := checkLabels("idx", idx, x.N, 0, y.N); err != nil {
		return err
	}
	pairs(level, squaredL2, dst, 1, x, y, idx)
	return nil
}

// MinSquaredL2 lowers least[i] to the squared Euclidean distance of row i of x
// (N×D) and the nearest of the candidates (C×D), where that is less: the update
// of k-means++ seeding. least needs N elements. A NaN distance changes nothing.
// scratch is memory of at least N elements, or nil to allocate it. The error
// wraps ErrShape.
func MinSquaredL2[T Float](least []T, x, candidates Matrix[T], scratch []T) error {
	level, err := kernel.Active()
	if err != nil {
		return err
	}
	if err := checkRows(x, candidates, "candidates"); err != nil {
		return err
	}
	if err := kernel.CheckLength("least", len(least), x.N); err != nil {
		return err
	}
	if len(scratch) < x.N {
		scratch = make([]T, x.N)
	}
	for c := range candidates.N {
		squaredL2Rows(level, scratch[:x.N], 1, x, candidates.Row(c))
		for i, d := range scratch[:x.N] {
			if d < least[i] {
				least[i] = d
			}
		}
	}
	return nil
}

// SquaredL2Matrix sets dst[i·ld+k] to the squared Euclidean distance of row i
// of x (N×D) and row k of y (K×D), with ld ≥ K. The error wraps ErrShape.
func SquaredL2Matrix[T Float](dst []T, ld int, x, y Matrix[T]) error {
	level, err := kernel.Active()
	if err != nil {
		return err
	}
	if err := checkRows(x, y, "y"); err != nil {
		return err
	}
	if err := kernel.CheckMatrix("dst", len(dst), x.N, y.N, ld); err != nil {
		return err
	}
	if x.N > 0 {
		for k := range y.N {
			squaredL2Rows(level, dst[k:], ld, x, y.Row(k))
		}
	}
	return nil
}

func checkRows[T Float](x, y Matrix[T], name string) error {
	if err := x.check("x"); err != nil {
		return err
	}
	if err := y.check(name); err != nil {
		return err
	}
	if x.D != y.D {
		return fmt.Errorf("%w: x has %d columns, %s has %d", ErrShape, x.D, name, y.D)
	}
	return nil
}

// checkLabels checks that the first n labels are in from…k−1. from is 0, or so
// low that only k matters. There is no branch on a label.
func checkLabels(name string, labels []int32, n, from, k int) error {
	if err := kernel.CheckLength(name, len(labels), n); err != nil {
		return err
	}
	var off int64 // negative once a label is off
	if most := min(int64(k), 1<<31) - 1; from == 0 {
		rest := labels[:n] // one below 0 is a large uint32
		for ; len(rest) >= 4; rest = rest[4:] {
			off |= most - int64(uint32(rest[0])) | most - int64(uint32(rest[1])) | most - int64(uint32(rest[2])) | most - int64(uint32(rest[3]))
		}
		for _, l := range rest {
			off |= most - int64(uint32(l))
		}
	} else {
		for _, l := range labels[:n] {
			off |= most - int64(l)
		}
	}
	if off >= 0 {
		return nil
	}
	for i, l := range labels[:n] {
		if int(l) < from || int(l) >= k {
			return fmt.Errorf("%w: %s[%d] is %d, expected %d to %d", ErrShape, name, i, l, max(from, -1), k-1)
		}
	}
	panic("unreachable")
}

func pair[T Float](f family, a, b []T) (T, error) {
	var out [1]T
	level, err := kernel.Active()
	if err != nil {
		return 0, err
	}
	if len(a) != len(b) {
		return 0, fmt.Errorf("%w: the vectors have %d and %d elements", ErrShape, len(a), len(b))
	}
	pairs(level, f, out[:], 1, Dense(a, 1, len(a)), Dense(b, 1, len(b)), nil)
	return out[0], nil
}

func rows[T Float](f family, dst []T, x Matrix[T], q []T) error {
	level, err := kernel.Active()
	if err != nil {
		return err
	}
	if err := checkRows(x, Dense(q, 1, len(q)), "q"); err != nil {
		return err
	}
	if err := kernel.CheckLength("dst", len(dst), x.N); err != nil {
		return err
	}
	pairs(level, f, dst, 1, x, Dense(q, 1, len(q)), nil)
	return nil
}

// squaredL2Rows sets out[i·ldo] to the distance of row i of x and q.
func squaredL2Rows[T Float](level kernel.Level, out []T, ldo int, x Matrix[T], q []T) {
	pairs(level, squaredL2, out, ldo, x, Dense(q, 1, len(q)), nil)
}

// pairs sets out[i·ldo] for row i of x and row idx[i] of y, or row 0 of y when
// idx is nil, in calls of bounded work.
func pairs[T Float](level kernel.Level, f family, out []T, ldo int, x, y Matrix[T], idx []int32) {
	if x.N == 0 {
		return // y may be empty, too
	}
	if level != kernel.Generic && x.D > 0 && x.D < lanes[T]() && f == squaredL2 && idx == nil {
		narrowRows(level, out, ldo, x, y.Row(0))
		return
	}
	if x.D < lanes[T]() && f == squaredL2 && idx != nil {
		narrowPairs(out, ldo, x, y, idx)
		return
	}
	if level == kernel.Generic || x.D < lanes[T]() {
		fn := squaredL2Generic[T]
		if f == dot {
			fn = dotGeneric[T]
		}
		pairsGeneric(fn, out, ldo, x, y, idx)
		return
	}
	most := max(1, kernel.MaxMultiplyAdds/x.D)
	for i := 0; i < x.N; i += most {
		n := min(most, x.N-i)
		var at []int32
		if idx != nil {
			at = idx[i : i+n]
		}
		switch f {
		case squaredL2:
			asmSquaredL2[T](level, ptr(out[i*ldo:]), ptr(x.Data[i*x.LD:]), y.ptr(), ptr(at), n, x.D, ldo, x.LD, y.LD)
		case dot:
			asmDot[T](level, ptr(out[i*ldo:]), ptr(x.Data[i*x.LD:]), y.ptr(), ptr(at), n, x.D, ldo, x.LD, y.LD)
		}
	}
}
