//go:build !amd64 || purego

package lloyd

import (
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Only levels of amd64 have a plan for integers (kernel.QuantizedPlanFor); these are
// never reached.

func asmQuantize(l kernel.Level, panel, state, residuals, x, norms, format unsafe.Pointer, pairs int) {
	panic(noIntegers)
}

func asmQuantizeCenter[T Float](integers, center, shift unsafe.Pointer, eights int, scale float64) (lost, norm float64) {
	panic(noIntegers)
}

func asmNearestIntegers(l kernel.Level, state, panel, groups, totals unsafe.Pointer, n, size, depth, run int) {
	panic(noIntegers)
}

func asmSettleIntegers(l kernel.Level, labels, seconds, state, norms, residuals, bound, others, thirds unsafe.Pointer) (settled, paired uint64) {
	panic(noIntegers)
}

func asmGaps(l kernel.Level, gaps, least, seconds, norms, format unsafe.Pointer, panels int, wanted uint64) {
	panic(noIntegers)
}

func asmInOrder(numbers, column, order unsafe.Pointer, panels, bytes, columns int) {
	panic(noIntegers)
}

func asmKept(l kernel.Level, call unsafe.Pointer) { panic(noIntegers) }

const noIntegers = "lloyd: integer kernel called in a build without one"
