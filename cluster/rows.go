package cluster

import (
	"fmt"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// element is the dtype of a tensor that this package takes.
type element = lloyd.Float

// checkTensor checks that x is an N×D tensor of float32 or float64 with at
// least one row and one column. name is what x is called in the error, which
// wraps ErrInput.
func checkTensor(name string, x *tensor.Dense) error {
	if x == nil {
		return fmt.Errorf("%w: %s is nil; give an N×D tensor of float32 or float64", ErrInput, name)
	}
	if dt := x.Dtype(); dt != tensor.Float32 && dt != tensor.Float64 {
		return fmt.Errorf("%w: %s has dtype %v; float32 and float64 are supported, convert it first", ErrInput, name, dt)
	}
	if x.Dims() != 2 {
		return fmt.Errorf("%w: %s has shape %v; expected two dimensions, rows × columns", ErrInput, name, x.Shape())
	}
	if s := x.Shape(); s[0] < 1 || s[1] < 1 {
		return fmt.Errorf("%w: %s is empty: its shape is %v", ErrInput, name, s)
	}
	if !x.IsNativelyAccessible() {
		return fmt.Errorf("%w: %s is not in memory that Go can read", ErrInput, name)
	}
	if x.IsMasked() {
		return fmt.Errorf("%w: %s is a masked tensor, which k-means has no rule for; drop the masked rows first", ErrInput, name)
	}
	return nil
}

// Rows returns the rows of x (N×D, float32 or float64, at least one row and column) as
// the kernels of package lloyd take them: in place where elements of a row are adjacent,
// copied otherwise. T must be the dtype of x. The error wraps ErrInput.
func Rows[T lloyd.Float](x *tensor.Dense) (lloyd.Matrix[T], error) { return rowsOf[T]("x", x) }

// rowsOf returns the rows of x as a matrix of x's own dtype T. Rows whose
// elements are adjacent are taken as they are, with their stride as the leading
// dimension; any other layout is copied, element by element through the
// strides, because the order flags of a tensor cannot be relied on (tensor
// v0.9.24 leaves them wrong after Transpose and for column-major data).
func rowsOf[T element](name string, x *tensor.Dense) (lloyd.Matrix[T], error) {
	if err := checkTensor(name, x); err != nil {
		return lloyd.Matrix[T]{}, err
	}
	data, ok := x.Data().([]T)
	if !ok {
		return lloyd.Matrix[T]{}, fmt.Errorf("%w: %s holds a %T", ErrInput, name, x.Data())
	}
	n, d := x.Shape()[0], x.Shape()[1]
	strides := x.Strides()
	// A tensor of one row or one column may come with a single stride.
	row, col := d, 1
	switch {
	case len(strides) == 2:
		row, col = strides[0], strides[1]
	case len(strides) == 1 && n == 1:
		col = strides[0]
	case len(strides) == 1:
		row = strides[0]
	}
	if need := (n-1)*row + (d-1)*col + 1; row < 0 || col < 0 || len(data) < need {
		return lloyd.Matrix[T]{}, fmt.Errorf("%w: %s has shape %v and strides %v, but only %d elements", ErrInput, name, x.Shape(), strides, len(data))
	}
	if (col == 1 || d == 1) && (row >= d || n == 1) {
		return lloyd.Matrix[T]{Data: data, N: n, D: d, LD: max(row, d)}, nil
	}
	m := lloyd.Dense(make([]T, n*d), n, d)
	for i := range n {
		dst := m.Row(i)
		for j := range dst {
			dst[j] = data[i*row+j*col]
		}
	}
	return m, nil
}

// tensorOf returns m's elements, which must be without gaps, as a tensor that
// shares them.
func tensorOf[T element](m lloyd.Matrix[T]) *tensor.Dense {
	return tensor.New(tensor.WithShape(m.N, m.D), tensor.WithBacking(m.Data[:m.N*m.D]))
}

// convert returns m in dtype T: m itself if it has it, a rounded copy otherwise.
func convert[T, S element](m lloyd.Matrix[S]) lloyd.Matrix[T] {
	if same, ok := any(m).(lloyd.Matrix[T]); ok {
		return same
	}
	c := lloyd.Dense(make([]T, m.N*m.D), m.N, m.D)
	convertInto(c.Data, m)
	return c
}

// convertInto writes the rows of m to dst, without gaps.
func convertInto[T, S element](dst []T, m lloyd.Matrix[S]) {
	for i := range m.N {
		out := dst[i*m.D : (i+1)*m.D]
		for j, v := range m.Row(i) {
			out[j] = T(v)
		}
	}
}

// compact returns m without gaps between its rows, in memory of its own.
func compact[T element](m lloyd.Matrix[T]) lloyd.Matrix[T] {
	c := lloyd.Dense(make([]T, m.N*m.D), m.N, m.D)
	convertInto(c.Data, m)
	return c
}
