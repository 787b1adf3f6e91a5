package cluster

import (
	"bytes"
	"math"
	"testing"

	"gorgonia.org/tensor"
)

// units returns the rows of x with length 1.
func units(t testing.TB, x *tensor.Dense) *tensor.Dense {
	t.Helper()
	d := x.Shape()[1]
	v := numbers(t, x)
	for i := 0; i < len(v); i += d {
		var sum float64
		for _, e := range v[i : i+d] {
			sum += e * e
		}
		for j := range d {
			v[i+j] /= math.Sqrt(sum)
		}
	}
	return matrixOf(x.Dtype(), d, v...)
}

// TestSpherical: rows go to the center with the greatest cosine, centers have length 1
// and the direction of the sum of their rows, and what holds after every fit holds; the
// lengths of the rows play no part.
func TestSpherical(t *testing.T) {
	for _, dt := range dtypes {
		tolerance := map[tensor.Dtype]float64{tensor.Float32: 3e-7, tensor.Float64: 1e-15}[dt]
		r := random(90)
		const n, d, k = 900, 7, 5
		rows := blobs(r, n, d, k, 3)
		x := matrixOf(dt, d, rows...)
		long := matrixOf(dt, d, each(n*d, func(i int) float64 { return rows[i] * math.Ldexp(1, i/d%20) })...)
		weights := each(n, func(int) float64 { return float64(r.IntN(3)) })
		for _, init := range inits(x, k) {
			for _, w := range [][]float64{nil, weights} {
				km := KMeans{K: k, Init: init, Spherical: true, Tol: -1, Restarts: 1}
				m := mustFit(t, km, x, w)
				if !m.Spherical {
					t.Error("the model does not say that it is spherical")
				}
				coherentSpherical(t, m, x, w)
				c, u := numbers(t, m.Centers), numbers(t, units(t, x))
				sums := make([]float64, k*d)
				for i := range n {
					cosine := func(l int) (s float64) {
						for j := range d {
							s += u[i*d+j] * c[l*d+j]
						}
						return s
					}
					own := cosine(int(m.Labels[i]))
					for l := range k {
						if cosine(l) > own+tolerance*10 {
							t.Fatalf("%v %T: row %d has the cosine %v with its center, %v with center %d", dt, init, i, own, cosine(l), l)
						}
					}
					for j := range d {
						weight := 1.
						if w != nil {
							weight = w[i]
						}
						sums[int(m.Labels[i])*d+j] += weight * u[i*d+j]
					}
				}
				nearNumbers(t, "centers", c, numbers(t, units(t, matrix(d, sums...))), tolerance*10)
				for _, algorithm := range []Algorithm{Lloyd, Hamerly, Elkan} {
					km.Algorithm = algorithm
					sameModel(t, "by another algorithm", mustFit(t, km, x, w), m)
				}
				km.Algorithm = Auto
				if _, ok := init.(Given); !ok { // powers of two change no bit of a direction
					sameModel(t, "other lengths", mustFit(t, km, long, w), m)
				}
				// To start from the result changes nothing.
				km.Init = Given{m.Centers}
				again := mustFit(t, km, x, w)
				if again.Iterations != 1 {
					t.Errorf("%d iterations from the result", again.Iterations)
				}
				again.Iterations = m.Iterations
				sameModel(t, "from the result", again, m)
				sameLabels(t, "of other lengths", mustPredict(t, m, long), m.Labels)

				var file bytes.Buffer
				if err := m.Save(&file); err != nil {
					t.Fatal(err)
				}
				loaded, err := Load(&file)
				if err != nil || !loaded.Spherical {
					t.Fatalf("%v", err)
				}
				sameLabels(t, "of the file", mustPredict(t, loaded, x), m.Labels)
			}
		}
		sameNumbers(t, "rows", x, matrixOf(dt, d, rows...))
	}
}

// coherentSpherical is coherent for a spherical model.
func coherentSpherical(t testing.TB, m *Model, x *tensor.Dense, weights []float64) {
	t.Helper()
	sameLabels(t, "Labels against Predict(train)", m.Labels, mustPredict(t, m, x))
	if score := mustScore(t, m, x); weights == nil && m.Inertia != -score {
		t.Fatalf("Inertia %v, −Score(train) %v", m.Inertia, -score)
	}
	for i, l := range mustPredict(t, m, m.Centers) {
		if m.Distinct == m.K() && int(l) != i {
			t.Fatalf("Predict(centers): %d for center %d", l, i)
		}
	}
	distances := numbers(t, mustTransform(t, m, x))
	k := m.K()
	for i, l := range m.Labels {
		for c := range k {
			if distances[i*k+c] < distances[i*k+int(l)] {
				t.Fatalf("row %d of label %d is closer to center %d", i, l, c)
			}
		}
	}
}

