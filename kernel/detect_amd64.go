//go:build !purego

package kernel

import "golang.org/x/sys/cpu"

func built() []Level { return []Level{AVX2, AVX512, AVX512VNNI} }

func detected() []Level {
	var levels []Level
	x := &cpu.X86
	avx2 := x.HasAVX2 && x.HasFMA && x.HasBMI1 // every CPU with AVX2 has BMI1, but not every hypervisor shows it
	if avx2 {
		levels = append(levels, AVX2)
	}
	avx512 := avx2 && x.HasAVX512F && x.HasAVX512VL && x.HasAVX512DQ && x.HasAVX512BW
	if avx512 {
		levels = append(levels, AVX512)
	}
	if avx512 && x.HasAVX512VNNI {
		levels = append(levels, AVX512VNNI)
	}
	return levels
}
