package dataset

import (
	"encoding/binary"
	"io"
	"math"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// parquetBuffer is how many values of all columns together wait to be taken.
const parquetBuffer = 1 << 14

// parquetColumn gives the values of one column, over all row groups.
type parquetColumn struct {
	of     *parquetReader
	name   string
	leaf   int
	number parquetNumber
	most   int // the definition level of a value that is there

	group  int // the next one
	pages  parquet.Pages
	page   parquet.Page
	values parquet.ValueReader
	buffer []parquet.Value
	at     int // the next one in buffer
}

func (c *parquetColumn) missing(v parquet.Value) bool {
	return v.IsNull() || v.DefinitionLevel() != c.most
}

// peek is the next value, which c.at++ takes. It gives io.EOF after the last.
func (c *parquetColumn) peek() (parquet.Value, error) {
	for c.at == len(c.buffer) {
		if err := c.fill(); err != nil {
			return parquet.Value{}, err
		}
	}
	return c.buffer[c.at], nil
}

// fill gets some more values, perhaps none.
func (c *parquetColumn) fill() error {
	if c.values == nil {
		return c.turn()
	}
	if c.buffer == nil {
		c.buffer = make([]parquet.Value, 0, max(16, parquetBuffer/len(c.of.columns)))
	}
	n, err := c.values.ReadValues(c.buffer[:cap(c.buffer)])
	c.buffer, c.at = c.buffer[:n], 0
	switch {
	case err == io.EOF || (err == nil && n == 0):
		c.values = nil
	case err != nil:
		return err
	}
	if c.number == parquetHalf { // the bytes belong to the page
		for i, v := range c.buffer {
			c.buffer[i] = v.Clone()
		}
	}
	return nil
}

// turn goes to the next page.
func (c *parquetColumn) turn() error {
	groups := c.of.file.RowGroups()
	if c.pages == nil {
		if c.group == len(groups) {
			return io.EOF
		}
		chunk := &c.of.file.Metadata().RowGroups[c.group].Columns[c.leaf]
		if err := checkPages(c.of.below, c.of.size, chunk); err != nil {
			return err
		}
		c.pages = groups[c.group].ColumnChunks()[c.leaf].Pages()
		c.group++
	}
	if c.page != nil {
		parquet.Release(c.page)
		c.page = nil
	}
	page, err := c.pages.ReadPage()
	if err == io.EOF {
		err = c.pages.Close()
		c.pages = nil
		return err
	}
	if err != nil {
		return err
	}
	c.page, c.values = page, page.Values()
	return nil
}

// parquetNumber is how a column holds its numbers.
type parquetNumber int

const (
	parquetFloat32 parquetNumber = iota
	parquetFloat64
	parquetInt32
	parquetInt64
	parquetUint32
	parquetUint64
	parquetBool
	parquetHalf
	parquetSmall // 8 or 16 bits
)

// wide: has it values that float32 does not hold?
func (n parquetNumber) wide() bool {
	return n != parquetFloat32 && n != parquetBool && n != parquetHalf && n != parquetSmall
}

// parquetNumberOf is false for what is no number (text, times, decimals, …).
func parquetNumberOf(s *format.SchemaElement) (parquetNumber, bool) {
	kind := parquet.Kind(s.Type.V)
	bits, signed := 64, true // of an integer
	switch logical := s.LogicalType.Value.(type) {
	case nil:
		if s.ConvertedType.Valid {
			old := s.ConvertedType.V
			if old < deprecated.Uint8 || old > deprecated.Int64 {
				return 0, false
			}
			bits, signed = 8<<(int(old-deprecated.Uint8)%4), old >= deprecated.Int8
		}
	case *format.IntType:
		bits, signed = int(logical.BitWidth), logical.IsSigned
	case *format.Float16Type:
		return parquetHalf, kind == parquet.FixedLenByteArray && s.TypeLength.V == 2
	default:
		return 0, false
	}
	switch {
	case kind == parquet.Boolean:
		return parquetBool, true
	case kind == parquet.Float:
		return parquetFloat32, true
	case kind == parquet.Double:
		return parquetFloat64, true
	case kind == parquet.Int32 && bits <= 16:
		return parquetSmall, true
	case kind == parquet.Int32 && !signed:
		return parquetUint32, true
	case kind == parquet.Int32:
		return parquetInt32, true
	case kind == parquet.Int64 && !signed:
		return parquetUint64, true
	case kind == parquet.Int64:
		return parquetInt64, true
	}
	return 0, false
}

// parquetFloat is the value as a float, and false if T cannot hold it.
func parquetFloat[T float](v parquet.Value, n parquetNumber) (T, bool) {
	switch n {
	case parquetFloat32:
		return T(v.Float()), true
	case parquetFloat64:
		wide := v.Double()
		return T(wide), !math.IsInf(float64(T(wide)), 0) || math.IsInf(wide, 0)
	case parquetInt64:
		return T(v.Int64()), true
	case parquetUint32:
		return T(v.Uint32()), true
	case parquetUint64:
		return T(v.Uint64()), true
	case parquetBool:
		if v.Boolean() {
			return 1, true
		}
		return 0, true
	case parquetHalf:
		return T(halfFloat(binary.LittleEndian.Uint16(v.ByteArray()))), true
	}
	return T(v.Int32()), true
}
