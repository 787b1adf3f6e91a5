package metrics_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/metrics"
)

// From clusters to classes, an accuracy and a confusion matrix.
func Example() {
	truth := []int32{7, 7, 7, 8, 8, 8, 9, 9}
	clusters := []int32{2, 2, 0, 0, 0, 0, 1, 1} // of a fit with k = 3
	match, err := metrics.Majority(truth, clusters, 3)
	if err != nil {
		log.Fatal(err)
	}
	predicted, err := match.Apply(clusters)
	if err != nil {
		log.Fatal(err)
	}
	accuracy, err := metrics.Accuracy(truth, predicted)
	if err != nil {
		log.Fatal(err)
	}
	table, err := metrics.ConfusionMatrix(truth, predicted)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("classes of the clusters:", match.Classes)
	fmt.Println("accuracy:", accuracy)
	fmt.Print(table)
	// Output:
	// classes of the clusters: [8 9 7]
	// accuracy: 0.875
	// true \ predicted  7  8  9
	//                7  2  1  0
	//                8  0  3  0
	//                9  0  0  2
}

// Two numbers of clusters are compared by what needs no true labels.
func Example_choosingK() {
	x := lloyd.Dense([]float32{0, 0, 0, 1, 1, 0, 9, 9, 9, 8, 8, 9, 0, 9, 1, 9}, 8, 2)
	ctx := context.Background()
	for _, labels := range [][]int32{
		{0, 0, 0, 1, 1, 1, 0, 0},
		{0, 0, 0, 1, 1, 1, 2, 2},
	} {
		s, err := metrics.Silhouette(ctx, x, labels, metrics.SilhouetteOptions{})
		if err != nil {
			log.Fatal(err)
		}
		ch, err := metrics.CalinskiHarabasz(ctx, x, labels)
		if err != nil {
			log.Fatal(err)
		}
		db, err := metrics.DaviesBouldin(ctx, x, labels)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("silhouette %.2f, Calinski-Harabasz %.0f, Davies-Bouldin %.2f\n", s.Mean, ch, db)
	}
	// Output:
	// silhouette 0.59, Calinski-Harabasz 11, Davies-Bouldin 0.50
	// silhouette 0.87, Calinski-Harabasz 207, Davies-Bouldin 0.14
}

// The labels of the other examples.
var (
	classes  = []int32{5, 5, 5, 6, 6, 6}
	clusters = []int32{0, 0, 1, 1, 1, 2}
)

func ExampleAccuracy() {
	accuracy, err := metrics.Accuracy([]int32{1, 2, 3, 3}, []int32{1, 2, 3, 4})
	fmt.Println(accuracy, err)
	// Output:
	// 0.75 <nil>
}

func ExampleMajority() {
	match, err := metrics.Majority(classes, clusters, 3)
	fmt.Printf("%+v %v\n", match, err)
	// Output:
	// {Classes:[5 6 6] Rows:[2 3 1] Hits:[2 2 1]} <nil>
}

func ExampleMajorityAccuracy() {
	purity, err := metrics.MajorityAccuracy([]int32{5, 5, 6, 6}, []int32{1, 1, 1, 0}, 2)
	fmt.Println(purity, err)
	// Output:
	// 0.75 <nil>
}

// The third cluster would be of class 6, too, which the second one has.
func ExampleHungarian() {
	match, err := metrics.Hungarian(classes, clusters, 3)
	fmt.Printf("%+v %v\n", match, err)
	// Output:
	// {Classes:[5 6 -1] Rows:[2 3 1] Hits:[2 2 0]} <nil>
}

func ExampleHungarianAccuracy() {
	accuracy, err := metrics.HungarianAccuracy(classes, clusters, 3)
	fmt.Printf("%.3f %v\n", accuracy, err)
	// Output:
	// 0.667 <nil>
}

// Rows of a later prediction get the classes of the clusters of the fit.
func ExampleMatching_Apply() {
	match, err := metrics.Majority(classes, clusters, 3)
	if err != nil {
		log.Fatal(err)
	}
	predicted, err := match.Apply([]int32{2, 0})
	fmt.Println(predicted, err)
	// Output:
	// [6 5] <nil>
}

func ExampleConfusionMatrix() {
	c, err := metrics.ConfusionMatrix([]int32{1, 1, 2}, []int32{1, 2, 2})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.Classes, c.Counts)
	// Output:
	// [1 2] [[1 1] [0 1]]
}

