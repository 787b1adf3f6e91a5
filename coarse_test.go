package lloyd

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// forEachCoarseType runs f32 and f64 under every level that ranks by 8-bit integers.
func forEachCoarseType(t *testing.T, f32, f64 func(t *testing.T)) {
	forEachCoarse(t, func(t *testing.T, _ kernel.Level) {
		t.Run("float32", f32)
		t.Run("float64", f64)
	})
}

// checkCoarse holds Nearest to the reference, by 8-bit integers wherever they apply, also
// where the plan says that something else is faster.
func checkCoarse[T Float](t *testing.T, x, c Matrix[T], ws *Workspace[T]) *Centers[T] {
	t.Helper()
	p, err := PackCenters(c)
	if err != nil {
		t.Fatal(err)
	}
	p.coarse.faster = p.coarse.use
	ws.coarse.idle, ws.coarse.wait = 0, 0
	labels, dist := make([]int32, x.N), make([]T, x.N)
	for i := range labels {
		labels[i], dist[i] = -7, -7
	}
	if err := p.Nearest(labels, dist, x, ws); err != nil {
		t.Fatal(err)
	}
	for i := range x.N {
		if l, d, _ := nearestGeneric(x.Row(i), c); labels[i] != l || !same(dist[i], d) {
			t.Fatalf("%d×%d, K=%d: row %d has label %d at %v, want %d at %v", x.N, x.D, c.N, i, labels[i], dist[i], l, d)
		}
	}
	ws.coarse.idle = 0
	again := make([]int32, x.N)
	if err := p.Nearest(again, nil, x, ws); err != nil {
		t.Fatal(err)
	}
	sameLabels(t, "labels without dist", again, labels)
	return p
}

// TestCoarse: labels and distances are those of the reference, on every kind of rows, for
// few and many blocks of columns, of centers and lists; on plain noise the integers settle
// nearly everything, with few distances a row.
func TestCoarse(t *testing.T) {
	forEachCoarseType(t, testCoarse[float32], testCoarse[float64])
}

func testCoarse[T Float](t *testing.T) {
	var ws Workspace[T]
	shapes := []struct{ n, d, k int }{
		{100, 8, 32}, {33, 9, 37}, {47, 12, 33}, {64, 31, 40}, {70, 64, 61}, {75, 67, 53}, {40, 130, 100}, {17, 255, 48}, {31, 513, 35},
		{40, 24, 1100}, {200, 200, 50}, {150, 65, 130}, {30, 1030, 70}, {130, 40, 513},
	}
	if testing.Short() {
		shapes = shapes[:10]
	}
	for i, s := range shapes {
		for kind := range kinds {
			if testing.Short() && kind > 0 && (i+kind)%2 == 0 {
				continue
			}
			x, c := Dense(fill[T](kind, s.n*s.d, 1, 3), s.n, s.d), Dense(fill[T](kind, s.k*s.d, 2, 4), s.k, s.d)
			if kinds[kind].name == "not finite" {
				c = Dense(fill[T](0, s.k*s.d, 0, 4), s.k, s.d)
			}
			ranked, open, listed := ws.Integers, ws.Open, ws.Listed
			checkCoarse(t, x, c, &ws)
			ranked, open, listed = ws.Integers-ranked, ws.Open-open, ws.Listed-listed
			if kind < 2 && (ranked != 2*int64(s.n) || open*50 > ranked || listed > int64(3+s.d/150)*ranked) {
				t.Errorf("%v, %s: 8-bit integers ranked %d of %d rows, left %d open and took %d distances", s, kinds[kind].name, ranked, 2*s.n, open, listed)
			}
		}
	}
}

// TestCoarseTies: rows halfway between centers, and a little off, with every center twice;
// and rows that are centers.
func TestCoarseTies(t *testing.T) {
	forEachCoarseType(t, testCoarseTies[float32], testCoarseTies[float64])
}

