package graph_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/graph"
)

// build adds what is tested to a graph with rows, centers and a temperature, and returns
// nodes of which the loss is the sum, each element times a fixed number.
type build func(x, c, t *gorgonia.Node) gorgonia.Nodes

var builds = map[string]build{
	"Nearest": func(x, c, _ *gorgonia.Node) gorgonia.Nodes {
		_, d, err := graph.Nearest(x, c)
		return gorgonia.Nodes{gorgonia.Must(d, err)}
	},
	"Distances": func(x, c, _ *gorgonia.Node) gorgonia.Nodes {
		return gorgonia.Nodes{gorgonia.Must(graph.Distances(x, c))}
	},
	"SoftAssign": func(x, c, t *gorgonia.Node) gorgonia.Nodes {
		return gorgonia.Nodes{gorgonia.Must(graph.SoftAssign(x, c, t))}
	},
	"all": func(x, c, t *gorgonia.Node) gorgonia.Nodes {
		_, nearest, err := graph.Nearest(x, c)
		nearest = gorgonia.Must(nearest, err)
		d := gorgonia.Must(graph.Distances(x, c))
		p := gorgonia.Must(graph.SoftAssign(x, c, t))
		return gorgonia.Nodes{gorgonia.Must(gorgonia.HadamardProd(p, d)), nearest}
	},
}

// problem is a loss of rows, centers and a temperature in a graph.
type problem struct {
	g             *gorgonia.ExprGraph
	x, c, t, loss *gorgonia.Node
}

// normal returns random numbers around offset.
func normal(r *rand.Rand, dt tensor.Dtype, offset float64, shape ...int) *tensor.Dense {
	t := tensor.New(tensor.Of(dt), tensor.WithShape(shape...))
	for i := range t.DataSize() {
		set(t, i, offset+r.NormFloat64())
	}
	return t
}

func set(t *tensor.Dense, i int, v float64) {
	switch data := t.Data().(type) {
	case []float32:
		data[i] = float32(v)
	case []float64:
		data[i] = v
	}
}

func at(v gorgonia.Value, i int) float64 {
	switch data := v.Data().(type) {
	case float32:
		return float64(data)
	case float64:
		return data
	case []float32:
		return float64(data[i])
	case []float64:
		return data[i]
	}
	panic(fmt.Sprintf("a %T", v.Data()))
}

func newProblem(dt tensor.Dtype, n, d, k int, offset float64, b build) *problem {
	r := rand.New(rand.NewPCG(uint64(n), uint64(d*k)))
	p := &problem{g: gorgonia.NewGraph()}
	p.x = gorgonia.NodeFromAny(p.g, normal(r, dt, offset, n, d), gorgonia.WithName("x"))
	p.c = gorgonia.NodeFromAny(p.g, normal(r, dt, offset, k, d), gorgonia.WithName("centers"))
	temperature := any(1.5 * float64(d))
	if dt == tensor.Float32 {
		temperature = float32(1.5 * float64(d))
	}
	p.t = gorgonia.NewScalar(p.g, dt, gorgonia.WithName("temperature"), gorgonia.WithValue(temperature))
	for i, out := range b(p.x, p.c, p.t) {
		w := gorgonia.NodeFromAny(p.g, normal(r, dt, 0, out.Shape()...), gorgonia.WithName(fmt.Sprint("weights ", i)))
		sum := gorgonia.Must(gorgonia.Sum(gorgonia.Must(gorgonia.HadamardProd(out, w))))
		if p.loss == nil {
			p.loss = sum
		} else {
			p.loss = gorgonia.Must(gorgonia.Add(p.loss, sum))
		}
	}
	return p
}

// wrt returns the nodes by which the loss is differentiated.
func (p *problem) wrt(name string) gorgonia.Nodes {
	if name == "SoftAssign" || name == "all" {
		return gorgonia.Nodes{p.x, p.c, p.t}
	}
	return gorgonia.Nodes{p.x, p.c}
}

func run(t testing.TB, m gorgonia.VM) {
	t.Helper()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
}

// tape returns the gradients that a TapeMachine computes symbolically.
func (p *problem) tape(t testing.TB, wrt gorgonia.Nodes) []gorgonia.Value {
	t.Helper()
	grads, err := gorgonia.Grad(p.loss, wrt...)
	if err != nil {
		t.Fatal(err)
	}
	m := gorgonia.NewTapeMachine(p.g)
	defer m.Close()
	run(t, m)
	values := make([]gorgonia.Value, len(grads))
	for i, g := range grads {
		values[i] = g.Value()
	}
	return values
}

