package lloyd

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// checkNearest holds Nearest, under the level in use, to the reference.
func checkNearest[T Float](t *testing.T, x, c Matrix[T], ws *Workspace[T]) {
	t.Helper()
	p, err := PackCenters(c)
	if err != nil {
		t.Fatal(err)
	}
	labels, dist := make([]int32, x.N), make([]T, x.N)
	wantLabels, wantDist := make([]int32, x.N), make([]T, x.N)
	for i := range x.N {
		wantLabels[i], wantDist[i], _ = nearestGeneric(x.Row(i), c)
		labels[i], dist[i] = -7, -7
	}
	if err := p.Nearest(labels, dist, x, ws); err != nil {
		t.Fatal(err)
	}
	what := fmt.Sprintf("%d×%d, K=%d: ", x.N, x.D, c.N)
	sameLabels(t, what+"labels", labels, wantLabels)
	sameSlice(t, what+"dist", dist, wantDist)
	clear(labels)
	if err := p.Nearest(labels, nil, x, ws); err != nil {
		t.Fatal(err)
	}
	sameLabels(t, what+"labels without dist", labels, wantLabels)
}

// TestNearest covers every D from 0 to 300 with K from 1 to 40, row counts
// around the panel sizes, gaps and unaligned slices, on all kinds of rows.
func TestNearest(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testNearest[float32])
		t.Run("float64", testNearest[float64])
	})
}

func testNearest[T Float](t *testing.T) {
	var ws Workspace[T]
	for _, d := range columns() {
		n, k := (d*7)%41, 1+(d*13)%40
		kind := d % len(kinds)
		for range 2 {
			x := Matrix[T]{fill[T](kind, n*(d+2), d%3, uint64(d)), n, d, d + 2}
			c := Matrix[T]{fill[T](kind, k*(d+1), d%2, uint64(d)+1000), k, d, d + 1}
			if kinds[kind].name == "not finite" && d%16 != 7 { // finite centers, mostly
				c = Matrix[T]{fill[T](0, k*(d+1), 0, 6), k, d, d + 1}
			}
			checkNearest(t, x, c, &ws)
			kind = (kind + 3) % len(kinds)
		}
	}
}

// TestNearestTwo: the same labels and distances, and second between the second
// least distance and that distance less the bound that the documentation gives.
func TestNearestTwo(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testNearestTwo[float32])
		t.Run("float64", testNearestTwo[float64])
	})
}

func testNearestTwo[T Float](t *testing.T) {
	u := 0x1p-24
	if elemSize[T]() == 8 {
		u = 0x1p-53
	}
	var ws Workspace[T]
	for _, d := range append(columns(), 700) {
		n, k := (d*7)%41, 1+(d*13)%40
		kind := d % len(kinds)
		x, c := Dense(fill[T](kind, n*d, 0, 1), n, d), Dense(fill[T](kind, k*d, 0, 2), k, d)
		p, err := PackCenters(c)
		if err != nil {
			t.Fatal(err)
		}
		labels, dist, second := make([]int32, n), make([]T, n), make([]T, n)
		if err := p.NearestTwo(labels, dist, second, x, &ws); err != nil {
			t.Fatal(err)
		}
		mean, far := make([]float64, d), 0.
		for i, v := range c.Data {
			mean[i%d] += float64(v) / float64(k)
		}
		norm := func(row []T) (s float64) {
			for j, v := range row {
				s += (float64(v) - mean[j]) * (float64(v) - mean[j])
			}
			return s
		}
		for i := range k {
			far = max(far, norm(c.Row(i)))
		}
		for i := range n {
			l, least, next := nearestGeneric(x.Row(i), c)
			if labels[i] != l || !same(dist[i], least) {
				t.Fatalf("%d×%d, K=%d, %s: row %d has label %d at %v, want %d at %v", n, d, k, kinds[kind].name, i, labels[i], dist[i], l, least)
			}
			if !(second[i] <= next) {
				t.Fatalf("%d×%d, K=%d, %s: row %d: second %v, but a center is at %v", n, d, k, kinds[kind].name, i, second[i], next)
			}
			below := 5 * float64(d+70) * u * (norm(x.Row(i)) + far)
			if p.quantized.use {
				below += 2e-4 * math.Sqrt(float64(d)) * (norm(x.Row(i)) + far)
			}
			if float64(next)-float64(second[i]) > below {
				t.Fatalf("%d×%d, K=%d, %s: row %d: second %v, more than %v below %v", n, d, k, kinds[kind].name, i, second[i], below, next)
			}
		}
	}
	c, err := PackCenters(Dense(make([]T, 6), 2, 3))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.NearestTwo(make([]int32, 2), nil, make([]T, 1), Dense(make([]T, 6), 2, 3), nil); !errors.Is(err, ErrShape) {
		t.Errorf("%v", err)
	}
}

