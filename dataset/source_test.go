package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"
)

// pasted reads a source in blocks and puts them together.
func pasted(t *testing.T, s *Source, rows int) []float64 {
	t.Helper()
	var all []float64
	first := 0
	for block, err := range s.Blocks(rows) {
		if err != nil {
			t.Fatal(err)
		}
		shape := block.Shape()
		if shape[1] != s.Columns() || block.Dtype() != s.Dtype() || (rows > 0 && shape[0] > rows) {
			t.Fatalf("a block of %v, %v", shape, block.Dtype())
		}
		if first > 0 && len(all) != first*s.Columns() {
			t.Fatal("a short block is not the last one")
		}
		if rows > 0 && shape[0] == rows {
			first += rows
		}
		all = append(all, elementsOf(t, block)...)
	}
	return all
}

func TestBlocksOfEveryFormat(t *testing.T) {
	const rows, cols = 101, 3
	data := make([]float32, rows*cols)
	for i := range data {
		data[i] = float32(i % 128)
	}
	x := asTensor(rows, cols, data)
	folder := t.TempDir()
	for _, f := range Formats() {
		if !f.Writes {
			continue
		}
		endings := []string{f.Ending}
		if f.Packs {
			endings = append(endings, f.Ending+".gz", f.Ending+".zst")
		}
		for _, ending := range endings {
			path := filepath.Join(folder, "x"+ending)
			if err := WriteFile(path, x); err != nil {
				t.Fatal(err)
			}
			for _, dt := range []tensor.Dtype{{}, tensor.Float32, tensor.Float64} {
				s, err := Open(path, FileOptions{Dtype: dt})
				if err != nil {
					t.Fatal(err)
				}
				known := !strings.HasSuffix(f.Ending, "sv") && (!strings.HasSuffix(f.Ending, "vecs") || ending == f.Ending)
				if want := map[bool]int{true: rows, false: -1}[known]; s.Rows() != want || s.Columns() != cols {
					t.Errorf("%s: shape (%d, %d), want (%d, %d)", ending, s.Rows(), s.Columns(), want, cols)
				}
				for _, n := range []int{1, 7, 100, 101, 1 << 40, 0} {
					if got := pasted(t, s, n); !slices.Equal(got, elementsOf(t, x)) {
						t.Errorf("%s in blocks of %d: %v", ending, n, got)
					}
				}
				for range s.Blocks(1) {
					break
				}
			}
		}
	}
}

func TestBlocksOfColumnMajor(t *testing.T) {
	const rows, cols = 101, 3
	for _, descr := range []string{"<f4", ">f8", "|u1"} {
		size := int(descr[2] - '0')
		in := npyFile(1, fmt.Sprintf("{'descr': '%s', 'fortran_order': True, 'shape': (%d, %d), }", descr, rows, cols), rows*cols*size)
		for i := range rows * cols * size {
			in[len(in)-1-i] = byte(i % 63)
		}
		want, err := ReadNPY(bytes.NewReader(in), NPYOptions{})
		if err != nil {
			t.Fatal(err)
		}
		folder := t.TempDir()
		path := filepath.Join(folder, "x.npy")
		if err := os.WriteFile(path, in, 0o600); err != nil {
			t.Fatal(err)
		}
		packed := filepath.Join(folder, "x.npy.gz")
		write := func(name string) {
			var out bytes.Buffer
			if err := packingGzip.writer(&out, byteWriter(in)); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, out.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		write(packed)
		for _, name := range []string{path, packed} {
			s, err := Open(name, FileOptions{})
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range []int{1, 10, 0} {
				if got := pasted(t, s, n); !slices.Equal(got, elementsOf(t, want)) {
					t.Errorf("%s of %s in blocks of %d: %v", name, descr, n, got)
				}
			}
		}
	}
}

func TestBlocksReportErrors(t *testing.T) {
	folder := t.TempDir()
	file := func(name, content string) *Source {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path, FileOptions{Dtype: tensor.Float32})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	big := string(npyFile(1, "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 2), }", 0)) + strings.Repeat("\xff\xff\xff\xff\xff\xff\xef\x7f", 4)
	npy := file("x.npy", string(npyFile(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 1), }", 16)))
	if err := os.WriteFile(npy.path, npyFile(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1), }", 16), 0o600); err != nil {
		t.Fatal(err)
	}
	gone := file("gone.csv", "1\n")
	if err := os.Remove(gone.path); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		s    *Source
		want error
		good int
		says string
	}{
		"text late":    {file("a.csv", "1,2\n3,4\n5,x\n"), ErrFormat, 2, "line 3, column 2"},
		"ragged":       {file("b.tsv", "1\t2\n3\t4\n5\n"), ErrFormat, 2, "line 3"},
		"vecs":         {file("c.fvecs", string(words(1, 0, 1, 0, 2, 0, 1, 0))), ErrFormat, 2, "row 2"},
		"column-major": {file("d.npy", big), ErrDtype, 0, "row 0, column 0"},
		"changed":      {npy, ErrFormat, 0, "open it anew"},
		"gone":         {gone, os.ErrNotExist, 0, "gone.csv"},
	} {
		good := 0
		var last error
		for block, err := range c.s.Blocks(1) {
			if last != nil {
				t.Errorf("%s: it goes on after an error", name)
			}
			if last = err; err == nil {
				good++
			} else if block != nil {
				t.Errorf("%s: a block comes with the error", name)
			}
		}
		if !errors.Is(last, c.want) || good != c.good || !strings.Contains(last.Error(), c.says) {
			t.Errorf("%s: %d blocks, %v; want %d, %v saying %q", name, good, last, c.good, c.want, c.says)
		}
	}
	for _, err := range file("e.csv", "1\n").Blocks(-1) {
		if !errors.Is(err, ErrConfig) {
			t.Errorf("blocks of -1 rows: %v", err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	folder := t.TempDir()
	bad := filepath.Join(folder, "bad.npy")
	if err := os.WriteFile(bad, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{
		filepath.Join(folder, "absent.csv"): os.ErrNotExist,
		"x":                                 ErrUnknownFormat,
		folder:                              ErrNotFile,
		os.DevNull:                          ErrNotFile,
		bad:                                 ErrFormat,
	} {
		if runtime.GOOS == "windows" && path == os.DevNull {
			continue
		}
		if s, err := Open(path, FileOptions{}); !errors.Is(err, want) || s != nil {
			t.Errorf("Open %q: %v, want %v", path, err, want)
		}
	}
	if _, err := Open(bad, FileOptions{Dtype: tensor.Int}); !errors.Is(err, ErrDtype) {
		t.Errorf("dtype int: %v", err)
	}
}

// The memory for blocks does not depend on the file.
func TestBlocksAllocateOneBlock(t *testing.T) {
	const rows, cols = 50_000, 32
	path := filepath.Join(t.TempDir(), "x.fbin")
	if err := WriteFile(path, tensor.New(tensor.WithShape(rows, cols), tensor.Of(tensor.Float32))); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, FileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	n := allocated(func() {
		for block, err := range s.Blocks(1000) {
			if err != nil {
				t.Fatal(err)
			}
			seen += block.Shape()[0]
		}
	})
	if most := uint64(1000*cols*4 + 1<<19); seen != rows || n > most {
		t.Errorf("%d rows allocate %d bytes, want at most %d", seen, n, most)
	}
}