// lisp returns the gradients that a LispMachine computes.
func (p *problem) lisp(t testing.TB, wrt gorgonia.Nodes) []gorgonia.Value {
	t.Helper()
	m := gorgonia.NewLispMachine(p.g)
	defer m.Close()
	run(t, m)
	values := make([]gorgonia.Value, len(wrt))
	for i, n := range wrt {
		g, err := n.Grad()
		if err != nil {
			t.Fatal(err)
		}
		values[i] = g
	}
	return values
}

// shapes are N, D, K and an offset of all coordinates; ties have probability 0.
var shapes = []struct {
	n, d, k int
	offset  float64
}{
	{1, 1, 1, 0}, {1, 3, 2, 0}, {7, 1, 4, 0}, {5, 3, 1, 0}, {13, 5, 4, 100}, {40, 17, 9, 0}, {300, 4, 20, 0}, {9, 33, 40, 0},
}

// Gradients agree with central differences of the loss, element by element.
func TestGradients(t *testing.T) {
	for name, b := range builds {
		for _, s := range shapes {
			t.Run(fmt.Sprintf("%s/%d×%d,%d", name, s.n, s.d, s.k), func(t *testing.T) {
				p := newProblem(tensor.Float64, s.n, s.d, s.k, s.offset, b)
				forward := gorgonia.NewTapeMachine(p.g)
				defer forward.Close()
				loss := func() float64 {
					forward.Reset()
					run(t, forward)
					return at(p.loss.Value(), 0)
				}
				wrt := p.wrt(name)
				var want [][]float64
				for _, n := range wrt {
					want = append(want, differences(n, loss))
				}
				tape := newProblem(tensor.Float64, s.n, s.d, s.k, s.offset, b)
				compare(t, "TapeMachine", tape.tape(t, tape.wrt(name)), want, 1e-4)
				// The LispMachine of Gorgonia v0.9.18 overwrites the factors of HadamardProd
				// when they are 1×1, which p and d are here.
				if name != "all" || s.n*s.k > 1 {
					lisp := newProblem(tensor.Float64, s.n, s.d, s.k, s.offset, b)
					compare(t, "LispMachine", lisp.lisp(t, lisp.wrt(name)), want, 1e-4)
				}
				single := newProblem(tensor.Float32, s.n, s.d, s.k, 0, b)
				double := newProblem(tensor.Float64, s.n, s.d, s.k, 0, b)
				want = want[:0]
				for _, v := range double.tape(t, double.wrt(name)) {
					want = append(want, floats(v))
				}
				compare(t, "float32", single.tape(t, single.wrt(name)), want, 1e-4)
			})
		}
	}
}

func floats(v gorgonia.Value) []float64 {
	out := make([]float64, max(1, v.Shape().TotalSize()))
	for i := range out {
		out[i] = at(v, i)
	}
	return out
}

// differences returns central differences of the loss by some elements of n, NaN for
// the others.
func differences(n *gorgonia.Node, loss func() float64) []float64 {
	const h = 1e-5
	if n.IsScalar() {
		v := at(n.Value(), 0)
		try := func(v float64) float64 {
			if err := gorgonia.Let(n, v); err != nil {
				panic(err)
			}
			return loss()
		}
		d := (try(v+h) - try(v-h)) / (2 * h)
		try(v)
		return []float64{d}
	}
	t := n.Value().(*tensor.Dense)
	out := make([]float64, t.DataSize())
	for i := range out {
		out[i] = math.NaN()
	}
	for i := 0; i < len(out); i += 1 + len(out)/25 {
		v := at(t, i)
		set(t, i, v+h)
		up := loss()
		set(t, i, v-h)
		down := loss()
		set(t, i, v)
		out[i] = (up - down) / (2 * h)
	}
	return out
}

// compare holds gradients against expected ones, where there are any, relative to the
// largest of the gradient.
func compare(t *testing.T, what string, got []gorgonia.Value, want [][]float64, tolerance float64) {
	t.Helper()
	for i, v := range got {
		g := floats(v)
		if len(g) != len(want[i]) {
			t.Fatalf("%s: gradient %d has %d elements, expected %d", what, i, len(g), len(want[i]))
		}
		var largest float64
		for _, v := range want[i] {
			if !math.IsNaN(v) {
				largest = max(largest, math.Abs(v))
			}
		}
		for j, v := range g {
			if w := want[i][j]; math.Abs(v-w) > tolerance*max(largest, 1e-3) || math.IsNaN(v) {
				t.Errorf("%s: gradient %d, element %d is %v, expected %v", what, i, j, v, w)
			}
		}
	}
}
