package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/graph"
)

const k = 10 // clusters

// sizes are the numbers of units: pixels, the embedding in the middle, and pixels.
var sizes = []int{64, 128, 10, 128, 64}

// embedding is the number of layers of the encoder.
const embedding = 2

// network is an autoencoder, with centers of clusters of its embedding.
type network struct {
	weights, biases []*tensor.Dense // by layer
	centers         *tensor.Dense
}

// newNetwork draws weights (X. Glorot, Y. Bengio, AISTATS 2010).
func newNetwork(r *rand.Rand) *network {
	n := &network{centers: tensor.New(tensor.WithShape(k, sizes[embedding]), tensor.Of(tensor.Float32))}
	for i, from := range sizes[:len(sizes)-1] {
		to := sizes[i+1]
		w := make([]float32, from*to)
		for j := range w {
			w[j] = float32(r.NormFloat64() * math.Sqrt(2/float64(from+to)))
		}
		n.weights = append(n.weights, tensor.New(tensor.WithShape(from, to), tensor.WithBacking(w)))
		n.biases = append(n.biases, tensor.New(tensor.WithShape(1, to), tensor.Of(tensor.Float32)))
	}
	return n
}

// layers adds layers from to to−1 to the graph of x, and their weights to learned.
func (n *network) layers(x *gorgonia.Node, from, to int, learned *gorgonia.Nodes) *gorgonia.Node {
	for i := from; i < to; i++ {
		w := gorgonia.NodeFromAny(x.Graph(), n.weights[i], gorgonia.WithName(fmt.Sprint("weights ", i)))
		b := gorgonia.NodeFromAny(x.Graph(), n.biases[i], gorgonia.WithName(fmt.Sprint("biases ", i)))
		*learned = append(*learned, w, b)
		x = gorgonia.Must(gorgonia.BroadcastAdd(gorgonia.Must(gorgonia.Mul(x, w)), b, nil, []byte{0}))
		if i != embedding-1 && i != len(n.weights)-1 {
			x = gorgonia.Must(gorgonia.Rectify(x))
		}
	}
	return x
}

// encode returns the embedding of the rows of x.
func (n *network) encode(x *tensor.Dense) (*tensor.Dense, error) {
	g := gorgonia.NewGraph()
	z := n.layers(gorgonia.NodeFromAny(g, x, gorgonia.WithName("x")), 0, embedding, new(gorgonia.Nodes))
	machine := gorgonia.NewTapeMachine(g)
	defer machine.Close()
	if err := machine.RunAll(); err != nil {
		return nil, err
	}
	return z.Value().(*tensor.Dense), nil
}

// training is how to train a network.
type training struct {
	x           *tensor.Dense
	random      *rand.Rand
	rate        float64
	epochs      int
	weight      float64                        // of the clustering in the loss; 0: reconstruct only
	temperature func(progress float64) float64 // from 0 to 1
}

// batches divide the rows.
const batches = 3

// train learns to reconstruct the rows of t.x from distorted copies, and if t.weight is
// not 0 to cluster their embedding: the loss is the mean squared error of a pixel and
// the weight times the mean of Σ_k p_k ‖z − c_k‖² over the rows, with p the soft
// assignment.
func (n *network) train(t training) error {
	rows := t.x.Shape()[0] / batches
	g := gorgonia.NewGraph()
	distorted := tensor.New(tensor.WithShape(rows, sizes[0]), tensor.Of(tensor.Float32))
	batch := distorted.Clone().(*tensor.Dense)
	target := gorgonia.NodeFromAny(g, batch, gorgonia.WithName("target"))
	var learned gorgonia.Nodes
	z := n.layers(gorgonia.NodeFromAny(g, distorted, gorgonia.WithName("distorted")), 0, embedding, &learned)
	y := n.layers(z, embedding, len(n.weights), &learned)
	loss := gorgonia.Must(gorgonia.Mean(gorgonia.Must(gorgonia.Square(gorgonia.Must(gorgonia.Sub(y, target))))))
	var temperature *gorgonia.Node
	if t.weight != 0 {
		temperature = gorgonia.NewScalar(g, tensor.Float32, gorgonia.WithName("temperature"))
		centers := gorgonia.NodeFromAny(g, n.centers, gorgonia.WithName("centers"))
		learned = append(learned, centers)
		d, err := graph.Distances(z, centers)
		if err != nil {
			return err
		}
		p, err := graph.Softmin(d, temperature)
		if err != nil {
			return err
		}
		spread := gorgonia.Must(gorgonia.Sum(gorgonia.Must(gorgonia.HadamardProd(p, d))))
		weight := gorgonia.NewConstant(float32(t.weight / float64(rows)))
		loss = gorgonia.Must(gorgonia.Add(loss, gorgonia.Must(gorgonia.Mul(spread, weight))))
	}
	if _, err := gorgonia.Grad(loss, learned...); err != nil {
		return err
	}
	machine := gorgonia.NewTapeMachine(g, gorgonia.BindDualValues(learned...))
	defer machine.Close()
	solver := gorgonia.NewAdamSolver(gorgonia.WithLearnRate(t.rate))
	model := gorgonia.NodesToValueGrads(learned)
	pixels := t.x.Data().([]float32)
	for epoch := range t.epochs {
		if t.weight != 0 {
			progress := float64(epoch) / float64(t.epochs)
			if err := gorgonia.Let(temperature, float32(t.temperature(progress))); err != nil {
				return err
			}
		}
		order := t.random.Perm(t.x.Shape()[0])
		for b := range batches {
			for i, row := range order[b*rows : (b+1)*rows] {
				image := pixels[row*sizes[0] : (row+1)*sizes[0]]
				copy(batch.Data().([]float32)[i*sizes[0]:], image)
				distort(distorted.Data().([]float32)[i*sizes[0]:], image, t.random)
			}
			if err := machine.RunAll(); err != nil {
				return err
			}
			if err := solver.Step(model); err != nil {
				return err
			}
			machine.Reset()
		}
	}
	return nil
}
