package cluster_test

import (
	"context"
	"fmt"
	"log"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

func ExampleBisecting_Fit() {
	x := tensor.New(tensor.WithShape(6, 1), tensor.WithBacking([]float64{0, 1, 20, 21, 100, 101}))
	tree, err := cluster.Bisecting{K: 3}.Fit(context.Background(), x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tree.Labels, tree.Inertia)
	for i, n := range tree.Nodes {
		if n.Leaf() {
			fmt.Printf("node %d: %d rows, label %d\n", i, n.Rows, n.Label)
		} else {
			fmt.Printf("node %d: %d rows, parts %d and %d\n", i, n.Rows, n.Left, n.Right)
		}
	}
	// Output:
	// [0 0 1 1 2 2] 1.5
	// node 0: 6 rows, parts 1 and 2
	// node 1: 4 rows, parts 3 and 4
	// node 2: 2 rows, label 2
	// node 3: 2 rows, label 0
	// node 4: 2 rows, label 1
}
