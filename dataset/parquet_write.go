package dataset

import (
	"fmt"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go"
	"gorgonia.org/tensor"
)

const (
	// parquetGroup is how many elements go into one row group, which is held in
	// memory until it is full.
	parquetGroup = 1 << 22
	// vectorColumn is the name of the column of lists.
	vectorColumn = "vector"
)

// WriteParquet writes x (N×D, float32 or float64, any layout) as a Parquet
// file, not compressed: with a header, one column of numbers for each name;
// with nil, one column "vector" of lists of D numbers.
//
// Errors wrap [ErrShape] or [ErrDtype] for x, [ErrConfig] for a header of
// another length or with a name that is empty or comes twice, and the error of
// w.
func WriteParquet(w io.Writer, x *tensor.Dense, header []string) error {
	return writeMatrix(w, x, header, beginParquet)
}

// beginParquet makes the schema; the library writes the rest.
func beginParquet(w io.Writer, h heading) (out output, err error) {
	if err := h.checkNames(); err != nil {
		return nil, err
	}
	number := parquet.Leaf(parquet.DoubleType)
	if h.single {
		number = parquet.Leaf(parquet.FloatType)
	}
	columns := namedColumns{Group: parquet.Group{}, names: h.header}
	for _, name := range h.header {
		if columns.Group[name] != nil || name == "" {
			return nil, failure(ErrConfig, "the header has the name %s, which is empty or comes twice; Parquet needs a name of its own for each column", shorten(name))
		}
		columns.Group[name] = number
	}
	if h.header == nil {
		columns.names = []string{vectorColumn}
		columns.Group[vectorColumn] = parquet.List(number)
	}
	defer recovered(&err)
	return &parquetOutput{
		w: parquet.NewGenericWriter[any](w, parquet.NewSchema("rows", columns),
			parquet.MaxRowsPerRowGroup(int64(max(1, parquetGroup/h.cols))),
			parquet.DefaultEncoding(&parquet.Plain)),
		list: h.header == nil,
	}, nil
}

// recovered turns a panic of the library, about a name that it cannot take for
// example, into an error.
func recovered(err *error) {
	if reason := recover(); reason != nil {
		*err = failure(ErrConfig, "the Parquet file could not be written (%v)", reason)
	}
}

type parquetOutput struct {
	w    *parquet.GenericWriter[any]
	list bool
}

func (p *parquetOutput) block(m matrix) (err error) {
	defer recovered(&err)
	if m.f32 != nil {
		err = writeParquetRows(p.w, m, m.f32, p.list)
	} else {
		err = writeParquetRows(p.w, m, m.f64, p.list)
	}
	if err != nil {
		return streamError("writing", err)
	}
	return nil
}

func (p *parquetOutput) end() (err error) {
	defer recovered(&err)
	if err := p.w.Close(); err != nil {
		return streamError("writing", err)
	}
	return nil
}

func writeParquetRows[T float](out *parquet.GenericWriter[any], m matrix, data []T, list bool) error {
	numbers := make([]T, m.cols)
	row := make(parquet.Row, m.cols)
	for i := range m.rows {
		gather(m, data, numbers, i)
		for j, v := range numbers {
			value := parquet.DoubleValue(float64(v))
			if m.f32 != nil {
				value = parquet.FloatValue(float32(v))
			}
			if list {
				row[j] = value.Level(min(j, 1), 1, 0)
			} else {
				row[j] = value.Level(0, 0, j)
			}
		}
		if n, err := out.WriteRows([]parquet.Row{row}); err != nil {
			return err
		} else if n != 1 {
			return fmt.Errorf("row %d was not taken: %w", i, io.ErrShortWrite)
		}
	}
	return nil
}

// namedColumns are columns in the order of their names in a list; the library's
// own Group sorts them.
type namedColumns struct {
	parquet.Group
	names []string
}

// Fields implements parquet.Node.
func (c namedColumns) Fields() []parquet.Field {
	place := make(map[string]int, len(c.names))
	for i, name := range c.names {
		place[name] = i
	}
	fields := c.Group.Fields()
	slices.SortFunc(fields, func(a, b parquet.Field) int { return place[a.Name()] - place[b.Name()] })
	return fields
}
