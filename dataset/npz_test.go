package dataset

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"gorgonia.org/tensor"
)

func readNPZ(content []byte, name string) (*tensor.Dense, error) {
	return ReadNPZ(bytes.NewReader(content), int64(len(content)), NPZOptions{Name: name})
}

func TestReadNPZOfNumPy(t *testing.T) {
	for _, c := range []struct {
		file, name string
		want       []float64
		dt         tensor.Dtype
	}{
		{"x.npz", "", upTo14(1, 0.5), tensor.Float32},
		{"x.npz", "arr_0", upTo14(1, 0.5), tensor.Float32},
		{"two.npz", "x", upTo14(1, 0.5), tensor.Float32},
		{"two.npz", "y", upTo14(1, 0), tensor.Float64},
	} {
		x, err := readNPZ(goldenFile(t, c.file), c.name)
		if err != nil || !slices.Equal(elementsOf(t, x), c.want) || x.Dtype() != c.dt {
			t.Errorf("%s of %s: %v", c.name, c.file, err)
		}
		got, err := ReadFile("../testdata/formats/"+c.file, FileOptions{Array: c.name, Dtype: tensor.Float64})
		if err != nil || !slices.Equal(elementsOf(t, got.X), c.want) || got.X.Dtype() != tensor.Float64 {
			t.Errorf("ReadFile, %s of %s: %v", c.name, c.file, err)
		}
	}
	got, err := Read(unsized(goldenFile(t, "x.npz")), FileOptions{})
	if err != nil || !slices.Equal(elementsOf(t, got.X), upTo14(1, 0.5)) {
		t.Errorf("as a stream: %v", err)
	}
}

func TestNPZRoundTrip(t *testing.T) {
	x, y := asTensor(2, 1, []float32{0.1, 2}), asTensor(1, 3, []float64{0.1, 2, 3})
	var out bytes.Buffer
	if err := WriteNPZ(&out, NPZArray{"x", x}, NPZArray{"ÿ y", y}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]*tensor.Dense{"x": x, "ÿ y": y} {
		if got, err := readNPZ(out.Bytes(), name); err != nil || !got.Eq(want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for name, x := range layouts(t) {
		out.Reset()
		if err := WriteNPZ(&out, NPZArray{"x", x}); err != nil {
			t.Fatal(err)
		}
		if got, err := readNPZ(out.Bytes(), ""); err != nil || !slices.Equal(elementsOf(t, got), []float64{1, 2, 3, 4, 5, 6}) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// zipFile is an archive of compressed files: a name, a content, a name, …
func zipFile(t testing.TB, parts ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, parts[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestReadNPZRefuses(t *testing.T) {
	f4 := string(saved(t, "f4"))
	whole := goldenFile(t, "two.npz")
	bad := slices.Clone(goldenFile(t, "x.npz")) // not compressed
	bad[bytes.Index(bad, []byte("NUMPY"))+150] ^= 1
	for name, c := range map[string]struct {
		in    []byte
		array string
		want  error
		says  string
	}{
		"empty":           {nil, "", ErrFormat, "zip"},
		"text":            {[]byte("1,2\n3,4\n"), "", ErrFormat, "zip"},
		"cut":             {whole[:len(whole)-1], "", ErrFormat, "zip"},
		"two matrices":    {whole, "", ErrConfig, `"x" (5, 3), "y" (5, 3), "labels" (5,)`},
		"no such array":   {whole, "z", ErrConfig, `no array "z"`},
		"labels":          {whole, "labels", ErrShape, "1 dimensions"},
		"no arrays":       {zipFile(t, "readme.txt", "hello"), "", ErrConfig, "no arrays"},
		"named of none":   {zipFile(t, "readme.txt", "hello"), "x", ErrConfig, "no arrays"},
		"no matrix":       {zipFile(t, "a.npy", string(saved(t, "cube")), "b.npy", "junk"), "", ErrConfig, `"a" (2, 2, 2), "b" unreadable`},
		"junk":            {zipFile(t, "b.npy", "junk"), "b", ErrFormat, "preamble"},
		"short":           {zipFile(t, "b.npy", f4[:len(f4)-1]), "b", ErrFormat, "23 came"},
		"more":            {zipFile(t, "b.npy", f4+"x"), "b", ErrFormat, "more in"},
		"wrong checksum":  {bad, "", ErrFormat, "checksum"},
		"false dimension": {zipFile(t, "b.npy", strings.Replace(f4, "(3, 2), }    ", "(39999, 2), }", 1)), "", ErrFormat, "24 came"},
	} {
		x, err := readNPZ(c.in, c.array)
		if !errors.Is(err, c.want) || x != nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want %v saying %q", name, err, c.want, c.says)
		}
	}
	for at := range whole {
		if _, err := readNPZ(whole[:at], "x"); !errors.Is(err, ErrFormat) {
			t.Errorf("cut to %d of %d bytes: %v", at, len(whole), err)
		}
	}
	if _, err := ReadNPZ(nil, 0, NPZOptions{}); !errors.Is(err, ErrConfig) {
		t.Errorf("nil reader: %v", err)
	}
	if _, err := ReadNPZ(bytes.NewReader(nil), 0, NPZOptions{Dtype: tensor.Int}); !errors.Is(err, ErrDtype) {
		t.Errorf("dtype int: %v", err)
	}
	if _, err := ReadNPZ(brokenAt{}, 1000, NPZOptions{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("broken file: %v", err)
	}
	broken := io.MultiReader(bytes.NewReader(whole[:99]), iotest.ErrReader(io.ErrClosedPipe))
	if _, err := Read(broken, FileOptions{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("broken stream: %v", err)
	}
}

// brokenAt is a file that cannot be read.
type brokenAt struct{}

func (brokenAt) ReadAt([]byte, int64) (int, error) { return 0, io.ErrClosedPipe }

func TestWriteNPZRefuses(t *testing.T) {
	x := asTensor(1, 1, []float64{1})
	for name, c := range map[string]struct {
		w      io.Writer
		arrays []NPZArray
		want   error
	}{
		"nil writer": {nil, []NPZArray{{"x", x}}, ErrConfig},
		"none":       {io.Discard, nil, ErrConfig},
		"no name":    {io.Discard, []NPZArray{{"", x}}, ErrConfig},
		"twice":      {io.Discard, []NPZArray{{"x", x}, {"x", x}}, ErrConfig},
		"slash":      {io.Discard, []NPZArray{{"../x", x}}, ErrConfig},
		"nil tensor": {io.Discard, []NPZArray{{"x", nil}}, ErrShape},
		"full":       {&fullDisk{10}, []NPZArray{{"x", x}}, errFull},
		"full later": {&fullDisk{10000}, []NPZArray{{"x", asTensor(9000, 1, make([]float64, 9000))}}, errFull},
	} {
		if err := WriteNPZ(c.w, c.arrays...); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
