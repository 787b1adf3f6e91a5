package cluster

import (
	"testing"

	"gorgonia.org/tensor"
)

// TestOptionsAndContraction: what changes the M-step, and the number of centers, agrees
// with the contraction of the rows, which Auto uses here.
func TestOptionsAndContraction(t *testing.T) {
	if testing.Short() {
		t.Skip("takes too many rows for a short run")
	}
	const n, d, k = 6000, 128, 200
	x := matrixOf(tensor.Float32, d, spectrum(95, n, d, 0.1)...)
	start := Given{pick(x, upTo(k)...)}
	for name, km := range map[string]KMeans{
		"spherical": {Spherical: true}, "frozen": {Frozen: []int{3, 77, 199}}, "refine": {Refine: 1},
	} {
		km.K, km.Init, km.MaxIter, km.Tol, km.Algorithm, km.Memory = k, start, 5, -1, Lloyd, withoutPairs(n, k)
		want := mustFit(t, km, x, nil)
		var pairs int64
		km.Algorithm, km.Observer = Auto, func(i Iteration) { pairs += i.Pairs }
		m := mustFit(t, km, x, nil)
		sameModel(t, name, m, want)
		if pairs == 0 || m.Won != want.Won {
			t.Errorf("%s: %d pairs, won %v and %v", name, pairs, m.Won, want.Won)
		}
	}
}
