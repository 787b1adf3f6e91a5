//go:build linux || darwin

package dataset

import (
	"os"

	"golang.org/x/sys/unix"
)

// mapFile maps the first length bytes of f. Writing to them changes a copy.
func mapFile(f *os.File, length int) ([]byte, error) {
	return unix.Mmap(int(f.Fd()), 0, length, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE)
}

func unmapFile(memory []byte) error { return unix.Munmap(memory) }
