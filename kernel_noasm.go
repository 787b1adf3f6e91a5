//go:build (!amd64 && !arm64) || purego

package lloyd

import (
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Without assembly the only level is generic, and these are never reached.

func asmPack[T Float](l kernel.Level, panel, norms, x, shift unsafe.Pointer, n, ld, d int) {
	panic(noAssembly)
}

func asmNearest[T Float](l kernel.Level, state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead unsafe.Pointer, lines int) {
	panic(noAssembly)
}

func asmSettle[T Float](l kernel.Level, labels, next, state, norms, bound unsafe.Pointer) uint64 {
	panic(noAssembly)
}

func asmDirect[T Float](l kernel.Level, labels, dist, panel, centers unsafe.Pointer, k, d int) {
	panic(noAssembly)
}

func asmSquaredL2[T Float](l kernel.Level, out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int) {
	panic(noAssembly)
}

func asmDot[T Float](l kernel.Level, out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int) {
	panic(noAssembly)
}

func asmAccumulate[T Float](l kernel.Level, hi, lo, x, rows, labels, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64) {
	panic(noAssembly)
}

const noAssembly = "lloyd: assembly kernel called in a build without assembly"
