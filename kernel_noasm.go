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

func asmNearest[T Float](l kernel.Level, state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead uintptr, lines int) {
	panic(noAssembly)
}

func asmSettle[T Float](l kernel.Level, labels, next, state, norms, bound unsafe.Pointer) uint64 {
	panic(noAssembly)
}

func asmPanels[T Float](l kernel.Level, call unsafe.Pointer) { panic(noAssembly) }

func narrowLevel(l kernel.Level) kernel.Level { return l }

func asmSplit[T Float](panel, x unsafe.Pointer, n, d int) { panic(noAssembly) }

func asmDirect[T Float](labels, dist, second, panel, centers unsafe.Pointer, k, d, n int) {
	panic(noAssembly)
}

func asmBelow[T Float](l kernel.Level, bits, totals, limits unsafe.Pointer, n int) {
	panic(noAssembly)
}

func asmMoved(rows, labels, old unsafe.Pointer, n int) int { panic(noAssembly) }

func asmUnsettled(rows, slack, upper, labels, bars unsafe.Pointer, n int) int {
	panic(noAssembly)
}

func asmBounds(upper, lower, own, other unsafe.Pointer, n int, up, down, slack float32) {
	panic(noAssembly)
}

// pairBounds: there are no routines for pair bounds.
const pairBounds = false

func asmLowerBounds[T Float](dst, scores unsafe.Pointer, stride, k int, terms, bases unsafe.Pointer, root float64) {
	panic(noAssembly)
}

func asmOpenRows(_ kernel.Level, lower, drift, upper unsafe.Pointer, k int) uint32 { panic(noAssembly) }

func asmShiftBounds(lower, drift, by unsafe.Pointer, k int) { panic(noAssembly) }

func asmOpenPairs(_ kernel.Level, rows, centers, lower, drift, upper unsafe.Pointer, k, first, panels int) int {
	panic(noAssembly)
}

// tileRoutines: there are no routines for tiles.
const tileRoutines = false

func asmTiles[T Float](_ kernel.Level, call unsafe.Pointer) { panic(noAssembly) }

func asmRebase[T Float](out, far, best, ref, tiles unsafe.Pointer, n int, up, scale T) {
	panic(noAssembly)
}

func asmLeast[T Float](dst, src unsafe.Pointer, k int) { panic(noAssembly) }

// listedPairs: there are no routines for listed pairs.
const listedPairs = false

func asmSquaredL2Listed[T Float](out, x, rows, y, idx unsafe.Pointer, n, d, ldx, ldy int) {
	panic(noAssembly)
}

func asmMeasure(x, shift, weights unsafe.Pointer, blocks int) (largest, square float32) {
	panic(noAssembly)
}

func asmRound(l kernel.Level, row, x, shift, weights unsafe.Pointer, column, blocks int, scale float32, width int) {
	panic(noAssembly)
}

func asmEstimate(l kernel.Level, dst, integers, rows, slots, centers, parts, terms, idx unsafe.Pointer, n, width int) {
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

func asmTransfer[T Float](hi, lo, x, rows, from, to, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64) {
	panic(noAssembly)
}

func asmMoments[T Float](l kernel.Level, sums, square, tops, x, origin, weights unsafe.Pointer, n, d, ld, ldw int) {
	panic(noAssembly)
}

const noAssembly = "lloyd: assembly kernel called in a build without assembly"
