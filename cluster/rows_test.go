package cluster

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

var dtypes = []tensor.Dtype{tensor.Float32, tensor.Float64}

// matrix returns the rows of d columns that v holds, as a tensor.
func matrix[T element](d int, v ...T) *tensor.Dense {
	return tensor.New(tensor.WithShape(len(v)/d, d), tensor.WithBacking(append([]T(nil), v...)))
}

// matrixOf is matrix with the dtype as a value; v is rounded to it.
func matrixOf(dt tensor.Dtype, d int, v ...float64) *tensor.Dense {
	if dt == tensor.Float64 {
		return matrix(d, v...)
	}
	s := make([]float32, len(v))
	for i, v := range v {
		s[i] = float32(v)
	}
	return matrix(d, s...)
}

// numbers returns the elements of x in row-major order, whatever its dtype and
// strides are. It goes through At, not through the code under test.
func numbers(t testing.TB, x *tensor.Dense) []float64 {
	t.Helper()
	n, d := x.Shape()[0], x.Shape()[1]
	v := make([]float64, 0, n*d)
	for i := range n {
		for j := range d {
			e, err := x.At(i, j)
			if err != nil {
				t.Fatalf("element %d, %d of a %v tensor: %v", i, j, x.Shape(), err)
			}
			switch e := e.(type) {
			case float32:
				v = append(v, float64(e))
			case float64:
				v = append(v, e)
			default:
				t.Fatalf("a %T in a tensor", e)
			}
		}
	}
	return v
}

// pick returns the given rows of the row-major x as a new tensor.
func pick(x *tensor.Dense, rows ...int) *tensor.Dense {
	if x.Dtype() == tensor.Float32 {
		return pickAs[float32](x, rows)
	}
	return pickAs[float64](x, rows)
}

func pickAs[T element](x *tensor.Dense, rows []int) *tensor.Dense {
	d := x.Shape()[1]
	data := x.Data().([]T)
	var v []T
	for _, i := range rows {
		v = append(v, data[i*d:(i+1)*d]...)
	}
	return matrix(d, v...)
}

// upTo returns 0…n−1.
func upTo(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

// viewOf returns the matrix of a row-major tensor.
func viewOf[T element](t testing.TB, x *tensor.Dense) lloyd.Matrix[T] {
	t.Helper()
	m, err := rowsOf[T]("x", x)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// sameNumbers fails unless got is want, bit for bit, dtype included.
func sameNumbers(t testing.TB, what string, got, want *tensor.Dense) {
	t.Helper()
	if got.Dtype() != want.Dtype() {
		t.Fatalf("%s: dtype %v, want %v", what, got.Dtype(), want.Dtype())
	}
	if !got.Shape().Eq(want.Shape()) {
		t.Fatalf("%s: shape %v, want %v", what, got.Shape(), want.Shape())
	}
	d := got.Shape()[1]
	g, w := numbers(t, got), numbers(t, want)
	for i := range w {
		if math.Float64bits(g[i]) != math.Float64bits(w[i]) {
			t.Fatalf("%s: row %d, column %d is %v, want %v (difference %g)", what, i/d, i%d, g[i], w[i], g[i]-w[i])
		}
	}
}

// nearNumbers fails unless every number is within relative·max(1, largest of
// want) of the other.
func nearNumbers(t testing.TB, what string, got, want []float64, relative float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	scale := 1.0
	for _, w := range want {
		scale = max(scale, math.Abs(w))
	}
	for i, w := range want {
		if !(math.Abs(got[i]-w) <= relative*scale) {
			t.Fatalf("%s: number %d is %v, want %v within %g", what, i, got[i], w, relative*scale)
		}
	}
}

// kinds of rows that a fit may trip over.
var kinds = []struct {
	name string
	fill func(r *rand.Rand, n, d int) []float64
}{
	{"noise", noise},
	{"blobs", func(r *rand.Rand, n, d int) []float64 { return blobs(r, n, d, 5, 10) }},
	{"grid with ties", func(r *rand.Rand, n, d int) []float64 {
		return each(n*d, func(int) float64 { return float64(r.IntN(3)) })
	}},
	{"duplicates", func(r *rand.Rand, n, d int) []float64 {
		base := noise(r, 4, d)
		v := make([]float64, 0, n*d)
		for range n {
			k := r.IntN(4)
			v = append(v, base[k*d:(k+1)*d]...)
		}
		return v
	}},
	{"all rows the same", func(r *rand.Rand, n, d int) []float64 {
		return each(n*d, func(int) float64 { return 2.5 })
	}},
	{"big offset", func(r *rand.Rand, n, d int) []float64 {
		return each(n*d, func(int) float64 { return 1e4 + r.NormFloat64() })
	}},
	{"one huge outlier", func(r *rand.Rand, n, d int) []float64 {
		v := noise(r, n, d)
		for j := range d {
			v[r.IntN(n)*d+j] = 1e6
		}
		return v
	}},
	{"magnitudes", func(r *rand.Rand, n, d int) []float64 {
		return each(n*d, func(int) float64 { return math.Ldexp(r.NormFloat64(), r.IntN(24)-12) })
	}},
}

func each(n int, f func(i int) float64) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = f(i)
	}
	return v
}

func noise(r *rand.Rand, n, d int) []float64 {
	return each(n*d, func(int) float64 { return r.NormFloat64() })
}

// blobs are n rows around k centers, side apart in each column, of spread 1.
func blobs(r *rand.Rand, n, d, k int, side float64) []float64 {
	centers := each(k*d, func(int) float64 { return side * float64(r.IntN(k)) })
	return each(n*d, func(i int) float64 { return centers[i/d%k*d+i%d] + r.NormFloat64() })
}

// random returns a source for one test case.
func random(seed ...uint64) *rand.Rand {
	var a, b uint64 = 1, 2
	for _, s := range seed {
		a, b = b*0x9e3779b97f4a7c15+s, a^s<<32
	}
	return rand.New(rand.NewPCG(a, b))
}

// shapeName is a name for a subtest.
func shapeName(dt tensor.Dtype, n, d, k int) string {
	return fmt.Sprintf("%v %d×%d K=%d", dt, n, d, k)
}
