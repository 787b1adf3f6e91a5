package graph_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/graph"
)

// Labels and distances are those of the E-step, to the bit, whatever the layout of the
// rows, and those of Distances agree.
func TestNearestIsTheEStep(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		rows, centers := normal(r, dt, 1e3, 700, 21), normal(r, dt, 1e3, 37, 21)
		want, err := cluster.EStep(context.Background(), rows, centers, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, transposed := range []bool{false, true} {
			g := gorgonia.NewGraph()
			x := gorgonia.NodeFromAny(g, rows, gorgonia.WithName("x"))
			if transposed {
				columns := rows.Clone().(*tensor.Dense)
				if err := columns.T(); err != nil {
					t.Fatal(err)
				}
				if err := columns.Transpose(); err != nil {
					t.Fatal(err)
				}
				x = gorgonia.Must(gorgonia.Transpose(gorgonia.NodeFromAny(g, columns, gorgonia.WithName("columns"))))
			}
			c := gorgonia.NodeFromAny(g, centers, gorgonia.WithName("centers"))
			label, distance, err := graph.Nearest(x, c)
			if err != nil {
				t.Fatal(err)
			}
			all, err := graph.Distances(x, c)
			if err != nil {
				t.Fatal(err)
			}
			m := gorgonia.NewTapeMachine(g)
			run(t, m)
			labels, err := graph.Labels(label.Value())
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(labels, want.Labels) {
				t.Errorf("%v, transposed %v: labels %v, expected %v", dt, transposed, labels, want.Labels)
			}
			for i, l := range labels {
				w := at(want.SquaredDistances, i)
				if d := at(distance.Value(), i); d != w {
					t.Errorf("%v, transposed %v: distance of row %d is %v, expected %v", dt, transposed, i, d, w)
				}
				if d := at(all.Value(), i*37+int(l)); d != w {
					t.Errorf("%v, transposed %v: Distances has %v for row %d, expected %v", dt, transposed, d, i, w)
				}
			}
			m.Close()
		}
	}
}

// Gradients have the same bits on any number of threads.
func TestThreads(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var want [][]float64
	for _, threads := range []int{1, 2, 7} {
		runtime.GOMAXPROCS(threads)
		p := newProblem(tensor.Float32, 3000, 40, 11, 0, builds["all"])
		var got [][]float64
		for _, v := range p.tape(t, p.wrt("all")) {
			got = append(got, floats(v))
		}
		if want == nil {
			want = got
		}
		for i := range got {
			if !slices.Equal(got[i], want[i]) {
				t.Errorf("%d threads: gradient %d differs", threads, i)
			}
		}
	}
}

// A second run of a machine, with other rows, uses the memory of the first and gives
// what a new machine gives.
func TestRunAgain(t *testing.T) {
	for name, b := range builds {
		for _, tape := range []bool{true, false} {
			again := newProblem(tensor.Float64, 30, 5, 4, 0, b)
			fresh := newProblem(tensor.Float64, 30, 5, 4, 0, b)
			var grads gorgonia.Nodes
			machine := func(p *problem) gorgonia.VM {
				if !tape {
					return gorgonia.NewLispMachine(p.g, gorgonia.ExecuteFwdOnly())
				}
				g, err := gorgonia.Grad(p.loss, p.wrt(name)...)
				if err != nil {
					t.Fatal(err)
				}
				grads = append(grads, g...)
				return gorgonia.NewTapeMachine(p.g)
			}
			first, second := machine(again), machine(fresh)
			run(t, first)
			other := normal(rand.New(rand.NewPCG(9, 9)), tensor.Float64, 0, 30, 5)
			for _, p := range []*problem{again, fresh} {
				if err := gorgonia.Let(p.x, other); err != nil {
					t.Fatal(err)
				}
			}
			if tape {
				first.Reset()
			} else {
				first = gorgonia.NewLispMachine(again.g, gorgonia.ExecuteFwdOnly())
			}
			run(t, first)
			run(t, second)
			if a, b := at(again.loss.Value(), 0), at(fresh.loss.Value(), 0); a != b {
				t.Errorf("%s, tape %v: loss %v again, %v at first", name, tape, a, b)
			}
			for i := range len(grads) / 2 {
				if !slices.Equal(floats(grads[i].Value()), floats(grads[len(grads)/2+i].Value())) {
					t.Errorf("%s: gradient %d differs", name, i)
				}
			}
		}
	}
}