// TestNearestSizes takes every number of rows up to four panels, and every K up
// to three groups, for a direct, a narrow and a wide shape.
func TestNearestSizes(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testNearestSizes[float32])
		t.Run("float64", testNearestSizes[float64])
	})
}

func testNearestSizes[T Float](t *testing.T) {
	var ws Workspace[T]
	for _, d := range []int{1, 2, 3, 5, 8, 17, 33} {
		most := 130
		if testing.Short() {
			most = 70 // two panels of the widest
		}
		for n := range most {
			checkNearest(t, Dense(fill[T](0, n*d, 0, 7), n, d), Dense(fill[T](0, 11*d, 0, 8), 11, d), &ws)
		}
		for k := 1; k < 40; k++ {
			checkNearest(t, Dense(fill[T](0, 50*d, 0, 7), 50, d), Dense(fill[T](0, k*d, 0, 8), k, d), &ws)
		}
	}
}

// TestNearestLong takes rows longer than one and than several chunks, and more
// work than one call of assembly may do.
func TestNearestLong(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testNearestLong[float32])
		t.Run("float64", testNearestLong[float64])
	})
}

func testNearestLong[T Float](t *testing.T) {
	var ws Workspace[T]
	lengths := []int{255, 256, 257, 258, 511, 512, 513, 767, 1025, 1536}
	if testing.Short() {
		lengths = []int{256, 257, 513, 767}
	}
	for _, d := range lengths {
		for kind := range 5 {
			checkNearest(t, Dense(fill[T](kind, 37*d, 0, 9), 37, d), Dense(fill[T](kind, 29*d, 0, 10), 29, d), &ws)
		}
	}
	if testing.Short() {
		return
	}
	checkNearest(t, Dense(fill[T](0, 3*9001, 0, 9), 3, 9001), Dense(fill[T](0, 97*9001, 0, 10), 97, 9001), &ws)
}

// TestNearestBlocks takes so many centers that they are ranked block by block,
// for several panels each, in one run of columns and in several.
func TestNearestBlocks(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testNearestBlocks[float32])
		t.Run("float64", testNearestBlocks[float64])
	})
}

func testNearestBlocks[T Float](t *testing.T) {
	var ws Workspace[T]
	shapes := []struct{ n, d, k int }{{150, 256, 220}, {70, 300, 211}, {131, 20, 1300}, {260, 600, 199}}
	if testing.Short() {
		shapes = shapes[1:2]
	}
	for _, s := range shapes {
		for _, kind := range []int{0, 2, 7} {
			x, c := Dense(fill[T](kind, s.n*s.d, 0, 9), s.n, s.d), Dense(fill[T](kind%7, s.k*s.d, 0, 10), s.k, s.d)
			p, err := PackCenters(c)
			if err != nil {
				t.Fatal(err)
			}
			if plan := p.Plan(); plan.Block >= plan.Groups && p.Level() != kernel.Generic {
				t.Errorf("%d×%d, K=%d is one block: %+v", s.n, s.d, s.k, plan)
			}
			checkNearest(t, x, c, &ws)
		}
	}
}

// TestNearestTies puts rows exactly between centers, and within a few units in
// the last place of it, with duplicated centers around.
func TestNearestTies(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testNearestTies[float32])
		t.Run("float64", testNearestTies[float64])
	})
}

func testNearestTies[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	var ws Workspace[T]
	for _, d := range []int{2, 5, 16, 40, 130, 300} {
		const k, n = 30, 200
		c := fill[T](0, k*d, 0, 13)
		for i := k / 2; i < k; i++ { // every center twice
			copy(c[i*d:(i+1)*d], c[(i-k/2)*d:])
		}
		x := make([]T, n*d)
		for i := range n {
			a, b := r.IntN(k), r.IntN(k)
			for j := range d {
				v := (c[a*d+j] + c[b*d+j]) / 2
				switch r.IntN(4) {
				case 0:
					v = T(math.Nextafter(float64(v), 10))
				case 1:
					v += v * T(math.Ldexp(1, -20)) * T(r.Float64())
				}
				x[i*d+j] = v
			}
		}
		checkNearest(t, Dense(x, n, d), Dense(c, k, d), &ws)
	}
}

