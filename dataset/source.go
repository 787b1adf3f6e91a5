package dataset

import (
	"errors"
	"io"
	"iter"
	"os"

	"gorgonia.org/tensor"
)

// usualBlock is the size in bytes of the blocks that nobody chose.
const usualBlock = 4 << 20

// Source is a file whose rows are read block by block, as often as wanted. It
// keeps nothing open, and can be used by several goroutines at once.
type Source struct {
	path    string
	options FileOptions
	rows    int
	cols    int
	dtype   tensor.Dtype
	header  []string
}

// Open looks at the beginning of the file at path, in any of [Formats], and
// prepares to read its rows block by block. Errors are those of [ReadFile] as
// far as the beginning shows them; [ErrNotFile] also for a pipe or a device,
// which cannot be read twice.
func Open(path string, o FileOptions) (*Source, error) {
	dt, err := checkDtype(o.Dtype, tensor.Dtype{})
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(path); err == nil { // if not, reading will tell
		if err := regular(path, info.Mode()); err != nil {
			return nil, err
		}
	}
	s := &Source{path: path, options: o}
	err = readFrom(path, func(r io.Reader, f Format) error {
		in, err := f.input(r, o)
		if err != nil {
			return err
		}
		s.rows, s.cols, s.dtype, s.header = in.rows, in.cols, in.dtype, in.header
		return errEnough
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	if dt.Type != nil {
		s.dtype = dt
	}
	return s, nil
}

// Rows is the number of rows N, or -1 if only reading to the end tells it: for
// text, and for vectors of [ReadVecs] that are compressed.
func (s *Source) Rows() int { return s.rows }

// Columns is the number of columns D.
func (s *Source) Columns() int { return s.cols }

// Dtype is the dtype of the blocks, tensor.Float32 or tensor.Float64.
func (s *Source) Dtype() tensor.Dtype { return s.dtype }

// Header has the column names, or is nil. It is not to be changed.
func (s *Source) Header() []string { return s.header }

// Blocks gives the rows in their order, in blocks of the given number of rows;
// the last one may have fewer. 0 rows means blocks of about 4 MiB. Each
// iteration begins with the first row.
//
// A block is valid until the next step: its memory is used again then. An error
// ends the iteration and comes with a nil block; what was given before it is as
// it should be, but the checksum of a compressed file is known only at its end.
//
// The whole matrix is never in memory, with two exceptions: images, and
// column-major NPY that is compressed or comes out of an NPZ archive.
func (s *Source) Blocks(rows int) iter.Seq2[*tensor.Dense, error] {
	return func(yield func(*tensor.Dense, error) bool) {
		if rows < 0 {
			yield(nil, failure(ErrConfig, "blocks of %d rows were asked for; at least 1 was expected, or 0 for the usual", rows))
			return
		}
		err := readFrom(s.path, func(r io.Reader, f Format) error {
			in, err := f.input(r, s.options)
			if err != nil {
				return err
			}
			if in.rows != s.rows || in.cols != s.cols {
				return failure(ErrFormat, "the file has shape (%d, %d) now and had (%d, %d) when it was opened; open it anew", in.rows, in.cols, s.rows, s.cols)
			}
			if s.dtype == tensor.Float32 {
				return giveBlocks[float32](in, rows, yield)
			}
			return giveBlocks[float64](in, rows, yield)
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(nil, err)
		}
	}
}

// errEnough stops reading without a fault.
var errEnough = errors.New("dataset: enough was read")

// giveBlocks reads all rows and gives them to yield.
func giveBlocks[T float](in *input, rows int, yield func(*tensor.Dense, error) bool) error {
	if rows == 0 {
		rows = max(1, usualBlock*8/floatBits[T]()/in.cols)
	}
	rows = min(rows, mostElements/in.cols)
	if in.columnMajor {
		if err := rowByRow[T](in); err != nil {
			return err
		}
	}
	var buffer []T
	for given := 0; in.rows < 0 || given < in.rows; {
		n := rows
		if in.rows >= 0 {
			n = min(n, in.rows-given)
		}
		data, err := collect(buffer, n*in.cols, in.sure, func(dst []T) (int, error) { return readElements(in.elements, dst) })
		if err != nil {
			return err
		}
		if len(data) == 0 {
			break
		}
		got := len(data) / in.cols
		if !yield(denseOf(got, in.cols, data), nil) {
			return errEnough
		}
		buffer = data
		given += got
	}
	if in.end != nil {
		return in.end()
	}
	return nil
}