func ExampleConfusion_String() {
	c, err := metrics.ConfusionMatrix([]int32{1, 1, 2}, []int32{1, 2, 2})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(c.String())
	// Output:
	// true \ predicted  1  2
	//                1  1  1
	//                2  0  1
}

func ExampleContingencyMatrix() {
	c, err := metrics.ContingencyMatrix(classes, clusters)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.Classes, c.Clusters, c.Counts)
	// Output:
	// [5 6] [0 1 2] [[2 1 0] [0 2 1]]
}

func ExampleContingency_String() {
	c, err := metrics.ContingencyMatrix(classes, clusters)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(c.String())
	// Output:
	// true \ cluster  0  1  2
	//              5  2  1  0
	//              6  0  2  1
}

func ExamplePairConfusion() {
	pairs, err := metrics.PairConfusion(classes, clusters)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("of 30 pairs together in both:", pairs[1][1])
	fmt.Println("in a cluster only:", pairs[0][1])
	fmt.Println("in a class only:", pairs[1][0])
	fmt.Println("in neither:", pairs[0][0])
	// Output:
	// of 30 pairs together in both: 4
	// in a cluster only: 4
	// in a class only: 8
	// in neither: 14
}

func ExampleRand() {
	score, err := metrics.Rand(classes, clusters)
	fmt.Println(score, err)
	// Output:
	// 0.6 <nil>
}

// Names do not matter.
func ExampleAdjustedRand() {
	score, err := metrics.AdjustedRand(classes, clusters)
	fmt.Printf("%.4f %v\n", score, err)
	score, err = metrics.AdjustedRand(classes, []int32{1, 1, 1, 0, 0, 0})
	fmt.Println(score, err)
	// Output:
	// 0.1176 <nil>
	// 1 <nil>
}

func ExampleFowlkesMallows() {
	score, err := metrics.FowlkesMallows(classes, clusters)
	fmt.Printf("%.4f %v\n", score, err)
	// Output:
	// 0.4082 <nil>
}

func ExampleMutualInformation() {
	nats, err := metrics.MutualInformation(classes, clusters)
	fmt.Printf("%.4f %v\n", nats, err)
	// Output:
	// 0.3749 <nil>
}

func ExampleNormalizedMutualInformation() {
	score, err := metrics.NormalizedMutualInformation(classes, clusters, metrics.Arithmetic)
	fmt.Printf("%.4f %v\n", score, err)
	// Output:
	// 0.4399 <nil>
}

func ExampleAdjustedMutualInformation() {
	score, err := metrics.AdjustedMutualInformation(classes, clusters, metrics.Arithmetic)
	fmt.Printf("%.4f %v\n", score, err)
	// Output:
	// 0.1828 <nil>
}

func ExampleAverage() {
	for _, mean := range []metrics.Average{metrics.Arithmetic, metrics.Geometric, metrics.Minimum, metrics.Maximum} {
		score, err := metrics.NormalizedMutualInformation(classes, clusters, mean)
		fmt.Printf("%.4f with the mean %q %v\n", score, mean, err)
	}
	// Output:
	// 0.4399 with the mean "arithmetic" <nil>
	// 0.4477 with the mean "geometric" <nil>
	// 0.5409 with the mean "min" <nil>
	// 0.3707 with the mean "max" <nil>
}

func ExampleHomogeneity() {
	score, err := metrics.Homogeneity(classes, clusters)
	fmt.Printf("%.4f %v\n", score, err)
	// Output:
	// 0.5409 <nil>
}

func ExampleCompleteness() {
	score, err := metrics.Completeness(classes, clusters)
	fmt.Printf("%.4f %v\n", score, err)
	// Output:
	// 0.3707 <nil>
}

func ExampleVMeasure() {
	score, err := metrics.VMeasure(classes, clusters, 1)
	fmt.Printf("%.4f %v\n", score, err)
	// Output:
	// 0.4399 <nil>
}

