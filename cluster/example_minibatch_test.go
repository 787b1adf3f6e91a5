package cluster_test

import (
	"context"
	"fmt"
	"log"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

func ExampleMiniBatch_Fit() {
	model, err := cluster.MiniBatch{K: 2, Seed: 1}.Fit(context.Background(), points())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(model.Labels, model.Stopped)
	// Output: [0 0 0 1 1 1] no improvement
}

// Rows that come in parts.
func ExampleMiniBatch_PartialFit() {
	mb := cluster.MiniBatch{K: 2}
	var model *cluster.Model
	for _, rows := range [][]float64{{0, 10}, {1, 11, 12}, {2}} {
		x := tensor.New(tensor.WithShape(len(rows), 1), tensor.WithBacking(rows))
		var err error
		if model, err = mb.PartialFit(context.Background(), model, x, nil); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(model.Centers.Data(), "after", model.Iterations, "steps")
	// Output: [11 1] after 3 steps
}

// Steps that do not shrink suit rows whose clusters move with time.
func ExampleRate() {
	x := tensor.New(tensor.WithShape(4, 1), tensor.WithBacking([]float64{4, 4, 9, 9}))
	start := cluster.Given{Centers: tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]float64{0, 10}))}
	for _, rate := range []cluster.Rate{cluster.Cumulative, cluster.Adaptive} {
		model, err := cluster.MiniBatch{K: 2, Init: start, Rate: rate, Reassign: -1}.PartialFit(context.Background(), nil, x, nil)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%v: %.2f\n", rate, model.Centers.Data())
	}
	// Output:
	// cumulative: [4.00 9.00]
	// adaptive: [2.83 9.29]
}

// Rows with weights are drawn by them.
func ExampleMiniBatch_FitWeighted() {
	x := tensor.New(tensor.WithShape(4, 1), tensor.WithBacking([]float64{0, 1, 10, 1000}))
	model, err := cluster.MiniBatch{K: 2, Seed: 1}.FitWeighted(context.Background(), x, []float64{1, 1, 1, 0})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(model.Labels) // a row of weight 0 has a label, and no part in the centers
	// Output: [0 0 1 1]
}

// Directions, as of embeddings, in parts.
func ExampleMiniBatch_spherical() {
	mb := cluster.MiniBatch{K: 2, Spherical: true}
	var model *cluster.Model
	for _, rows := range [][]float64{{1, 0, 0, 7}, {100, 1, 3, 90}} {
		x := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking(rows))
		var err error
		if model, err = mb.PartialFit(context.Background(), model, x, nil); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Printf("%.3f\n", model.Centers.Data())
	// Output: [0.017 1.000 1.000 0.005]
}
