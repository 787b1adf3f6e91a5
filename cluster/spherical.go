package cluster

import (
	"context"
	"fmt"
	"math"
	"slices"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd"
)

// normalise replaces the rows by a copy of length 1 and returns its moments.
func (f *fit[T]) normalise(ctx context.Context) (*lloyd.Moments[T], error) {
	units := lloyd.Dense(make([]T, f.x.N*f.x.D), f.x.N, f.x.D)
	nought := make([]bool, blocks(f.x.N))
	err := f.crew.each(ctx, f.x.N, 4*f.x.D, func(_, from, to int) {
		for i := from; i < to; i++ {
			if !unitInto(units.Row(i), f.x.Row(i)) {
				nought[from/blockRows] = true
			}
		}
	})
	if err != nil {
		return nil, err
	}
	if slices.Contains(nought, true) {
		return nil, noDirection(f.x)
	}
	f.x, f.tensor = units, tensorOf(units)
	m, err := moments(ctx, f.crew, "x", f.x, f.weights, false)
	if err != nil {
		return nil, err
	}
	top, _ := m.Largest()
	f.top = float64(top)
	return m, nil
}

// normaliseTaken is normalise without a copy: the rows are brought to length 1 as they
// are taken, by gather and by the last assignment.
func (f *fit[T]) normaliseTaken(ctx context.Context) (*lloyd.Moments[T], error) {
	m, err := moments(ctx, f.crew, "x", f.x, f.weights, true)
	if err != nil {
		return nil, err
	}
	top, _ := m.Largest()
	f.top, f.spherical, f.raw = float64(top), true, true
	return m, nil
}

// zeroRow is the error about a row without a direction.
func zeroRow(name string, row int) error {
	return fmt.Errorf("%w: row %d of %s (counting from 0) is all zeros and has no direction, which spherical k-means goes by; remove such rows", ErrInput, row, name)
}

// noDirection returns the error about the first row of zeros, nil if there is none.
func noDirection[T element](x lloyd.Matrix[T]) error {
	unit := make([]T, x.D)
	for row := range x.N {
		if !unitInto(unit, x.Row(row)) {
			return zeroRow("x", row)
		}
	}
	return nil
}

// unitInto sets dst to row divided by its length; to row itself if that is 1 but for
// rounding, so that nothing changes when it is done again. It returns false if row has
// no direction: it is all zeros, or not finite.
func unitInto[T, S element](dst []T, row []S) bool {
	var sum float64
	for _, v := range row {
		sum += float64(float64(v) * float64(v))
	}
	near := float64(len(row)+4) * 0x1p-52
	if unsafe.Sizeof(T(0)) == 4 {
		near += 0x1p-22
	}
	top := 1.
	switch {
	case math.Abs(sum-1) <= near:
		sum = 1
	case !(sum > 1e-200 && sum < 1e200): // the squares may have vanished or overflown
		top = 0
		for _, v := range row {
			top = max(top, math.Abs(float64(v))) // a NaN stays
		}
		if top == 0 || top-top != 0 {
			return false
		}
		sum = 0
		for _, v := range row {
			q := float64(v) / top
			sum += float64(q * q)
		}
	}
	length := math.Sqrt(sum)
	for j, v := range row {
		dst[j] = T(float64(v) / top / length)
	}
	return true
}
