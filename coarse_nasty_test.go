package lloyd

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// outcome is what becomes of the rows.
type outcome int

const (
	unsaid  outcome = iota
	off             // 8-bit integers do not apply
	ranked          // they do, and may leave many rows open
	settled         // or nearly none
)

// nasty is data that 8 bits have a hard time with: each changes rows x and centers c of
// noise.
var nasty = []struct {
	name   string
	want   outcome
	heavy  int // columns, as far as D has room for them
	change func(r *rand.Rand, x, c Matrix[float64])
}{
	{"a huge row", settled, 0, func(r *rand.Rand, x, c Matrix[float64]) { scale(x.Row(x.N/2), 1e6) }},
	{"rows of all sizes", settled, 0, func(r *rand.Rand, x, c Matrix[float64]) {
		for i := range x.N {
			scale(x.Row(i), math.Pow(10, 12*r.Float64()-6))
		}
	}},
	{"a huge center", ranked, 0, func(r *rand.Rand, x, c Matrix[float64]) { scale(c.Row(0), 1e3) }},
	{"a huge center that is not looked at", ranked, 0, func(r *rand.Rand, x, c Matrix[float64]) { scale(c.Row(1), 30) }},
	{"one that is far too large", off, 0, func(r *rand.Rand, x, c Matrix[float64]) { scale(c.Row(1), 1e7) }},
	{"centers of all sizes", ranked, 0, func(r *rand.Rand, x, c Matrix[float64]) {
		for i := range c.N {
			scale(c.Row(i), math.Pow(10, 12*r.Float64()-6))
		}
	}},
	{"centers of two sizes", ranked, 0, func(r *rand.Rand, x, c Matrix[float64]) {
		for i := range c.N {
			scale(c.Row(i), []float64{1, 1.0 / 64}[i%2])
		}
	}},
	{"rows far from all centers", settled, 0, func(r *rand.Rand, x, c Matrix[float64]) {
		for i := range x.Data {
			x.Data[i] += 50
		}
	}},
	{"centers all but the same", ranked, 0, func(r *rand.Rand, x, c Matrix[float64]) {
		for i := range c.N {
			for j := range c.D {
				c.Row(i)[j] = c.Row(0)[j] + 1e-4*c.Row(i)[j]
			}
		}
	}},
	{"small", settled, 0, func(r *rand.Rand, x, c Matrix[float64]) { scale(x.Data, 1e-6); scale(c.Data, 1e-6) }},
	{"large", settled, 0, func(r *rand.Rand, x, c Matrix[float64]) { scale(x.Data, 1e6); scale(c.Data, 1e6) }},
	{"denormal rows", settled, 0, func(r *rand.Rand, x, c Matrix[float64]) { scale(x.Data, 1e-41) }},
	{"denormal elements", settled, 0, func(r *rand.Rand, x, c Matrix[float64]) {
		for i := range x.Data {
			if r.IntN(3) == 0 {
				x.Data[i] *= 1e-41
			}
		}
		for i := range c.Data {
			if r.IntN(3) == 0 {
				c.Data[i] *= 1e-41
			}
		}
	}},
	{"denormal centers", off, 0, func(r *rand.Rand, x, c Matrix[float64]) { scale(c.Data, 1e-41) }},
	{"constant columns", settled, 0, func(r *rand.Rand, x, c Matrix[float64]) {
		for j := range x.D {
			if j%3 != 0 {
				column(x, j, func(float64) float64 { return 5 })
				column(c, j, func(float64) float64 { return 5 })
			}
		}
	}},
	{"one column", unsaid, 0, func(r *rand.Rand, x, c Matrix[float64]) {
		for j := 1; j < x.D; j++ {
			column(x, j, func(float64) float64 { return 1 })
			column(c, j, func(float64) float64 { return 1 })
		}
	}},
	{"a heavy column", settled, 1, func(r *rand.Rand, x, c Matrix[float64]) { heavier(x, c, 1) }},
	{"heavy columns", settled, 3, func(r *rand.Rand, x, c Matrix[float64]) { heavier(x, c, 3) }},
	{"offset", settled, 0, func(r *rand.Rand, x, c Matrix[float64]) {
		for _, m := range []Matrix[float64]{x, c} {
			for i := range m.Data {
				m.Data[i] = m.Data[i]*100 + 1e6
			}
		}
	}},
	{"rows that are not finite", ranked, 0, func(r *rand.Rand, x, c Matrix[float64]) {
		for i := 0; i < x.N; i += 7 {
			x.Row(i)[r.IntN(x.D)] = []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e19, -3e38}[i/7%5]
		}
	}},
	{"zeros", ranked, 0, func(r *rand.Rand, x, c Matrix[float64]) {
		clear(x.Data[:x.N/2*x.D])
		clear(c.Data[:c.N/3*c.D])
	}},
}

