package cluster

import (
	"math"
	"slices"
	"testing"

	"gorgonia.org/tensor"
)

func mustTransform(t testing.TB, m *Model, x *tensor.Dense) *tensor.Dense {
	t.Helper()
	d, err := m.Transform(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func mustScore(t testing.TB, m *Model, x *tensor.Dense) float64 {
	t.Helper()
	s, err := m.Score(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func fromCentersOf(t testing.TB, centers *tensor.Dense) *Model {
	t.Helper()
	m, err := FromCenters(centers)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestPredictIsLabels is vector 21.
func TestPredictIsLabels(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 8, blobs(random(21), 3000, 8, 10, 3)...)
		for _, most := range []int{2, 100} {
			km := KMeans{K: 10, MaxIter: most, Seed: 3}
			m := mustFit(t, km, x, nil)
			coherent(t, m, x, nil)
			labels, err := km.FitPredict(t.Context(), x)
			if err != nil {
				t.Fatal(err)
			}
			sameLabels(t, "FitPredict", labels, m.Labels)
			sameLabels(t, "Predict(centers)", mustPredict(t, m, m.Centers), []int32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
		}
	}
}

// TestPredictDoesNotDependOnTheBatch: a subset or permutation of the rows gets
// that of the labels and distances.
func TestPredictDoesNotDependOnTheBatch(t *testing.T) {
	for _, dt := range dtypes {
		for _, d := range []int{1, 3, 16, 37} {
			r := random(uint64(d))
			x := matrixOf(dt, d, noise(r, 700, d)...)
			m := mustFit(t, KMeans{K: 13}, x, nil)
			labels, distances := mustPredict(t, m, x), mustTransform(t, m, x)
			for _, n := range []int{1, 2, 31, 257, 700} {
				rows := r.Perm(700)[:n]
				part := pick(x, rows...)
				got := mustPredict(t, m, part)
				for i, row := range rows {
					if got[i] != labels[row] {
						t.Fatalf("%v D=%d: row %d has label %d alone, %d among all", dt, d, row, got[i], labels[row])
					}
				}
				sameNumbers(t, "Transform", mustTransform(t, m, part), pick(distances, rows...))
			}
		}
	}
}

// TestTransform is vector 24.
func TestTransform(t *testing.T) {
	for _, dt := range dtypes {
		for _, d := range []int{1, 2, 3, 4, 5, 17, 64} {
			r := random(24, uint64(d))
			x := matrixOf(dt, d, each(400*d, func(int) float64 { return 100 + r.NormFloat64() })...)
			m := mustFit(t, KMeans{K: 9}, x, nil)
			self := mustTransform(t, m, m.Centers)
			for i, v := range numbers(t, self) {
				if (v == 0) != (i/9 == i%9) {
					t.Errorf("%v D=%d: Transform(centers)[%d, %d] is %v", dt, d, i/9, i%9, v)
				}
			}
			got := mustTransform(t, m, x)
			if !got.Shape().Eq(tensor.Shape{400, 9}) || got.Dtype() != dt {
				t.Fatalf("shape %v, dtype %v", got.Shape(), got.Dtype())
			}
			relative := 1e-13
			if dt == tensor.Float32 {
				relative = 3e-6
			}
			nearNumbers(t, "Transform", numbers(t, got), pairDistances(numbers(t, x), numbers(t, m.Centers), d), relative)
			// The least distance of a row is to its label.
			for i, l := range m.Labels {
				row := numbers(t, got)[i*9 : i*9+9]
				if row[l] != slices.Min(row) {
					t.Fatalf("%v D=%d: row %d has label %d and distances %v", dt, d, i, l, row)
				}
				if i > 20 {
					break
				}
			}
		}
	}
}

// pairDistances are the Euclidean distances of rows to centers.
func pairDistances(rows, centers []float64, d int) []float64 {
	var out []float64
	for i := 0; i < len(rows); i += d {
		for k := 0; k < len(centers); k += d {
			var s float64
			for j := range d {
				s += (rows[i+j] - centers[k+j]) * (rows[i+j] - centers[k+j])
			}
			out = append(out, math.Sqrt(s))
		}
	}
	return out
}

// TestDtypesAgree is vector 26: a fit in float32 is that in float64, rounded.
func TestDtypesAgree(t *testing.T) {
	r := random(26)
	rows := each(1500*6, func(i int) float64 { return float64(float32(10*float64(i/6%5) + r.NormFloat64())) })
	single, double := matrixOf(tensor.Float32, 6, rows...), matrixOf(tensor.Float64, 6, rows...)
	for _, init := range []int{0, 1} {
		km := func(x *tensor.Dense) KMeans {
			if init == 0 {
				return KMeans{K: 5, Seed: 1}
			}
			return KMeans{K: 5, Init: Given{pick(x, upTo(5)...)}}
		}
		a, b := mustFit(t, km(single), single, nil), mustFit(t, km(double), double, nil)
		sameLabels(t, "labels", a.Labels, b.Labels)
		if a.Centers.Dtype() != tensor.Float32 || b.Centers.Dtype() != tensor.Float64 {
			t.Errorf("centers are %v and %v", a.Centers.Dtype(), b.Centers.Dtype())
		}
		nearNumbers(t, "centers", numbers(t, a.Centers), numbers(t, b.Centers), 1e-6)
		nearNumbers(t, "transform", numbers(t, mustTransform(t, a, single)), numbers(t, mustTransform(t, b, double)), 1e-5)
		if math.Abs(a.Inertia/b.Inertia-1) > 1e-5 {
			t.Errorf("inertia %v in float32, %v in float64", a.Inertia, b.Inertia)
		}
	}
}

// TestMixedDtypes: a model predicts, transforms and scores rows of the other
// dtype as a float64 model does with float64 rows.
func TestMixedDtypes(t *testing.T) {
	for _, d := range []int{1, 2, 3, 8, 33} {
		r := random(27, uint64(d))
		// Rows and centers near each other, far from the origin: a label computed
		// in float32 would often be another.
		rows := each(800*d, func(int) float64 { return 1e3 + r.NormFloat64() })
		centers := each(20*d, func(int) float64 { return 1e3 + r.NormFloat64() })
		for _, dt := range dtypes {
			other := dtypes[0]
			if dt == other {
				other = dtypes[1]
			}
			m := fromCentersOf(t, matrixOf(dt, d, centers...))
			x := matrixOf(other, d, rows...)
			reference := fromCentersOf(t, matrixOf(tensor.Float64, d, numbers(t, m.Centers)...))
			wide := matrixOf(tensor.Float64, d, numbers(t, x)...)
			want := mustPredict(t, reference, wide)
			sameLabels(t, "labels", mustPredict(t, m, x), want)
			got := mustTransform(t, m, x)
			sameNumbers(t, "transform", got, mustTransform(t, reference, wide))
			if score := mustScore(t, m, x); score != mustScore(t, reference, wide) {
				t.Errorf("D=%d: score %v, in float64 %v", d, score, mustScore(t, reference, wide))
			}
			// And against the formula.
			distances := pairDistances(numbers(t, x), numbers(t, m.Centers), d)
			for i, l := range want {
				row := distances[i*20 : i*20+20]
				if row[l] > slices.Min(row)*(1+1e-12) {
					t.Fatalf("D=%d: row %d has label %d at %v, the least is %v", d, i, l, row[l], slices.Min(row))
				}
			}
		}
	}
}

// TestNothingIsSharedOrChanged is vectors 27 and 41.
func TestNothingIsSharedOrChanged(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 3, noise(random(27), 300, 3)...)
		given := pick(x, 0, 1, 2, 3)
		weights := each(300, func(i int) float64 { return float64(i % 4) })
		before, givenBefore, weightsBefore := numbers(t, x), numbers(t, given), slices.Clone(weights)
		var m *Model
		for _, init := range append(inits(x, 4), Given{given}) {
			m = mustFit(t, KMeans{K: 4, Init: init, Restarts: 2}, x, weights)
		}
		centers := numbers(t, m.Centers)
		mustPredict(t, m, x)
		mustTransform(t, m, x)
		mustScore(t, m, x)
		unchanged := func(what string, got, want []float64) {
			t.Helper()
			if !slices.Equal(got, want) {
				t.Errorf("%v: %s changed", dt, what)
			}
		}
		unchanged("x", numbers(t, x), before)
		unchanged("the initial centers", numbers(t, given), givenBefore)
		unchanged("the weights", weights, weightsBefore)
		unchanged("the centers", numbers(t, m.Centers), centers)

		// Whatever the caller writes afterwards stays out of the model.
		for i := range 12 {
			given.Set(i, zeroOf(dt))
		}
		unchanged("the centers, through the initial ones,", numbers(t, m.Centers), centers)
		source := matrixOf(dt, 3, centers...)
		copied := fromCentersOf(t, source)
		source.Set(0, zeroOf(dt))
		unchanged("the centers, through those of FromCenters,", numbers(t, copied.Centers), centers)

		// One cluster, whose mean is the only row: not that row's memory.
		one := matrixOf(dt, 3, 1, 2, 3)
		m = mustFit(t, KMeans{K: 1, Init: firstRows}, one, nil)
		one.Set(0, zeroOf(dt))
		unchanged("a center, through the row it equals,", numbers(t, m.Centers), []float64{1, 2, 3})
	}
}

func zeroOf(dt tensor.Dtype) any {
	if dt == tensor.Float32 {
		return float32(0)
	}
	return 0.
}

// TestCentersMayBeChanged: Predict follows centers that the caller changed or
// replaced, though it keeps packed ones.
func TestCentersMayBeChanged(t *testing.T) {
	for _, dt := range dtypes {
		m := fromCentersOf(t, matrixOf(dt, 1, 0, 10))
		x := matrixOf(dt, 1, 1, 9)
		sameLabels(t, "at first", mustPredict(t, m, x), []int32{0, 1})
		copy1 := *m
		m.Centers = matrixOf(dt, 1, 10, 0)
		sameLabels(t, "replaced", mustPredict(t, m, x), []int32{1, 0})
		sameLabels(t, "the copy of the model", mustPredict(t, &copy1, x), []int32{0, 1})
		m.Centers.Set(0, zeroOf(dt))
		sameLabels(t, "changed in place", mustPredict(t, m, x), []int32{0, 0})
		bare := &Model{Centers: matrixOf(dt, 1, 0, 10)}
		sameLabels(t, "made by hand", mustPredict(t, bare, x), []int32{0, 1})
	}
}

// TestScoreOfCentersIsZero, without a sign.
func TestScoreOfCentersIsZero(t *testing.T) {
	m := fromCentersOf(t, matrix(2, 1., 2, 3, 4))
	if s := mustScore(t, m, m.Centers); s != 0 || math.Signbit(s) {
		t.Errorf("score %v, want 0", s)
	}
}

// TestTiesGoToTheLowestIndex, also among equal centers, for every D and K around
// the tile sizes.
func TestTiesGoToTheLowestIndex(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		for _, dt := range dtypes {
			for _, d := range []int{1, 2, 3, 4, 5, 8, 16, 33} {
				for _, k := range []int{2, 5, 6, 7, 12, 13, 25} {
					r := random(uint64(d), uint64(k))
					rows := each(100*d, func(int) float64 { return float64(r.IntN(3)) })
					centers := each(k*d, func(int) float64 { return float64(r.IntN(3)) })
					m := fromCentersOf(t, matrixOf(dt, d, centers...))
					got := mustPredict(t, m, matrixOf(dt, d, rows...))
					distances := pairDistances(rows, centers, d)
					for i, l := range got {
						row := distances[i*k : i*k+k]
						if want := slices.Index(row, slices.Min(row)); int(l) != want {
							t.Fatalf("%v D=%d K=%d: row %d has label %d, the lowest of the nearest is %d", dt, d, k, i, l, want)
						}
					}
				}
			}
		}
	})
}
