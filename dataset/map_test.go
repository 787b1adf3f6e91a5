package dataset

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"gorgonia.org/tensor"
)

func TestMap(t *testing.T) {
	systemMaps := runtime.GOOS == "linux" || runtime.GOOS == "darwin"
	folder := t.TempDir()
	narrow := asTensor(3, 2, []float32{1, 2, 3, 4, 5, 6})
	wide := asTensor(3, 2, []float64{1, 2, 3, 4, 5, 6})
	for i, c := range map[int]struct {
		ending string
		x      *tensor.Dense
		dt     tensor.Dtype
		inFile bool
	}{
		0: {".npy", narrow, tensor.Dtype{}, true},
		1: {".npy", narrow, tensor.Float32, true},
		2: {".npy", narrow, tensor.Float64, false},
		3: {".npy", wide, tensor.Dtype{}, true},
		4: {".npy", wide, tensor.Float32, false},
		5: {".fbin", wide, tensor.Dtype{}, true},
		6: {".u8bin", wide, tensor.Dtype{}, false},
		7: {".fvecs", narrow, tensor.Dtype{}, false},
		8: {".csv", wide, tensor.Dtype{}, false},
		9: {".npy.zst", narrow, tensor.Dtype{}, false},
	} {
		path := filepath.Join(folder, fmt.Sprint(i)+c.ending)
		if err := WriteFile(path, c.x); err != nil {
			t.Fatal(err)
		}
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m, err := Map(path, FileOptions{Dtype: c.dt})
		if err != nil {
			t.Fatal(path, err)
		}
		if !slices.Equal(elementsOf(t, m.X), elementsOf(t, wide)) || m.InFile() != (c.inFile && systemMaps) {
			t.Errorf("%s: %v, in the file: %t", path, m.X, m.InFile())
		}
		if c.dt.Type != nil && m.X.Dtype() != c.dt {
			t.Errorf("%s: %v", path, m.X.Dtype())
		}
		switch data := m.X.Data().(type) { // X may be written to, the file stays
		case []float32:
			data[0] = 77
		case []float64:
			data[0] = 77
		}
		if elementsOf(t, m.X)[0] != 77 {
			t.Errorf("%s: nothing changed", path)
		}
		for range 2 {
			if err := m.Close(); err != nil || m.X != nil || m.InFile() {
				t.Errorf("%s: closing: %v", path, err)
			}
		}
		after, err := os.ReadFile(path)
		if err != nil || !slices.Equal(before, after) {
			t.Errorf("%s: the file changed", path)
		}
	}
}

// Headers of any length before the elements, some of which misalign them, and
// orders of bytes and elements that memory does not have.
func TestMapOfOtherLayouts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.npy")
	for pad := range 9 {
		for _, header := range []string{
			"{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2)}%*s",
			"{'descr': '>f8', 'fortran_order': False, 'shape': (2, 2)}%*s",
			"{'descr': '<f8', 'fortran_order': True, 'shape': (2, 2)}%*s",
		} {
			if err := os.WriteFile(path, npyFile(1, fmt.Sprintf(header, pad, ""), 32), 0o600); err != nil {
				t.Fatal(err)
			}
			m, err := Map(path, FileOptions{})
			if err != nil || !slices.Equal(elementsOf(t, m.X), make([]float64, 4)) {
				t.Fatalf("%q with %d blanks: %v", header, pad, err)
			}
			if err := m.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestMapRefuses(t *testing.T) {
	folder := t.TempDir()
	short := filepath.Join(folder, "short.npy")
	if err := os.WriteFile(short, npyFile(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2)}", 31), 0o600); err != nil {
		t.Fatal(err)
	}
	false1 := filepath.Join(folder, "false.fbin")
	if err := os.WriteFile(false1, words(math.MaxInt32, 100, 0), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{short: ErrFormat, false1: ErrFormat, "absent.npy": os.ErrNotExist, "x": ErrUnknownFormat} {
		if m, err := Map(path, FileOptions{}); !errors.Is(err, want) || m != nil {
			t.Errorf("Map %q: %v, want %v", path, err, want)
		}
	}
	if _, err := Map(short, FileOptions{Dtype: tensor.Int}); !errors.Is(err, ErrDtype) {
		t.Errorf("dtype int: %v", err)
	}
}
