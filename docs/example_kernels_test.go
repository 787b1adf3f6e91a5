package docs_test

import (
	"context"
	"fmt"
	"log"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// The examples of kernels.md.

// The same fit at every level.
func Example_kernelLevels() {
	ctx := context.Background()
	digits, err := dataset.Digits(tensor.Float32)
	if err != nil {
		log.Fatal(err)
	}
	inertia := map[float64]bool{}
	for _, level := range kernel.Supported() {
		previous, err := kernel.Use(level)
		if err != nil {
			log.Fatal(err)
		}
		model, err := cluster.KMeans{K: 10, Seed: 42}.Fit(ctx, digits.X)
		if err != nil {
			log.Fatal(err)
		}
		inertia[model.Inertia] = true
		if _, err := kernel.Use(previous); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(len(inertia), "inertia on all levels")
	// Output: 1 inertia on all levels
}
