package lloyd_test

import (
	"fmt"
	"log"

	"github.com/seed-fbf9ce71/lloyd"
)

func ExampleSquaredL2() {
	d, err := lloyd.SquaredL2([]float32{1, 2, 3}, []float32{1, 0, 0})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(d)
	// Output: 13
}

func ExampleDot() {
	p, err := lloyd.Dot([]float64{1, 2, 3}, []float64{4, 5, 6})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p)
	// Output: 32
}

// One vector against many rows, here two columns of a wider matrix.
func ExampleSquaredL2Rows() {
	table := []float32{
		0, 0, 99,
		3, 4, 99,
		6, 8, 99,
	}
	x := lloyd.Matrix[float32]{Data: table, N: 3, D: 2, LD: 3}
	d := make([]float32, 3)
	if err := lloyd.SquaredL2Rows(d, x, []float32{0, 0}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(d)
	// Output: [0 25 100]
}

func ExampleDotRows() {
	x := lloyd.Dense([]float32{1, 0, 0, 1, 1, 1}, 3, 2)
	p := make([]float32, 3)
	if err := lloyd.DotRows(p, x, []float32{2, 5}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(p)
	// Output: [2 5 7]
}

func ExampleSquaredL2Pairs() {
	x := lloyd.Dense([]float64{0, 0, 1, 1, 9, 9}, 3, 2)
	centers := lloyd.Dense([]float64{0, 1, 9, 8}, 2, 2)
	d := make([]float64, 3)
	if err := lloyd.SquaredL2Pairs(d, x, centers, []int32{0, 0, 1}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(d)
	// Output: [1 1 1]
}

func ExampleSquaredL2Matrix() {
	x, y := lloyd.Dense([]float64{0, 0, 3, 4}, 2, 2), lloyd.Dense([]float64{0, 0, 3, 0, 0, 4}, 3, 2)
	d := make([]float64, 2*3)
	if err := lloyd.SquaredL2Matrix(d, 3, x, y); err != nil {
		log.Fatal(err)
	}
	fmt.Println(d)
	// Output: [0 9 16 25 16 9]
}

// The update of k-means++: how far each row is from the nearest center so far.
func ExampleMinSquaredL2() {
	x := lloyd.Dense([]float32{0, 1, 5, 9}, 4, 1)
	least := []float32{0, 1, 25, 81} // from a center at 0
	if err := lloyd.MinSquaredL2(least, x, lloyd.Dense([]float32{8}, 1, 1), nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println(least)
	// Output: [0 1 9 1]
}

// An E-step on slices, without a tensor.
func ExampleCenters_Nearest() {
	x := lloyd.Dense([]float32{0, 0, 1, 0, 9, 9, 8, 9}, 4, 2)
	centers, err := lloyd.PackCenters(lloyd.Dense([]float32{0, 0, 9, 9}, 2, 2))
	if err != nil {
		log.Fatal(err)
	}
	labels, distances := make([]int32, x.N), make([]float32, x.N)
	if err := centers.Nearest(labels, distances, x, nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println(labels, distances)
	// Output: [0 0 1 1] [0 1 0 1]
}

// An M-step: sums of rows by label, and the mean of each cluster. Taking rows
// away again leaves exactly what was there before.
func ExampleAccumulate() {
	x := lloyd.Dense([]float32{0, 0.1, 1, 0.1, 9, 9}, 3, 2)
	labels := []int32{0, 0, 1}
	sums, err := lloyd.NewSums(2, 2, 9, x.N)
	if err != nil {
		log.Fatal(err)
	}
	if err := lloyd.Accumulate(sums, x, labels, nil); err != nil {
		log.Fatal(err)
	}
	mean := make([]float32, 2)
	if err := lloyd.Mean(mean, sums, 0, 2); err != nil {
		log.Fatal(err)
	}
	fmt.Println(mean)
	if err := lloyd.Retract(sums, x, labels, nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println(sums.At(0, 0), sums.At(0, 1))
	// Output:
	// [0.5 0.1]
	// 0 0
}
