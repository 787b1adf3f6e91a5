package cluster

import (
	"math"
	"testing"

	"gorgonia.org/tensor"
)

// TestWeightIsRepetition is vector 31: a weight of w is w copies of the row.
func TestWeightIsRepetition(t *testing.T) {
	for _, dt := range dtypes {
		for seed := range uint64(20) {
			r := random(31, seed)
			n, d, k := 20+r.IntN(300), 1+r.IntN(9), 1+r.IntN(6)
			x := matrixOf(dt, d, blobs(r, n, d, k+1, 6)...)
			weights := make([]float64, n)
			var copies []int
			first := make([]int, n) // the first copy of each row
			for i := range weights {
				weights[i] = float64(1 + r.IntN(4))
				first[i] = len(copies)
				for range int(weights[i]) {
					copies = append(copies, i)
				}
			}
			km := KMeans{K: k, Init: Given{pick(x, upTo(k)...)}, Tol: -1}
			weighted := mustFit(t, km, x, weights)
			repeated := mustFit(t, km, pick(x, copies...), nil)
			for c, i := range copies {
				if repeated.Labels[c] != weighted.Labels[i] {
					t.Fatalf("%v seed %d: row %d has label %d, its copy %d", dt, seed, i, weighted.Labels[i], repeated.Labels[c])
				}
			}
			if weighted.Iterations != repeated.Iterations || weighted.Stopped != repeated.Stopped {
				t.Fatalf("%v seed %d: %d iterations, %v; repeated %d, %v", dt, seed, weighted.Iterations, weighted.Stopped, repeated.Iterations, repeated.Stopped)
			}
			relative := 1e-12
			if dt == tensor.Float32 {
				relative = 1e-6
			}
			nearNumbers(t, "centers", numbers(t, weighted.Centers), numbers(t, repeated.Centers), relative)
			if math.Abs(weighted.Inertia/repeated.Inertia-1) > relative {
				t.Fatalf("%v seed %d: inertia %v, repeated %v", dt, seed, weighted.Inertia, repeated.Inertia)
			}
		}
	}
}

// inits are all ways to begin, for K centers of the rows x.
func inits(x *tensor.Dense, k int) []Init {
	return []Init{KMeansPlusPlus{}, KMeansPlusPlus{Candidates: 1}, Random{}, Given{pick(x, upTo(k)...)}, firstRows, KMeansParallel{}, AFKMC2{}}
}

// TestScaleOfWeights: weights of 1 are none, and weights × 0.5 change nothing
// but the inertia, which halves. Powers of two make that exact.
func TestScaleOfWeights(t *testing.T) {
	for _, dt := range dtypes {
		r := random(5)
		x := matrixOf(dt, 5, blobs(r, 2000, 5, 4, 3)...)
		ones := each(2000, func(int) float64 { return 1 })
		some := each(2000, func(int) float64 { return float64(r.IntN(4)) + .3 })
		for _, init := range inits(x, 6) {
			km := KMeans{K: 6, Init: init, Seed: 7, Restarts: 2}
			if _, ok := init.(Random); !ok { // which draws with other numbers when there are weights
				sameModel(t, "weights of 1", mustFit(t, km, x, ones), mustFit(t, km, x, nil))
			}
			m := mustFit(t, km, x, some)
			half := mustFit(t, km, x, each(2000, func(i int) float64 { return some[i] / 2 }))
			if half.Inertia != m.Inertia/2 {
				t.Fatalf("%v %T: inertia %v with half the weights, %v with all", dt, init, half.Inertia, m.Inertia)
			}
			half.Inertia = m.Inertia
			sameModel(t, "half the weights", half, m)
		}
	}
}

