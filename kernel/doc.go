// Package kernel says which compute kernels exist, which one runs, and how
// work is tiled for it. It holds no assembly: the kernels themselves are in the
// root package lloyd, which builds on this one.
//
// # Levels
//
// A [Level] names an instruction set for which hand-written kernels exist. The
// levels of one architecture are cumulative: a CPU that runs avx512 runs avx2
// and generic too.
//
//	generic      pure Go, every architecture; the reference for all others
//	avx2         amd64 with AVX2 and FMA
//	avx512       amd64 with avx2 and AVX-512 F, VL, DQ and BW
//	avx512vnni   amd64 with avx512 and AVX-512 VNNI
//	neon         arm64 with Advanced SIMD
//	neondot      arm64 with neon and the dot product extension
//
// The CPU is asked once, at start-up, through golang.org/x/sys/cpu, which
// also checks that the operating system saves the wide registers. The
// environment variable LLOYD_KERNEL names a level to use instead of the best
// one; it can only lower the level. Building with the tag purego leaves the
// assembly out, so that generic is the only level.
//
// # Results do not depend on the level
//
// Every level returns the same bits: see package lloyd for the definition of
// the distance that all of them compute. A level is a matter of speed only.
package kernel
