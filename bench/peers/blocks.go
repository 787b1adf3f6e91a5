package main

import (
	"sync"
	"sync/atomic"
)

// inBlocks calls do for blocks of rows on the given number of goroutines; worker
// counts from 0.
func inBlocks(n, rows, threads int, do func(worker, from, to int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for w := range threads {
		wg.Go(func() {
			for {
				to := int(next.Add(int64(rows)))
				if to-rows >= n {
					return
				}
				do(w, to-rows, min(to, n))
			}
		})
	}
	wg.Wait()
}

// halfNorms returns ½‖c‖² of each center.
func halfNorms(t task) []float32 {
	half := make([]float32, t.k())
	for k := range half {
		for _, v := range t.centers.Row(k) {
			half[k] += v * v / 2
		}
	}
	return half
}

// doubles returns the rows as slices of float64, as some peers want them.
func doubles(t task) [][]float64 {
	rows := make([][]float64, t.x.N)
	for i := range rows {
		rows[i] = make([]float64, t.x.D)
	}
	restore(rows, t)
	return rows
}

// restore writes the numbers of the task into rows.
func restore(rows [][]float64, t task) {
	for i, row := range rows {
		for j, v := range t.x.Row(i) {
			row[j] = float64(v)
		}
	}
}

// singles returns rows without gaps in float32.
func singles(rows [][]float64) []float32 {
	var s []float32
	for _, row := range rows {
		for _, v := range row {
			s = append(s, float32(v))
		}
	}
	return s
}
