package lloyd

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestUnsettled: at every level, the rows of the reference, for every number of rows, with
// bounds on both sides of every bar, equal to it, and special numbers.
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
			bars := make([]Bar, k)
			for i := range bars {
				bars[i] = Bar{Slack: some(), Upper: some()}
			}
			slack, upper, labels := make([]float32, n+3), make([]float32, n+3), make([]int32, n)
			for i := range upper {
				slack[i], upper[i] = some(), some()
			}
			var want []int32
			for i := range labels {
				l := r.IntN(k)
				labels[i] = int32(l)
				if !(slack[i] > bars[l].Slack) && !(upper[i] < bars[l].Upper) {
					want = append(want, int32(i))
				}
			}
			wasSlack, wasUpper := slices.Clone(slack), slices.Clone(upper)
			rows := make([]int32, n)
			got, err := Unsettled(rows, slack, upper, labels, bars)
			if err != nil || !slices.Equal(rows[:got], want) {
				t.Fatalf("%d rows: %v, %v; want %v", n, rows[:got], err, want)
			}
			sameSlice(t, "slack", slack, wasSlack)
			sameSlice(t, "upper", upper, wasUpper)
		}
	})
}

func TestUnsettledShape(t *testing.T) {
	f, l, b := make([]float32, 2), make([]int32, 2), make([]Bar, 2)
	for _, c := range []struct {
		rows, labels []int32
		slack, upper []float32
		bars         []Bar
	}{
		{l[:1], l, f, f, b}, {l, l, f[:1], f, b}, {l, l, f, f[:1], b}, {l, []int32{0, 2}, f, f, b}, {l, []int32{0, -1}, f, f, b},
		{l, l, f, f, nil}, {l, []int32{math.MinInt32, math.MaxInt32}, f, f, b},
	} {
		if _, err := Unsettled(c.rows, c.slack, c.upper, c.labels, c.bars); !errors.Is(err, ErrShape) {
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
