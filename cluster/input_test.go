package cluster

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gorgonia.org/tensor"
)

// refused fails unless err wraps sentinel and its text has all the parts: what
// came, and what was expected.
func refused(t *testing.T, what string, err, sentinel error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: no error", what)
		return
	}
	if !errors.Is(err, sentinel) {
		t.Errorf("%s: %q does not wrap %q", what, err, sentinel)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("%s: %q does not say %q", what, err, p)
		}
	}
}

// uses are all functions that take rows, each with what the error calls them.
func uses(centers *tensor.Dense) map[string]func(x *tensor.Dense) error {
	ctx := context.Background()
	labels := make([]int32, 6)
	k := centers.Shape()[0]
	return map[string]func(x *tensor.Dense) error{
		"Fit":        func(x *tensor.Dense) error { _, err := KMeans{K: k}.Fit(ctx, x); return err },
		"FitPredict": func(x *tensor.Dense) error { _, err := KMeans{K: k, Tol: -1}.FitPredict(ctx, x); return err },
		"Predict":    func(x *tensor.Dense) error { _, err := modelOf(centers).Predict(ctx, x); return err },
		"Transform":  func(x *tensor.Dense) error { _, err := modelOf(centers).Transform(ctx, x); return err },
		"Score":      func(x *tensor.Dense) error { _, err := modelOf(centers).Score(ctx, x); return err },
		"EStep": func(x *tensor.Dense) error {
			if x != nil && x.Dtype() == tensor.Float32 {
				c := centers.Data().([]float64)
				centers = matrixOf(tensor.Float32, centers.Shape()[1], c...)
			}
			_, err := EStep(ctx, x, centers, 1)
			return err
		},
		"MStep": func(x *tensor.Dense) error {
			n := 6
			if x != nil && x.Dims() == 2 {
				n = x.Shape()[0]
			}
			_, err := MStep(ctx, x, append(labels, make([]int32, n)...)[:n], nil, k, 1)
			return err
		},
		"MStep, weighted": func(x *tensor.Dense) error {
			n := 6
			if x != nil && x.Dims() == 2 {
				n = x.Shape()[0]
			}
			_, err := MStep(ctx, x, make([]int32, n), each(n, func(int) float64 { return 2 }), k, 1)
			return err
		},
	}
}

func modelOf(centers *tensor.Dense) *Model { return &Model{Centers: centers} }

// TestNotFinite: the first NaN or infinity is named by row and column.
func TestNotFinite(t *testing.T) {
	for _, dt := range dtypes {
		for _, bad := range []struct {
			v    float64
			name string
		}{{math.NaN(), "NaN"}, {math.Inf(1), "+Inf"}, {math.Inf(-1), "-Inf"}} {
			for _, d := range []int{2, 3, 20} {
				n := 700
				v := noise(random(1), n, d)
				v[517*d+1] = bad.v
				v[600*d] = math.NaN() // a later one
				centers := matrix(d, noise(random(2), 4, d)...)
				for use, call := range uses(centers) {
					refused(t, fmt.Sprintf("%v %s D=%d %s", dt, use, d, bad.name), call(matrixOf(dt, d, v...)), ErrInput,
						"x has "+bad.name+" at row 517, column 1")
				}
			}
		}
	}
}

