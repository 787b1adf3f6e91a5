package dataset

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"

	"gorgonia.org/tensor"
)

// WriteVecs writes x (N×D, float32 or float64, any layout) in the format that
// [ReadVecs] reads, with numbers of type e. float64 numbers are rounded to
// Float32; for the other types they must be whole.
//
// Errors wrap [ErrShape] or [ErrDtype] for x, [ErrDtype] also for a number that
// e cannot hold, [ErrConfig] for e, and the error of w.
func WriteVecs(w io.Writer, x *tensor.Dense, e Element) error {
	return writeMatrix(w, x, nil, func(w io.Writer, h heading) (output, error) { return beginVecs(w, h, e) })
}

func beginVecs(w io.Writer, h heading, e Element) (output, error) {
	out, err := beginVectors(w, h, e)
	if err != nil {
		return nil, err
	}
	out.before = binary.LittleEndian.AppendUint32(nil, uint32(h.cols))
	return out, nil
}

// WriteBin writes x (N×D, float32 or float64, any layout) in the format that
// [ReadBin] reads. The rest is as for [WriteVecs].
func WriteBin(w io.Writer, x *tensor.Dense, e Element) error {
	return writeMatrix(w, x, nil, func(w io.Writer, h heading) (output, error) { return beginBin(w, h, e) })
}

// beginBin writes N and D.
func beginBin(w io.Writer, h heading, e Element) (output, error) {
	out, err := beginVectors(w, h, e)
	if err != nil {
		return nil, err
	}
	if uint64(h.rows) > math.MaxUint32 {
		return nil, h.tooLarge()
	}
	start := binary.LittleEndian.AppendUint32(nil, uint32(h.rows))
	if _, err := out.w.Write(binary.LittleEndian.AppendUint32(start, uint32(h.cols))); err != nil {
		return nil, streamError("writing", err)
	}
	return out, nil
}

func beginVectors(w io.Writer, h heading, e Element) (*vectorOutput, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	if h.cols > math.MaxInt32 {
		return nil, h.tooLarge()
	}
	return &vectorOutput{w: bufio.NewWriterSize(w, 1<<16), elem: e}, nil
}

func (h heading) tooLarge() error {
	return failure(ErrShape, "the tensor has shape (%d, %d), which is more than 32-bit counts can say; write .npy", h.rows, h.cols)
}

// vectorOutput writes rows of numbers of type elem.
type vectorOutput struct {
	w      *bufio.Writer
	elem   Element
	before []byte // comes before each row
	rows   int    // written
}

func (v *vectorOutput) block(m matrix) error {
	if m.f32 != nil {
		return writeVectorRows(v, m, m.f32)
	}
	return writeVectorRows(v, m, m.f64)
}

func (v *vectorOutput) end() error {
	if err := v.w.Flush(); err != nil {
		return streamError("writing", err)
	}
	return nil
}

func writeVectorRows[T float](v *vectorOutput, m matrix, data []T) error {
	row := make([]T, m.cols)
	var line []byte
	for i := range m.rows {
		gather(m, data, row, i)
		var bad int
		if line, bad = appendStored(append(line[:0], v.before...), row, v.elem); bad >= 0 {
			return failure(ErrDtype, "row %d, column %d (from 0) holds %g, which %s cannot hold exactly; scale or round it, or write float32 or .npy", v.rows+i, bad, float64(row[bad]), v.elem)
		}
		if _, err := v.w.Write(line); err != nil {
			return streamError("writing", err)
		}
	}
	v.rows += m.rows
	return nil
}
