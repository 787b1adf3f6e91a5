package graph_test

import (
	"errors"
	"fmt"
	"log"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/graph"
	"github.com/seed-fbf9ce71/lloyd/metrics"
)

// points are six rows in two groups.
func points() *tensor.Dense {
	return tensor.New(tensor.WithShape(6, 2), tensor.WithBacking([]float64{1, 1, 1, 2, 2, 1, 8, 8, 8, 9, 9, 8}))
}

// The gradient of the sum of the distances to the nearest center is 0 by the means of
// the clusters, as k-means has it.
func ExampleNearest() {
	g := gorgonia.NewGraph()
	x := gorgonia.NodeFromAny(g, points(), gorgonia.WithName("x"))
	centers := gorgonia.NodeFromAny(g, tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{1, 1, 8, 9})), gorgonia.WithName("centers"))
	labels, distances, err := graph.Nearest(x, centers)
	if err != nil {
		log.Fatal(err)
	}
	loss := gorgonia.Must(gorgonia.Sum(distances))
	grads, err := gorgonia.Grad(loss, centers)
	if err != nil {
		log.Fatal(err)
	}
	machine := gorgonia.NewTapeMachine(g)
	defer machine.Close()
	if err := machine.RunAll(); err != nil {
		log.Fatal(err)
	}
	fmt.Println("labels:   ", labels.Value().Data())
	fmt.Println("distances:", distances.Value().Data())
	fmt.Println("inertia:  ", loss.Value())
	fmt.Println("gradient: ", grads[0].Value().Data())
	// Output:
	// labels:    [0 0 0 1 1 1]
	// distances: [0 1 1 1 0 2]
	// inertia:   5
	// gradient:  [-2 -2 -2 4]
}

// Soft k-means by gradient descent, with centers that start in one group.
func ExampleSoftAssign() {
	g := gorgonia.NewGraph()
	x := gorgonia.NodeFromAny(g, points(), gorgonia.WithName("x"))
	centers := gorgonia.NodeFromAny(g, tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{1, 1, 2, 2})), gorgonia.WithName("centers"))
	temperature := gorgonia.NewConstant(1.0)
	d, err := graph.Distances(x, centers)
	if err != nil {
		log.Fatal(err)
	}
	p, err := graph.SoftAssign(x, centers, temperature) // of the same distances
	if err != nil {
		log.Fatal(err)
	}
	loss := gorgonia.Must(gorgonia.Sum(gorgonia.Must(gorgonia.HadamardProd(p, d))))
	if _, err := gorgonia.Grad(loss, centers); err != nil {
		log.Fatal(err)
	}
	machine := gorgonia.NewTapeMachine(g, gorgonia.BindDualValues(centers))
	defer machine.Close()
	solver := gorgonia.NewVanillaSolver(gorgonia.WithLearnRate(0.1))
	for range 30 {
		if err := machine.RunAll(); err != nil {
			log.Fatal(err)
		}
		if err := solver.Step(gorgonia.NodesToValueGrads(gorgonia.Nodes{centers})); err != nil {
			log.Fatal(err)
		}
		machine.Reset()
	}
	fmt.Printf("centers: %.3f\n", centers.Value().Data())
	fmt.Printf("loss:    %.3f\n", loss.Value().Data())
	// Output:
	// centers: [1.333 1.333 8.333 8.333]
	// loss:    2.667
}

// Labels as package metrics takes them, and what a node of another shape says.
func ExampleLabels() {
	g := gorgonia.NewGraph()
	x := gorgonia.NodeFromAny(g, points(), gorgonia.WithName("x"))
	centers := gorgonia.NodeFromAny(g, tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{1, 1, 8, 9})), gorgonia.WithName("centers"))
	node, _, err := graph.Nearest(x, centers)
	if err != nil {
		log.Fatal(err)
	}
	machine := gorgonia.NewTapeMachine(g)
	defer machine.Close()
	if err := machine.RunAll(); err != nil {
		log.Fatal(err)
	}
	labels, err := graph.Labels(node.Value()) // []int32
	if err != nil {
		log.Fatal(err)
	}
	correct, err := metrics.MajorityAccuracy([]int32{0, 0, 0, 1, 1, 1}, labels, 2)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(labels, correct)
	_, _, err = graph.Nearest(x, gorgonia.NodeFromAny(g, tensor.New(tensor.WithShape(2, 3), tensor.WithBacking(make([]float64, 6)))))
	fmt.Println(errors.Is(err, graph.ErrInput))
	// Output:
	// [0 0 0 1 1 1] 1
	// true
}

// The softmin of distances: the higher the temperature, the softer.
func ExampleSoftmin() {
	g := gorgonia.NewGraph()
	d := gorgonia.NodeFromAny(g, tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float64{1, 2})), gorgonia.WithName("d"))
	for _, t := range []float64{0.1, 1, 10} {
		p, err := graph.Softmin(d, gorgonia.NewConstant(t))
		if err != nil {
			log.Fatal(err)
		}
		machine := gorgonia.NewTapeMachine(g)
		if err := machine.RunAll(); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("T = %4v: %.3f\n", t, p.Value().Data())
		machine.Close()
	}
	// Output:
	// T =  0.1: [1.000 0.000]
	// T =    1: [0.731 0.269]
	// T =   10: [0.525 0.475]
}
