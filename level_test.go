package lloyd

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// forEachLevel runs f once under every level that has kernels on this
// architecture; a level that the CPU lacks is skipped, and the log says so. In a
// -short run, as under an emulator, only the level in use is tested: the best one, unless
// LLOYD_KERNEL names another.
func forEachLevel(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	supported := map[kernel.Level]bool{}
	for _, l := range kernel.Supported() {
		supported[l] = true
	}
	levels := kernel.All()
	if testing.Short() {
		l, err := kernel.Active()
		if err != nil {
			t.Fatal(err)
		}
		levels = []kernel.Level{l}
	}
	for _, l := range levels {
		t.Run(l.String(), func(t *testing.T) {
			if !supported[l] {
				t.Skipf("this CPU has no %s", l)
			}
			useLevel(t, l)
			f(t)
		})
	}
}

func useLevel(t testing.TB, l kernel.Level) {
	t.Helper()
	previous, err := kernel.Use(l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kernel.Use(previous) })
}

// kinds of rows that a kernel may trip over. Each fills a slice.
var kinds = []struct {
	name string
	fill func(r *rand.Rand, set func(i int, v float64), n int)
}{
	{"normal", func(r *rand.Rand, set func(int, float64), n int) {
		for i := range n {
			set(i, r.NormFloat64())
		}
	}},
	{"integers", func(r *rand.Rand, set func(int, float64), n int) { // many exact ties
		for i := range n {
			set(i, float64(r.IntN(3)))
		}
	}},
	{"offset", func(r *rand.Rand, set func(int, float64), n int) {
		for i := range n {
			set(i, 1e4+r.NormFloat64())
		}
	}},
	{"two far groups", func(r *rand.Rand, set func(int, float64), n int) {
		for i := range n {
			set(i, 1e5*float64(1-2*(i/7%2))+r.NormFloat64())
		}
	}},
	{"magnitudes", func(r *rand.Rand, set func(int, float64), n int) {
		for i := range n {
			set(i, math.Ldexp(r.NormFloat64(), r.IntN(30)-15))
		}
	}},
	{"tiny", func(r *rand.Rand, set func(int, float64), n int) { // squares underflow in float32
		for i := range n {
			set(i, r.NormFloat64()*1e-22)
		}
	}},
	{"huge", func(r *rand.Rand, set func(int, float64), n int) { // squares overflow in float32
		for i := range n {
			set(i, r.NormFloat64()*1e19)
		}
	}},
	{"not finite", func(r *rand.Rand, set func(int, float64), n int) {
		special := []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1)}
		for i := range n {
			if v := r.NormFloat64(); r.IntN(12) == 0 {
				set(i, special[r.IntN(len(special))])
			} else {
				set(i, v)
			}
		}
	}},
}

// fill returns n elements of a kind. offset elements are in front of them, so
// that the slice is not aligned.
func fill[T Float](kind, n, offset int, seed uint64) []T {
	r := rand.New(rand.NewPCG(seed, uint64(kind)))
	s := make([]T, n+offset)[offset:]
	kinds[kind].fill(r, func(i int, v float64) { s[i] = T(v) }, n)
	return s
}

// same reports whether two numbers have the same bits, any NaN like any other.
func same[T Float](a, b T) bool {
	return a == b && math.Signbit(float64(a)) == math.Signbit(float64(b)) || a != a && b != b
}

func sameSlice[T Float](t *testing.T, what string, got, want []T) {
	t.Helper()
	for i := range want {
		if !same(got[i], want[i]) {
			t.Fatalf("%s[%d] is %v, the reference says %v", what, i, got[i], want[i])
		}
	}
}

func sameLabels(t *testing.T, what string, got, want []int32) {
	t.Helper()
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("%s[%d] is %d, the reference says %d", what, i, got[i], want[i])
		}
	}
}

// columns returns the numbers of columns that a test of every D takes: 0 to 300,
// or, in a -short run as under an emulator, those around the vector lengths.
func columns() []int {
	var ds []int
	for d := range 301 {
		if !testing.Short() || d < 36 || d%32 < 2 || d%32 == 31 {
			ds = append(ds, d)
		}
	}
	return ds
}
