package dataset

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"gorgonia.org/tensor"
)

// From a file, a float32 matrix is read straight into its place: nothing but
// the matrix and small change is allocated.
func TestReadNPYAllocatesTheMatrixOnly(t *testing.T) {
	const rows, cols = 50_000, 32
	path := filepath.Join(t.TempDir(), "x.npy")
	if err := WriteFile(path, tensor.New(tensor.WithShape(rows, cols), tensor.Of(tensor.Float32))); err != nil {
		t.Fatal(err)
	}
	const size = rows * cols * 4
	for name, c := range map[string]struct {
		dt   tensor.Dtype
		most uint64
	}{
		"as stored": {tensor.Float32, size + 1<<19},
		"widened":   {tensor.Float64, 2*size + 1<<20},
	} {
		n := allocated(func() {
			if _, err := ReadFile(path, FileOptions{Dtype: c.dt}); err != nil {
				t.Fatal(err)
			}
		})
		if n > c.most {
			t.Errorf("%s: %d bytes of data allocate %d, want at most %d", name, size, n, c.most)
		}
	}
}

func benchmarkMatrix(rows, cols int) *tensor.Dense {
	data := make([]float32, rows*cols)
	for i := range data {
		data[i] = float32(i%1000) * 0.123
	}
	return tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(data))
}

func BenchmarkReadNPYFile(b *testing.B) {
	const rows, cols = 1_000_000, 32
	path := filepath.Join(b.TempDir(), "x.npy")
	if err := WriteFile(path, benchmarkMatrix(rows, cols)); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadFile(path, FileOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadCSV(b *testing.B) {
	var out bytes.Buffer
	if err := WriteCSV(&out, benchmarkMatrix(20_000, 32), nil); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(out.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadCSV(bytes.NewReader(out.Bytes()), CSVOptions{Dtype: tensor.Float32}); err != nil {
			b.Fatal(err)
		}
	}
}
