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

	"gorgonia.org/tensor"
)

// goldenFile is a file of ../testdata/formats, written by other programs.
func goldenFile(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile("../testdata/formats/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// upTo14 is times·(0…14) + plus, as the golden files hold it in 5×3.
func upTo14(times, plus float64) []float64 {
	all := make([]float64, 15)
	for i := range all {
		all[i] = times*float64(i) + plus
	}
	return all
}

func asTensor[T float](rows, cols int, data []T) *tensor.Dense {
	return tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(data))
}

// vectorFormats are the readers and writers of both layouts.
var vectorFormats = map[string]struct {
	read  func(io.Reader, VectorOptions) (*tensor.Dense, error)
	write func(io.Writer, *tensor.Dense, Element) error
}{"vecs": {ReadVecs, WriteVecs}, "bin": {ReadBin, WriteBin}}

func TestVectorFilesOfOthers(t *testing.T) {
	for name, c := range map[string]struct {
		layout string
		e      Element
		want   []float64
	}{
		"x.fvecs": {"vecs", Float32, upTo14(1, 0.5)},
		"x.ivecs": {"vecs", Int32, upTo14(-1, 0)},
		"x.bvecs": {"vecs", Uint8, upTo14(1, 0)},
		"x.fbin":  {"bin", Float32, upTo14(1, 0.5)},
		"x.u8bin": {"bin", Uint8, upTo14(1, 0)},
		"x.i8bin": {"bin", Int8, upTo14(-1, 0)},
	} {
		content := goldenFile(t, name)
		for _, asked := range []tensor.Dtype{{}, tensor.Float32, tensor.Float64} {
			dt := asked
			if dt.Type == nil {
				if dt = tensor.Float32; c.e == Int32 {
					dt = tensor.Float64
				}
			}
			for _, r := range []io.Reader{bytes.NewReader(content), unsized(content)} {
				x, err := vectorFormats[c.layout].read(r, VectorOptions{Element: c.e, Dtype: asked})
				if err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				if !slices.Equal(elementsOf(t, x), c.want) || !x.Shape().Eq(tensor.Shape{5, 3}) || x.Dtype() != dt {
					t.Errorf("%s: %v of %v: %v", name, x.Shape(), x.Dtype(), x.Data())
				}
				var out bytes.Buffer
				if err := vectorFormats[c.layout].write(&out, x, c.e); err != nil || !bytes.Equal(out.Bytes(), content) {
					t.Errorf("%s: written anew it differs: %v", name, err)
				}
			}
		}
		got, err := ReadFile("../testdata/formats/"+name, FileOptions{})
		if err != nil || !slices.Equal(elementsOf(t, got.X), c.want) {
			t.Errorf("ReadFile %s: %v", name, err)
		}
	}
}

func TestVectorRoundTripIsExact(t *testing.T) {
	for layout, f := range vectorFormats {
		for e, data := range map[Element][]float32{
			Float32: {0.1, -1.0 / 3, math.MaxFloat32, math.SmallestNonzeroFloat32, float32(math.Copysign(0, -1)), float32(math.Inf(-1)), math.Float32frombits(0x7fc12345), 7},
			Int32:   {0, 1, -1, -1 << 31, 1 << 30, 65536, -255, 3},
			Uint8:   {0, 1, 255, 254, 128, 127, 3, 9},
			Int8:    {0, 1, -1, -128, 127, 64, -64, 5},
		} {
			var out bytes.Buffer
			if err := f.write(&out, asTensor(2, 4, data), e); err != nil {
				t.Errorf("%s of %v: %v", layout, e, err)
				continue
			}
			x, err := f.read(&out, VectorOptions{Element: e, Dtype: tensor.Float32})
			if err != nil {
				t.Errorf("%s of %v: %v", layout, e, err)
				continue
			}
			for i, v := range x.Data().([]float32) {
				if math.Float32bits(v) != math.Float32bits(data[i]) {
					t.Errorf("%s of %v: element %d is %v, want %v", layout, e, i, v, data[i])
				}
			}
		}
	}
}

// Rows longer than a chunk, more than fit the first allocation, of unknown and
// of known length, converted and not.
func TestVectorsLarge(t *testing.T) {
	const rows, cols = 5, 70_001
	data := make([]float32, rows*cols)
	for i := range data {
		data[i] = float32(i % 251)
	}
	for layout, f := range vectorFormats {
		for _, e := range []Element{Float32, Uint8} {
			var out bytes.Buffer
			if err := f.write(&out, asTensor(rows, cols, data), e); err != nil {
				t.Fatal(err)
			}
			for _, r := range []io.Reader{bytes.NewReader(out.Bytes()), unsized(out.Bytes())} {
				x, err := f.read(r, VectorOptions{Element: e})
				if err != nil || !slices.Equal(x.Data().([]float32), data) {
					t.Errorf("%s of %v: %v", layout, e, err)
				}
			}
		}
	}
}

// words are little-endian numbers of 32 bits.
func words(all ...uint32) []byte {
	var out []byte
	for _, v := range all {
		out = binary.LittleEndian.AppendUint32(out, v)
	}
	return out
}

func TestReadVectorsRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		layout string
		e      Element
		in     []byte
		want   error
		says   string // by all readers
	}{
		"vecs empty":          {"vecs", Float32, nil, ErrFormat, "empty"},
		"vecs length cut":     {"vecs", Float32, words(1)[:3], ErrFormat, "row 0"},
		"vecs row cut":        {"vecs", Float32, words(2, 0), ErrFormat, "cut short|ends within row 0"},
		"vecs second row cut": {"vecs", Float32, words(2, 0, 0, 2, 0), ErrFormat, "cut short|ends within row 1"},
		"vecs rest":           {"vecs", Float32, append(words(1, 0), 1), ErrFormat, "cut short|length of row 1"},
		"vecs ragged":         {"vecs", Float32, words(1, 0, 2, 0, 0, 0), ErrFormat, "row 1 (from 0) of the vecs input claims length 2"},
		"vecs wrong type":     {"vecs", Uint8, words(1, 0, 1, 0), ErrFormat, "element type|element type"},
		"vecs no columns":     {"vecs", Float32, words(0), ErrShape, "length 0"},
		"vecs negative":       {"vecs", Float32, words(1<<31, 0), ErrFormat, "-2147483648"},
		"vecs huge":           {"vecs", Float32, words(1<<21, 0), ErrFormat, "2097152"},
		"vecs big-endian":     {"vecs", Float32, []byte{0, 0, 0, 128, 0}, ErrFormat, "little-endian"},
		"bin empty":           {"bin", Float32, nil, ErrFormat, "after 0 bytes"},
		"bin header cut":      {"bin", Float32, words(1, 1)[:5], ErrFormat, "after 5 bytes"},
		"bin no rows":         {"bin", Float32, words(0, 3), ErrShape, "(0, 3)"},
		"bin no columns":      {"bin", Float32, words(3, 0), ErrShape, "(3, 0)"},
		"bin huge":            {"bin", Uint8, words(math.MaxUint32, math.MaxUint32), ErrShape, "at most"},
		"bin false":           {"bin", Float32, words(1e9, 100, 7), ErrFormat, "needs 400000000000 bytes of data, and 4 came"},
		"bin cut":             {"bin", Float32, words(2, 1, 7), ErrFormat, "needs 8 bytes of data, and 4 came"},
		"bin trailing":        {"bin", Float32, words(1, 1, 7, 9), ErrFormat, "has 4 more bytes after|has more after"},
		"bin wrong type":      {"bin", Uint8, words(1, 1, 7), ErrFormat, "element type"},
	} {
		for i, r := range []io.Reader{bytes.NewReader(c.in), unsized(c.in)} {
			says := c.says
			if known, unknown, both := strings.Cut(c.says, "|"); both {
				says = []string{known, unknown}[i]
			}
			x, err := vectorFormats[c.layout].read(r, VectorOptions{Element: c.e})
			if !errors.Is(err, c.want) || x != nil || !strings.Contains(fmt.Sprint(err), says) {
				t.Errorf("%s: %v; want %v saying %q", name, err, c.want, says)
			}
		}
	}
	for layout, f := range vectorFormats {
		if _, err := f.read(nil, VectorOptions{}); !errors.Is(err, ErrConfig) {
			t.Errorf("%s, nil reader: %v", layout, err)
		}
		if _, err := f.read(bytes.NewReader(nil), VectorOptions{Element: 9}); !errors.Is(err, ErrConfig) {
			t.Errorf("%s, unknown element: %v", layout, err)
		}
		if _, err := f.read(bytes.NewReader(nil), VectorOptions{Dtype: tensor.Int}); !errors.Is(err, ErrDtype) {
			t.Errorf("%s, dtype int: %v", layout, err)
		}
		whole := words(1, 1, 7)
		if layout == "vecs" {
			whole = words(2, 1, 7)
		}
		for at := range len(whole) + 1 {
			broken := io.MultiReader(bytes.NewReader(whole[:at]), iotest.ErrReader(io.ErrClosedPipe))
			if _, err := f.read(broken, VectorOptions{}); !errors.Is(err, io.ErrClosedPipe) {
				t.Errorf("%s broken after %d bytes: %v", layout, at, err)
			}
		}
	}
}