// TestNotRows: no float matrix.
func TestNotRows(t *testing.T) {
	scalar := tensor.New(tensor.FromScalar(3.0))
	masked := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{1, 2, 3, 4}, []bool{false, true, false, false}))
	for _, c := range []struct {
		name  string
		x     *tensor.Dense
		parts []string
	}{
		{"nil", nil, []string{"is nil", "N×D", "float32 or float64"}},
		{"one dimension", tensor.New(tensor.WithShape(6), tensor.WithBacking(make([]float64, 6))), []string{"shape (6)", "two dimensions"}},
		{"three dimensions", tensor.New(tensor.WithShape(2, 3, 1), tensor.WithBacking(make([]float64, 6))), []string{"shape (2, 3, 1)", "two dimensions"}},
		{"a scalar", scalar, []string{"shape ()", "two dimensions"}},
		{"int", tensor.New(tensor.WithShape(3, 2), tensor.WithBacking(make([]int, 6))), []string{"dtype int", "float32 and float64"}},
		{"int32", tensor.New(tensor.WithShape(3, 2), tensor.WithBacking(make([]int32, 6))), []string{"dtype int32", "convert"}},
		{"uint8", tensor.New(tensor.WithShape(3, 2), tensor.WithBacking(make([]uint8, 6))), []string{"dtype uint8", "convert"}},
		{"bool", tensor.New(tensor.WithShape(3, 2), tensor.WithBacking(make([]bool, 6))), []string{"dtype bool"}},
		{"complex64", tensor.New(tensor.WithShape(3, 2), tensor.WithBacking(make([]complex64, 6))), []string{"dtype complex64", "float32 and float64"}},
		{"complex128", tensor.New(tensor.WithShape(3, 2), tensor.WithBacking(make([]complex128, 6))), []string{"dtype complex128", "float32 and float64"}},
		{"no rows", tensor.New(tensor.WithShape(0, 2), tensor.Of(tensor.Float64)), []string{"is empty", "(0, 2)"}},
		{"no columns", tensor.New(tensor.WithShape(3, 0), tensor.Of(tensor.Float32)), []string{"is empty", "(3, 0)"}},
		{"masked", masked, []string{"masked", "drop the masked rows"}},
	} {
		for use, call := range uses(matrix(2, 1., 2)) {
			refused(t, c.name+", "+use, call(c.x), ErrInput, append(c.parts, "x ")...)
		}
		_, err := FromCenters(c.x)
		refused(t, c.name+", FromCenters", err, ErrInput, append(c.parts, "centers ")...)
		_, err = KMeans{K: 1, Init: Given{c.x}}.Fit(t.Context(), matrix(2, 1., 2))
		refused(t, c.name+", Given", err, ErrInput, append(c.parts, "the initial centers ")...)
		_, err = EStep(t.Context(), matrix(2, 1., 2), c.x, 1)
		refused(t, c.name+", EStep's centers", err, ErrInput, append(c.parts, "centers ")...)
		s, err := MStep(t.Context(), matrix(2, 1., 2), []int32{0}, nil, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Centers(c.x)
		refused(t, c.name+", Statistics.Centers", err, ErrInput, append(c.parts, "the previous centers ")...)
		_, err = modelOf(c.x).Predict(t.Context(), matrix(2, 1., 2))
		refused(t, c.name+", a model's centers", err, ErrInput, "the model")
	}
}

// TestWrongColumns: D of the rows and of the centers differ.
func TestWrongColumns(t *testing.T) {
	for _, d := range []int{1, 3} {
		x := matrix(d, noise(random(1), 6, d)...)
		for _, use := range []string{"Predict", "Transform", "Score"} {
			refused(t, use, uses(matrix(2, 1., 2))[use](x), ErrInput, fmt.Sprintf("x has %d columns", d), "fitted to 2")
		}
		refused(t, "EStep", uses(matrix(2, 1., 2))["EStep"](x), ErrInput, fmt.Sprintf("the rows have %d columns, the centers have 2", d))
		_, err := KMeans{K: 2, Init: Given{matrix(2, 1., 2, 3, 4)}}.Fit(t.Context(), x)
		refused(t, "Given", err, ErrInput, "initial centers", "2×2", fmt.Sprintf("expected K×D = 2×%d", d))
	}
	x, y := matrix(1, 1., 2), matrixOf(tensor.Float32, 1, 1, 2)
	_, err := EStep(t.Context(), x, y, 1)
	refused(t, "EStep of two dtypes", err, ErrInput, "x is float64", "centers are float32", "convert")
}

