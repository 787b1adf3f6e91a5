// Exactness draws the figure of docs/exactness.md: what each stage of an E-step leaves
// to the next one, from iteration to iteration, as the observer counts it.
//
//	go run ./docs/exactness
package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/figure"
)

// curve is one line of the figure: what is left, of what, on which data.
type curve struct {
	name    string
	n, d, k int
	element func(r *rand.Rand, i, j int) float64 // of row i and column j
	left    func(i cluster.Iteration, n, k int) float64
	memory  int64
}

var curves = []curve{
	{"rows left by 16-bit integers: noise, 50 000×64, K=100", 50_000, 64, 100, noise,
		func(i cluster.Iteration, _, _ int) float64 { return share(i.Open, i.Integers) }, 0},
	{"pairs left by 8-bit integers: noise, 20 000×256, K=1000", 20_000, 256, 1000, noise,
		func(i cluster.Iteration, _, k int) float64 { return share(i.Listed, i.Integers*int64(k)) }, 0},
	{"rows left by the bounds: grid, 200 000×2, K=100", 200_000, 2, 100,
		func(r *rand.Rand, i, j int) float64 {
			return float64([]int{i % 10, i / 10 % 10}[j]) + 0.25*r.NormFloat64()
		},
		func(i cluster.Iteration, n, _ int) float64 { return 1 - share(i.Pruned, int64(n)) }, 0},
	{"pairs left by a contraction, then by bounds: spectrum 1/j, 20 000×768, K=1000", 20_000, 768, 1000, spectrum, pairs, 0},
	{"pairs left by the contraction: the same, within 16 MiB", 20_000, 768, 1000, spectrum, pairs, 16 << 20},
}

func noise(r *rand.Rand, _, _ int) float64 { return r.NormFloat64() }

func spectrum(r *rand.Rand, _, j int) float64 { return r.NormFloat64() / math.Sqrt(float64(1+j)) }

func pairs(i cluster.Iteration, n, k int) float64 { return share(i.Pairs, int64(n)*int64(k)) }

func share(left, of int64) float64 { return float64(left) / float64(max(of, 1)) }

func main() {
	if err := draw("docs/exactness.png"); err != nil {
		fmt.Fprintln(os.Stderr, "exactness:", err)
		os.Exit(1)
	}
}

func draw(path string) error {
	p := plot.New()
	p.Title.Text = "What each stage leaves to the next"
	p.X.Label.Text, p.Y.Label.Text = "iteration", "share left"
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{}
	p.Y.Max = 1
	p.Legend.Top = true
	p.Legend.YOffs = vg.Points(-4)
	p.Legend.Padding = vg.Points(3)
	for i, c := range curves {
		points, err := c.points()
		if err != nil {
			return err
		}
		line, marks, err := plotter.NewLinePoints(points)
		if err != nil {
			return err
		}
		line.Color, marks.Color, marks.Shape = figure.LabelColor(int32(i)), figure.LabelColor(int32(i)), plotutil.Shape(i+3)
		line.Width = vg.Points(1.5)
		p.Add(line, marks)
		p.Legend.Add(c.name, line, marks)
	}
	p.X.Tick.Marker = plot.ConstantTicks{{Value: 1, Label: "1"}, {Value: 10, Label: "10"}, {Value: 20, Label: "20"}, {Value: 30, Label: "30"}}
	p.X.Min, p.X.Max, p.Y.Max = 1, 30, 9 // with room for the legend
	return p.Save(7*vg.Inch, 4.5*vg.Inch, path)
}

// points runs a fit and returns what it leaves in each iteration, where the stage is at
// work.
func (c curve) points() (plotter.XYs, error) {
	r := rand.New(rand.NewPCG(1, 2))
	x := make([]float32, c.n*c.d)
	for i := range x {
		x[i] = float32(c.element(r, i/c.d, i%c.d))
	}
	var points plotter.XYs
	_, err := cluster.KMeans{
		K: c.k, MaxIter: 30, Tol: -1, Seed: 1, Memory: c.memory, WithoutInertia: true,
		Observer: func(i cluster.Iteration) {
			if left := c.left(i, c.n, c.k); left > 0 && left < 1 {
				points = append(points, plotter.XY{X: float64(i.Iteration), Y: left})
			}
		},
	}.Fit(context.Background(), tensor.New(tensor.WithShape(c.n, c.d), tensor.WithBacking(x)))
	return points, err
}
