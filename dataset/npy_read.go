package dataset

import (
	"io"

	"gorgonia.org/tensor"
)

// NPYOptions says how [ReadNPY] reads; the zero value keeps float32 and
// float64 and turns every other number type into float64.
type NPYOptions struct {
	Dtype tensor.Dtype // tensor.Float32, tensor.Float64, or zero as above
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
	h, err := readNPYHeader(r)
	if err != nil {
		return nil, err
	}
	if len(h.shape) != 2 {
		return nil, failure(ErrShape, "the NPY array has shape %s, %d dimensions; an N×D matrix was expected: reshape it, a single column with a.reshape(-1, 1)", shapeText(h.shape), len(h.shape))
	}
	if h.elements() == 0 {
		return nil, failure(ErrShape, "the NPY array has shape %s; at least one row and one column were expected", shapeText(h.shape))
	}
	if dt.Type == nil {
		dt = tensor.Float64
		if h.elem.kind == 'f' && h.elem.size == 4 {
			dt = tensor.Float32
		}
	}
	if dt == tensor.Float32 {
		return readNPYMatrix[float32](r, h)
	}
	return readNPYMatrix[float64](r, h)
}

func readNPYMatrix[T float](r io.Reader, h npyHeader) (*tensor.Dense, error) {
	data, err := readPayload(r, h, func(dst []T, raw []byte) int { return decodeFloats(dst, raw, h.elem) })
	if err != nil {
		return nil, err
	}
	rows, cols := h.shape[0], h.shape[1]
	if h.fortran && rows > 1 && cols > 1 {
		data = transposed(data, cols, rows)
	}
	return denseOf(rows, cols, data), nil
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
