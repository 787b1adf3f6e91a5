package dataset

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"

	"gorgonia.org/tensor"
)

// NPZOptions says how [ReadNPZ] reads.
type NPZOptions struct {
	// Name of the array; empty if the archive has only one matrix.
	Name string
	// Dtype is as for [NPYOptions].
	Dtype tensor.Dtype
}

// ReadNPZ reads one N×D matrix of an archive that numpy.savez or
// numpy.savez_compressed wrote, size bytes long.
//
// Errors wrap [ErrFormat] for content that is no such archive or is damaged,
// [ErrConfig] if there is no array of that name, or no name and not exactly one
// matrix; the error lists the arrays. Else they are those of [ReadNPY].
func ReadNPZ(r io.ReaderAt, size int64, o NPZOptions) (*tensor.Dense, error) {
	dt, err := checkDtype(o.Dtype, tensor.Dtype{})
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, failure(ErrConfig, "the reader is nil")
	}
	in, err := openNPZ(r, size, o.Name, false)
	if err != nil {
		return nil, err
	}
	t, err := in.table(dt)
	if err != nil {
		return nil, err
	}
	return t.X, nil
}

// openNPZ reads up to the first element of the array; lists count as matrices of one
// column if column is set.
func openNPZ(r io.ReaderAt, size int64, name string, column bool) (*input, error) {
	below := &watched{at: r}
	archive, err := zip.NewReader(below, size)
	if err != nil {
		return nil, zipFailed(below, err)
	}
	var found []*zip.File
	var all []string
	for _, f := range archive.File {
		array, isArray := strings.CutSuffix(f.Name, ".npy")
		if !isArray {
			continue
		}
		entry, err := openEntry(below, f)
		if err != nil {
			return nil, err
		}
		h, err := readNPYHeader(entry)
		if below.err != nil {
			return nil, streamError("reading", below.err)
		}
		what := "unreadable"
		if err == nil {
			what = shapeText(h.shape)
		}
		all = append(all, fmt.Sprintf("%s %s", shorten(array), what))
		if array == name || (name == "" && err == nil && (len(h.shape) == 2 || (column && len(h.shape) == 1))) {
			found = append(found, f)
		}
	}
	list := "no arrays"
	if len(all) > 0 {
		list = "the arrays " + strings.Join(all[:min(len(all), 20)], ", ")
	}
	switch {
	case name == "" && len(found) != 1:
		return nil, failure(ErrConfig, "the NPZ archive has %s; name the one to read, or keep one N×D matrix in it", list)
	case len(found) == 0:
		return nil, failure(ErrConfig, "the NPZ archive has no array %s; it has %s", shorten(name), list)
	}
	return openNPZEntry(below, found[0], size, column)
}

func openNPZEntry(below *watched, f *zip.File, size int64, column bool) (*input, error) {
	entry, err := openEntry(below, f)
	if err != nil {
		return nil, err
	}
	in, err := openNPY(entry, column)
	if err != nil {
		return nil, err
	}
	// What is not compressed cannot claim more than the archive has.
	a := in.elements.(*arrayReader)
	in.sure = f.Method == zip.Store && f.CompressedSize64 <= uint64(size) && uint64(a.h.bytes()) <= f.CompressedSize64
	in.end = func() error { // where the checksum is verified
		n, err := io.ReadFull(entry, make([]byte, 1))
		switch {
		case n > 0:
			return failure(ErrFormat, "the NPZ archive has more in %s than its array; write it anew with numpy.savez", shorten(f.Name))
		case err != io.EOF:
			return streamError("reading", err)
		}
		return nil
	}
	return in, nil
}

// openEntry unpacks one file of the archive.
func openEntry(below *watched, f *zip.File) (io.Reader, error) {
	entry, err := f.Open()
	if err != nil {
		return nil, zipFailed(below, err)
	}
	return &unpacker{packing: ".zip", r: entry, below: below}, nil
}

func zipFailed(below *watched, err error) error {
	return (&unpacker{packing: ".zip", below: below}).failed(err)
}
