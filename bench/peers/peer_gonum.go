package main

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// gemmRows is the number of rows in a block of the E-steps by matrix products.
const gemmRows = 1024

// newGonum is the E-step by gonum's matrix product.
func newGonum(t task) (subject, error) {
	half, k, d := halfNorms(t), t.k(), t.x.D
	scores := make([][]float32, t.threads)
	for w := range scores {
		scores[w] = make([]float32, gemmRows*k)
	}
	c := blas32.General{Rows: k, Cols: d, Stride: d, Data: t.centers.Data}
	return subject{assign: func(labels []int32) error {
		inBlocks(t.x.N, gemmRows, t.threads, func(w, from, to int) {
			n := to - from
			x := blas32.General{Rows: n, Cols: d, Stride: d, Data: t.x.Data[from*d : to*d]}
			s := blas32.General{Rows: n, Cols: k, Stride: k, Data: scores[w][:n*k]}
			blas32.Gemm(blas.NoTrans, blas.Trans, 1, x, c, 0, s)
			for i := range n {
				labels[from+i] = highest(s.Data[i*k:(i+1)*k], half)
			}
		})
		return nil
	}}, nil
}

// highest returns the index of the largest product less half norm.
func highest(products, half []float32) int32 {
	best, label := products[0]-half[0], 0
	half = half[:len(products)]
	for k, v := range products {
		if v -= half[k]; v > best {
			best, label = v, k
		}
	}
	return int32(label)
}