func ExampleSilhouette() {
	x := lloyd.Dense([]float64{0, 1, 5, 6, 3}, 5, 1)
	s, err := metrics.Silhouette(context.Background(), x, []int32{0, 0, 1, 1, 1}, metrics.SilhouetteOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.3f of rows %.2f\n", s.Mean, s.Values)
	// Output:
	// 0.563 of rows [0.79 0.73 0.67 0.64 0.00]
}

// Tensors in, labels out, and the labels against the rows.
func ExampleSilhouette_tensor() {
	x := tensor.New(tensor.WithShape(5, 2), tensor.WithBacking([]float64{0, 0, 0, 1, 9, 9, 9, 8, 8, 9}))
	ctx := context.Background()
	model, err := cluster.KMeans{K: 2, Seed: 1}.Fit(ctx, x)
	if err != nil {
		log.Fatal(err)
	}
	rows := lloyd.Matrix[float64]{Data: x.Data().([]float64), N: x.Shape()[0], D: x.Shape()[1], LD: x.Strides()[0]}
	s, err := metrics.Silhouette(ctx, rows, model.Labels, metrics.SilhouetteOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.2f\n", s.Mean)
	// Output:
	// 0.91
}

// Of many rows some are measured.
func ExampleSilhouetteOptions() {
	x := lloyd.Dense(make([]float32, 4000), 2000, 2)
	labels := make([]int32, x.N)
	for i := range labels {
		labels[i] = int32(i % 2)
		x.Row(i)[0] = float32(i%2) * 10
		x.Row(i)[1] = float32(i % 7)
	}
	s, err := metrics.Silhouette(context.Background(), x, labels, metrics.SilhouetteOptions{Limit: 1000, Sample: 200, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.3f ± %.3f from %d rows\n", s.Mean, 2*s.StandardError, len(s.Rows))
	// Output:
	// 0.778 ± 0.006 from 200 rows
}

func ExampleSilhouettes() {
	x := lloyd.Dense([]float64{0, 1, 5, 6, 4}, 5, 1)
	s, err := metrics.Silhouette(context.Background(), x, []int32{0, 0, 1, 1, 0}, metrics.SilhouetteOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for row, v := range s.Values { // s.Rows is nil: all of them
		if v < 0 {
			fmt.Println("in the wrong cluster:", row)
		}
	}
	// Output:
	// in the wrong cluster: 4
}

func ExampleSimplifiedSilhouette() {
	x := lloyd.Dense([]float64{0, 1, 5, 6}, 4, 1)
	centers := lloyd.Dense([]float64{0.5, 5.5}, 2, 1)
	s, err := metrics.SimplifiedSilhouette(context.Background(), x, []int32{0, 0, 1, 1}, centers, 0)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.3f of rows %.2f\n", s.Mean, s.Values)
	// Output:
	// 0.899 of rows [0.91 0.89 0.89 0.91]
}

func ExampleCalinskiHarabasz() {
	x := lloyd.Dense([]float64{0, 1, 5, 6}, 4, 1)
	score, err := metrics.CalinskiHarabasz(context.Background(), x, []int32{0, 0, 1, 1})
	fmt.Println(score, err)
	// Output:
	// 50 <nil>
}

func ExampleDaviesBouldin() {
	x := lloyd.Dense([]float64{0, 1, 5, 6}, 4, 1)
	score, err := metrics.DaviesBouldin(context.Background(), x, []int32{0, 0, 1, 1})
	fmt.Println(score, err)
	// Output:
	// 0.2 <nil>
}

// Labels that do not fit together are an error that says why.
func ExampleErrLength() {
	_, err := metrics.Accuracy(classes, clusters[:5])
	fmt.Println(errors.Is(err, metrics.ErrLength), err)
	_, err = metrics.Majority(classes, clusters, 2)
	fmt.Println(errors.Is(err, metrics.ErrLabel), err)
	// Output:
	// true metrics: 6 true labels and 5 others; one of each a row was expected: lengths differ
	// true metrics: row 5 (from 0) is in cluster 2; 0 to 1 was expected: pass the number of clusters of the fit: label out of range
}

// A cluster without rows has no class, and neither have rows that come to it later.
func ExampleNoClass() {
	match, err := metrics.Majority([]int32{7, 7, 8}, []int32{0, 0, 2}, 3)
	if err != nil {
		log.Fatal(err)
	}
	predicted, err := match.Apply([]int32{0, 1, 2})
	if err != nil {
		log.Fatal(err)
	}
	for i, class := range predicted {
		if class == metrics.NoClass {
			fmt.Println("row", i, "has no class")
		} else {
			fmt.Println("row", i, "is a", class)
		}
	}
	// Output:
	// row 0 is a 7
	// row 1 has no class
	// row 2 is a 8
}

// A confusion matrix has a cell for each pair of classes, and a limit.
func ExampleMaxClasses() {
	truth := make([]int32, metrics.MaxClasses+1)
	for i := range truth {
		truth[i] = int32(i)
	}
	_, err := metrics.ConfusionMatrix(truth, truth)
	fmt.Println(errors.Is(err, metrics.ErrTooManyClasses))
	_, err = metrics.ConfusionMatrix(truth[1:], truth[1:])
	fmt.Println(err)
	// Output:
	// true
	// <nil>
}
