package dataset

import (
	"io"

	"gorgonia.org/tensor"
)

// NPYOptions says how [ReadNPY] reads.
type NPYOptions struct {
	// Dtype is tensor.Float32 or tensor.Float64. The zero value means the
	// narrower of the two that holds every number of the array's type: float32
	// for float16, float32, integers of 8 and 16 bits and bool, else float64.
	Dtype tensor.Dtype
}

// ReadNPY reads an N×D matrix in NumPy's NPY format, versions 1.0 to 3.0, of
// float16, float32, float64, signed or unsigned integers of 8 to 64 bits or
// bool, in either byte order. Integers beyond 2^53 are rounded to float64.
// A column-major ("Fortran") array comes back row-major. Reading stops after
// the array, so that several arrays in one stream can be read one by one.
//
// Errors wrap [ErrFormat] for content that is not NPY or ends early (saying how
// many bytes came and were expected), [ErrDtype] for other element types and
// for a number too large for float32, [ErrShape] for anything but two
// dimensions with at least one row and column, and the error of r.
func ReadNPY(r io.Reader, o NPYOptions) (*tensor.Dense, error) {
	dt, err := checkDtype(o.Dtype, tensor.Dtype{})
	if err != nil {
		return nil, err
	}
	in, err := openNPY(r, false)
	if err != nil {
		return nil, err
	}
	t, err := in.table(dt)
	if err != nil {
		return nil, err
	}
	return t.X, nil
}

// openNPY reads up to the first element of a matrix; a list counts as one of one
// column if column is set.
func openNPY(r io.Reader, column bool) (*input, error) {
	h, err := readNPYHeader(r)
	if err != nil {
		return nil, err
	}
	if column && len(h.shape) == 1 {
		h.shape = append(h.shape, 1)
	}
	if len(h.shape) != 2 {
		return nil, failure(ErrShape, "the NPY array has shape %s, %d dimensions; an N×D matrix was expected: reshape it, a single column with a.reshape(-1, 1)", shapeText(h.shape), len(h.shape))
	}
	if h.elements() == 0 {
		return nil, failure(ErrShape, "the NPY array has shape %s; at least one row and one column were expected", shapeText(h.shape))
	}
	return openArray(r, h)
}

// transposed turns the row-major rows×cols matrix src into its row-major
// transpose, tile by tile so that both sides stay in the cache.
func transposed[T float](src []T, rows, cols int) []T {
	const tile = 32
	dst := make([]T, len(src))
	for i0 := 0; i0 < rows; i0 += tile {
		for j0 := 0; j0 < cols; j0 += tile {
			for i := i0; i < min(i0+tile, rows); i++ {
				for j := j0; j < min(j0+tile, cols); j++ {
					dst[j*rows+i] = src[i*cols+j]
				}
			}
		}
	}
	return dst
}
