package cluster

import (
	"math"
	"slices"
	"testing"

	"gorgonia.org/tensor"
)

// longRows are rows around k directions of d columns, of lengths that are powers of two,
// so that they have the same directions to the bit as rows of similar length; and those.
func longRows(seed uint64, n, d, k int) (long, rows []float64) {
	rows = blobs(random(seed), n, d, k, 3)
	return each(n*d, func(i int) float64 { return rows[i] * math.Ldexp(1, i/d%20-10) }), rows
}

// unitRows are the rows of x brought to length 1 as a fit does it.
func unitRows(t testing.TB, x *tensor.Dense) *tensor.Dense {
	t.Helper()
	if x.Dtype() == tensor.Float32 {
		return unitRowsAs[float32](t, x)
	}
	return unitRowsAs[float64](t, x)
}

func unitRowsAs[T element](t testing.TB, x *tensor.Dense) *tensor.Dense {
	t.Helper()
	m := compact(viewOf[T](t, x))
	for i := range m.N {
		if !unitInto(m.Row(i), m.Row(i)) {
			t.Fatalf("row %d has no direction", i)
		}
	}
	return tensorOf(m)
}

// TestSphericalSteps holds PartialFit to a plain reference: rows of length 1, the greatest
// cosine, a running mean, brought to length 1.
func TestSphericalSteps(t *testing.T) {
	const n, d, k, size = 400, 6, 5, 80
	rows, _ := longRows(110, n, d, k)
	weights := each(n, func(i int) float64 { return float64(i%4) / 2 })
	for _, dt := range dtypes {
		tolerance := map[tensor.Dtype]float64{tensor.Float32: 2e-6, tensor.Float64: 1e-13}[dt]
		x := matrixOf(dt, d, rows...)
		u := numbers(t, units(t, x))
		for _, rate := range []Rate{Cumulative, Adaptive} {
			for _, w := range [][]float64{nil, weights} {
				mb := MiniBatch{K: k, Spherical: true, Rate: rate, Reassign: -1, Init: Given{pick(x, upTo(k)...)}}
				centers, had := slices.Clone(u[:k*d]), make([]float64, k)
				mean := slices.Clone(centers)
				var m *Model
				for from := 0; from < n; from += size {
					m = mustPartialFit(t, mb, m, slice(t, x, tensor.S(from, from+size)), part(w, from, from+size))
					sums, weight, total := make([]float64, k*d), make([]float64, k), 0.
					for i := from; i < from+size; i++ {
						best, most := 0, math.Inf(-1)
						for c := range k {
							var cosine float64
							for j := range d {
								cosine += u[i*d+j] * centers[c*d+j]
							}
							if cosine > most {
								best, most = c, cosine
							}
						}
						wi := 1.
						if w != nil {
							wi = w[i]
						}
						for j := range d {
							sums[best*d+j] += wi * u[i*d+j]
						}
						weight[best] += wi
						total += wi
					}
					for c := range k {
						if weight[c] == 0 {
							continue
						}
						had[c] += weight[c]
						step := weight[c] / had[c]
						if rate == Adaptive {
							step = math.Sqrt(weight[c] / total)
						}
						for j := range d {
							mean[c*d+j] += step * (sums[c*d+j]/weight[c] - mean[c*d+j])
						}
					}
					centers = numbers(t, units(t, matrix(d, mean...)))
				}
				nearNumbers(t, rate.String(), numbers(t, m.Centers), centers, tolerance)
				coherentSpherical(t, m, slice(t, x, tensor.S(n-size, n)), part(w, n-size, n))
			}
		}
	}
}

// TestSphericalMiniBatch: a fit of rows of any length is that of rows of length 1, which
// it finds without a copy; it finds the clusters, and keeps what holds after every fit.
func TestSphericalMiniBatch(t *testing.T) {
	const n, d, k = 700, 5, 4
	long, similar := longRows(111, n, d, k)
	weights := each(n, func(i int) float64 { return float64(i % 3) })
	for _, dt := range dtypes {
		x := matrixOf(dt, d, long...)
		unit := unitRows(t, x)
		for i, init := range inits(x, k) {
			for _, mb := range []MiniBatch{
				{},
				{BatchSize: 60, Tol: 1e-3, Patience: -1},
				{BatchSize: 90, InitSize: 10 * n, Seedings: 2, Rate: Adaptive},
			} {
				for _, w := range [][]float64{nil, weights} {
					mb.K, mb.Init, mb.Spherical, mb.Seed = k, init, true, uint64(i)
					m := mustFitBatches(t, mb, x, w)
					if !m.Spherical {
						t.Error("the model does not say that it is spherical")
					}
					coherentSpherical(t, m, x, w)
					sameModel(t, "rows of length 1", mustFitBatches(t, mb, unit, w), m)
					mb.Threads = 3
					sameModel(t, "three threads", mustFitBatches(t, mb, x, w), m)
					mb.WithoutLabels = true
					sameNumbers(t, "without labels", mustFitBatches(t, mb, x, w).Centers, m.Centers)
					mb.Threads, mb.WithoutLabels = 0, false
				}
			}
		}
		sameNumbers(t, "rows", x, matrixOf(dt, d, long...))

		// As good as KMeans, or nearly.
		full := mustFit(t, KMeans{K: k, Spherical: true}, x, nil)
		m := mustFitBatches(t, MiniBatch{K: k, Spherical: true, Seed: 1}, x, nil)
		if m.Inertia > 1.1*full.Inertia {
			t.Errorf("inertia %v, of KMeans %v", m.Inertia, full.Inertia)
		}
		sameLabels(t, "rows of similar length", mustPredict(t, m, matrixOf(dt, d, similar...)), m.Labels)

		// A model of KMeans goes on, and a cumulative one where it was.
		next := mustPartialFit(t, MiniBatch{K: k, Spherical: true}, full, x, nil)
		coherentSpherical(t, next, x, nil)
		if next.Inertia > 1.01*full.Inertia {
			t.Errorf("inertia %v after a step, before %v", next.Inertia, full.Inertia)
		}
	}
}

