package dataset

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/sbinet/npyio/npy"
	"gonum.org/v1/gonum/mat"
	"gorgonia.org/tensor"
)

// saved is a file that numpy.save wrote.
func saved(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile("../testdata/npy/" + name + ".npy")
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// unsized hides how many bytes a reader still has, and gives few at a time.
func unsized(content []byte) io.Reader { return iotest.HalfReader(bytes.NewReader(content)) }

func TestReadNPYOfNumPy(t *testing.T) {
	plus := func(by float64) []float64 { return []float64{1 + by, 2 + by, 3 + by, 4 + by, 5 + by, 6 + by} }
	counted, negated := plus(0), []float64{-1, -2, -3, -4, -5, -6}
	for name, want := range map[string][]float64{
		"f4": plus(0.5), "f4_big": plus(0.5), "f8": plus(0.25), "f8_fortran": plus(0.25),
		"f2": {0.25, 0.5, 0.75, 1, 1.25, 1.5}, "f2_big": {0.25, 0.5, 0.75, 1, 1.25, 1.5},
		"i1": negated, "i2": negated, "i4_big": negated, "i8": negated,
		"u1": counted, "u2_big": counted, "u4": counted, "u8": counted,
		"b1": {0, 1, 0, 1, 0, 1},
	} {
		for _, asked := range []tensor.Dtype{{}, tensor.Float32, tensor.Float64} {
			dt := asked
			if dt.Type == nil {
				if dt = tensor.Float64; strings.HasPrefix(name, "f4") || strings.Contains("f2_big i1 i2 u1 u2_big b1", name) {
					dt = tensor.Float32 // which holds them all exactly
				}
			}
			for _, r := range []io.Reader{bytes.NewReader(saved(t, name)), unsized(saved(t, name))} {
				x, err := ReadNPY(r, NPYOptions{Dtype: asked})
				if err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				if got := elementsOf(t, x); !slices.Equal(got, want) || x.Dtype() != dt || !x.Shape().Eq(tensor.Shape{3, 2}) {
					t.Errorf("%s as %v: %v, %v of %v; want %v", name, asked, x.Shape(), got, x.Dtype(), want)
				}
			}
		}
	}
	if got, err := ReadLabelsNPY(bytes.NewReader(saved(t, "labels_i8"))); err != nil || !slices.Equal(got, []int32{3, 0, -1, 2}) {
		t.Errorf("labels_i8: %v, %v", got, err)
	}
	if got, err := ReadLabelsNPY(unsized(saved(t, "labels_big"))); err != nil || !slices.Equal(got, []int32{3, 0, 1, 2}) {
		t.Errorf("labels_big: %v, %v", got, err)
	}
}

func TestWriteNPYIsByteForByteNumPy(t *testing.T) {
	for name, data := range map[string]any{
		"f4": []float32{1.5, 2.5, 3.5, 4.5, 5.5, 6.5},
		"f8": []float64{1.25, 2.25, 3.25, 4.25, 5.25, 6.25},
	} {
		var out bytes.Buffer
		if err := WriteNPY(&out, tensor.New(tensor.WithShape(3, 2), tensor.WithBacking(data))); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(out.Bytes(), saved(t, name)) {
			t.Errorf("%s: %q, want %q", name, out.Bytes(), saved(t, name))
		}
	}
}

// npyio is an independent reader and writer of the format.
func TestNPYAgreesWithNpyio(t *testing.T) {
	x := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float64{1, 2, 3, 4, 5, 6.5}))
	var ours, theirs bytes.Buffer
	if err := WriteNPY(&ours, x); err != nil {
		t.Fatal(err)
	}
	var m mat.Dense
	if err := npy.Read(&ours, &m); err != nil {
		t.Fatal(err)
	}
	if !mat.Equal(&m, mat.NewDense(2, 3, []float64{1, 2, 3, 4, 5, 6.5})) {
		t.Errorf("npyio reads %v", mat.Formatted(&m))
	}
	if err := npy.Write(&theirs, &m); err != nil {
		t.Fatal(err)
	}
	back, err := ReadNPY(&theirs, NPYOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(elementsOf(t, back), elementsOf(t, x)) {
		t.Errorf("of npyio's file we read %v", back)
	}
	var labels bytes.Buffer
	if err := WriteLabelsNPY(&labels, []int32{3, -1}); err != nil {
		t.Fatal(err)
	}
	var list []int32
	if err := npy.Read(&labels, &list); err != nil || !slices.Equal(list, []int32{3, -1}) {
		t.Errorf("npyio reads labels %v, %v", list, err)
	}
}