func TestWriteVectorsRefuses(t *testing.T) {
	x := asTensor(1, 1, []float64{1})
	for layout, f := range vectorFormats {
		for _, c := range []struct {
			v float64
			e Element
		}{
			{1e39, Float32}, {0.5, Int32}, {1 << 31, Int32}, {-1<<31 - 1, Int32}, {math.NaN(), Int32}, {math.Inf(1), Int32},
			{256, Uint8}, {-1, Uint8}, {0.1, Uint8}, {math.NaN(), Uint8}, {128, Int8}, {-129, Int8}, {0.1, Int8},
		} {
			err := f.write(io.Discard, asTensor(2, 2, []float64{1, 2, 3, c.v}), c.e)
			if !errors.Is(err, ErrDtype) || !strings.Contains(err.Error(), "row 1, column 1") {
				t.Errorf("%s: %v as %v: %v", layout, c.v, c.e, err)
			}
		}
		for name, err := range map[error]error{
			ErrShape:  f.write(io.Discard, nil, Float32),
			ErrConfig: f.write(nil, x, Float32),
			errFull:   f.write(&fullDisk{}, x, Float32),
		} {
			if !errors.Is(err, name) {
				t.Errorf("%s: %v, want %v", layout, err, name)
			}
		}
		if err := f.write(io.Discard, x, -1); !errors.Is(err, ErrConfig) {
			t.Errorf("%s, unknown element: %v", layout, err)
		}
		if err := f.write(&fullDisk{1 << 17}, asTensor(1<<16, 1, make([]float32, 1<<16)), Float32); !errors.Is(err, errFull) {
			t.Errorf("%s on a small disk: %v", layout, err)
		}
		// Any layout of the tensor.
		for name, x := range layouts(t) {
			var out bytes.Buffer
			if err := f.write(&out, x, Uint8); err != nil {
				t.Fatal(name, err)
			}
			back, err := f.read(&out, VectorOptions{Element: Uint8})
			if err != nil || !slices.Equal(elementsOf(t, back), []float64{1, 2, 3, 4, 5, 6}) {
				t.Errorf("%s, %s: %v", layout, name, err)
			}
		}
	}
}

func TestElementNames(t *testing.T) {
	if got := fmt.Sprint(Float32, Int32, Uint8, Int8, Element(7)); got != "float32 int32 uint8 int8 unknown" {
		t.Error(got)
	}
}
