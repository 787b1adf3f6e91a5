//go:build !amd64 || purego

package lloyd

import (
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// No level of such a build ranks by the leading columns (coarseFormatOf); these are
// never reached.

const noLeading = "lloyd: no routines for the leading columns"

func asmMeasureBlocks(x, shift, blocks unsafe.Pointer, n int) (largest, square float32) {
	panic(noLeading)
}

func asmRoundBlocks(dst, x, shift, blocks unsafe.Pointer, n int, scale float32) { panic(noLeading) }

func asmRestList(l kernel.Level, outRows, outCenters, rows, centers, scores, known, integers, knownCenters, centerIntegers unsafe.Pointer, n, first, width, stride int) (found int) {
	panic(noLeading)
}
