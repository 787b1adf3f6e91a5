package dataset

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
	"gorgonia.org/tensor"
)

// ParquetOptions says how [ReadParquet] reads.
type ParquetOptions struct {
	// Columns names the ones to read, in this order; empty means all.
	Columns []string
	// Dtype is tensor.Float32 or tensor.Float64. The zero value means Float32
	// if that holds every number of the columns' types, else Float64.
	Dtype tensor.Dtype
}

// ReadParquet reads an N×D matrix from a Parquet file of size bytes: either D
// columns of numbers, whose names become the header, or one column whose N
// lists have D numbers each, as embeddings are usually kept. Numbers are
// float16, float32, float64, integers (beyond 2^53 rounded to float64) and
// booleans.
//
// Errors wrap [ErrFormat] for content that is not Parquet or is damaged and for
// lists of unequal length or missing values (null), [ErrDtype] for columns of
// other types, [ErrConfig] for columns that are not there, [ErrShape] if there
// are no rows or no columns, and the error of r.
func ReadParquet(r io.ReaderAt, size int64, o ParquetOptions) (*Table, error) {
	dt, err := checkDtype(o.Dtype, tensor.Dtype{})
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, failure(ErrConfig, "the reader is nil")
	}
	in, err := openParquet(r, size, o.Columns)
	if err != nil {
		return nil, err
	}
	return in.table(dt)
}

// openParquet reads the footer, and of lists the first row.
func openParquet(r io.ReaderAt, size int64, names []string) (in *input, err error) {
	if err := checkParquetFooter(r, size); err != nil {
		return nil, err
	}
	p := &parquetReader{below: &watched{at: r}, size: size}
	err = p.guarded(func() (err error) {
		p.file, err = parquet.OpenFile(p.below, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
		if err != nil {
			return err
		}
		in, err = p.choose(names)
		return err
	})
	if err != nil {
		return nil, err
	}
	return in, nil
}

// parquetReader reads the chosen columns side by side.
type parquetReader struct {
	below   *watched
	size    int64
	file    *parquet.File
	columns []*parquetColumn
	lists   bool            // one column of lists
	first   []parquet.Value // of lists: the first row
	row, at int             // the place of the next element
	rows    int
	cols    int
}

// guarded calls f and puts its errors in our words. The library panics on some
// damaged files.
func (p *parquetReader) guarded(f func() error) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("%v", reason)
		}
		switch {
		case err == nil || err == io.EOF:
		case p.below.err != nil:
			err = streamError("reading", p.below.err)
		case !ours(err):
			err = failure(ErrFormat, "the Parquet data is broken (%v); copy or write it anew", err)
		}
	}()
	return f()
}

// ours: does the error wrap one of this package?
func ours(err error) bool {
	return slices.ContainsFunc([]error{ErrFormat, ErrDtype, ErrShape, ErrConfig}, func(e error) bool { return errors.Is(err, e) })
}

// choose finds the columns and their shape.
func (p *parquetReader) choose(names []string) (*input, error) {
	all := p.file.Root().Columns()
	if len(names) > 0 {
		var chosen []*parquet.Column
		for _, name := range names {
			at := slices.IndexFunc(all, func(c *parquet.Column) bool { return c.Name() == name })
			if at < 0 {
				return nil, failure(ErrConfig, "the Parquet file has no column %s; it has %s", shorten(name), columnNames(all))
			}
			chosen = append(chosen, all[at])
		}
		all = chosen
	}
	if len(all) == 0 || p.file.NumRows() < 1 {
		return nil, failure(ErrShape, "the Parquet file has %s and %s; at least one of each was expected", countOf(p.file.NumRows(), "row"), countOf(int64(len(all)), "column"))
	}
	if p.file.NumRows() > mostElements/int64(len(all)) {
		return nil, failure(ErrShape, "the Parquet file claims shape (%d, %d); at most %d elements are read", p.file.NumRows(), len(all), mostElements)
	}
	in := &input{rows: int(p.file.NumRows()), dtype: tensor.Float32, elements: p, end: p.end}
	var leaves []*format.SchemaElement // the library's own Type of a column lacks float16
	for schema, i := p.file.Metadata().Schema, 0; i < len(schema); i++ {
		if schema[i].Type.Valid {
			leaves = append(leaves, &schema[i])
		}
	}
	for _, c := range all {
		column, isList, err := p.column(c, leaves)
		if err != nil {
			return nil, err
		}
		if isList && len(all) > 1 {
			return nil, failure(ErrDtype, "the Parquet file has the columns %s, of which %s holds lists; choose that one, or only columns of numbers", columnNames(all), shorten(c.Name()))
		}
		p.lists = isList
		p.columns = append(p.columns, column)
		in.header = append(in.header, c.Name())
		if column.number.wide() {
			in.dtype = tensor.Float64
		}
	}
	p.rows, p.cols = in.rows, len(p.columns)
	if p.lists {
		in.header = nil
		if err := p.firstList(); err != nil {
			return nil, err
		}
		if p.rows > mostElements/p.cols {
			return nil, failure(ErrShape, "the Parquet file claims shape (%d, %d); at most %d elements are read", p.rows, p.cols, mostElements)
		}
	}
	in.cols = p.cols
	return in, nil
}

