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
	return writeVectors(w, x, e, nil, func(m matrix) []byte {
		return binary.LittleEndian.AppendUint32(nil, uint32(m.cols))
	})
}

// WriteBin writes x (N×D, float32 or float64, any layout) in the format that
// [ReadBin] reads. The rest is as for [WriteVecs].
func WriteBin(w io.Writer, x *tensor.Dense, e Element) error {
	return writeVectors(w, x, e, func(m matrix) []byte {
		start := binary.LittleEndian.AppendUint32(nil, uint32(m.rows))
		return binary.LittleEndian.AppendUint32(start, uint32(m.cols))
	}, nil)
}

// writeVectors writes one text before everything and one before each row.
func writeVectors(w io.Writer, x *tensor.Dense, e Element, start, rowStart func(matrix) []byte) error {
	m, err := matrixOf(x)
	if err != nil {
		return err
	}
	if err := e.check(); err != nil {
		return err
	}
	if w == nil {
		return failure(ErrConfig, "the writer is nil")
	}
	if m.cols > math.MaxInt32 || (start != nil && uint64(m.rows) > math.MaxUint32) {
		return failure(ErrShape, "the tensor has shape (%d, %d), which is more than 32-bit counts can say; write .npy", m.rows, m.cols)
	}
	out := bufio.NewWriterSize(w, 1<<16)
	var before []byte
	if start != nil {
		if _, err := out.Write(start(m)); err != nil {
			return streamError("writing", err)
		}
	}
	if rowStart != nil {
		before = rowStart(m)
	}
	if m.f32 != nil {
		err = writeVectorRows(out, m, m.f32, e, before)
	} else {
		err = writeVectorRows(out, m, m.f64, e, before)
	}
	if err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return streamError("writing", err)
	}
	return nil
}

func writeVectorRows[T float](out *bufio.Writer, m matrix, data []T, e Element, before []byte) error {
	row := make([]T, m.cols)
	var line []byte
	for i := range m.rows {
		gather(m, data, row, i)
		var bad int
		if line, bad = appendStored(append(line[:0], before...), row, e); bad >= 0 {
			return failure(ErrDtype, "row %d, column %d (from 0) holds %g, which %s cannot hold exactly; scale or round it, or write float32 or .npy", i, bad, float64(row[bad]), e)
		}
		if _, err := out.Write(line); err != nil {
			return streamError("writing", err)
		}
	}
	return nil
}