// TestFilterSettles guards against a filter that is right only because it
// proves nothing: on plain data nearly all labels must come from it.
func TestFilterSettles(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		if l, _ := kernel.Active(); l == kernel.Generic {
			t.Skip("the generic level has no filter")
		}
		t.Run("float32", func(t *testing.T) { testFilterSettles[float32](t, 0.01) })
		t.Run("float64", func(t *testing.T) { testFilterSettles[float64](t, 1e-6) })
	})
}

func testFilterSettles[T Float](t *testing.T, most float64) {
	n := 2000
	if testing.Short() {
		n = 500
	}
	for _, s := range []struct{ d, k int }{{6, 10}, {16, 64}, {64, 10}, {64, 100}, {256, 500}, {768, 100}} {
		for _, offset := range []T{0, 100} {
			var ws Workspace[T]
			x, c := fill[T](0, n*s.d, 0, 14), fill[T](0, s.k*s.d, 0, 15)
			for i := range x {
				x[i] += offset
			}
			for i := range c {
				c[i] += offset
			}
			var p Centers[T]
			p.UseIntegers(false)
			if err := p.Pack(Dense(c, s.k, s.d)); err != nil {
				t.Fatal(err)
			}
			if err := p.Nearest(make([]int32, n), nil, Dense(x, n, s.d), &ws); err != nil {
				t.Fatal(err)
			}
			if share := float64(ws.Direct) / float64(ws.Rows); ws.Rows != int64(n) || share > most {
				t.Errorf("D=%d K=%d offset %v: %.4f of %d rows went to the direct distances, expected at most %v", s.d, s.k, offset, share, ws.Rows, most)
			}
		}
	}
}

// TestNearestBatches: a row's label and distance do not depend on the rows
// beside it.
func TestNearestBatches(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		const n, d, k = 150, 19, 23
		x, c := Dense(fill[float32](0, n*d, 0, 16), n, d), Dense(fill[float32](0, k*d, 0, 17), k, d)
		p, err := PackCenters(c)
		if err != nil {
			t.Fatal(err)
		}
		labels, dist := make([]int32, n), make([]float32, n)
		if err := p.Nearest(labels, dist, x, nil); err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(18, 19))
		for range 200 {
			from := r.IntN(n)
			to := from + r.IntN(n-from) + 1
			l, s := make([]int32, to-from), make([]float32, to-from)
			if err := p.Nearest(l, s, x.Rows(from, to), nil); err != nil {
				t.Fatal(err)
			}
			sameLabels(t, "labels of a part", l, labels[from:to])
			sameSlice(t, "distances of a part", s, dist[from:to])
		}
	})
}

// TestPackAgain: packing other centers into the same Centers, and one workspace
// serving different shapes, leave no trace.
func TestPackAgain(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		var p Centers[float64]
		var ws Workspace[float64]
		for _, s := range []struct{ d, k int }{{40, 30}, {3, 5}, {300, 7}, {40, 31}, {1, 1}, {17, 100}} {
			x, c := Dense(fill[float64](0, 70*s.d, 0, 20), 70, s.d), Dense(fill[float64](0, s.k*s.d, 0, 21), s.k, s.d)
			if err := p.Pack(c); err != nil {
				t.Fatal(err)
			}
			labels := make([]int32, 70)
			if err := p.Nearest(labels, nil, x, &ws); err != nil {
				t.Fatal(err)
			}
			for i := range labels {
				if want, _, _ := nearestGeneric(x.Row(i), c); labels[i] != want {
					t.Fatalf("%v: label %d is %d, want %d", s, i, labels[i], want)
				}
			}
			if allocs := testing.AllocsPerRun(5, func() {
				p.Pack(c)
				p.Nearest(labels, nil, x, &ws)
			}); allocs != 0 {
				t.Errorf("%v: %v allocations in the steady state", s, allocs)
			}
		}
	})
}

