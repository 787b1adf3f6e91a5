package dataset

import "gorgonia.org/tensor"

// float is an element type of a matrix.
type float interface{ float32 | float64 }

// mostElements bounds the elements of a matrix: 2^40 (2^28 where int has 32
// bits), beyond any memory and far below any overflow.
const mostElements = 1 << (28 + 12*(^uint(0)>>63))

// matrix shows the elements of an N×D tensor through its strides: element
// (i, j) is at [i*rowStride+j*colStride] of the one slice that is not nil.
//
// It exists because tensor v0.9.24 cannot be trusted with it: a column-major
// tensor says that it needs no iterator, and Materialize leaves it as it is.
type matrix struct {
	rows, cols           int
	rowStride, colStride int
	f32                  []float32
	f64                  []float64
}

// matrixOf checks that x is a float matrix in this machine's memory. The
// elements are shared, not copied.
func matrixOf(x *tensor.Dense) (matrix, error) {
	var m matrix
	if x == nil {
		return m, failure(ErrShape, "the tensor is nil; an N×D matrix was expected")
	}
	shape := x.Shape()
	if len(shape) != 2 {
		return m, failure(ErrShape, "the tensor has shape %v, %d dimensions; an N×D matrix was expected: reshape a single column to (N, 1), a single row to (1, D)", []int(shape), len(shape))
	}
	m.rows, m.cols = shape[0], shape[1]
	if m.rows < 1 || m.cols < 1 {
		return m, failure(ErrShape, "the tensor has shape %v; at least one row and one column were expected", []int(shape))
	}
	if !isFloat(x.Dtype()) {
		return m, failure(ErrDtype, "the tensor has dtype %s; float32 or float64 was expected", dtypeName(x.Dtype()))
	}
	if !x.IsNativelyAccessible() {
		return m, failure(ErrShape, "the tensor's elements are not in this machine's memory; copy them there first")
	}
	if x.IsMasked() {
		return m, failure(ErrShape, "the tensor is masked; drop or fill the masked elements first")
	}
	strides := x.Strides()
	if len(strides) != 2 || strides[0] < 0 || strides[1] < 0 {
		return m, failure(ErrShape, "the tensor of shape %v has strides %v; two non-negative strides were expected: copy it into a new tensor", []int(shape), strides)
	}
	m.rowStride, m.colStride = strides[0], strides[1]
	have := 0
	switch data := x.Data().(type) {
	case []float32:
		m.f32, have = data, len(data)
	case []float64:
		m.f64, have = data, len(data)
	}
	if need := (m.rows-1)*m.rowStride + (m.cols-1)*m.colStride + 1; have < need {
		return m, failure(ErrShape, "the tensor of shape %v with strides %v needs %d elements and has %d; copy it into a new tensor", []int(shape), strides, need, have)
	}
	return m, nil
}

// gather copies row i into dst, which has m.cols entries. data is the slice
// of m that is not nil.
func gather[T float](m matrix, data, dst []T, i int) {
	at := i * m.rowStride
	if m.colStride == 1 {
		copy(dst, data[at:at+m.cols])
		return
	}
	for j := range dst {
		dst[j] = data[at+j*m.colStride]
	}
}

// denseOf makes an N×D tensor over data, which it then owns.
func denseOf[T float](rows, cols int, data []T) *tensor.Dense {
	return tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(data))
}
