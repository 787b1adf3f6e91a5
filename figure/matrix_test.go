package figure

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"
)

// dense makes a row-major float64 tensor.
func dense(rows, cols int, values ...float64) *tensor.Dense {
	return tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(values))
}

// refused fails unless err wraps the sentinel and its text has all the words.
func refused(t *testing.T, err, sentinel error, words ...string) {
	t.Helper()
	if !errors.Is(err, sentinel) {
		t.Fatalf("got error %v, want one wrapping %v", err, sentinel)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("error %q does not say %q", err, word)
		}
	}
}

func TestReadMatrixLayouts(t *testing.T) {
	view := func(d *tensor.Dense, slices ...tensor.Slice) *tensor.Dense {
		t.Helper()
		v, err := d.Slice(slices...)
		if err != nil {
			t.Fatal(err)
		}
		return v.(*tensor.Dense)
	}
	// The backing is given row by row, and kept column by column.
	columnMajor := tensor.New(tensor.WithShape(3, 2), tensor.AsFortran([]float64{1, 2, 3, 4, 5, 6}))
	if s := columnMajor.Strides(); !slices.Equal(s, []int{1, 3}) {
		t.Fatalf("the column-major tensor has strides %v", s)
	}
	transposed := dense(2, 3, 1, 3, 5, 2, 4, 6)
	if err := transposed.T(); err != nil {
		t.Fatal(err)
	}
	wide := dense(4, 4,
		0, 0, 0, 0,
		0, 1, 2, 0,
		0, 3, 4, 0,
		0, 5, 6, 0)
	for _, tt := range []struct {
		name string
		in   *tensor.Dense
	}{
		{"row-major", dense(3, 2, 1, 2, 3, 4, 5, 6)},
		{"float32", tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float32{1, 2, 3, 4, 5, 6}))},
		{"column-major", columnMajor},
		{"transposed", transposed},
		{"columns and rows of a larger one", view(wide, tensor.S(1, 4), tensor.S(1, 3))},
		{"first rows", view(dense(4, 2, 1, 2, 3, 4, 5, 6, 7, 8), tensor.S(0, 3))},
		{"every second column", view(dense(3, 4, 1, 9, 2, 9, 3, 9, 4, 9, 5, 9, 6, 9), nil, tensor.S(0, 4, 2))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !slices.Equal(tt.in.Shape(), []int{3, 2}) {
				t.Skipf("tensor made the shape %v of it", tt.in.Shape())
			}
			m, err := readMatrix("x", tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if want := []float64{1, 2, 3, 4, 5, 6}; m.rows != 3 || m.cols != 2 || !slices.Equal(m.values, want) {
				t.Errorf("read %d×%d %v, want 3×2 %v", m.rows, m.cols, m.values, want)
			}
		})
	}
}

func TestReadMatrixRefuses(t *testing.T) {
	masked := dense(2, 2, 1, 2, 3, 4)
	masked.ResetMask(false)
	for _, tt := range []struct {
		name     string
		in       *tensor.Dense
		sentinel error
		word     string
	}{
		{"nil", nil, ErrShape, "nil"},
		{"zero value", &tensor.Dense{}, ErrShape, "2 dimensions"},
		{"scalar", tensor.New(tensor.FromScalar(1.5)), ErrShape, "2 dimensions"},
		{"vector", tensor.New(tensor.WithShape(4), tensor.WithBacking([]float64{1, 2, 3, 4})), ErrShape, "(4)"},
		{"cube", tensor.New(tensor.WithShape(1, 2, 2), tensor.WithBacking([]float64{1, 2, 3, 4})), ErrShape, "(1, 2, 2)"},
		{"integers", tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]int{1, 2, 3, 4})), ErrDtype, "int"},
		{"masked", masked, ErrLayout, "masked"},
		{"NaN", dense(2, 2, 1, 2, 3, math.NaN()), ErrValue, "row 1, column 1"},
		{"infinite", dense(2, 2, 1, math.Inf(-1), 3, 4), ErrValue, "-Inf in row 0, column 1"},
		{"float32 NaN", tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float32{1, float32(math.NaN())})), ErrValue, "NaN"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := readMatrix("the input", tt.in)
			refused(t, err, tt.sentinel, "the input", tt.word)
		})
	}
}

func TestReaches(t *testing.T) {
	const huge = math.MaxInt
	for _, tt := range []struct {
		n, lastRow, down, lastCol, along int
		want                             bool
	}{
		{6, 2, 2, 1, 1, true},
		{5, 2, 2, 1, 1, false},
		{6, 2, 1, 1, 3, true},
		{1, 0, huge, 0, huge, true},
		{6, 2, huge, 1, 1, false},
		{6, 1, 2, 2, huge, false},
		{0, 0, 1, 0, 1, false},
	} {
		if got := reaches(tt.n, tt.lastRow, tt.down, tt.lastCol, tt.along); got != tt.want {
			t.Errorf("reaches(%d, %d, %d, %d, %d) = %v, want %v", tt.n, tt.lastRow, tt.down, tt.lastCol, tt.along, got, tt.want)
		}
	}
}