func testCoarseTies[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(81, 82))
	var ws Workspace[T]
	for _, d := range []int{8, 45, 64, 130, 300} {
		const k, n = 60, 150
		c := fill[T](0, k*d, 0, 13)
		copy(c[k/2*d:], c[:k/2*d])
		x := make([]T, n*d)
		for i := range n {
			a, b := r.IntN(k), r.IntN(k)
			step := math.Ldexp(1, -2-r.IntN(22)) // from far inside the integers' error to far outside
			if i%3 == 0 {
				step = 0.5 // a itself
			}
			for j := range d {
				x[i*d+j] = (c[a*d+j]+c[b*d+j])/2 + T(step)*(c[a*d+j]-c[b*d+j])
			}
			if i%3 == 0 {
				copy(x[i*d:(i+1)*d], c[a*d:])
			}
		}
		ranked, open := ws.Integers, ws.Open
		checkCoarse(t, Dense(x, n, d), Dense(c, k, d), &ws)
		if ranked, open = ws.Integers-ranked, ws.Open-open; ranked != 2*n || open*4 > ranked {
			t.Errorf("D=%d: 8-bit integers ranked %d of %d rows and left %d open", d, ranked, 2*n, open)
		}
	}
}

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
	}
}

// checkRough holds RoughLowerBounds to the distances, and where near is not 0 to what it
// says of how far below them it is: near·‖x‖·C, in squares, and the byte.
func checkRough[T Float](t *testing.T, p *Centers[T], x, c Matrix[T], ws *Workspace[T], near float64) {
	t.Helper()
	n, k := x.N, c.N
	dist, dst := make([]T, n*k), make([]uint8, PairBytes(n, k))
	if err := SquaredL2Matrix(dist, k, x, c); err != nil {
		t.Fatal(err)
	}
	norm := func(row []T) (s float64) {
		for j, v := range row {
			s += float64(v-p.shift[j]) * float64(v-p.shift[j])
		}
		return math.Sqrt(s)
	}
	var far float64 // only where near is not 0
	for j := 0; near > 0 && j < k; j++ {
		far = max(far, norm(c.Row(j)))
	}
	var most T
	for _, d := range dist {
		if d > most && !math.IsInf(float64(d), 1) {
			most = d
		}
	}
	for round := range 2 { // of all sizes; and small distances, to their own scale
		scale, base := 1., make([]float32, n)
		if most > 0 {
			scale = 300 / math.Sqrt(float64(most))
		}
		for i := range base {
			base[i] = float32(i%7*20 - 40)
			if round == 1 {
				base[i] = 0
				var least T
				for _, d := range dist[i*k : (i+1)*k] {
					if least == 0 || d < least {
						least = d
					}
				}
				if b := math.Sqrt(float64(least))*scale - 2; b > -2 && b < 1e30 {
					base[i] = float32(b)
				}
			}
		}
		if err := p.RoughLowerBounds(dst, x, base, scale, ws); err != nil {
			t.Fatal(err)
		}
		for i := range n {
			for j := range k {
				got := float64(dst[(i/PairRows*k+j)*PairRows+i%PairRows])
				want := math.Sqrt(float64(dist[i*k+j]))*scale - float64(base[i])
				if got > max(0, want) || got > mostBound {
					t.Fatalf("%d×%d, K=%d: row %d, center %d: %v, above %v", n, x.D, k, i, j, got, want)
				}
				if near == 0 {
					continue
				}
				least := math.Sqrt(max(0, float64(dist[i*k+j])-near*norm(x.Row(i))*far))*scale - float64(base[i])
				if got < min(mostBound, least)-1.1 {
					t.Fatalf("%d×%d, K=%d: row %d, center %d: %v, far below %v, as well as %v", n, x.D, k, i, j, got, want, least)
				}
			}
		}
	}
}

// TestRoughLowerBounds: on all kinds of rows no byte is above the computed distance, and on
// noise it is not further below than is said.
func TestRoughLowerBounds(t *testing.T) {
	forEachCoarseType(t, testRoughLowerBounds[float32], testRoughLowerBounds[float64])
}

