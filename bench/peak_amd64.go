//go:build !purego

package bench

import "github.com/seed-fbf9ce71/lloyd/kernel"

//go:noescape
func fmaAVX2F32(n int)

//go:noescape
func fmaAVX2F64(n int)

//go:noescape
func fmaAVX512F32(n int)

//go:noescape
func fmaAVX512F64(n int)

// probeOf returns a routine that runs n times through a chain of independent
// multiply-adds, and the floating-point operations of one time.
func probeOf(l kernel.Level, elemSize int) (probe func(n int), operations int) {
	switch {
	case l == kernel.AVX2 && elemSize == 4:
		return fmaAVX2F32, 12 * 2 * 8
	case l == kernel.AVX2:
		return fmaAVX2F64, 12 * 2 * 4
	case (l == kernel.AVX512 || l == kernel.AVX512VNNI) && elemSize == 4:
		return fmaAVX512F32, 24 * 2 * 16
	case l == kernel.AVX512 || l == kernel.AVX512VNNI:
		return fmaAVX512F64, 24 * 2 * 8
	}
	return nil, 0
}
