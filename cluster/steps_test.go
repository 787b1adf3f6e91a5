package cluster

import (
	"errors"
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// TestStepsAreTheFit: the E–M loop that a pipeline writes is KMeans.Fit, to the
// bit.
func TestStepsAreTheFit(t *testing.T) {
	for _, dt := range dtypes {
		for _, weighted := range []bool{false, true} {
			r := random(11)
			x := matrixOf(dt, 7, blobs(r, 3000, 7, 9, 2)...)
			var weights []float64
			if weighted {
				weights = each(3000, func(int) float64 { return r.Float64() })
			}
			first := pick(x, upTo(9)...)
			m := mustFit(t, KMeans{K: 9, Tol: -1, Init: Given{first}}, x, weights)
			if m.Stopped != Converged {
				t.Fatal(m.Stopped)
			}

			centers := first
			var a *Assignment
			for range m.Iterations {
				var err error
				if a, err = EStep(t.Context(), x, centers, 2); err != nil {
					t.Fatal(err)
				}
				s, err := MStep(t.Context(), x, a.Labels, weights, 9, 2)
				if err != nil {
					t.Fatal(err)
				}
				if centers, err = s.Centers(centers); err != nil {
					t.Fatal(err)
				}
			}
			sameLabels(t, "labels", a.Labels, m.Labels)
			sameNumbers(t, "centers", centers, m.Centers)
			if !weighted && a.Inertia != m.Inertia {
				t.Errorf("inertia %v, of the fit %v", a.Inertia, m.Inertia)
			}
		}
	}
}

// TestStatistics: sums, weights and rows by hand; a negative label is left out.
func TestStatistics(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 2, 1, 2, 3, 4, 5, 6, 7, 8)
		s, err := MStep(t.Context(), x, []int32{0, 2, -1, 2}, []float64{2, 1, 9, .5}, 3, 1)
		if err != nil {
			t.Fatal(err)
		}
		if s.K() != 3 || s.D() != 2 {
			t.Fatalf("%d×%d", s.K(), s.D())
		}
		for k, want := range []struct {
			rows             int64
			weight, s0, s1   float64
			center0, center1 float64
		}{{1, 2, 2, 4, 1, 2}, {0, 0, 0, 0, 20, 21}, {2, 1.5, 6.5, 8, 6.5 / 1.5, 8 / 1.5}} {
			if s.Rows(k) != want.rows || s.Weight(k) != want.weight || s.Sum(k, 0) != want.s0 || s.Sum(k, 1) != want.s1 {
				t.Errorf("cluster %d: %d rows, weight %v, sums %v %v; want %+v", k, s.Rows(k), s.Weight(k), s.Sum(k, 0), s.Sum(k, 1), want)
			}
			// A cluster without rows keeps its previous center, which is copied.
			previous := matrixOf(dt, 2, 10, 11, 20, 21, 30, 31)
			c, err := s.Centers(previous)
			if err != nil {
				t.Fatal(err)
			}
			nearNumbers(t, "center", numbers(t, c)[2*k:2*k+2], []float64{want.center0, want.center1}, 1e-7)
			if c.Dtype() != dt {
				t.Errorf("centers are %v, the previous ones %v", c.Dtype(), dt)
			}
			c.Set(2, zeroOf(dt))
			if numbers(t, previous)[2] != 20 {
				t.Error("the previous centers share memory with the new ones")
			}
		}
	}
	// Rows of weight 0 do not make a cluster.
	s, err := MStep(t.Context(), matrix(1, 5., 7), []int32{0, 1}, []float64{0, 1}, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Centers(matrix(1, 1., 2))
	if err != nil {
		t.Fatal(err)
	}
	sameNumbers(t, "centers", c, matrix(1, 1., 7))
}

