package cluster

import (
	"context"
	"math/rand/v2"
	"testing"

	"gorgonia.org/tensor"
)

// TestFrozen: frozen centers stay to the bit, the others are the means of their rows,
// and everything is coherent, for every algorithm.
func TestFrozen(t *testing.T) {
	for _, dt := range dtypes {
		r := random(80)
		x := matrixOf(dt, 3, blobs(r, 1200, 3, 5, 3)...)
		start := pick(x, upTo(7)...)
		for _, frozen := range [][]int{{2}, {0, 5, 5}, upTo(7)} {
			var want *Model
			for _, algorithm := range []Algorithm{Auto, Lloyd, Hamerly, Elkan} {
				m := mustFit(t, KMeans{K: 7, Init: Given{start}, Frozen: frozen, Algorithm: algorithm, Tol: -1}, x, nil)
				coherent(t, m, x, nil)
				if m.Stopped != Converged || len(frozen) == 7 && m.Iterations != 1 {
					t.Errorf("%v: %v after %d iterations", frozen, m.Stopped, m.Iterations)
				}
				s, err := MStep(t.Context(), x, m.Labels, nil, 7, 1)
				if err != nil {
					t.Fatal(err)
				}
				means, err := s.Centers(m.Centers)
				if err != nil {
					t.Fatal(err)
				}
				stays := make([]bool, 7)
				for _, k := range frozen {
					stays[k] = true
				}
				for k := range 7 {
					if stays[k] {
						sameNumbers(t, "a frozen center", pick(m.Centers, k), pick(start, k))
					} else {
						sameNumbers(t, "another center", pick(m.Centers, k), pick(means, k))
					}
				}
				if want == nil {
					want = m
				}
				sameModel(t, "by another algorithm", m, want)
			}
		}
	}
}

// TestFrozenEmpty: a frozen center without rows stays empty; another one gets a row.
func TestFrozenEmpty(t *testing.T) {
	x := matrix(1, 0., 1, 2, 10)
	start := Given{matrix(1, 1., 1000, 2000)}
	m := mustFit(t, KMeans{K: 3, Init: start, Frozen: []int{1}}, x, nil)
	sameNumbers(t, "centers", m.Centers, matrix(1, 1., 1000, 10))
	if m.Empty != 1 || m.Counts[1] != 0 {
		t.Errorf("%d empty, counts %v", m.Empty, m.Counts)
	}
	coherent(t, m, x, nil)
}

func TestFrozenErrors(t *testing.T) {
	x := matrix(1, 0., 1, 2, 10)
	for _, c := range []struct {
		km   KMeans
		part string
	}{
		{KMeans{K: 2, Frozen: []int{0}}, "expected Init to be a Given or an InitFunc"},
		{KMeans{K: 2, Init: Random{}, Frozen: []int{0}}, "Random"},
		{KMeans{K: 2, Init: Given{pick(x, 0, 1)}, Frozen: []int{0, 2}}, "Frozen[1] is 2"},
		{KMeans{K: 2, Init: Given{pick(x, 0, 1)}, Frozen: []int{-1}}, "Frozen[0] is -1"},
	} {
		_, err := c.km.Fit(t.Context(), x)
		refused(t, "Fit", err, ErrParameter, c.part)
	}
	first := InitFunc(func(_ context.Context, x *tensor.Dense, k int, _ *rand.Rand) (*tensor.Dense, error) {
		return pick(x, upTo(k)...), nil
	})
	m := mustFit(t, KMeans{K: 2, Init: first, Frozen: []int{0}}, x, nil)
	sameNumbers(t, "frozen", pick(m.Centers, 0), pick(x, 0))
}
