package lloyd

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// leadBy makes the given number of blocks of columns of p lead, whatever the plan says, and
// reports whether 8-bit integers apply at all.
func leadBy[T Float](p *Centers[T], lead int) bool {
	if !p.coarse.use || p.coarse.takes == 0 || p.D() <= leadBlock {
		return false
	}
	q := &p.leading
	if q.lead == nil {
		q.lead = new(leading)
	}
	p.leadingBlocks(q.lead)
	p.fillLeading(q, min(lead, len(q.lead.blocks)-1), math.Sqrt(2*slices.Max(p.half))*(1+0x1p-20), serially)
	return q.use
}

// checkLeading holds Nearest to the reference where so many blocks of columns lead.
func checkLeading[T Float](t *testing.T, x, c Matrix[T], lead int, ws *Workspace[T]) {
	t.Helper()
	p, err := PackCenters(c)
	if err != nil {
		t.Fatal(err)
	}
	if !leadBy(p, lead) {
		return
	}
	p.coarse.faster = true // so that Nearest looks for integers
	ws.leading.idle, ws.leading.wait = 0, 0
	labels, dist := make([]int32, x.N), make([]T, x.N)
	if err := p.Nearest(labels, dist, x, ws); err != nil {
		t.Fatal(err)
	}
	for i := range x.N {
		if l, d, _ := nearestGeneric(x.Row(i), c); labels[i] != l || !same(dist[i], d) {
			t.Fatalf("%d×%d, K=%d, %d blocks lead: row %d has label %d at %v, want %d at %v", x.N, x.D, c.N, lead, i, labels[i], dist[i], l, d)
		}
	}
}

// decay scales the columns of x and c so that their energy decays, in an order of its own.
func decay[T Float](power float64, matrices ...Matrix[T]) {
	d := matrices[0].D
	order := rand.New(rand.NewPCG(7, uint64(d))).Perm((d + leadBlock - 1) / leadBlock)
	for _, m := range matrices {
		for i := range m.N {
			for j := range m.Row(i) {
				m.Row(i)[j] *= T(math.Pow(1+float64(order[j/leadBlock]*leadBlock+j%leadBlock), -power/2))
			}
		}
	}
}

// TestLeading: labels and distances are those of the reference for every kind of rows, with
// few and many columns that lead, whether the others matter or not; where they decay, the
// leading columns and the rest settle nearly everything with few distances.
func TestLeading(t *testing.T) {
	forEachCoarseType(t, testLeading[float32], testLeading[float64])
}

func testLeading[T Float](t *testing.T) {
	level, _ := kernel.Active()
	var ws Workspace[T]
	shapes := []struct{ n, d, k int }{{60, 32, 33}, {70, 47, 64}, {40, 130, 100}, {33, 272, 40}, {31, 515, 90}, {40, 64, 1100}}
	for i, s := range shapes {
		for kind := range kinds {
			if testing.Short() && (i+kind)%3 > 0 {
				continue
			}
			x, c := Dense(fill[T](kind, s.n*s.d, 1, 3), s.n, s.d), Dense(fill[T](kind, s.k*s.d, 2, 4), s.k, s.d)
			if kinds[kind].name == "not finite" {
				c = Dense(fill[T](0, s.k*s.d, 0, 4), s.k, s.d)
			}
			if kind%2 == 0 {
				decay(1.5, x, c)
			}
			blocks := (s.d + leadBlock - 1) / leadBlock
			for _, lead := range []int{1, blocks / 3, blocks - 1} {
				ranked, open, listed := ws.Integers, ws.Open, ws.Listed
				checkLeading(t, x, c, max(1, lead), &ws)
				ranked, open, listed = ws.Integers-ranked, ws.Open-open, ws.Listed-listed
				if kind == 0 && lead > 1 && lead == blocks/3 && coarseFormatOf(level).takes > 0 && (ranked != int64(s.n) || open*20 > ranked || listed > int64(6+s.d/100)*ranked) {
					t.Errorf("%v, %d blocks lead: ranked %d of %d rows, left %d open and took %d distances", s, lead, ranked, s.n, open, listed)
				}
			}
		}
	}
}

