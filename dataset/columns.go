package dataset

import (
	"io"
	"os"
)

// rowByRow turns a column-major input into one that comes row by row: by
// reading here and there in a file, else by reading everything.
func rowByRow[T float](in *input) error {
	if a, ok := in.elements.(*arrayReader); ok && in.sure {
		if f, ok := a.r.(*os.File); ok {
			begin, err := f.Seek(0, io.SeekCurrent)
			if err != nil {
				return streamError("reading", err)
			}
			in.elements, in.columnMajor = &columnReader{f: f, h: a.h, begin: begin}, false
			return nil
		}
	}
	x, err := readAll[T](in)
	if err != nil {
		return err
	}
	m, err := matrixOf(x)
	if err != nil {
		return err
	}
	in.elements, in.columnMajor, in.sure, in.end = &memoryReader{f32: m.f32, f64: m.f64}, false, true, nil
	return nil
}

// columnReader reads rows of an array that a file has column by column: a piece
// of each column at a time. Its reads have to be of whole rows.
type columnReader struct {
	f      *os.File
	h      arrayHeader
	begin  int64 // of the first element
	row    int   // the next one
	buffer []byte
}

func (c *columnReader) read32(dst []float32) (int, error) { return readColumns(c, dst) }
func (c *columnReader) read64(dst []float64) (int, error) { return readColumns(c, dst) }

func readColumns[T float](c *columnReader, dst []T) (int, error) {
	rows, cols, size := c.h.shape[0], c.h.shape[1], c.h.elem.size
	count := len(dst) / cols
	if len(c.buffer) < count*size {
		c.buffer = make([]byte, count*size)
	}
	raw := c.buffer[:count*size]
	column := make([]T, count)
	for j := range cols {
		at := int64(j*rows+c.row) * int64(size)
		if n, err := c.f.ReadAt(raw, c.begin+at); err == io.EOF {
			return 0, c.h.truncated(at + int64(n))
		} else if err != nil {
			return 0, streamError("reading", err)
		}
		if bad := decodeFloats(column, raw, c.h.elem); bad >= 0 {
			return 0, failure(ErrDtype, "the %s array of %s has at %s a number beyond the range of %T; scale it or ask for a wider dtype", c.h.format, c.h.elem, c.h.position(j*rows+c.row+bad), dst[0])
		}
		for i, v := range column {
			dst[i*cols+j] = v
		}
	}
	c.row += count
	return count * cols, nil
}

// memoryReader gives what has been read already; one of the slices is nil.
type memoryReader struct {
	f32 []float32
	f64 []float64
}

func (m *memoryReader) read32(dst []float32) (int, error) {
	n := copy(dst, m.f32)
	m.f32 = m.f32[n:]
	return n, nil
}

func (m *memoryReader) read64(dst []float64) (int, error) {
	n := copy(dst, m.f64)
	m.f64 = m.f64[n:]
	return n, nil
}