// columnNames lists some columns.
func columnNames(all []*parquet.Column) string {
	const most = 12
	text := ""
	for i, c := range all {
		if i == most {
			return text + ", …"
		}
		if i > 0 {
			text += ", "
		}
		text += shorten(c.Name())
	}
	return text
}

// column prepares one column, and says whether it holds lists.
func (p *parquetReader) column(c *parquet.Column, leaves []*format.SchemaElement) (column *parquetColumn, isList bool, err error) {
	leaf := c
	for depth := 0; !leaf.Leaf(); depth++ {
		if inside := leaf.Columns(); len(inside) == 1 && depth < 2 {
			leaf = inside[0]
			continue
		}
		return nil, false, failure(ErrDtype, "the Parquet column %s is structured; numbers, or lists of numbers, were expected: choose other columns", shorten(c.Name()))
	}
	if leaf.MaxRepetitionLevel() > 1 {
		return nil, false, failure(ErrDtype, "the Parquet column %s holds lists of lists; numbers, or lists of numbers, were expected", shorten(c.Name()))
	}
	number, known := parquetNumberOf(leaves[leaf.Index()])
	if !known {
		return nil, false, failure(ErrDtype, "the Parquet column %s is of type %v; numbers, or lists of numbers, were expected: choose other columns", shorten(c.Name()), leaf.Type())
	}
	column = &parquetColumn{of: p, name: c.Name(), leaf: leaf.Index(), number: number, most: leaf.MaxDefinitionLevel()}
	return column, leaf.MaxRepetitionLevel() == 1, nil
}

// firstList reads the first row, which says how long all are.
func (p *parquetReader) firstList() error {
	c := p.columns[0]
	for {
		v, err := c.peek()
		if err == io.EOF || (err == nil && len(p.first) > 0 && v.RepetitionLevel() == 0) {
			break
		}
		if err != nil {
			return err
		}
		if c.missing(v) {
			return failure(ErrFormat, "row 0 of the Parquet column %s is empty or has a missing value (null); a list of numbers was expected", shorten(c.name))
		}
		p.first = append(p.first, v)
		c.at++
	}
	if p.cols = len(p.first); p.cols == 0 {
		return failure(ErrFormat, "the Parquet column %s ends before its first row", shorten(c.name))
	}
	return nil
}

func (p *parquetReader) read32(dst []float32) (int, error) { return readParquet(p, dst) }
func (p *parquetReader) read64(dst []float64) (int, error) { return readParquet(p, dst) }

func readParquet[T float](p *parquetReader, dst []T) (n int, err error) {
	err = p.guarded(func() error {
		for n < len(dst) {
			v, err := p.next()
			if err != nil {
				return err
			}
			number := p.columns[0].number
			if !p.lists {
				number = p.columns[p.at].number
			}
			var fits bool
			if dst[n], fits = parquetFloat[T](v, number); !fits {
				return failure(ErrDtype, "row %d, column %d (from 0) of the Parquet file holds %v, which is beyond the range of %T; scale it or ask for a wider dtype", p.row, p.at, v, dst[n])
			}
			n++
			if p.at++; p.at == p.cols {
				p.row, p.at = p.row+1, 0
			}
		}
		return nil
	})
	return n, err
}

// next is the next element in the order of the matrix.
func (p *parquetReader) next() (parquet.Value, error) {
	if p.lists && p.row == 0 {
		return p.first[p.at], nil
	}
	c := p.columns[0]
	if !p.lists {
		c = p.columns[p.at]
	}
	v, err := c.peek()
	if err == io.EOF {
		return v, failure(ErrFormat, "the Parquet column %s ends in row %d (from 0) of %d; write the file anew", shorten(c.name), p.row, p.rows)
	}
	if err != nil {
		return v, err
	}
	if p.lists {
		switch begins := v.RepetitionLevel() == 0; {
		case begins && p.at > 0:
			return v, p.unequal(p.row, "shorter")
		case !begins && p.at == 0:
			return v, p.unequal(p.row-1, "longer")
		}
	}
	if c.missing(v) {
		return v, failure(ErrFormat, "row %d (from 0) of the Parquet column %s is empty or has a missing value (null); fill it in or drop the row", p.row, shorten(c.name))
	}
	c.at++
	return v, nil
}

func (p *parquetReader) unequal(row int, how string) error {
	return failure(ErrFormat, "row %d (from 0) of the Parquet column %s is %s than the first, which has %s; all lists must be equally long", row, shorten(p.columns[0].name), how, countOf(int64(p.cols), "number"))
}

// end checks that the columns have no more than their rows.
func (p *parquetReader) end() error {
	return p.guarded(func() error {
		for _, c := range p.columns {
			if v, err := c.peek(); err == nil && p.lists && v.RepetitionLevel() > 0 {
				return p.unequal(p.row-1, "longer")
			} else if err == nil {
				return failure(ErrFormat, "the Parquet column %s has more than the %s that the footer and the first list tell; write the file anew", shorten(c.name), countOf(int64(p.rows)*int64(p.cols), "number"))
			} else if err != io.EOF {
				return err
			}
		}
		return nil
	})
}
