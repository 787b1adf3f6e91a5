package docs_test

import (
	"context"
	"fmt"
	"log"
	"slices"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// The examples of precision.md.

// A squared distance by its definition, and by ‖a‖² − 2a·b + ‖b‖².
func Example_farFromTheOrigin() {
	a, b := []float32{10000, 10000.5}, []float32{10000.25, 10000}
	distance, err := lloyd.SquaredL2(a, b)
	if err != nil {
		log.Fatal(err)
	}
	aa, _ := lloyd.Dot(a, a)
	ab, _ := lloyd.Dot(a, b)
	bb, _ := lloyd.Dot(b, b)
	fmt.Println(distance, "expanded:", aa-2*ab+bb)
	// Output: 0.3125 expanded: 16
}

// The sum of a cluster's rows, in two orders.
func Example_exactSums() {
	ctx := context.Background()
	rows := []float64{1e15, 0.1, -1e15, 0.2}
	for range 2 {
		x := tensor.New(tensor.WithShape(4, 1), tensor.WithBacking(rows))
		s, err := cluster.MStep(ctx, x, []int32{0, 0, 0, 0}, nil, 1, 0)
		if err != nil {
			log.Fatal(err)
		}
		sum := 0.
		for _, v := range rows {
			sum += v
		}
		fmt.Println(s.Sum(0, 0), "in float64:", sum)
		slices.Reverse(rows)
	}
	// Output:
	// 0.29999999999999993 in float64: 0.325
	// 0.29999999999999993 in float64: 0.375
}
