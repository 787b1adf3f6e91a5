package dataset

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gorgonia.org/tensor"
)

// FileOptions says how [ReadFile] reads; the zero value suits most files.
type FileOptions struct {
	// Dtype is tensor.Float32 or tensor.Float64. The zero value keeps float32
	// and float64 of an NPY file and means Float64 for everything else.
	Dtype tensor.Dtype
	// Header says whether a CSV or TSV file has column names.
	Header HeaderMode
	// Comma separates the cells; 0 means ',' in .csv and a tab in .tsv.
	Comma rune
}

// format is a file format by its ending.
type format string

const (
	formatCSV format = ".csv"
	formatTSV format = ".tsv"
	formatNPY format = ".npy"
)

// formatOf chooses by the ending of the name, whatever its case.
func formatOf(path string) (format, error) {
	switch f := format(strings.ToLower(filepath.Ext(path))); f {
	case formatCSV, formatTSV, formatNPY:
		return f, nil
	case "":
		return "", failure(ErrUnknownFormat, "the file name %q has no ending; .csv, .tsv or .npy was expected", path)
	default:
		return "", failure(ErrUnknownFormat, "the file name %q ends in %s; .csv, .tsv or .npy was expected", path, string(f))
	}
}

// ReadFile reads an N×D matrix from the file at path, by its ending .csv, .tsv
// (as [ReadCSV] does) or .npy (as [ReadNPY] does; the table has no header
// then). The error names the path and wraps [ErrUnknownFormat], [ErrNotFile],
// the error of the file system (fs.ErrNotExist, fs.ErrPermission, …), or what
// the reader of the format says.
func ReadFile(path string, o FileOptions) (*Table, error) {
	var t *Table
	err := readFrom(path, func(f *os.File, kind format) (err error) {
		if kind == formatNPY {
			t = &Table{}
			t.X, err = ReadNPY(f, NPYOptions{Dtype: o.Dtype})
			return err
		}
		comma := o.Comma
		if comma == 0 && kind == formatTSV {
			comma = '\t'
		}
		t, err = ReadCSV(f, CSVOptions{Comma: comma, Header: o.Header, Dtype: o.Dtype})
		return err
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

// ReadLabelsFile reads labels from the file at path, by its ending .csv, .tsv
// (as [ReadLabelsCSV] does) or .npy (as [ReadLabelsNPY] does). Errors are as
// those of [ReadFile].
func ReadLabelsFile(path string) ([]int32, error) {
	var labels []int32
	err := readFrom(path, func(f *os.File, kind format) (err error) {
		if kind == formatNPY {
			labels, err = ReadLabelsNPY(f)
		} else {
			labels, err = ReadLabelsCSV(f)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return labels, nil
}

// readFrom opens path for read and names it in every error.
func readFrom(path string, read func(*os.File, format) error) error {
	kind, err := formatOf(path)
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
	if err := read(f, kind); err != nil {
		return fmt.Errorf("%q: %w", path, err)
	}
	return nil
}

// WriteFile writes x (N×D, float32 or float64, any layout) to path, by its
// ending: .csv and .tsv as [WriteCSV] does, without a header, .npy as
// [WriteNPY] does. It is written atomically, see [WriteAtomic]. Errors wrap
// [ErrUnknownFormat], [ErrShape], [ErrDtype], or what WriteAtomic says.
func WriteFile(path string, x *tensor.Dense) error {
	return writeTo(path, func(w io.Writer, kind format) error {
		switch kind {
		case formatNPY:
			return WriteNPY(w, x)
		case formatTSV:
			return writeCSV(w, x, nil, '\t')
		}
		return WriteCSV(w, x, nil)
	})
}

// WriteLabelsFile writes labels to path, by its ending: .csv and .tsv as
// [WriteLabelsCSV] does, .npy as [WriteLabelsNPY] does. It is written
// atomically, and errors are as those of [WriteFile].
func WriteLabelsFile(path string, labels []int32) error {
	return writeTo(path, func(w io.Writer, kind format) error {
		if kind == formatNPY {
			return WriteLabelsNPY(w, labels)
		}
		return WriteLabelsCSV(w, labels)
	})
}

func writeTo(path string, write func(io.Writer, format) error) error {
	kind, err := formatOf(path)
	if err != nil {
		return err
	}
	return WriteAtomic(path, func(w io.Writer) error { return write(w, kind) })
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
