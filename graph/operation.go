package graph

import (
	"fmt"
	"hash"
	"hash/fnv"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// operation is an operator: what it takes and gives, its kernels, and the operators
// that are its derivatives. It implements all that both machines of Gorgonia ask of an
// operator; those of this package are values of it.
type operation struct {
	name           string
	in             []operand
	out            operand
	shape          func(in []tensor.Shape) (tensor.Shape, error)
	single, double func(out *tensor.Dense, in []*tensor.Dense) error // by dtype

	// The derivatives by input; nil where there is none. Each takes the inputs, the
	// output if ofOutput is set, and the gradient of the output.
	derivatives []*operation
	ofOutput    bool
}

var (
	_ gorgonia.SDOp            = (*operation)(nil)
	_ gorgonia.ADOp            = (*operation)(nil)
	_ gorgonia.UsePreallocDoer = (*operation)(nil)
)

// Arity returns the number of inputs.
func (o *operation) Arity() int { return len(o.in) }

// Type returns the type of the operator as a function of float32 or float64.
func (o *operation) Type() hm.Type {
	types := make([]hm.Type, 0, len(o.in)+1)
	for _, in := range o.in {
		types = append(types, in.typeOf())
	}
	return hm.NewFnType(append(types, o.out.typeOf())...)
}

// InferShape returns the shape of the output. The error wraps ErrInput.
func (o *operation) InferShape(in ...gorgonia.DimSizer) (tensor.Shape, error) {
	shapes, err := gorgonia.DimSizersToShapes(in)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrInput, o.name, err)
	}
	return o.shape(shapes)
}

// ReturnsPtr says that the output is memory of its own.
func (o *operation) ReturnsPtr() bool { return false }

// CallsExtern says that nothing outside of Go's memory is called.
func (o *operation) CallsExtern() bool { return false }

// OverwritesInput says that no input is overwritten.
func (o *operation) OverwritesInput() int { return -1 }

// WriteHash writes what tells the operator from others.
func (o *operation) WriteHash(h hash.Hash) { fmt.Fprintf(h, "lloyd/graph %s", o.name) }

// Hashcode returns the hash of the operator.
func (o *operation) Hashcode() uint32 {
	h := fnv.New32a()
	o.WriteHash(h)
	return h.Sum32()
}

// String returns the name of the operator.
func (o *operation) String() string { return o.name }

// Do runs the operator. The error wraps ErrInput, or kernel.ErrLevel when LLOYD_KERNEL
// names a level that cannot run.
func (o *operation) Do(inputs ...gorgonia.Value) (gorgonia.Value, error) {
	return o.UsePreallocDo(nil, inputs...)
}

// UsePreallocDo runs the operator and returns its output in prealloc if that is a
// tensor which fits.
func (o *operation) UsePreallocDo(prealloc gorgonia.Value, inputs ...gorgonia.Value) (gorgonia.Value, error) {
	out, err := o.run(prealloc, inputs)
	if err != nil || o.out != scalar {
		return out, err
	}
	return scalarOf(out), nil
}

func (o *operation) run(prealloc gorgonia.Value, inputs []gorgonia.Value) (*tensor.Dense, error) {
	if _, err := lloyd.Level(); err != nil {
		return nil, err
	}
	in, err := o.values(inputs)
	if err != nil {
		return nil, err
	}
	shapes := make([]tensor.Shape, len(in))
	for i, v := range in {
		shapes[i] = v.Shape()
	}
	shape, err := o.shape(shapes)
	if err != nil {
		return nil, err
	}
	dt := in[0].Dtype()
	kernels := o.double
	if dt == tensor.Float32 {
		kernels = o.single
	}
	out := outputOf(prealloc, o.out.dtype(dt), shape)
	if err := kernels(out, in); err != nil {
		return nil, fmt.Errorf("%s: %w", o.name, err)
	}
	return out, nil
}

// DiffWRT says by which inputs the output can be differentiated.
func (o *operation) DiffWRT(inputs int) []bool {
	by := make([]bool, inputs)
	for i := range min(inputs, len(o.derivatives)) {
		by[i] = o.derivatives[i] != nil
	}
	return by
}

// SymDiff returns the nodes of the gradients by each input, nil where there is none.
func (o *operation) SymDiff(inputs gorgonia.Nodes, output, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	if o.ofOutput {
		inputs = append(inputs[:len(inputs):len(inputs)], output)
	}
	inputs = append(inputs[:len(inputs):len(inputs)], grad)
	grads := make(gorgonia.Nodes, len(o.in))
	for i, d := range o.derivatives {
		if d == nil {
			continue
		}
		var err error
		if grads[i], err = d.apply(inputs...); err != nil {
			return nil, err
		}
	}
	return grads, nil
}

// DoDiff adds the gradients by each input to what the inputs have.
func (o *operation) DoDiff(_ gorgonia.ExecutionContext, inputs gorgonia.Nodes, output *gorgonia.Node) error {
	values := make([]gorgonia.Value, 0, len(inputs)+2)
	for _, n := range inputs {
		values = append(values, n.Value())
	}
	if o.ofOutput {
		values = append(values, output.Value())
	}
	grad, err := output.Grad()
	if err != nil {
		return err
	}
	values = append(values, grad)
	for i, d := range o.derivatives {
		if d == nil {
			continue
		}
		sum, err := inputs[i].Grad()
		if err != nil {
			return err
		}
		g, err := d.run(nil, values)
		if err != nil {
			return err
		}
		if err := addTo(sum, g); err != nil {
			return err
		}
	}
	return nil
}

// apply returns the node of the operator on inputs. The error wraps ErrInput.
func (o *operation) apply(inputs ...*gorgonia.Node) (*gorgonia.Node, error) {
	if err := o.check(inputs); err != nil {
		return nil, err
	}
	n, err := gorgonia.ApplyOp(o, inputs...)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrInput, o.name, err)
	}
	return n, nil
}