func TestNearestAPI(t *testing.T) {
	x, c := Dense(make([]float32, 12), 4, 3), Dense(make([]float32, 6), 2, 3)
	p, err := PackCenters(c)
	if err != nil {
		t.Fatal(err)
	}
	labels := make([]int32, 4)
	for name, err := range map[string]error{
		"short labels":       p.Nearest(labels[:3], nil, x, nil),
		"short dist":         p.Nearest(labels, make([]float32, 3), x, nil),
		"other D":            p.Nearest(labels, nil, Dense(make([]float32, 8), 4, 2), nil),
		"x beyond its slice": p.Nearest(labels, nil, Matrix[float32]{x.Data, 5, 3, 3}, nil),
		"no centers":         p.Pack(Matrix[float32]{nil, 0, 3, 3}),
		"centers too short":  p.Pack(Matrix[float32]{c.Data, 3, 3, 3}),
	} {
		if !errors.Is(err, ErrShape) {
			t.Errorf("%s: error is %v, want one that wraps ErrShape", name, err)
		}
	}
}

// FuzzNearest looks for a difference between a level and the reference.
func FuzzNearest(f *testing.F) {
	f.Add(uint64(1), uint16(20), uint16(10), uint16(5), uint8(0), 0.0, 1.0)
	f.Add(uint64(2), uint16(100), uint16(64), uint16(10), uint8(1), 1e6, 1e-3)
	f.Add(uint64(3), uint16(33), uint16(300), uint16(13), uint8(3), -7.0, 1e10)
	f.Fuzz(func(t *testing.T, seed uint64, n, d, k uint16, kind uint8, offset, scale float64) {
		n, d, k = n%200, d%600, k%64+1
		kd := int(kind) % len(kinds)
		for _, l := range kernel.Supported() {
			useLevel(t, l)
			fuzzNearest[float32](t, seed, int(n), int(d), int(k), kd, offset, scale)
			fuzzNearest[float64](t, seed, int(n), int(d), int(k), kd, offset, scale)
		}
	})
}

func fuzzNearest[T Float](t *testing.T, seed uint64, n, d, k, kind int, offset, scale float64) {
	x, c := fill[T](kind, n*d, int(seed%4), seed), fill[T](kind, k*d, int(seed%3), seed+1)
	for i := range x {
		x[i] = T(float64(x[i])*scale + offset)
	}
	for i := range c {
		c[i] = T(float64(c[i])*scale + offset)
	}
	checkNearest(t, Dense(x, n, d), Dense(c, k, d), nil)
}

// TestHugeLeadingDimension: with one row the leading dimension is never used,
// and may be anything.
func TestHugeLeadingDimension(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		for _, d := range []int{2, 7, 40} {
			data := fill[float32](0, d, 0, 1)
			x := Matrix[float32]{data, 1, d, math.MaxInt}
			checkNearest(t, x, Dense(fill[float32](0, 3*d, 0, 2), 3, d), nil)
			dst := []float32{-1}
			if err := SquaredL2Rows(dst, x, data); err != nil || dst[0] != 0 {
				t.Errorf("D=%d: distance %v to itself, %v", d, dst[0], err)
			}
			s := newSums(t, 1, d, maxAbs(data), 1)
			if err := Accumulate(s, x, []int32{0}, nil); err != nil || s.At(0, d-1) != float64(data[d-1]) {
				t.Errorf("D=%d: sum %v of %v, %v", d, s.At(0, d-1), data[d-1], err)
			}
		}
	})
}

// TestNearestOverflow: rows whose norm is finite while every distance overflows
// have no label, however clear the ranking is.
func TestNearestOverflow(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", func(t *testing.T) { testNearestOverflow[float32](t, math.MaxFloat32) })
		t.Run("float64", func(t *testing.T) { testNearestOverflow[float64](t, math.MaxFloat64) })
	})
}

func testNearestOverflow[T Float](t *testing.T, most float64) {
	for _, d := range []int{6, 16, 40} {
		for _, share := range []float64{0.99, 0.5, 0.2, 0.13, 0.12, 0.01} {
			norm := math.Sqrt(most / 33)
			x, c := make([]T, 3*d), make([]T, 2*d)
			x[0], x[d+1], x[2*d] = T(math.Sqrt(share*most)), T(math.Sqrt(share*most)), 1
			c[0], c[1] = T(.02*norm), T(.9998*norm)
			c[d], c[d+1] = -c[0], -c[1]
			checkNearest(t, Dense(x, 3, d), Dense(c, 2, d), nil)
			checkNearest(t, Dense(x, 3, d), Dense(c, 1, d), nil)
		}
	}
}