// TestSettings: each field of KMeans out of its range.
func TestSettings(t *testing.T) {
	x := matrix(2, noise(random(1), 5, 2)...)
	for _, c := range []struct {
		name  string
		km    KMeans
		parts []string
	}{
		{"K not set", KMeans{}, []string{"K is 0", "at least 1"}},
		{"K below 0", KMeans{K: -3}, []string{"K is -3", "at least 1"}},
		{"N < K", KMeans{K: 6}, []string{"K is 6", "only 5 rows", "not be larger"}},
		{"Restarts", KMeans{K: 2, Restarts: -1}, []string{"Restarts is -1", "at least 1"}},
		{"MaxIter", KMeans{K: 2, MaxIter: -2}, []string{"MaxIter is -2", "at least 1"}},
		{"Threads", KMeans{K: 2, Threads: -4}, []string{"Threads is -4", "at least 1", "GOMAXPROCS"}},
		{"Tol NaN", KMeans{K: 2, Tol: math.NaN()}, []string{"Tol is NaN", "finite"}},
		{"Tol +Inf", KMeans{K: 2, Tol: math.Inf(1)}, []string{"Tol is +Inf", "finite"}},
		{"Tol -Inf", KMeans{K: 2, Tol: math.Inf(-1)}, []string{"Tol is -Inf", "finite"}},
		{"Candidates", KMeans{K: 2, Init: KMeansPlusPlus{Candidates: -1}}, []string{"Candidates is -1", "at least 1"}},
		{"nil InitFunc", KMeans{K: 2, Init: InitFunc(nil)}, []string{"nil InitFunc"}},
		{"a pointer to an Init", KMeans{K: 2, Init: &KMeansPlusPlus{}}, []string{"Init is a *cluster.KMeansPlusPlus"}},
		{"a nil pointer to an Init", KMeans{K: 2, Init: (*Random)(nil)}, []string{"Init is a *cluster.Random"}},
	} {
		for _, dt := range dtypes {
			_, err := c.km.Fit(t.Context(), matrixOf(dt, 2, numbers(t, x)...))
			refused(t, c.name, err, ErrParameter, c.parts...)
		}
	}
	_, err := KMeans{K: 3}.FitWeighted(t.Context(), x, []float64{1, 0, 0, 0, 1})
	refused(t, "fewer weighted rows than K", err, ErrParameter, "K is 3", "only 2 rows have a weight above 0")
	_, err = MStep(t.Context(), x, make([]int32, 5), nil, 0, 1)
	refused(t, "MStep", err, ErrParameter, "K is 0", "at least 1")
}

// TestBadWeights.
func TestBadWeights(t *testing.T) {
	x := matrix(2, noise(random(1), 5, 2)...)
	for _, c := range []struct {
		name    string
		weights []float64
		parts   []string
	}{
		{"too few", []float64{1, 1, 1, 1}, []string{"4 weights for 5 rows"}},
		{"too many", make([]float64, 6), []string{"6 weights for 5 rows"}},
		{"none", []float64{}, []string{"0 weights for 5 rows"}},
		{"negative", []float64{1, 1, 1, -.5, -1}, []string{"weight 3", "-0.5", "not be negative"}},
		{"NaN", []float64{1, math.NaN(), 1, 1, 1}, []string{"weight 1", "NaN", "finite"}},
		{"+Inf", []float64{1, 1, math.Inf(1), 1, 1}, []string{"weight 2", "+Inf", "finite"}},
		{"-Inf", []float64{1, 1, math.Inf(-1), 1, 1}, []string{"weight 2", "-Inf", "not be negative"}},
		{"all 0", make([]float64, 5), []string{"all weights are 0"}},
		{"too large together", []float64{1e308, 1e308, 1, 1, 1}, []string{"weights", "scale them down"}},
	} {
		_, err := KMeans{K: 2}.FitWeighted(t.Context(), x, c.weights)
		refused(t, c.name, err, ErrInput, c.parts...)
		_, err = MStep(t.Context(), x, make([]int32, 5), c.weights, 2, 1)
		if c.name == "all 0" { // a block of a stream may be like that
			if err != nil {
				t.Errorf("MStep with all weights 0: %v", err)
			}
			continue
		}
		refused(t, c.name+", MStep", err, ErrInput, c.parts...)
	}
	// Finite weights and rows whose squares and sums are not, together.
	for _, km := range []KMeans{{K: 2}, {K: 2, Tol: -1}, {K: 2, Tol: -1, Init: Random{}}} {
		_, err := km.FitWeighted(t.Context(), matrix(1, 1e10, -1e10, 5), []float64{1e300, 1, 1})
		refused(t, "weights × squares", err, ErrInput, "weights", "scale")
	}
}

