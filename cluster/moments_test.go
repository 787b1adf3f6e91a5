package cluster

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/tensor"
)

// toleranceOf returns what Tol = 1 stands for, the mean over the columns of their
// variance, and the largest magnitude of an element.
func toleranceOf[T element](t *testing.T, x *tensor.Dense, weights []float64, threads int) (tolerance, top float64) {
	t.Helper()
	c := newCrew(threads)
	defer c.close()
	f, err := newFit[T](t.Context(), c, KMeans{K: 1, Tol: 1}, x, weights)
	if err != nil {
		t.Fatal(err)
	}
	return f.tolerance, f.top
}

// TestVariance: of rows far from the origin, to almost all digits; the same bits
// for any number of threads and at every level.
func TestVariance(t *testing.T) {
	for _, shape := range [][2]int{{1, 3}, {7, 2}, {300, 20}, {40_000, 3}, {20_000, 9}} {
		n, d := shape[0], shape[1]
		r := random(77, uint64(d))
		x := matrix(d, each(n*d, func(int) float64 { return 1e6 + r.NormFloat64() })...)
		x32 := matrixOf(tensor.Float32, d, numbers(t, x)...)
		some := each(n, func(int) float64 { return float64(r.IntN(4)) * r.Float64() })
		some[n/2] = 1
		for _, weights := range [][]float64{nil, some} {
			what := fmt.Sprintf("%d×%d, weighted %v", n, d, weights != nil)
			want, want32 := twoPassVariance(numbers(t, x), d, weights), twoPassVariance(numbers(t, x32), d, weights)
			first, top := toleranceOf[float64](t, x, weights, 1)
			first32, top32 := toleranceOf[float32](t, x32, weights, 1)
			if math.Abs(first-want) > 1e-11*want || math.Abs(first32-want32) > 1e-11*want32 {
				t.Errorf("%s: variance %v, of float32 %v; in two passes %v, %v", what, first, first32, want, want32)
			}
			forEachLevel(t, func(t *testing.T) {
				for _, threads := range []int{1, 2, 3, 7} {
					if v, m := toleranceOf[float64](t, x, weights, threads); v != first || m != top {
						t.Errorf("%s, %d threads: variance %v, largest %v; want %v, %v", what, threads, v, m, first, top)
					}
					if v, m := toleranceOf[float32](t, x32, weights, threads); v != first32 || m != top32 {
						t.Errorf("%s, float32, %d threads: variance %v, largest %v; want %v, %v", what, threads, v, m, first32, top32)
					}
				}
			})
		}
	}
}

// twoPassVariance is the mean over the columns of Σ w·(v − mean)² / Σ w.
func twoPassVariance(v []float64, d int, weights []float64) float64 {
	mean := make([]float64, d)
	var total, sum float64
	weight := func(i int) float64 {
		if weights == nil {
			return 1
		}
		return weights[i]
	}
	for i := range len(v) / d {
		total += weight(i)
	}
	for i, v := range v {
		mean[i%d] += weight(i/d) / total * (v - 1e6)
	}
	for i, v := range v {
		s := v - 1e6 - mean[i%d]
		sum += weight(i/d) * s * s
	}
	return sum / total / float64(d)
}

// TestVarianceLightFirstRow: a far row of next to no weight does not cost the
// others their digits.
func TestVarianceLightFirstRow(t *testing.T) {
	x := matrix(1, 1e12, 1, 2, 3, 4)
	got, _ := toleranceOf[float64](t, x, []float64{1e-30, 1, 1, 1, 1}, 1)
	if want := 1.25 + 1e24*1e-30/4; math.Abs(got-want) > 1e-12 {
		t.Errorf("variance %v, want %v", got, want)
	}
}
