package lloyd_test

import (
	"fmt"
	"log"

	"github.com/seed-fbf9ce71/lloyd"
)

// E-steps over the same few rows make integers of them once.
func ExampleQuantizedRows() {
	const n, d, k = 600, 16, 10
	x := lloyd.Dense(make([]float32, n*d), n, d)
	for i := range n {
		for j := range d {
			x.Row(i)[j] = float32((i%k*(j+3))%17) + float32(i%7)/10
		}
	}
	c := lloyd.Dense(append([]float32(nil), x.Data[:k*d]...), k, d)
	var rows lloyd.QuantizedRows[float32]
	if _, err := rows.Reset(n, c); err != nil { // false: of no use for this shape, but no harm
		log.Fatal(err)
	}
	centers := new(lloyd.Centers[float32])
	centers.UseRows(&rows)
	labels := make([]int32, n)
	var ws lloyd.Workspace[float32]
	for range 5 {
		if err := centers.Pack(c); err != nil {
			log.Fatal(err)
		}
		if err := centers.NearestQuantized(labels, nil, nil, &rows, 0, x, &ws); err != nil {
			log.Fatal(err)
		}
		for i := range c.Data { // the M-step would be here
			c.Data[i] *= 0.999
		}
	}
	fmt.Println(labels[:12])
	// Output: [0 1 2 3 4 5 6 7 8 9 0 1]
}
