package lloyd

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// naiveMoments is the definition of Moments, without its code.
type naiveMoments struct {
	sums, square, weight float64 // of one column
	weighed, all         float64
}

// naively returns the moments of the columns of x about the origin.
func naively[T Float](origin []T, x Matrix[T], weights []float64) []naiveMoments {
	phases := 1
	if x.D < 8 {
		phases = 8
	}
	out := make([]naiveMoments, x.D)
	for j := range out {
		c := &out[j]
		var sums, square [8]float64
		for i := range x.N {
			w, v := 1.0, float64(x.Row(i)[j])
			if weights != nil {
				w = weights[i]
			}
			t := v - float64(origin[j])
			sums[i%phases] += float64(w * t)
			square[i%phases] += float64(float64(w*t) * t)
			c.weight += w
			c.all = max(c.all, math.Abs(v))
			if w > 0 {
				c.weighed = max(c.weighed, math.Abs(v))
			}
		}
		c.sums, c.square = sums[0], square[0]
		for p := 1; p < phases; p++ {
			c.sums += sums[p]
			c.square += square[p]
		}
	}
	return out
}

// holdMoments compares m with the definition.
func holdMoments[T Float](t *testing.T, what string, m *Moments[T], want []naiveMoments) {
	t.Helper()
	var weighed, all float64
	for j, c := range want {
		got := naiveMoments{sums: m.total(m.sums, j), square: m.total(m.square, j), weight: m.Weight()}
		if !same(got.sums, c.sums) || !same(got.square, c.square) || !same(got.weight, c.weight) {
			t.Fatalf("%s, column %d: Σwt %v, Σwt² %v, Σw %v; the reference says %v, %v, %v", what, j, got.sums, got.square, got.weight, c.sums, c.square, c.weight)
		}
		weighed, all = max(weighed, c.weighed), max(all, c.all)
	}
	if w, a := m.Largest(); !same(float64(w), weighed) || !same(float64(a), all) {
		t.Fatalf("%s: largest magnitudes %v with a weight, %v in all; the reference says %v, %v", what, w, a, weighed, all)
	}
}

// someWeights returns n weights, a third of them 0 of either sign.
func someWeights(n int, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 11))
	w := make([]float64, n)
	for i := range w {
		switch r.IntN(6) {
		case 0:
		case 1:
			w[i] = math.Copysign(0, -1)
		default:
			w[i] = r.ExpFloat64()
		}
	}
	return w
}

// TestMoments holds every level to the definition, bit for bit: every number of
// columns, rows with and without gaps, weights, numbers that are not finite, and
// any division of the rows among calls.
func TestMoments(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testMoments[float32])
		t.Run("float64", testMoments[float64])
	})
}

func testMoments[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, d := range columns() {
		for kind := range kinds {
			n, gap := 1+(5*d+kind)%41, (d+kind)%3
			x := Matrix[T]{fill[T](kind, n*(d+gap), 1+d%3, uint64(d)), n, d, d + gap}
			origin := fill[T](0, d, 0, 5)
			if kind%2 == 0 {
				origin = x.Row(n / 2)
			}
			for _, weights := range [][]float64{nil, someWeights(n, uint64(d))} {
				what := fmt.Sprintf("D=%d, N=%d, LD=%d, %s, weighted %v", d, n, x.LD, kinds[kind].name, weights != nil)
				want := naively(origin, x, weights)
				m := NewMoments(origin)
				add := func(from, to int) {
					t.Helper()
					var w []float64
					if weights != nil {
						w = weights[from:to]
					}
					if err := m.Add(x.Rows(from, to), w); err != nil {
						t.Fatal(err)
					}
				}
				add(0, n)
				holdMoments(t, what, m, want)
				m = m.Like()
				for from := 0; from < n; {
					to := from + r.IntN(n-from+1)
					add(from, to)
					from = to
				}
				holdMoments(t, what+", in parts", m, want)
			}
		}
	}
}

// TestMomentsManyRows is longer than a call of a routine.
func TestMomentsManyRows(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		for _, d := range []int{1, 2, 7, 8, 9, 40} {
			n := 3001
			if d == 8 && !testing.Short() {
				n = kernel.MaxMultiplyAdds/64 + 5
			}
			x := Dense(fill[float32](0, n*d, 0, 1), n, d)
			for _, weights := range [][]float64{nil, someWeights(n, 1)} {
				m := NewMoments(x.Row(0))
				if err := m.Add(x, weights); err != nil {
					t.Fatal(err)
				}
				holdMoments(t, fmt.Sprintf("D=%d", d), m, naively(x.Row(0), x, weights))
			}
		}
	})
}

// TestMomentsNotFinite: one number that is not finite is noticed wherever it is,
// in a row of weight 0 only by the maximum of all rows.
func TestMomentsNotFinite(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testMomentsNotFinite[float32])
		t.Run("float64", testMomentsNotFinite[float64])
	})
}

