package cluster

import (
	"testing"

	"gorgonia.org/tensor"
)

// layouts make, from row-major numbers, a tensor with the same content in
// another layout.
var layouts = []struct {
	name string
	make func(t *testing.T, dt tensor.Dtype, n, d int, v []float64) *tensor.Dense
}{
	{"a view of rows", func(t *testing.T, dt tensor.Dtype, n, d int, v []float64) *tensor.Dense {
		return slice(t, framed(dt, n, d, v, 2, 3, 0, 0), tensor.S(2, 2+n), nil)
	}},
	{"a view of columns", func(t *testing.T, dt tensor.Dtype, n, d int, v []float64) *tensor.Dense {
		return slice(t, framed(dt, n, d, v, 0, 0, 1, 2), nil, tensor.S(1, 1+d))
	}},
	{"a view of the first columns", func(t *testing.T, dt tensor.Dtype, n, d int, v []float64) *tensor.Dense {
		return slice(t, framed(dt, n, d, v, 0, 0, 0, 1), nil, tensor.S(0, d))
	}},
	{"a view of rows and columns", func(t *testing.T, dt tensor.Dtype, n, d int, v []float64) *tensor.Dense {
		return slice(t, framed(dt, n, d, v, 1, 1, 2, 1), tensor.S(1, 1+n), tensor.S(2, 2+d))
	}},
	{"every second row", func(t *testing.T, dt tensor.Dtype, n, d int, v []float64) *tensor.Dense {
		wide := make([]float64, 2*n*d)
		for i := range n {
			copy(wide[2*i*d:], v[i*d:(i+1)*d])
		}
		return slice(t, matrixOf(dt, d, wide...), tensor.S(0, 2*n, 2), nil)
	}},
	{"every third column", func(t *testing.T, dt tensor.Dtype, n, d int, v []float64) *tensor.Dense {
		wide := make([]float64, 3*n*d)
		for i, e := range v {
			wide[3*i] = e
		}
		return slice(t, matrixOf(dt, 3*d, wide...), nil, tensor.S(0, 3*d, 3))
	}},
	{"transposed lazily", func(t *testing.T, dt tensor.Dtype, n, d int, v []float64) *tensor.Dense {
		x := matrixOf(dt, n, flipped(n, d, v)...)
		if err := x.T(); err != nil {
			t.Fatal(err)
		}
		return x
	}},
	{"transposed", func(t *testing.T, dt tensor.Dtype, n, d int, v []float64) *tensor.Dense {
		x := matrixOf(dt, n, flipped(n, d, v)...)
		if err := x.T(); err != nil {
			t.Fatal(err)
		}
		if err := x.Transpose(); err != nil {
			t.Fatal(err)
		}
		return x
	}},
	{"transposed twice", func(t *testing.T, dt tensor.Dtype, n, d int, v []float64) *tensor.Dense {
		x := matrixOf(dt, d, v...)
		for range 2 {
			if err := x.T(); err != nil {
				t.Fatal(err)
			}
		}
		return x
	}},
	{"column-major", func(t *testing.T, dt tensor.Dtype, n, d int, v []float64) *tensor.Dense {
		return columnMajor(dt, n, d, v)
	}},
	{"a view of rows, column-major", func(t *testing.T, dt tensor.Dtype, n, d int, v []float64) *tensor.Dense {
		if d == 1 {
			return columnMajor(dt, n, d, v) // tensor v0.9.24 cannot slice one column of that kind
		}
		wide := append(append(make([]float64, d), v...), make([]float64, 2*d)...)
		return slice(t, columnMajor(dt, n+3, d, wide), tensor.S(1, 1+n), nil)
	}},
	{"a clone", func(t *testing.T, dt tensor.Dtype, n, d int, v []float64) *tensor.Dense {
		return matrixOf(dt, d, v...).Clone().(*tensor.Dense)
	}},
}

// framed is v with rows above and below and columns left and right of it.
func framed(dt tensor.Dtype, n, d int, v []float64, above, below, left, right int) *tensor.Dense {
	wide := left + d + right
	all := each((above+n+below)*wide, func(i int) float64 { return 1e3 + float64(i) })
	for i := range n {
		copy(all[(above+i)*wide+left:], v[i*d:(i+1)*d])
	}
	return matrixOf(dt, wide, all...)
}

// flipped is the d×n transpose of v.
func flipped(n, d int, v []float64) []float64 {
	return each(n*d, func(i int) float64 { return v[i%n*d+i/n] })
}

// columnMajor stores v by columns. (AsFortran takes row-major numbers.)
func columnMajor(dt tensor.Dtype, n, d int, v []float64) *tensor.Dense {
	if dt == tensor.Float32 {
		s := make([]float32, n*d)
		for i, v := range v {
			s[i] = float32(v)
		}
		return tensor.New(tensor.WithShape(n, d), tensor.AsFortran(s))
	}
	return tensor.New(tensor.WithShape(n, d), tensor.AsFortran(append([]float64(nil), v...)))
}

