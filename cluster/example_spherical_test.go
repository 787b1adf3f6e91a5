package cluster_test

import (
	"context"
	"fmt"
	"log"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// Rows by their direction, as for embeddings or word counts.
func ExampleKMeans_spherical() {
	x := tensor.New(tensor.WithShape(4, 2), tensor.WithBacking([]float64{1, 0, 100, 1, 0, 2, 3, 90}))
	model, err := cluster.KMeans{K: 2, Spherical: true}.Fit(context.Background(), x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(model.Labels)
	// Output: [1 1 0 0]
}

// Two centers are known; a third one is looked for.
func ExampleKMeans_frozen() {
	x := tensor.New(tensor.WithShape(5, 1), tensor.WithBacking([]float64{0, 2, 10, 98, 104}))
	start := tensor.New(tensor.WithShape(3, 1), tensor.WithBacking([]float64{0, 10, 50}))
	model, err := cluster.KMeans{K: 3, Init: cluster.Given{Centers: start}, Frozen: []int{0, 1}}.Fit(context.Background(), x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(model.Centers.Data(), model.Labels)
	// Output: [0 10 101] [0 0 1 2 2]
}
