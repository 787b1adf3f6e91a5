package dataset

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"

	"gorgonia.org/tensor"
)

// mostVecsColumns bounds what the first bytes of a vecs file may claim; the
// vectors of the known benchmarks have at most a few thousand elements.
const mostVecsColumns = 1 << 20

// ReadVecs reads an N×D matrix in the layout of the TEXMEX corpus (.fvecs,
// .ivecs, .bvecs): for each row D as int32 and then D numbers, all
// little-endian.
//
// Errors wrap [ErrFormat] for rows of unequal length, a length that is negative
// or beyond 2^20, and input that is empty or ends within a row; [ErrShape] for
// rows of length 0, [ErrConfig] or [ErrDtype] for o, and the error of r.
func ReadVecs(r io.Reader, o VectorOptions) (*tensor.Dense, error) {
	dt, err := o.check()
	if err != nil {
		return nil, err
	}
	in, err := openVecs(r, o.Element)
	if err != nil {
		return nil, err
	}
	t, err := in.table(dt)
	if err != nil {
		return nil, err
	}
	return t.X, nil
}

// openVecs reads the length of the first row.
func openVecs(r io.Reader, e Element) (*input, error) {
	if r == nil {
		return nil, failure(ErrConfig, "the reader is nil")
	}
	size, known := bytesLeft(r)
	v := &vecsReader{r: bufio.NewReaderSize(r, payloadChunk), elem: e.stored()}
	if err := v.next(); err == io.EOF {
		return nil, failure(ErrFormat, "the vecs input is empty; the length of the first row was expected")
	} else if err != nil {
		return nil, err
	}
	in := &input{rows: -1, cols: v.cols, dtype: v.elem.dtype(), elements: v}
	if !known {
		return in, nil
	}
	row := 4 + int64(v.cols)*int64(v.elem.size)
	if rest := size % row; rest != 0 {
		return nil, failure(ErrFormat, "the vecs input has %s: %s of %d %s elements (%d bytes each) and a rest of %d; the file is cut short, or its element type is not the one that the ending of the name stands for",
			countOf(size, "byte"), countOf(size/row, "row"), v.cols, v.elem, row, rest)
	}
	if size/row > int64(mostElements/v.cols) {
		return nil, failure(ErrShape, "the vecs input has shape (%d, %d); at most %d elements are read", size/row, v.cols, mostElements)
	}
	in.rows, in.sure = int(size/row), true
	return in, nil
}

// vecsReader reads rows that begin with their length.
type vecsReader struct {
	r         *bufio.Reader
	elem      element
	cols      int
	row, left int // the present row, from 0, and how much of it is left
	begun     bool
	buffer    []byte
}

func (v *vecsReader) read32(dst []float32) (int, error) { return readVecs(v, dst) }
func (v *vecsReader) read64(dst []float64) (int, error) { return readVecs(v, dst) }

func readVecs[T float](v *vecsReader, dst []T) (int, error) {
	size, direct := v.elem.size, sameBits[T](v.elem)
	for n := 0; n < len(dst); {
		if v.left == 0 {
			if err := v.next(); err != nil {
				return n, err
			}
		}
		part := dst[n:min(len(dst), n+v.left, n+payloadChunk/size)]
		var raw []byte
		if direct {
			raw = bytesOf(part)
		} else {
			if len(v.buffer) < len(part)*size {
				v.buffer = make([]byte, len(part)*size)
			}
			raw = v.buffer[:len(part)*size]
		}
		if _, err := io.ReadFull(v.r, raw); err != nil {
			return n, cutShort(err, fmt.Sprintf("the vecs input ends within row %d (from 0) of %d %s elements", v.row, v.cols, v.elem))
		}
		if !direct {
			decodeFloats(part, raw, v.elem) // no type here goes beyond float32
		}
		n += len(part)
		v.left -= len(part)
	}
	return len(dst), nil
}

// next reads and checks the length of the next row. It gives io.EOF after the
// last one.
func (v *vecsReader) next() error {
	if v.begun {
		v.row++
	}
	var start [4]byte
	if _, err := io.ReadFull(v.r, start[:]); err != nil {
		if err == io.EOF {
			return err
		}
		return cutShort(err, fmt.Sprintf("the vecs input ends within the length of row %d (from 0)", v.row))
	}
	cols := int32(binary.LittleEndian.Uint32(start[:]))
	switch {
	case v.begun && int(cols) != v.cols:
		return failure(ErrFormat, "row %d (from 0) of the vecs input claims length %d, the rows before have %d; all rows must be equally long: write the file anew, or check that its element type is %s", v.row, cols, v.cols, v.elem)
	case cols == 0:
		return failure(ErrShape, "the rows of the vecs input have length 0; at least one column was expected")
	case cols < 0 || cols > mostVecsColumns:
		return failure(ErrFormat, "the vecs input claims rows of length %d; 1 to %d were expected: it is no vecs file, or is not little-endian", cols, mostVecsColumns)
	}
	v.begun, v.cols, v.left = true, int(cols), int(cols)
	return nil
}