func scale[T Float](s []T, by float64) {
	for i := range s {
		s[i] *= T(by)
	}
}

func column(m Matrix[float64], j int, change func(v float64) float64) {
	for i := range m.N {
		m.Row(i)[j] = change(m.Row(i)[j])
	}
}

// heavier makes n columns, evenly spread, a hundred times as large.
func heavier(x, c Matrix[float64], n int) {
	for h := range n {
		j := (2*h + 1) * x.D / (2 * n)
		column(x, j, func(v float64) float64 { return v * 100 })
		column(c, j, func(v float64) float64 { return v * 100 })
	}
}

// nastyData is kind i of nasty data, in type T.
func nastyData[T Float](i, n, d, k int, seed uint64) (x, c Matrix[T]) {
	x64, c64 := Dense(fill[float64](0, n*d, 0, seed), n, d), Dense(fill[float64](0, k*d, 0, seed+1), k, d)
	nasty[i].change(rand.New(rand.NewPCG(seed, 3)), x64, c64)
	convert := func(m Matrix[float64]) Matrix[T] {
		s := make([]T, len(m.Data))
		for i, v := range m.Data {
			s[i] = T(v)
		}
		return Dense(s, m.N, m.D)
	}
	return convert(x64), convert(c64)
}

// TestCoarseNasty: labels, distances and bounds are right on data that 8 bits cannot
// stand for well, and they rank and settle what they are said to.
func TestCoarseNasty(t *testing.T) {
	forEachCoarseType(t, testCoarseNasty[float32], testCoarseNasty[float64])
}

func testCoarseNasty[T Float](t *testing.T) {
	var ws Workspace[T]
	for i, kind := range nasty {
		shapes := []struct{ n, d, k int }{{100, 32, 131}, {70, 99, 140}, {40, 300, 129}}
		if testing.Short() {
			shapes = shapes[i%3:][:1]
		}
		for _, s := range shapes {
			rows, open, listed := ws.Integers, ws.Open, ws.Listed
			x, c := nastyData[T](i, s.n, s.d, s.k, uint64(s.d))
			p := checkCoarse(t, x, c, &ws)
			checkRough(t, p, x, c, &ws, 0)
			rows, open, listed = ws.Integers-rows, ws.Open-open, ws.Listed-listed
			checkLeading(t, x, c, 1+(i+s.n)%(1+s.d/leadBlock), &ws)
			all := 2 * int64(s.n)
			if kind.want == off && p.coarse.use ||
				kind.want >= ranked && (rows != all || len(p.coarse.heavy) < min(kind.heavy, s.d/coarseHeavy)) ||
				kind.want == settled && (open*20 > all || listed > all*32) {
				t.Errorf("%v, %s: use %v, %d heavy columns; 8-bit integers ranked %d of %d rows, left %d open, took %d distances", s, kind.name, p.coarse.use, len(p.coarse.heavy), rows, all, open, listed)
			}
		}
	}
}

// TestCoarseFar: rows thousands to 10¹² times as far out as any center, in all directions,
// for which 32 bits would not hold what scores begin with.
func TestCoarseFar(t *testing.T) {
	forEachCoarseType(t, testCoarseFar[float32], testCoarseFar[float64])
}