func testRoughLowerBounds[T Float](t *testing.T) {
	var ws Workspace[T]
	for _, d := range []int{8, 9, 13, 16, 31, 64, 100, 257} {
		for kind := range kinds {
			n, k := 1+(d*7+kind*31)%100, 32+(d+kind)%15
			x := Matrix[T]{fill[T](kind, n*(d+2), d%3, uint64(d)), n, d, d + 2}
			c := Dense(fill[T](kind, k*d, d%2, uint64(d)+1000), k, d)
			p, err := PackCenters(c)
			if err != nil {
				t.Fatal(err)
			}
			near := 0.
			if kind == 0 {
				near = 0.1
				if !p.coarse.use {
					t.Fatalf("D=%d, K=%d: 8-bit integers do not apply to noise", d, k)
				}
			}
			checkRough(t, p, x, c, &ws, near)
		}
	}
}

// TestCoarseAgain: centers packed anew, and one workspace for all shapes, leave no trace:
// not in the columns that round D up, not where two shapes take the same memory; and
// nothing is allocated in the steady state.
func TestCoarseAgain(t *testing.T) {
	forEachCoarseType(t, testCoarseAgain[float32], testCoarseAgain[float64])
}

func testCoarseAgain[T Float](t *testing.T) {
	const n, k = 70, 40
	var ws Workspace[T]
	var p Centers[T]
	for i, d := range []int{16, 12, 9, 392, 384, 33, 40, 100, 97} { // every second with a heavy column
		x, c := fill[T](0, n*d, 0, 20), fill[T](0, k*d, 0, 21)
		if i%2 == 1 {
			for row := range n {
				x[row*d+d/2] *= 100
			}
			for row := range k {
				c[row*d+d/2] *= 100
			}
		}
		if err := p.Pack(Dense(c, k, d)); err != nil {
			t.Fatal(err)
		}
		p.coarse.faster = p.coarse.use
		labels := make([]int32, n)
		ranked := ws.Integers
		if err := p.Nearest(labels, nil, Dense(x, n, d), &ws); err != nil {
			t.Fatal(err)
		}
		if ws.Integers == ranked {
			t.Fatalf("D=%d: 8-bit integers rank nothing", d)
		}
		for row, l := range labels {
			if want, _, _ := nearestGeneric(x[row*d:(row+1)*d], Dense(c, k, d)); l != want {
				t.Fatalf("D=%d: label %d is %d, want %d", d, row, l, want)
			}
		}
		if allocs := testing.AllocsPerRun(3, func() {
			p.Pack(Dense(c, k, d))
			p.coarse.faster = p.coarse.use
			p.Nearest(labels, nil, Dense(x, n, d), &ws)
		}); allocs != 0 {
			t.Errorf("D=%d: %v allocations in the steady state", d, allocs)
		}
	}
}

// TestCoarseSpace: the memory fits the shape, whatever it was before.
func TestCoarseSpace(t *testing.T) {
	forEachCoarse(t, func(t *testing.T, l kernel.Level) {
		var s coarseSpace[float32]
		for _, shape := range []struct{ k, d int }{{4096, 256}, {8192, 128}, {16384, 64}, {8192, 64}, {16384, 128}, {32768, 256}, {100, 64}} {
			q := coarse{coarseFormat: coarseFormatOf(l)}
			q.plan, _ = kernel.CoarsePlanFor(l, 4, shape.k, shape.d)
			q.quads = q.plan.Depth
			s.fit(&q, shape.k)
			p := &q.plan
			blocks := q.blocks(q.quads)
			if len(s.floats) < 4*q.quads*p.RowTile || len(s.norms) < p.Panels*p.RowTile || len(s.panel) < p.Panels*(q.quads+blocks)*p.RowTile || len(s.scores) < p.Panels*shape.k*p.RowTile {
				t.Errorf("%v: %d floats, %d norms, %d numbers of a panel, %d scores", shape, len(s.floats), len(s.norms), len(s.panel), len(s.scores))
			}
		}
	})
}

