package cluster_test

import (
	"bytes"
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

// Which cluster is split next, as it happens.
func ExampleStrategy() {
	x := tensor.New(tensor.WithShape(8, 1), tensor.WithBacking([]float64{0, 1, 2, 3, 4, 5, 100, 120}))
	for _, s := range []cluster.Strategy{cluster.BiggestInertia, cluster.LargestCluster} {
		rows := []int{}
		b := cluster.Bisecting{K: 3, Strategy: s, Observer: func(s cluster.Split) { rows = append(rows, s.Rows) }}
		tree, err := b.Fit(context.Background(), x)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%v: clusters of %v rows are split; %v\n", s, rows, tree.Labels)
	}
	// Output:
	// biggest inertia: clusters of [8 2] rows are split; [0 0 0 0 0 0 1 2]
	// largest cluster: clusters of [8 6] rows are split; [0 0 0 1 1 1 2 2]
}

func ExampleBisecting_FitWeighted() {
	x := tensor.New(tensor.WithShape(4, 1), tensor.WithBacking([]float64{0, 4, 10, 1000}))
	tree, err := cluster.Bisecting{K: 2}.FitWeighted(context.Background(), x, []float64{3, 1, 1, 0})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tree.Inertia)
	// Output: 12
}

// Down the tree, or to the nearest leaf.
func ExampleTree_Predict() {
	ctx := context.Background()
	x := tensor.New(tensor.WithShape(6, 1), tensor.WithBacking([]float64{0, 1, 20, 21, 100, 101}))
	tree, err := cluster.Bisecting{K: 3}.Fit(ctx, x)
	if err != nil {
		log.Fatal(err)
	}
	y := tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]float64{58, 3}))
	labels, err := tree.Predict(ctx, y)
	if err != nil {
		log.Fatal(err)
	}
	distances, err := tree.Transform(ctx, y)
	if err != nil {
		log.Fatal(err)
	}
	score, err := tree.Score(ctx, y)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tree.K(), "leaves of", tree.D(), "column")
	fmt.Println(labels, distances.Data(), score)

	model, err := tree.Model()
	if err != nil {
		log.Fatal(err)
	}
	nearest, err := model.Predict(ctx, y)
	fmt.Println(nearest, err)
	// Output:
	// 3 leaves of 1 column
	// [2 0] [57.5 37.5 42.5 2.5 17.5 97.5] -1812.5
	// [1 0] <nil>
}

func ExampleTree_Save() {
	ctx := context.Background()
	x := tensor.New(tensor.WithShape(6, 1), tensor.WithBacking([]float64{0, 1, 20, 21, 100, 101}))
	tree, err := cluster.Bisecting{K: 3}.Fit(ctx, x)
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer // or an os.File
	if err := tree.Save(&file); err != nil {
		log.Fatal(err)
	}
	loaded, err := cluster.LoadTree(&file)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(loaded)
	// Output:
	// tree        3×1 centers of leaves, 5 nodes, float64
	// depth       1 to 2 splits above a leaf
	// inertia     1.5
	// rows        6
	// of each     2 2 2
}

// Directions, as of embeddings.
func ExampleBisecting_spherical() {
	x := tensor.New(tensor.WithShape(5, 2), tensor.WithBacking([]float64{1, 0, 100, 1, 0, 2, 3, 90, -5, 0}))
	tree, err := cluster.Bisecting{K: 3, Spherical: true}.Fit(context.Background(), x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tree.Labels)
	// Output: [0 0 1 1 2]
}
