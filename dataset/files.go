package dataset

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"gorgonia.org/tensor"
)

// FileOptions says how [ReadFile], [Read] and [Open] read; the zero value suits
// most files.
type FileOptions struct {
	// Dtype is tensor.Float32 or tensor.Float64. The zero value means the
	// narrower of the two that holds every number of the type that the file
	// has, and Float64 for text.
	Dtype tensor.Dtype
	// Header says whether a CSV or TSV file has column names.
	Header HeaderMode
	// Comma separates the cells; 0 means ',' in .csv and a tab in .tsv.
	Comma rune
	// Array names the one to read of an NPZ archive; empty if it has only one
	// matrix.
	Array string
	// Columns names the ones to read of a text with a header or of a Parquet
	// file, in this order; empty means all.
	Columns []string

	column bool // a list of N numbers is a column
}

// ReadFile reads an N×D matrix from the file at path, in the format of its
// ending, see [Formats]; .gz or .zst may follow the ending where Packs says so,
// and compressed text and NPY are also recognised without it.
//
// The error names the path and wraps [ErrUnknownFormat], [ErrNotFile], the
// error of the file system (fs.ErrNotExist, fs.ErrPermission, …), or what the
// reader of the format says.
func ReadFile(path string, o FileOptions) (*Table, error) {
	dt, err := checkDtype(o.Dtype, tensor.Dtype{})
	if err != nil {
		return nil, err
	}
	var t *Table
	err = readFrom(path, func(r io.Reader, f Format) error {
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

// ReadLabelsFile reads labels from the file at path, by its ending .csv, .tsv
// (as [ReadLabelsCSV] does) or .npy (as [ReadLabelsNPY] does); .gz or .zst may
// follow. Errors are as those of [ReadFile].
func ReadLabelsFile(path string) ([]int32, error) {
	if err := holdsLabels(path); err != nil {
		return nil, err
	}
	var labels []int32
	err := readFrom(path, func(r io.Reader, f Format) (err error) {
		labels, err = f.readLabels(r)
		return err
	})
	if err != nil {
		return nil, err
	}
	return labels, nil
}

// readFrom opens path for read and names it in every error.
func readFrom(path string, read func(io.Reader, Format) error) error {
	format, pack, err := formatOf(path)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("dataset: the file to read cannot be opened: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("dataset: the file to read cannot be looked at: %w", err)
	}
	if info.IsDir() { // pipes and the like may be read
		return regular(path, info.Mode())
	}
	if err := readPacked(f, format, pack, read); err != nil {
		return fmt.Errorf("%q: %w", path, err)
	}
	return nil
}

// readPacked unpacks f for read as far as the ending or the first bytes tell.
func readPacked(f *os.File, format Format, pack packing, read func(io.Reader, Format) error) error {
	var r io.Reader = f
	if pack == unpacked && format.sniffs() {
		start, source, err := peek(f, 4)
		if err != nil {
			return streamError("reading", err)
		}
		r, pack = source, packingOf(start)
	}
	if pack == unpacked {
		return read(r, format)
	}
	in, done, err := pack.reader(r)
	if err != nil {
		return err
	}
	defer done()
	if err := read(in, format); err != nil {
		return err
	}
	return drained(in)
}

// sniffs: can packed files of this format be told by their first bytes? Those
// of the vector formats begin with a number, which can be anything.
func (f Format) sniffs() bool { return f.Labels }

// peek returns up to n bytes that r will give, and the reader to use from then
// on: r itself if it is a regular file, so that its length stays known.
func peek(r io.Reader, n int) ([]byte, io.Reader, error) {
	if f, ok := r.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			at, err := f.Seek(0, io.SeekCurrent)
			if err != nil {
				return nil, nil, err
			}
			start := make([]byte, n)
			n, err := f.ReadAt(start, at)
			if err != nil && err != io.EOF {
				return nil, nil, err
			}
			return start[:n], f, nil
		}
	}
	b := bufio.NewReaderSize(r, 1<<16)
	start, _ := b.Peek(n) // an error comes again with the next read
	return slices.Clone(start), b, nil
}

// WriteFile writes x (N×D, float32 or float64, any layout) to path, in the
// format of its ending, see [Formats], compressed if .gz or .zst follows; text
// without a header. It is written atomically, see [WriteAtomic]. Errors wrap
// [ErrUnknownFormat], [ErrShape], [ErrDtype], or what WriteAtomic says.
func WriteFile(path string, x *tensor.Dense) error {
	return writeTo(path, func(w io.Writer, f Format) error { return writeMatrix(w, x, nil, f.begin) })
}

// writeTo writes the file at path by write, in the format of its ending.
func writeTo(path string, write func(io.Writer, Format) error) error {
	format, pack, err := formatOf(path)
	if err != nil {
		return err
	}
	if format.begin == nil {
		return failure(ErrUnknownFormat, "the file name %q ends in %s, which a matrix alone does not make (for an image, WritePNG takes its width); %s was expected", path, format.Ending, endings(kept(func(f Format) bool { return f.Writes })))
	}
	return WriteAtomic(path, func(w io.Writer) error {
		return pack.writer(w, func(w io.Writer) error { return write(w, format) })
	})
}

// WriteLabelsFile writes labels to path, by its ending: .csv and .tsv as
// [WriteLabelsCSV] does, .npy as [WriteLabelsNPY] does, compressed if .gz or
// .zst follows. It is written atomically, and errors are as those of
// [WriteFile].
func WriteLabelsFile(path string, labels []int32) error {
	if err := holdsLabels(path); err != nil {
		return err
	}
	format, pack, err := formatOf(path)
	if err != nil {
		return err
	}
	return WriteAtomic(path, func(w io.Writer) error {
		return pack.writer(w, func(w io.Writer) error { return format.writeLabels(w, labels) })
	})
}

// holdsLabels refuses a name whose format has no labels.
func holdsLabels(path string) error {
	f, err := FormatOf(path)
	if err == nil && !f.Labels {
		err = failure(ErrUnknownFormat, "the file name %q ends in %s, which has no labels; %s was expected", path, f.Ending, endings(kept(func(f Format) bool { return f.Labels })))
	}
	return err
}

// kept are the formats for which keep is true.
func kept(keep func(Format) bool) []Format {
	return slices.DeleteFunc(Formats(), func(f Format) bool { return !keep(f) })
}

// regular refuses everything that exists and is not a regular file.
func regular(path string, mode fs.FileMode) error {
	switch {
	case mode.IsRegular():
		return nil
	case mode.IsDir():
		return failure(ErrNotFile, "%q is a folder; name a file in it", path)
	}
	return failure(ErrNotFile, "%q is not a regular file (mode %v); name another file", path, mode)
}
