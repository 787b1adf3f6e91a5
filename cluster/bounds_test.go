package cluster

import (
	"errors"
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// TestAddParts: parts of any size, with any largest element, added or merged in
// any order, give the statistics of the whole.
func TestAddParts(t *testing.T) {
	r := random(31)
	const n, k = 5000, 4
	for _, weighted := range []bool{false, true} {
		x := matrix(3, noise(r, n, 3)...)
		x.Set(7, 123.)
		labels := make([]int32, n)
		for i := range labels {
			labels[i] = int32(r.IntN(k+1)) - 1
		}
		b := Bounds{MaxAbs: 123, Rows: n}
		var weights []float64
		if weighted {
			weights, b.MaxWeight = each(n, func(i int) float64 { return float64(i % 3) }), 2
		}
		statistics := func() *Statistics {
			s, err := NewStatistics(k, 3, b)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		whole := statistics()
		if err := whole.Add(t.Context(), x, labels, weights, 2); err != nil {
			t.Fatal(err)
		}
		var parts []*Statistics
		for from := 0; from < n; {
			to := min(n, from+1+r.IntN(3000))
			rows := upTo(n)[from:to]
			p := statistics()
			if len(parts) > 0 && r.IntN(2) == 0 {
				p = parts[len(parts)-1] // into the same
			} else {
				parts = append(parts, p)
			}
			if err := p.Add(t.Context(), pick(x, rows...), labels[from:to], part(weights, from, to), 1); err != nil {
				t.Fatal(err)
			}
			from = to
		}
		merged := statistics()
		for _, i := range r.Perm(len(parts)) {
			if err := merged.Merge(parts[i]); err != nil {
				t.Fatal(err)
			}
		}
		sameStatistics(t, "merged parts", merged, whole)
	}
}

// TestAddBounds: rows beyond the bounds are refused and leave no trace.
func TestAddBounds(t *testing.T) {
	b := Bounds{MaxAbs: 2, MaxWeight: 3, Rows: 3}
	s, err := NewStatistics(2, 1, b)
	if err != nil {
		t.Fatal(err)
	}
	add := func(s *Statistics, x *tensor.Dense, labels []int32, weights []float64, threads int) error {
		return s.Add(t.Context(), x, labels, weights, threads)
	}
	if err := add(s, matrix(1, 1., 2), []int32{0, 1}, []float64{3, 1}, 0); err != nil {
		t.Fatal(err)
	}
	unbound, err := MStep(t.Context(), matrix(1, 1., 2), []int32{0, 1}, nil, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		err  error
		want error
	}{
		"element":      {add(s, matrix(1, 2.5), []int32{0}, []float64{1}, 0), ErrInput},
		"weight":       {add(s, matrix(1, 1.), []int32{0}, []float64{3.5}, 0), ErrInput},
		"no weights":   {add(s, matrix(1, 1.), []int32{0}, nil, 0), ErrInput},
		"rows":         {add(s, matrix(1, 1., 1), []int32{0, 0}, []float64{1, 1}, 0), ErrInput},
		"columns":      {add(s, matrix(2, 1., 1), []int32{0}, []float64{1}, 0), ErrInput},
		"label":        {add(s, matrix(1, 1.), []int32{2}, []float64{1}, 0), ErrInput},
		"threads":      {add(s, matrix(1, 1.), []int32{0}, []float64{1}, -1), ErrParameter},
		"no bounds":    {add(unbound, matrix(1, 1.), []int32{0}, nil, 0), ErrInput},
		"not a number": {add(s, matrix(1, math.NaN()), []int32{0}, []float64{1}, 0), ErrInput},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
	if s.Weight(0) != 3 || s.Sum(0, 0) != 3 || s.Rows(0) != 1 || s.Rows(1) != 1 {
		t.Error("refused rows left a trace")
	}
	for name, b := range map[string]Bounds{
		"no rows": {MaxAbs: 1}, "negative": {MaxAbs: -1, Rows: 1}, "infinite": {MaxAbs: math.Inf(1), Rows: 1},
		"NaN weight": {MaxWeight: math.NaN(), Rows: 1}, "product": {MaxAbs: 1e300, MaxWeight: 1e300, Rows: 1},
	} {
		if _, err := NewStatistics(1, 1, b); !errors.Is(err, ErrParameter) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := NewStatistics(1, 1, Bounds{MaxAbs: 1, Rows: math.MaxInt}); !errors.Is(err, ErrParameter) {
		t.Errorf("no limit of rows: %v", err)
	}
	if err := s.Merge(s.like()); err != nil {
		t.Errorf("nothing to merge: %v", err)
	}
	full, err := NewStatistics(2, 1, b)
	if err != nil {
		t.Fatal(err)
	}
	if err := add(full, matrix(1, 1., 1), []int32{0, 1}, []float64{1, 1}, 1); err != nil {
		t.Fatal(err)
	}
	if err := s.Merge(full); !errors.Is(err, lloyd.ErrSumsMismatch) {
		t.Errorf("2 and 2 rows within 3: %v", err)
	}
	// A part of tiny elements is no different from one beside larger ones.
	tiny, err := NewStatistics(1, 1, Bounds{MaxAbs: 1, Rows: 2})
	if err != nil {
		t.Fatal(err)
	}
	if err := add(tiny, matrix[float32](1, 1e-20), []int32{0}, nil, 1); err != nil || tiny.Sum(0, 0) != float64(float32(1e-20)) {
		t.Errorf("sum %v, %v", tiny.Sum(0, 0), err)
	}
	// Weights too small for the number format.
	for _, w := range []float64{1e-318, 1e-290} {
		if _, err := (KMeans{K: 1}).FitWeighted(t.Context(), matrix(1, 1e-3, 3e-3), []float64{w, w}); !errors.Is(err, ErrInput) {
			t.Errorf("weights of %v: %v", w, err)
		}
	}
	other, err := NewStatistics(2, 1, Bounds{MaxAbs: 200, MaxWeight: 3, Rows: 3})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Merge(other); !errors.Is(err, lloyd.ErrSumsMismatch) {
		t.Errorf("other bounds: %v", err)
	}
}