// npyFile builds a file with any header text.
func npyFile(version byte, header string, payload int) []byte {
	out := append([]byte(npyMagic), version, 0)
	if version == 1 {
		out = binary.LittleEndian.AppendUint16(out, uint16(len(header)))
	} else {
		out = binary.LittleEndian.AppendUint32(out, uint32(len(header)))
	}
	return append(append(out, header...), make([]byte, payload)...)
}

func TestNPYHeadersOfOtherWriters(t *testing.T) {
	for _, header := range []string{
		"{'descr': '<f4', 'fortran_order': False, 'shape': (300, 64), }\n",
		"{'descr': '<f4', 'fortran_order': False, 'shape': (300, 64)}\n", // npyio v0.9.0 reads shape (300, 6) here
		"{'shape': (300, 64), 'descr': '<f4', 'fortran_order': False}",
		`{"descr": "<f4","fortran_order":False,"shape":(300,64,)}   `,
		"{ 'descr' : 'f4' , 'fortran_order' : False , 'shape' : ( 300L , 64L ) , } \n",
	} {
		for _, version := range []byte{1, 2, 3} {
			x, err := ReadNPY(bytes.NewReader(npyFile(version, header, 300*64*4)), NPYOptions{})
			if err != nil || !x.Shape().Eq(tensor.Shape{300, 64}) || x.Dtype() != tensor.Float32 {
				t.Errorf("version %d, %q: %v", version, header, err)
			}
		}
	}
}

