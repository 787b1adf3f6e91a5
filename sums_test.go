package lloyd

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

func newSums(t testing.TB, k, d int, maxAbs float64, rows int) *Sums {
	t.Helper()
	s, err := NewSums(k, d, maxAbs, rows)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func maxAbs[T Float](s []T) float64 {
	var m float64
	for _, v := range s {
		m = max(m, math.Abs(float64(v)))
	}
	return m
}

// TestAccumulate holds every level to the integers of the reference.
func TestAccumulate(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testAccumulate[float32])
		t.Run("float64", testAccumulate[float64])
	})
}

func testAccumulate[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, d := range columns() {
		const n, k = 23, 5
		x := Matrix[T]{fill[T](d%7, n*(d+1), d%3, 3), n, d, d + 1}
		labels, weights := make([]int32, n), make([]float64, n)
		for i := range labels {
			labels[i], weights[i] = int32(r.IntN(k+1)-1), r.ExpFloat64()
		}
		for _, w := range [][]float64{nil, weights} {
			m := maxAbs(x.Data) * max(1, maxAbs(weights))
			got, want := newSums(t, k, d, m, n), newSums(t, k, d, m, n)
			if err := Accumulate(got, x, labels, w); err != nil {
				t.Fatal(err)
			}
			accumulateGeneric(want.hi, want.lo, want.ld, x, nil, labels, w, math.Ldexp(1, want.exp), math.Ldexp(1, want.shift))
			if !slices.Equal(got.hi, want.hi) || !slices.Equal(got.lo, want.lo) {
				t.Fatalf("D=%d: sums differ from the reference", d)
			}
			// The same rows by a list, in another order.
			list := r.Perm(n)
			rows, listed, listedWeights := make([]int32, n), make([]int32, n), []float64(nil)
			if w != nil {
				listedWeights = make([]float64, n)
			}
			for i, row := range list {
				rows[i], listed[i] = int32(row), labels[row]
				if w != nil {
					listedWeights[i] = w[row]
				}
			}
			byList := got.Like()
			if err := AccumulateRows(byList, x, rows, listed, listedWeights); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(byList.hi, want.hi) || !slices.Equal(byList.lo, want.lo) {
				t.Fatalf("D=%d: sums of listed rows differ", d)
			}
			if err := RetractRows(byList, x, rows[:n/2], listed, listedWeights); err != nil {
				t.Fatal(err)
			}
			if err := RetractRows(byList, x, rows[n/2:], listed[n/2:], tailOf(listedWeights, n/2)); err != nil {
				t.Fatal(err)
			}
			if slices.ContainsFunc(byList.hi, func(v int64) bool { return v != 0 }) {
				t.Fatalf("D=%d: taking listed rows away leaves something", d)
			}
			// From where they are to other clusters, in one read.
			from, to := make([]int32, n), make([]int32, n)
			for i := range from {
				from[i], to[i] = int32(r.IntN(k)), int32(r.IntN(k))
			}
			moved, apart := got.Like(), got.Like()
			if err := TransferRows(moved, x, rows, from, to, listedWeights); err != nil {
				t.Fatal(err)
			}
			if err := RetractRows(apart, x, rows, from, listedWeights); err != nil {
				t.Fatal(err)
			}
			if err := AccumulateRows(apart, x, rows, to, listedWeights); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(moved.hi, apart.hi) || !slices.Equal(moved.lo, apart.lo) {
				t.Fatalf("D=%d: sums of transferred rows differ", d)
			}
			if err := Retract(got, x, labels, w); err != nil {
				t.Fatal(err)
			}
			if slices.ContainsFunc(got.hi, func(v int64) bool { return v != 0 }) || slices.ContainsFunc(got.lo, func(v int64) bool { return v != 0 }) {
				t.Fatalf("D=%d: taking the rows away again leaves something", d)
			}
		}
	}
}

// TestSumsExact compares with exact arithmetic: the only error allowed is one
// rounding of the result, and half of 2^-Precision for each row.
func TestSumsExact(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		for kind := range 7 {
			const n, d = 3000, 5
			data := fill[float64](kind, n*d, 0, 4)
			x := Dense(data, n, d)
			s := newSums(t, 1, d, maxAbs(data), n)
			if err := Accumulate(s, x, make([]int32, n), nil); err != nil {
				t.Fatal(err)
			}
			for j := range d {
				exact := new(big.Float).SetPrec(2000)
				for i := range n {
					exact.Add(exact, big.NewFloat(data[i*d+j]).SetPrec(2000))
				}
				want, _ := exact.Float64()
				bound := float64(n)*math.Ldexp(0.5, -s.Precision()) + math.Abs(want)*0x1p-53
				if diff := math.Abs(s.At(0, j) - want); diff > bound {
					t.Errorf("%s: sum %v, exactly %v", kinds[kind].name, s.At(0, j), want)
				}
			}
		}
	})
}

// TestSumsOneRow: the sum of one row is that row, to the last bit, also beside
// far larger ones.
func TestSumsOneRow(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		x := []float64{1, math.Pi, -1e-3, 0.1, 1e3, -7, 1e-5, 0}
		s := newSums(t, 1, len(x), 1e3, 1<<20)
		if err := Accumulate(s, Dense(x, 1, len(x)), []int32{0}, nil); err != nil {
			t.Fatal(err)
		}
		for j, v := range x {
			if got := s.At(0, j); got != v {
				t.Errorf("sum of %v is %v", v, got)
			}
		}
	})
}

