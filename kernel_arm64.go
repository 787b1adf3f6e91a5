//go:build !purego

package lloyd

import (
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// The assembly routines of the .s files for arm64, one of each for each element type.
// The register maps and the layouts of panel, group and state are there.
//
//	pack        rows → panel: n rows (1 to RowTile) minus shift, transposed; ‖row‖² of each
//	nearest     n groups of size centers against a panel, over a run of columns: best, runner-up and index of each row
//	settle      labels and runners-up of a panel, the bit set of its rows whose label is proven; resets the state
//	panels      pack, nearest and settle for several panels, a panelCall
//	split       whole rows of 1 to 4 columns without gaps → panels, as they are
//	direct      labels and distances (directTwo: and second least ones) of n panels by Σ(x−c)² in column order (D < lanes)
//	below       the rows of a panel whose totals are below a limit, a bit set for each center
//	moved       the numbers of the rows whose label differs between two slices
//	unsettled   the rows whose bounds do not prove their label
//	bounds      upper and lower bounds of roots
//	tiles       distances of the rows of listed tiles to a center each, the nearer centers, and bounds
//	rebase      the largest difference of a tile's distances to their references, and new references
//	least       the least lower bounds of tiles
//	squaredL2   distances of rows and partners by Σ(x−y)² in lane order (D ≥ lanes)
//	dot         the same for Σxy
//	accumulate  fixed-point sums by label of rows 0…n−1, or of those that rows lists
//	transfer    listed rows from the sums of one cluster to those of another

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
func panelsF32NEON(call unsafe.Pointer)

//go:noescape
func panelsF64NEON(call unsafe.Pointer)

//go:noescape
func splitF32NEON(panel, x unsafe.Pointer, n, d int)

//go:noescape
func splitF64NEON(panel, x unsafe.Pointer, n, d int)

//go:noescape
func directF32NEON(labels, dist, panel, centers unsafe.Pointer, k, d, n int)

//go:noescape
func directF64NEON(labels, dist, panel, centers unsafe.Pointer, k, d, n int)

//go:noescape
func directTwoF32NEON(labels, dist, panel, centers unsafe.Pointer, k, d, n int, second unsafe.Pointer)

//go:noescape
func directTwoF64NEON(labels, dist, panel, centers unsafe.Pointer, k, d, n int, second unsafe.Pointer)

//go:noescape
func belowF32NEON(bits, totals, limits unsafe.Pointer, n int)

//go:noescape
func belowF64NEON(bits, totals, limits unsafe.Pointer, n int)

//go:noescape
func movedNEON(rows, labels, old unsafe.Pointer, n int) (found int)

//go:noescape
func unsettledNEON(rows, slack, upper, labels, bars unsafe.Pointer, n int) (found int)

//go:noescape
func boundsF32NEON(upper, lower, own, other unsafe.Pointer, n int, up, down, slack float32)

//go:noescape
func lowerBoundsF32NEON(dst, scores unsafe.Pointer, stride, k int, terms, bases unsafe.Pointer, root float64)

//go:noescape
func lowerBoundsF64NEON(dst, scores unsafe.Pointer, stride, k int, terms, bases unsafe.Pointer, root float64)

//go:noescape
func openRowsNEON(lower, drift, upper unsafe.Pointer, k int) (open uint32)

//go:noescape
func shiftBoundsNEON(lower, drift, by unsafe.Pointer, k int)

//go:noescape
func openPairsNEON(rows, centers, lower, drift, upper unsafe.Pointer, k, first, panels int) (n int)

//go:noescape
func tilesF32NEON(call unsafe.Pointer)

//go:noescape
func tilesF64NEON(call unsafe.Pointer)

//go:noescape
func rebaseF32NEON(out, far, best, ref, tiles unsafe.Pointer, n int, up, scale float32)

//go:noescape
func rebaseF64NEON(out, far, best, ref, tiles unsafe.Pointer, n int, up, scale float64)

//go:noescape
func leastF32NEON(dst, src unsafe.Pointer, k int)

//go:noescape
func leastF64NEON(dst, src unsafe.Pointer, k int)

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

//go:noescape
func coarsenNEONDot(panel, state, x, norms, light, format unsafe.Pointer, quads int)

//go:noescape
func coarsenCenterNEONDot(quads unsafe.Pointer, stride int, elements unsafe.Pointer, pairs int, scale float32, norms unsafe.Pointer)

//go:noescape
func largestNEONDot(elements unsafe.Pointer, pairs int) float32

//go:noescape
func coarseScoresNEONDot(scores, state, panel, columns, groups, sums unsafe.Pointer, n, size, heavy, depth, shift int)

//go:noescape
func coarseListNEONDot(rows, centers, scores, limits unsafe.Pointer, from, n, first int) (found int)

//go:noescape
func coarseBoundsNEONDot(dst, scores, rows unsafe.Pointer, k int)

//go:noescape
func transferF32NEON(hi, lo, x, rows, from, to, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64)

//go:noescape
func transferF64NEON(hi, lo, x, rows, from, to, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64)

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

func asmPanels[T Float](l kernel.Level, call unsafe.Pointer) {
	if elemSize[T]() == 4 {
		panelsF32NEON(call)
	} else {
		panelsF64NEON(call)
	}
}

// narrowLevel is the level whose routines serve the direct method at level l.
func narrowLevel(l kernel.Level) kernel.Level { return l }

func asmSplit[T Float](panel, x unsafe.Pointer, n, d int) {
	if elemSize[T]() == 4 {
		splitF32NEON(panel, x, n, d)
	} else {
		splitF64NEON(panel, x, n, d)
	}
}

func asmDirect[T Float](labels, dist, second, panel, centers unsafe.Pointer, k, d, n int) {
	switch {
	case elemSize[T]() == 4 && second == nil:
		directF32NEON(labels, dist, panel, centers, k, d, n)
	case elemSize[T]() == 4:
		directTwoF32NEON(labels, dist, panel, centers, k, d, n, second)
	case second == nil:
		directF64NEON(labels, dist, panel, centers, k, d, n)
	default:
		directTwoF64NEON(labels, dist, panel, centers, k, d, n, second)
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

// asmUnsettled is Unsettled for n rows, a multiple of 8.
func asmUnsettled(rows, slack, upper, labels, bars unsafe.Pointer, n int) int {
	return unsettledNEON(rows, slack, upper, labels, bars, n)
}

// asmBounds is Bounds for n squares, a multiple of 8, with the factors of the roots.
func asmBounds(upper, lower, own, other unsafe.Pointer, n int, up, down, slack float32) {
	boundsF32NEON(upper, lower, own, other, n, up, down, slack)
}

// pairBounds says that there are routines for pair bounds.
const pairBounds = true

func asmLowerBounds[T Float](dst, scores unsafe.Pointer, stride, k int, terms, bases unsafe.Pointer, root float64) {
	if elemSize[T]() == 4 {
		lowerBoundsF32NEON(dst, scores, stride, k, terms, bases, root)
	} else {
		lowerBoundsF64NEON(dst, scores, stride, k, terms, bases, root)
	}
}

func asmOpenRows(_ kernel.Level, lower, drift, upper unsafe.Pointer, k int) uint32 {
	return openRowsNEON(lower, drift, upper, k)
}

func asmShiftBounds(lower, drift, by unsafe.Pointer, k int) { shiftBoundsNEON(lower, drift, by, k) }

func asmOpenPairs(_ kernel.Level, rows, centers, lower, drift, upper unsafe.Pointer, k, first, panels int) int {
	return openPairsNEON(rows, centers, lower, drift, upper, k, first, panels)
}

// The routines for 8-bit integers: neondot is the only level that has a plan for them.

func asmCoarsen(_ kernel.Level, panel, state, x, norms, light, format unsafe.Pointer, quads int) {
	coarsenNEONDot(panel, state, x, norms, light, format, quads)
}

func asmCoarsenCenter(_ kernel.Level, quads unsafe.Pointer, stride int, elements unsafe.Pointer, pairs int, scale float32, norms unsafe.Pointer) {
	coarsenCenterNEONDot(quads, stride, elements, pairs, scale, norms)
}

func asmLargest(_ kernel.Level, elements unsafe.Pointer, pairs int) float32 {
	return largestNEONDot(elements, pairs)
}

func asmCoarseScores(_ kernel.Level, scores, state, panel, columns, groups, sums unsafe.Pointer, n, size, heavy, depth, shift int) {
	coarseScoresNEONDot(scores, state, panel, columns, groups, sums, n, size, heavy, depth, shift)
}

func asmCoarseBounds(_ kernel.Level, dst, scores, rows unsafe.Pointer, k int) {
	coarseBoundsNEONDot(dst, scores, rows, k)
}

func asmCoarseList(_ kernel.Level, rows, centers, scores, limits unsafe.Pointer, from, n, first int) int {
	return coarseListNEONDot(rows, centers, scores, limits, from, n, first)
}

// tileRoutines says that there are routines for tiles.
const tileRoutines = true

// asmTiles is Tiles.Nearest; the call is a tileCall.
func asmTiles[T Float](_ kernel.Level, call unsafe.Pointer) {
	if elemSize[T]() == 4 {
		tilesF32NEON(call)
	} else {
		tilesF64NEON(call)
	}
}

// asmRebase is Rebase.
func asmRebase[T Float](out, far, best, ref, tiles unsafe.Pointer, n int, up, scale T) {
	if elemSize[T]() == 4 {
		rebaseF32NEON(out, far, best, ref, tiles, n, float32(up), float32(scale))
	} else {
		rebaseF64NEON(out, far, best, ref, tiles, n, float64(up), float64(scale))
	}
}

// asmLeast is TileBounds for a panel of rows.
func asmLeast[T Float](dst, src unsafe.Pointer, k int) {
	if elemSize[T]() == 4 {
		leastF32NEON(dst, src, k)
	} else {
		leastF64NEON(dst, src, k)
	}
}

// listedPairs: there are no routines for listed pairs.
const listedPairs = false

func asmSquaredL2Listed[T Float](out, x, rows, y, idx unsafe.Pointer, n, d, ldx, ldy int) {
	panic("lloyd: no such routine")
}

func asmMeasure(x, shift, weights unsafe.Pointer, blocks int) (largest, square float32) {
	panic("lloyd: no such routine")
}

func asmRound(l kernel.Level, row, x, shift, weights unsafe.Pointer, column, blocks int, scale float32, width int) {
	panic("lloyd: no such routine")
}

func asmEstimate(l kernel.Level, dst, integers, rows, slots, centers, parts, terms, idx unsafe.Pointer, n, width int) {
	panic("lloyd: no such routine")
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

func asmTransfer[T Float](hi, lo, x, rows, from, to, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64) {
	if elemSize[T]() == 4 {
		transferF32NEON(hi, lo, x, rows, from, to, weights, n, d, ld, lds, scale, lift)
	} else {
		transferF64NEON(hi, lo, x, rows, from, to, weights, n, d, ld, lds, scale, lift)
	}
}
