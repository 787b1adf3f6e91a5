package cluster

import (
	"context"
	"fmt"
	"math"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd"
)

// limits of the magnitude of an element: squares of differences of D elements
// must neither overflow nor vanish, and float64 sums of up to 2⁶⁴ of them must
// not overflow either.
func limits[T element](d int) (least, most float64) {
	if unsafe.Sizeof(T(0)) == 4 {
		return 0x1p-60, math.Sqrt(math.MaxFloat32 / 16 / float64(d))
	}
	return 0x1p-500, 0x1p-32 * math.Sqrt(math.MaxFloat64/16/float64(d))
}

// momentParts is the number of parts into which the rows are divided for their
// moments, each a run of blocks: enough for the threads that the memory can feed,
// and the same for any number of threads.
const momentParts = 64

// moments reads all rows of x once, and returns their moments about the row of
// the largest weight; nil weights are 1. The error, which wraps ErrInput, names
// the first row and column with a NaN or an infinity, or says that the numbers
// are out of the range of their dtype; otherwise it is ctx's.
func moments[T element](ctx context.Context, c *crew, name string, x lloyd.Matrix[T], weights []float64) (*lloyd.Moments[T], error) {
	m := lloyd.NewMoments(x.Row(heaviest(weights)))
	size := momentRows(x.N)
	parts := make([]*lloyd.Moments[T], (x.N+size-1)/size)
	c.eachOf(len(parts), size*x.D, func(i int) {
		parts[i] = m.Like()
		end := min(x.N, (i+1)*size)
		for from := i * size; from < end && ctx.Err() == nil; from += blockRows {
			to := min(end, from+blockRows)
			must(parts[i].Add(x.Rows(from, to), part(weights, from, to)))
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, p := range parts {
		must(m.Merge(p))
	}
	_, top := m.Largest()
	if top-top != 0 {
		return nil, notFinite(name, x, 0)
	}
	return m, tooLarge[T](name, float64(top), x.D)
}

// heaviest returns the first row of the largest weight.
func heaviest(weights []float64) int {
	row := 0
	for i, w := range weights {
		if w > weights[row] {
			row = i
		}
	}
	return row
}

// momentRows is the number of rows of a part, of n rows in all.
func momentRows(n int) int { return blockRows * ((blocks(n) + momentParts - 1) / momentParts) }

// tooSmall returns an error that wraps ErrInput when top, the largest magnitude
// of an element, is so small that the squares of differences vanish.
func tooSmall[T element](name string, top float64, d int) error {
	if least, _ := limits[T](d); top > 0 && top < least {
		return fmt.Errorf("%w: the largest magnitude in %s is %g, whose square vanishes in %T; scale the data up%s", ErrInput, name, T(top), T(0), orFloat64[T]())
	}
	return nil
}

// tooLarge returns an error that wraps ErrInput when top, the largest magnitude
// of an element, is beyond the limits of rows of d columns.
func tooLarge[T element](name string, top float64, d int) error {
	if _, most := limits[T](d); top > most {
		return fmt.Errorf("%w: %s: there is an element of magnitude %.6g; distances of %T rows of %d columns are exact up to %.3g, scale the data down%s", ErrInput, name, top, T(0), d, most, orFloat64[T]())
	}
	return nil
}

// checkProducts checks that sums of weight × element and of weight × square do
// not overflow, with elements of d columns up to top and the given total weight.
// The error wraps ErrInput.
func checkProducts(top float64, d int, total float64) error {
	if side := max(1, top); math.IsInf(4*float64(d)*side*side*total, 0) {
		return fmt.Errorf("%w: the weights add up to %.6g, x has an element of magnitude %.6g: sums of weight × square overflow a float64; scale the weights down", ErrInput, total, top)
	}
	return nil
}

func orFloat64[T element]() string {
	if unsafe.Sizeof(T(0)) == 4 {
		return " or use float64"
	}
	return ""
}

// notFinite returns the error about the first NaN or infinity in x, whose rows are
// numbered from first on, nil if there is none.
func notFinite[T element](name string, x lloyd.Matrix[T], first int) error {
	for i := range x.N {
		for j, v := range x.Row(i) {
			if v-v != 0 {
				return fmt.Errorf("%w: %s has %v at row %d, column %d (counting from 0); remove or fill in such rows first", ErrInput, name, v, first+i, j)
			}
		}
	}
	return nil
}

// checkWeights is weightTotals, and refuses weights that are all 0.
func checkWeights(weights []float64, n int) (total, top float64, positive int, err error) {
	total, top, positive, err = weightTotals(weights, n)
	if err == nil && total == 0 {
		err = fmt.Errorf("%w: all weights are 0; at least one row must count", ErrInput)
	}
	return total, top, positive, err
}

// weightTotals checks that weights is nil or holds one finite weight of at least
// 0 for each of n rows. It returns their sum, the largest, and the number above
// 0. The error wraps ErrInput.
func weightTotals(weights []float64, n int) (total, top float64, positive int, err error) {
	if weights == nil {
		return float64(n), 1, n, nil
	}
	if len(weights) != n {
		return 0, 0, 0, fmt.Errorf("%w: there are %d weights for %d rows; give one for each row", ErrInput, len(weights), n)
	}
	for i, w := range weights {
		switch {
		case w < 0:
			return 0, 0, 0, fmt.Errorf("%w: weight %d (counting from 0) is %v; weights must not be negative", ErrInput, i, w)
		case w-w != 0:
			return 0, 0, 0, fmt.Errorf("%w: weight %d (counting from 0) is %v; weights must be finite", ErrInput, i, w)
		case w > 0:
			positive++
		}
		total += w
		top = max(top, w)
	}
	if math.IsInf(total, 0) {
		return 0, 0, 0, fmt.Errorf("%w: the weights add up to more than a float64 holds; scale them down", ErrInput)
	}
	return total, top, positive, nil
}