// sameStatistics fails unless the two agree in every bit.
func sameStatistics(t *testing.T, what string, got, want *Statistics) {
	t.Helper()
	for k := range want.K() {
		if got.Rows(k) != want.Rows(k) || math.Float64bits(got.Weight(k)) != math.Float64bits(want.Weight(k)) {
			t.Fatalf("%s: cluster %d has %d rows of weight %v, want %d of %v", what, k, got.Rows(k), got.Weight(k), want.Rows(k), want.Weight(k))
		}
		for j := range want.D() {
			if math.Float64bits(got.Sum(k, j)) != math.Float64bits(want.Sum(k, j)) {
				t.Fatalf("%s: sum %d, %d is %v, want %v", what, k, j, got.Sum(k, j), want.Sum(k, j))
			}
		}
	}
}

// TestMerge: however the rows are split and in whatever order the parts come
// together, the statistics have the same bits; and taking rows away leaves what
// there was before.
func TestMerge(t *testing.T) {
	t.Run("float32", mergeStatistics[float32])
	t.Run("float64", mergeStatistics[float64])
}

func mergeStatistics[T element](t *testing.T) {
	const n, d, k = 5000, 11, 7
	r := random(12)
	v := make([]T, n*d)
	for i := range v {
		v[i] = T(math.Ldexp(r.NormFloat64(), r.IntN(20)-10))
	}
	x := lloyd.Dense(v, n, d)
	labels := make([]int32, n)
	for i := range labels {
		labels[i] = int32(r.IntN(k+1)) - 1
	}
	for _, weights := range [][]float64{nil, each(n, func(int) float64 { return r.ExpFloat64() })} {
		empty, err := newStatistics(k, d, n, 1e5, weights != nil, 20)
		if err != nil {
			t.Fatal(err)
		}
		want := empty.like()
		must(add(want, x, labels, weights))
		for range 20 {
			var parts []*Statistics
			for from := 0; from < n; {
				to := min(n, from+1+r.IntN(1500))
				p := empty.like()
				must(add(p, x.Rows(from, to), labels[from:to], part(weights, from, to)))
				parts = append(parts, p)
				from = to
			}
			for len(parts) > 1 { // any two, in any order
				i := r.IntN(len(parts))
				a := parts[i]
				parts = append(parts[:i], parts[i+1:]...)
				if err := parts[r.IntN(len(parts))].Merge(a); err != nil {
					t.Fatal(err)
				}
			}
			sameStatistics(t, "merged", parts[0], want)
			a, err := parts[0].Centers(tensorOf(x.Rows(0, k)))
			if err != nil {
				t.Fatal(err)
			}
			b, err := want.Centers(tensorOf(x.Rows(0, k)))
			if err != nil {
				t.Fatal(err)
			}
			sameNumbers(t, "centers", a, b)
		}
		half := empty.like()
		must(add(half, x.Rows(0, n/2), labels[:n/2], part(weights, 0, n/2)))
		all := want.like()
		must(all.Merge(want))
		must(remove(all, x.Rows(n/2, n), labels[n/2:], part(weights, n/2, n)))
		sameStatistics(t, "after taking away", all, half)
		for k := range all.K() {
			all.resetCluster(k)
		}
		sameStatistics(t, "after reset", all, empty)
	}
}

// TestMergePublic: what MStep returns is for its rows alone. It does not merge,
// and is as before when that is tried.
func TestMergePublic(t *testing.T) {
	x := matrix(2, noise(random(13), 1000, 2)...)
	labels := make([]int32, 1000)
	for i := range labels {
		labels[i] = int32(i % 3)
	}
	step := func(x *tensor.Dense, labels []int32, weights []float64, k int) *Statistics {
		s, err := MStep(t.Context(), x, labels, weights, k, 0)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	want := step(x, labels, nil, 3)
	for name, o := range map[string]*Statistics{
		"the same rows": want,
		"another K":     step(x, labels, nil, 4),
		"another D":     step(matrix(1, noise(random(1), 1000, 1)...), labels, nil, 3),
		"weights":       step(x, labels, each(1000, func(int) float64 { return 1 }), 3),
		"other bounds":  step(matrix(2, each(2000, func(int) float64 { return 1e3 })...), labels, nil, 3),
	} {
		before := step(x, labels, nil, 3)
		if err := before.Merge(o); !errors.Is(err, lloyd.ErrSumsMismatch) {
			t.Errorf("%s: %v", name, err)
		}
		sameStatistics(t, "after a refused merge", before, want)
	}
}