// TestTooLargeOrSmall: numbers whose squares the dtype does not hold.
func TestTooLargeOrSmall(t *testing.T) {
	large := []float64{1, 2, 3, 1e30, 5, 6}
	for use, call := range uses(matrix(2, 0., 0, 1, 1)) {
		if use == "EStep" || use == "Predict" || use == "Score" || use == "Transform" {
			continue // below
		}
		refused(t, use, call(matrixOf(tensor.Float32, 2, large...)), ErrInput, "x: there is an element of magnitude 1e+30", "float32", "scale the data down", "use float64")
		if err := call(matrix(2, large...)); err != nil {
			t.Errorf("%s in float64: %v", use, err)
		}
	}
	single := matrixOf(tensor.Float32, 2, 0, 0, 1, 1)
	for _, use := range []string{"Predict", "Score", "EStep"} {
		refused(t, use, uses(matrix(2, 0., 0, 1, 1))["EStep"](matrixOf(tensor.Float32, 2, large...)), ErrInput, "row 1 of x", "too far", "use float64")
	}
	m := fromCentersOf(t, single)
	_, err := m.Predict(t.Context(), matrixOf(tensor.Float32, 2, large...))
	refused(t, "Predict", err, ErrInput, "row 1 of x", "too far", "float32")
	_, err = m.Score(t.Context(), matrixOf(tensor.Float32, 2, large...))
	refused(t, "Score", err, ErrInput, "row 1 of x", "too far", "float32")
	_, err = m.Transform(t.Context(), matrixOf(tensor.Float32, 2, large...))
	refused(t, "Transform", err, ErrInput, "overflows float32", "scale the data down")
	if _, err := m.Predict(t.Context(), matrix(2, large...)); err != nil { // float64 rows: computed in float64
		t.Errorf("float64 rows on a float32 model: %v", err)
	}
	_, err = KMeans{K: 2}.Fit(t.Context(), matrix(2, 1, 2, 3, 1e200, 5, 6))
	refused(t, "float64", err, ErrInput, "1e+200", "float64", "scale the data down")
	_, err = KMeans{K: 2}.Fit(t.Context(), matrixOf(tensor.Float32, 1, 1e-30, 2e-30))
	refused(t, "too small", err, ErrInput, "2e-30", "vanishes in float32", "scale the data up", "use float64")
}

