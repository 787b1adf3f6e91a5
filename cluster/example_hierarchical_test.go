package cluster_test

import (
	"context"
	"fmt"
	"log"
	"slices"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// Two far groups of two pairs each: two clusters of all rows first, then two of each.
func ExampleHierarchical_Fit() {
	x := tensor.New(tensor.WithShape(8, 1), tensor.WithBacking([]float64{0, 1, 10, 11, 1000, 1001, 1010, 1011}))
	h := cluster.Hierarchical{K: 4, Observer: func(p cluster.Part) {
		switch {
		case p.Part == 0:
			fmt.Printf("first level: %d clusters, inertia %v\n", p.K, p.Inertia)
		case p.Part <= p.Parts:
			fmt.Printf("part %d of %d: %d clusters of %d rows, inertia %v\n", p.Part, p.Parts, p.K, p.Rows, p.Inertia)
		default:
			fmt.Printf("all: %d clusters, inertia %v, %v\n", p.K, p.Inertia, p.Stopped)
		}
	}}
	model, err := h.Fit(context.Background(), x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(model.Counts)
	// Output:
	// first level: 2 clusters, inertia 202
	// part 1 of 2: 2 clusters of 4 rows, inertia 1
	// part 2 of 2: 2 clusters of 4 rows, inertia 1
	// all: 4 clusters, inertia 2, converged
	// [2 2 2 2]
}

// A row of weight 2 counts as two rows.
func ExampleHierarchical_FitWeighted() {
	x := tensor.New(tensor.WithShape(4, 1), tensor.WithBacking([]float64{0, 3, 100, 103}))
	model, err := cluster.Hierarchical{K: 2}.FitWeighted(context.Background(), x, []float64{2, 1, 1, 2})
	if err != nil {
		log.Fatal(err)
	}
	centers := slices.Sorted(slices.Values(model.Centers.Data().([]float64)))
	fmt.Println(centers)
	// Output: [1 102]
}