func slice(t *testing.T, x *tensor.Dense, s ...tensor.Slice) *tensor.Dense {
	t.Helper()
	v, err := x.Slice(s...)
	if err != nil {
		t.Fatal(err)
	}
	return v.(*tensor.Dense)
}

// TestLayouts is vector 10 and more: rows, initial centers and centers of a
// model give the row-major result, to the bit, whatever the layout.
func TestLayouts(t *testing.T) {
	for _, dt := range dtypes {
		for _, shape := range [][3]int{{300, 5, 4}, {60, 2, 3}, {1, 7, 1}, {40, 1, 3}, {30, 64, 30}, {2, 3, 2}, {1, 1, 1}} {
			n, d, k := shape[0], shape[1], shape[2]
			r := random(uint64(n), uint64(d))
			v := noise(r, n, d)
			plain := matrixOf(dt, d, v...)
			first := v[:k*d]
			ctx := t.Context()
			plusPlus := mustFit(t, KMeans{K: k, Seed: 1}, plain, nil)
			given := mustFit(t, KMeans{K: k, Init: Given{matrixOf(dt, d, first...)}}, plain, nil)
			estep, err := EStep(ctx, plain, given.Centers, 1)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range layouts {
				x := l.make(t, dt, n, d, v)
				if x.Dims() != 2 || x.Shape()[0] != n || x.Shape()[1] != d {
					// tensor v0.9.24 drops dimensions of one when it slices: such a
					// tensor is not 2-D, and is refused as that.
					if _, err := (KMeans{K: 1}).Fit(ctx, x); x.Dims() == 2 || err == nil {
						t.Errorf("%s: tensor made the shape %v of %d×%d; %v", l.name, x.Shape(), n, d, err)
					}
					continue
				}
				what := shapeName(dt, n, d, k) + ", " + l.name
				before := numbers(t, x)
				sameNumbers(t, what, matrixOf(dt, d, before...), plain) // the layout itself
				sameModel(t, what, mustFit(t, KMeans{K: k, Seed: 1}, x, nil), plusPlus)
				init := l.make(t, dt, k, d, first)
				if init.Dims() == 2 {
					sameModel(t, what+", and centers", mustFit(t, KMeans{K: k, Init: Given{init}}, x, nil), given)
				}
				sameLabels(t, what, mustPredict(t, given, x), given.Labels)
				sameNumbers(t, what, mustTransform(t, given, x), mustTransform(t, given, plain))
				if mustScore(t, given, x) != mustScore(t, given, plain) {
					t.Errorf("%s: another score", what)
				}
				centers := l.make(t, dt, k, d, numbers(t, given.Centers))
				if centers.Dims() == 2 {
					m := fromCentersOf(t, centers)
					sameNumbers(t, what+", FromCenters", m.Centers, given.Centers)
					sameLabels(t, what+", Model.Centers", mustPredict(t, &Model{Centers: centers}, x), given.Labels)
					a, err := EStep(ctx, x, centers, 1)
					if err != nil {
						t.Fatal(err)
					}
					sameLabels(t, what+", EStep", a.Labels, estep.Labels)
					s, err := MStep(ctx, x, a.Labels, nil, k, 1)
					if err != nil {
						t.Fatal(err)
					}
					got, err := s.Centers(centers)
					if err != nil {
						t.Fatal(err)
					}
					s, err = MStep(ctx, plain, a.Labels, nil, k, 1)
					if err != nil {
						t.Fatal(err)
					}
					want, err := s.Centers(given.Centers)
					if err != nil {
						t.Fatal(err)
					}
					sameNumbers(t, what+", MStep", got, want)
				}
				sameNumbers(t, what+", afterwards", matrixOf(dt, d, numbers(t, x)...), plain)
			}
		}
	}
}

// TestRowMajorIsNotCopied: neither plain rows nor a view of rows or columns.
func TestRowMajorIsNotCopied(t *testing.T) {
	x := matrix(4, each(80, func(i int) float64 { return float64(i) })...)
	data := x.Data().([]float64)
	for _, c := range []struct {
		name string
		x    *tensor.Dense
		at   int
	}{
		{"plain", x, 0},
		{"rows", slice(t, x, tensor.S(3, 9), nil), 12},
		{"columns", slice(t, x, nil, tensor.S(1, 3)), 1},
		{"every second row", slice(t, x, tensor.S(0, 20, 2), nil), 0},
	} {
		if m := viewOf[float64](t, c.x); &m.Data[0] != &data[c.at] {
			t.Errorf("%s: copied", c.name)
		}
	}
}
