package cluster_test

import (
	"context"
	"fmt"
	"log"
	"math"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// Three groups of rows, and what every rule makes of them.
func ExampleKScan_Fit() {
	x := tensor.New(tensor.WithShape(9, 2), tensor.WithBacking([]float64{
		0, 0, 1, 0, 0, 1,
		20, 0, 21, 0, 20, 1,
		10, 17, 11, 17, 10, 18,
	}))
	result, err := cluster.KScan{Ks: cluster.KRange(1, 6, 1)}.Fit(context.Background(), x)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range result.Scores {
		fmt.Printf("K=%d inertia %6.1f silhouette %5.2f\n", s.K, s.Inertia, s.Silhouette)
	}
	fmt.Println("elbow at", result.Elbow)
	fmt.Println("best silhouette at", result.BestSilhouette)
	fmt.Println("best simplified silhouette at", result.BestSimplifiedSilhouette)
	fmt.Println("best Caliński–Harabasz at", result.BestCalinskiHarabasz)
	fmt.Println("best Davies–Bouldin at", result.BestDaviesBouldin)
	// Output:
	// K=1 inertia 1182.0 silhouette   NaN
	// K=2 inertia  604.0 silhouette  0.56
	// K=3 inertia    4.0 silhouette  0.94
	// K=4 inertia    3.2 silhouette  0.66
	// K=5 inertia    2.3 silhouette  0.38
	// K=6 inertia    1.5 silhouette  0.10
	// elbow at 3
	// best silhouette at 3
	// best simplified silhouette at 3
	// best Caliński–Harabasz at 3
	// best Davies–Bouldin at 3
}

func ExampleKRange() {
	fmt.Println(cluster.KRange(10, 50, 10))
	// Output: [10 20 30 40 50]
}

// A score as JSON: what is not defined is null.
func ExampleKScore_MarshalJSON() {
	s := cluster.KScore{K: 1, Inertia: 12.5, Iterations: 2, Silhouette: math.NaN(), StandardError: math.NaN(),
		SimplifiedSilhouette: math.NaN(), CalinskiHarabasz: math.NaN(), DaviesBouldin: math.NaN()}
	text, err := s.MarshalJSON() // json.Marshal calls it
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))
	// Output: {"k":1,"inertia":12.5,"iterations":2,"stopped":"converged","empty":0,"silhouette":null,"standard_error":null,"simplified_silhouette":null,"calinski_harabasz":null,"davies_bouldin":null,"fit_seconds":0,"score_seconds":0}
}
