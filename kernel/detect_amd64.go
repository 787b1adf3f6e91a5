//go:build !purego

package kernel

import "golang.org/x/sys/cpu"

func built() []Level { return []Level{AVX2, AVX512} }

func detected() []Level {
	var levels []Level
	x := &cpu.X86
	avx2 := x.HasAVX2 && x.HasFMA
	if avx2 {
		levels = append(levels, AVX2)
	}
	if avx2 && x.HasAVX512F && x.HasAVX512VL && x.HasAVX512DQ && x.HasAVX512BW {
		levels = append(levels, AVX512)
	}
	return levels
}
