package figure

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

// mapped arranges a confusion matrix as Draw does.
func mapped(t *testing.T, s ConfusionMatrix, counts [][]int, names []string) heatLayout {
	t.Helper()
	m := &heatMap{}
	if err := m.checkCounts(counts); err != nil {
		t.Fatal(err)
	}
	var lines []lettering
	for i := range counts {
		name := fmt.Sprint(i)
		if names != nil {
			name = names[i]
		}
		lines = append(lines, letters(name, tickSize))
	}
	p, err := asked(s.Width, s.Height, s.DPI, s.Theme)
	if err != nil {
		t.Fatal(err)
	}
	l, err := arrangeHeat(p, lines, m.most, s.Title != "")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestCellsShowTheirCounts(t *testing.T) {
	counts := [][]int{{40, 3, 0}, {10, 20, 7}, {0, 1, 33}}
	for _, s := range []ConfusionMatrix{
		{}, {Title: "title", DPI: 100}, {Width: 8, Height: 3}, {Width: 3, Height: 7}, {HideCounts: true},
	} {
		f, err := s.Draw(counts, []string{"a", "bb", "a very long name of a class"})
		img := painted(t, f, err)
		rimmed(t, img)
		l := mapped(t, s, counts, []string{"a", "bb", "a very long name of a class"})
		for truth, row := range counts {
			for predicted, n := range row {
				cell := l.at(truth, predicted)
				// The upper left corner of the cell, beside the number.
				got := pixel(img, l.page.dpi, cell.Min.X+l.cell/8, cell.Max.Y-l.cell/8)
				if want := Light.inks().hot(float64(n) / 40); got != want {
					t.Errorf("%+v: true %d, predicted %d is %v, want %v", s, truth, predicted, got, want)
				}
			}
		}
	}
}

func TestOrientation(t *testing.T) {
	// One count: of true class 0 taken for class 2. x is the true class and y
	// the predicted from top to bottom, so it lies at the lower left.
	counts := [][]int{{0, 0, 9}, {0, 0, 0}, {0, 0, 0}}
	f, err := ConfusionMatrix{}.Draw(counts, nil)
	img := painted(t, f, err)
	n, x, y := where(img, Light.inks().hot(1))
	if side := math.Sqrt(float64(n)); side < 100 {
		t.Fatalf("the dark cell has %d pixels", n)
	}
	if x > 0.45*float64(img.Bounds().Dx()) || y < 0.55*float64(img.Bounds().Dy()) {
		t.Errorf("the dark cell lies at (%.0f, %.0f) of %v, want the lower left", x, y, img.Bounds())
	}
}

func TestCellsAreSquareAndWhole(t *testing.T) {
	for _, k := range []int{1, 2, 7, 23} {
		counts := make([][]int, k)
		for i := range counts {
			counts[i] = make([]int, k)
			counts[i][i] = 1
		}
		for _, s := range []ConfusionMatrix{{HideCounts: true}, {HideCounts: true, Width: 9, Height: 5, DPI: 90}} {
			f, err := s.Draw(counts, nil)
			img := painted(t, f, err)
			l := mapped(t, s, counts, nil)
			dots := float64(l.cell) * float64(l.page.dpi) / 72
			if math.Abs(dots-math.Round(dots)) > 1e-6 {
				t.Errorf("%d classes: a cell is %v pixels large", k, dots)
			}
			// All pixels of the diagonal are dark: k squares, less half of
			// the rim line where it crosses them.
			n, _, _ := where(img, Light.inks().hot(1))
			if want := float64(k) * dots * dots; math.Abs(float64(n)-want) > 8*dots {
				t.Errorf("%d classes: %d dark pixels, want about %.0f", k, n, want)
			}
		}
	}
}

func TestNumbersContrastWithTheirCell(t *testing.T) {
	counts := [][]int{{100, 0}, {0, 50}}
	s := ConfusionMatrix{}
	f, err := s.Draw(counts, nil)
	img := painted(t, f, err)
	l := mapped(t, s, counts, nil)
	for _, tt := range []struct {
		i, j int
		ink  color.NRGBA
	}{{0, 0, white}, {0, 1, black}} {
		cell := l.at(tt.i, tt.j)
		if n := inkIn(img, cell, tt.ink); n < 20 {
			t.Errorf("cell (%d, %d) has %d pixels of %v, want a number", tt.i, tt.j, n, tt.ink)
		}
	}
	hidden, err := ConfusionMatrix{HideCounts: true}.Draw(counts, nil)
	if n := inkIn(painted(t, hidden, err), l.at(0, 0), white); n != 0 {
		t.Errorf("a hidden number has %d pixels", n)
	}
}

// inkIn counts the pixels of a color well inside a rectangle at 150 dpi.
func inkIn(img *image.NRGBA, r vg.Rectangle, ink color.NRGBA) int {
	n := 0
	for y := r.Min.Y + 2; y < r.Max.Y-2; y += 72.0 / 150 {
		for x := r.Min.X + 2; x < r.Max.X-2; x += 72.0 / 150 {
			if pixel(img, 150, x, y) == ink {
				n++
			}
		}
	}
	return n
}

func TestNumbersFitTheirCells(t *testing.T) {
	for _, most := range []int{0, 7, 1797, 1234567, math.MaxInt} {
		for _, k := range []int{1, 3, 10, 40, 120} {
			l, err := arrangeHeat(page{dpi: 150}, make([]lettering, k), most, true)
			if err != nil {
				t.Fatal(err)
			}
			number := letters(fmt.Sprint(most), l.countSize)
			if l.countSize != 0 && (number.width() > l.cell || l.countSize < smallestCount) {
				t.Errorf("%d in %d classes: letters of %v take %v of the cell's %v", most, k, l.countSize, number.width(), l.cell)
			}
			if k <= 10 && l.countSize < 6 {
				t.Errorf("%d in %d classes: letters of only %v", most, k, l.countSize)
			}
		}
	}
}

func TestLongNamesTurn(t *testing.T) {
	counts := [][]int{{1, 0}, {0, 1}}
	if mapped(t, ConfusionMatrix{}, counts, nil).upright {
		t.Error("short names stand upright")
	}
	if !mapped(t, ConfusionMatrix{}, counts, []string{"comp.sys.ibm.pc.hardware", "b"}).upright {
		t.Error("long names lie across their neighbours")
	}
	f, err := ConfusionMatrix{}.Draw(counts, []string{strings.Repeat("endless ", 5000), ""})
	rimmed(t, painted(t, f, err))
}

func TestConfusionMatrixKeepsItsOwnCopy(t *testing.T) {
	counts := [][]int{{5, 0}, {0, 5}}
	names := []string{"a", "b"}
	f, err := ConfusionMatrix{}.Draw(counts, names)
	before := painted(t, f, err)
	counts[0][0], names[0] = 0, "changed"
	after := painted(t, f, nil)
	for y := range before.Bounds().Dy() {
		for x := range before.Bounds().Dx() {
			if before.NRGBAAt(x, y) != after.NRGBAAt(x, y) {
				t.Fatalf("pixel (%d, %d) changed with the caller's table", x, y)
			}
		}
	}
}

func TestConfusionMatrixRefuses(t *testing.T) {
	for _, tt := range []struct {
		name     string
		counts   [][]int
		names    []string
		sentinel error
		words    []string
	}{
		{"nil", nil, nil, ErrShape, []string{"empty"}},
		{"empty row", [][]int{{}}, nil, ErrShape, []string{"row 0 of the count table has 0 entries"}},
		{"ragged", [][]int{{1, 2}, {3}}, nil, ErrShape, []string{"row 1", "1 entries"}},
		{"not square", [][]int{{1, 2, 3}, {4, 5, 6}}, nil, ErrShape, []string{"square"}},
		{"negative", [][]int{{1, 2}, {-3, 4}}, nil, ErrValue, []string{"true class 1, predicted 0", "-3"}},
		{"names", [][]int{{1, 2}, {3, 4}}, []string{"a"}, ErrNames, []string{"1 names for 2 classes"}},
		{"no names", [][]int{{1, 2}, {3, 4}}, []string{}, ErrNames, []string{"0 names", "nil"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ConfusionMatrix{}.Draw(tt.counts, tt.names)
			refused(t, err, tt.sentinel, tt.words...)
		})
	}
}
