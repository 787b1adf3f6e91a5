package dataset

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"testing"
	"testing/iotest"

	"gorgonia.org/tensor"
)

func TestReadTellsTheFormat(t *testing.T) {
	npyGz := goldenFile(t, "x.npy.gz")
	for name, in := range map[string][]byte{
		"text":         []byte("0.5,1.5,2.5\n3.5,4.5,5.5\n6.5,7.5,8.5\n9.5,10.5,11.5\n12.5,13.5,14.5\n"),
		"packed text":  goldenFile(t, "x.csv.gz"),
		"gzipped NPY":  npyGz,
		"zstd of NPY":  goldenFile(t, "x.npy.zst"),
		"unpacked NPY": unpack(t, npyGz),
	} {
		for _, r := range []io.Reader{bytes.NewReader(in), unsized(in)} {
			got, err := Read(r, FileOptions{Dtype: tensor.Float64})
			if err != nil || !slices.Equal(elementsOf(t, got.X), upTo14(1, 0.5)) || got.X.Dtype() != tensor.Float64 {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, r := range []io.Reader{bytes.NewReader(in), unsized(in)} {
			var rows []float64
			var sizes []int
			for block, err := range ReadBlocks(r, FileOptions{Dtype: tensor.Float64}, 2) {
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				rows = append(rows, elementsOf(t, block)...)
				sizes = append(sizes, block.Shape()[0])
			}
			if !slices.Equal(rows, upTo14(1, 0.5)) || !slices.Equal(sizes, []int{2, 2, 1}) {
				t.Errorf("%s: blocks of %v rows: %v", name, sizes, rows)
			}
		}
		for range ReadBlocks(bytes.NewReader(in), FileOptions{}, 1) {
			break
		}
	}
	tabs, err := Read(bytes.NewReader(goldenFile(t, "x.tsv.zst")), FileOptions{Comma: '\t'})
	if err != nil || !slices.Equal(tabs.Header, []string{"a", "b", "c"}) {
		t.Errorf("tabs: %v", err)
	}
}

// unpack is what is inside.
func unpack(t *testing.T, content []byte) []byte {
	t.Helper()
	r, done, err := packingOf(content).reader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	inside, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return inside
}

// An open file is read from where it stands.
func TestReadFromTheMiddleOfAFile(t *testing.T) {
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString("heading\n"); err != nil {
		t.Fatal(err)
	}
	if err := WriteNPY(f, asTensor(2, 1, []float64{1, 2})); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Seek(8, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if got, err := Read(f, FileOptions{}); err != nil || !slices.Equal(elementsOf(t, got.X), []float64{1, 2}) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestReadRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		r    io.Reader
		o    FileOptions
		want error
	}{
		"nil reader":    {nil, FileOptions{}, ErrConfig},
		"dtype":         {bytes.NewReader(nil), FileOptions{Dtype: tensor.Int}, ErrDtype},
		"header":        {bytes.NewReader(nil), FileOptions{Header: 9}, ErrConfig},
		"empty":         {bytes.NewReader(nil), FileOptions{}, ErrFormat},
		"binary":        {bytes.NewReader(goldenFile(t, "x.fbin")), FileOptions{}, ErrFormat},
		"half a gzip":   {bytes.NewReader(goldenFile(t, "x.npy.gz")[:40]), FileOptions{}, ErrFormat},
		"start of gzip": {bytes.NewReader([]byte("\x1f\x8b\x08")), FileOptions{}, ErrFormat},
		"broken stream": {iotest.ErrReader(io.ErrClosedPipe), FileOptions{}, io.ErrClosedPipe},
	} {
		if got, err := Read(c.r, c.o); !errors.Is(err, c.want) || got != nil {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	for name, c := range map[string]struct {
		r    io.Reader
		o    FileOptions
		rows int
		want error
	}{
		"nil reader":    {nil, FileOptions{}, 0, ErrConfig},
		"dtype":         {bytes.NewReader(nil), FileOptions{Dtype: tensor.Int}, 0, ErrDtype},
		"rows":          {bytes.NewReader(nil), FileOptions{}, -1, ErrConfig},
		"half a gzip":   {bytes.NewReader(goldenFile(t, "x.npy.gz")[:40]), FileOptions{}, 0, ErrFormat},
		"broken stream": {iotest.ErrReader(io.ErrClosedPipe), FileOptions{}, 0, io.ErrClosedPipe},
	} {
		var last error
		for block, err := range ReadBlocks(c.r, c.o, c.rows) {
			if (block == nil) != (err != nil) || last != nil {
				t.Errorf("%s: block %v, error %v after %v", name, block, err, last)
			}
			last = err
		}
		if !errors.Is(last, c.want) {
			t.Errorf("blocks of %s: %v, want %v", name, last, c.want)
		}
	}
}
