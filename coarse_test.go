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
		p.coarse.asked.Store(true)
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
			p.coarse.asked.Store(true)
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
			s.fit(&q, shape.k, shape.d)
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
			if least > 0 && d < 32 || least == 0 && d > 200 {
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
	const n, d, k = 600, 256, 300
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

// TestCoarseOnDemand: where 8-bit integers serve rough bounds alone, centers are prepared
// for them the first time, and then when there were such bounds.
func TestCoarseOnDemand(t *testing.T) {
	forEachCoarseType(t, testCoarseOnDemand[float32], testCoarseOnDemand[float64])
}

func testCoarseOnDemand[T Float](t *testing.T) {
	const n, d, k = 32, 16, 40
	x := Dense(fill[T](0, n*d, 0, 1), n, d)
	var p Centers[T]
	for i, prepared := range []bool{true, true, false, false} {
		if err := p.Pack(Dense(fill[T](0, k*d, 0, 2), k, d)); err != nil {
			t.Fatal(err)
		}
		if p.coarse.use != prepared {
			t.Errorf("after %d calls of Pack, 8-bit integers are prepared: %v", i+1, p.coarse.use)
		}
		if i == 0 {
			if err := p.RoughLowerBounds(make([]uint8, PairBytes(n, k)), x, make([]float32, n), 1, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
}
