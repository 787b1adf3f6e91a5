package dataset

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"
)

func readParquetBytes(content []byte, o ParquetOptions) (*Table, error) {
	return ReadParquet(bytes.NewReader(content), int64(len(content)), o)
}

func TestReadParquetOfArrow(t *testing.T) {
	all := upTo14(1, 0.5)
	reversed := make([]float64, 15)
	for i := range reversed {
		reversed[i] = all[i/3*3+2-i%3]
	}
	mixed := []float64{
		0.5, 0.5, 0, 0, 0, 1,
		3.5, 3.5, -3, 1, -1, 0,
		6.5, 6.5, -6, 2, 2, 1,
		9.5, 9.5, -9, 3, 3, 0,
		12.5, 12.5, -12, 1<<32 - 1, 1 << 53, 1,
	}
	small := []float64{0, 1, 0.5, -3, 0, 3.5, -6, 1, 6.5, -9, 0, 9.5, -12, 1, 12.5}
	for _, c := range []struct {
		file    string
		columns []string
		header  []string
		want    []float64
		dt      tensor.Dtype
	}{
		{"list.parquet", nil, nil, all, tensor.Float32},
		{"fixed.parquet", nil, nil, all, tensor.Float32},
		{"columns.parquet", nil, []string{"c", "b", "a"}, all, tensor.Float32},
		{"columns.parquet", []string{"a", "b", "c"}, []string{"a", "b", "c"}, reversed, tensor.Float32},
		{"v2_snappy.parquet", nil, []string{"c", "b", "a"}, all, tensor.Float32},
		{"v2_zstd.parquet", nil, []string{"c", "b", "a"}, all, tensor.Float32},
		{"mixed.parquet", nil, []string{"f2", "f8", "i1", "u4", "i8", "b"}, mixed, tensor.Float64},
		{"mixed.parquet", []string{"i1", "b", "f2"}, []string{"i1", "b", "f2"}, small, tensor.Float32},
		{"named.parquet", []string{"vector"}, nil, all, tensor.Float32},
	} {
		content := goldenFile(t, c.file)
		for _, dt := range []tensor.Dtype{{}, tensor.Float64} {
			got, err := readParquetBytes(content, ParquetOptions{Columns: c.columns, Dtype: dt})
			if err != nil {
				t.Errorf("%s: %v", c.file, err)
				continue
			}
			if dt.Type == nil {
				dt = c.dt
			}
			if x := elementsOf(t, got.X); !slices.Equal(x, c.want) || got.X.Dtype() != dt || !slices.Equal(got.Header, c.header) {
				t.Errorf("%s: %q, %v of %v", c.file, got.Header, x, got.X.Dtype())
			}
		}
		o := FileOptions{Columns: c.columns, Dtype: tensor.Float64}
		if got, err := ReadFile("../testdata/formats/"+c.file, o); err != nil || !slices.Equal(elementsOf(t, got.X), c.want) {
			t.Errorf("ReadFile %s: %v", c.file, err)
		}
		s, err := Open("../testdata/formats/"+c.file, o)
		if err != nil {
			t.Fatal(err)
		}
		if got := pasted(t, s, 2); !slices.Equal(got, c.want) || s.Rows() != 5 || !slices.Equal(s.Header(), c.header) {
			t.Errorf("blocks of %s: %v", c.file, got)
		}
		if got, err := Read(unsized(content), o); err != nil || !slices.Equal(elementsOf(t, got.X), c.want) {
			t.Errorf("%s as a stream: %v", c.file, err)
		}
	}
}

