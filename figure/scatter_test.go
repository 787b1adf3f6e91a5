package figure

import (
	"image/color"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gorgonia.org/tensor"
)

// placed returns where a scatter plot puts a data point on its page.
func placed(t *testing.T, s Scatter, x *tensor.Dense, labels []int32, centers *tensor.Dense) func(x, y float64) (vg.Length, vg.Length) {
	t.Helper()
	d, err := s.check(x, labels, centers)
	if err != nil {
		t.Fatal(err)
	}
	l := d.layout(draw.NewCanvas(nil, d.page.width, d.page.height))
	px, py := l.axes.Transforms(&l.data)
	return func(x, y float64) (vg.Length, vg.Length) { return px(x), py(y) }
}

func TestScatterColorsAndPlaces(t *testing.T) {
	// Four corners with a label each, and a center in the empty middle.
	x := dense(4, 2, 0, 0, 10, 0, 0, 10, 10, 10)
	labels := []int32{0, 1, 2, 3}
	centers := dense(1, 2, 5, 5)
	s := Scatter{PointSize: 12, HideLegend: true}
	f, err := s.Draw(x, labels, centers)
	img := painted(t, f, err)
	rimmed(t, img)

	// Without any knowledge of the layout: the right order on the page.
	var xs, ys [4]float64
	for i := range xs {
		n, px, py := where(img, LabelColor(int32(i)))
		if radius := 6.0 * 150 / 72; math.Abs(float64(n)-math.Pi*radius*radius) > 0.2*math.Pi*radius*radius {
			t.Errorf("label %d covers %d pixels, want about %.0f", i, n, math.Pi*radius*radius)
		}
		xs[i], ys[i] = px, py
	}
	if !(xs[0] < xs[1]-400 && xs[2] < xs[3]-400 && ys[0] > ys[2]+300 && ys[1] > ys[3]+300) {
		t.Errorf("the corners lie at x %v, y %v", xs, ys)
	}
	if math.Abs(xs[0]-xs[2]) > 1 || math.Abs(ys[0]-ys[1]) > 1 {
		t.Errorf("the corners form no rectangle: x %v, y %v", xs, ys)
	}
	// The center is half-transparent black in the middle of the four.
	midX, midY := int((xs[0]+xs[3])/2), int((ys[0]+ys[3])/2)
	for _, d := range []int{-10, -3, 3, 10} { // beside the grid lines
		c := img.NRGBAAt(midX+d, midY+3)
		if c.R != c.G || c.G != c.B || c.R < 0x78 || c.R > 0x84 {
			t.Errorf("at the center there is %v, want grey around 0x7f", c)
		}
	}

	// And by the layout: exactly there.
	place := placed(t, s, x, labels, centers)
	for i := range labels {
		px, py := place(float64(i%2*10), float64(i/2*10))
		if c := pixel(img, 150, px, py); c != LabelColor(int32(i)) {
			t.Errorf("at corner %d there is %v, want %v", i, c, LabelColor(int32(i)))
		}
	}
}

func TestCenterCoversPointsTranslucently(t *testing.T) {
	x, centers := dense(3, 2, 0, 0, 1, 1, 2, 0), dense(1, 2, 1, 1)
	labels := []int32{0, 1, 1}
	s := Scatter{PointSize: 20, CenterSize: 8}
	f, err := s.Draw(x, labels, centers)
	img := painted(t, f, err)
	px, py := placed(t, s, x, labels, centers)(1, 1)
	want := mixed(LabelColor(1), color.NRGBA{}, 128.0/255)
	got := pixel(img, 150, px, py)
	for _, d := range []int{int(got.R) - int(want.R), int(got.G) - int(want.G), int(got.B) - int(want.B)} {
		if d < -3 || d > 3 {
			t.Fatalf("under the center the point has color %v, want about %v", got, want)
		}
	}
	if c := pixel(img, 150, px+7, py); c != LabelColor(1) {
		t.Errorf("beside the center the point has color %v, want %v", c, LabelColor(1))
	}
}

