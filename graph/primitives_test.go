package graph_test

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// expanded returns the N×K squared distances ‖x‖² − 2x·c + ‖c‖² in Gorgonia's own
// operators.
func expanded(x, c *gorgonia.Node) *gorgonia.Node {
	must := func(n *gorgonia.Node, err error) *gorgonia.Node { return gorgonia.Must(n, err) }
	n, k := x.Shape()[0], c.Shape()[0]
	xx := must(gorgonia.Reshape(must(gorgonia.Sum(must(gorgonia.Square(x)), 1)), tensor.Shape{n, 1}))
	cc := must(gorgonia.Reshape(must(gorgonia.Sum(must(gorgonia.Square(c)), 1)), tensor.Shape{1, k}))
	xc := must(gorgonia.Mul(x, must(gorgonia.Transpose(c))))
	d := must(gorgonia.BroadcastSub(xx, must(gorgonia.Add(xc, xc)), []byte{1}, nil))
	return must(gorgonia.BroadcastAdd(d, cc, nil, []byte{0}))
}

// nearestExpanded returns the least of those distances of each row.
func nearestExpanded(x, c *gorgonia.Node) *gorgonia.Node {
	return gorgonia.Must(gorgonia.Neg(gorgonia.Must(gorgonia.Max(gorgonia.Must(gorgonia.Neg(expanded(x, c))), 1))))
}

// softExpanded returns the soft assignment by those distances.
func softExpanded(x, c, t *gorgonia.Node) *gorgonia.Node {
	scores := gorgonia.Must(gorgonia.HadamardDiv(gorgonia.Must(gorgonia.Neg(expanded(x, c))), t))
	return gorgonia.Must(gorgonia.SoftMax(scores, 1))
}

var primitives = map[string]build{
	"Nearest":   func(x, c, _ *gorgonia.Node) gorgonia.Nodes { return gorgonia.Nodes{nearestExpanded(x, c)} },
	"Distances": func(x, c, _ *gorgonia.Node) gorgonia.Nodes { return gorgonia.Nodes{expanded(x, c)} },
	"SoftAssign": func(x, c, t *gorgonia.Node) gorgonia.Nodes {
		return gorgonia.Nodes{softExpanded(x, c, t)}
	},
}

// Values and gradients are those of the same graph in Gorgonia's own operators.
func TestPrimitives(t *testing.T) {
	for name, theirs := range primitives {
		for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			for _, s := range []struct{ n, d, k int }{{9, 4, 3}, {300, 20, 17}} {
				t.Run(fmt.Sprintf("%s/%v/%d×%d,%d", name, dt, s.n, s.d, s.k), func(t *testing.T) {
					tolerance := 1e-12
					if dt == tensor.Float32 {
						tolerance = 1e-5
					}
					var value [2]gorgonia.Value
					var grads [2][]gorgonia.Value
					for i, b := range []build{builds[name], theirs} {
						var out *gorgonia.Node
						p := newProblem(dt, s.n, s.d, s.k, 0, func(x, c, t *gorgonia.Node) gorgonia.Nodes {
							nodes := b(x, c, t)
							out = nodes[0]
							return nodes
						})
						gorgonia.Read(out, &value[i])
						wrt := gorgonia.Nodes{p.x, p.c}
						grads[i] = p.tape(t, wrt)
					}
					var want [][]float64
					for _, g := range grads[1] {
						want = append(want, floats(g))
					}
					compare(t, "gradients", grads[0], want, 10*tolerance)
					compare(t, "values", value[:1], [][]float64{floats(value[1])}, tolerance)
				})
			}
		}
	}
}
