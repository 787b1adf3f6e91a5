package cluster_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"math"
	"math/rand/v2"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// points are six rows in two groups.
func points() *tensor.Dense {
	return tensor.New(tensor.WithShape(6, 2), tensor.WithBacking([]float64{
		1, 1,
		1, 2,
		2, 1,
		8, 8,
		8, 9,
		9, 8,
	}))
}

func ExampleKMeans_Fit() {
	model, err := cluster.KMeans{K: 2, Seed: 1}.Fit(context.Background(), points())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("labels: ", model.Labels)
	fmt.Println("counts: ", model.Counts)
	fmt.Printf("inertia: %.4f\n", model.Inertia)
	fmt.Printf("%v after %d iterations\n", model.Stopped, model.Iterations)
	// Output:
	// labels:  [0 0 0 1 1 1]
	// counts:  [3 3]
	// inertia: 2.6667
	// converged after 2 iterations
}

// A row of weight 3 counts as three rows, one of weight 0 not at all.
func ExampleKMeans_FitWeighted() {
	x := tensor.New(tensor.WithShape(4, 1), tensor.WithBacking([]float64{0, 4, 10, 1000}))
	model, err := cluster.KMeans{K: 2}.FitWeighted(context.Background(), x, []float64{3, 1, 1, 0})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(model.Centers.Data(), model.Inertia)
	// Output: [10 1] 12
}

func ExampleModel_Predict() {
	ctx := context.Background()
	model, err := cluster.KMeans{K: 2, Seed: 1}.Fit(ctx, points())
	if err != nil {
		log.Fatal(err)
	}
	// float32 rows on a float64 model are fine, too.
	x := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float32{0, 0, 10, 10}))
	labels, err := model.Predict(ctx, x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(labels)
	// Output: [0 1]
}

func ExampleModel_Transform() {
	centers := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{0, 0, 3, 4}))
	model, err := cluster.FromCenters(centers)
	if err != nil {
		log.Fatal(err)
	}
	x := tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float64{6, 8}))
	distances, err := model.Transform(context.Background(), x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(distances.Data())
	// Output: [10 5]
}

func ExampleModel_Score() {
	ctx := context.Background()
	model, err := cluster.KMeans{K: 2, Seed: 1}.Fit(ctx, points())
	if err != nil {
		log.Fatal(err)
	}
	score, err := model.Score(ctx, points())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(score == -model.Inertia)
	// Output: true
}

func ExampleModel_Save() {
	ctx := context.Background()
	model, err := cluster.KMeans{K: 2, Seed: 1}.Fit(ctx, points())
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer // or an os.File
	if err := model.Save(&file); err != nil {
		log.Fatal(err)
	}

	loaded, err := cluster.Load(&file)
	if err != nil {
		log.Fatal(err)
	}
	labels, err := loaded.Predict(ctx, points())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(loaded.K(), loaded.D(), loaded.Stopped, labels)
	// Output: 2 2 converged [0 0 0 1 1 1]
}

func ExampleLoad() {
	_, err := cluster.Load(bytes.NewReader([]byte("x,y\n1.5,2.5\n3.5,4.5\n")))
	fmt.Println(errors.Is(err, cluster.ErrModel))
	// Output: true
}

func ExampleFromCenters() {
	centers := tensor.New(tensor.WithShape(3, 1), tensor.WithBacking([]float32{0, 10, 100}))
	model, err := cluster.FromCenters(centers)
	if err != nil {
		log.Fatal(err)
	}
	x := tensor.New(tensor.WithShape(4, 1), tensor.WithBacking([]float32{80, 1, 5, 6})) // 5 is a tie
	labels, err := model.Predict(context.Background(), x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(labels)
	// Output: [2 0 0 1]
}

// The two steps by themselves are what a pipeline needs that has its own loop.
func ExampleEStep() {
	ctx := context.Background()
	x := points()
	centers := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{0, 0, 1, 1}))
	for range 3 {
		e, err := cluster.EStep(ctx, x, centers, 0)
		if err != nil {
			log.Fatal(err)
		}
		s, err := cluster.MStep(ctx, x, e.Labels, nil, 2, 0)
		if err != nil {
			log.Fatal(err)
		}
		if centers, err = s.Centers(centers); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%v inertia %.2f\n", e.Labels, e.Inertia)
	}
	// Output:
	// [1 1 1 1 1 1] inertia 326.00
	// [0 0 0 1 1 1] inertia 86.83
	// [0 0 0 1 1 1] inertia 2.67
}

