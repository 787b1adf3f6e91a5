package dataset

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime/metrics"
	"testing"

	"gorgonia.org/tensor"
)

// allocated is how many bytes f allocates; small objects may be missed until
// their span is full, large ones count at once.
func allocated(f func()) uint64 {
	total := func() uint64 {
		sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	before := total()
	f()
	return total() - before
}

// bound is what a reader may allocate for an input: buffers, and a multiple of
// what is there. (One byte of CSV or of uint8 makes 4 or 8 of float64, growing
// slices cost as much again, and other goroutines of the test allocate too.)
func bound(input []byte) uint64 { return 4<<20 + 64*uint64(len(input)) }

func FuzzReadCSV(f *testing.F) {
	for _, s := range []string{"1,2\n3,4\n", "x,y\n1,2\n", "\xef\xbb\xbfa\n1\n\n", "1,\n", "\"1\",\"\n\"", "NaN,inf\n", "1;2", "1\n\n2"} {
		f.Add([]byte(s), byte(0))
		f.Add([]byte(s), byte(7))
	}
	f.Fuzz(func(t *testing.T, in []byte, how byte) {
		o := CSVOptions{Header: HeaderMode(how % 3), Comma: []rune{0, '\t', ';'}[how/3%3]}
		if how&64 != 0 {
			o.Dtype = tensor.Float32
		}
		var got *Table
		var err error
		if n := allocated(func() { got, err = ReadCSV(bytes.NewReader(in), o) }); n > bound(in) {
			t.Fatalf("%d bytes of input allocate %d", len(in), n)
		}
		if err != nil {
			return
		}
		// What was read is a sound matrix, and reads back the same.
		var out bytes.Buffer
		if err := WriteCSV(&out, got.X, nil); err != nil {
			t.Fatal(err)
		}
		again, err := ReadCSV(bytes.NewReader(out.Bytes()), CSVOptions{Header: HeaderAbsent, Dtype: o.Dtype})
		if err != nil {
			t.Fatal(err)
		}
		var second bytes.Buffer
		if err := WriteCSV(&second, again.X, nil); err != nil || !bytes.Equal(out.Bytes(), second.Bytes()) {
			t.Fatalf("%v: %q became %q", err, out.Bytes(), second.Bytes())
		}
	})
}

// addNPY seeds with every file of numpy.save.
func addNPY(f *testing.F) {
	files, err := filepath.Glob("../testdata/npy/*.npy")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Add(npyFile(2, "{'descr': '|u1', 'fortran_order': True, 'shape': (2000000000, 100)}", 3))
}

func FuzzReadNPY(f *testing.F) {
	addNPY(f)
	f.Fuzz(func(t *testing.T, in []byte) {
		var x, y *tensor.Dense
		var err, err2 error
		if n := allocated(func() { x, err = ReadNPY(bytes.NewReader(in), NPYOptions{}) }); n > bound(in) {
			t.Fatalf("%d bytes of input allocate %d", len(in), n)
		}
		if n := allocated(func() { y, err2 = ReadNPY(unsized(in), NPYOptions{}) }); n > bound(in) {
			t.Fatalf("%d bytes of a stream allocate %d", len(in), n)
		}
		if (err == nil) != (err2 == nil) {
			t.Fatalf("with length: %v; without: %v", err, err2)
		}
		if err != nil {
			return
		}
		var a, b bytes.Buffer
		if err := WriteNPY(&a, x); err != nil {
			t.Fatal(err)
		}
		if err := WriteNPY(&b, y); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Fatalf("with length %q, without %q, %v", a.Bytes(), b.Bytes(), err)
		}
	})
}

