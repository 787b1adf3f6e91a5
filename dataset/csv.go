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

// Table is a matrix read from a file, with its column names or the size of the
// image where the file has them.
type Table struct {
	X      *tensor.Dense // N×D, row-major
	Header []string      // D column names, or nil

	// Width and Height are the size of an image, whose rows are its pixels
	// from left to right and top to bottom; 0 for everything else.
	Width, Height int
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
	// Columns names the ones to read, in this order, by the header, which the
	// table then must have; other columns may hold text. Empty means all.
	Columns []string
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
// [ErrDtype]: Dtype, or a number too large for it. [ErrConfig]: Comma, Header or
// Columns. Errors of r come back wrapped.
func ReadCSV(r io.Reader, o CSVOptions) (*Table, error) {
	dt, err := checkDtype(o.Dtype, tensor.Float64)
	if err != nil {
		return nil, err
	}
	in, err := openCSV(r, o)
	if err != nil {
		return nil, err
	}
	return in.table(dt)
}

// openCSV reads the header, if there is one, and the first row.
func openCSV(r io.Reader, o CSVOptions) (*input, error) {
	if o.Comma == 0 {
		o.Comma = ','
	}
	if strings.ContainsRune("\"\r\n", o.Comma) || !utf8.ValidRune(o.Comma) || o.Comma == utf8.RuneError {
		return nil, failure(ErrConfig, "Comma is %q; a character other than quotes and line ends was expected", o.Comma)
	}
	if o.Header < HeaderAuto || o.Header > HeaderAbsent {
		return nil, failure(ErrConfig, "Header is %d; HeaderAuto, HeaderPresent or HeaderAbsent was expected", o.Header)
	}
	if r == nil {
		return nil, failure(ErrConfig, "the reader is nil")
	}
	text, err := skipBOM(r)
	if err != nil {
		return nil, readError(err)
	}
	c := &csvReader{records: csv.NewReader(text)}
	c.records.Comma = o.Comma
	c.records.ReuseRecord = true
	c.records.FieldsPerRecord = -1 // checked here, with a better message
	if err := c.next(); err == io.EOF {
		return nil, failure(ErrFormat, "the CSV input is empty; at least one row of numbers was expected")
	} else if err != nil {
		return nil, err
	}
	in := &input{rows: -1, cols: len(c.record), dtype: tensor.Float64, elements: c}
	if len(o.Columns) > 0 {
		if o.Header == HeaderAbsent {
			return nil, failure(ErrConfig, "columns were named although Header says that the table has no names; leave one of the two out")
		}
		o.Header = HeaderPresent
	}
	if o.Header == HeaderPresent || (o.Header == HeaderAuto && namesColumns(c.record)) {
		// The strings of a reused record are not overwritten, only the slice
		// is; but each keeps its whole line alive.
		for _, name := range c.record {
			in.header = append(in.header, strings.Clone(strings.Trim(name, " \t")))
		}
		if len(o.Columns) > 0 {
			if c.chosen, err = placesOf(o.Columns, in.header); err != nil {
				return nil, err
			}
			in.header, in.cols = slices.Clone(o.Columns), len(o.Columns)
		}
		c.lineBefore = 0 // blank lines below a header are skipped
		if err := c.next(); err == io.EOF {
			return nil, failure(ErrFormat, "the CSV input has a header (%s, …) and no data rows; at least one row of numbers was expected", shorten(in.header[0]))
		} else if err != nil {
			return nil, err
		}
	}
	return in, nil
}

// csvReader reads the cells of CSV records.
type csvReader struct {
	records          *csv.Reader
	record           []string // the present one
	at               int      // the next of its cells, or of the chosen ones
	chosen           []int    // places of the cells to read; nil means all
	cols             int
	line, lineBefore int
}

func (c *csvReader) read32(dst []float32) (int, error) { return readCells(c, dst) }
func (c *csvReader) read64(dst []float64) (int, error) { return readCells(c, dst) }

// readCells takes the next record only when it has to, so that the error of a
// bad one comes with its own row.
func readCells[T float](c *csvReader, dst []T) (int, error) {
	bits := floatBits[T]()
	for i := range dst {
		if c.at == c.cells() {
			if err := c.next(); err != nil {
				return i, err
			}
		}
		place := c.at
		if c.chosen != nil {
			place = c.chosen[c.at]
		}
		v, err := parseCell(c.record[place], bits, c.line, place+1)
		if err != nil {
			return i, err
		}
		dst[i] = T(v)
		c.at++
	}
	return len(dst), nil
}

// cells is how many cells of a record are read.
func (c *csvReader) cells() int {
	if c.chosen != nil {
		return len(c.chosen)
	}
	return len(c.record)
}

// placesOf finds names in a header.
func placesOf(names, header []string) ([]int, error) {
	places := make([]int, len(names))
	for i, name := range names {
		places[i] = slices.Index(header, name)
		if places[i] < 0 {
			return nil, failure(ErrConfig, "the table has no column %s; its header has %s", shorten(name), shorten(strings.Join(header, ", ")))
		}
		if slices.Contains(header[places[i]+1:], name) {
			return nil, failure(ErrConfig, "the table has more than one column %s; rename all but one", shorten(name))
		}
	}
	return places, nil
}

// next goes to the next record and checks its place and length. It gives io.EOF
// after the last one.
func (c *csvReader) next() error {
	record, err := c.records.Read()
	if err == io.EOF {
		return err
	}
	if err != nil {
		return readError(err)
	}
	c.line, _ = c.records.FieldPos(0)
	if c.cols == 0 {
		c.cols = len(record)
	}
	if len(record) != c.cols {
		return failure(ErrFormat, "CSV line %d: the number of columns is %d, the lines before have %d; make them equal", c.line, len(record), c.cols)
	}
	if c.lineBefore > 0 && c.line != c.lineBefore+1 {
		return failure(ErrFormat, "CSV line %d is blank but rows follow it; remove the line or fill in the missing row", c.lineBefore+1)
	}
	c.record, c.at, c.lineBefore = record, 0, c.line
	return nil
}

// parseCell parses one cell; column counts from 1.
func parseCell(cell string, bits, line, column int) (float64, error) {
	v, err := strconv.ParseFloat(cell, bits)
	if err != nil {
		v, err = strconv.ParseFloat(strings.Trim(cell, " \t"), bits)
	}
	switch {
	case err == nil:
		return v, nil
	case errors.Is(err, strconv.ErrRange):
		return 0, failure(ErrDtype, "CSV line %d, column %d: %s is beyond the range of float%d; scale the column or ask for a wider dtype", line, column, shorten(cell), bits)
	case strings.Trim(cell, " \t") == "":
		return 0, failure(ErrFormat, "CSV line %d, column %d is empty; a number was expected: fill in or drop missing values", line, column)
	}
	return 0, failure(ErrFormat, "CSV line %d, column %d: %s is not a number; check the delimiter, drop text columns, or say whether there is a header", line, column, shorten(cell))
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
