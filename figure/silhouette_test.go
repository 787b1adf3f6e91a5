package figure

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/plot/vg/draw"
)

// The bars of a cluster cover an area in proportion to the sum of its values, on
// the right side of 0, clusters from top to bottom, whatever the order of rows.
func TestSilhouetteBars(t *testing.T) {
	values := []float64{0.5, 0.25, -0.5, 0.5, 0.25, -0.5, 1, 1, 1}
	labels := []int32{3, 1, 0, 3, 1, 0, 3, 3, 1}
	f, err := Silhouette{}.Draw(values, labels)
	img := painted(t, f, err)
	rimmed(t, img)
	n0, x0, y0 := where(img, LabelColor(0))
	n1, x1, y1 := where(img, LabelColor(1))
	n3, _, y3 := where(img, LabelColor(3))
	if !(y0 < y1 && y1 < y3) {
		t.Errorf("the clusters stand at %.0f, %.0f, %.0f from above", y0, y1, y3)
	}
	if x0 >= x1 {
		t.Errorf("negative bars stand at %.0f, positive at %.0f", x0, x1)
	}
	for i, want := range []float64{1.0 / 3, 1.5 / 3} { // sums of 1, 1.5 and 3
		if got := float64([]int{n0, n1}[i]) / float64(n3); math.Abs(got-want) > 0.04 {
			t.Errorf("cluster %d covers %.3f of what cluster 3 covers, want %.3f", i, got, want)
		}
	}
	if n, _, _ := where(img, Light.inks().accent); n < 200 {
		t.Errorf("the line of the mean has %d pixels", n)
	}

	slices.Reverse(values)
	slices.Reverse(labels)
	g, err := Silhouette{}.Draw(values, labels)
	if other := painted(t, g, err); !slices.Equal(img.Pix, other.Pix) {
		t.Error("the order of rows changes the figure")
	}
}

func TestSilhouetteOfManyClusters(t *testing.T) {
	values, labels := make([]float64, 9000), make([]int32, 9000)
	for i := range values {
		values[i], labels[i] = float64(i%7)/7, int32(i%300)
	}
	b := &bars{rows: len(values)}
	if err := b.collect(values, labels); err != nil {
		t.Fatal(err)
	}
	var err error
	if b.page, err = asked(6.4, 4.8, 0, Light); err != nil {
		t.Fatal(err)
	}
	axes, _, data := b.layout(draw.NewCanvas(nil, b.page.width, b.page.height))
	ticks := axes.Y.Tick.Marker.Ticks(axes.Y.Min, axes.Y.Max)
	if len(ticks) < 10 || len(ticks) > 40 {
		t.Errorf("%d clusters are named", len(ticks))
	}
	_, y := axes.Transforms(&data)
	for i, tick := range ticks[1:] {
		if gap := y(ticks[i].Value) - y(tick.Value); gap < tickSize {
			t.Fatalf("names %s and %s are %v points apart", ticks[i].Label, tick.Label, gap)
		}
	}
	f, err := Silhouette{DPI: 50}.Draw(values, labels)
	painted(t, f, err)
}

func TestSilhouetteRefuses(t *testing.T) {
	for _, tt := range []struct {
		name     string
		s        Silhouette
		values   []float64
		labels   []int32
		sentinel error
		words    []string
	}{
		{"nothing", Silhouette{}, nil, nil, ErrShape, []string{"no silhouettes"}},
		{"no labels", Silhouette{}, []float64{1}, nil, ErrShape, []string{"0 labels"}},
		{"too many labels", Silhouette{}, []float64{1}, []int32{1, 2}, ErrShape, []string{"2 labels"}},
		{"NaN", Silhouette{}, []float64{1, math.NaN()}, []int32{0, 0}, ErrValue, []string{"row 1", "NaN"}},
		{"too large", Silhouette{}, []float64{1.5}, []int32{0}, ErrValue, []string{"row 0", "1.5"}},
		{"negative label", Silhouette{}, []float64{1}, []int32{-1}, ErrLabel, []string{"row 0"}},
		{"too few names", Silhouette{Names: []string{"a"}}, []float64{1}, []int32{1}, ErrNames, []string{"1 names"}},
		{"tiny page", Silhouette{Width: 0.9, Height: 0.9}, []float64{1}, []int32{1}, ErrSize, []string{"36×36"}},
		{"theme", Silhouette{Theme: 9}, []float64{1}, []int32{1}, ErrTheme, []string{"9"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.s.Draw(tt.values, tt.labels)
			refused(t, err, tt.sentinel, tt.words...)
		})
	}
}
