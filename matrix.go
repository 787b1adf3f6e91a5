package lloyd

import (
	"fmt"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Float is an element type that the kernels take.
type Float interface{ float32 | float64 }

// Matrix is a view of N rows of D elements in a slice: row i is
// Data[i·LD : i·LD+D]. The leading dimension LD is at least D; a larger one
// views some of the columns of a wider matrix without a copy. The kernels only
// read a Matrix.
type Matrix[T Float] struct {
	Data []T
	N, D int // rows, columns
	LD   int // elements from one row's start to the next
}

// Dense returns the view of data as n rows of d elements without gaps.
func Dense[T Float](data []T, n, d int) Matrix[T] { return Matrix[T]{Data: data, N: n, D: d, LD: d} }

// Rows returns the view of rows from to to−1. It panics, as slicing does, when
// they are not rows of m.
func (m Matrix[T]) Rows(from, to int) Matrix[T] {
	if from < 0 || to < from || to > m.N {
		panic(fmt.Sprintf("lloyd: rows %d to %d of a matrix of %d", from, to, m.N))
	}
	v := m
	v.N = to - from
	if v.N > 0 {
		v.Data = m.Data[from*m.LD:]
	} else {
		v.Data = nil
	}
	return v
}

// Row returns row i; it shares memory with m.
func (m Matrix[T]) Row(i int) []T { return m.Data[i*m.LD : i*m.LD+m.D : i*m.LD+m.D] }

// check reports a view that does not fit its slice; the error wraps ErrShape.
func (m Matrix[T]) check(name string) error {
	return kernel.CheckMatrix(name, len(m.Data), m.N, m.D, m.LD)
}

// ptr returns the address of the first element, nil when there is none.
func (m Matrix[T]) ptr() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(m.Data)) }

// elemSize returns the size of T in bytes, a constant in each instance.
func elemSize[T Float]() int {
	var zero T
	return int(unsafe.Sizeof(zero))
}

func ptr[T any](s []T) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(s)) }
