package dataset

import (
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// packing is a compression around a whole file, by the ending of its name.
type packing string

const (
	unpacked    packing = ""
	packingGzip packing = ".gz"
	packingZstd packing = ".zst"
)

// mostZstdWindow bounds the memory for unpacking; zstd itself writes larger
// windows only on demand (--long=28 and more).
const mostZstdWindow = 128 << 20

// packingOf tells by the first bytes.
func packingOf(start []byte) packing {
	switch {
	case bytes.HasPrefix(start, []byte("\x1f\x8b\x08")):
		return packingGzip
	case bytes.HasPrefix(start, []byte("\x28\xb5\x2f\xfd")):
		return packingZstd
	}
	return unpacked
}

// reader unpacks r, whose first bytes are of this packing. done frees what it
// holds.
func (p packing) reader(r io.Reader) (in io.Reader, done func(), err error) {
	below := &watched{r: r}
	u := &unpacker{packing: p, below: below}
	switch p {
	case packingGzip:
		z, err := gzip.NewReader(below)
		if err != nil {
			return nil, nil, u.failed(err)
		}
		u.r, done = z, func() { z.Close() }
	case packingZstd:
		z, err := zstd.NewReader(below, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(mostZstdWindow))
		if err != nil {
			return nil, nil, u.failed(err)
		}
		u.r, done = z, z.Close
	default:
		return r, func() {}, nil
	}
	return u, done, nil
}

// writer packs what write writes into w.
func (p packing) writer(w io.Writer, write func(io.Writer) error) error {
	var z io.WriteCloser
	switch p {
	case packingGzip:
		z = gzip.NewWriter(w)
	case packingZstd:
		var err error
		if z, err = zstd.NewWriter(w, zstd.WithEncoderConcurrency(1)); err != nil {
			return streamError("writing", err)
		}
	default:
		return write(w)
	}
	if err := write(z); err != nil {
		z.Close()
		return err
	}
	if err := z.Close(); err != nil {
		return streamError("writing", err)
	}
	return nil
}

// watched keeps the error of the reader underneath, so that it can be told from
// an error of the data that was read.
type watched struct {
	r   io.Reader
	at  io.ReaderAt
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	return n, w.saw(err)
}

func (w *watched) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 { // comes of false data, and is no fault of the reader
		return 0, errors.New("a place before the beginning")
	}
	n, err := w.at.ReadAt(p, off)
	return n, w.saw(err)
}

func (w *watched) saw(err error) error {
	if err != nil && err != io.EOF {
		w.err = err
	}
	return err
}

// unpacker puts errors of the packed data in our words.
type unpacker struct {
	packing packing
	r       io.Reader
	below   *watched
}

func (u *unpacker) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	if err != nil && err != io.EOF {
		err = u.failed(err)
	}
	return n, err
}

func (u *unpacker) failed(err error) error {
	if u.below.err != nil {
		return streamError("reading", u.below.err)
	}
	what := "broken"
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		what = "cut short"
	}
	return failure(ErrFormat, "the %s data is %s (%v); copy or pack the file anew", u.packing[1:], what, err)
}

// drained reads r to its end, where the checksum of packed data is verified.
func drained(r io.Reader) error {
	if _, err := io.Copy(io.Discard, r); err != nil {
		return streamError("reading", err)
	}
	return nil
}
