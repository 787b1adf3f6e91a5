//go:build !purego

package lloyd

import (
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// The assembly routines of kernel_amd64.s, one set for each level and element
// type. The register maps and the layouts of panel, group and state are there.
//
//	pack        rows → panel: n rows (1 to RowTile) minus shift, transposed; ‖row‖² of each
//	nearest     n groups of size centers against a panel: best, runner-up and index of each row
//	settle      labels of a panel and the bit set of its rows whose label is proven; resets the state
//	direct      labels and distances of a panel by Σ(x−c)² in column order (D < lanes)
//	squaredL2   distances of rows and partners by Σ(x−y)² in lane order (D ≥ lanes)
//	dot         the same for Σxy
//	accumulate  fixed-point sums by label of rows 0…n−1, or of those that rows lists

//go:noescape
func packF32AVX2(panel, norms, x, shift unsafe.Pointer, n, ld, d int)

//go:noescape
func packF64AVX2(panel, norms, x, shift unsafe.Pointer, n, ld, d int)

//go:noescape
func nearestF32AVX2(state, panel, groups unsafe.Pointer, n, size, depth int)

//go:noescape
func nearestF64AVX2(state, panel, groups unsafe.Pointer, n, size, depth int)

//go:noescape
func settleF32AVX2(labels, state, norms, bound unsafe.Pointer) (settled uint64)

//go:noescape
func settleF64AVX2(labels, state, norms, bound unsafe.Pointer) (settled uint64)

//go:noescape
func directF32AVX2(labels, dist, panel, centers unsafe.Pointer, k, d int)

//go:noescape
func directF64AVX2(labels, dist, panel, centers unsafe.Pointer, k, d int)

//go:noescape
func squaredL2F32AVX2(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)

//go:noescape
func squaredL2F64AVX2(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)

//go:noescape
func dotF32AVX2(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)

//go:noescape
func dotF64AVX2(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)

//go:noescape
func accumulateF32AVX2(hi, lo, x, rows, labels, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64)

//go:noescape
func accumulateF64AVX2(hi, lo, x, rows, labels, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64)

func asmPack[T Float](l kernel.Level, panel, norms, x, shift unsafe.Pointer, n, ld, d int) {
	switch l {
	case kernel.AVX512:
		if elemSize[T]() == 4 {
			packF32AVX512(panel, norms, x, shift, n, ld, d)
		} else {
			packF64AVX512(panel, norms, x, shift, n, ld, d)
		}
	default:
		if elemSize[T]() == 4 {
			packF32AVX2(panel, norms, x, shift, n, ld, d)
		} else {
			packF64AVX2(panel, norms, x, shift, n, ld, d)
		}
	}
}

func asmNearest[T Float](l kernel.Level, state, panel, groups unsafe.Pointer, n, size, depth int) {
	switch l {
	case kernel.AVX512:
		if elemSize[T]() == 4 {
			nearestF32AVX512(state, panel, groups, n, size, depth)
		} else {
			nearestF64AVX512(state, panel, groups, n, size, depth)
		}
	default:
		if elemSize[T]() == 4 {
			nearestF32AVX2(state, panel, groups, n, size, depth)
		} else {
			nearestF64AVX2(state, panel, groups, n, size, depth)
		}
	}
}

func asmSettle[T Float](l kernel.Level, labels, state, norms, bound unsafe.Pointer) uint64 {
	switch l {
	case kernel.AVX512:
		if elemSize[T]() == 4 {
			return settleF32AVX512(labels, state, norms, bound)
		}
		return settleF64AVX512(labels, state, norms, bound)
	default:
		if elemSize[T]() == 4 {
			return settleF32AVX2(labels, state, norms, bound)
		}
		return settleF64AVX2(labels, state, norms, bound)
	}
}

func asmDirect[T Float](l kernel.Level, labels, dist, panel, centers unsafe.Pointer, k, d int) {
	switch l {
	case kernel.AVX512:
		if elemSize[T]() == 4 {
			directF32AVX512(labels, dist, panel, centers, k, d)
		} else {
			directF64AVX512(labels, dist, panel, centers, k, d)
		}
	default:
		if elemSize[T]() == 4 {
			directF32AVX2(labels, dist, panel, centers, k, d)
		} else {
			directF64AVX2(labels, dist, panel, centers, k, d)
		}
	}
}

func asmSquaredL2[T Float](l kernel.Level, out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int) {
	switch l {
	case kernel.AVX512:
		if elemSize[T]() == 4 {
			squaredL2F32AVX512(out, x, y, idx, n, d, ldo, ldx, ldy)
		} else {
			squaredL2F64AVX512(out, x, y, idx, n, d, ldo, ldx, ldy)
		}
	default:
		if elemSize[T]() == 4 {
			squaredL2F32AVX2(out, x, y, idx, n, d, ldo, ldx, ldy)
		} else {
			squaredL2F64AVX2(out, x, y, idx, n, d, ldo, ldx, ldy)
		}
	}
}

func asmDot[T Float](l kernel.Level, out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int) {
	switch l {
	case kernel.AVX512:
		if elemSize[T]() == 4 {
			dotF32AVX512(out, x, y, idx, n, d, ldo, ldx, ldy)
		} else {
			dotF64AVX512(out, x, y, idx, n, d, ldo, ldx, ldy)
		}
	default:
		if elemSize[T]() == 4 {
			dotF32AVX2(out, x, y, idx, n, d, ldo, ldx, ldy)
		} else {
			dotF64AVX2(out, x, y, idx, n, d, ldo, ldx, ldy)
		}
	}
}

func asmAccumulate[T Float](l kernel.Level, hi, lo, x, rows, labels, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64) {
	switch l {
	case kernel.AVX512:
		if elemSize[T]() == 4 {
			accumulateF32AVX512(hi, lo, x, rows, labels, weights, n, d, ld, lds, scale, lift)
		} else {
			accumulateF64AVX512(hi, lo, x, rows, labels, weights, n, d, ld, lds, scale, lift)
		}
	default:
		if elemSize[T]() == 4 {
			accumulateF32AVX2(hi, lo, x, rows, labels, weights, n, d, ld, lds, scale, lift)
		} else {
			accumulateF64AVX2(hi, lo, x, rows, labels, weights, n, d, ld, lds, scale, lift)
		}
	}
}
