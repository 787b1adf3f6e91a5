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
//	nearest     n groups of size centers against a panel, over a run of columns: best, runner-up and index of each row
//	settle      labels and runners-up of a panel, the bit set of its rows whose label is proven; resets the state
//	panels      pack, nearest and settle for several panels, a panelCall
//	split       whole rows of 1 to 4 columns without gaps → panels, as they are
//	direct      labels and distances (directTwo: and second least ones) of n panels by Σ(x−c)² in column order (D < lanes)
//	below       the rows of a panel whose totals are below a limit, a bit set for each center
//	moved       the numbers of the rows whose label differs between two slices
//	unsettled   the rows whose bounds do not prove their label
//	bounds      upper and lower bounds of roots
//	lowerBounds lower bounds of the distances of eight rows to all centers, in bytes
//	openRows    the rows of a panel of pair bounds for which some center may be nearer
//	openPairs   the same, listed with their centers
//	tiles       distances of the rows of listed tiles to a center each, the nearer centers, and bounds
//	rebase      the largest difference of a tile's distances to their references, and new references
//	least       the least lower bounds of tiles
//	squaredL2Listed distances of listed rows and partners
//	squaredL2   distances of rows and partners by Σ(x−y)² in lane order (D ≥ lanes)
//	dot         the same for Σxy
//	accumulate  fixed-point sums by label of rows 0…n−1, or of those that rows lists
//	transfer    listed rows from the sums of one cluster to those of another

// The place of a center in its group replaces the lowest placeBits bits of its
// scores: masks that clear these bits, and the places as vectors (of the AVX2
// kernels; the AVX-512 ones broadcast the first element).
var (
	//lint:ignore U1000 read by the assembly
	places32 = ^uint32(1<<placeBits - 1)
	//lint:ignore U1000 read by the assembly
	placesVector = [8]uint32{places32, places32, places32, places32, places32, places32, places32, places32}
	//lint:ignore U1000 read by the assembly
	places64 = ^uint64(1<<placeBits - 1)
	place32  [1 << placeBits][8]uint32
	place64  [1 << placeBits][4]uint64
)

func init() {
	for p := range place32 {
		for i := range place32[p] {
			place32[p][i] = uint32(p)
		}
		for i := range place64[p] {
			place64[p][i] = uint64(p)
		}
	}
}

//go:noescape
func packF32AVX2(panel, norms, x, shift unsafe.Pointer, n, ld, d int)

//go:noescape
func packF64AVX2(panel, norms, x, shift unsafe.Pointer, n, ld, d int)

//go:noescape
func nearestF32AVX2(state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead uintptr, lines int)

//go:noescape
func nearestF64AVX2(state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead uintptr, lines int)

//go:noescape
func settleF32AVX2(labels, next, state, norms, bound unsafe.Pointer) (settled uint64)

//go:noescape
func settleF64AVX2(labels, next, state, norms, bound unsafe.Pointer) (settled uint64)

//go:noescape
func panelsF32AVX2(call unsafe.Pointer)

//go:noescape
func panelsF64AVX2(call unsafe.Pointer)

//go:noescape
func directF32AVX2(labels, dist, panel, centers unsafe.Pointer, k, d, n int)

//go:noescape
func directTwoF32AVX2(labels, dist, panel, centers unsafe.Pointer, k, d, n int, second unsafe.Pointer)

//go:noescape
func splitF32AVX2(panel, x unsafe.Pointer, n, d int)

//go:noescape
func belowF32AVX2(bits, totals, limits unsafe.Pointer, n int)

//go:noescape
func directF64AVX2(labels, dist, panel, centers unsafe.Pointer, k, d, n int)

//go:noescape
func directTwoF64AVX2(labels, dist, panel, centers unsafe.Pointer, k, d, n int, second unsafe.Pointer)

//go:noescape
func splitF64AVX2(panel, x unsafe.Pointer, n, d int)

//go:noescape
func belowF64AVX2(bits, totals, limits unsafe.Pointer, n int)

