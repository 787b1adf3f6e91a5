//go:build !purego

package lloyd

import "unsafe"

// The assembly routines of kernel_avx512_amd64.s, quantized_avx512_amd64.s,
// coarse_avx512_amd64.s, coarsen_avx512_amd64.s, leading_avx512_amd64.s,
// estimates_avx512_amd64.s, elkan_avx512_amd64.s and tiles_avx512_amd64.s.
// What each does stands at the head of kernel_amd64.go; split, direct, moved and
// what makes 8-bit integers of a center are those of AVX2.

//go:noescape
func packF32AVX512(panel, norms, x, shift unsafe.Pointer, n, ld, d int)

//go:noescape
func packF64AVX512(panel, norms, x, shift unsafe.Pointer, n, ld, d int)

//go:noescape
func nearestF32AVX512(state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead uintptr, lines int)

//go:noescape
func nearestF64AVX512(state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead uintptr, lines int)

//go:noescape
func settleF32AVX512(labels, next, state, norms, bound unsafe.Pointer) (settled uint64)

//go:noescape
func settleF64AVX512(labels, next, state, norms, bound unsafe.Pointer) (settled uint64)

//go:noescape
func panelsF32AVX512(call unsafe.Pointer)

//go:noescape
func panelsF64AVX512(call unsafe.Pointer)

//go:noescape
func belowF32AVX512(bits, totals, limits unsafe.Pointer, n int)

//go:noescape
func belowF64AVX512(bits, totals, limits unsafe.Pointer, n int)

//go:noescape
func squaredL2F32AVX512(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)

//go:noescape
func squaredL2F64AVX512(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)

//go:noescape
func dotF32AVX512(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)

//go:noescape
func dotF64AVX512(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)

//go:noescape
func accumulateF32AVX512(hi, lo, x, rows, labels, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64)

//go:noescape
func accumulateF64AVX512(hi, lo, x, rows, labels, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64)

//go:noescape
func quantizeF32AVX512(panel, state, residuals, x, norms, format unsafe.Pointer, pairs int)

//go:noescape
func nearestI16AVX512(state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead uintptr, lines int)

//go:noescape
func nearestI16AVX512VNNI(state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead uintptr, lines int)

//go:noescape
func keptI16AVX512(call unsafe.Pointer)

//go:noescape
func keptI16AVX512VNNI(call unsafe.Pointer)

//go:noescape
func settleI16AVX512(labels, seconds, state, norms, residuals, bound, others, thirds unsafe.Pointer) (settled, paired uint64)

//go:noescape
func gapsF32AVX512(gaps, least, seconds, norms, format unsafe.Pointer, panels int, wanted uint64)

//go:noescape
func coarsenAVX512(panel, state, x, norms, light, format unsafe.Pointer, quads int)

//go:noescape
func coarsenAVX512VNNI(panel, state, x, norms, light, format unsafe.Pointer, quads int)

//go:noescape
func coarseScoresAVX512VNNI(scores, state, panel, columns, groups, sums unsafe.Pointer, n, size, heavy, depth, shift int)

//go:noescape
func coarseScoresAVX512(scores, state, panel, columns, groups, sums unsafe.Pointer, n, size, heavy, depth, shift int)

//go:noescape
func coarseListAVX512(rows, centers, scores, limits unsafe.Pointer, from, n, first int) (found int)

//go:noescape
func coarseBoundsAVX512(dst, scores, rows unsafe.Pointer, k int)

//go:noescape
func restListAVX512VNNI(outRows, outCenters, rows, centers, scores, known, integers, knownCenters, centerIntegers unsafe.Pointer, n, first, width, stride int) (found int)

//go:noescape
func roundAVX512VNNI(dst, x, shift, weights unsafe.Pointer, blocks int, scale float32, width int)

//go:noescape
func estimateAVX512VNNI(dst, integers, rows, slots, centers, parts, terms, idx unsafe.Pointer, n, width int)

//go:noescape
func tilesF32AVX512(call unsafe.Pointer)

//go:noescape
func tilesF64AVX512(call unsafe.Pointer)

//go:noescape
func openRowsAVX512(lower, drift, upper unsafe.Pointer, k int) (open uint32)

//go:noescape
func openPairsAVX512(rows, centers, lower, drift, upper unsafe.Pointer, k, first int) (n int)
