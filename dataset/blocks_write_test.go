package dataset

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"
)

// A source writes, block by block, the bytes that WriteFile writes at once.
func TestSourceWritesEveryFormat(t *testing.T) {
	const rows, cols = 270_000, 4 // more than a block
	data := make([]float32, rows*cols)
	for i := range data {
		data[i] = float32(i % 128)
	}
	x := asTensor(rows, cols, data)
	folder := t.TempDir()
	in := filepath.Join(folder, "in")
	for _, ending := range []string{".npy", ".csv"} {
		if err := WriteFile(in+ending, x); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range Formats() {
		if !f.Writes || (testing.Short() && f.Ending != ".npy" && f.Ending != ".bvecs") {
			continue
		}
		want := filepath.Join(folder, "want"+f.Ending)
		if err := WriteFile(want, x); err != nil {
			t.Fatal(err)
		}
		for _, from := range []string{".npy", ".csv"} {
			if f.Ending != ".npy" && from == ".csv" {
				continue
			}
			out := filepath.Join(folder, "out"+f.Ending)
			s, err := Open(in+from, FileOptions{Dtype: tensor.Float32})
			if err != nil {
				t.Fatal(err)
			}
			var steps []int
			n, err := s.WriteFile(out, func(rows int) error { steps = append(steps, rows); return nil })
			if err != nil || n != rows {
				t.Fatalf("%s to %s: %d rows, %v", from, f.Ending, n, err)
			}
			if fmt.Sprint(steps) != "[0 262144]" && fmt.Sprint(steps) != "[0 0 0 262144]" { // counted first
				t.Errorf("%s to %s: steps %v", from, f.Ending, steps)
			}
			a, errA := os.ReadFile(want)
			b, errB := os.ReadFile(out)
			if errA != nil || errB != nil || !slices.Equal(a, b) {
				t.Errorf("%s to %s: other bytes than WriteFile's (%v, %v)", from, f.Ending, errA, errB)
			}
		}
	}
}

// Column names go from text to Parquet and back, and an error of before leaves no file.
func TestSourceKeepsNames(t *testing.T) {
	folder := t.TempDir()
	text := "a,b\n1,2\n3,4.5\n"
	at := func(name string) string { return filepath.Join(folder, name) }
	if err := os.WriteFile(at("x.csv"), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, step := range [][2]string{{"x.csv", "x.parquet"}, {"x.parquet", "y.csv"}, {"y.csv", "z.csv.gz"}} {
		s, err := Open(at(step[0]), FileOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.WriteFile(at(step[1]), nil); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(at("y.csv")); err != nil || string(got) != text {
		t.Errorf("%q, %v", got, err)
	}

	s, err := Open(at("x.csv"), FileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	enough := errors.New("enough")
	for _, name := range []string{"q.npy", "q.csv"} {
		if _, err := s.WriteFile(at(name), func(int) error { return enough }); !errors.Is(err, enough) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.WriteFile(at("q.bvecs"), nil); !errors.Is(err, ErrDtype) || !strings.Contains(err.Error(), "row 1, column 1") {
		t.Errorf("4.5 in uint8: %v", err)
	}
	if _, err := s.WriteFile(at("q.png"), nil); !errors.Is(err, ErrUnknownFormat) {
		t.Errorf("an image: %v", err)
	}
	if err := os.WriteFile(at("x.csv"), []byte("a,b\n1,x\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := s.WriteFile(at("q.npy"), nil); !errors.Is(err, ErrFormat) {
		t.Errorf("text: %v", err)
	}
	for _, name := range names(t, folder) {
		if name[0] == 'q' || name[0] == '.' {
			t.Errorf("%s was left", name)
		}
	}
}

func TestColumnsOfText(t *testing.T) {
	const text = "id,x, y ,x2,x2\na,1,2,3,4\nb,5,6,7,8\n"
	for _, c := range []struct {
		columns []string
		want    string
	}{
		{[]string{"y", "x"}, "[2 1 6 5]"},
		{[]string{"x", "x"}, "[1 1 5 5]"},
		{[]string{"z"}, `no column "z"`},
		{[]string{"x2"}, `more than one column "x2"`},
		{[]string{"id"}, `line 2, column 1: "a" is not a number`},
	} {
		table, err := ReadCSV(strings.NewReader(text), CSVOptions{Columns: c.columns})
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = fmt.Sprint(elementsOf(t, table.X))
			if !slices.Equal(table.Header, c.columns) {
				t.Errorf("%v: header %v", c.columns, table.Header)
			}
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%v: %s, want %s", c.columns, got, c.want)
		}
	}
	if _, err := ReadCSV(strings.NewReader(text), CSVOptions{Columns: []string{"x"}, Header: HeaderAbsent}); !errors.Is(err, ErrConfig) {
		t.Errorf("names without a header: %v", err)
	}
}

func TestColumnFiles(t *testing.T) {
	folder := t.TempDir()
	list := "\x93NUMPY\x01\x00\x3e\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }    \n\x00\x00\x80\x3f\x00\x00\x00\x40"
	for name, content := range map[string]string{
		"w.csv": "1\n2\n", "list.npy": list, "table.csv": "a,w\nx,1\ny,2\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for name, o := range map[string]FileOptions{"w.csv": {}, "list.npy": {}, "table.csv": {Columns: []string{"w"}}} {
		if got, err := ReadColumnFile(filepath.Join(folder, name), o); err != nil || fmt.Sprint(got) != "[1 2]" {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if _, err := ReadFile(filepath.Join(folder, "list.npy"), FileOptions{}); !errors.Is(err, ErrShape) {
		t.Errorf("a list as a matrix: %v", err)
	}
	wide := filepath.Join(folder, "wide.csv")
	if err := os.WriteFile(wide, []byte("1,2\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadColumnFile(wide, FileOptions{}); !errors.Is(err, ErrShape) {
		t.Errorf("two columns: %v", err)
	}
}

func TestOptionsWithoutUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.npy")
	if err := WriteFile(path, asTensor(1, 1, []float32{1})); err != nil {
		t.Fatal(err)
	}
	for _, o := range []FileOptions{{Array: "a"}, {Columns: []string{"a"}}} {
		if _, err := ReadFile(path, o); !errors.Is(err, ErrConfig) {
			t.Errorf("%v: %v", o, err)
		}
		if _, err := Open(path, o); !errors.Is(err, ErrConfig) {
			t.Errorf("%v: %v", o, err)
		}
	}
}
