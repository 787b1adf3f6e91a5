package lloyd

import (
	"errors"
	"math"
	"testing"
)

// TestProjection: products within the rounding that Rounding states, for every number
// of columns, several blocks of directions, gaps and odd sizes.
func TestProjection(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testProjection[float32])
		t.Run("float64", testProjection[float64])
	})
}

func testProjection[T Float](t *testing.T) {
	var ws Workspace[T]
	for _, s := range []struct{ n, d, m int }{{5, 1, 1}, {3, 4, 2}, {40, 5, 3}, {33, 17, 7}, {70, 64, 16}, {20, 300, 40}, {17, 700, 200}, {0, 9, 2}} {
		x := Matrix[T]{fill[T](2, s.n*(s.d+1), 1, 3), s.n, s.d, s.d + 1}
		v, origin := Dense(fill[T](0, s.m*s.d, 0, 4), s.m, s.d), fill[T](2, s.d, 0, 5)
		p, err := NewProjection(v, origin)
		if err != nil {
			t.Fatal(err)
		}
		dst := Matrix[T]{make([]T, s.n*(s.m+2)), s.n, s.m, s.m + 2}
		if err := p.Apply(dst, x, &ws); err != nil {
			t.Fatal(err)
		}
		for i := range s.n {
			for k := range s.m {
				var sum, xx, vv float64
				for j, a := range x.Row(i) {
					e, b := float64(a)-float64(origin[j]), float64(v.Row(k)[j])
					sum, xx, vv = sum+e*b, xx+e*e, vv+b*b
				}
				if got := float64(dst.Row(i)[k]); math.Abs(got-sum) > p.Rounding()*math.Sqrt(xx*vv) {
					t.Fatalf("%v: row %d, direction %d: %v, want %v", s, i, k, got, sum)
				}
			}
		}
	}
}

func TestProjectionShape(t *testing.T) {
	v := Dense(make([]float32, 6), 2, 3)
	p, err := NewProjection(v, make([]float32, 3))
	if err != nil || p.M() != 2 {
		t.Fatal(err)
	}
	for _, err := range []error{
		p.Apply(Dense(make([]float32, 3), 1, 3), Dense(make([]float32, 3), 1, 3), nil),
		p.Apply(Dense(make([]float32, 2), 1, 2), Dense(make([]float32, 6), 2, 3), nil),
		p.Apply(Dense(make([]float32, 2), 1, 2), Dense(make([]float32, 2), 1, 2), nil),
		second(NewProjection(v, make([]float32, 2))),
		second(NewProjection(Dense([]float32{}, 0, 3), make([]float32, 3))),
	} {
		if !errors.Is(err, ErrShape) {
			t.Errorf("%v", err)
		}
	}
}

func second[A any](_ A, err error) error { return err }