func testCoarseFar[T Float](t *testing.T) {
	const n, k = 60, 40
	var ws Workspace[T]
	for _, d := range []int{8, 100, 1024, 5000} {
		if testing.Short() && d > 1024 {
			continue
		}
		x, c := Dense(fill[T](0, n*d, 0, 30), n, d), Dense(fill[T](0, k*d, 0, 31), k, d)
		for i := range n {
			if i%3 == 0 {
				copy(x.Row(i), c.Row(i%k)) // towards a center
			}
			scale(x.Row(i), math.Pow(10, 3+float64(i%10)))
		}
		ranked := ws.Integers
		p := checkCoarse(t, x, c, &ws)
		if ws.Integers == ranked {
			t.Errorf("D=%d: 8-bit integers rank nothing", d)
		}
		checkRough(t, p, x, c, &ws, 0)
		checkLeading(t, x, c, 1+d/leadBlock/2, &ws)
	}
}

// FuzzCoarse looks for a label, a distance or a rough bound that is not right, in shapes
// that 8-bit integers rank, with rows, centers and columns of many sizes.
func FuzzCoarse(f *testing.F) {
	f.Add(uint64(1), uint16(20), uint16(10), uint16(5), uint8(0), int8(0), int8(0), int8(0), 0.0)
	f.Add(uint64(2), uint16(60), uint16(100), uint16(37), uint8(1), int8(10), int8(-3), int8(7), 1e3)
	f.Add(uint64(3), uint16(33), uint16(300), uint16(64), uint8(4), int8(-20), int8(20), int8(1), -7.0)
	f.Add(uint64(4), uint16(40), uint16(131), uint16(90), uint8(0), int8(3), int8(9), int8(-30), 0.0)
	f.Add(uint64(0), uint16(20), uint16(22), uint16(5), uint8(36), int8(112), int8(0), int8(-40), 5.5) // a bound of half a unit
	f.Fuzz(func(t *testing.T, seed uint64, n, d, k uint16, kind uint8, rows, centers, columns int8, offset float64) {
		n, d, k = 1+n%100, 8+d%300, 32+k%120
		kd := int(kind) % len(kinds)
		for _, l := range kernel.Supported() {
			if p, _ := kernel.CoarsePlanFor(l, 4, int(k), int(d)); p.Groups == 0 {
				continue
			}
			useLevel(t, l)
			fuzzCoarse[float32](t, seed, int(n), int(d), int(k), kd, [3]int8{rows, centers, columns}, offset)
			fuzzCoarse[float64](t, seed, int(n), int(d), int(k), kd, [3]int8{rows, centers, columns}, offset)
		}
	})
}

func fuzzCoarse[T Float](t *testing.T, seed uint64, n, d, k, kind int, sizes [3]int8, offset float64) {
	x, c := Dense(fill[T](kind, n*d, 0, seed), n, d), Dense(fill[T](kind, k*d, 0, seed+1), k, d)
	r := rand.New(rand.NewPCG(seed, 5))
	size := func(of int8) float64 { // one in four is another than 1
		if r.IntN(4) > 0 {
			return 1
		}
		return math.Ldexp(1+r.Float64(), int(of)*r.IntN(4)/3)
	}
	for j := range d {
		by := size(sizes[2])
		for i := range n {
			x.Row(i)[j] *= T(by)
		}
		for i := range k {
			c.Row(i)[j] *= T(by)
		}
	}
	for i := range n {
		scale(x.Row(i), size(sizes[0]))
	}
	for i := range k {
		scale(c.Row(i), size(sizes[1]))
	}
	for i := range x.Data {
		x.Data[i] += T(offset)
	}
	for i := range c.Data {
		c.Data[i] += T(offset)
	}
	for i := range min(n, k) / 4 { // rows near centers, and ties
		copy(x.Row(i), c.Row(r.IntN(k)))
		x.Row(i)[r.IntN(d)] *= 1 + T(r.IntN(3))/128
		copy(c.Row(k-1-i), c.Row(r.IntN(k)))
	}
	var ws Workspace[T]
	p := checkCoarse(t, x, c, &ws)
	checkRough(t, p, x, c, &ws, 0)
	checkLeading(t, x, c, 1+r.IntN((d+leadBlock-1)/leadBlock), &ws)
}
