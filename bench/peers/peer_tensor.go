package main

import (
	"errors"
	"sync"

	"gorgonia.org/tensor"
)

// newTensor is the E-step by operations of gorgonia.org/tensor, which has no
// broadcasting: a column of ones in the rows, and of −½‖c‖² in the centers, takes
// its place. The rows are copied for it once, before the clock runs.
func newTensor(t task) (subject, error) {
	d, k := t.x.D, t.k()
	wide := make([]float32, t.x.N*(d+1))
	for i := range t.x.N {
		copy(wide[i*(d+1):], t.x.Row(i))
		wide[i*(d+1)+d] = 1
	}
	centers := make([]float32, (d+1)*k) // transposed
	for c, half := range halfNorms(t) {
		for j, v := range t.centers.Row(c) {
			centers[j*k+c] = v
		}
		centers[d*k+c] = -half
	}
	c := tensor.New(tensor.WithShape(d+1, k), tensor.WithBacking(centers))
	return subject{assign: func(labels []int32) error {
		var mutex sync.Mutex
		var failure error
		inBlocks(t.x.N, gemmRows, t.threads, func(_, from, to int) {
			x := tensor.New(tensor.WithShape(to-from, d+1), tensor.WithBacking(wide[from*(d+1):to*(d+1)]))
			if err := assignTensor(labels[from:to], x, c); err != nil {
				mutex.Lock()
				failure = errors.Join(failure, err)
				mutex.Unlock()
			}
		})
		return failure
	}}, nil
}

func assignTensor(labels []int32, x, c *tensor.Dense) error {
	scores, err := tensor.MatMul(x, c)
	if err != nil {
		return err
	}
	best, err := tensor.Argmax(scores, 1)
	if err != nil {
		return err
	}
	switch best := best.Data().(type) {
	case []int:
		for i, l := range best {
			labels[i] = int32(l)
		}
	case int: // a block of one row
		labels[0] = int32(best)
	}
	return nil
}
