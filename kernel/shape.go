package kernel

import (
	"errors"
	"fmt"
)

// ErrShape is wrapped by errors about lengths and dimensions that do not fit
// together.
var ErrShape = errors.New("lloyd: shape mismatch")

// CheckMatrix checks that n rows of d columns, ld apart, fit in length
// elements. name says which argument it is. The error wraps ErrShape.
func CheckMatrix(name string, length, n, d, ld int) error {
	if n < 0 || d < 0 {
		return fmt.Errorf("%w: %s has %d rows and %d columns; both must be at least 0", ErrShape, name, n, d)
	}
	if ld < d {
		return fmt.Errorf("%w: %s has leading dimension %d, less than its %d columns", ErrShape, name, ld, d)
	}
	if n == 0 || ld == 0 {
		return nil
	}
	// (n-1)*ld + d <= length, without overflow.
	if length < d || (n-1) > (length-d)/ld {
		return fmt.Errorf("%w: %s needs %d rows of %d columns %d apart, but its slice has %d elements", ErrShape, name, n, d, ld, length)
	}
	return nil
}

// CheckLength checks that the argument name has at least want elements. The
// error wraps ErrShape.
func CheckLength(name string, got, want int) error {
	if got < want {
		return fmt.Errorf("%w: %s has %d elements, need %d", ErrShape, name, got, want)
	}
	return nil
}