// TestLeadingTies: rows halfway between centers and a little off, in columns that lead, in the
// rest, and in all, with every center twice; and rows that are centers.
func TestLeadingTies(t *testing.T) {
	forEachCoarseType(t, testLeadingTies[float32], testLeadingTies[float64])
}

func testLeadingTies[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(83, 84))
	var ws Workspace[T]
	for _, d := range []int{48, 130, 320} {
		const k, n = 60, 150
		c := Dense(fill[T](0, k*d, 0, 13), k, d)
		decay(1, c)
		copy(c.Data[k/2*d:], c.Data[:k/2*d])
		x := Dense(make([]T, n*d), n, d)
		for i := range n {
			a, b := c.Row(r.IntN(k)), c.Row(r.IntN(k))
			step := math.Ldexp(1, -2-r.IntN(22))
			from, to := 0, d
			switch i % 4 {
			case 1:
				from = d / 2
			case 2:
				to = d / 2
			case 3:
				step = 0.5 // a itself
			}
			copy(x.Row(i), a)
			for j := from; j < to && i%4 != 3; j++ {
				x.Row(i)[j] = (a[j]+b[j])/2 + T(step)*(a[j]-b[j])
			}
		}
		for _, lead := range []int{1, 2, d/leadBlock - 1} {
			checkLeading(t, x, c, lead, &ws)
		}
	}
}

// TestLeadingChoice: columns lead where few of them have most of the energy, blocks of them in
// any order, the last one that is not whole always; and not on noise.
func TestLeadingChoice(t *testing.T) {
	forEachCoarse(t, func(t *testing.T, l kernel.Level) {
		for _, d := range []int{768, 777} {
			c := Dense(fill[float32](0, 300*d, 0, 1), 300, d)
			p, err := PackCenters(c)
			if err != nil {
				t.Fatal(err)
			}
			if p.leading.use {
				t.Errorf("D=%d: %d columns of noise lead", d, p.leading.columns(d))
			}
			for i := range c.N {
				for j := range c.Row(i) {
					if j/leadBlock%5 > 0 {
						c.Row(i)[j] /= 10
					}
				}
			}
			if p, err = PackCenters(c); err != nil {
				t.Fatal(err)
			}
			if coarseFormatOf(l).takes == 0 {
				if p.leading.use {
					t.Error("columns lead at a level without the routines")
				}
				continue
			}
			if !p.leading.use {
				t.Fatalf("D=%d: no columns lead", d)
			}
			lead := p.leading.lead
			for b := range (d + leadBlock - 1) / leadBlock {
				first := int32(b * leadBlock)
				_, leads := slices.BinarySearch(lead.blocks, first)
				_, rests := slices.BinarySearch(lead.rest, first)
				if leads == rests || (b%5 == 0 || first+leadBlock > int32(d)) && !leads {
					t.Errorf("D=%d: block %d leads: %v, is of the rest: %v", d, b, leads, rests)
				}
			}
		}
	})
}

