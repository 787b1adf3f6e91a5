package cluster_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// Seeding for many clusters: k-means|| with K/2 candidates in each of 5 rounds.
func ExampleKMeansParallel() {
	km := cluster.KMeans{K: 2, Init: cluster.KMeansParallel{}}
	model, err := km.Fit(context.Background(), points())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("inertia %.4f\n", model.Inertia)
	// Output: inertia 2.6667
}

// Seeding for many more rows than 200·K, each center at the end of a chain of 200 rows.
func ExampleAFKMC2() {
	km := cluster.KMeans{K: 2, Init: cluster.AFKMC2{Chain: 200}}
	model, err := km.Fit(context.Background(), points())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("inertia %.4f\n", model.Inertia)
	// Output: inertia 2.6667
}
