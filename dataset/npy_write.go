package dataset

import (
	"encoding/binary"
	"io"
	"math"

	"gorgonia.org/tensor"
)

// WriteNPY writes x (N×D, float32 or float64, any layout) in NumPy's NPY
// format, version 1.0, little-endian and row-major: the bytes that numpy.save
// writes for the same matrix.
//
// Errors wrap [ErrShape] or [ErrDtype] for x, and the error of w.
func WriteNPY(w io.Writer, x *tensor.Dense) error {
	return writeMatrix(w, x, nil, beginNPY)
}

// beginNPY writes the header.
func beginNPY(w io.Writer, h heading) (output, error) {
	descr := "<f8"
	if h.single {
		descr = "<f4"
	}
	if _, err := w.Write(npyHeaderText(descr, shapeText([]int{h.rows, h.cols}))); err != nil {
		return nil, streamError("writing", err)
	}
	return npyOutput{w}, nil
}

type npyOutput struct{ w io.Writer }

func (n npyOutput) block(m matrix) error {
	var err error
	if m.f32 != nil {
		err = writeRows(n.w, m, m.f32)
	} else {
		err = writeRows(n.w, m, m.f64)
	}
	if err != nil {
		return streamError("writing", err)
	}
	return nil
}

func (npyOutput) end() error { return nil }

// writeRows writes the elements, row by row.
func writeRows[T float](w io.Writer, m matrix, data []T) error {
	if m.colStride == 1 && m.rowStride == m.cols {
		return writeElements(w, data[:m.rows*m.cols])
	}
	// As many rows as make a chunk, at least one.
	block := make([]T, 0, m.cols*max(1, payloadChunk/8/m.cols))
	for i := range m.rows {
		at := len(block)
		block = block[:at+m.cols]
		gather(m, data, block[at:], i)
		if len(block) == cap(block) || i == m.rows-1 {
			if err := writeElements(w, block); err != nil {
				return err
			}
			block = block[:0]
		}
	}
	return nil
}

// writeElements writes s in little-endian order.
func writeElements[T float | int32](w io.Writer, s []T) error {
	if sameOrder(binary.LittleEndian) {
		_, err := w.Write(bytesOf(s))
		return err
	}
	return encodeElements(w, s)
}

// encodeElements does so element by element, for big-endian machines.
func encodeElements[T float | int32](w io.Writer, s []T) error {
	buffer := make([]byte, 0, payloadChunk)
	for i, v := range s {
		switch v := any(v).(type) {
		case float32:
			buffer = binary.LittleEndian.AppendUint32(buffer, math.Float32bits(v))
		case float64:
			buffer = binary.LittleEndian.AppendUint64(buffer, math.Float64bits(v))
		case int32:
			buffer = binary.LittleEndian.AppendUint32(buffer, uint32(v))
		}
		if len(buffer) >= payloadChunk-8 || i == len(s)-1 {
			if _, err := w.Write(buffer); err != nil {
				return err
			}
			buffer = buffer[:0]
		}
	}
	return nil
}
