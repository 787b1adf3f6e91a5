package dataset

import (
	"io"

	"gorgonia.org/tensor"
)

// heading is what a file says before its rows.
type heading struct {
	rows, cols int
	single     bool     // float32, else float64
	header     []string // cols column names, or nil
}

// checkNames demands a name for each column, or none at all.
func (h heading) checkNames() error {
	if h.header != nil && len(h.header) != h.cols {
		return failure(ErrConfig, "the header has %d names for %d columns; give one each, or nil", len(h.header), h.cols)
	}
	return nil
}

// output is a file whose beginning has been written: rows follow, block by block.
type output interface {
	block(m matrix) error
	end() error
}

// writeMatrix writes x in the format of begin, as one block.
func writeMatrix(w io.Writer, x *tensor.Dense, header []string, begin func(io.Writer, heading) (output, error)) error {
	m, err := matrixOf(x)
	if err != nil {
		return err
	}
	if w == nil {
		return failure(ErrConfig, "the writer is nil")
	}
	out, err := begin(w, heading{m.rows, m.cols, m.f32 != nil, header})
	if err != nil {
		return err
	}
	if err := out.block(m); err != nil {
		return err
	}
	return out.end()
}

// WriteFile writes the rows to path as [WriteFile] does, and column names, if there
// are any, to text and Parquet.
func (t *Table) WriteFile(path string) error {
	return writeTo(path, func(w io.Writer, f Format) error { return writeMatrix(w, t.X, t.Header, f.begin) })
}

// WriteFile writes the rows to path, in the format of its ending, as [WriteFile]
// does, but block by block, and column names, if there are any, to text and
// Parquet. Where a format has to know the number of rows at the beginning
// (NumPy's and .fbin and its like) and the source does not, they are counted
// first, by reading everything twice.
//
// before, unless it is nil, is called before each block with the number of rows
// that are written; its error ends the writing, and comes back.
//
// It returns the number of rows. Errors are those of [WriteFile] and [Source.Blocks].
func (s *Source) WriteFile(path string, before func(rows int) error) (rows int, err error) {
	if before == nil {
		before = func(int) error { return nil }
	}
	err = writeTo(path, func(w io.Writer, f Format) error {
		rows = s.rows
		if rows < 0 && f.counted {
			var err error
			if rows, err = s.count(func() error { return before(0) }); err != nil {
				return err
			}
		}
		out, err := f.begin(w, heading{rows, s.cols, s.dtype == tensor.Float32, s.header})
		if err != nil {
			return err
		}
		written := 0
		for block, err := range s.Blocks(0) {
			if err != nil {
				return err
			}
			if err := before(written); err != nil {
				return err
			}
			m, err := matrixOf(block)
			if err != nil {
				return err
			}
			if err := out.block(m); err != nil {
				return err
			}
			written += m.rows
		}
		if rows >= 0 && written != rows {
			return failure(ErrFormat, "%q had %s when they were counted, and now %d; it changes while it is read", s.path, countOf(int64(rows), "row"), written)
		}
		rows = written
		return out.end()
	})
	if err != nil {
		return 0, err
	}
	return rows, nil
}

// count reads all rows to know how many there are.
func (s *Source) count(before func() error) (int, error) {
	rows := 0
	for block, err := range s.Blocks(0) {
		if err != nil {
			return 0, err
		}
		if err := before(); err != nil {
			return 0, err
		}
		rows += block.Shape()[0]
	}
	return rows, nil
}