// TestCoarseLimits: 8-bit integers come first from the K on that the plan says, and only
// there; then the plan is right about them, too.
func TestCoarseLimits(t *testing.T) {
	forEachCoarse(t, func(t *testing.T, l kernel.Level) {
		for _, d := range []int{31, 32, 64, 256, 700} {
			least := 0
			for k := range 1000 {
				if _, faster := kernel.CoarsePlanFor(l, 4, k, d); faster {
					least = k
					break
				}
			}
			if (least > 0) != (d >= 32) {
				t.Errorf("D=%d: faster from K=%d on", d, least)
			}
			for k := max(31, least-1); k <= max(32, least+1); k++ {
				var ws Workspace[float32]
				n := 40
				checkNearest(t, Dense(fill[float32](0, n*d, 0, 1), n, d), Dense(fill[float32](0, k*d, 0, 2), k, d), &ws)
				if (ws.Listed > 0) != (least > 0 && k >= least) {
					t.Errorf("D=%d, K=%d: %d distances listed", d, k, ws.Listed)
				}
			}
		}
	})
}

// TestCoarsePause: rows that 8-bit integers leave open make them pause, longer each time,
// until they pay again.
func TestCoarsePause(t *testing.T) {
	forEachCoarseType(t, testCoarsePause[float32], testCoarsePause[float64])
}

func testCoarsePause[T Float](t *testing.T) {
	const n, d, k = 600, 64, 300
	one := fill[T](0, d, 0, 1)
	bad := make([]T, 0, k*d)
	for i := range k { // hardly apart, and one far away that takes the range
		for j, v := range one {
			bad = append(bad, v+T(i)*1e-4*T(j%3))
		}
	}
	for j := range d {
		bad[j] = 100
	}
	x, good := Dense(fill[T](0, n*d, 0, 2), n, d), Dense(fill[T](0, k*d, 0, 3), k, d)
	var ws Workspace[T]
	s := &ws.coarse
	labels, dist := make([]int32, n), make([]T, n)
	rank := func(c Matrix[T]) (rows int64) {
		t.Helper()
		var p Centers[T]
		if err := p.Pack(c); err != nil {
			t.Fatal(err)
		}
		p.quantized.use = false // which would count, too
		if !p.coarse.faster {
			t.Fatal("8-bit integers do not apply")
		}
		before := ws.Integers
		if err := p.Nearest(labels, dist, x, &ws); err != nil {
			t.Fatal(err)
		}
		for i := 0; i < n; i += 7 {
			if l, d, _ := nearestGeneric(x.Row(i), c); labels[i] != l || !same(dist[i], d) {
				t.Fatalf("row %d has label %d at %v, want %d at %v", i, labels[i], dist[i], l, d)
			}
		}
		return ws.Integers - before
	}
	if rows := rank(good); rows != n || s.wait != 0 || s.idle != 0 {
		t.Errorf("noise: %d rows ranked; %d to wait, of %d", rows, s.idle, s.wait)
	}
	rows := rank(Dense(bad, k, d))
	if rows < coarseTrial || rows > coarseTrial+4*64 || s.wait != 1<<13 || s.idle <= 1<<13-n || s.idle > 1<<13 {
		t.Errorf("centers hardly apart: %d rows ranked; %d to wait, of %d", rows, s.idle, s.wait)
	}
	if rows := rank(good); rows != 0 {
		t.Errorf("in the pause: %d rows ranked", rows)
	}
	s.idle = 0
	if rank(Dense(bad, k, d)); s.wait != 1<<14 {
		t.Errorf("again: %d to wait", s.wait)
	}
	s.idle = 0
	if rows := rank(good); rows != n || s.wait != 0 {
		t.Errorf("noise after the pause: %d rows ranked; %d to wait", rows, s.wait)
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
}
