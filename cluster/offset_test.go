package cluster

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gorgonia.org/tensor"
)

// TestOffset: four blobs of spread 1, shifted by 10 000, have in float32 the
// labels that they have in float64 without the shift.
//
// A float32 at 10 000 is a multiple of 2⁻¹⁰, so the shift itself rounds every
// element by up to 2⁻¹¹, and some blobs have rows whose label that flips. The
// test shows that these have none: by moving a row (and the centers, which are
// means of such rows) by δ = 2⁻¹¹·√D each, its distance to a center changes by
// at most 2δ, so a row whose two nearest centers differ by more than 4δ in
// distance keeps its label.
func TestOffset(t *testing.T) {
	const shift = 1e4
	for _, d := range []int{2, 3, 8, 16, 64} {
		// The blobs stand 8 apart along the first two columns: no row lies near
		// the middle between two.
		r := random(64, uint64(d))
		n := 1200
		rows := each(n*d, func(i int) float64 {
			v := r.NormFloat64()
			if j := i % d; j < 2 {
				v += 8 * float64(i/d%4>>j&1)
			}
			return v
		})
		shifted := each(n*d, func(i int) float64 { return rows[i] + shift })
		first := upTo(4)
		plain := matrixOf(tensor.Float64, d, rows...)
		far := matrixOf(tensor.Float32, d, shifted...)

		for _, init := range []string{"given", "k-means++"} {
			km := func(x *tensor.Dense) KMeans {
				if init == "given" {
					return KMeans{K: 4, Init: Given{pick(x, first...)}, Tol: -1}
				}
				return KMeans{K: 4, Seed: 1, Restarts: 3, Tol: -1}
			}
			want := mustFit(t, km(plain), plain, nil)
			margin, delta := math.Inf(1), math.Ldexp(math.Sqrt(float64(d)), -11)
			for _, row := range slices.Collect(slices.Chunk(numbers(t, mustTransform(t, want, plain)), 4)) {
				slices.Sort(row)
				margin = min(margin, row[1]-row[0])
			}
			if margin <= 4*delta {
				t.Fatalf("D=%d: a margin of %g is not above 4δ = %g: these blobs prove nothing", d, margin, 4*delta)
			}
			got := mustFit(t, km(far), far, nil)
			what := fmt.Sprintf("D=%d, %s, far away", d, init)
			if init == "given" {
				sameLabels(t, what, got.Labels, want.Labels)
			} else if !samePartition(got.Labels, want.Labels, 4) { // one seed, rounded distances: other names
				t.Fatalf("%s: another partition", what)
			}
			coherent(t, got, far, nil)
			// Of the inertia, the input's rounding leaves about 2·2⁻¹¹/√12 a column
			// and row, which mostly cancels; the expanded form in float32 would be
			// off by 1e8·2⁻²⁴ = 6 a row.
			if math.Abs(got.Inertia/want.Inertia-1) > 1e-4 {
				t.Errorf("%s: inertia %v, in float64 at the origin %v", what, got.Inertia, want.Inertia)
			}
			nearNumbers(t, what, each(4*d, func(i int) float64 { return numbers(t, got.Centers)[i] - shift }), relabeled(t, want, got), 1e-3)

			// Predicted in float64, and by the float64 model, the rows keep them.
			sameLabels(t, what+", float64 rows", mustPredict(t, got, matrixOf(tensor.Float64, d, shifted...)), got.Labels)
		}
	}
}

// relabeled returns the centers of m in the order in which o names them.
func relabeled(t *testing.T, m, o *Model) []float64 {
	t.Helper()
	d := m.D()
	c := numbers(t, m.Centers)
	out := make([]float64, len(c))
	for i, l := range o.Labels {
		copy(out[int(l)*d:(int(l)+1)*d], c[int(m.Labels[i])*d:])
	}
	return out
}