// TestWeightZeroIsAbsent: with given centers, rows of weight 0 change nothing,
// wherever they are.
func TestWeightZeroIsAbsent(t *testing.T) {
	for _, dt := range dtypes {
		for seed := range uint64(20) {
			r := random(8, seed)
			n, d, k := 10+r.IntN(600), 1+r.IntN(20), 1+r.IntN(8)
			present := blobs(r, n, d, k, 4)
			presentWeights := each(n, func(int) float64 { return .1 + r.Float64() })
			var all, weights []float64
			var at []int // where the present rows are
			for i := range n {
				for r.IntN(3) == 0 { // absent ones between them, near and far
					far := math.Pow(10, float64(r.IntN(6)))
					all = append(all, each(d, func(int) float64 { return far * r.NormFloat64() })...)
					weights = append(weights, 0)
				}
				at = append(at, len(weights))
				all = append(all, present[i*d:(i+1)*d]...)
				weights = append(weights, presentWeights[i])
			}
			x := matrixOf(dt, d, present...)
			km := KMeans{K: k, Init: Given{pick(x, upTo(k)...)}}
			if seed%2 == 0 { // some centers far away: relocation
				km.Init = Given{matrixOf(dt, d, each(k*d, func(i int) float64 { return float64(i / d * 100) })...)}
			}
			want := mustFit(t, km, x, presentWeights)
			got := mustFit(t, km, matrixOf(dt, d, all...), weights)
			for i, row := range at {
				if got.Labels[row] != want.Labels[i] {
					t.Fatalf("%v seed %d: row %d has label %d, %d without the absent ones", dt, seed, row, got.Labels[row], want.Labels[i])
				}
			}
			sameNumbers(t, "centers", got.Centers, want.Centers)
			if got.Iterations != want.Iterations || got.Stopped != want.Stopped || math.Abs(got.Inertia-want.Inertia) > 1e-13*want.Inertia {
				t.Fatalf("%v seed %d: %d iterations, %v, inertia %v; without the absent ones %d, %v, %v",
					dt, seed, got.Iterations, got.Stopped, got.Inertia, want.Iterations, want.Stopped, want.Inertia)
			}
			coherent(t, got, matrixOf(dt, d, all...), weights)
		}
	}
}

// TestWeightZeroHugeRow: nor does an absent row of a size that would leave the
// others no digits in the sums.
func TestWeightZeroHugeRow(t *testing.T) {
	x := matrix(1, 1., 1.1, 1.3, 2, 2.7, 1e40)
	weights := []float64{1, 1, 1, 1, 1, 0}
	km := KMeans{K: 2, Init: Given{matrix(1, 1., 2)}}
	got := mustFit(t, km, x, weights)
	want := mustFit(t, km, pick(x, 0, 1, 2, 3, 4), nil)
	sameNumbers(t, "centers", got.Centers, want.Centers)
	if got.Inertia != want.Inertia || got.Iterations != want.Iterations {
		t.Errorf("inertia %v, %d iterations; without the row %v, %d", got.Inertia, got.Iterations, want.Inertia, want.Iterations)
	}
}

// TestWeightsOfAllSizes: the weights may span many magnitudes, and be any size
// together.
func TestWeightsOfAllSizes(t *testing.T) {
	x := matrix(1, 0., 1, 10, 11, 12)
	km := KMeans{K: 2, Init: Given{matrix(1, 0., 12)}}
	want := mustFit(t, km, x, []float64{1, 2, 3, 4, 5})
	for _, scale := range []float64{0x1p-900, 0x1p-100, 0x1p100, 0x1p900} {
		got := mustFit(t, km, x, []float64{1 * scale, 2 * scale, 3 * scale, 4 * scale, 5 * scale})
		if got.Inertia != want.Inertia*scale {
			t.Errorf("weights × %g: inertia %v, want %v", scale, got.Inertia, want.Inertia*scale)
		}
		got.Inertia = want.Inertia
		sameModel(t, "scaled weights", got, want)
	}
	// A row of weight 1e-12 beside one of 1e12 keeps its part of the mean.
	m := mustFit(t, KMeans{K: 1}, matrix(1, 0., 1e20), []float64{1e12, 1e-12})
	nearNumbers(t, "mean", numbers(t, m.Centers), []float64{1e-4}, 1e-12)
}