//go:noescape
func movedAVX2(rows, labels, old unsafe.Pointer, n int) (found int)

//go:noescape
func unsettledAVX2(rows, slack, upper, labels, bars unsafe.Pointer, n int) (found int)

//go:noescape
func boundsF32AVX2(upper, lower, own, other unsafe.Pointer, n int, up, down, slack float32)

//go:noescape
func lowerBoundsF32AVX2(dst, scores unsafe.Pointer, stride, k int, terms, bases unsafe.Pointer, root float64)

//go:noescape
func lowerBoundsF64AVX2(dst, scores unsafe.Pointer, stride, k int, terms, bases unsafe.Pointer, root float64)

//go:noescape
func openRowsAVX2(lower, drift, upper unsafe.Pointer, k int) (open uint32)

//go:noescape
func openPairsAVX2(rows, centers, lower, drift, upper unsafe.Pointer, k, first, panels int) (n int)

//go:noescape
func tilesF32AVX2(call unsafe.Pointer)

//go:noescape
func tilesF64AVX2(call unsafe.Pointer)

//go:noescape
func rebaseF32AVX2(out, far, best, ref, tiles unsafe.Pointer, n int, up, scale float32)

//go:noescape
func rebaseF64AVX2(out, far, best, ref, tiles unsafe.Pointer, n int, up, scale float64)

//go:noescape
func leastF32AVX2(dst, src unsafe.Pointer, k int)

//go:noescape
func leastF64AVX2(dst, src unsafe.Pointer, k int)

//go:noescape
func shiftBoundsAVX2(lower, drift, by unsafe.Pointer, k int)

//go:noescape
func measureAVX2(x, shift, weights unsafe.Pointer, blocks int) (largest, square float32)

//go:noescape
func roundAVX2(dst, x, shift, weights unsafe.Pointer, blocks int, scale float32)

//go:noescape
func estimateAVX2(dst, integers, rows, slots, centers, parts, idx unsafe.Pointer, n, width int)

//go:noescape
func squaredL2ListedF32AVX2(out, x, rows, y, idx unsafe.Pointer, n, d, ldx, ldy int)

//go:noescape
func squaredL2ListedF64AVX2(out, x, rows, y, idx unsafe.Pointer, n, d, ldx, ldy int)

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

//go:noescape
func quantizeF32AVX2(panel, state, residuals, x, norms, format unsafe.Pointer, pairs int)

//go:noescape
func nearestI16AVX2(state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead uintptr, lines int)

//go:noescape
func keptI16AVX2(call unsafe.Pointer)

//go:noescape
func settleI16AVX2(labels, seconds, state, norms, residuals, bound, others, thirds unsafe.Pointer) (settled, paired uint64)

//go:noescape
func quantizeCenterF32AVX2(integers, center, shift unsafe.Pointer, eights int, scale float64) (lost, norm float64)

//go:noescape
func quantizeCenterF64AVX2(integers, center, shift unsafe.Pointer, eights int, scale float64) (lost, norm float64)

//go:noescape
func inOrderAVX2(numbers, column, order unsafe.Pointer, panels, bytes, columns int)

//go:noescape
func gapsF32AVX2(gaps, least, seconds, norms, format unsafe.Pointer, panels int, wanted uint64)

//go:noescape
func coarsenAVX2(panel, state, x, norms, light, format unsafe.Pointer, quads int)

//go:noescape
func coarsenCenterAVX2(quads unsafe.Pointer, stride int, elements unsafe.Pointer, pairs int, scale float32, bias int32, norms unsafe.Pointer)

//go:noescape
func largestAVX2(elements unsafe.Pointer, pairs int) float32

//go:noescape
func coarseScoresAVX2(scores, state, panel, columns, groups, sums unsafe.Pointer, n, size, heavy, depth, shift int)

//go:noescape
func coarseListAVX2(rows, centers, scores, limits unsafe.Pointer, from, n, first int) (found int)

