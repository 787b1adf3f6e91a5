//go:build !purego

package kernel

import "golang.org/x/sys/cpu"

func built() []Level { return []Level{NEON, NEONDot} }

func detected() []Level {
	var levels []Level
	a := &cpu.ARM64
	if a.HasASIMD {
		levels = append(levels, NEON)
	}
	if a.HasASIMD && a.HasASIMDDP {
		levels = append(levels, NEONDot)
	}
	return levels
}
