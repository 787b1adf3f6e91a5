package lloyd_test

import (
	"errors"
	"fmt"
	"log"
	"sync"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Labels come for blocks of rows, with memory that is kept; afterwards the centers
// are replaced in place.
func ExampleCenters_Pack() {
	centers, err := lloyd.PackCenters(lloyd.Dense([]float32{0, 9}, 2, 1))
	if err != nil {
		log.Fatal(err)
	}
	x := lloyd.Dense([]float32{1, 2, 3, 7, 8}, 5, 1)
	labels := make([]int32, x.N)
	var work lloyd.Workspace[float32]
	assign := func() {
		for from := 0; from < x.N; from += 2 {
			to := min(x.N, from+2)
			if err := centers.Nearest(labels[from:to], nil, x.Rows(from, to), &work); err != nil {
				log.Fatal(err)
			}
		}
		fmt.Println(centers.K(), "centers of", centers.D(), "column:", centers.Matrix().Data, labels)
	}
	assign()
	if err := centers.Pack(lloyd.Dense([]float32{1, 2, 7}, 3, 1)); err != nil {
		log.Fatal(err)
	}
	assign()
	fmt.Println(work.Rows, "rows")
	// Output:
	// 2 centers of 1 column: [0 9] [0 0 0 1 1]
	// 3 centers of 1 column: [1 2 7] [0 1 1 2 2]
	// 10 rows
}

// Many centers are packed by several goroutines.
func ExampleCenters_PackEach() {
	c := lloyd.Dense(make([]float64, 1000*8), 1000, 8)
	for k := range c.N {
		c.Row(k)[3] = float64(k)
	}
	var centers lloyd.Centers[float64]
	err := centers.PackEach(c, func(n, _ int, do func(i int)) {
		var all sync.WaitGroup
		for worker := range 4 {
			all.Go(func() {
				for i := worker; i < n; i += 4 {
					do(i)
				}
			})
		}
		all.Wait()
	})
	if err != nil {
		log.Fatal(err)
	}
	labels := make([]int32, 1)
	if err := centers.Nearest(labels, nil, c.Rows(321, 322), nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println(labels)
	// Output: [321]
}

// The plan and the level of packed centers, and a comparison of the ways to rank them,
// which give the same labels.
func ExampleCenters_UseIntegers() {
	c := lloyd.Dense(make([]float32, 128*64), 128, 64)
	for i := range c.Data {
		c.Data[i] = float32(i * i % 251)
	}
	var labels [2][128]int32
	for i, use := range []bool{true, false} {
		var centers lloyd.Centers[float32]
		centers.UseIntegers(use)
		if err := centers.Pack(c); err != nil {
			log.Fatal(err)
		}
		if centers.Plan() != kernel.PlanFor(centers.Level(), 4, c.N, c.D) {
			fmt.Println("another plan")
		}
		if err := centers.Nearest(labels[i][:], nil, c, nil); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(labels[0] == labels[1])
	// Output: true
}

// How sure a label is: the squared distance to the nearest center, and at most that to
// any other one.
func ExampleCenters_NearestTwo() {
	centers, err := lloyd.PackCenters(lloyd.Dense([]float64{0, 0, 8, 0}, 2, 2))
	if err != nil {
		log.Fatal(err)
	}
	x := lloyd.Dense([]float64{1, 0, 3.5, 0}, 2, 2)
	labels, own, second := make([]int32, 2), make([]float64, 2), make([]float64, 2)
	if err := centers.NearestTwo(labels, own, second, x, nil); err != nil {
		log.Fatal(err)
	}
	for i := range labels {
		fmt.Printf("row %d: center %d at %.2f, others at %.2f or more\n", i, labels[i], own[i], second[i])
	}
	// Output:
	// row 0: center 0 at 1.00, others at 49.00 or more
	// row 1: center 0 at 12.25, others at 20.25 or more
}

// The rows that two candidates of k-means++ would win from a first center at 0.
func ExampleCenters_Closer() {
	x := lloyd.Dense([]float32{0, 1, 5, 9}, 4, 1)
	least := []float32{0, 1, 25, 81}
	candidates, err := lloyd.PackCenters(lloyd.Dense([]float32{5, 9}, 2, 1))
	if err != nil {
		log.Fatal(err)
	}
	var closer lloyd.Closer[float32]
	if err := candidates.Closer(&closer, least, x, nil); err != nil {
		log.Fatal(err)
	}
	for c := range candidates.K() {
		from, to := closer.From[c], closer.From[c+1]
		fmt.Println("candidate", c, "rows", closer.Rows[from:to], "distances", closer.Dist[from:to])
	}
	// Output:
	// candidate 0 rows [2 3] distances [0 16]
	// candidate 1 rows [2 3] distances [16 0]
}

// The distances of some of the rows.
func ExampleSquaredL2At() {
	x := lloyd.Dense([]float64{0, 0, 3, 4, 6, 8}, 3, 2)
	d := make([]float64, 2)
	if err := lloyd.SquaredL2At(d, x, []int32{2, 0}, []float64{3, 4}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(d)
	// Output: [25 25]
}

// nearestTo returns the number of the row that is nearest to q, in either element type.
func nearestTo[T lloyd.Float](q []T, rows lloyd.Matrix[T]) (int32, error) {
	centers, err := lloyd.PackCenters(rows)
	if err != nil {
		return -1, err
	}
	var label [1]int32
	err = centers.Nearest(label[:], nil, lloyd.Dense(q, 1, len(q)), nil)
	return label[0], err
}

func ExampleFloat() {
	fmt.Println(nearestTo([]float64{4}, lloyd.Dense([]float64{0, 5, 9}, 3, 1)))
	fmt.Println(nearestTo([]float32{8}, lloyd.Dense([]float32{0, 5, 9}, 3, 1)))
	// Output:
	// 1 <nil>
	// 2 <nil>
}

// Rows along two directions, about an origin.
func ExampleProjection() {
	directions := lloyd.Dense([]float64{1, 1, 1, -1}, 2, 2)
	p, err := lloyd.NewProjection(directions, []float64{1, 1})
	if err != nil {
		log.Fatal(err)
	}
	x := lloyd.Dense([]float64{1, 1, 7, 3}, 2, 2)
	y := lloyd.Dense(make([]float64, x.N*p.M()), x.N, p.M())
	if err := p.Apply(y, x, nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println(y.Data, "relative rounding below 1e-13:", p.Rounding() < 1e-13)
	// Output: [0 0 8 4] relative rounding below 1e-13: true
}

// What does not fit together is an error, never a panic.
func ExampleErrShape() {
	_, err := lloyd.SquaredL2([]float32{1, 2, 3}, []float32{1, 2})
	fmt.Println(errors.Is(err, lloyd.ErrShape))
	fmt.Println(err)
	// Output:
	// true
	// lloyd: shape mismatch: the vectors have 3 and 2 elements
}

// The instruction set that the kernels of this process use.
func ExampleLevel() {
	level, err := lloyd.Level()
	if err != nil { // LLOYD_KERNEL names one that this CPU has not
		log.Fatal(err)
	}
	active, _ := kernel.Active()
	fmt.Println(level == active)
	// Output: true
}
