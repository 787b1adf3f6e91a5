//go:build !purego

package lloyd

import (
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// The routines of moments_amd64.s: n ≥ 1 rows of d ≥ 1 columns, ld apart, with
// weights ldw apart (all 1 if that is 0), to their sums about the origin and to
// 64 bytes of maxima.

//go:noescape
func momentsF32AVX2(sums, square, tops, x, origin, weights unsafe.Pointer, n, d, ld, ldw int)

//go:noescape
func momentsF64AVX2(sums, square, tops, x, origin, weights unsafe.Pointer, n, d, ld, ldw int)

// asmMoments runs the AVX2 routines at every level: a pass over rows in memory
// is bound by that soon enough.
func asmMoments[T Float](_ kernel.Level, sums, square, tops, x, origin, weights unsafe.Pointer, n, d, ld, ldw int) {
	if elemSize[T]() == 4 {
		momentsF32AVX2(sums, square, tops, x, origin, weights, n, d, ld, ldw)
	} else {
		momentsF64AVX2(sums, square, tops, x, origin, weights, n, d, ld, ldw)
	}
}