func TestReadNPYRefuses(t *testing.T) {
	const good = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }\n"
	f4 := saved(t, "f4")
	header := func(text string) []byte { return npyFile(1, text, 64) }
	for name, c := range map[string]struct {
		in   []byte
		want error
		says string
	}{
		"complex":          {saved(t, "c8"), ErrDtype, "complex"},
		"text":             {saved(t, "str"), ErrDtype, "text"},
		"bytes":            {saved(t, "bytes"), ErrDtype, "text"},
		"objects":          {saved(t, "object"), ErrDtype, "Python objects"},
		"structured":       {saved(t, "structured"), ErrDtype, "structured"},
		"times":            {saved(t, "datetime"), ErrDtype, "times"},
		"long double":      {header(strings.Replace(good, "<f4", "<f16", 1)), ErrDtype, "extended"},
		"no dtype":         {header(strings.Replace(good, "<f4", "", 1)), ErrDtype, "none"},
		"cube":             {saved(t, "cube"), ErrShape, "(2, 2, 2), 3 dimensions"},
		"scalar":           {saved(t, "scalar"), ErrShape, "(), 0 dimensions"},
		"vector":           {saved(t, "labels_i8"), ErrShape, "reshape(-1, 1)"},
		"no rows":          {saved(t, "empty"), ErrShape, "(0, 3)"},
		"empty input":      {nil, ErrFormat, "after 0 bytes"},
		"text file":        {[]byte("1.0,2.0\n3.0,4.0\n"), ErrFormat, "magic"},
		"zip":              {[]byte("PK\x03\x04 and a lot more"), ErrFormat, "savez"},
		"version 4":        {npyFile(4, good, 24), ErrFormat, "4.0"},
		"preamble cut":     {f4[:9], ErrFormat, "after 9 bytes"},
		"v2 preamble cut":  {npyFile(2, good, 24)[:11], ErrFormat, "preamble"},
		"header cut":       {f4[:50], ErrFormat, "40 of 118 header bytes"},
		"data cut":         {f4[:len(f4)-5], ErrFormat, "needs 24 bytes of data, and 19 came"},
		"data missing":     {f4[:128], ErrFormat, "needs 24 bytes of data, and 0 came"},
		"huge header":      {append([]byte(npyMagic), 2, 0, 255, 255, 255, 255, '{'), ErrFormat, "claims 4294967295 bytes"},
		"huge shape":       {header(strings.Replace(good, "(3, 2)", "(1000000000, 100)", 1)), ErrFormat, "needs 400000000000 bytes"},
		"product overflow": {header(strings.Replace(good, "(3, 2)", "(4294967296, 4294967296)", 1)), ErrShape, "at most"},
		"hidden overflow":  {header(strings.Replace(good, "(3, 2)", "(0, 4294967296, 4294967296)", 1)), ErrShape, "at most"},
		"integer overflow": {header(strings.Replace(good, "(3, 2)", "(99999999999999999999, 1)", 1)), ErrFormat, "tuple"},
		"negative shape":   {header(strings.Replace(good, "(3, 2)", "(-3, 2)", 1)), ErrFormat, "tuple"},
		"broken shape":     {header(strings.Replace(good, "(3, 2)", "(3 2)", 1)), ErrFormat, "tuple"},
		"shape not closed": {header("{'shape': (3, 2"), ErrFormat, "tuple"},
		"no brace":         {header("descr"), ErrFormat, "opening brace"},
		"not closed":       {header("{'descr': '<f4', "), ErrFormat, "key"},
		"no colon":         {header("{'descr' '<f4'}"), ErrFormat, "colon"},
		"dtype not text":   {header("{'descr': 4}"), ErrFormat, "dtype"},
		"quote open":       {header("{'descr': '<f4"), ErrFormat, "dtype"},
		"order":            {header(strings.Replace(good, "False", "Maybe", 1)), ErrFormat, "True or False"},
		"missing key":      {header("{'descr': '<f4', 'shape': (3, 2)}"), ErrFormat, "lacks"},
		"twice":            {header("{'descr': '<f4', 'descr': '<f4'}"), ErrFormat, "twice"},
		"unknown key":      {header("{'color': 'red'}"), ErrFormat, "color"},
		"no comma":         {header("{'descr': '<f4' 'shape': (3, 2)}"), ErrFormat, "comma"},
		"trailing":         {header(good + "more"), ErrFormat, "nothing after"},
	} {
		for _, r := range []io.Reader{bytes.NewReader(c.in), unsized(c.in)} {
			if name == "huge shape" {
				if _, sized := r.(*bytes.Reader); !sized {
					c.says = "needs 400000000000 bytes of data, and 64 came"
				}
			}
			x, err := ReadNPY(r, NPYOptions{})
			if !errors.Is(err, c.want) || x != nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v; want %v saying %q", name, err, c.want, c.says)
			}
		}
	}
	if _, err := ReadNPY(bytes.NewReader(f4), NPYOptions{Dtype: tensor.Int}); !errors.Is(err, ErrDtype) {
		t.Errorf("dtype int: %v", err)
	}
	if _, err := ReadNPY(nil, NPYOptions{}); !errors.Is(err, ErrConfig) {
		t.Errorf("nil reader: %v", err)
	}
	for at := range len(f4) {
		broken := io.MultiReader(bytes.NewReader(f4[:at]), iotest.ErrReader(io.ErrClosedPipe))
		if _, err := ReadNPY(broken, NPYOptions{}); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("stream broken after %d bytes: %v", at, err)
		}
	}
	for name, want := range map[string]error{"f4": ErrShape, "cube": ErrShape, "empty": ErrShape, "labels_wide": ErrDtype, "str": ErrDtype} {
		if _, err := ReadLabelsNPY(bytes.NewReader(saved(t, name))); !errors.Is(err, want) {
			t.Errorf("labels of %s: %v, want %v", name, err, want)
		}
	}
	floats := npyFile(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", 16)
	if _, err := ReadLabelsNPY(bytes.NewReader(floats)); !errors.Is(err, ErrDtype) {
		t.Errorf("labels of floats: %v", err)
	}
}

func TestReadNPYRefusesWhatFloat32CannotHold(t *testing.T) {
	for _, fortran := range []string{"False", "True"} {
		in := npyFile(1, fmt.Sprintf("{'descr': '<f8', 'fortran_order': %s, 'shape': (2, 3), }", fortran), 0)
		for _, v := range []float64{1, math.Inf(1), math.NaN(), 4, 1e39, 6} {
			in = binary.LittleEndian.AppendUint64(in, math.Float64bits(v))
		}
		if _, err := ReadNPY(bytes.NewReader(in), NPYOptions{}); err != nil {
			t.Errorf("as float64: %v", err)
		}
		place := "row 1, column 1"
		if fortran == "True" {
			place = "row 0, column 2"
		}
		if _, err := ReadNPY(bytes.NewReader(in), NPYOptions{Dtype: tensor.Float32}); !errors.Is(err, ErrDtype) || !strings.Contains(err.Error(), place) {
			t.Errorf("as float32: %v; want %s", err, place)
		}
	}
}