// TestSphericalMiniBatchWithoutDirection: opposite rows leave the center where it is, and
// the mean of all that it has had is not forgotten.
func TestSphericalMiniBatchWithoutDirection(t *testing.T) {
	mb := MiniBatch{K: 1, Spherical: true, Init: Given{matrix(2, 3., 4)}}
	m := mustPartialFit(t, mb, nil, matrix(2, 0., 5, 0, -1), nil)
	sameNumbers(t, "center", m.Centers, matrix(2, .6, .8))
	m = mustPartialFit(t, mb, m, matrix(2, 7., 0), nil)
	sameNumbers(t, "center", m.Centers, matrix(2, 1., 0))
	m = mustPartialFit(t, mb, m, matrix(2, 0., -2), nil) // the mean is (¼, −¼)
	nearNumbers(t, "center", numbers(t, m.Centers), []float64{math.Sqrt(.5), -math.Sqrt(.5)}, 1e-15)
}

func TestSphericalMiniBatchErrors(t *testing.T) {
	v := noise(random(112), 700, 3)
	copy(v[600*3:], []float64{0, 0, 0})
	x := matrix(3, v...)
	good := slice(t, x, tensor.S(0, 600))
	mb := MiniBatch{K: 2, Spherical: true}
	_, err := mb.Fit(t.Context(), x)
	refused(t, "Fit", err, ErrInput, "row 600", "all zeros")
	_, err = mb.PartialFit(t.Context(), nil, x, nil)
	refused(t, "PartialFit", err, ErrInput, "row 600", "all zeros")
	_, err = mb.PartialFit(t.Context(), mustFit(t, KMeans{K: 2}, good, nil), good, nil)
	refused(t, "PartialFit", err, ErrParameter, "Spherical is true, that of the model is false")
	mb.Init = Given{matrix(3, 1., 2, 3, 0, 0, 0)}
	_, err = mb.Fit(t.Context(), good)
	refused(t, "Fit", err, ErrInput, "row 1", "all zeros")
	_, err = Bisecting{K: 2, Spherical: true}.Fit(t.Context(), x)
	refused(t, "Bisecting", err, ErrInput, "row 600", "all zeros")
	tree := mustBisect(t, Bisecting{K: 2, Spherical: true}, good, nil)
	_, err = tree.Predict(t.Context(), x)
	refused(t, "Predict", err, ErrInput, "row 600", "all zeros")
}

// TestSphericalBisecting holds every split to what it should be: at each node a row goes
// to the part with the greater cosine, and a center has the direction of the sum of its
// rows.
func TestSphericalBisecting(t *testing.T) {
	const n, d, k = 600, 4, 7
	rows, _ := longRows(113, n, d, k)
	weights := each(n, func(i int) float64 { return float64(i%3) / 2 })
	for _, dt := range dtypes {
		tolerance := map[tensor.Dtype]float64{tensor.Float32: 1e-6, tensor.Float64: 1e-14}[dt]
		x := matrixOf(dt, d, rows...)
		u := numbers(t, units(t, x))
		for _, w := range [][]float64{nil, weights} {
			for _, strategy := range []Strategy{BiggestInertia, LargestCluster} {
				b := Bisecting{K: k, Spherical: true, Strategy: strategy, Tol: -1, Seed: 3}
				tree := mustBisect(t, b, x, w)
				if !tree.Spherical || tree.K() != k {
					t.Fatalf("spherical %v, %d leaves", tree.Spherical, tree.K())
				}
				coherentTree(t, tree, x, w)
				sameTree(t, "rows of length 1", mustBisect(t, b, unitRows(t, x), w), tree)
				c := numbers(t, tree.NodeCenters)
				cosine := func(row, node int) (s float64) {
					for j := range d {
						s += u[row*d+j] * c[node*d+j]
					}
					return s
				}
				sums, inertia := make([]float64, len(c)), make([]float64, len(tree.Nodes))
				for i, label := range tree.Labels {
					weight := 1.
					if w != nil {
						weight = w[i]
					}
					for node := 0; ; {
						for j := range d {
							sums[node*d+j] += weight * u[i*d+j]
						}
						inertia[node] += weight * 2 * (1 - cosine(i, node))
						p := tree.Nodes[node]
						if p.Leaf() {
							if p.Label != label {
								t.Fatalf("row %d comes to leaf %d, its label is %d", i, p.Label, label)
							}
							break
						}
						l, r := cosine(i, p.Left), cosine(i, p.Right)
						if math.Abs(l-r) < tolerance { // of equal value but for rounding: as the tree has it
							break
						}
						if node = p.Left; r > l {
							node = p.Right
						}
					}
				}
				nearNumbers(t, "centers", c, numbers(t, units(t, matrix(d, sums...))), 20*tolerance)
				for i, p := range tree.Nodes {
					if math.Abs(p.Inertia-inertia[i]) > 1e-5*(1+inertia[i]) {
						t.Errorf("node %d: inertia %v, want %v", i, p.Inertia, inertia[i])
					}
				}
			}
		}
		tree := mustBisect(t, Bisecting{K: 1, Spherical: true}, matrixOf(dt, 2, 0, 8, 0, -1), nil)
		sameNumbers(t, "of opposite rows", tree.Centers, matrixOf(dt, 2, 0, 1))
		if tree.Inertia != 4 {
			t.Errorf("inertia %v, want 4", tree.Inertia)
		}
	}
}