// fuzzVectors reads with and without a known length and writes what came.
func fuzzVectors(f *testing.F, layout string) {
	format := vectorFormats[layout]
	f.Fuzz(func(t *testing.T, in []byte, how byte) {
		e := Element(how % 4)
		var x, y *tensor.Dense
		var err, err2 error
		if n := allocated(func() { x, err = format.read(bytes.NewReader(in), VectorOptions{Element: e}) }); n > bound(in) {
			t.Fatalf("%d bytes of input allocate %d", len(in), n)
		}
		if n := allocated(func() { y, err2 = format.read(unsized(in), VectorOptions{Element: e}) }); n > bound(in) {
			t.Fatalf("%d bytes of a stream allocate %d", len(in), n)
		}
		if (err == nil) != (err2 == nil) {
			t.Fatalf("with length: %v; without: %v", err, err2)
		}
		if err != nil {
			return
		}
		for _, x := range []*tensor.Dense{x, y} {
			var out bytes.Buffer
			if err := format.write(&out, x, e); err != nil || !bytes.Equal(out.Bytes(), in) {
				t.Fatalf("%q became %q, %v", in, out.Bytes(), err)
			}
		}
	})
}

func FuzzReadVecs(f *testing.F) {
	for i, name := range []string{"x.fvecs", "x.ivecs", "x.bvecs"} {
		f.Add(goldenFile(f, name), byte(i))
	}
	f.Add(words(1<<20, 0), byte(2))
	fuzzVectors(f, "vecs")
}

func FuzzReadBin(f *testing.F) {
	f.Add(goldenFile(f, "x.fbin"), byte(Float32))
	f.Add(goldenFile(f, "x.u8bin"), byte(Uint8))
	f.Add(goldenFile(f, "x.i8bin"), byte(Int8))
	f.Add(words(1<<31, 1<<8, 0), byte(2))
	fuzzVectors(f, "bin")
}

func FuzzReadNPZ(f *testing.F) {
	f.Add(goldenFile(f, "x.npz"), "")
	f.Add(goldenFile(f, "two.npz"), "y")
	f.Add(zipFile(f, "a.npy", string(saved(f, "f4"))), "")
	f.Fuzz(func(t *testing.T, in []byte, name string) {
		x, err := readNPZ(in, name) // compressed: no bound on the memory
		checkMatrixRead(t, x, err)
	})
}

func FuzzReadParquet(f *testing.F) {
	files, err := filepath.Glob("../testdata/formats/*.parquet")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, file := range files {
		f.Add(goldenFile(f, filepath.Base(file)))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := readParquetBytes(in, ParquetOptions{}) // compressed: no bound on the memory
		if got == nil {
			checkMatrixRead(t, nil, err)
		} else {
			checkMatrixRead(t, got.X, err)
		}
	})
}

func FuzzReadImage(f *testing.F) {
	for _, name := range []string{"rgb.png", "rgb.jpg", "gray.png", "gray16.png", "rgba.png", "palette.png"} {
		f.Add(goldenFile(f, name))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := ReadImage(bytes.NewReader(in), tensor.Dtype{}) // compressed: no bound on the memory
		if got == nil {
			checkMatrixRead(t, nil, err)
			return
		}
		checkMatrixRead(t, got.X, err)
		var out bytes.Buffer
		if err := WritePNG(&out, got.X, got.Width); err != nil || got.Width*got.Height != got.X.Shape()[0] {
			t.Fatal(got.Width, got.Height, err)
		}
	})
}

// FuzzRead: whatever the first bytes promise.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("../testdata/formats/*")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, file := range files {
		f.Add(goldenFile(f, filepath.Base(file)))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := Read(unsized(in), FileOptions{}) // compressed: no bound on the memory
		if got == nil {
			checkMatrixRead(t, nil, err)
		} else {
			checkMatrixRead(t, got.X, err)
		}
	})
}

