package dataset

import (
	"encoding/binary"
	"io"

	"gorgonia.org/tensor"
)

// ReadBin reads an N×D matrix in the layout of the big-ann-benchmarks (.fbin,
// .u8bin, .i8bin): N and D as uint32, then the N·D numbers row by row, all
// little-endian.
//
// Errors wrap [ErrFormat] for input that ends early or goes on after the last
// number, [ErrShape] for no rows or columns or too many of them, [ErrConfig] or
// [ErrDtype] for o, and the error of r.
func ReadBin(r io.Reader, o VectorOptions) (*tensor.Dense, error) {
	dt, err := o.check()
	if err != nil {
		return nil, err
	}
	in, err := openBin(r, o.Element)
	if err != nil {
		return nil, err
	}
	t, err := in.table(dt)
	if err != nil {
		return nil, err
	}
	return t.X, nil
}

// openBin reads N and D.
func openBin(r io.Reader, e Element) (*input, error) {
	h, err := readBinHeader(r, e)
	if err != nil {
		return nil, err
	}
	if left, known := bytesLeft(r); known && left > h.bytes() {
		return nil, trailing(h, left-h.bytes())
	}
	in, err := openArray(r, h)
	if err != nil {
		return nil, err
	}
	in.end = func() error {
		n, err := io.ReadFull(r, make([]byte, 1))
		switch {
		case n > 0:
			return trailing(h, -1)
		case err != io.EOF:
			return streamError("reading", err)
		}
		return nil
	}
	return in, nil
}

func readBinHeader(r io.Reader, e Element) (arrayHeader, error) {
	h := arrayHeader{format: "bin", elem: e.stored()}
	if r == nil {
		return h, failure(ErrConfig, "the reader is nil")
	}
	var start [8]byte
	if n, err := io.ReadFull(r, start[:]); err != nil {
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return h, failure(ErrFormat, "the bin input ends after %d bytes; 8 bytes with the numbers of rows and columns were expected first", n)
		}
		return h, streamError("reading", err)
	}
	rows, cols := uint64(binary.LittleEndian.Uint32(start[:])), uint64(binary.LittleEndian.Uint32(start[4:]))
	if rows == 0 || cols == 0 {
		return h, failure(ErrShape, "the bin input claims shape (%d, %d); at least one row and one column were expected", rows, cols)
	}
	if rows > mostElements/cols {
		return h, failure(ErrShape, "the bin input claims shape (%d, %d); at most %d elements are read", rows, cols, mostElements)
	}
	h.shape = []int{int(rows), int(cols)}
	return h, nil
}

// trailing refuses input after the end; more is how much, -1 when nobody knows.
func trailing(h arrayHeader, more int64) error {
	amount := "more"
	if more >= 0 {
		amount = countOf(more, "more byte")
	}
	return failure(ErrFormat, "the %s input has %s after its %d×%d elements of %s; check the element type that the ending of the name stands for, or cut the file to %d bytes", h.format, amount, h.shape[0], h.shape[1], h.elem, h.bytes()+8)
}
