package lloyd_test

import (
	"fmt"
	"log"

	"github.com/seed-fbf9ce71/lloyd"
)

// Which centers may be nearer to a row than its own, after one of them has drifted.
func ExampleOpenPairs() {
	x := lloyd.Dense([]float64{0, 0, 5, 0, 9, 0}, 3, 2)
	c := lloyd.Dense([]float64{0, 0, 10, 0}, 2, 2)
	labels := []int32{0, 0, 1}
	centers, err := lloyd.PackCenters(c)
	if err != nil {
		log.Fatal(err)
	}
	// Lower bounds of all distances, in tenths; 255 is no center to look at.
	lower := make([]uint8, lloyd.PairBytes(3, 2))
	if err := centers.LowerBounds(lower, x, make([]float32, 3), 10, nil); err != nil {
		log.Fatal(err)
	}
	for row, l := range labels {
		lower[int(l)*lloyd.PairRows+row] = 255
	}
	// Upper bounds of the distances to the rows' own centers: 0, 5 and 1, and the drift of
	// center 1 of 0.5.
	upper, drift := make([]uint8, lloyd.PairRows), []uint8{0, 5}
	copy(upper, []uint8{1, 51, 11})
	open := make([]uint32, 1)
	if err := lloyd.OpenRows(open, lower, drift, upper); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("open rows %03b\n", open[0])
	rows, others := make([]int32, 2*lloyd.PairRows), make([]int32, 2*lloyd.PairRows)
	n, err := lloyd.OpenPairs(rows, others, 0, lower, drift, upper)
	if err != nil {
		log.Fatal(err)
	}
	distances := make([]float64, n)
	if err := lloyd.SquaredL2Listed(distances, x, rows[:n], c, others[:n]); err != nil {
		log.Fatal(err)
	}
	for i, d := range distances {
		fmt.Printf("row %d, center %d: %v\n", rows[i], others[i], d)
	}
	// Output:
	// open rows 010
	// row 1, center 1: 25
}