// TestLeadingPause: where the rest of the rows decides, which centers do not show, the leading
// columns do not pay, and pause; the labels are right all the same.
func TestLeadingPause(t *testing.T) {
	forEachCoarse(t, func(t *testing.T, l kernel.Level) {
		if coarseFormatOf(l).takes == 0 {
			t.Skip("no columns lead at", l)
		}
		const n, d, k = 600, 512, 400
		c := Dense(fill[float32](0, k*d, 0, 1), k, d)
		x := Dense(fill[float32](0, n*d, 0, 2), n, d)
		for _, m := range []Matrix[float32]{x, c} {
			for i := range m.N {
				scale(m.Row(i)[d/4:], 1./8)
			}
		}
		good := Dense(slices.Clone(x.Data), n, d)
		for i := range n {
			scale(x.Row(i)[d/4:], 1000)
		}
		p, err := PackCenters(c)
		if err != nil {
			t.Fatal(err)
		}
		var ws Workspace[float32]
		labels := make([]int32, n)
		rank := func(x Matrix[float32]) (idle, listed int) {
			t.Helper()
			if err := p.Nearest(labels, nil, x, &ws); err != nil {
				t.Fatal(err)
			}
			for i := 0; i < n; i += 7 {
				if l, _, _ := nearestGeneric(x.Row(i), c); labels[i] != l {
					t.Fatalf("row %d has label %d, want %d", i, labels[i], l)
				}
			}
			return ws.leading.idle, ws.leading.lead.listed
		}
		if idle, listed := rank(good); idle != 0 || listed == 0 {
			t.Errorf("the leading columns decide: %d rows to wait, %d pairs", idle, listed)
		}
		if idle, _ := rank(x); idle <= 0 {
			t.Errorf("the rest decides: no rows to wait")
		}
	})
}

// TestLeadingAgain: centers packed anew, and one workspace for all shapes, leave no trace, and
// nothing is allocated in the steady state.
func TestLeadingAgain(t *testing.T) {
	forEachCoarse(t, func(t *testing.T, l kernel.Level) {
		if coarseFormatOf(l).takes == 0 {
			t.Skip("no columns lead at", l)
		}
		const n, k = 70, 300
		var ws Workspace[float32]
		var p Centers[float32]
		for i, d := range []int{320, 512, 300, 500, 512, 704, 320} {
			x, c := Dense(fill[float32](0, n*d, 0, 20), n, d), Dense(fill[float32](0, k*d, 0, 21), k, d)
			decay(1+float64(i%3)/2, x, c)
			if err := p.Pack(c); err != nil {
				t.Fatal(err)
			}
			if !p.leading.use {
				t.Fatalf("D=%d: no columns lead", d)
			}
			labels := make([]int32, n)
			if err := p.Nearest(labels, nil, x, &ws); err != nil {
				t.Fatal(err)
			}
			if ws.leading.lead.listed == 0 {
				t.Errorf("D=%d: the leading columns list nothing", d)
			}
			for row, l := range labels {
				if want, _, _ := nearestGeneric(x.Row(row), c); l != want {
					t.Fatalf("D=%d: label %d is %d, want %d", d, row, l, want)
				}
			}
			if allocs := testing.AllocsPerRun(3, func() {
				p.Pack(c)
				p.Nearest(labels, nil, x, &ws)
			}); allocs != 0 {
				t.Errorf("D=%d: %v allocations in the steady state", d, allocs)
			}
		}
	})
}