func TestScatterWithoutLabels(t *testing.T) {
	f, err := Scatter{}.Draw(dense(2, 2, 0, 0, 1, 1), nil, nil)
	img := painted(t, f, err)
	if img.Bounds().Dx() != 960 || img.Bounds().Dy() != 720 {
		t.Errorf("the usual picture is %v, want 960×720", img.Bounds())
	}
	if n, _, _ := where(img, LabelColor(0)); n < 50 {
		t.Errorf("%d pixels of the one color", n)
	}
	if n, _, _ := where(img, LabelColor(1)); n != 0 {
		t.Errorf("%d pixels of a second color", n)
	}
}

func TestScatterReadsViewsAndLeavesInputsAlone(t *testing.T) {
	values := []float32{9, 0, 0, 9, 9, 3, 1, 9, 9, 5, 4, 9}
	wide := tensor.New(tensor.WithShape(3, 4), tensor.WithBacking(slices.Clone(values)))
	view, err := wide.Slice(nil, tensor.S(1, 3))
	if err != nil {
		t.Fatal(err)
	}
	labels := []int32{0, 1, 2}
	f, err := Scatter{}.Draw(view.(*tensor.Dense), labels, nil)
	a := painted(t, f, err)
	g, err := Scatter{}.Draw(dense(3, 2, 0, 0, 3, 1, 5, 4), []int32{0, 1, 2}, nil)
	b := painted(t, g, err)
	if !slices.Equal(wide.Data().([]float32), values) || !slices.Equal(labels, []int32{0, 1, 2}) {
		t.Error("an input has changed")
	}
	// What the caller does afterwards does not reach the figure.
	labels[0] = 5
	wide.Data().([]float32)[1] = -100
	again := painted(t, f, nil)
	for y := range 720 {
		for x := range 960 {
			if a.NRGBAAt(x, y) != b.NRGBAAt(x, y) || a.NRGBAAt(x, y) != again.NRGBAAt(x, y) {
				t.Fatalf("pixel (%d, %d) differs", x, y)
			}
		}
	}
}

func TestLegend(t *testing.T) {
	x := dense(3, 2, 0, 0, 1, 1, 2, 0)
	labels := []int32{0, 7, 7}
	with, err := Scatter{}.Draw(x, labels, nil)
	a := painted(t, with, err)
	without, err := Scatter{HideLegend: true}.Draw(x, labels, nil)
	b := painted(t, without, err)
	na, _, _ := where(a, LabelColor(7))
	nb, _, _ := where(b, LabelColor(7))
	if na <= nb {
		t.Errorf("the legend has no mark: %d pixels with, %d without", na, nb)
	}

	// Hundreds of labels: some rows, then a count of the others.
	const n = 300
	values := make([]float64, 2*n)
	many := make([]int32, n)
	for i := range many {
		many[i], values[2*i], values[2*i+1] = int32(i), float64(i), float64(i%7)
	}
	d, err := Scatter{}.check(dense(n, 2, values...), many, nil)
	if err != nil {
		t.Fatal(err)
	}
	l := d.layout(draw.NewCanvas(nil, d.page.width, d.page.height)).legend
	shown := len(l.rows) - 1
	if want := letters("… and ", 10).text; shown < 20 || l.rows[shown].words.text[:len(want)] != want || l.rows[shown].mark != nil {
		t.Errorf("the legend of %d labels has %d rows and ends with %q", n, len(l.rows), l.rows[shown].words.text)
	}
	if room := 0.4 * (d.page.width - 2*margin); l.width() > room {
		t.Errorf("the legend is %v points wide, want up to %v", l.width(), room)
	}
	f, err := Scatter{}.Draw(dense(n, 2, values...), many, nil)
	rimmed(t, painted(t, f, err))
}

