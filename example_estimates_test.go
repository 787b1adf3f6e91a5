package lloyd_test

import (
	"fmt"
	"log"

	"github.com/seed-fbf9ce71/lloyd"
)

// Which of many centers are within a distance of a row: few distances are left to compute.
func ExampleCenters_Candidates() {
	const k, d = 100, 8
	c := lloyd.Dense(make([]float32, k*d), k, d)
	for i := range k {
		c.Row(i)[0] = float32(i) // on a line
	}
	centers, err := lloyd.PackCenters(c)
	if err != nil {
		log.Fatal(err)
	}
	x := lloyd.Dense(make([]float32, 2*d), 2, d)
	x.Row(0)[0], x.Row(1)[0] = 20.25, 70
	var near lloyd.Candidates[float32]
	limits := []float32{1, 4} // squared distances
	if err := centers.Candidates(&near, limits, x, nil); err != nil {
		log.Fatal(err)
	}
	distances := make([]float32, len(near.Rows))
	if err := lloyd.SquaredL2Listed(distances, x, near.Rows, c, near.Centers); err != nil {
		log.Fatal(err)
	}
	for i, d := range distances {
		if row := near.Rows[i]; d < limits[row] { // some others may be listed
			fmt.Printf("row %d, center %d: %v\n", row, near.Centers[i], d)
		}
	}
	// Unordered output:
	// row 0, center 20: 0.0625
	// row 0, center 21: 0.5625
	// row 1, center 69: 1
	// row 1, center 70: 0
	// row 1, center 71: 1
}

// Lower bounds of distances, in integers, tell that most centers are not nearer than one
// whose distance is known.
func ExampleEstimates() {
	const n, d, k = 10, 500, 40
	x := lloyd.Dense(make([]float32, n*d), n, d)
	c := lloyd.Dense(make([]float32, k*d), k, d)
	for i := range x.Data {
		x.Data[i] = float32(i * 37 % 101)
	}
	for i := range c.Data {
		c.Data[i] = float32(i * 53 % 97)
	}
	copy(c.Row(3), x.Row(7)) // center 3 is near row 7
	c.Row(3)[0]++
	var estimates lloyd.Estimates[float32]
	serially := func(n, _ int, do func(i int)) {
		for i := range n {
			do(i)
		}
	}
	if err := estimates.Set(c, serially); err != nil {
		log.Fatal(err)
	}
	rows, others := make([]int32, k), make([]int32, k) // row 7 and all centers
	for i := range k {
		rows[i], others[i] = 7, int32(i)
	}
	lower, distances := make([]float64, k), make([]float32, k)
	var space lloyd.EstimateSpace[float32]
	if err := estimates.LowerBounds(lower, x, rows, others, &space); err != nil {
		log.Fatal(err)
	}
	if err := lloyd.SquaredL2Listed(distances, x, rows, c, others); err != nil {
		log.Fatal(err)
	}
	ruledOut, wrong := 0, 0
	for i, b := range lower {
		if b > float64(distances[3]) {
			ruledOut++
		}
		if b > float64(distances[i]) {
			wrong++
		}
	}
	fmt.Println("squared distance to center 3:", distances[3])
	fmt.Println(ruledOut, "centers are farther,", wrong, "bounds above the distance")
	// With few columns, the distances themselves are as fast.
	fmt.Println(lloyd.EstimatesFaster(2))
	// Output:
	// squared distance to center 3: 1
	// 39 centers are farther, 0 bounds above the distance
	// false
}
