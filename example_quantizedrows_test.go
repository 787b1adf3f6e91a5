package lloyd_test

import (
	"fmt"
	"log"
	"slices"

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

// When little moves, most rows are left out: those that must still have the same nearest center.
func ExampleCenters_NearestAgain() {
	const n, d, k = 512, 40, 12
	c := lloyd.Dense(make([]float32, k*d), k, d)
	for i := range c.Data {
		c.Data[i] = float32(i * i % 17)
	}
	x := lloyd.Dense(make([]float32, n*d), n, d)
	for i := range x.Data {
		x.Data[i] = c.Data[i%len(c.Data)] + float32(i%5)/10
	}
	var rows lloyd.QuantizedRows[float32]
	if _, err := rows.Reset(n, c); err != nil {
		log.Fatal(err)
	}
	centers := new(lloyd.Centers[float32])
	centers.UseRows(&rows)
	labels, ways := make([]int32, n), make([]float64, k)
	var ws lloyd.Workspace[float32]
	ws.Reset() // if it has served for other rows
	for step := range 6 {
		if err := centers.Pack(c); err != nil {
			log.Fatal(err)
		}
		for from := 0; from < n; from += 256 { // the same pieces each time
			if _, err := centers.NearestAgain(labels[from:from+256], &rows, from, x.Rows(from, from+256), &ws); err != nil {
				log.Fatal(err)
			}
		}
		if step == 4 {
			labels[7] = -1 // as if it had been taken out of its cluster
			rows.Forget()
		}
		for i := range k { // the M-step would be here
			c.Row(i)[0] += 0.001 * float32(i)
			ways[i] = 0.0011 * float64(i) // or less
		}
		slices.Sort(ways)
		rows.Moved(ways[k-1] + ways[k-2])
	}
	fmt.Println(labels[:14], rows.Ordered() <= n)
	// Output: [0 1 2 3 4 5 6 7 8 9 10 11 0 1] true
}
