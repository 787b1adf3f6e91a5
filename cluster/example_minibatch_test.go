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