// SoftAssign computes no distances of its own where there is a node for them.
func TestDistancesAreShared(t *testing.T) {
	g := gorgonia.NewGraph()
	x := gorgonia.NewMatrix(g, tensor.Float64, gorgonia.WithShape(5, 3), gorgonia.WithName("x"))
	c := gorgonia.NewMatrix(g, tensor.Float64, gorgonia.WithShape(2, 3), gorgonia.WithName("c"))
	d := gorgonia.Must(graph.Distances(x, c))
	p := gorgonia.Must(graph.SoftAssign(x, c, gorgonia.NewConstant(1.0)))
	if next := g.From(p.ID()); !next.Next() || next.Node().ID() != d.ID() {
		t.Error("SoftAssign does not use the node of Distances")
	}
	if again := gorgonia.Must(graph.Distances(x, c)); again != d {
		t.Error("Distances of the same nodes are two nodes")
	}
	if other := gorgonia.Must(graph.Distances(c, x)); other == d {
		t.Error("Distances of other nodes are the same node")
	}
}

// Rows of p sum to 1, also at temperatures that leave one center, or all alike.
func TestTemperatures(t *testing.T) {
	for _, temperature := range []float64{1e-300, 1e-6, 1, 1e6, 1e300} {
		g := gorgonia.NewGraph()
		r := rand.New(rand.NewPCG(3, 4))
		x := gorgonia.NodeFromAny(g, normal(r, tensor.Float64, 0, 50, 3), gorgonia.WithName("x"))
		c := gorgonia.NodeFromAny(g, normal(r, tensor.Float64, 0, 6, 3), gorgonia.WithName("c"))
		p := gorgonia.Must(graph.SoftAssign(x, c, gorgonia.NewConstant(temperature)))
		label, _, err := graph.Nearest(x, c)
		if err != nil {
			t.Fatal(err)
		}
		run(t, gorgonia.NewTapeMachine(g))
		labels, err := graph.Labels(label.Value())
		if err != nil {
			t.Fatal(err)
		}
		for i := range 50 {
			row := floats(p.Value())[i*6 : i*6+6]
			var sum float64
			for _, v := range row {
				sum += v
			}
			if math.Abs(sum-1) > 1e-14 {
				t.Errorf("T = %v: row %d sums to %v", temperature, i, sum)
			}
			if l := labels[i]; row[l] != slices.Max(row) || temperature == 1e-300 && row[l] != 1 {
				t.Errorf("T = %v: row %d is %v, the nearest center is %d", temperature, i, row, l)
			}
		}
	}
}

// What does not fit is an error that wraps ErrInput, at once or in the run.
func TestErrors(t *testing.T) {
	g := gorgonia.NewGraph()
	node := func(name string, dt tensor.Dtype, shape ...int) *gorgonia.Node {
		return gorgonia.NewTensor(g, dt, len(shape), gorgonia.WithShape(shape...), gorgonia.WithName(name))
	}
	x, c := node("x", tensor.Float64, 5, 3), node("c", tensor.Float64, 2, 3)
	one := gorgonia.NewConstant(1.0)
	elsewhere := gorgonia.NewMatrix(gorgonia.NewGraph(), tensor.Float64, gorgonia.WithShape(2, 3), gorgonia.WithName("elsewhere"))
	pairs := map[string][2]*gorgonia.Node{
		"nil rows":         {nil, c},
		"nil centers":      {x, nil},
		"columns":          {x, node("c4", tensor.Float64, 2, 4)},
		"dtypes":           {x, node("c32", tensor.Float32, 2, 3)},
		"integers":         {node("xi", tensor.Int, 5, 3), node("ci", tensor.Int, 2, 3)},
		"a vector":         {node("v", tensor.Float64, 3), c},
		"three dimensions": {node("t3", tensor.Float64, 5, 3, 1), c},
		"a scalar":         {one, c},
		"two graphs":       {x, elsewhere},
	}
	for name, p := range pairs {
		if _, _, err := graph.Nearest(p[0], p[1]); !errors.Is(err, graph.ErrInput) {
			t.Errorf("Nearest, %s: %v", name, err)
		}
		if _, err := graph.Distances(p[0], p[1]); !errors.Is(err, graph.ErrInput) {
			t.Errorf("Distances, %s: %v", name, err)
		}
		if _, err := graph.SoftAssign(p[0], p[1], one); !errors.Is(err, graph.ErrInput) {
			t.Errorf("SoftAssign, %s: %v", name, err)
		}
	}
	for name, temperature := range map[string]*gorgonia.Node{
		"nil": nil, "float32": gorgonia.NewConstant(float32(1)), "a vector": node("t", tensor.Float64, 5), "an integer": gorgonia.NewConstant(1),
	} {
		if _, err := graph.SoftAssign(x, c, temperature); !errors.Is(err, graph.ErrInput) {
			t.Errorf("temperature, %s: %v", name, err)
		}
	}
	for _, v := range []gorgonia.Value{nil, gorgonia.NewF64(1), tensor.New(tensor.WithShape(2), tensor.WithBacking([]int32{1, 2})), tensor.New(tensor.WithShape(1), tensor.WithBacking([]int{-1}))} {
		if _, err := graph.Labels(v); !errors.Is(err, graph.ErrInput) {
			t.Errorf("Labels of %v: %v", v, err)
		}
	}
}

