//go:build !purego

package lloyd

import (
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// The assembly routines of kernel_arm64.s, one of each for each element type.
// The register maps and the layouts of panel, group and state are there.
//
//	pack        rows → panel: n rows (1 to RowTile) minus shift, transposed; ‖row‖² of each
//	nearest     n groups of size centers against a panel, over a run of columns: best, runner-up and index of each row
//	settle      labels and runners-up of a panel, the bit set of its rows whose label is proven; resets the state
//	split       whole rows of 1 to 4 columns without gaps → panels, as they are
//	direct      labels and distances of n panels by Σ(x−c)² in column order (D < lanes)
//	below       the rows of a panel whose totals are below a limit, a bit set for each center
//	moved       the numbers of the rows whose label differs between two slices
//	squaredL2   distances of rows and partners by Σ(x−y)² in lane order (D ≥ lanes)
//	dot         the same for Σxy
//	accumulate  fixed-point sums by label of rows 0…n−1, or of those that rows lists

//go:noescape
func packF32NEON(panel, norms, x, shift unsafe.Pointer, n, ld, d int)

//go:noescape
func packF64NEON(panel, norms, x, shift unsafe.Pointer, n, ld, d int)

//go:noescape
func nearestF32NEON(state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead uintptr, lines int)

//go:noescape
func nearestF64NEON(state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead uintptr, lines int)

//go:noescape
func settleF32NEON(labels, next, state, norms, bound unsafe.Pointer) (settled uint64)

//go:noescape
func settleF64NEON(labels, next, state, norms, bound unsafe.Pointer) (settled uint64)

//go:noescape
func splitF32NEON(panel, x unsafe.Pointer, n, d int)

//go:noescape
func splitF64NEON(panel, x unsafe.Pointer, n, d int)

//go:noescape
func directF32NEON(labels, dist, panel, centers unsafe.Pointer, k, d, n int)

//go:noescape
func directF64NEON(labels, dist, panel, centers unsafe.Pointer, k, d, n int)

//go:noescape
func belowF32NEON(bits, totals, limits unsafe.Pointer, n int)

//go:noescape
func belowF64NEON(bits, totals, limits unsafe.Pointer, n int)

//go:noescape
func movedNEON(rows, labels, old unsafe.Pointer, n int) (found int)

//go:noescape
func squaredL2F32NEON(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)

//go:noescape
func squaredL2F64NEON(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)

//go:noescape
func dotF32NEON(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)

//go:noescape
func dotF64NEON(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)

//go:noescape
func accumulateF32NEON(hi, lo, x, rows, labels, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64)

//go:noescape
func accumulateF64NEON(hi, lo, x, rows, labels, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64)

func asmPack[T Float](l kernel.Level, panel, norms, x, shift unsafe.Pointer, n, ld, d int) {
	if elemSize[T]() == 4 {
		packF32NEON(panel, norms, x, shift, n, ld, d)
	} else {
		packF64NEON(panel, norms, x, shift, n, ld, d)
	}
}

func asmNearest[T Float](l kernel.Level, state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead uintptr, lines int) {
	if elemSize[T]() == 4 {
		nearestF32NEON(state, panel, groups, totals, n, size, depth, run, ahead, lines)
	} else {
		nearestF64NEON(state, panel, groups, totals, n, size, depth, run, ahead, lines)
	}
}

func asmSettle[T Float](l kernel.Level, labels, next, state, norms, bound unsafe.Pointer) uint64 {
	if elemSize[T]() == 4 {
		return settleF32NEON(labels, next, state, norms, bound)
	}
	return settleF64NEON(labels, next, state, norms, bound)
}

// narrowLevel is the level whose routines serve the direct method at level l.
const panelLoop = false

func asmPanels[T Float](l kernel.Level, call unsafe.Pointer) {
	panic("lloyd: there is no panels routine")
}

func narrowLevel(l kernel.Level) kernel.Level { return l }

func asmSplit[T Float](panel, x unsafe.Pointer, n, d int) {
	if elemSize[T]() == 4 {
		splitF32NEON(panel, x, n, d)
	} else {
		splitF64NEON(panel, x, n, d)
	}
}

// directSeconds says that asmDirect can put the second least distances, too.
const directSeconds = false

func asmDirect[T Float](labels, dist, second, panel, centers unsafe.Pointer, k, d, n int) {
	if elemSize[T]() == 4 {
		directF32NEON(labels, dist, panel, centers, k, d, n)
	} else {
		directF64NEON(labels, dist, panel, centers, k, d, n)
	}
}

func asmBelow[T Float](l kernel.Level, bits, totals, limits unsafe.Pointer, n int) {
	if elemSize[T]() == 4 {
		belowF32NEON(bits, totals, limits, n)
	} else {
		belowF64NEON(bits, totals, limits, n)
	}
}

func asmMoved(rows, labels, old unsafe.Pointer, n int) int { return movedNEON(rows, labels, old, n) }

// hamerlyRoutines says that there are routines for unsettled and bounds.
const hamerlyRoutines = false

func asmUnsettled(rows, upper, lower, labels, drifts unsafe.Pointer, n int, keep float32) int {
	panic("lloyd: there is no unsettled routine")
}

func asmBounds(upper, lower, own, other unsafe.Pointer, n int, up, down, slack float32) {
	panic("lloyd: there is no bounds routine")
}

func asmSquaredL2[T Float](l kernel.Level, out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int) {
	if elemSize[T]() == 4 {
		squaredL2F32NEON(out, x, y, idx, n, d, ldo, ldx, ldy)
	} else {
		squaredL2F64NEON(out, x, y, idx, n, d, ldo, ldx, ldy)
	}
}

func asmDot[T Float](l kernel.Level, out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int) {
	if elemSize[T]() == 4 {
		dotF32NEON(out, x, y, idx, n, d, ldo, ldx, ldy)
	} else {
		dotF64NEON(out, x, y, idx, n, d, ldo, ldx, ldy)
	}
}

func asmAccumulate[T Float](l kernel.Level, hi, lo, x, rows, labels, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64) {
	if elemSize[T]() == 4 {
		accumulateF32NEON(hi, lo, x, rows, labels, weights, n, d, ld, lds, scale, lift)
	} else {
		accumulateF64NEON(hi, lo, x, rows, labels, weights, n, d, ld, lds, scale, lift)
	}
}

// transferRoutine says that there is a transfer routine.
const transferRoutine = false

func asmTransfer[T Float](hi, lo, x, rows, from, to, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64) {
	panic("lloyd: there is no transfer routine")
}
