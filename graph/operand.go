package graph

import (
	"fmt"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// ErrInput is wrapped by errors about a node or a value that an operator cannot take:
// not float32 or float64, different dtypes, shapes that do not fit together, rows
// without a nearest center. It is that of package cluster.
var ErrInput = cluster.ErrInput

// operand is what an operator takes or gives, all of one dtype but labels.
type operand uint8

const (
	scalar operand = iota
	vector
	matrix
	labels // a vector of Int
)

func (o operand) String() string {
	return [...]string{"a scalar", "a vector", "a matrix", "a vector of Int"}[o]
}

// dims returns the number of dimensions.
func (o operand) dims() int { return [...]int{0, 1, 2, 1}[o] }

// dtype returns the dtype of the operand among those of dtype dt.
func (o operand) dtype(dt tensor.Dtype) tensor.Dtype {
	if o == labels {
		return tensor.Int
	}
	return dt
}

// typeOf returns the operand as Gorgonia's type system has it.
func (o operand) typeOf() hm.Type {
	var of hm.Type = hm.TypeVariable('a')
	if o == labels {
		of = tensor.Int
	}
	if o == scalar {
		return of
	}
	return gorgonia.TensorType{Dims: o.dims(), Of: of}
}

// check checks that nodes are what the operator takes.
func (o *operation) check(nodes []*gorgonia.Node) error {
	shapes := make([]tensor.Shape, len(nodes))
	var first tensor.Dtype
	for i, n := range nodes {
		if n == nil {
			return fmt.Errorf("%w: %s: input %d is nil; it must be %v", ErrInput, o.name, i, o.in[i])
		}
		shapes[i] = n.Shape()
		dt, dims, known := typeOfNode(n)
		if !known || dims != o.in[i].dims() {
			return fmt.Errorf("%w: %s: input %d (%s) is of type %v; it must be %v", ErrInput, o.name, i, n.Name(), n.Type(), o.in[i])
		}
		if i == 0 {
			first = dt
		}
		if err := o.checkDtype(i, first, dt); err != nil {
			return err
		}
	}
	_, err := o.shape(shapes)
	return err
}

// typeOfNode returns the dtype and the number of dimensions of a node, as far as they
// are known.
func typeOfNode(n *gorgonia.Node) (dt tensor.Dtype, dims int, known bool) {
	switch t := n.Type().(type) {
	case tensor.Dtype:
		return t, 0, true
	case gorgonia.TensorType:
		dt, known = t.Of.(tensor.Dtype)
		return dt, t.Dims, known
	case *gorgonia.TensorType:
		dt, known = t.Of.(tensor.Dtype)
		return dt, t.Dims, known
	}
	return dt, 0, false
}

// checkDtype checks the dtype of input i, where that of input 0 is first.
func (o *operation) checkDtype(i int, first, dt tensor.Dtype) error {
	if first != tensor.Float32 && first != tensor.Float64 {
		return fmt.Errorf("%w: %s: input 0 has dtype %v; float32 and float64 are supported, convert it first", ErrInput, o.name, first)
	}
	if want := o.in[i].dtype(first); dt != want {
		return fmt.Errorf("%w: %s: input %d has dtype %v, and must have %v as input 0 has %v; convert one of them", ErrInput, o.name, i, dt, want, first)
	}
	return nil
}

// values returns the inputs as tensors, a scalar as one of one element.
func (o *operation) values(inputs []gorgonia.Value) ([]*tensor.Dense, error) {
	if len(inputs) != len(o.in) {
		return nil, fmt.Errorf("%w: %s takes %d inputs, not %d", ErrInput, o.name, len(o.in), len(inputs))
	}
	in := make([]*tensor.Dense, len(inputs))
	for i, v := range inputs {
		switch v := v.(type) {
		case *tensor.Dense:
			in[i] = v
		case *gorgonia.F32:
			in[i] = tensor.New(tensor.WithShape(1), tensor.WithBacking([]float32{float32(*v)}))
		case *gorgonia.F64:
			in[i] = tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{float64(*v)}))
		}
		if in[i] == nil {
			return nil, fmt.Errorf("%w: %s: the value of input %d is a %T; it must be %v", ErrInput, o.name, i, v, o.in[i])
		}
		if err := o.checkDtype(i, in[0].Dtype(), in[i].Dtype()); err != nil {
			return nil, err
		}
	}
	return in, nil
}

// shapeOf returns a shape function that gives the shape of input i, for the derivative
// by it of an operator whose shape function is checked.
func shapeOf(i, arity int, checked func([]tensor.Shape) (tensor.Shape, error)) func([]tensor.Shape) (tensor.Shape, error) {
	return func(in []tensor.Shape) (tensor.Shape, error) {
		out, err := checked(in[:arity])
		if err != nil {
			return nil, err
		}
		for _, s := range in[arity:] { // the output and its gradient
			if !s.Eq(out) {
				return nil, fmt.Errorf("%w: the gradient of an output of shape %v has shape %v", ErrInput, out, s)
			}
		}
		return in[i].Clone(), nil
	}
}