func TestErrorsOfARun(t *testing.T) {
	for name, bad := range map[string]func(x, c *tensor.Dense) float64{
		"NaN row":       func(x, _ *tensor.Dense) float64 { set(x, 4, math.NaN()); return 1 },
		"infinite row":  func(x, _ *tensor.Dense) float64 { set(x, 4, math.Inf(1)); return 1 },
		"NaN center":    func(_, c *tensor.Dense) float64 { set(c, 4, math.NaN()); return 1 },
		"temperature 0": func(_, _ *tensor.Dense) float64 { return 0 },
		"NaN":           func(_, _ *tensor.Dense) float64 { return math.NaN() },
	} {
		r := rand.New(rand.NewPCG(5, 6))
		rows, centers := normal(r, tensor.Float64, 0, 6, 2), normal(r, tensor.Float64, 0, 3, 2)
		temperature := bad(rows, centers)
		g := gorgonia.NewGraph()
		x := gorgonia.NodeFromAny(g, rows, gorgonia.WithName("x"))
		c := gorgonia.NodeFromAny(g, centers, gorgonia.WithName("c"))
		if _, _, err := graph.Nearest(x, c); err != nil {
			t.Fatal(err)
		}
		if _, err := graph.SoftAssign(x, c, gorgonia.NodeFromAny(g, temperature, gorgonia.WithName("t"))); err != nil {
			t.Fatal(err)
		}
		err := gorgonia.NewTapeMachine(g).RunAll()
		var contextual interface{ Err() error }
		if !errors.As(err, &contextual) || !errors.Is(contextual.Err(), graph.ErrInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Labels pick the centers out of the codebook, as a vector quantization layer needs.
func TestLabelsAreIndices(t *testing.T) {
	g := gorgonia.NewGraph()
	x := gorgonia.NodeFromAny(g, tensor.New(tensor.WithShape(4, 1), tensor.WithBacking([]float64{9, 1, 2, 8})), gorgonia.WithName("x"))
	c := gorgonia.NodeFromAny(g, tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]float64{0, 10})), gorgonia.WithName("c"))
	label, _, err := graph.Nearest(x, c)
	if err != nil {
		t.Fatal(err)
	}
	quantized := gorgonia.Must(gorgonia.ByIndices(c, label, 0))
	run(t, gorgonia.NewTapeMachine(g))
	if got := floats(quantized.Value()); !slices.Equal(got, []float64{10, 0, 0, 10}) {
		t.Errorf("quantized to %v", got)
	}
}

// A LispMachine runs a graph of which labels are read.
func TestLispMachineReadsLabels(t *testing.T) {
	g := gorgonia.NewGraph()
	x := gorgonia.NodeFromAny(g, points(), gorgonia.WithName("x"))
	c := gorgonia.NodeFromAny(g, tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{1, 1, 8, 8})), gorgonia.WithName("c"))
	label, distance, err := graph.Nearest(x, c)
	if err != nil {
		t.Fatal(err)
	}
	gorgonia.Must(gorgonia.Sum(distance))
	var v gorgonia.Value
	gorgonia.Read(label, &v)
	run(t, gorgonia.NewLispMachine(g))
	if labels, err := graph.Labels(v); err != nil || !slices.Equal(labels, []int32{0, 0, 0, 1, 1, 1}) {
		t.Errorf("labels %v, %v", labels, err)
	}
	if grad, err := c.Grad(); err != nil || !slices.Equal(floats(grad), []float64{-2, -2, -2, -2}) {
		t.Errorf("gradient by centers %v, %v", grad, err)
	}
}