func ExampleGiven() {
	start := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{0, 0, 10, 10}))
	model, err := cluster.KMeans{K: 2, Init: cluster.Given{Centers: start}}.Fit(context.Background(), points())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(model.Labels)
	// Output: [0 0 0 1 1 1]
}

// The first rows as initial centers.
func ExampleInitFunc() {
	first := func(_ context.Context, x *tensor.Dense, k int, _ *rand.Rand) (*tensor.Dense, error) {
		rows, err := x.Slice(tensor.S(0, k), nil)
		if err != nil {
			return nil, err
		}
		return rows.(*tensor.Dense), nil
	}
	model, err := cluster.KMeans{K: 2, Init: cluster.InitFunc(first), Restarts: 1}.Fit(context.Background(), points())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(model.Labels)
	// Output: [0 0 0 1 1 1]
}

func ExampleKMeans_observer() {
	km := cluster.KMeans{
		K:    2,
		Init: cluster.Given{Centers: tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{0, 0, 2, 2}))},
		Observer: func(i cluster.Iteration) {
			fmt.Printf("iteration %d: inertia %.2f, %d rows moved\n", i.Iteration, i.Inertia, i.Moved)
		},
	}
	if _, err := km.Fit(context.Background(), points()); err != nil {
		log.Fatal(err)
	}
	// Output:
	// iteration 1: inertia 246.00, 6 rows moved
	// iteration 2: inertia 48.16, 2 rows moved
	// iteration 3: inertia 2.67, 0 rows moved
}

// How the labels are found changes the time, and nothing else.
func ExampleAlgorithm() {
	for _, a := range []cluster.Algorithm{cluster.Auto, cluster.Lloyd, cluster.Hamerly} {
		labels, err := cluster.KMeans{K: 2, Seed: 1, Algorithm: a}.FitPredict(context.Background(), points())
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(labels, a)
	}
	// Output:
	// [0 0 0 1 1 1] auto
	// [0 0 0 1 1 1] lloyd
	// [0 0 0 1 1 1] hamerly
}

// Plain k-means++, with one candidate for each center.
func ExampleKMeansPlusPlus() {
	km := cluster.KMeans{K: 2, Init: cluster.KMeansPlusPlus{Candidates: 1}, Restarts: 5, Seed: 1}
	model, err := km.Fit(context.Background(), points())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.4f\n", model.Inertia)
	// Output: 2.6667
}

// A fit that was cut off says so, with the best state there was.
func ExampleModel_Converged() {
	ctx, cancel := context.WithCancel(context.Background())
	km := cluster.KMeans{K: 2, Init: cluster.Random{}, Observer: func(cluster.Iteration) { cancel() }}
	model, err := km.Fit(ctx, points())
	fmt.Println(errors.Is(err, context.Canceled))
	fmt.Println(model.Converged(), model.Stopped == cluster.Canceled)
	// Output:
	// true
	// false true
}

// What a server does with each request, in memory that it keeps and on one thread.
func ExampleModel_PredictInto() {
	ctx := context.Background()
	model, err := cluster.KMeans{K: 2, Seed: 1}.Fit(ctx, points())
	if err != nil {
		log.Fatal(err)
	}
	model.Threads = 1
	labels := make([]int32, 1)
	for _, request := range [][]float64{{0, 3}, {7, 7}} {
		x := tensor.New(tensor.WithShape(1, 2), tensor.WithBacking(request))
		if err := model.PredictInto(ctx, labels, x); err != nil {
			log.Fatal(err)
		}
		fmt.Println(labels)
	}
	// Output:
	// [0]
	// [1]
}

// A setting or an input that cannot be is an error that says what was expected.
func ExampleErrInput() {
	ctx := context.Background()
	x := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{1, 2, 3, math.NaN()}))
	_, err := cluster.KMeans{K: 1}.Fit(ctx, x)
	fmt.Println(errors.Is(err, cluster.ErrInput), err)
	_, err = cluster.KMeans{K: 9}.Fit(ctx, points())
	fmt.Println(errors.Is(err, cluster.ErrParameter), err)
	// Output:
	// true cluster: invalid input: x has NaN at row 1, column 1 (counting from 0); remove or fill in such rows first
	// true cluster: invalid parameter: K is 9, but there are only 6 rows; K must not be larger
}

// The rows of a tensor for the kernels, whatever its layout.
func ExampleRows() {
	x := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float64{1, 2, 3, 4, 5, 6}))
	if err := x.T(); err != nil { // now 3×2
		log.Fatal(err)
	}
	rows, err := cluster.Rows[float64](x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rows.N, rows.D, rows.Row(1))
	// Output: 3 2 [2 5]
}
