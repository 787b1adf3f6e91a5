package cluster_test

import (
	"context"
	"fmt"
	"log"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// From a bad start, which Lloyd's algorithm alone cannot leave.
func ExampleKMeans_refine() {
	x := tensor.New(tensor.WithShape(6, 1), tensor.WithBacking([]float64{0, 1, 20, 21, 100, 101}))
	bad := cluster.Given{Centers: tensor.New(tensor.WithShape(3, 1), tensor.WithBacking([]float64{10, 100, 101}))}
	model, err := cluster.KMeans{K: 3, Init: bad, Refine: 2}.Fit(context.Background(), x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("inertia", model.Inertia, "after", model.Inertia+model.Won)
	// Output: inertia 1.5 after 401
}
