package figure

import (
	"math"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Scores that are NaN are gaps, and no more.
func TestElbowWithGaps(t *testing.T) {
	none := math.NaN()
	for _, scores := range [][]float64{{none, 3, 2, 1}, {1, none, 1, 2}, {none, none, none, none}} {
		f, err := Elbow{Suggested: 2, Scores: scores}.Draw([]int{1, 2, 3, 4}, []float64{4, 3, 2, 1})
		painted(t, f, err)
	}
}

// laidOut arranges a stack as it is painted.
func laidOut(t *testing.T, s stack) stackLayout {
	t.Helper()
	var err error
	if s.page, err = asked(6.4, 5.6, 0, Light); err != nil {
		t.Fatal(err)
	}
	return s.layout(draw.NewCanvas(nil, s.page.width, s.page.height))
}

func TestStackedPlotsShareTheirAxis(t *testing.T) {
	l := laidOut(t, stack{xLabel: "K", xs: []float64{2, 3, 40}, marked: -1, panels: []panel{
		{label: "inertia", ys: []float64{1.23456e15, 3, 2}},
		{label: "moved", ys: []float64{1e7, 1000, 0}, scale: decades},
		{label: "score", ys: []float64{-0.25, 0.5, 0.5}, scale: fitted},
	}})
	for i, d := range l.data {
		if math.Abs(float64(d.Min.X-l.data[0].Min.X)) > 1e-6 || math.Abs(float64(d.Max.X-l.data[0].Max.X)) > 1e-6 {
			t.Errorf("plot %d reaches from %v to %v, plot 0 from %v to %v", i, d.Min.X, d.Max.X, l.data[0].Min.X, l.data[0].Max.X)
		}
		if math.Abs(float64(d.Size().Y-l.data[0].Size().Y)) > 0.5 {
			t.Errorf("plot %d is %v high, plot 0 %v", i, d.Size().Y, l.data[0].Size().Y)
		}
		if i > 0 && l.areas[i].Max.Y > l.areas[i-1].Min.Y {
			t.Errorf("plot %d overlaps the one above", i)
		}
	}
}

func TestElbowMarksTheSuggestedK(t *testing.T) {
	ks, inertia := []int{1, 2, 3, 4, 5, 6, 7, 8, 9}, []float64{90, 80, 70, 10, 9, 8, 7, 6, 5}
	plain, err := Elbow{}.Draw(ks, inertia)
	if n, _, _ := where(painted(t, plain, err), Light.inks().accent); n != 0 {
		t.Errorf("%d pixels mark a K that nobody suggested", n)
	}
	f, err := Elbow{Suggested: 4, Scores: []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}}.Draw(ks, inertia)
	img := painted(t, f, err)
	if n, x, _ := where(img, Light.inks().accent); n < 500 || math.Abs(x/float64(img.Bounds().Dx())-0.45) > 0.1 {
		t.Errorf("%d pixels mark K at %.0f of %v", n, x, img.Bounds())
	}
	// Kept apart from what the caller does with the slices.
	inertia[0] = 1e9
	again := painted(t, f, nil)
	for i := range img.Pix {
		if img.Pix[i] != again.Pix[i] {
			t.Fatal("the figure changed with the caller's slice")
		}
	}
}

func TestCurveGoesThroughItsValues(t *testing.T) {
	values := []float64{9, 5, 4, 3.5}
	s := stack{xLabel: "iteration", xs: []float64{1, 2, 3, 4}, marked: -1, panels: []panel{{label: "inertia", ys: values, scale: fitted}, {label: "rows moved", ys: []float64{100, 10, 1, 0}, scale: decades}}}
	l := laidOut(t, s)
	f, err := Convergence{}.Draw(values, []int64{100, 10, 1, 0})
	img := painted(t, f, err)
	for i, panel := range s.panels {
		x, y := l.plots[i].Transforms(&l.data[i])
		for j, v := range panel.ys {
			at := vg.Point{X: x(float64(j + 1)), Y: y(panel.scale.height(v))}
			if c := pixel(img, 150, at.X, at.Y); i+j < 4 && c != LabelColor(0) {
				t.Errorf("panel %d, value %v: there is %v", i, v, c)
			}
		}
		if i == 1 {
			if a, b := y(decades.height(10))-y(decades.height(1)), y(decades.height(100))-y(decades.height(10)); math.Abs(float64(a-b)) > 0.05*float64(b) {
				t.Errorf("the decades are %v and %v high", a, b)
			}
		}
	}
}

func TestCurvesOfOddValues(t *testing.T) {
	for _, values := range [][]float64{{0}, {5}, {0, 0, 0}, {-3, -3}, {1e300, -1e300}, {1e16, 1e16 + 2}, make([]float64, 1000)} {
		ks, moved := make([]int, len(values)), make([]int64, len(values))
		for i := range values {
			ks[i], moved[i] = i+1, int64(i)*math.MaxInt64/1000
		}
		f, err := Elbow{DPI: 40, Suggested: 1, Scores: values}.Draw(ks, values)
		painted(t, f, err)
		f, err = Convergence{DPI: 40}.Draw(values, moved)
		painted(t, f, err)
	}
}

func TestElbowRefuses(t *testing.T) {
	for _, tt := range []struct {
		name     string
		s        Elbow
		ks       []int
		inertia  []float64
		sentinel error
		words    []string
	}{
		{"nothing", Elbow{}, nil, nil, ErrShape, []string{"no K"}},
		{"too few inertias", Elbow{}, []int{1, 2}, []float64{1}, ErrShape, []string{"1 inertias", "2 numbers"}},
		{"too few scores", Elbow{Scores: []float64{}}, []int{1}, []float64{1}, ErrShape, []string{"0 scores"}},
		{"not ascending", Elbow{}, []int{2, 2}, []float64{1, 1}, ErrShape, []string{"K = 2 comes after K = 2"}},
		{"K of 0", Elbow{}, []int{0}, []float64{1}, ErrValue, []string{"is 0"}},
		{"NaN", Elbow{}, []int{1}, []float64{math.NaN()}, ErrValue, []string{"inertia 0", "NaN"}},
		{"infinite score", Elbow{Scores: []float64{math.Inf(1)}}, []int{1}, []float64{1}, ErrValue, []string{"score 0"}},
		{"K not there", Elbow{Suggested: 3}, []int{1}, []float64{1}, ErrValue, []string{"Suggested is 3"}},
		{"tiny page", Elbow{Width: 1, Height: 1}, []int{1}, []float64{1}, ErrSize, []string{"36×36"}},
		{"theme", Elbow{Theme: 9}, []int{1}, []float64{1}, ErrTheme, []string{"9"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.s.Draw(tt.ks, tt.inertia)
			refused(t, err, tt.sentinel, tt.words...)
		})
	}
}

func TestConvergenceRefuses(t *testing.T) {
	_, err := Convergence{}.Draw(nil, nil)
	refused(t, err, ErrShape, "no inertia")
	_, err = Convergence{}.Draw([]float64{1, 2}, []int64{1})
	refused(t, err, ErrShape, "1 numbers", "2 inertias")
	_, err = Convergence{}.Draw([]float64{1, math.NaN()}, nil)
	refused(t, err, ErrValue, "inertia 1", "NaN")
	_, err = Convergence{}.Draw([]float64{1, 2}, []int64{1, -1})
	refused(t, err, ErrValue, "iteration 2", "-1")
	_, err = Convergence{Theme: 2}.Draw([]float64{1}, nil)
	refused(t, err, ErrTheme)
}