// TestSumsMerge: any split merged in any order gives the same integers.
func TestSumsMerge(t *testing.T) {
	const n, d, k = 500, 7, 4
	data := fill[float32](4, n*d, 0, 5)
	x := Dense(data, n, d)
	r := rand.New(rand.NewPCG(6, 7))
	labels := make([]int32, n)
	for i := range labels {
		labels[i] = int32(r.IntN(k))
	}
	whole := newSums(t, k, d, maxAbs(data), n)
	if err := Accumulate(whole, x, labels, nil); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		var parts []*Sums
		for from := 0; from < n; {
			to := min(n, from+1+r.IntN(100))
			p := whole.Like()
			if err := Accumulate(p, x.Rows(from, to), labels[from:to], nil); err != nil {
				t.Fatal(err)
			}
			parts = append(parts, p)
			from = to
		}
		r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		for len(parts) > 1 {
			if err := parts[0].Merge(parts[1]); err != nil {
				t.Fatal(err)
			}
			parts = slices.Delete(parts, 1, 2)
		}
		if !slices.Equal(parts[0].hi, whole.hi) || !slices.Equal(parts[0].lo, whole.lo) {
			t.Fatal("merged sums differ from the whole")
		}
	}
	if err := whole.Merge(newSums(t, k, d+1, 1, n)); !errors.Is(err, ErrSumsMismatch) {
		t.Errorf("merging other shapes: %v", err)
	}
}

func TestSumsAPI(t *testing.T) {
	s := newSums(t, 2, 3, 1, 10)
	x := Dense(make([]float32, 12), 4, 3)
	for name, err := range map[string]error{
		"label K":       Accumulate(s, x, []int32{0, 1, 2, 0}, nil),
		"short labels":  Accumulate(s, x, []int32{0}, nil),
		"short weights": Accumulate(s, x, make([]int32, 4), []float64{1}),
		"row N":         AccumulateRows(s, x, []int32{4}, []int32{0}, nil),
		"row -1":        RetractRows(s, x, []int32{-1}, []int32{0}, nil),
		"from K":        TransferRows(s, x, []int32{0}, []int32{2}, []int32{0}, nil),
		"to -1":         TransferRows(s, x, []int32{0}, []int32{0}, []int32{-1}, nil),
		"to too short":  TransferRows(s, x, []int32{0, 1}, []int32{0, 0}, []int32{1}, nil),
		"moved row N":   TransferRows(s, x, []int32{4}, []int32{0}, []int32{1}, nil),
		"moved weights": TransferRows(s, x, []int32{0, 1}, []int32{0, 0}, []int32{1, 1}, []float64{1}),
		"other D":       Accumulate(s, Dense(make([]float32, 8), 4, 2), make([]int32, 4), nil),
	} {
		if !errors.Is(err, ErrShape) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := NewSums(-1, 2, 1, 1); !errors.Is(err, ErrShape) {
		t.Errorf("negative K: %v", err)
	}
	if _, err := NewSums(1, 2, 1, math.MaxInt); !errors.Is(err, ErrRange) {
		t.Errorf("too many rows: %v", err)
	}
	if err := s.Merge(newSums(t, 2, 3, 1, 11)); !errors.Is(err, ErrSumsMismatch) || s.Capacity() != 10 {
		t.Errorf("merging another capacity: %v", err)
	}
	for _, m := range []float64{math.NaN(), math.Inf(1), -1} {
		if _, err := NewSums(1, 2, m, 1); !errors.Is(err, ErrRange) {
			t.Errorf("maxAbs %v: %v", m, err)
		}
	}
	if err := Accumulate(newSums(t, 1, 2, 0, 5), Dense(make([]float64, 10), 5, 2), make([]int32, 5), nil); err != nil {
		t.Errorf("zeros: %v", err)
	}
}

// FuzzAccumulate looks for a difference between a level and the reference.
func FuzzAccumulate(f *testing.F) {
	f.Add(uint64(1), uint16(20), uint16(10), uint8(0), true)
	f.Fuzz(func(t *testing.T, seed uint64, n, d uint16, kind uint8, weighted bool) {
		n, d = n%100, d%300
		x := Dense(fill[float32](int(kind)%7, int(n)*int(d), int(seed%3), seed), int(n), int(d))
		labels, weights := make([]int32, n), []float64(nil)
		m := maxAbs(x.Data)
		if weighted {
			weights = fill[float64](0, int(n), 0, seed)
			m *= max(1, maxAbs(weights))
		}
		for i := range labels {
			labels[i] = int32(i%7) - 1
		}
		want := newSums(t, 6, int(d), m, int(n))
		useLevel(t, kernel.Generic)
		if err := Accumulate(want, x, labels, weights); err != nil {
			t.Fatal(err)
		}
		for _, l := range kernel.Supported() {
			useLevel(t, l)
			got := want.Like()
			if err := Accumulate(got, x, labels, weights); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.hi, want.hi) || !slices.Equal(got.lo, want.lo) {
				t.Fatalf("%s: sums differ from the reference", l)
			}
		}
	})
}