// FuzzBlocks: a file in blocks is the file as a whole.
func FuzzBlocks(f *testing.F) {
	files, err := filepath.Glob("../testdata/formats/x.*")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for i, file := range append(files, "../testdata/npy/f8_fortran.npy") {
		content, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content, filepath.Base(file), uint16(i))
	}
	f.Fuzz(func(t *testing.T, in []byte, name string, rows uint16) {
		format, pack, err := formatOf(name)
		if err != nil {
			return
		}
		path := filepath.Join(t.TempDir(), "x"+format.Ending+string(pack))
		if err := os.WriteFile(path, in, 0o600); err != nil {
			t.Fatal(err)
		}
		whole, err := ReadFile(path, FileOptions{Dtype: tensor.Float64})
		var inBlocks []float64
		source, blocksErr := Open(path, FileOptions{Dtype: tensor.Float64})
		if blocksErr == nil {
			for block, err := range source.Blocks(int(rows)) {
				if blocksErr = err; err == nil {
					inBlocks = append(inBlocks, block.Data().([]float64)...)
				}
			}
		}
		if (err == nil) != (blocksErr == nil) {
			t.Fatalf("as a whole: %v; in blocks: %v", err, blocksErr)
		}
		if err != nil {
			return
		}
		if x := whole.X.Data().([]float64); !bytes.Equal(bytesOf(x), bytesOf(inBlocks)) {
			t.Fatalf("as a whole %v, in blocks %v", x, inBlocks)
		}
	})
}

// checkMatrixRead: a sound matrix or an error of ours.
func checkMatrixRead(t *testing.T, x *tensor.Dense, err error) {
	if (x == nil) == (err == nil) {
		t.Fatalf("the matrix %v and the error %v", x, err)
	}
	if err == nil {
		if err := WriteNPY(io.Discard, x); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, ours := range []error{ErrFormat, ErrDtype, ErrShape, ErrConfig} {
		if errors.Is(err, ours) {
			return
		}
	}
	t.Fatal(err)
}

// FuzzUnpack: packed text, told by its first bytes. (How much a few packed
// bytes may hold has no bound but the window's.)
func FuzzUnpack(f *testing.F) {
	for _, name := range []string{"x.csv.gz", "x.npy.gz", "x.npy.zst", "x.tsv.zst"} {
		f.Add(goldenFile(f, name))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		r, done, err := packingOf(in).reader(bytes.NewReader(in))
		if err != nil {
			return
		}
		defer done()
		_, err = io.Copy(io.Discard, io.LimitReader(r, 1<<24))
		if err != nil && !errors.Is(err, ErrFormat) {
			t.Fatal(err)
		}
	})
}

func FuzzReadLabelsCSV(f *testing.F) {
	for _, s := range []string{"1\n2\n", "-3", "\xef\xbb\xbf1\r\n", "1\n\n", "x\n", "99999999999\n", " 1\t\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var labels []int32
		var err error
		if n := allocated(func() { labels, err = ReadLabelsCSV(bytes.NewReader(in)) }); n > bound(in) {
			t.Fatalf("%d bytes of input allocate %d", len(in), n)
		}
		checkLabelsRead(t, labels, err)
	})
}

func FuzzReadLabelsNPY(f *testing.F) {
	addNPY(f)
	f.Fuzz(func(t *testing.T, in []byte) {
		var labels []int32
		var err error
		if n := allocated(func() { labels, err = ReadLabelsNPY(unsized(in)) }); n > bound(in) {
			t.Fatalf("%d bytes of input allocate %d", len(in), n)
		}
		checkLabelsRead(t, labels, err)
	})
}

// checkLabelsRead: labels or an error, and labels survive a round trip.
func checkLabelsRead(t *testing.T, labels []int32, err error) {
	if (err == nil) == (len(labels) == 0) {
		t.Fatalf("%d labels and the error %v", len(labels), err)
	}
	if err != nil {
		return
	}
	var out bytes.Buffer
	if err := WriteLabelsCSV(&out, labels); err != nil {
		t.Fatal(err)
	}
	again, err := ReadLabelsCSV(&out)
	if err != nil || len(again) != len(labels) {
		t.Fatalf("%v became %v, %v", labels, again, err)
	}
	for i := range labels {
		if labels[i] != again[i] {
			t.Fatalf("label %d: %d became %d", i, labels[i], again[i])
		}
	}
}
