package dataset

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"gorgonia.org/tensor"
)

// layouts are tensors of many layouts that all show the matrix 1…6 as 3×2.
func layouts(t *testing.T) map[string]*tensor.Dense {
	t.Helper()
	slice := func(x *tensor.Dense, by ...tensor.Slice) *tensor.Dense {
		view, err := x.Slice(by...)
		if err != nil {
			t.Fatal(err)
		}
		return view.(*tensor.Dense)
	}
	backed := func(rows, cols int, data any, how ...tensor.ConsOpt) *tensor.Dense {
		return tensor.New(append([]tensor.ConsOpt{tensor.WithShape(rows, cols), tensor.WithBacking(data)}, how...)...)
	}
	lazy := backed(2, 3, []float64{1, 3, 5, 2, 4, 6})
	if err := lazy.T(); err != nil {
		t.Fatal(err)
	}
	moved := backed(2, 3, []float32{1, 3, 5, 2, 4, 6})
	if err := moved.T(); err != nil {
		t.Fatal(err)
	}
	if err := moved.Transpose(); err != nil {
		t.Fatal(err)
	}
	column := tensor.New(tensor.WithShape(3, 2), tensor.AsFortran([]float64{1, 2, 3, 4, 5, 6}))
	wide := backed(4, 4, []float32{0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0, 0, 5, 6, 0})
	fortran := tensor.New(tensor.WithShape(4, 3), tensor.AsFortran([]float64{0, 0, 0, 1, 2, 0, 3, 4, 0, 5, 6, 0}))
	return map[string]*tensor.Dense{
		"row-major":         backed(3, 2, []float64{1, 2, 3, 4, 5, 6}),
		"row-major f32":     backed(3, 2, []float32{1, 2, 3, 4, 5, 6}),
		"lazy transpose":    lazy,
		"moved transpose":   moved,
		"column-major":      column,
		"rows":              slice(backed(5, 2, []float64{0, 0, 1, 2, 3, 4, 5, 6, 0, 0}), tensor.S(1, 4)),
		"block":             slice(wide, tensor.S(1, 4), tensor.S(1, 3)),
		"column-major rows": slice(fortran, tensor.S(1, 4), tensor.S(0, 2)),
	}
}

func TestWritersFollowTheLayout(t *testing.T) {
	if s := layouts(t)["column-major"].Strides(); !slices.Equal(s, []int{1, 3}) {
		t.Fatalf("the column-major case has strides %v: it tests nothing", s)
	}
	for name, x := range layouts(t) {
		before := slices.Clone(elementsOf(t, x))
		var text, binary bytes.Buffer
		if err := WriteCSV(&text, x, nil); err != nil {
			t.Fatal(name, err)
		}
		if got := text.String(); got != "1,2\n3,4\n5,6\n" {
			t.Errorf("%s: WriteCSV gave %q", name, got)
		}
		if err := WriteNPY(&binary, x); err != nil {
			t.Fatal(name, err)
		}
		back, err := ReadNPY(&binary, NPYOptions{})
		if err != nil {
			t.Fatal(name, err)
		}
		if got := elementsOf(t, back); !slices.Equal(got, []float64{1, 2, 3, 4, 5, 6}) || back.Dtype() != x.Dtype() {
			t.Errorf("%s: WriteNPY gave %v of %v", name, got, back.Dtype())
		}
		if !slices.Equal(before, elementsOf(t, x)) {
			t.Errorf("%s: the tensor was changed", name)
		}
	}
}

func TestWideMatrixIsWrittenInBlocks(t *testing.T) {
	const rows, cols = 700, 131 // more than one chunk when transposed
	data := make([]float64, rows*cols)
	for i := range data {
		data[i] = float64(i)
	}
	x := tensor.New(tensor.WithShape(rows, cols), tensor.AsFortran(data))
	var out bytes.Buffer
	if err := WriteNPY(&out, x); err != nil {
		t.Fatal(err)
	}
	back, err := ReadNPY(&out, NPYOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(elementsOf(t, x), elementsOf(t, back)) {
		t.Error("the elements differ")
	}
}

func TestWritersRefuse(t *testing.T) {
	masked := tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float64{1, 2}, []bool{false, true}))
	view, err := tensor.New(tensor.WithShape(3, 4), tensor.WithBacking(make([]float32, 12))).Slice(tensor.S(0, 3, 2))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		x    *tensor.Dense
		want error
	}{
		"nil":       {nil, ErrShape},
		"zero":      {&tensor.Dense{}, ErrShape},
		"scalar":    {tensor.New(tensor.FromScalar(1.5)), ErrShape},
		"vector":    {tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{1, 2})), ErrShape},
		"cube":      {tensor.New(tensor.WithShape(1, 1, 2), tensor.WithBacking([]float64{1, 2})), ErrShape},
		"integers":  {tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]int64{1, 2})), ErrDtype},
		"masked":    {masked, ErrShape},
		"lost rank": {view.(*tensor.Dense), ErrShape}, // tensor v0.9.24: a step loses a dimension
	} {
		var out bytes.Buffer
		if err := WriteCSV(&out, c.x, nil); !errors.Is(err, c.want) {
			t.Errorf("%s: WriteCSV: %v", name, err)
		}
		if err := WriteNPY(&out, c.x); !errors.Is(err, c.want) {
			t.Errorf("%s: WriteNPY: %v", name, err)
		}
		if out.Len() != 0 {
			t.Errorf("%s: %d bytes were written", name, out.Len())
		}
	}
}
