package dataset

import (
	"errors"
	"fmt"
	"reflect"

	"gorgonia.org/tensor"
)

// Sentinel errors; test for them with errors.Is.
var (
	// ErrFormat: the bytes are not what the format prescribes (a ragged CSV
	// row, text where a number belongs, a truncated NPY file, …).
	ErrFormat = errors.New("malformed data")
	// ErrDtype: an element type that is not supported here, or a number that
	// the element type asked for cannot hold.
	ErrDtype = errors.New("unsupported dtype")
	// ErrShape: not a matrix with at least one row and one column, or not a
	// list of labels with at least one entry.
	ErrShape = errors.New("unsupported shape")
	// ErrConfig: an option or argument of the caller is invalid.
	ErrConfig = errors.New("invalid option")
	// ErrUnknownFormat: the ending of a file name is none of those that
	// [Formats] lists, or not one for this purpose.
	ErrUnknownFormat = errors.New("unknown file format")
	// ErrNotFile: the path names a folder, a device or another thing that is
	// not a regular file.
	ErrNotFile = errors.New("not a regular file")
)

// failure builds "dataset: <message>: <sentinel>", wrapping the sentinel.
func failure(sentinel error, format string, args ...any) error {
	return fmt.Errorf("dataset: %s: %w", fmt.Sprintf(format, args...), sentinel)
}

// dtypeName is dt's name; the zero Dtype, whose own printing panics, included.
func dtypeName(dt tensor.Dtype) string {
	if dt.Type == nil {
		return "none"
	}
	return dt.Name()
}

// checkDtype resolves the dtype asked for, with a default for the zero value.
func checkDtype(dt, fallback tensor.Dtype) (tensor.Dtype, error) {
	switch {
	case dt.Type == nil:
		return fallback, nil
	case isFloat(dt):
		return dt, nil
	}
	return dt, failure(ErrDtype, "dtype %s was asked for; use tensor.Float32 or tensor.Float64", dtypeName(dt))
}

func isFloat(dt tensor.Dtype) bool {
	return dt.Type != nil && (dt.Kind() == reflect.Float32 || dt.Kind() == reflect.Float64) &&
		(dt == tensor.Float32 || dt == tensor.Float64)
}

// shorten quotes s for an error message, cut to a readable length.
func shorten(s string) string {
	const most = 40
	if len(s) > most {
		return fmt.Sprintf("%q…", s[:most])
	}
	return fmt.Sprintf("%q", s)
}

// countOf is "1 row", "2 rows".
func countOf(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
