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
	return writeMatrix(w, x, header, func(w io.Writer, h heading) (output, error) { return beginCSV(w, h, comma) })
}

// beginCSV writes the header.
func beginCSV(w io.Writer, h heading, comma rune) (output, error) {
	if err := h.checkNames(); err != nil {
		return nil, err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	if h.header != nil {
		names := csv.NewWriter(out)
		names.Comma = comma
		if err := names.Write(h.header); err != nil {
			return nil, streamError("writing", err)
		}
		names.Flush()
	}
	return &csvOutput{out, comma}, nil
}

type csvOutput struct {
	out   *bufio.Writer
	comma rune
}

func (c *csvOutput) block(m matrix) error {
	var err error
	if m.f32 != nil {
		err = writeCells(c.out, m, m.f32, c.comma)
	} else {
		err = writeCells(c.out, m, m.f64, c.comma)
	}
	if err != nil {
		return streamError("writing", err)
	}
	return nil
}

func (c *csvOutput) end() error {
	if err := c.out.Flush(); err != nil {
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
