//go:build !purego

package bench

import "github.com/seed-fbf9ce71/lloyd/kernel"

//go:noescape
func fmaNEONF32(n int)

//go:noescape
func fmaNEONF64(n int)

// probeOf returns a routine that runs n times through a chain of independent
// multiply-adds, and the floating-point operations of one time.
func probeOf(l kernel.Level, elemSize int) (probe func(n int), operations int) {
	switch {
	case (l == kernel.NEON || l == kernel.NEONDot) && elemSize == 4:
		return fmaNEONF32, 24 * 2 * 4
	case l == kernel.NEON || l == kernel.NEONDot:
		return fmaNEONF64, 24 * 2 * 2
	}
	return nil, 0
}
