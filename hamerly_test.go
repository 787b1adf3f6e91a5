package lloyd

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestUnsettled: at every level, the rows and bounds of the reference, for every number
// of rows, with bounds on both sides of every threshold and special numbers.
func TestUnsettled(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(41, 42))
		special := []float32{0, float32(math.NaN()), float32(math.Inf(1)), math.MaxFloat32, 1e-44, -1}
		some := func() float32 {
			if r.IntN(20) == 0 {
				return special[r.IntN(len(special))]
			}
			return float32(r.IntN(8)) / 4
		}
		for n := range 70 {
			k := 1 + r.IntN(9)
			drifts := make([]Drift, k)
			for i := range drifts {
				drifts[i] = Drift{Own: some(), Other: some(), Half: some()}
			}
			upper, lower, labels := make([]float32, n+3), make([]float32, n+3), make([]int32, n)
			for i := range upper {
				upper[i], lower[i] = some(), some()
			}
			for i := range labels {
				labels[i] = int32(r.IntN(k))
			}
			wantUpper, wantLower := slices.Clone(upper), slices.Clone(lower)
			rows, want := make([]int32, n), make([]int32, n)
			wantN := unsettledGeneric(want, wantUpper[:n], wantLower[:n], labels, drifts, 0.5, 0)
			got, err := Unsettled(rows, upper, lower, labels, drifts, 0.5)
			if err != nil || got != wantN || !slices.Equal(rows[:got], want[:wantN]) {
				t.Fatalf("%d rows: %v, %v; want %v", n, rows[:got], err, want[:wantN])
			}
			sameSlice(t, "upper", upper, wantUpper)
			sameSlice(t, "lower", lower, wantLower)
		}
	})
}

func TestUnsettledShape(t *testing.T) {
	f, l, d := make([]float32, 2), make([]int32, 2), make([]Drift, 2)
	for _, c := range []struct {
		rows, labels []int32
		upper, lower []float32
		drifts       []Drift
	}{
		{l[:1], l, f, f, d}, {l, l, f[:1], f, d}, {l, l, f, f[:1], d}, {l, []int32{0, 2}, f, f, d}, {l, []int32{0, -1}, f, f, d},
	} {
		if _, err := Unsettled(c.rows, c.upper, c.lower, c.labels, c.drifts, 1); !errors.Is(err, ErrShape) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if err := Bounds(f, f, []float64{1, 2}, []float64{1}, 1, 0, 0); !errors.Is(err, ErrShape) {
		t.Errorf("%v", err)
	}
}

// TestBounds: on the safe side of the roots, and close to them.
func TestBounds(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testBounds[float32])
		t.Run("float64", testBounds[float64])
	})
}

func testBounds[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(43, 44))
	const n = 2003
	own, other := make([]T, n), make([]T, n)
	for i := range own {
		own[i], other[i] = T(math.Ldexp(r.Float64(), r.IntN(60)-40)), T(math.Ldexp(r.Float64(), r.IntN(60)-40))
	}
	own[0], other[0], other[1] = 0, 0, T(math.Inf(1))
	upper, lower := make([]float32, n), make([]float32, n)
	const unit, off, slack = 0x1p-10, 0x1p-22, 0x1p-40
	if err := Bounds(upper, lower, own, other, unit, off, slack); err != nil {
		t.Fatal(err)
	}
	for i := range own {
		u, l := math.Sqrt(float64(own[i]))*unit, math.Sqrt(float64(other[i]))*unit
		if !(float64(upper[i]) > u && float64(upper[i]) < u*(1+0x1p-18)+2*slack) {
			t.Fatalf("upper %v of %v", upper[i], u)
		}
		if math.IsInf(l, 1) {
			l = math.MaxFloat32 / 2
		}
		if !(float64(lower[i]) <= l && float64(lower[i]) >= l*(1-0x1p-18)-2*slack) {
			t.Fatalf("lower %v of %v", lower[i], l)
		}
	}
}
