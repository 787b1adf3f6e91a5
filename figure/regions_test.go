package figure

import (
	"math"
	"math/rand/v2"
	"testing"
)

// inside says how far a place lies inside of a convex polygon; negative is
// outside.
func inside(polygon []point, at point) float64 {
	depth := math.Inf(1)
	for i, v := range polygon {
		w := polygon[(i+1)%len(polygon)]
		length := math.Hypot(w.x-v.x, w.y-v.y)
		if length > 0 {
			depth = min(depth, ((w.x-v.x)*(at.y-v.y)-(w.y-v.y)*(at.x-v.x))/length)
		}
	}
	return depth
}

func area(polygon []point) float64 {
	var twice float64
	for i, v := range polygon {
		w := polygon[(i+1)%len(polygon)]
		twice += v.x*w.y - v.y*w.x
	}
	return twice / 2
}

// A place lies in the region of its nearest center and in no other, and the
// regions fill the rectangle.
func TestRegionsAreThoseOfTheNearestCenter(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	for try := range 60 {
		k := 1 + r.IntN(40)
		x, y := span{-3, 5}, span{100, 102 + 20*r.Float64()}
		values := make([]float64, 0, 2*k)
		for range k { // some outside of the rectangle, some twice
			if n := len(values); n > 0 && r.IntN(6) == 0 {
				values = append(values, values[:2]...)
				continue
			}
			values = append(values, -4+10*r.Float64(), 95+30*r.Float64())
		}
		cells := regions(matrix{values: values, rows: k, cols: 2}, x, y)
		var all float64
		for _, c := range cells {
			all += area(c)
		}
		if want := (x.high - x.low) * (y.high - y.low); math.Abs(all-want) > 1e-9*want {
			t.Fatalf("try %d: the regions of %d centers cover %v of %v", try, k, all, want)
		}
		for range 200 {
			at := point{x.low + r.Float64()*(x.high-x.low), y.low + r.Float64()*(y.high-y.low)}
			nearest, least := 0, math.Inf(1)
			for i := range k {
				if d := math.Hypot(values[2*i]-at.x, values[2*i+1]-at.y); d < least {
					nearest, least = i, d
				}
			}
			for i, c := range cells {
				switch depth := inside(c, at); {
				case len(c) == 0 && i != nearest:
				case len(c) == 0 || i == nearest && depth < -1e-9 || i != nearest && depth > 1e-9:
					t.Fatalf("try %d: center %d is the nearest to %v, which lies %v deep in the region of %d", try, nearest, at, depth, i)
				}
			}
		}
	}
}

func TestRegionsOfOddCenters(t *testing.T) {
	for _, values := range [][]float64{
		{0, 0},
		{1e300, 1e300, -1e300, -1e300},
		{5e-324, 0, 0, 0},
		{1e16, 1, 1e16 + 2, 1},
		{3, 3, 3, 3, 3, 3},
	} {
		c := dense(len(values)/2, 2, values...)
		f, err := Scatter{Regions: true, DPI: 40}.Draw(c, nil, c)
		painted(t, f, err)
	}
	_, err := Scatter{Regions: true}.Draw(dense(1, 2, 1, 1), nil, nil)
	refused(t, err, ErrShape, "Regions", "centers")
}

func TestRegionsArePaintedUnderThePoints(t *testing.T) {
	for _, theme := range []Theme{Light, Dark} {
		x := dense(2, 2, 0, 0, 10, 0)
		s := Scatter{Regions: true, PointSize: 6, HideLegend: true, Theme: theme}
		centers := dense(2, 2, 2, 5, 8, 5)
		f, err := s.Draw(x, []int32{0, 1}, centers)
		img := painted(t, f, err)
		place := placed(t, s, x, []int32{0, 1}, centers)
		k := theme.inks()
		for i, at := range [][2]float64{{4.5, 2}, {5.5, 2}} {
			px, py := place(at[0], at[1])
			if got, want := pixel(img, 150, px, py), mixed(k.label(int32(i)), k.paper, 0.72); got != want {
				t.Errorf("%v: at %v there is %v, want %v", theme, at, got, want)
			}
		}
		if px, py := place(10, 0); pixel(img, 150, px, py) != k.label(1) {
			t.Errorf("%v: the point is not there", theme)
		}
	}
}
