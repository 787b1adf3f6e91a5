package cluster_test

import (
	"context"
	"fmt"
	"log"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// The loop of k-means, with a rule of one's own to leave it.
func ExampleKMeans_Steps() {
	start := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{0, 0, 2, 2}))
	km := cluster.KMeans{K: 2, Init: cluster.Given{Centers: start}}
	for step, err := range km.Steps(context.Background(), points()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("step %d: labels %v, centers %.2f\n", step.Number, step.Labels(), step.Centers().Data())
		if step.Inertia < 100 {
			break
		}
	}
	// Output:
	// step 1: labels [0 1 1 1 1 1], centers [1.00 1.00 5.60 5.60]
	// step 2: labels [0 0 0 1 1 1], centers [1.33 1.33 8.33 8.33]
}

// A fit goes on from where an earlier one was cut off.
func ExampleGiven_warmStart() {
	ctx := context.Background()
	km := cluster.KMeans{K: 2, MaxIter: 1, Init: cluster.Random{}, Restarts: 1}
	model, err := km.Fit(ctx, points())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(model.Stopped)
	km.MaxIter, km.Init = 0, cluster.Given{Centers: model.Centers}
	if model, err = km.Fit(ctx, points()); err != nil {
		log.Fatal(err)
	}
	fmt.Println(model.Stopped)
	// Output:
	// maximum of iterations reached
	// converged
}
