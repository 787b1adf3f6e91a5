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

func ExampleKMeans_StepsWeighted() {
	x := tensor.New(tensor.WithShape(3, 1), tensor.WithBacking([]float64{0, 4, 10}))
	start := cluster.Given{Centers: tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]float64{0, 10}))}
	for step, err := range (cluster.KMeans{K: 2, Init: start}).StepsWeighted(context.Background(), x, []float64{3, 1, 1}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(step.Number, step.Centers().Data(), step.Inertia)
	}
	// Output:
	// 1 [1 10] 16
	// 2 [1 10] 12
}

// Two machines add up their own rows; merged, in any order, the sums are the same to the
// bit as those of all rows.
func ExampleNewStatistics() {
	ctx := context.Background()
	bounds := cluster.Bounds{MaxAbs: 9, MaxWeight: 2, Rows: 100} // of all rows together
	parts := make([]*cluster.Statistics, 2)
	for i, rows := range [][]float64{{1, 1, 9, 9}, {1, 4, 9, 6}} {
		var err error
		if parts[i], err = cluster.NewStatistics(2, 2, bounds); err != nil {
			log.Fatal(err)
		}
		x := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking(rows))
		if err := parts[i].Add(ctx, x, []int32{0, 1}, []float64{2, 1}, 0); err != nil {
			log.Fatal(err)
		}
	}
	all := parts[0]
	if err := all.Merge(parts[1]); err != nil {
		log.Fatal(err)
	}
	for k := range all.K() {
		fmt.Print("cluster ", k, ": ", all.Rows(k), " rows of weight ", all.Weight(k), ", sum")
		for j := range all.D() {
			fmt.Print(" ", all.Sum(k, j))
		}
		fmt.Println()
	}
	// Output:
	// cluster 0: 2 rows of weight 4, sum 4 10
	// cluster 1: 2 rows of weight 2, sum 18 15
}
