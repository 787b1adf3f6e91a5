package dataset

import (
	"errors"
	"io"
	"iter"
	"strings"

	"gorgonia.org/tensor"
)

// Read reads an N×D matrix from a stream, in the format that its first bytes
// tell: one of [Formats] that has a mark of its own, else CSV. gzip and zstd
// around it are taken off.
//
// NPY and CSV are read as they come; the other formats are held in memory as a
// whole unless r is a file. For the formats without a mark, such as those of
// [ReadVecs] and [ReadBin], call their own function, or [ReadFile]. Errors are
// those of the readers of the formats.
func Read(r io.Reader, o FileOptions) (*Table, error) {
	dt, err := checkDtype(o.Dtype, tensor.Dtype{})
	if err != nil {
		return nil, err
	}
	var t *Table
	err = readMarked(r, func(r io.Reader, f Format) error {
		in, err := f.input(r, o)
		if err != nil {
			return err
		}
		t, err = in.table(dt)
		return err
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

// ReadBlocks gives the rows of a stream as they come, once, in blocks of the given
// number of rows, 0 for blocks of about 4 MiB; the last one may have fewer. A block is
// valid until the next step. The stream is what [Read] takes. An error ends the iteration
// and comes with a nil block.
func ReadBlocks(r io.Reader, o FileOptions, rows int) iter.Seq2[*tensor.Dense, error] {
	return func(yield func(*tensor.Dense, error) bool) {
		dt, err := checkDtype(o.Dtype, tensor.Dtype{})
		if err == nil {
			err = checkBlock(rows)
		}
		if err == nil {
			err = readMarked(r, func(r io.Reader, f Format) error {
				in, err := f.input(r, o)
				if err != nil {
					return err
				}
				if dt.Type == nil {
					dt = in.dtype
				}
				return in.give(dt, rows, yield)
			})
		}
		if err != nil && !errors.Is(err, errEnough) {
			yield(nil, err)
		}
	}
}

// readMarked calls read with the unpacked r and the format whose mark it starts with.
func readMarked(r io.Reader, read func(io.Reader, Format) error) error {
	if r == nil {
		return failure(ErrConfig, "the reader is nil")
	}
	start, r, err := peek(r, 8)
	if err != nil {
		return streamError("reading", err)
	}
	pack := packingOf(start)
	if pack == unpacked {
		return read(r, marked(start))
	}
	in, done, err := pack.reader(r)
	if err != nil {
		return err
	}
	defer done()
	start, inside, err := peek(in, 8)
	if err != nil {
		return streamError("reading", err)
	}
	if err := read(inside, marked(start)); err != nil {
		return err
	}
	return drained(inside)
}

// marked returns the format whose mark start has.
func marked(start []byte) Format {
	all := Formats()
	format := all[0]
	for _, f := range all {
		if f.magic != "" && strings.HasPrefix(string(start), f.magic) {
			format = f
		}
	}
	return format
}
