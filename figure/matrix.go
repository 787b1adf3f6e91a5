package figure

import (
	"fmt"
	"math"

	"gorgonia.org/tensor"
)

// matrix is a row-major copy of a 2-D tensor.
type matrix struct {
	values     []float64 // rows·cols numbers, all finite
	rows, cols int
}

// at returns the value in row i, column j.
func (m matrix) at(i, j int) float64 { return m.values[i*m.cols+j] }

// readMatrix copies a 2-D float32 or float64 tensor, whatever its memory
// order, and checks that every value is finite. name is what the error texts
// call the tensor.
//
// Only Shape, Strides and Data are trusted: the flags of tensor v0.9.24 say
// "contiguous" of column-major tensors and of some views.
func readMatrix(name string, t *tensor.Dense) (matrix, error) {
	if t == nil {
		return matrix{}, fmt.Errorf("%w: %s is nil, expected a 2-D tensor; pass a *tensor.Dense with one row per point or center", ErrShape, name)
	}
	shape, strides := t.Shape(), t.Strides()
	if len(shape) != 2 {
		return matrix{}, fmt.Errorf("%w: %s has shape %v, expected 2 dimensions (rows×columns); reshape it", ErrShape, name, shape)
	}
	rows, cols := shape[0], shape[1]
	if rows < 1 || cols < 1 {
		return matrix{}, fmt.Errorf("%w: %s has shape %v, expected at least one row and one column", ErrShape, name, shape)
	}
	if dt := t.Dtype(); dt != tensor.Float32 && dt != tensor.Float64 {
		return matrix{}, fmt.Errorf("%w: %s holds %v, expected float32 or float64; convert it", ErrDtype, name, dt)
	}
	if t.IsMasked() {
		return matrix{}, fmt.Errorf("%w: %s is masked, expected plain values; drop the masked rows first", ErrLayout, name)
	}
	if !t.IsNativelyAccessible() {
		return matrix{}, fmt.Errorf("%w: %s lives outside of main memory, expected values that Go can read; copy it to main memory first", ErrLayout, name)
	}
	if len(strides) != 2 {
		return matrix{}, fmt.Errorf("%w: %s has strides %v for shape %v, expected one stride per dimension; clone it into a fresh tensor", ErrLayout, name, strides, shape)
	}
	switch data := t.Data().(type) {
	case []float32:
		return walk(name, data, shape, strides)
	case []float64:
		return walk(name, data, shape, strides)
	default:
		return matrix{}, fmt.Errorf("%w: %s hands out its values as %T, expected []float32 or []float64", ErrDtype, name, data)
	}
}

// walk copies shape[0]×shape[1] values out of data through the strides.
func walk[T float32 | float64](name string, data []T, shape, strides []int) (matrix, error) {
	rows, cols := shape[0], shape[1]
	down, along := strides[0], strides[1]
	if down < 0 || along < 0 || !reaches(len(data), rows-1, down, cols-1, along) {
		return matrix{}, fmt.Errorf("%w: %s has shape %v and strides %v but only %d values behind it; clone it into a fresh tensor", ErrLayout, name, shape, strides, len(data))
	}
	m := matrix{values: make([]float64, 0, rows*cols), rows: rows, cols: cols}
	for i := range rows {
		for j := range cols {
			v := float64(data[i*down+j*along])
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return matrix{}, fmt.Errorf("%w: %s has %v in row %d, column %d, expected finite numbers; drop or replace such rows", ErrValue, name, v, i, j)
			}
			m.values = append(m.values, v)
		}
	}
	return m, nil
}

// reaches reports whether index lastRow·down + lastCol·along lies inside of n
// values, without overflowing on the way. No argument is negative.
func reaches(n, lastRow, down, lastCol, along int) bool {
	if n < 1 || (lastRow > 0 && down > (n-1)/lastRow) {
		return false
	}
	left := n - 1 - lastRow*down
	return lastCol == 0 || along <= left/lastCol
}

// bounds returns the least and greatest of some values, of which there is at
// least one.
func bounds(values []float64) (low, high float64) {
	low, high = values[0], values[0]
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	return low, high
}
