package docs_test

import (
	"context"
	"fmt"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"slices"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
	"github.com/seed-fbf9ce71/lloyd/figure"
	"github.com/seed-fbf9ce71/lloyd/metrics"
)

// inNewFolder makes a new folder the working one, for files that an example writes, and
// returns what undoes that.
func inNewFolder() func() {
	before, err := os.Getwd()
	if err != nil {
		log.Fatal(err)
	}
	folder, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	if err := os.Chdir(folder); err != nil {
		log.Fatal(err)
	}
	return func() {
		if err := os.Chdir(before); err != nil {
			log.Fatal(err)
		}
		os.RemoveAll(folder)
	}
}

func Example_tutorialBlobs() {
	defer inNewFolder()()
	ctx := context.Background()
	blobs, err := dataset.Blobs(dataset.BlobsConfig{N: 300, Centers: 4, Std: 0.60})
	if err != nil {
		log.Fatal(err)
	}
	model, err := cluster.KMeans{K: 4, Restarts: 10}.Fit(ctx, blobs.X) // 300×2
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(model)
	f, err := figure.Scatter{Title: "300 points in 4 clusters"}.Draw(blobs.X, model.Labels, model.Centers)
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("blobs.png"); err != nil { // or .svg
		log.Fatal(err)
	}
	right, err := metrics.MajorityAccuracy(blobs.Labels, model.Labels, model.K())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("in the right group:", right)
	// Output:
	// model       4×2 centers, float64
	// inertia     212.0059962
	// iterations  2, converged
	// rows        300
	// of each     75 75 75 75
	// in the right group: 1
}

func Example_tutorialByHand() {
	ctx := context.Background()
	blobs, err := dataset.Blobs(dataset.BlobsConfig{N: 300, Centers: 4, Std: 0.60})
	if err != nil {
		log.Fatal(err)
	}
	x, k := blobs.X, 4
	centers, err := blobs.X.Slice(tensor.S(17, 17+k)) // four of the rows
	if err != nil {
		log.Fatal(err)
	}
	c := centers.Materialize().(*tensor.Dense)
	var before []int32
	for n := 1; ; n++ {
		e, err := cluster.EStep(ctx, x, c, 0) // E: the nearest center of each row
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%d: inertia %.1f\n", n, e.Inertia)
		if slices.Equal(e.Labels, before) {
			break // no row moved
		}
		m, err := cluster.MStep(ctx, x, e.Labels, nil, k, 0) // M: the mean of each cluster
		if err != nil {
			log.Fatal(err)
		}
		if c, err = m.Centers(c); err != nil {
			log.Fatal(err)
		}
		before = e.Labels
	}
	// Output:
	// 1: inertia 2254.0
	// 2: inertia 892.5
	// 3: inertia 683.3
	// 4: inertia 418.8
	// 5: inertia 216.1
	// 6: inertia 212.0
}

func Example_tutorialSteps() {
	ctx := context.Background()
	blobs, err := dataset.Blobs(dataset.BlobsConfig{N: 300, Centers: 4, Std: 0.60})
	if err != nil {
		log.Fatal(err)
	}
	km := cluster.KMeans{K: 4, Init: cluster.Random{}, Restarts: 1, Seed: 4}
	for step, err := range km.Steps(ctx, blobs.X) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%d: inertia %.1f, %d rows moved, centers by %.3f\n", step.Number, step.Inertia, step.Moved, math.Sqrt(step.Shift))
	}
	// Output:
	// 1: inertia 1052.7, 300 rows moved, centers by 1.904
	// 2: inertia 554.9, 40 rows moved, centers by 0.699
	// 3: inertia 529.5, 5 rows moved, centers by 0.083
	// 4: inertia 529.1, 0 rows moved, centers by 0.000
}

