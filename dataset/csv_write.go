package dataset

import (
	"bufio"
	"encoding/csv"
	"io"
	"strconv"
	"unicode/utf8"

	"gorgonia.org/tensor"
)

// WriteCSV writes x (N×D, float32 or float64, any layout) as comma-separated
// text, one row a line, in the shortest digits that read back to the same
// number. header has D column names, or is nil for none; a header of nothing
// but numbers has to be read back with [HeaderPresent].
//
// Errors wrap [ErrShape] or [ErrDtype] for x, [ErrConfig] for header, and the
// error of w.
func WriteCSV(w io.Writer, x *tensor.Dense, header []string) error {
	return writeCSV(w, x, header, ',')
}

func writeCSV(w io.Writer, x *tensor.Dense, header []string, comma rune) error {
	m, err := matrixOf(x)
	if err != nil {
		return err
	}
	if w == nil {
		return failure(ErrConfig, "the writer is nil")
	}
	if header != nil && len(header) != m.cols {
		return failure(ErrConfig, "the header has %d names for %d columns; give one each, or nil", len(header), m.cols)
	}
	out := bufio.NewWriterSize(w, 1<<16)
	if header != nil {
		names := csv.NewWriter(out)
		names.Comma = comma
		if err := names.Write(header); err != nil {
			return streamError("writing", err)
		}
		names.Flush()
	}
	if m.f32 != nil {
		err = writeCells(out, m, m.f32, comma)
	} else {
		err = writeCells(out, m, m.f64, comma)
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return streamError("writing", err)
	}
	return nil
}

func writeCells[T float](out *bufio.Writer, m matrix, data []T, comma rune) error {
	bits := floatBits[T]()
	row := make([]T, m.cols)
	var line []byte
	for i := range m.rows {
		gather(m, data, row, i)
		line = line[:0]
		for j, v := range row {
			if j > 0 {
				line = utf8.AppendRune(line, comma)
			}
			line = strconv.AppendFloat(line, float64(v), 'g', -1, bits)
		}
		if _, err := out.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return nil
}
