package lloyd_test

import (
	"fmt"
	"log"
	"math"

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

// Lower bounds of all distances by 8-bit integers: quick, and a little less tight.
func ExampleCenters_RoughLowerBounds() {
	const n, d, k = 64, 16, 40
	x := lloyd.Dense(make([]float32, n*d), n, d)
	for i := range x.Data {
		x.Data[i] = float32(i * 7 % 101)
	}
	centers := new(lloyd.Centers[float32])
	centers.ExpectRough()
	if err := centers.Pack(x.Rows(0, k)); err != nil {
		log.Fatal(err)
	}
	distances := make([]float32, k)
	lower := make([]uint8, lloyd.PairBytes(n, k))
	if err := centers.RoughLowerBounds(lower, x, make([]float32, n), 1, nil); err != nil {
		log.Fatal(err)
	}
	row := 50
	if err := lloyd.SquaredL2Rows(distances, x.Rows(0, k), x.Row(row)); err != nil {
		log.Fatal(err)
	}
	above := 0
	for c, square := range distances {
		b := lower[(row/lloyd.PairRows*k+c)*lloyd.PairRows+row%lloyd.PairRows]
		if float64(b) > math.Sqrt(float64(square)) {
			above++
		}
	}
	fmt.Println(above, "bounds are above the distance")
	// Output:
	// 0 bounds are above the distance
}
