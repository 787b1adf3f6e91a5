package dataset

import (
	"io"
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
	if r == nil {
		return nil, failure(ErrConfig, "the reader is nil")
	}
	start, r, err := peek(r, 8)
	if err != nil {
		return nil, streamError("reading", err)
	}
	pack := packingOf(start)
	if pack == unpacked {
		return readMarked(r, start, o, dt)
	}
	in, done, err := pack.reader(r)
	if err != nil {
		return nil, err
	}
	defer done()
	start, inside, err := peek(in, 8)
	if err != nil {
		return nil, streamError("reading", err)
	}
	t, err := readMarked(inside, start, o, dt)
	if err != nil {
		return nil, err
	}
	if err := drained(inside); err != nil {
		return nil, err
	}
	return t, nil
}

// readMarked reads the format whose mark r starts with.
func readMarked(r io.Reader, start []byte, o FileOptions, dt tensor.Dtype) (*Table, error) {
	all := Formats()
	format := all[0]
	for _, f := range all {
		if f.magic != "" && strings.HasPrefix(string(start), f.magic) {
			format = f
		}
	}
	in, err := format.input(r, o)
	if err != nil {
		return nil, err
	}
	return in.table(dt)
}
