package lloyd

import (
	"errors"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// ErrShape is wrapped by errors about slices and dimensions that do not fit
// together.
var ErrShape = kernel.ErrShape

// ErrRange is wrapped by errors about numbers that are not finite, or too large
// or too small to be summed or squared in their type.
var ErrRange = errors.New("lloyd: value out of range")

// Level returns the kernel level in use; the error wraps kernel.ErrLevel when
// LLOYD_KERNEL names one that is unknown or not supported.
func Level() (kernel.Level, error) { return kernel.Active() }