// TestBadInitialCenters: given, or returned by an InitFunc.
func TestBadInitialCenters(t *testing.T) {
	mine := errors.New("no luck today")
	returning := func(c *tensor.Dense, err error) InitFunc {
		return func(context.Context, *tensor.Dense, int, *rand.Rand) (*tensor.Dense, error) { return c, err }
	}
	for _, dt := range dtypes {
		x := matrixOf(dt, 2, noise(random(1), 9, 2)...)
		for _, c := range []struct {
			name    string
			centers *tensor.Dense
			parts   []string
		}{
			{"K", matrix(2, 1., 2, 3, 4), []string{"2×2", "expected K×D = 3×2"}},
			{"D", matrix(3, make([]float64, 9)...), []string{"3×3", "expected K×D = 3×2"}},
			{"transposed", matrix(3, make([]float64, 6)...), []string{"2×3", "expected K×D = 3×2"}},
			{"NaN", matrix(2, 1., 2, 3, math.NaN(), 5, 6), []string{"NaN at row 1, column 1"}},
			{"-Inf", matrixOf(tensor.Float32, 2, 1, 2, 3, 4, math.Inf(-1), 6), []string{"-Inf at row 2, column 0"}},
			{"too large", matrix(2, 1., 2, 3, 4, 5, 1e300), []string{"1e+300"}},
			{"one and all too far", matrix(2, 1e300, 1e300, 1e300, 1e300, 1e300, 1e300), []string{"1e+300"}},
			{"int", tensor.New(tensor.WithShape(3, 2), tensor.WithBacking(make([]int64, 6))), []string{"dtype int64"}},
			{"1-D", tensor.New(tensor.WithShape(6), tensor.WithBacking(make([]float64, 6))), []string{"shape (6)"}},
			{"nil", nil, []string{"nil"}},
		} {
			_, err := KMeans{K: 3, Init: Given{c.centers}}.Fit(t.Context(), x)
			refused(t, fmt.Sprintf("%v %s, given", dt, c.name), err, ErrInput, append(c.parts, "the initial centers")...)
			_, err = KMeans{K: 3, Init: returning(c.centers, nil)}.Fit(t.Context(), x)
			refused(t, fmt.Sprintf("%v %s, InitFunc", dt, c.name), err, ErrInput, append(c.parts, "InitFunc")...)
		}
		m, err := KMeans{K: 3, Init: returning(nil, mine)}.Fit(t.Context(), x)
		refused(t, "InitFunc's own error", err, mine, "InitFunc", "no luck today")
		if m != nil {
			t.Errorf("a model came with it")
		}
		// Large for float32, fine for float64.
		_, err = KMeans{K: 3, Init: Given{matrix(2, 1., 2, 3, 4, 1e30, 1e30)}}.Fit(t.Context(), x)
		if dt == tensor.Float64 && err != nil {
			t.Errorf("%v", err)
		} else if dt == tensor.Float32 {
			refused(t, "1e30 as float32", err, ErrInput, "the initial centers", "1e+30")
		}
	}
	// Initial centers at 0 or next to it are fine, whatever the rows.
	if _, err := (KMeans{K: 2, Init: Given{matrix(1, 0., 1e-300)}}).Fit(t.Context(), matrix(1, 1., 2, 3)); err != nil {
		t.Error(err)
	}
}

// TestBadSteps: what only EStep and MStep take.
func TestBadSteps(t *testing.T) {
	x := matrix(2, noise(random(1), 4, 2)...)
	_, err := MStep(t.Context(), x, []int32{0, 1, 2}, nil, 3, 1)
	refused(t, "labels", err, ErrInput, "3 labels for 4 rows")
	_, err = MStep(t.Context(), x, []int32{0, 1, 3, 0}, nil, 3, 1)
	refused(t, "a label of K", err, ErrInput, "row 2", "is 3", "K = 3")
	_, err = EStep(t.Context(), x, matrix(2, 1., math.NaN()), 1)
	refused(t, "EStep", err, ErrInput, "centers has NaN at row 0, column 1")
	_, err = FromCenters(matrix(2, 1., math.Inf(1)))
	refused(t, "FromCenters", err, ErrInput, "centers has +Inf at row 0, column 1")
	s, err := MStep(t.Context(), x, []int32{0, 1, 1, 0}, nil, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Centers(matrix(2, 1., 2, 3, 4, 5, 6))
	refused(t, "Statistics.Centers", err, ErrInput, "3×2", "2 clusters with 2 columns")
	var none *Model
	_, err = none.Predict(t.Context(), x)
	refused(t, "no model", err, ErrInput, "no centers", "fit it")
	_, err = (&Model{}).Transform(t.Context(), x)
	refused(t, "an empty model", err, ErrInput, "no centers", "fit it")
	refused(t, "Save", (&Model{}).Save(nil), ErrInput, "no centers")
}
