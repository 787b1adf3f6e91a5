package dataset

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gorgonia.org/tensor"
)

// Table is a matrix read from a file, with its column names where the file has
// them.
type Table struct {
	X      *tensor.Dense // N×D, row-major
	Header []string      // D column names, or nil
}

// HeaderMode says whether the first record of a CSV table holds column names.
type HeaderMode int

const (
	// HeaderAuto takes the first record for column names when one of its cells
	// is not a number. A record of numbers and missing values only (empty, NA,
	// N/A, null, None, ?, -) is not taken for names but refused.
	HeaderAuto HeaderMode = iota
	// HeaderPresent: the first record holds the names, numbers or not.
	HeaderPresent
	// HeaderAbsent: every record is a row of numbers.
	HeaderAbsent
)

// CSVOptions says how [ReadCSV] reads; the zero value reads comma-separated
// float64 and detects a header.
type CSVOptions struct {
	Comma  rune         // between cells; 0 means ','
	Header HeaderMode   // default HeaderAuto
	Dtype  tensor.Dtype // tensor.Float32 or tensor.Float64 (the default)
}

// ReadCSV reads an N×D matrix, one row a record, as encoding/csv (RFC 4180)
// splits records into cells. Cells are numbers in the syntax of
// strconv.ParseFloat, blanks and tabs around them allowed; NaN and Inf are
// numbers here, and a fit refuses them later with row and column. A UTF-8 byte
// order mark at the start and blank lines at the start and end are skipped.
//
// Errors wrap [ErrFormat] and name the line and the column, both counted from
// 1: a cell that is not a number or is empty, a record with more or fewer
// cells than the first, a blank line between rows, broken quotes, no data rows.
// [ErrDtype]: Dtype, or a number too large for it. [ErrConfig]: Comma or
// Header. Errors of r come back wrapped.
func ReadCSV(r io.Reader, o CSVOptions) (*Table, error) {
	dt, err := checkDtype(o.Dtype, tensor.Float64)
	if err != nil {
		return nil, err
	}
	if dt == tensor.Float32 {
		t, err := readTable[float32](r, o)
		if err != nil {
			return nil, err
		}
		return &Table{X: denseOf(t.rows, t.cols, t.data), Header: t.header}, nil
	}
	t, err := readTable[float64](r, o)
	if err != nil {
		return nil, err
	}
	return &Table{X: denseOf(t.rows, t.cols, t.data), Header: t.header}, nil
}

// table is a matrix in the making.
type table[T float] struct {
	rows, cols int
	data       []T // row-major
	header     []string
}

func readTable[T float](r io.Reader, o CSVOptions) (table[T], error) {
	var t table[T]
	if o.Comma == 0 {
		o.Comma = ','
	}
	if strings.ContainsRune("\"\r\n", o.Comma) || !utf8.ValidRune(o.Comma) || o.Comma == utf8.RuneError {
		return t, failure(ErrConfig, "Comma is %q; a character other than quotes and line ends was expected", o.Comma)
	}
	if o.Header < HeaderAuto || o.Header > HeaderAbsent {
		return t, failure(ErrConfig, "Header is %d; HeaderAuto, HeaderPresent or HeaderAbsent was expected", o.Header)
	}
	if r == nil {
		return t, failure(ErrConfig, "the reader is nil")
	}
	in, err := skipBOM(r)
	if err != nil {
		return t, readError(err)
	}
	records := csv.NewReader(in)
	records.Comma = o.Comma
	records.ReuseRecord = true
	records.FieldsPerRecord = -1 // checked here, with a better message

	lineBefore := 0
	for {
		record, err := records.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return t, readError(err)
		}
		line, _ := records.FieldPos(0)
		if t.cols == 0 {
			t.cols = len(record)
			if o.Header == HeaderPresent || (o.Header == HeaderAuto && namesColumns(record)) {
				// The strings of a reused record are not overwritten, only
				// the slice is; but each keeps its whole line alive.
				for _, name := range record {
					t.header = append(t.header, strings.Clone(strings.Trim(name, " \t")))
				}
				continue
			}
		}
		if len(record) != t.cols {
			return t, failure(ErrFormat, "CSV line %d: the number of columns is %d, the lines before have %d; make them equal", line, len(record), t.cols)
		}
		if t.rows > 0 && line != lineBefore+1 {
			return t, failure(ErrFormat, "CSV line %d is blank but rows follow it; remove the line or fill in the missing row", lineBefore+1)
		}
		lineBefore = line
		if t.data, err = appendCells(t.data, record, line); err != nil {
			return t, err
		}
		t.rows++
	}
	switch {
	case t.cols == 0:
		return t, failure(ErrFormat, "the CSV input is empty; at least one row of numbers was expected")
	case t.rows == 0:
		return t, failure(ErrFormat, "the CSV input has a header (%s, …) and no data rows; at least one row of numbers was expected", shorten(t.header[0]))
	}
	return t, nil
}

// appendCells parses one record.
func appendCells[T float](data []T, record []string, line int) ([]T, error) {
	bits := floatBits[T]()
	for j, cell := range record {
		v, err := strconv.ParseFloat(cell, bits)
		if err != nil {
			v, err = strconv.ParseFloat(strings.Trim(cell, " \t"), bits)
		}
		switch {
		case err == nil:
			data = append(data, T(v))
		case errors.Is(err, strconv.ErrRange):
			return data, failure(ErrDtype, "CSV line %d, column %d: %s is beyond the range of float%d; scale the column or ask for a wider dtype", line, j+1, shorten(cell), bits)
		case strings.Trim(cell, " \t") == "":
			return data, failure(ErrFormat, "CSV line %d, column %d is empty; a number was expected: fill in or drop missing values", line, j+1)
		default:
			return data, failure(ErrFormat, "CSV line %d, column %d: %s is not a number; check the delimiter, drop text columns, or say whether there is a header", line, j+1, shorten(cell))
		}
	}
	return data, nil
}

func floatBits[T float]() int {
	var v T
	if _, narrow := any(v).(float32); narrow {
		return 32
	}
	return 64
}

// missingMarks are the usual texts for a missing value.
var missingMarks = []string{"", "na", "n/a", "null", "none", "?", "-"}

// namesColumns tells a header from a row: some cell is text, or no cell is a
// number.
func namesColumns(record []string) bool {
	numbers := 0
	for _, cell := range record {
		cell = strings.ToLower(strings.Trim(cell, " \t"))
		_, err := strconv.ParseFloat(cell, 64)
		switch {
		case err == nil || errors.Is(err, strconv.ErrRange):
			numbers++
		case !slices.Contains(missingMarks, cell):
			return true
		}
	}
	return numbers == 0
}

// skipBOM buffers r and drops a UTF-8 byte order mark.
func skipBOM(r io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	start, err := in.Peek(3)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if string(start) == "\xef\xbb\xbf" {
		_, err = in.Discard(3)
		return in, err
	}
	return in, nil
}

// readError wraps what went wrong below: bad CSV syntax is ErrFormat, anything
// else is the stream's own error.
func readError(err error) error {
	if syntax, ok := errors.AsType[*csv.ParseError](err); ok {
		return failure(ErrFormat, "CSV line %d, byte %d: %v", syntax.Line, syntax.Column, syntax.Err)
	}
	return streamError("reading", err)
}
