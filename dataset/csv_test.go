package dataset

import (
	"bytes"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"gorgonia.org/tensor"
)

func TestReadCSV(t *testing.T) {
	for name, c := range map[string]struct {
		in     string
		o      CSVOptions
		cols   int
		header []string
		want   []float64
	}{
		"plain":             {"1,2\n3,4\n", CSVOptions{}, 2, nil, []float64{1, 2, 3, 4}},
		"no last line end":  {"1,2\n3,4", CSVOptions{}, 2, nil, []float64{1, 2, 3, 4}},
		"CRLF":              {"1,2\r\n3,4\r\n", CSVOptions{}, 2, nil, []float64{1, 2, 3, 4}},
		"blank ends":        {"\n\n1,2\n3,4\n\n\r\n\n", CSVOptions{}, 2, nil, []float64{1, 2, 3, 4}},
		"one column":        {"1\n-2\n", CSVOptions{}, 1, nil, []float64{1, -2}},
		"byte order mark":   {"\xef\xbb\xbf1,2\n", CSVOptions{}, 2, nil, []float64{1, 2}},
		"mark, header":      {"\xef\xbb\xbfx,y\n1,2\n", CSVOptions{}, 2, []string{"x", "y"}, []float64{1, 2}},
		"header":            {"x, y \n1,2\n", CSVOptions{}, 2, []string{"x", "y"}, []float64{1, 2}},
		"header, blank":     {"x,y\n\n1,2\n", CSVOptions{}, 2, []string{"x", "y"}, []float64{1, 2}},
		"partly numbers":    {"id,2019\n1,2\n", CSVOptions{}, 2, []string{"id", "2019"}, []float64{1, 2}},
		"unnamed column":    {",y\n1,2\n", CSVOptions{}, 2, []string{"", "y"}, []float64{1, 2}},
		"quoted header":     {"\"a,b\",\"c\n\"\"d\"\n1,2\n3,4\n", CSVOptions{}, 2, []string{"a,b", "c\n\"d"}, []float64{1, 2, 3, 4}},
		"numeric header":    {"2019,2020\n1,2\n", CSVOptions{Header: HeaderPresent}, 2, []string{"2019", "2020"}, []float64{1, 2}},
		"no header":         {"1,2\n", CSVOptions{Header: HeaderAbsent}, 2, nil, []float64{1, 2}},
		"tabs":              {"1\t2\n3\t4\n", CSVOptions{Comma: '\t'}, 2, nil, []float64{1, 2, 3, 4}},
		"semicolons":        {"1;2\n", CSVOptions{Comma: ';'}, 2, nil, []float64{1, 2}},
		"wide delimiter":    {"1→2\n", CSVOptions{Comma: '→'}, 2, nil, []float64{1, 2}},
		"blanks and quotes": {" 1 ,\t2\n\"3\",4\n", CSVOptions{}, 2, nil, []float64{1, 2, 3, 4}},
		"forms":             {"+1e2,.5,-0x1p-2\n", CSVOptions{}, 3, nil, []float64{100, 0.5, -0.25}},
	} {
		for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			c.o.Dtype = dt
			got, err := ReadCSV(strings.NewReader(c.in), c.o)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if s := got.X.Shape(); s[1] != c.cols || s[0]*s[1] != len(c.want) || got.X.Dtype() != dt {
				t.Errorf("%s: shape %v of %v", name, s, got.X.Dtype())
			}
			if x := elementsOf(t, got.X); !slices.Equal(x, c.want) {
				t.Errorf("%s: %v, want %v", name, x, c.want)
			}
			if !slices.Equal(got.Header, c.header) {
				t.Errorf("%s: header %q, want %q", name, got.Header, c.header)
			}
		}
	}
}

func TestReadCSVTakesNaNAndInfinity(t *testing.T) {
	got, err := ReadCSV(strings.NewReader("NaN,inf,-Inf,+Infinity\n"), CSVOptions{})
	if err != nil {
		t.Fatal(err)
	}
	x := elementsOf(t, got.X)
	if !math.IsNaN(x[0]) || !math.IsInf(x[1], 1) || !math.IsInf(x[2], -1) || !math.IsInf(x[3], 1) || got.Header != nil {
		t.Errorf("%v, header %q", x, got.Header)
	}
}

func TestReadCSVRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		o    CSVOptions
		want error
		says string
	}{
		"empty":                {"", CSVOptions{}, ErrFormat, "empty"},
		"blank":                {"\n\n", CSVOptions{}, ErrFormat, "empty"},
		"mark only":            {"\xef\xbb\xbf", CSVOptions{}, ErrFormat, "empty"},
		"header only":          {"x,y\n", CSVOptions{}, ErrFormat, "no data rows"},
		"stated header only":   {"1,2\n", CSVOptions{Header: HeaderPresent}, ErrFormat, "no data rows"},
		"text":                 {"x,y\n1,2\n3,four\n", CSVOptions{}, ErrFormat, `line 3, column 2: "four" is not a number`},
		"two headers":          {"x,y\na,b\n1,2\n", CSVOptions{}, ErrFormat, "line 2, column 1"},
		"header not allowed":   {"x,y\n1,2\n", CSVOptions{Header: HeaderAbsent}, ErrFormat, "line 1, column 1"},
		"missing":              {"1,2\n3,\n", CSVOptions{}, ErrFormat, "line 2, column 2 is empty"},
		"missing in the first": {"1,,3\n4,5,6\n", CSVOptions{}, ErrFormat, "line 1, column 2 is empty"},
		"NA in the first":      {"1,NA,3\n4,5,6\n", CSVOptions{}, ErrFormat, `line 1, column 2: "NA"`},
		"too few":              {"1,2\n3\n", CSVOptions{}, ErrFormat, "line 2: the number of columns is 1"},
		"too many":             {"1,2\n3,4\n5,6,7\n", CSVOptions{}, ErrFormat, "line 3: the number of columns is 3"},
		"header too short":     {"x\n1,2\n", CSVOptions{}, ErrFormat, "line 2: the number of columns is 2"},
		"hole":                 {"1\n\n2\n", CSVOptions{}, ErrFormat, "line 2 is blank"},
		"quote":                {"1,\"2\n3,4\n", CSVOptions{}, ErrFormat, "line"},
		"lines in a cell":      {"1,\"2\n\"\n", CSVOptions{Header: HeaderAbsent}, ErrFormat, "line 1, column 2"},
		"wrong delimiter":      {"1;2\n3;4\n", CSVOptions{Header: HeaderAbsent}, ErrFormat, "delimiter"},
		"beyond float64":       {"1e999\n", CSVOptions{}, ErrDtype, "line 1, column 1"},
		"beyond float32":       {"1,1e39\n", CSVOptions{Dtype: tensor.Float32}, ErrDtype, "line 1, column 2"},
		"dtype":                {"1\n", CSVOptions{Dtype: tensor.Int}, ErrDtype, "int"},
		"quote as delimiter":   {"1\n", CSVOptions{Comma: '"'}, ErrConfig, "Comma"},
		"line end delimiter":   {"1\n", CSVOptions{Comma: '\n'}, ErrConfig, "Comma"},
		"no character":         {"1\n", CSVOptions{Comma: -5}, ErrConfig, "Comma"},
		"header mode":          {"1\n", CSVOptions{Header: 7}, ErrConfig, "Header"},
	} {
		got, err := ReadCSV(strings.NewReader(c.in), c.o)
		if !errors.Is(err, c.want) || got != nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want %v saying %q", name, err, c.want, c.says)
		}
	}
	if _, err := ReadCSV(nil, CSVOptions{}); !errors.Is(err, ErrConfig) {
		t.Errorf("nil reader: %v", err)
	}
	broken := io.MultiReader(strings.NewReader("1,2\n"), iotest.ErrReader(io.ErrClosedPipe))
	if _, err := ReadCSV(broken, CSVOptions{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("broken stream: %v", err)
	}
}

func TestCSVRoundTripIsExact(t *testing.T) {
	wide := []float64{0.1, -1.0 / 3, math.Pi * 1e300, 5e-324, math.MaxFloat64, math.Copysign(0, -1), math.NaN(), math.Inf(-1)}
	narrow := []float32{0.1, -1.0 / 3, math.MaxFloat32, math.SmallestNonzeroFloat32, 16777217, 1e-7, float32(math.NaN()), float32(math.Inf(1))}
	for _, data := range []any{wide, narrow} {
		x := tensor.New(tensor.WithShape(2, 4), tensor.WithBacking(data))
		header := []string{"a", "b, c", "", "3"}
		var out bytes.Buffer
		if err := WriteCSV(&out, x, header); err != nil {
			t.Fatal(err)
		}
		got, err := ReadCSV(&out, CSVOptions{Dtype: x.Dtype()})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.Header, header) {
			t.Errorf("header %q, want %q", got.Header, header)
		}
		want := elementsOf(t, x)
		for i, v := range elementsOf(t, got.X) {
			if math.Float64bits(v) != math.Float64bits(want[i]) && !(math.IsNaN(v) && math.IsNaN(want[i])) {
				t.Errorf("element %d: %v, want %v", i, v, want[i])
			}
		}
	}
}

// fullDisk takes some bytes and then fails, as a full disk does.
type fullDisk struct{ room int }

var errFull = errors.New("no room")

func (d *fullDisk) Write(p []byte) (int, error) {
	if len(p) > d.room {
		return 0, errFull
	}
	d.room -= len(p)
	return len(p), nil
}

func TestWriteErrorsComeBack(t *testing.T) {
	x := tensor.New(tensor.WithShape(9000, 2), tensor.WithBacking(make([]float64, 18000)))
	for _, room := range []int{0, 130} {
		for name, write := range map[string]func(io.Writer) error{
			"WriteCSV":       func(w io.Writer) error { return WriteCSV(w, x, nil) },
			"WriteNPY":       func(w io.Writer) error { return WriteNPY(w, x) },
			"WriteLabelsCSV": func(w io.Writer) error { return WriteLabelsCSV(w, make([]int32, 100_000)) },
			"WriteLabelsNPY": func(w io.Writer) error { return WriteLabelsNPY(w, make([]int32, 100)) },
		} {
			if err := write(&fullDisk{room}); !errors.Is(err, errFull) {
				t.Errorf("%s with room for %d bytes: %v", name, room, err)
			}
			if err := write(nil); !errors.Is(err, ErrConfig) {
				t.Errorf("%s, nil writer: %v", name, err)
			}
		}
	}
	if err := WriteCSV(io.Discard, x, []string{"one"}); !errors.Is(err, ErrConfig) {
		t.Errorf("header too short: %v", err)
	}
}
