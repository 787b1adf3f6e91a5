package docs_test

import (
	"context"
	"fmt"
	"log"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
	"github.com/seed-fbf9ce71/lloyd/metrics"
)

func Example_readme() {
	ctx := context.Background()
	digits, err := dataset.Digits(tensor.Float32) // 1797×64, inside the binary
	if err != nil {
		log.Fatal(err)
	}
	km := cluster.KMeans{K: 10, Restarts: 10, Seed: 42}
	model, err := km.Fit(ctx, digits.X) // any N×D *tensor.Dense
	if err != nil {
		log.Fatal(err)
	}
	labels, err := model.Predict(ctx, digits.X)
	if err != nil {
		log.Fatal(err)
	}
	accuracy, err := metrics.MajorityAccuracy(digits.Labels, labels, model.K())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("inertia %.0f, %v after %d iterations, accuracy %.2f\n",
		model.Inertia, model.Stopped, model.Iterations, accuracy)
	// Output:
	// inertia 1165267, converged after 21 iterations, accuracy 0.79
}
