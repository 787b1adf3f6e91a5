//go:build (!amd64 && !arm64) || purego

package lloyd

import (
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// No level of such a build has a plan for 8-bit integers (kernel.CoarsePlanFor); these are
// never reached.

func asmCoarsen(l kernel.Level, panel, state, x, norms, light, format unsafe.Pointer, quads int) {
	panic(noIntegers)
}

func asmCoarsenCenter(l kernel.Level, quads unsafe.Pointer, stride int, elements unsafe.Pointer, pairs int, scale float32, norms unsafe.Pointer) {
	panic(noIntegers)
}

func asmLargest(l kernel.Level, elements unsafe.Pointer, pairs int) float32 { panic(noIntegers) }

func asmCoarseScores(l kernel.Level, scores, state, panel, columns, groups, sums unsafe.Pointer, n, size, heavy, depth, shift int) {
	panic(noIntegers)
}

func asmCoarseBounds(l kernel.Level, dst, scores, rows unsafe.Pointer, k int) { panic(noIntegers) }

func asmCoarseList(l kernel.Level, rows, centers, scores, limits unsafe.Pointer, from, n, first int) int {
	panic(noIntegers)
}