func TestParquetRoundTripIsExact(t *testing.T) {
	wide := []float64{0.1, -1.0 / 3, math.Pi * 1e300, 5e-324, math.MaxFloat64, math.Copysign(0, -1), math.Float64frombits(0x7ff8000000012345), math.Inf(-1)}
	narrow := []float32{0.1, -1.0 / 3, math.MaxFloat32, math.SmallestNonzeroFloat32, float32(math.Copysign(0, -1)), 1e-7, math.Float32frombits(0x7fc12345), float32(math.Inf(1))}
	for _, data := range []any{wide, narrow} {
		for _, header := range [][]string{nil, {"b", "x1", "x10", "x2"}, {" ", "ÿ é", "B", "0"}} {
			x := tensor.New(tensor.WithShape(2, 4), tensor.WithBacking(data))
			var out bytes.Buffer
			if err := WriteParquet(&out, x, header); err != nil {
				t.Fatal(err)
			}
			got, err := readParquetBytes(out.Bytes(), ParquetOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.Header, header) || got.X.Dtype() != x.Dtype() {
				t.Errorf("header %q, want %q; %v", got.Header, header, got.X.Dtype())
			}
			var a, b bytes.Buffer // NaN equals NaN there
			if WriteNPY(&a, x) != nil || WriteNPY(&b, got.X) != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
				t.Errorf("%v became %v", x.Data(), got.X.Data())
			}
		}
	}
	for name, x := range layouts(t) {
		var out bytes.Buffer
		if err := WriteParquet(&out, x, nil); err != nil {
			t.Fatal(err)
		}
		if got, err := readParquetBytes(out.Bytes(), ParquetOptions{}); err != nil || !slices.Equal(elementsOf(t, got.X), []float64{1, 2, 3, 4, 5, 6}) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Several row groups and pages, lists longer than a buffer.
func TestParquetLarge(t *testing.T) {
	for _, shape := range [][2]int{{2200, 2000}, {100_000, 3}, {3, 40_000}} {
		rows, cols := shape[0], shape[1]
		data := make([]float32, rows*cols)
		for i := range data {
			data[i] = float32(i % 8191)
		}
		header := make([]string, cols)
		for j := range header {
			header[j] = fmt.Sprint("x", j)
		}
		if cols > 1000 {
			header = nil
		}
		var out bytes.Buffer
		if err := WriteParquet(&out, asTensor(rows, cols, data), header); err != nil {
			t.Fatal(err)
		}
		got, err := readParquetBytes(out.Bytes(), ParquetOptions{})
		if err != nil || !slices.Equal(got.X.Data().([]float32), data) {
			t.Errorf("%v: %v", shape, err)
		}
	}
}

func TestReadParquetRefuses(t *testing.T) {
	whole := goldenFile(t, "list.parquet")
	length := int(binary.LittleEndian.Uint32(whole[len(whole)-8:]))
	// A list of 2^31 - 1 elements at the start of the footer's second field.
	greedy := slices.Clone(whole)
	copy(greedy[len(greedy)-8-length:], []byte{0x15, 0x02, 0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07})
	// The first page claims to be longer than the file.
	page := slices.Clone(whole)
	page[6], page[7] = 0xfe, 0xff
	longFooter := slices.Clone(whole)
	longFooter[len(whole)-5] = 0x7f
	for name, c := range map[string]struct {
		in      []byte
		columns []string
		want    error
		says    string
	}{
		"empty":          {nil, nil, ErrFormat, "0 bytes"},
		"text":           {[]byte("1,2\n3,4\n5,6\n"), nil, ErrFormat, "starts with"},
		"cut":            {whole[:len(whole)-3], nil, ErrFormat, "cut short"},
		"long footer":    {longFooter, nil, ErrFormat, "footer claims"},
		"greedy footer":  {greedy, nil, ErrFormat, "footer is broken"},
		"greedy page":    {page, nil, ErrFormat, "page before byte"},
		"two kinds":      {goldenFile(t, "named.parquet"), nil, ErrDtype, `"id" is of type`},
		"text column":    {goldenFile(t, "named.parquet"), []string{"id"}, ErrDtype, "STRING"},
		"no such column": {whole, []string{"embedding"}, ErrConfig, `no column "embedding"; it has "vector"`},
		"twice a list":   {whole, []string{"vector", "vector"}, ErrDtype, "holds lists"},
		"missing value":  {goldenFile(t, "nulls.parquet"), nil, ErrFormat, `row 1 (from 0) of the Parquet column "a"`},
		"ragged":         {goldenFile(t, "ragged.parquet"), nil, ErrFormat, "row 1 (from 0)"},
		"LZ4":            {goldenFile(t, "lz4.parquet"), nil, ErrFormat, "LZ4"},
		"dates":          {goldenFile(t, "dates.parquet"), nil, ErrDtype, "DATE"},
	} {
		got, err := readParquetBytes(c.in, ParquetOptions{Columns: c.columns})
		if !errors.Is(err, c.want) || got != nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want %v saying %q", name, err, c.want, c.says)
		}
	}
	for _, file := range []string{"list.parquet", "columns.parquet", "mixed.parquet", "fixed.parquet"} {
		whole := goldenFile(t, file)
		for at := range whole { // no panic, whatever comes
			if _, err := readParquetBytes(whole[:at], ParquetOptions{}); !errors.Is(err, ErrFormat) {
				t.Errorf("%s cut to %d bytes: %v", file, at, err)
			}
			bad := slices.Clone(whole)
			bad[at] ^= 0xff
			if got, err := readParquetBytes(bad, ParquetOptions{}); (got == nil) == (err == nil) || (err != nil && !ours(err)) {
				t.Errorf("%s with another byte %d: %v, %v", file, at, got, err)
			}
		}
	}
	big := asTensor(1, 2, []float64{1, 1e39})
	var out bytes.Buffer
	if err := WriteParquet(&out, big, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := readParquetBytes(out.Bytes(), ParquetOptions{Dtype: tensor.Float32}); !errors.Is(err, ErrDtype) || !strings.Contains(err.Error(), "row 0, column 1") {
		t.Errorf("beyond float32: %v", err)
	}
	if _, err := ReadParquet(nil, 0, ParquetOptions{}); !errors.Is(err, ErrConfig) {
		t.Errorf("nil reader: %v", err)
	}
	if _, err := readParquetBytes(whole, ParquetOptions{Dtype: tensor.Int}); !errors.Is(err, ErrDtype) {
		t.Errorf("dtype int: %v", err)
	}
	if _, err := ReadParquet(brokenAt{}, 1000, ParquetOptions{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("broken file: %v", err)
	}
	for after := range 12 {
		r := &brokenLater{r: bytes.NewReader(whole), left: after}
		if _, err := ReadParquet(r, int64(len(whole)), ParquetOptions{}); r.left < 0 && !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("broken after %d reads: %v", after, err)
		}
	}
}

// brokenLater is a file that can be read some times.
type brokenLater struct {
	r    io.ReaderAt
	left int
}

func (b *brokenLater) ReadAt(p []byte, at int64) (int, error) {
	if b.left--; b.left < 0 {
		return 0, io.ErrClosedPipe
	}
	return b.r.ReadAt(p, at)
}

func TestWriteParquetRefuses(t *testing.T) {
	x := asTensor(1, 2, []float64{1, 2})
	for name, c := range map[string]struct {
		w      io.Writer
		x      *tensor.Dense
		header []string
		want   error
	}{
		"nil writer":   {nil, x, nil, ErrConfig},
		"nil tensor":   {io.Discard, nil, nil, ErrShape},
		"short header": {io.Discard, x, []string{"a"}, ErrConfig},
		"empty header": {io.Discard, x, []string{}, ErrConfig},
		"twice":        {io.Discard, x, []string{"a", "a"}, ErrConfig},
		"no name":      {io.Discard, x, []string{"a", ""}, ErrConfig},
		"full":         {&fullDisk{}, x, nil, errFull},
		"full later":   {&fullDisk{100}, x, []string{"a", "b"}, errFull},
	} {
		if err := WriteParquet(c.w, c.x, c.header); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