// TestRestRoutines: what is known of the rest of a row, its integers, and the pairs that stay,
// against the same in Go; one after the other in place, and not a byte beyond.
func TestRestRoutines(t *testing.T) {
	forEachCoarse(t, func(t *testing.T, l kernel.Level) {
		if coarseFormatOf(l).takes == 0 {
			t.Skip("no columns lead at", l)
		}
		r := rand.New(rand.NewPCG(91, 92))
		tile := coarseTile(l)
		for _, blocks := range []int{1, 2, 3, 4, 7, 8, 9, 12, 33} {
			d := leadBlock * (2*blocks + 1)
			x, shift := fill[float32](0, d, 0, 5), fill[float32](0, d, 0, 6)
			var firsts []int32
			for _, b := range r.Perm(2*blocks + 1)[:blocks] {
				firsts = append(firsts, int32(leadBlock*b))
			}
			var largest, square float64
			for _, first := range firsts {
				for j := range leadBlock {
					e := float64(x[int(first)+j] - shift[int(first)+j])
					largest, square = max(largest, math.Abs(e)), square+e*e
				}
			}
			gotLargest, gotSquare := asmMeasureBlocks(ptr(x), ptr(shift), ptr(firsts), blocks)
			if float64(gotLargest) != largest || math.Abs(float64(gotSquare)-square) > 1e-5*square {
				t.Fatalf("%d blocks: %v and %v, want %v and %v", blocks, gotLargest, gotSquare, largest, square)
			}
			rounded := guarded[uint8](t, leadBlock*blocks, true)
			scale := restRow / gotLargest
			asmRoundBlocks(ptr(rounded), ptr(x), ptr(shift), ptr(firsts), blocks, scale)
			for i, got := range rounded {
				at := int(firsts[i/leadBlock]) + i%leadBlock
				if want := math.RoundToEven(float64((x[at]-shift[at])*scale)) + restBias; float64(got) != want {
					t.Fatalf("%d blocks: byte %d is %d, want %v", blocks, i, got, want)
				}
			}

			width := (leadBlock*blocks + leadUnit - 1) / leadUnit * leadUnit
			const k = 40
			rows, centers := make([]restOf, tile), make([]restOf, k)
			ofRows, ofCenters := guarded[uint8](t, tile*width, true), guarded[int8](t, k*width, true)
			for i := range ofRows {
				ofRows[i] = uint8(restBias + r.IntN(2*restRow+1) - restRow)
			}
			for i := range ofCenters {
				ofCenters[i] = int8(r.IntN(2*restCenter+1) - restCenter)
			}
			for i := range rows {
				rows[i] = restOf{of: [4]float32{-r.Float32(), r.Float32(), -r.Float32(), -r.Float32()}, place: int32(coarseFormatOf(l).placeOf(i, tile)), limit: int32(r.IntN(1<<16) - 1<<15)}
			}
			for i := range centers {
				centers[i] = restOf{of: [4]float32{r.Float32(), 9000 * r.Float32(), r.Float32(), r.Float32()}, bias: int32(r.IntN(1000))}
			}
			centers[3].of[1] = float32(math.NaN())
			centers[5].of[1] = float32(math.Inf(1))
			scores := make([]int16, k*tile)
			for i := range scores {
				scores[i] = int16(r.IntN(1<<16) - 1<<15)
				if i%17 == 0 {
					scores[i] = math.MinInt16
				}
			}
			for _, n := range []int{0, 1, 2, 5, 6, 300} {
				const first = 1000
				listed, of := guarded[int32](t, n, true), guarded[int32](t, n, true)
				for i := range n {
					listed[i], of[i] = int32(first+r.IntN(tile)), int32(r.IntN(k))
				}
				pair := func(i int) (score *int16, added, left float64) {
					row, center := int(listed[i])-first, int(of[i])
					var dot int32
					for j, p := range ofRows[row*width:][:width] {
						dot += int32(p) * int32(ofCenters[center*width+j])
					}
					a, c := &rows[row], &centers[center]
					added = float64(a.of[0]) * float64(c.of[0]) * float64(dot-c.bias)
					for j := 1; j < 4; j++ {
						added += float64(a.of[j]) * float64(c.of[j])
					}
					score = &scores[center*tile+int(a.place)]
					return score, added, float64(a.limit) - float64(*score)
				}
				for i := range n { // what may be rounded either way
					if score, added, left := pair(i); math.Abs(added-left) < 1 {
						*score = math.MinInt16
					}
				}
				var want [][2]int32
				for i := range n {
					if score, added, left := pair(i); *score == math.MinInt16 || !(added >= left) {
						want = append(want, [2]int32{listed[i], of[i]})
					}
				}
				found := asmRestList(l, ptr(listed), ptr(of), ptr(listed), ptr(of), ptr(scores), ptr(rows), ptr(ofRows), ptr(centers), ptr(ofCenters), n, first, width, 2*tile)
				if found != len(want) {
					t.Fatalf("%d blocks, %d pairs: %d stay, want %d", blocks, n, found, len(want))
				}
				for i, w := range want {
					if listed[i] != w[0] || of[i] != w[1] {
						t.Fatalf("%d blocks, %d pairs: pair %d is %d, %d, want %v", blocks, n, i, listed[i], of[i], w)
					}
				}
			}
		}
	})
}
