package graph

import (
	"fmt"
	"math"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// Labels returns the labels that a node of Nearest has for a value, in the form in
// which packages cluster and metrics take them. The error wraps ErrInput.
func Labels(v gorgonia.Value) ([]int32, error) {
	t, ok := v.(*tensor.Dense)
	if !ok || t.Dtype() != tensor.Int || t.Dims() != 1 {
		return nil, fmt.Errorf("%w: a %T is not a vector of Int; give the value of the labels of Nearest, after a run", ErrInput, v)
	}
	return labelsOf(t, math.MaxInt32)
}

// labelsOf returns the labels in t, which must be less than k.
func labelsOf(t *tensor.Dense, k int) ([]int32, error) {
	values, err := elements[int](t)
	if err != nil {
		return nil, err
	}
	out := make([]int32, len(values))
	for i, l := range values {
		if l < 0 || l >= k {
			return nil, fmt.Errorf("%w: the label of row %d is %d; it must be from 0 to %d", ErrInput, i, l, k-1)
		}
		out[i] = int32(l)
	}
	return out, nil
}

// elements returns the elements of a vector, which share its memory if they are
// adjacent there.
func elements[T lloyd.Float | int](t *tensor.Dense) ([]T, error) {
	data, ok := t.Data().([]T)
	if !ok {
		return nil, fmt.Errorf("%w: a vector holds a %T", ErrInput, t.Data())
	}
	n, stride := t.Shape().TotalSize(), 1
	if s := t.Strides(); len(s) == 1 && n > 1 {
		stride = s[0]
	}
	if stride < 0 || len(data) < (n-1)*stride+1 {
		return nil, fmt.Errorf("%w: a vector has shape %v and strides %v, but %d elements", ErrInput, t.Shape(), t.Strides(), len(data))
	}
	if stride == 1 {
		return data[:n], nil
	}
	out := make([]T, n)
	for i := range out {
		out[i] = data[i*stride]
	}
	return out, nil
}

// matrices returns the first two inputs: rows and centers, or distances and
// their assignment.
func matrices[T lloyd.Float](in []*tensor.Dense) (a, b lloyd.Matrix[T], err error) {
	if a, err = cluster.Rows[T](in[0]); err == nil {
		b, err = cluster.Rows[T](in[1])
	}
	return a, b, err
}

// outputOf returns a tensor for an output: prealloc if it fits, or a new one. A scalar
// is a tensor of one element.
func outputOf(prealloc gorgonia.Value, dt tensor.Dtype, shape tensor.Shape) *tensor.Dense {
	if t, ok := prealloc.(*tensor.Dense); ok && t.Dtype() == dt && t.Shape().Eq(shape) && t.DataOrder() == 0 && !t.RequiresIterator() && t.DataSize() == shape.TotalSize() {
		return t
	}
	if shape.IsScalar() {
		shape = tensor.Shape{1}
	}
	return tensor.New(tensor.Of(dt), tensor.WithShape(shape.Clone()...))
}

// scalarOf returns the one element of t as a scalar.
func scalarOf(t *tensor.Dense) gorgonia.Value {
	if t.Dtype() == tensor.Float32 {
		return gorgonia.NewF32(t.Data().([]float32)[0])
	}
	return gorgonia.NewF64(t.Data().([]float64)[0])
}

// addTo adds a gradient to a sum of gradients in place.
func addTo(sum gorgonia.Value, grad *tensor.Dense) error {
	switch s := sum.(type) {
	case *gorgonia.F32:
		*s += gorgonia.F32(grad.Data().([]float32)[0])
	case *gorgonia.F64:
		*s += gorgonia.F64(grad.Data().([]float64)[0])
	case *tensor.Dense:
		_, err := s.Add(grad, tensor.UseUnsafe())
		return err
	default:
		return fmt.Errorf("%w: a gradient is a %T", ErrInput, sum)
	}
	return nil
}
