package metrics_test

import (
	"fmt"
	"log"

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

func ExampleMajorityAccuracy() {
	purity, err := metrics.MajorityAccuracy([]int32{5, 5, 6, 6}, []int32{1, 1, 1, 0}, 2)
	fmt.Println(purity, err)
	// Output:
	// 0.75 <nil>
}