func Example_tutorialRestarts() {
	ctx := context.Background()
	blobs, err := dataset.Blobs(dataset.BlobsConfig{N: 300, Centers: 4, Std: 0.60})
	if err != nil {
		log.Fatal(err)
	}
	for seed := range uint64(6) {
		km := cluster.KMeans{K: 4, Init: cluster.Random{}, Restarts: 1, Seed: seed}
		model, err := km.Fit(ctx, blobs.X)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("seed %d: %.1f\n", seed, model.Inertia)
	}
	km := cluster.KMeans{K: 4, Init: cluster.Random{}, Restarts: 10}
	best, err := km.Fit(ctx, blobs.X)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("best of 10: %.1f, in run %d\n", best.Inertia, best.Restart)
	// Output:
	// seed 0: 212.0
	// seed 1: 529.8
	// seed 2: 212.0
	// seed 3: 212.0
	// seed 4: 529.1
	// seed 5: 212.0
	// best of 10: 212.0, in run 0
}

// rings returns 400 points on two noisy circles around the origin, and which circle each
// is of.
func rings() (*tensor.Dense, []int32) {
	r := rand.New(rand.NewPCG(1, 1))
	var points []float64
	var truth []int32
	for i := range 400 {
		radius := float64(1+2*(i%2)) + 0.2*r.NormFloat64()
		sin, cos := math.Sincos(2 * math.Pi * r.Float64())
		points = append(points, radius*cos, radius*sin)
		truth = append(truth, int32(i%2))
	}
	return tensor.New(tensor.WithShape(400, 2), tensor.WithBacking(points)), truth
}

func Example_tutorialRings() {
	ctx := context.Background()
	x, truth := rings() // two circles, of radius 1 and 3, around the same point
	p := x.Data().([]float64)
	radius := make([]float64, len(truth))
	for i := range radius {
		radius[i] = math.Hypot(p[2*i], p[2*i+1])
	}
	byRadius := tensor.New(tensor.WithShape(len(radius), 1), tensor.WithBacking(radius))
	for _, rows := range []*tensor.Dense{x, byRadius} {
		labels, err := cluster.KMeans{K: 2, Restarts: 10}.FitPredict(ctx, rows)
		if err != nil {
			log.Fatal(err)
		}
		accuracy, err := metrics.MajorityAccuracy(truth, labels, 2)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("columns: %d, accuracy: %.2f\n", rows.Shape()[1], accuracy)
	}
	// Output:
	// columns: 2, accuracy: 0.51
	// columns: 1, accuracy: 1.00
}

func Example_tutorialMiniBatch() {
	ctx := context.Background()
	many, err := dataset.Blobs(dataset.BlobsConfig{N: 50_000, Centers: 20, D: 8, Std: 4, Dtype: tensor.Float32})
	if err != nil {
		log.Fatal(err)
	}
	whole, err := cluster.KMeans{K: 20, Seed: 1}.Fit(ctx, many.X)
	if err != nil {
		log.Fatal(err)
	}
	batches, err := cluster.MiniBatch{K: 20, Seed: 1}.Fit(ctx, many.X)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("inertia %+.1f %%, after %d batches of 1024 rows\n", 100*(batches.Inertia/whole.Inertia-1), batches.Iterations)
	// Output:
	// inertia +1.9 %, after 110 batches of 1024 rows
}

func Example_tutorialDigits() {
	defer inNewFolder()()
	ctx := context.Background()
	digits, err := dataset.Digits(tensor.Float64) // 1797×64: 8×8 pixels each
	if err != nil {
		log.Fatal(err)
	}
	model, err := cluster.KMeans{K: 10, Restarts: 10}.Fit(ctx, digits.X)
	if err != nil {
		log.Fatal(err)
	}
	f, err := figure.CenterImages{Title: "10 centers", Rows: 2, Cols: 5}.Draw(model.Centers)
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("digits.png"); err != nil {
		log.Fatal(err)
	}
	// Only now the labels: each cluster gets the name of its most frequent digit.
	names, err := metrics.Majority(digits.Labels, model.Labels, 10)
	if err != nil {
		log.Fatal(err)
	}
	recognised, err := names.Apply(model.Labels)
	if err != nil {
		log.Fatal(err)
	}
	accuracy, err := metrics.Accuracy(digits.Labels, recognised)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.4f\n", accuracy)
	confusion, err := metrics.ConfusionMatrix(digits.Labels, recognised)
	if err != nil {
		log.Fatal(err)
	}
	f, err = figure.ConfusionMatrix{XLabel: "true digit", YLabel: "recognised digit"}.Draw(confusion.Counts, nil)
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("confusion.png"); err != nil {
		log.Fatal(err)
	}
	// Output:
	// 0.7947
}