func testMomentsNotFinite[T Float](t *testing.T) {
	for _, d := range []int{1, 2, 3, 7, 8, 9, 10, 11, 17, 31} {
		const n = 19
		x := Dense(fill[T](0, n*d, 0, uint64(d)), n, d)
		origin := make([]T, d)
		weights := make([]float64, n)
		for at := range x.Data {
			for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(math.NaN(), -1)} {
				old := x.Data[at]
				x.Data[at] = T(v)
				for i := range weights {
					weights[i] = float64(i % 2)
				}
				for _, w := range [][]float64{nil, weights} {
					m := NewMoments(origin)
					if err := m.Add(x, w); err != nil {
						t.Fatal(err)
					}
					weighed, all := m.Largest()
					counts := w == nil || w[at/d] > 0
					if !same(float64(all), math.Abs(v)) || counts && !same(weighed, all) || !counts && (weighed != weighed || weighed > 10) {
						t.Fatalf("D=%d, %v at row %d, column %d, weighted %v: largest magnitudes %v, %v", d, v, at/d, at%d, w != nil, weighed, all)
					}
				}
				x.Data[at] = old
			}
		}
	}
}

// TestMomentsOffset: rows a million from zero with a spread of 1 have their mean
// and variance to almost all digits, in either element type.
func TestMomentsOffset(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testMomentsOffset[float32])
		t.Run("float64", testMomentsOffset[float64])
	})
}

func testMomentsOffset[T Float](t *testing.T) {
	const n = 5000
	for _, d := range []int{1, 3, 8, 13} {
		r := rand.New(rand.NewPCG(3, uint64(d)))
		x := Dense(make([]T, n*d), n, d)
		for i := range x.Data {
			x.Data[i] = T(1e6 + r.NormFloat64())
		}
		for _, weights := range [][]float64{nil, someWeights(n, 2)} {
			m := NewMoments(x.Row(0))
			if err := m.Add(x, weights); err != nil {
				t.Fatal(err)
			}
			for j := range d {
				mean, variance := exactly(x, weights, j)
				if got := m.Mean(j); math.Abs(got-mean) > 1e-15*mean {
					t.Errorf("D=%d, column %d: mean %v, exactly %v", d, j, got, mean)
				}
				if got := m.Variance(j); math.Abs(got-variance) > 1e-12*variance {
					t.Errorf("D=%d, column %d: variance %v, exactly %v", d, j, got, variance)
				}
			}
		}
	}
}

// exactly returns the mean and the variance of column j, in 400 bits.
func exactly[T Float](x Matrix[T], weights []float64, j int) (mean, variance float64) {
	number := func(v float64) *big.Float { return new(big.Float).SetPrec(400).SetFloat64(v) }
	sum, square, total := number(0), number(0), number(0)
	for i := range x.N {
		w, v := number(1), number(float64(x.Row(i)[j]))
		if weights != nil {
			w = number(weights[i])
		}
		total.Add(total, w)
		w.Mul(w, v)
		sum.Add(sum, w)
		square.Add(square, w.Mul(w, v))
	}
	sum.Quo(sum, total)
	mean, _ = sum.Float64()
	square.Quo(square, total)
	variance, _ = square.Sub(square, sum.Mul(sum, sum)).Float64()
	return mean, variance
}

// TestMomentsMerge: the parts together are the whole, up to rounding, and always
// the same when merged in the same order.
func TestMomentsMerge(t *testing.T) {
	for _, d := range []int{0, 1, 5, 8, 20} {
		const n = 1000
		x, weights := Dense(fill[float64](0, n*d, 0, 1), n, d), someWeights(n, 3)
		whole := NewMoments(make([]float64, d))
		if err := whole.Add(x, weights); err != nil {
			t.Fatal(err)
		}
		merged := whole.Like()
		for from := 0; from < n; from += 128 {
			part, to := whole.Like(), min(n, from+128)
			if err := part.Add(x.Rows(from, to), weights[from:to]); err != nil {
				t.Fatal(err)
			}
			if err := merged.Merge(part); err != nil {
				t.Fatal(err)
			}
		}
		near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-13 }
		for j := range d {
			if !near(merged.Mean(j), whole.Mean(j)) || !near(merged.Variance(j), whole.Variance(j)) {
				t.Errorf("D=%d, column %d: mean %v, variance %v; whole %v, %v", d, j, merged.Mean(j), merged.Variance(j), whole.Mean(j), whole.Variance(j))
			}
		}
		weighed, all := merged.Largest()
		if w, a := whole.Largest(); weighed != w || all != a {
			t.Errorf("D=%d: largest %v, %v; whole %v, %v", d, weighed, all, w, a)
		}
		if !near(merged.Weight()/whole.Weight(), 1) || merged.rows != n {
			t.Errorf("D=%d: weight %v of %d rows; whole %v", d, merged.Weight(), merged.rows, whole.Weight())
		}
	}
}

