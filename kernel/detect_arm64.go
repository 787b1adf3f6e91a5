//go:build !purego

package kernel

import "golang.org/x/sys/cpu"

func built() []Level { return []Level{NEON} }

func detected() []Level {
	if cpu.ARM64.HasASIMD {
		return []Level{NEON}
	}
	return nil
}