// Several arrays in one stream, as several numpy.save calls write them.
func TestReadNPYStopsAfterTheArray(t *testing.T) {
	both := bytes.NewReader(append(saved(t, "f4"), saved(t, "labels_i8")...))
	if _, err := ReadNPY(both, NPYOptions{}); err != nil {
		t.Fatal(err)
	}
	if labels, err := ReadLabelsNPY(both); err != nil || len(labels) != 4 {
		t.Errorf("%v, %v", labels, err)
	}
}

// Larger than several chunks, in a layout that has to be transposed, from a
// stream of unknown length.
func TestReadNPYLarge(t *testing.T) {
	const rows, cols = 1003, 301
	in := npyFile(1, fmt.Sprintf("{'descr': '<i4', 'fortran_order': True, 'shape': (%d, %d), }", rows, cols), 0)
	for j := range cols {
		for i := range rows {
			in = binary.LittleEndian.AppendUint32(in, uint32(i*cols+j))
		}
	}
	x, err := ReadNPY(unsized(in), NPYOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range elementsOf(t, x) {
		if v != float64(i) {
			t.Fatalf("element %d is %v", i, v)
		}
	}
}

func TestHalfFloat(t *testing.T) {
	for bits, want := range map[uint16]float32{
		0x0000: 0, 0x3c00: 1, 0xc000: -2, 0x7bff: 65504, 0x0400: 0x1p-14,
		0x0001: 0x1p-24, 0x83ff: -1023 * 0x1p-24, 0x3555: 0.333251953125,
		0x7c00: float32(math.Inf(1)), 0xfc00: float32(math.Inf(-1)),
	} {
		if got := halfFloat(bits); got != want {
			t.Errorf("%#04x: %v, want %v", bits, got, want)
		}
	}
	if got := halfFloat(0x7e00); got == got {
		t.Errorf("NaN became %v", got)
	}
	if got := halfFloat(0x8000); math.Float32bits(got) != 1<<31 {
		t.Errorf("-0 became %v", got)
	}
}

// Machines of the other byte order encode element by element; here both ways
// must give the same bytes.
func TestEncodeElements(t *testing.T) {
	if !sameOrder(binary.LittleEndian) {
		t.Skip("both ways are one on this machine")
	}
	long := make([]float64, payloadChunk/8+3)
	for i := range long {
		long[i] = float64(i) / 3
	}
	encodesAs(t, long)
	encodesAs(t, []float32{1.5, -2, float32(math.Inf(1))})
	encodesAs(t, []int32{1, -2, math.MinInt32})
}

func encodesAs[T float | int32](t *testing.T, s []T) {
	t.Helper()
	var out bytes.Buffer
	if err := encodeElements(&out, s); err != nil || !bytes.Equal(out.Bytes(), bytesOf(s)) {
		t.Errorf("%T: %v, %d bytes that differ from the memory's", s, err, out.Len())
	}
	if err := encodeElements(&fullDisk{}, s); !errors.Is(err, errFull) {
		t.Errorf("%T on a full disk: %v", s, err)
	}
}

func TestReadLabelsNPYOfUnsigned64(t *testing.T) {
	in := npyFile(1, "{'descr': '>u8', 'fortran_order': False, 'shape': (2, 1), }", 0)
	in = binary.BigEndian.AppendUint64(in, math.MaxInt32)
	if got, err := ReadLabelsNPY(bytes.NewReader(binary.BigEndian.AppendUint64(in, 5))); err != nil || !slices.Equal(got, []int32{math.MaxInt32, 5}) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := ReadLabelsNPY(bytes.NewReader(binary.BigEndian.AppendUint64(in, 1<<63))); !errors.Is(err, ErrDtype) {
		t.Errorf("2^63 as a label: %v", err)
	}
}