// TestSphericalHandCase: two directions, whatever the lengths; the mean of opposite rows
// has no direction, and the center stays.
func TestSphericalHandCase(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 2, 1, 0, 1000, 0, 0, .001, 0, 5)
		m := mustFit(t, KMeans{K: 2, Spherical: true, Init: Given{matrixOf(dt, 2, 3, 1, 1, 3)}}, x, nil)
		sameLabels(t, "labels", m.Labels, []int32{0, 0, 1, 1})
		sameNumbers(t, "centers", m.Centers, matrixOf(dt, 2, 1, 0, 0, 1))
		if m.Inertia != 0 {
			t.Errorf("inertia %v", m.Inertia)
		}
		m = mustFit(t, KMeans{K: 1, Spherical: true, Init: Given{matrixOf(dt, 2, 0, 2)}}, matrixOf(dt, 2, 1, 0, -1, 0), nil)
		sameNumbers(t, "center", m.Centers, matrixOf(dt, 2, 0, 1))
		if m.Inertia != 4 {
			t.Errorf("inertia %v, want 4", m.Inertia)
		}
		m = mustFit(t, KMeans{K: 2, Spherical: true, Init: Given{pick(x, 0, 2)}}, x, nil)
		other := map[tensor.Dtype]tensor.Dtype{tensor.Float32: tensor.Float64, tensor.Float64: tensor.Float32}[dt]
		sameLabels(t, "rows of the other dtype", mustPredict(t, m, matrixOf(other, 2, 0, 9, 7, 1)), []int32{1, 0})
	}
}

func TestSphericalErrors(t *testing.T) {
	v := noise(random(91), 700, 3)
	copy(v[600*3:], []float64{0, 0, 0})
	x := matrix(3, v...)
	_, err := KMeans{K: 2, Spherical: true}.Fit(t.Context(), x)
	refused(t, "Fit", err, ErrInput, "row 600", "all zeros")
	good := slice(t, x, tensor.S(0, 600))
	m := mustFit(t, KMeans{K: 2, Spherical: true}, good, nil)
	_, err = m.Predict(t.Context(), x)
	refused(t, "Predict", err, ErrInput, "row 600", "all zeros")
	_, err = m.Transform(t.Context(), x)
	refused(t, "Transform", err, ErrInput, "row 600", "all zeros")
	_, err = m.Predict(t.Context(), matrix(3, 1, 2, math.NaN()))
	refused(t, "Predict", err, ErrInput, "NaN at row 0, column 2")
	_, err = KMeans{K: 1, Spherical: true, Init: Given{matrix(3, 0., 0, 0)}}.Fit(t.Context(), good)
	refused(t, "Fit", err, ErrInput, "row 0", "all zeros")
	_, err = MiniBatch{K: 2}.PartialFit(t.Context(), m, good, nil)
	refused(t, "PartialFit", err, ErrInput, "spherical")
}

// TestUnit: rows of every magnitude get length 1, once and for all.
func TestUnit(t *testing.T) {
	r := random(92)
	for _, scale := range []float64{1e-320, 1e-300, 1e-30, 1, 1e30, 1e300} {
		for d := range 40 {
			row := each(d+1, func(int) float64 { return scale * r.NormFloat64() })
			once, twice := make([]float64, d+1), make([]float64, d+1)
			single, again := make([]float32, d+1), make([]float32, d+1)
			if !unitInto(once, row) || !unitInto(twice, once) || !unitInto(single, row) || !unitInto(again, single) {
				t.Fatalf("no direction: %v", row)
			}
			var length, length32 float64
			for j := range row {
				if once[j] != twice[j] || single[j] != again[j] {
					t.Fatalf("element %d: %v, then %v; %v, then %v", j, once[j], twice[j], single[j], again[j])
				}
				length += once[j] * once[j]
				length32 += float64(single[j]) * float64(single[j])
			}
			if math.Abs(length-1) > 1e-14 || math.Abs(length32-1) > 1e-6 {
				t.Errorf("squared length %v, in float32 %v", length, length32)
			}
		}
	}
	if unitInto(make([]float64, 2), []float64{0, 0}) || unitInto(make([]float64, 2), []float64{math.Inf(1), 0}) || unitInto(make([]float64, 2), []float64{math.NaN(), 0}) {
		t.Error("a direction of nothing")
	}
}
