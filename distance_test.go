package lloyd

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// TestReferencePairs holds the Go reference to exact arithmetic: the rounding
// error of a sum of squares or products is at most γ·Σ|terms|, with γ for the
// chain of one lane, the fold and the two roundings of a term.
func TestReferencePairs(t *testing.T) {
	t.Run("float32", func(t *testing.T) { testReferencePairs[float32](t, 0x1p-24) })
	t.Run("float64", func(t *testing.T) { testReferencePairs[float64](t, 0x1p-53) })
}

func testReferencePairs[T Float](t *testing.T, u float64) {
	for _, d := range columns() {
		for kind := range 5 {
			a, b := fill[T](kind, d, 0, 1), fill[T](kind, d, 0, 2)
			var square, product, size big.Float
			for _, f := range []*big.Float{&square, &product, &size} {
				f.SetPrec(400)
			}
			for j := range a {
				x, y := big.NewFloat(float64(a[j])).SetPrec(400), big.NewFloat(float64(b[j])).SetPrec(400)
				p := new(big.Float).SetPrec(400).Mul(x, y)
				product.Add(&product, p)
				size.Add(&size, p.Abs(p))
				e := new(big.Float).SetPrec(400).Sub(x, y)
				square.Add(&square, e.Mul(e, e))
			}
			chain := float64(d/lanes[T]()+lanes[T]()+4) * u
			check := func(name string, got T, want, scale *big.Float) {
				diff, _ := new(big.Float).Sub(big.NewFloat(float64(got)).SetPrec(400), want).Float64()
				bound, _ := scale.Float64()
				if math.Abs(diff) > chain*bound {
					t.Fatalf("%s, D=%d, %s: off by %g, more than %g", name, d, kinds[kind].name, diff, chain*bound)
				}
			}
			check("squaredL2", squaredL2Generic(a, b), &square, &square)
			check("dot", dotGeneric(a, b), &product, &size)
		}
	}
}

// TestPairs holds every level to the bits of the reference, for every D from 0
// to 300, with gaps between rows, partners by index, and unaligned slices.
func TestPairs(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testPairs[float32])
		t.Run("float64", testPairs[float64])
	})
}

func testPairs[T Float](t *testing.T) {
	level, _ := kernel.Active()
	const n, k = 9, 4
	for _, d := range columns() {
		for kind := range kinds {
			gap := d % 3
			x := Matrix[T]{fill[T](kind, n*(d+gap), d%5, uint64(d)), n, d, d + gap}
			y := Matrix[T]{fill[T](kind, k*(d+1), d%7, uint64(d)+1000), k, d, d + 1}
			idx := []int32{3, 0, 0, 1, 2, 3, 1, 0, 2}
			for _, f := range []family{squaredL2, dot} {
				fn := squaredL2Generic[T]
				if f == dot {
					fn = dotGeneric[T]
				}
				for _, at := range [][]int32{nil, idx} {
					got, want := make([]T, 2*n), make([]T, 2*n)
					pairs(level, f, got, 2, x, y, at)
					pairsGeneric(fn, want, 2, x, y, at)
					sameSlice(t, kinds[kind].name, got, want)
				}
			}
		}
	}
}

func TestPairAPI(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		a := []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}
		b := make([]float32, len(a))
		if d, err := SquaredL2(a, b); err != nil || d != 1785 {
			t.Errorf("SquaredL2 is %v, %v; want 1785", d, err)
		}
		if p, err := Dot(a, a); err != nil || p != 1785 {
			t.Errorf("Dot is %v, %v; want 1785", p, err)
		}
		if _, err := Dot(a, a[1:]); !errors.Is(err, ErrShape) {
			t.Errorf("Dot of different lengths: %v", err)
		}
		if d, err := SquaredL2[float64](nil, nil); err != nil || d != 0 {
			t.Errorf("SquaredL2 of nothing is %v, %v", d, err)
		}
		x := Dense([]float64{0, 0, 3, 4, 6, 8}, 3, 2)
		least := []float64{1, math.Inf(1), 30}
		if err := MinSquaredL2(least, x, Dense([]float64{0, 0, 6, 4}, 2, 2), nil); err != nil {
			t.Fatal(err)
		}
		sameSlice(t, "least", least, []float64{0, 9, 16})
		dst := make([]float64, 6)
		if err := SquaredL2Matrix(dst, 2, x, Dense([]float64{0, 0, 3, 0}, 2, 2)); err != nil {
			t.Fatal(err)
		}
		sameSlice(t, "matrix", dst, []float64{0, 9, 25, 16, 100, 73})
		for _, d := range []int{0, 2, 7, 40} { // no rows at all
			none := Matrix[float64]{nil, 0, d, d}
			if err := errors.Join(SquaredL2Pairs(nil, none, none, nil), SquaredL2Rows(nil, none, make([]float64, d)),
				SquaredL2Matrix(nil, 0, none, none), MinSquaredL2(nil, none, none, nil)); err != nil {
				t.Errorf("no rows of %d columns: %v", d, err)
			}
		}
		if err := SquaredL2Pairs(dst, x, x, []int32{0, 1, 3}); !errors.Is(err, ErrShape) {
			t.Errorf("index past the last row: %v", err)
		}
		if err := SquaredL2Rows(dst[:2], x, []float64{0, 0}); !errors.Is(err, ErrShape) {
			t.Errorf("short dst: %v", err)
		}
		if err := DotRows(dst, Matrix[float64]{dst, 3, 3, 2}, []float64{0, 0, 0}); !errors.Is(err, ErrShape) {
			t.Errorf("leading dimension below D: %v", err)
		}
		if err := DotRows(dst, Matrix[float64]{dst, math.MaxInt / 2, 2, 3}, []float64{0, 0}); !errors.Is(err, ErrShape) {
			t.Errorf("rows that overflow: %v", err)
		}
	})
}