func TestScatterRefuses(t *testing.T) {
	x := dense(2, 2, 1, 2, 3, 4)
	for _, tt := range []struct {
		name     string
		s        Scatter
		x        *tensor.Dense
		labels   []int32
		centers  *tensor.Dense
		sentinel error
		words    []string
	}{
		{"three columns", Scatter{}, dense(1, 3, 1, 2, 3), nil, nil, ErrShape, []string{"x", "(1, 3)", "two columns"}},
		{"one column", Scatter{}, dense(3, 1, 1, 2, 3), nil, nil, ErrShape, []string{"x"}},
		{"no points", Scatter{}, nil, nil, nil, ErrShape, []string{"x is nil"}},
		{"centers of three columns", Scatter{}, x, nil, dense(1, 3, 1, 2, 3), ErrShape, []string{"centers", "two columns"}},
		{"integers", Scatter{}, tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]int32{1, 2})), nil, nil, ErrDtype, []string{"int32"}},
		{"too few labels", Scatter{}, x, []int32{0}, nil, ErrShape, []string{"1 labels", "2 points"}},
		{"empty labels", Scatter{}, x, []int32{}, nil, ErrShape, []string{"0 labels", "nil"}},
		{"too many labels", Scatter{}, x, []int32{0, 1, 1}, nil, ErrShape, []string{"3 labels", "2 points"}},
		{"negative label", Scatter{}, x, []int32{0, -1}, nil, ErrLabel, []string{"row 1", "-1"}},
		{"NaN point", Scatter{}, dense(1, 2, 1, math.NaN()), nil, nil, ErrValue, []string{"x has NaN", "row 0, column 1"}},
		{"infinite center", Scatter{}, x, nil, dense(1, 2, math.Inf(1), 0), ErrValue, []string{"centers", "+Inf"}},
		{"too far out", Scatter{}, dense(2, 2, -math.MaxFloat64, 0, 0, 1), nil, nil, ErrValue, []string{"column 0", "scale"}},
		{"center too far out", Scatter{}, x, nil, dense(1, 2, 0, 2e300), ErrValue, []string{"column 1", "2e+300"}},
		{"label without a name", Scatter{Names: []string{"a"}}, x, []int32{0, 1}, nil, ErrNames, []string{"label 1", "1 names"}},
		{"negative point size", Scatter{PointSize: -1}, x, nil, nil, ErrSize, []string{"PointSize"}},
		{"NaN center size", Scatter{CenterSize: math.NaN()}, x, nil, nil, ErrSize, []string{"CenterSize"}},
		{"tiny page", Scatter{Width: 0.6, Height: 0.6}, x, nil, nil, ErrSize, []string{"0.6×0.6 inch"}},
		{"legend on a narrow page", Scatter{Width: 1.4}, x, []int32{0, 1}, nil, ErrSize, []string{"legend"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := tt.s.Draw(tt.x, tt.labels, tt.centers)
			if f != nil {
				t.Error("a figure came with the error")
			}
			refused(t, err, tt.sentinel, tt.words...)
		})
	}
}

func TestScatterOfOddData(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	draw := func(s Scatter, values ...float64) {
		t.Helper()
		labels := make([]int32, len(values)/2)
		for i := range labels {
			labels[i] = r.Int32() >> r.IntN(31)
		}
		s.DPI = 40
		f, err := s.Draw(dense(len(values)/2, 2, values...), labels, dense(1, 2, values[0], values[1]))
		if err != nil {
			t.Fatalf("%v: %v", values, err)
		}
		painted(t, f, nil)
	}
	draw(Scatter{}, 0, 0)
	draw(Scatter{}, 1e300, -1e300)
	draw(Scatter{}, 5e-324, 0, 0, -5e-324)
	draw(Scatter{}, 1e16, 1, 1e16+2, 1)
	draw(Scatter{}, 1e300, 1e300)
	draw(Scatter{}, -1e300, 0, 1e300, 1)
	draw(Scatter{PointSize: 900, CenterSize: 1000}, 0, 0, 1, 1)
	for range 40 {
		scale, shift := math.Pow(10, 400*r.Float64()-200), math.Pow(10, 20*r.Float64()-10)
		values := make([]float64, 2*(1+r.IntN(5)))
		for i := range values {
			values[i] = scale * (r.NormFloat64() + shift)
		}
		draw(Scatter{Width: 4 + 4*r.Float64(), Height: 2 + 4*r.Float64(), XLabel: "x", Title: "t"}, values...)
	}
}