// TestMomentsOriginNotFinite: an origin that is not finite leaves no sums, but the
// magnitudes.
func TestMomentsOriginNotFinite(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		m := NewMoments([]float64{math.NaN(), 1})
		part := m.Like()
		if err := part.Add(Dense([]float64{-3, 4}, 1, 2), nil); err != nil {
			t.Fatal(err)
		}
		if err := m.Merge(part); err != nil {
			t.Fatal(err)
		}
		if w, a := m.Largest(); w != 4 || a != 4 || !math.IsNaN(m.Variance(0)) || m.Mean(1) != 4 {
			t.Errorf("largest %v, %v, variance %v, mean %v", w, a, m.Variance(0), m.Mean(1))
		}
	})
}

// TestMomentsOfNothing: no rows, no weight, one row, equal rows.
func TestMomentsOfNothing(t *testing.T) {
	m := NewMoments([]float32{1, 2})
	if w, a := m.Largest(); m.Weight() != 0 || w != 0 || a != 0 || !math.IsNaN(m.Mean(1)) || !math.IsNaN(m.Variance(1)) {
		t.Errorf("no rows: weight %v, largest %v, %v, mean %v, variance %v", m.Weight(), w, a, m.Mean(1), m.Variance(1))
	}
	for range 100 {
		if err := m.Add(Dense([]float32{1e6, .1}, 1, 2), nil); err != nil {
			t.Fatal(err)
		}
	}
	same := NewMoments([]float32{1e6, .1})
	if err := same.Add(Matrix[float32]{[]float32{1e6, .1, 1e6, .1}, 2, 2, 2}, nil); err != nil {
		t.Fatal(err)
	}
	if m.Mean(0) != 1e6 || m.Variance(0) < 0 || same.Mean(1) != float64(float32(.1)) || same.Variance(1) != 0 {
		t.Errorf("equal rows: mean %v, variance %v; about themselves %v, %v", m.Mean(0), m.Variance(0), same.Mean(1), same.Variance(1))
	}
}

func TestMomentsErrors(t *testing.T) {
	x := Dense(make([]float64, 6), 3, 2)
	m := NewMoments(make([]float64, 2))
	other := NewMoments([]float64{0, 1})
	for _, c := range []struct {
		what string
		err  error
		want error
	}{
		{"too few elements", m.Add(Dense(make([]float64, 5), 3, 2), nil), ErrShape},
		{"other columns", m.Add(Dense(make([]float64, 6), 2, 3), nil), ErrShape},
		{"too few weights", m.Add(x, []float64{1, 2}), ErrShape},
		{"negative weight", m.Add(x, []float64{1, -1, 1}), ErrRange},
		{"NaN weight", m.Add(x, []float64{1, 1, math.NaN()}), ErrRange},
		{"infinite weight", m.Add(x, []float64{1, 1, math.Inf(1)}), ErrRange},
		{"another origin", m.Merge(other), ErrShape},
		{"another number of columns", m.Merge(NewMoments(make([]float64, 3))), ErrShape},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: error %v, want one that wraps %v", c.what, c.err, c.want)
		}
	}
	if m.Weight() != 0 || m.rows != 0 {
		t.Errorf("refused rows have left a weight of %v", m.Weight())
	}
}

// FuzzMoments holds the best level to the definition.
func FuzzMoments(f *testing.F) {
	f.Add(uint64(1), uint16(3), uint16(20), uint8(0), false)
	f.Add(uint64(2), uint16(8), uint16(9), uint8(7), true)
	f.Add(uint64(3), uint16(77), uint16(33), uint8(5), true)
	f.Fuzz(func(t *testing.T, seed uint64, d, n uint16, kind uint8, weighted bool) {
		fuzzMoments[float32](t, seed, int(d%300), int(n%100), int(kind)%len(kinds), weighted)
		fuzzMoments[float64](t, seed, int(d%300), int(n%100), int(kind)%len(kinds), weighted)
	})
}

func fuzzMoments[T Float](t *testing.T, seed uint64, d, n, kind int, weighted bool) {
	ld := d + int(seed%2)
	x := Matrix[T]{fill[T](kind, n*ld, int(seed%4), seed), n, d, ld}
	origin := fill[T](0, d, 0, seed)
	var weights []float64
	if weighted {
		weights = someWeights(n, seed)
	}
	m := NewMoments(origin)
	if err := m.Add(x, weights); err != nil {
		t.Fatal(err)
	}
	holdMoments(t, fmt.Sprintf("D=%d, N=%d", d, n), m, naively(origin, x, weights))
}