//go:noescape
func coarseBoundsAVX2(dst, scores, rows unsafe.Pointer, k int)

// measureBlocks returns the largest magnitude, and the sum of squares, of n blocks of 16
// columns of x − shift. roundBlocks makes bytes of them, times scale, with restBias added.
// restList keeps of n pairs those that the rest of both does not rule out (leading_amd64.h).
//
//go:noescape
func measureBlocksAVX2(x, shift, blocks unsafe.Pointer, n int) (largest, square float32)

//go:noescape
func roundBlocksAVX2(dst, x, shift, blocks unsafe.Pointer, n int, scale float32)

//go:noescape
func restListAVX2(outRows, outCenters, rows, centers, scores, known, integers, knownCenters, centerIntegers unsafe.Pointer, n, first, width, stride int) (found int)

//go:noescape
func transferF32AVX2(hi, lo, x, rows, from, to, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64)

//go:noescape
func transferF64AVX2(hi, lo, x, rows, from, to, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64)

func asmPack[T Float](l kernel.Level, panel, norms, x, shift unsafe.Pointer, n, ld, d int) {
	switch l {
	case kernel.AVX512, kernel.AVX512VNNI:
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

func asmNearest[T Float](l kernel.Level, state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead uintptr, lines int) {
	switch l {
	case kernel.AVX512, kernel.AVX512VNNI:
		if elemSize[T]() == 4 {
			nearestF32AVX512(state, panel, groups, totals, n, size, depth, run, ahead, lines)
		} else {
			nearestF64AVX512(state, panel, groups, totals, n, size, depth, run, ahead, lines)
		}
	default:
		if elemSize[T]() == 4 {
			nearestF32AVX2(state, panel, groups, totals, n, size, depth, run, ahead, lines)
		} else {
			nearestF64AVX2(state, panel, groups, totals, n, size, depth, run, ahead, lines)
		}
	}
}

func asmSettle[T Float](l kernel.Level, labels, next, state, norms, bound unsafe.Pointer) uint64 {
	switch l {
	case kernel.AVX512, kernel.AVX512VNNI:
		if elemSize[T]() == 4 {
			return settleF32AVX512(labels, next, state, norms, bound)
		}
		return settleF64AVX512(labels, next, state, norms, bound)
	default:
		if elemSize[T]() == 4 {
			return settleF32AVX2(labels, next, state, norms, bound)
		}
		return settleF64AVX2(labels, next, state, norms, bound)
	}
}

func asmPanels[T Float](l kernel.Level, call unsafe.Pointer) {
	switch l {
	case kernel.AVX512, kernel.AVX512VNNI:
		if elemSize[T]() == 4 {
			panelsF32AVX512(call)
		} else {
			panelsF64AVX512(call)
		}
	default:
		if elemSize[T]() == 4 {
			panelsF32AVX2(call)
		} else {
			panelsF64AVX2(call)
		}
	}
}

func asmKept(l kernel.Level, call unsafe.Pointer) {
	switch l {
	case kernel.AVX512VNNI:
		keptI16AVX512VNNI(call)
	case kernel.AVX512:
		keptI16AVX512(call)
	default:
		keptI16AVX2(call)
	}
}

func asmQuantize(l kernel.Level, panel, state, residuals, x, norms, format unsafe.Pointer, pairs int) {
	switch l {
	case kernel.AVX512, kernel.AVX512VNNI:
		quantizeF32AVX512(panel, state, residuals, x, norms, format, pairs)
	default:
		quantizeF32AVX2(panel, state, residuals, x, norms, format, pairs)
	}
}

func asmQuantizeCenter[T Float](integers, center, shift unsafe.Pointer, eights int, scale float64) (lost, norm float64) {
	if elemSize[T]() == 4 {
		return quantizeCenterF32AVX2(integers, center, shift, eights, scale)
	}
	return quantizeCenterF64AVX2(integers, center, shift, eights, scale)
}

func asmNearestIntegers(l kernel.Level, state, panel, groups, totals unsafe.Pointer, n, size, depth, run int) {
	switch l {
	case kernel.AVX512VNNI:
		nearestI16AVX512VNNI(state, panel, groups, totals, n, size, depth, run, 0, 0)
	case kernel.AVX512:
		nearestI16AVX512(state, panel, groups, totals, n, size, depth, run, 0, 0)
	default:
		nearestI16AVX2(state, panel, groups, totals, n, size, depth, run, 0, 0)
	}
}

func asmSettleIntegers(l kernel.Level, labels, seconds, state, norms, residuals, bound, others, thirds unsafe.Pointer) (settled, paired uint64) {
	switch l {
	case kernel.AVX512, kernel.AVX512VNNI:
		return settleI16AVX512(labels, seconds, state, norms, residuals, bound, others, thirds)
	default:
		return settleI16AVX2(labels, seconds, state, norms, residuals, bound, others, thirds)
	}
}

func asmGaps(l kernel.Level, gaps, least, seconds, norms, format unsafe.Pointer, panels int, wanted uint64) {
	switch l {
	case kernel.AVX512, kernel.AVX512VNNI:
		gapsF32AVX512(gaps, least, seconds, norms, format, panels, wanted)
	default:
		gapsF32AVX2(gaps, least, seconds, norms, format, panels, wanted)
	}
}

func asmInOrder(numbers, column, order unsafe.Pointer, panels, bytes, columns int) {
	inOrderAVX2(numbers, column, order, panels, bytes, columns)
}

func asmCoarsen(l kernel.Level, panel, state, x, norms, light, format unsafe.Pointer, quads int) {
	switch l {
	case kernel.AVX512VNNI:
		coarsenAVX512VNNI(panel, state, x, norms, light, format, quads)
	case kernel.AVX512:
		coarsenAVX512(panel, state, x, norms, light, format, quads)
	default:
		coarsenAVX2(panel, state, x, norms, light, format, quads)
	}
}

func asmCoarsenCenter(l kernel.Level, quads unsafe.Pointer, stride int, elements unsafe.Pointer, pairs int, scale float32, norms unsafe.Pointer) {
	coarsenCenterAVX2(quads, stride, elements, pairs, scale, int32(coarseFormatOf(l).bias), norms)
}

func asmLargest(l kernel.Level, elements unsafe.Pointer, pairs int) float32 {
	return largestAVX2(elements, pairs)
}

func asmCoarseScores(l kernel.Level, scores, state, panel, columns, groups, sums unsafe.Pointer, n, size, heavy, depth, shift int) {
	switch l {
	case kernel.AVX512VNNI:
		coarseScoresAVX512VNNI(scores, state, panel, columns, groups, sums, n, size, heavy, depth, shift)
	case kernel.AVX512:
		coarseScoresAVX512(scores, state, panel, columns, groups, sums, n, size, heavy, depth, shift)
	default:
		coarseScoresAVX2(scores, state, panel, columns, groups, sums, n, size, heavy, depth, shift)
	}
}

func asmCoarseBounds(l kernel.Level, dst, scores, rows unsafe.Pointer, k int) {
	switch l {
	case kernel.AVX512, kernel.AVX512VNNI:
		coarseBoundsAVX512(dst, scores, rows, k)
	default:
		coarseBoundsAVX2(dst, scores, rows, k)
	}
}

func asmCoarseList(l kernel.Level, rows, centers, scores, limits unsafe.Pointer, from, n, first int) int {
	switch l {
	case kernel.AVX512, kernel.AVX512VNNI:
		return coarseListAVX512(rows, centers, scores, limits, from, n, first)
	default:
		return coarseListAVX2(rows, centers, scores, limits, from, n, first)
	}
}

// narrowLevel is the level whose routines serve the direct method, with panel
// columns of 64 bytes, at level l: that of AVX2, for 1 to 4 columns are bound by
// memory soon enough.
func narrowLevel(kernel.Level) kernel.Level { return kernel.AVX2 }

func asmSplit[T Float](panel, x unsafe.Pointer, n, d int) {
	if elemSize[T]() == 4 {
		splitF32AVX2(panel, x, n, d)
	} else {
		splitF64AVX2(panel, x, n, d)
	}
}

func asmDirect[T Float](labels, dist, second, panel, centers unsafe.Pointer, k, d, n int) {
	switch {
	case elemSize[T]() == 4 && second == nil:
		directF32AVX2(labels, dist, panel, centers, k, d, n)
	case elemSize[T]() == 4:
		directTwoF32AVX2(labels, dist, panel, centers, k, d, n, second)
	case second == nil:
		directF64AVX2(labels, dist, panel, centers, k, d, n)
	default:
		directTwoF64AVX2(labels, dist, panel, centers, k, d, n, second)
	}
}

func asmBelow[T Float](l kernel.Level, bits, totals, limits unsafe.Pointer, n int) {
	switch l {
	case kernel.AVX512, kernel.AVX512VNNI:
		if elemSize[T]() == 4 {
			belowF32AVX512(bits, totals, limits, n)
		} else {
			belowF64AVX512(bits, totals, limits, n)
		}
	default:
		if elemSize[T]() == 4 {
			belowF32AVX2(bits, totals, limits, n)
		} else {
			belowF64AVX2(bits, totals, limits, n)
		}
	}
}

func asmMoved(rows, labels, old unsafe.Pointer, n int) int { return movedAVX2(rows, labels, old, n) }

// asmUnsettled is Unsettled for n rows, a multiple of 8.
func asmUnsettled(rows, slack, upper, labels, bars unsafe.Pointer, n int) int {
	return unsettledAVX2(rows, slack, upper, labels, bars, n)
}

// asmBounds is Bounds for n squares, a multiple of 8, with the factors of the roots.
func asmBounds(upper, lower, own, other unsafe.Pointer, n int, up, down, slack float32) {
	boundsF32AVX2(upper, lower, own, other, n, up, down, slack)
}

// pairBounds says that there are routines for pair bounds.
const pairBounds = true

// asmLowerBounds sets the bytes of eight rows for k centers from scores that are stride
// elements apart.
func asmLowerBounds[T Float](dst, scores unsafe.Pointer, stride, k int, terms, bases unsafe.Pointer, root float64) {
	if elemSize[T]() == 4 {
		lowerBoundsF32AVX2(dst, scores, stride, k, terms, bases, root)
	} else {
		lowerBoundsF64AVX2(dst, scores, stride, k, terms, bases, root)
	}
}

func asmOpenRows(l kernel.Level, lower, drift, upper unsafe.Pointer, k int) uint32 {
	switch l {
	case kernel.AVX512, kernel.AVX512VNNI:
		return openRowsAVX512(lower, drift, upper, k)
	default:
		return openRowsAVX2(lower, drift, upper, k)
	}
}

func asmShiftBounds(lower, drift, by unsafe.Pointer, k int) { shiftBoundsAVX2(lower, drift, by, k) }

func asmOpenPairs(l kernel.Level, rows, centers, lower, drift, upper unsafe.Pointer, k, first, panels int) int {
	if panels == 1 && (l == kernel.AVX512 || l == kernel.AVX512VNNI) {
		return openPairsAVX512(rows, centers, lower, drift, upper, k, first)
	}
	return openPairsAVX2(rows, centers, lower, drift, upper, k, first, panels)
}

// tileRoutines says that there are routines for tiles.
const tileRoutines = true

// asmTiles is Tiles.Nearest; the call is a tileCall.
func asmTiles[T Float](l kernel.Level, call unsafe.Pointer) {
	switch l {
	case kernel.AVX512, kernel.AVX512VNNI:
		if elemSize[T]() == 4 {
			tilesF32AVX512(call)
		} else {
			tilesF64AVX512(call)
		}
	default:
		if elemSize[T]() == 4 {
			tilesF32AVX2(call)
		} else {
			tilesF64AVX2(call)
		}
	}
}

// asmRebase is Rebase.
func asmRebase[T Float](out, far, best, ref, tiles unsafe.Pointer, n int, up, scale T) {
	if elemSize[T]() == 4 {
		rebaseF32AVX2(out, far, best, ref, tiles, n, float32(up), float32(scale))
	} else {
		rebaseF64AVX2(out, far, best, ref, tiles, n, float64(up), float64(scale))
	}
}

// asmLeast is TileBounds for a panel of rows.
func asmLeast[T Float](dst, src unsafe.Pointer, k int) {
	if elemSize[T]() == 4 {
		leastF32AVX2(dst, src, k)
	} else {
		leastF64AVX2(dst, src, k)
	}
}

// listedPairs says that there are routines for listed pairs.
const listedPairs = true

// asmSquaredL2Listed has one routine for all levels: the order of additions is the same.
func asmSquaredL2Listed[T Float](out, x, rows, y, idx unsafe.Pointer, n, d, ldx, ldy int) {
	if elemSize[T]() == 4 {
		squaredL2ListedF32AVX2(out, x, rows, y, idx, n, d, ldx, ldy)
	} else {
		squaredL2ListedF64AVX2(out, x, rows, y, idx, n, d, ldx, ldy)
	}
}

// The routines of estimates.go.

func asmMeasure(x, shift, weights unsafe.Pointer, blocks int) (largest, square float32) {
	return measureAVX2(x, shift, weights, blocks)
}

func asmRound(l kernel.Level, row, x, shift, weights unsafe.Pointer, column, blocks int, scale float32, width int) {
	switch l {
	case kernel.AVX512VNNI:
		roundAVX512VNNI(unsafe.Add(row, column), x, shift, weights, blocks, scale, width)
	default:
		roundAVX2(unsafe.Add(row, 2*column), x, shift, weights, blocks, scale)
	}
}

func asmEstimate(l kernel.Level, dst, integers, rows, slots, centers, parts, terms, idx unsafe.Pointer, n, width int) {
	switch l {
	case kernel.AVX512VNNI:
		estimateAVX512VNNI(dst, integers, rows, slots, centers, parts, terms, idx, n, width)
	default:
		estimateAVX2(dst, integers, rows, slots, centers, parts, idx, n, width)
	}
}

// The routines of leading.go.

func asmMeasureBlocks(x, shift, blocks unsafe.Pointer, n int) (largest, square float32) {
	return measureBlocksAVX2(x, shift, blocks, n)
}

func asmRoundBlocks(dst, x, shift, blocks unsafe.Pointer, n int, scale float32) {
	roundBlocksAVX2(dst, x, shift, blocks, n, scale)
}

func asmRestList(l kernel.Level, outRows, outCenters, rows, centers, scores, known, integers, knownCenters, centerIntegers unsafe.Pointer, n, first, width, stride int) (found int) {
	switch l {
	case kernel.AVX512VNNI:
		return restListAVX512VNNI(outRows, outCenters, rows, centers, scores, known, integers, knownCenters, centerIntegers, n, first, width, stride)
	default:
		return restListAVX2(outRows, outCenters, rows, centers, scores, known, integers, knownCenters, centerIntegers, n, first, width, stride)
	}
}

func asmSquaredL2[T Float](l kernel.Level, out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int) {
	switch l {
	case kernel.AVX512, kernel.AVX512VNNI:
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
	case kernel.AVX512, kernel.AVX512VNNI:
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
	case kernel.AVX512, kernel.AVX512VNNI:
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

func asmTransfer[T Float](hi, lo, x, rows, from, to, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64) {
	if elemSize[T]() == 4 {
		transferF32AVX2(hi, lo, x, rows, from, to, weights, n, d, ld, lds, scale, lift)
	} else {
		transferF64AVX2(hi, lo, x, rows, from, to, weights, n, d, ld, lds, scale, lift)
	}
}
