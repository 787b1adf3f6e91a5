package lloyd_test

import (
	"errors"
	"fmt"
	"log"
	"math"

	"github.com/seed-fbf9ce71/lloyd"
)

// Only the rows whose label changed are read again after an E-step.
func ExampleTransferRows() {
	x := lloyd.Dense([]float64{1, 2, 30, 40}, 4, 1)
	sums, err := lloyd.NewSums(2, 1, 40, x.N)
	if err != nil {
		log.Fatal(err)
	}
	old := []int32{0, 1, 1, 1}
	if err := lloyd.Accumulate(sums, x, old, nil); err != nil {
		log.Fatal(err)
	}
	labels := []int32{0, 0, 1, 1}

	rows := make([]int32, len(labels))
	n, err := lloyd.Moved(rows, labels, old)
	if err != nil {
		log.Fatal(err)
	}
	rows = rows[:n]
	from, to := make([]int32, n), make([]int32, n)
	for i, row := range rows {
		from[i], to[i] = old[row], labels[row]
	}
	if err := lloyd.TransferRows(sums, x, rows, from, to, nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println("moved", rows, "sums", sums.At(0, 0), sums.At(1, 0))
	// Output: moved [1] sums 3 70
}

// Some of the rows come into a cluster and leave it again.
func ExampleRetractRows() {
	x := lloyd.Dense([]float32{.1, .2, .3, .4}, 4, 1)
	sums, err := lloyd.NewSums(1, 1, .4, x.N)
	if err != nil {
		log.Fatal(err)
	}
	for _, rows := range [][]int32{{3, 0}, {1, 2}} {
		if err := lloyd.AccumulateRows(sums, x, rows, []int32{0, 0}, nil); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Printf("%.6f\n", sums.At(0, 0))
	if err := lloyd.RetractRows(sums, x, []int32{0, 1, 2, 3}, []int32{0, 0, 0, 0}, nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println(sums.At(0, 0))
	// Output:
	// 1.000000
	// 0
}

// Two machines sum their own rows; merged in any order, the sums are the same to the bit.
func ExampleSums_Merge() {
	here, err := lloyd.NewSums(2, 3, 1, 1000) // up to 1000 rows with elements up to 1
	if err != nil {
		log.Fatal(err)
	}
	there := here.Like()
	if err := lloyd.Accumulate(here, lloyd.Dense([]float64{.1, .2, .3}, 1, 3), []int32{0}, nil); err != nil {
		log.Fatal(err)
	}
	if err := lloyd.Accumulate(there, lloyd.Dense([]float64{.5, .25, -1, 1, 1, 1}, 2, 3), []int32{0, 1}, nil); err != nil {
		log.Fatal(err)
	}
	if err := here.Merge(there); err != nil {
		log.Fatal(err)
	}
	fmt.Println(here.K(), "clusters of", here.D(), "columns, up to", here.Capacity(), "rows")
	fmt.Printf("%.2f %.2f %.2f\n", here.At(0, 0), here.At(0, 1), here.At(0, 2))
	fmt.Println("to 20 digits:", math.Ldexp(1, -here.Precision()) < 1e-20)

	other, err := lloyd.NewSums(2, 3, 4096, 1000) // another number format
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(errors.Is(here.Merge(other), lloyd.ErrSumsMismatch))
	// Output:
	// 2 clusters of 3 columns, up to 1000 rows
	// 0.60 0.45 -0.70
	// to 20 digits: true
	// true
}

// A worker hands over one cluster and begins it anew.
func ExampleSums_MergeCluster() {
	all, err := lloyd.NewSums(2, 1, 10, 100)
	if err != nil {
		log.Fatal(err)
	}
	worker := all.Like()
	if err := lloyd.Accumulate(worker, lloyd.Dense([]float32{1, 2, 7}, 3, 1), []int32{0, 0, 1}, nil); err != nil {
		log.Fatal(err)
	}
	if err := all.MergeCluster(worker, 0); err != nil {
		log.Fatal(err)
	}
	worker.ResetCluster(0)
	fmt.Println("all:", all.At(0, 0), all.At(1, 0), "worker:", worker.At(0, 0), worker.At(1, 0))
	worker.Reset()
	fmt.Println("worker:", worker.At(0, 0), worker.At(1, 0))
	// Output:
	// all: 3 0 worker: 0 7
	// worker: 0 0
}

// Numbers that cannot be summed are refused.
func ExampleErrRange() {
	_, err := lloyd.NewSums(2, 1, math.Inf(1), 100)
	fmt.Println(errors.Is(err, lloyd.ErrRange))
	// Output: true
}

// Mean, variance and largest magnitude of the columns in one pass, here in two parts.
func ExampleMoments() {
	x := lloyd.Dense([]float64{1e9 + 1, -1, 1e9 + 2, 0, 1e9 + 3, 1}, 3, 2)
	m := lloyd.NewMoments(x.Row(0))
	rest := m.Like()
	if err := m.Add(x.Rows(0, 1), nil); err != nil {
		log.Fatal(err)
	}
	if err := rest.Add(x.Rows(1, 3), []float64{1, 2}); err != nil { // the last row counts twice
		log.Fatal(err)
	}
	if err := m.Merge(rest); err != nil {
		log.Fatal(err)
	}
	top, _ := m.Largest()
	fmt.Println(m.Weight(), "rows, elements up to", top)
	for j := range 2 {
		fmt.Println("mean", m.Mean(j), "variance", m.Variance(j))
	}
	// Output:
	// 4 rows, elements up to 1.000000003e+09
	// mean 1.00000000225e+09 variance 0.6875
	// mean 0.25 variance 0.6875
}

// An iteration of Hamerly's algorithm: centers moved, and the bounds of the rows tell
// which of them need a look.
func ExampleUnsettled() {
	// Squared distances of three rows to their own center, and to the nearest other one.
	own, other := []float64{1, 4, 9}, []float64{100, 81, 16}
	upper, lower := make([]float32, 3), make([]float32, 3)
	if err := lloyd.Bounds(upper, lower, own, other, 1, 0, 0); err != nil {
		log.Fatal(err)
	}
	slack := make([]float32, 3)
	for i := range slack {
		slack[i] = lower[i] - upper[i]
	}
	labels := []int32{0, 0, 1}
	// Center 0 moves by 0.5, center 1 by 2: bounds of both sides drift by 2.5 in all. Center 1
	// is 3.2 from the next one.
	bars := []lloyd.Bar{{Slack: 2.5}, {Slack: 2.5, Upper: 1.6 - 2}}
	rows := make([]int32, 3)
	n, err := lloyd.Unsettled(rows, slack, upper, labels, bars)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("slack %.3f, upper %.3f\n", slack, upper)
	fmt.Println("rows", rows[:n])
	// Output:
	// slack [9.000 7.000 1.000], upper [1.000 2.000 3.000]
	// rows [2]
}
