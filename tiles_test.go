package lloyd

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// TestTiles: for every D from 0 to 300, on all kinds of rows, what plain loops over the
// pairs say, to the bit: the best distances, which are those of SquaredL2, and labels after
// all pairs in any order, the rows that took each center, the gaps, the same without bounds,
// the bytes of the bounds, and what Rebase makes of the references.
func TestTiles(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testTiles[float32])
		t.Run("float64", testTiles[float64])
	})
}

func testTiles[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(71, 72))
	var tiles Tiles[T] // one for all: what is left of other shapes must not matter
	var pairs TilePairs[T]
	w := TileRows[T]()
	gaps, ties := 0, 0
	var seen [256]int // how often each byte
	for _, d := range append(columns(), 513, 1100) {
		for kind := range kinds {
			if testing.Short() && (d+kind)%5 != 0 {
				continue
			}
			what := fmt.Sprintf("%s, D=%d: ", kinds[kind].name, d)
			n, k := 1+(d*7+kind*31)%(4*w), 2+(d+kind)%6
			x := Matrix[T]{fill[T](kind, n*(d+2), d%3, uint64(d)), n, d, d + 2}
			c := Matrix[T]{fill[T](kind, k*(d+1), d%2, uint64(d)+1000), k, d, d + 1}
			copy(c.Row(k-1), c.Row(0)) // ties
			setTiles(t, &tiles, x)
			first := n / w * (d % 3) / 2 * w // 0, of the middle, or past the last whole tile
			first = min(first, (n-1)/w*w)
			pairs.allPairs(r, (n-first+w-1)/w, k)

			// As they should be; a row past the last one is the last one. An element more
			// is to stay as it is.
			rows := (n - first + w - 1) / w * w
			best, labels, ref := make([]T, rows+1), make([]int32, rows+1), make([]T, rows)
			for i := range best {
				best[i], labels[i] = T(math.Inf(1)), -1
			}
			for i := range ref {
				ref[i] = T(r.NormFloat64())
			}
			dist := make([]T, n*k)
			if err := SquaredL2Matrix(dist, k, x, c); err != nil {
				t.Fatal(err)
			}
			const scale = 1.1
			startBest, startLabels := slices.Clone(best), slices.Clone(labels)
			var gotBest []T
			var gotLabels []int32
			wantGaps, wantTook := make([]T, len(pairs.Tiles)), make([]uint32, len(pairs.Tiles))
			for i, tile := range pairs.Tiles {
				wantGaps[i] = T(math.Inf(1))
				center := pairs.Centers[i]
				for lane := range w {
					row := int(tile)*w + lane
					v := dist[min(first+row, n-1)*k+int(center)]
					if v < best[row] || v == best[row] && center < labels[row] {
						if v == best[row] {
							ties++
						}
						best[row], labels[row] = v, center
						wantTook[i] |= 1 << lane
					}
					wantGaps[i] = min(wantGaps[i], rootGap(v, scale, ref[row]))
				}
			}

			// Bytes that no pair has are to stay, too.
			number := rows / w
			pairs.Bounds = slices.Repeat([]uint8{255}, PairRows*k+1)
			pairs.Base, pairs.Drifts = uniform(r, number, -50, 250), uniform(r, k, -50, 50)
			wantBounds := slices.Clone(pairs.Bounds)
			for i, tile := range pairs.Tiles {
				wantBounds[int(pairs.Centers[i])*PairRows+int(tile)] = tileBound(float32(wantGaps[i]), pairs.Base[tile], pairs.Drifts[pairs.Centers[i]])
			}

			nearest := func(what string) {
				gotBest, gotLabels = slices.Clone(startBest), slices.Clone(startLabels)
				for i := range pairs.Gaps { // of another call
					pairs.Gaps[i], pairs.Took[i] = 7, 7
				}
				if err := tiles.Nearest(gotBest, gotLabels, ref, scale, &pairs, first, c); err != nil {
					t.Fatal(err)
				}
				sameSlice(t, what+"best", gotBest, best)
				sameLabels(t, what+"labels", gotLabels, labels)
				for i, want := range wantTook {
					if pairs.Took[i] != want {
						t.Fatalf("%spair %d took %b, want %b", what, i, pairs.Took[i], want)
					}
					if want := wantGaps[i]; want == want && !same(pairs.Gaps[i], want) { // NaN says nothing
						t.Fatalf("%sgap %d is %v, want %v", what, i, pairs.Gaps[i], want)
					}
				}
			}
			nearest(what + "with bounds: ")
			for i, tile := range pairs.Tiles {
				at := int(pairs.Centers[i])*PairRows + int(tile)
				if gap := wantGaps[i]; gap != gap && pairs.Bounds[at] <= mostBound {
					wantBounds[at] = pairs.Bounds[at]
				} else if gap == gap {
					gaps++
				}
				seen[wantBounds[at]]++
			}
			if !slices.Equal(pairs.Bounds, wantBounds) {
				t.Fatalf("%sbounds %v, want %v", what, pairs.Bounds, wantBounds)
			}
			pairs.Bounds = nil
			nearest(what + "without bounds: ")
			for i := range n - first { // whatever the order was
				label, v, _ := nearestGeneric(x.Row(first+i), c)
				if labels[i] != label || !same(best[i], v) {
					t.Fatalf("%srow %d has label %d at %v, want %d at %v", what, first+i, labels[i], best[i], label, v)
				}
			}

			some := r.Perm(number) // all but one of several
			some = some[:max(1, number-1)]
			out, far, wantOut, wantFar := make([]T, len(some)+1), make([]T, len(some)+1), make([]T, len(some)+1), make([]T, len(some)+1)
			wantRef, list := slices.Clone(ref), make([]int32, len(some))
			const up = 1.2
			for i, tile := range some {
				list[i], wantOut[i] = int32(tile), T(math.Inf(-1))
				for row := tile * w; row < (tile+1)*w; row++ {
					wantOut[i] = max(wantOut[i], rootGap(best[row], up, ref[row]))
					wantRef[row] = rootGap(best[row], scale, 0)
					wantFar[i] = max(wantFar[i], wantRef[row])
				}
			}
			if err := Rebase(out, far, gotBest, ref, list, up, scale); err != nil {
				t.Fatal(err)
			}
			sameSlice(t, what+"out", out, wantOut)
			sameSlice(t, what+"far", far, wantFar)
			sameSlice(t, what+"ref", ref, wantRef)
			sameSlice(t, what+"best after", gotBest, best)
		}
	}
	if gaps == 0 || ties == 0 {
		t.Errorf("%d gaps were compared, and %d ties went to a lower number", gaps, ties)
	}
	between := 0
	for _, n := range seen[1:mostBound] {
		between += n
	}
	if seen[0] == 0 || between == 0 || seen[mostBound] == 0 || seen[255] > 0 {
		t.Errorf("bytes of bounds: %v", seen)
	}
}

// uniform returns n numbers from low to high.
func uniform(r *rand.Rand, n int, low, high float32) []float32 {
	s := make([]float32, n)
	for i := range s {
		s[i] = low + (high-low)*r.Float32()
	}
	return s
}

// setTiles sets the rows of x, the last ones first.
func setTiles[T Float](t *testing.T, tiles *Tiles[T], x Matrix[T]) {
	t.Helper()
	tiles.Resize(x.N, x.D)
	half := x.N / 2 / TileRows[T]() * TileRows[T]()
	if err := errors.Join(tiles.Set(half, x.Rows(half, x.N)), tiles.Set(0, x.Rows(0, half))); err != nil {
		t.Fatal(err)
	}
	if tiles.N() != x.N {
		t.Fatalf("%d rows, want %d", tiles.N(), x.N)
	}
}

// allPairs lists all pairs of n tiles and k centers, in an order of chance.
func (p *TilePairs[T]) allPairs(r *rand.Rand, n, k int) {
	p.Tiles, p.Centers = p.Tiles[:0], p.Centers[:0]
	for _, i := range r.Perm(n * k) {
		p.Tiles, p.Centers = append(p.Tiles, int32(i/k)), append(p.Centers, int32(i%k))
	}
}

// rootGap is √d·scale − ref, each operation rounded to T.
func rootGap[T Float](d, scale, ref T) T {
	root := T(math.Sqrt(float64(d)))
	product := T(root * scale)
	return product - ref
}

// TestTileBound: the byte is not above the sum of its terms, nor above 254, is 0 for NaN,
// and is little below where no term is large.
func TestTileBound(t *testing.T) {
	r := rand.New(rand.NewPCG(77, 78))
	check := func(gap, base, drift float64) { // rounded to float32 at first
		got := tileBound(float32(gap), float32(base), float32(drift))
		sum := gap + base + drift
		largest := max(math.Abs(gap), math.Abs(base), math.Abs(drift))
		switch {
		case sum != sum && got != 0, got > mostBound, float64(got) > max(0, sum),
			largest <= 1000 && float64(got) < min(mostBound, sum)-1.01:
			t.Fatalf("the byte of %v, %v, %v is %d", gap, base, drift, got)
		}
	}
	for _, gap := range tileTerms {
		for _, base := range tileTerms {
			for _, drift := range tileTerms {
				check(float64(gap), float64(base), float64(drift))
			}
		}
	}
	for range 100_000 { // near a byte, of terms that may be much larger
		size := math.Ldexp(1, r.IntN(28))
		gap, base := size*r.NormFloat64(), size*r.NormFloat64()
		near := float64(r.IntN(258)-1) + math.Ldexp(r.NormFloat64(), -r.IntN(50))
		check(gap, base, near-gap-base)
		check(float64(float32(gap)), float64(float32(base)), float64(float32(near-gap-base)))
	}
}

// tileTerms are numbers that a bound may trip over.
var tileTerms = []float32{
	0, float32(math.Copysign(0, -1)), 1, -1, 0.5, 1 - 0x1p-24, 1 + 0x1p-23, 100, -100, 253.9, 254, 254.5, 255, 256, 1000, -1000,
	0x1p20, -0x1p20, 0x1p24 + 2, 0x1p31, 0x1p32, 0x1p63, 0x1p64, -0x1p64, 0x1p100, -0x1p100, 0x1p-149, -0x1p-126,
	math.MaxFloat32, -math.MaxFloat32, float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()),
}

// TestTilesBounds: the bytes that Nearest stores are those of tileBound, for gaps, bases
// and drifts of all kinds.
func TestTilesBounds(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testTilesBounds[float32])
		t.Run("float64", testTilesBounds[float64])
	})
}

func testTilesBounds[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(79, 80))
	w := TileRows[T]()
	n, k := PairRows*w, len(tileTerms)
	var tiles Tiles[T]
	setTiles(t, &tiles, Dense(make([]T, n), n, 1))
	c := Dense(make([]T, k), k, 1) // at the rows, so that a gap is a reference's negative
	best, labels, ref := make([]T, n), make([]int32, n), make([]T, n)
	var pairs TilePairs[T]
	pairs.allPairs(r, PairRows, k)
	pairs.Bounds, pairs.Base, pairs.Drifts = make([]uint8, PairRows*k), make([]float32, PairRows), make([]float32, k)
	var seen [256]int
	for round := range 3 * k {
		moderate := round >= k
		gaps := make([]T, PairRows)
		for i := range gaps {
			gaps[i], pairs.Base[i] = T(tileTerms[i]), tileTerms[(i+round)%k]
			if i == 0 {
				gaps[i] = T(tileTerms[k-1]) // one more than there are tiles
			}
			if moderate {
				gaps[i], pairs.Base[i] = T(300*r.Float64()-100), 300*r.Float32()-100
				if round%2 == 0 { // the order of the sums matters
					far := float32(int32(1)<<r.IntN(20)) * (r.Float32() - 0.5)
					gaps[i], pairs.Base[i] = gaps[i]+T(far), pairs.Base[i]-far
				}
			}
			for row := i * w; row < (i+1)*w; row++ {
				ref[row] = -gaps[i]
			}
		}
		if !moderate && elemSize[T]() == 8 { // that no float32 is
			gaps[1], gaps[2], gaps[3] = T(math.Ldexp(1, 1000)), 254+T(0x1p-30), 1-T(0x1p-40)
			for row := w; row < 4*w; row++ {
				ref[row] = -gaps[row/w]
			}
		}
		for i := range pairs.Drifts {
			pairs.Drifts[i] = tileTerms[i]
			if moderate {
				pairs.Drifts[i] = 100*r.Float32() - 50
			}
		}
		if err := tiles.Nearest(best, labels, ref, 1, &pairs, 0, c); err != nil {
			t.Fatal(err)
		}
		for i, gap := range gaps {
			for j := range k {
				got, want := pairs.Bounds[j*PairRows+i], tileBound(float32(gap), pairs.Base[i], pairs.Drifts[j])
				if got != want {
					t.Fatalf("the byte of %v, %v, %v is %d, want %d", gap, pairs.Base[i], pairs.Drifts[j], got, want)
				}
				seen[got]++
			}
		}
	}
	for i, n := range seen {
		if (n > 0) != (i <= mostBound) {
			t.Errorf("%d times byte %d", n, i)
		}
	}
}

// TestTilesLong: more pairs, and tiles, than one call of assembly takes, of which each is
// as in a list of its own.
func TestTilesLong(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testTilesLong[float32])
		t.Run("float64", testTilesLong[float64])
	})
}

func testTilesLong[T Float](t *testing.T) {
	w := TileRows[T]()
	const d, k = 3, 5
	n := 3 * w
	var tiles Tiles[T]
	setTiles(t, &tiles, Dense(fill[T](0, n*d, 0, 1), n, d))
	c := Dense(fill[T](0, k*d, 0, 2), k, d)
	labels, ref := make([]int32, n), fill[T](0, n, 0, 3)
	nearest := func(p *TilePairs[T]) []T {
		best := slices.Repeat([]T{T(math.Inf(1))}, n)
		if err := tiles.Nearest(best, labels, ref, 2, p, 0, c); err != nil {
			t.Fatal(err)
		}
		return best
	}
	var long, short TilePairs[T]
	for i := range kernel.MaxMultiplyAdds/(w*w) + 10 {
		long.Tiles, long.Centers = append(long.Tiles, int32(i%3)), append(long.Centers, int32(i%k))
	}
	short.Tiles, short.Centers = long.Tiles[:3*k], long.Centers[:3*k]
	want, best := nearest(&short), nearest(&long)
	sameSlice(t, "best", best, want)
	out, far, once, again, farOnce := make([]T, len(long.Tiles)), make([]T, len(long.Tiles)), make([]T, 3), make([]T, 3), make([]T, 3)
	first := slices.Clone(ref)
	if err := errors.Join(
		Rebase(once, farOnce, best, first, long.Tiles[:3], 4, 3),
		Rebase(again, farOnce, best, first, long.Tiles[:3], 4, 3), // of what the first has made the references
		Rebase(out, far, best, ref, long.Tiles, 4, 3),
	); err != nil {
		t.Fatal(err)
	}
	sameSlice(t, "out", out, once)
	sameSlice(t, "ref", ref, first)
	for i, gap := range long.Gaps {
		if !same(gap, short.Gaps[i%(3*k)]) || !same(far[i], farOnce[i%3]) || i >= 3 && !same(out[i], again[i%3]) {
			t.Fatalf("pair %d: gap %v, out %v, far %v; want %v, %v, %v", i, gap, out[i], far[i], short.Gaps[i%(3*k)], again[i%3], farOnce[i%3])
		}
		if i >= 3*k && long.Took[i] != 0 {
			t.Fatalf("pair %d took %b again", i, long.Took[i])
		}
	}
}

// TestTilesAllocations: none, once the pairs have been used.
func TestTilesAllocations(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testTilesAllocations[float32])
		t.Run("float64", testTilesAllocations[float64])
	})
}

func testTilesAllocations[T Float](t *testing.T) {
	const n, k = 50, 4
	for _, d := range []int{3, 40} {
		var tiles Tiles[T]
		setTiles(t, &tiles, Dense(fill[T](0, n*d, 0, 1), n, d))
		c := Dense(fill[T](0, k*d, 0, 2), k, d)
		var pairs TilePairs[T]
		pairs.allPairs(rand.New(rand.NewPCG(73, 74)), tiles.rows()/TileRows[T](), k)
		best, labels, ref := make([]T, tiles.rows()), make([]int32, tiles.rows()), make([]T, tiles.rows())
		pairs.Bounds, pairs.Base, pairs.Drifts = make([]uint8, PairRows*k), make([]float32, tiles.rows()/TileRows[T]()), make([]float32, k)
		out, far := make([]T, len(pairs.Tiles)), make([]T, len(pairs.Tiles))
		if got := testing.AllocsPerRun(10, func() {
			if err := errors.Join(tiles.Nearest(best, labels, ref, 1, &pairs, 0, c), Rebase(out, far, best, ref, pairs.Tiles, 1, 1)); err != nil {
				t.Fatal(err)
			}
		}); got != 0 {
			t.Errorf("D=%d: %v allocations", d, got)
		}
	}
}

// TestTileBounds: the least bytes of plain loops, for every K to 40, from several first
// tiles on, and no other byte changed.
func TestTileBounds(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testTileBounds[float32])
		t.Run("float64", testTileBounds[float64])
	})
}

func testTileBounds[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(75, 76))
	w := TileRows[T]()
	each := PairRows / w
	for k := 1; k <= 40; k++ {
		for panels := range 5 {
			first := (k + panels) % 19 * each
			lower := make([]uint8, PairBytes(panels*PairRows, k))
			dst := make([]uint8, PairBytes(first+panels*each, k)+3)
			for _, s := range [][]uint8{lower, dst} {
				for i := range s {
					s[i] = uint8(r.IntN(256))
				}
			}
			if k%2 == 0 { // the least of few, also 255
				for i := range lower {
					lower[i] |= 0xF8
				}
			}
			want := slices.Clone(dst)
			for tile := range panels * each {
				for j := range k {
					least := uint8(255)
					for i := tile * w; i < (tile+1)*w; i++ {
						least = min(least, lower[(i/PairRows*k+j)*PairRows+i%PairRows])
					}
					at := first + tile
					want[(at/PairRows*k+j)*PairRows+at%PairRows] = least
				}
			}
			if err := TileBounds[T](dst, first, lower, k); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(dst, want) {
				t.Fatalf("K=%d, %d panels from tile %d on: %v, want %v", k, panels, first, dst, want)
			}
		}
	}
}

func TestTilesShape(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		const n, d, k = 40, 4, 3 // two tiles and a half
		var tiles Tiles[float32]
		x, c := Dense(make([]float32, n*d), n, d), Dense(make([]float32, k*d), k, d)
		setTiles(t, &tiles, x)
		best, labels, ref := make([]float32, 48), make([]int32, 48), make([]float32, 48)
		two := []int32{0, 2}
		nearest := func(best []float32, labels []int32, ref []float32, tile, center []int32, first int, c Matrix[float32]) error {
			return tiles.Nearest(best, labels, ref, 1, &TilePairs[float32]{Tiles: tile, Centers: center}, first, c)
		}
		bytes, base, drifts := make([]uint8, PairRows*k), make([]float32, 3), make([]float32, k)
		many := new(Tiles[float32]) // 33 tiles, of which the last has no bound
		setTiles(t, many, Dense(make([]float32, 33*16*d), 33*16, d))
		bounds := func(tiles *Tiles[float32], tile int32, first int, bytes []uint8, base, drifts []float32) error {
			best, labels, ref := make([]float32, 33*16), make([]int32, 33*16), make([]float32, 33*16)
			return tiles.Nearest(best, labels, ref, 1, &TilePairs[float32]{Tiles: []int32{tile}, Centers: []int32{2}, Bounds: bytes, Base: base, Drifts: drifts}, first, c)
		}
		for i, err := range []error{
			nearest(best, labels, ref, two, two, 0, c),
			bounds(&tiles, 2, 0, bytes, base, drifts),
			bounds(&tiles, 0, 32, bytes, base[:1], drifts),
			bounds(many, 31, 0, bytes, make([]float32, 33), drifts),
			bounds(many, 31, 16, bytes, make([]float32, 32), drifts),
			bounds(many, 32, 0, nil, nil, nil),
			nearest(best[:16], labels[:16], ref[:16], two[:1], two, 32, c),
			nearest(nil, nil, nil, nil, nil, 0, c),
			nearest(nil, nil, nil, nil, nil, 48, c),
			nearest(nil, nil, nil, nil, nil, 0, c.Rows(0, 0)),
			tiles.Set(32, x.Rows(0, 8)),
			tiles.Set(16, x.Rows(0, 0)),
			Rebase(make([]float32, 2), make([]float32, 2), best, ref, two, 1, 1),
			Rebase[float32](nil, nil, nil, nil, nil, 1, 1),
			TileBounds[float32](nil, 0, nil, k),
		} {
			if err != nil {
				t.Errorf("good %d: %v", i, err)
			}
		}
		bytes = make([]uint8, 2*PairRows*k)
		out, far := make([]float32, 2), make([]float32, 2)
		for i, err := range []error{
			nearest(best[:47], labels, ref, two, two, 0, c),
			nearest(best, labels[:47], ref, two, two, 0, c),
			nearest(best, labels, ref[:47], two, two, 0, c),
			nearest(nil, nil, nil, two, two, 0, c),
			nearest(best, labels, ref, two, two[:1], 0, c),
			nearest(best, labels, ref, []int32{0, 3}, two, 0, c),
			nearest(best, labels, ref, []int32{-1, 0}, two, 0, c),
			nearest(best, labels, ref, two, []int32{0, 3}, 0, c),
			nearest(best, labels, ref, two, []int32{-1, 0}, 0, c),
			nearest(best, labels, ref, []int32{0, math.MinInt32}, two, 0, c),
			nearest(best, labels, ref, two, []int32{0, math.MaxInt32}, 0, c),
			nearest(best, labels, ref, two, two, 16, c),
			nearest(best, labels, ref, two[:1], two, 8, c),
			nearest(best, labels, ref, two[:1], two, -16, c),
			nearest(best, labels, ref, two[:1], two, 48, c),
			nearest(best, labels, ref, two[:1], two, math.MaxInt-15, c),
			nearest(best, labels, ref, two, two, 0, Dense(c.Data, 4, 3)),
			nearest(best, labels, ref, two, two, 0, Dense(make([]float32, 15), 3, 5)),
			nearest(best, labels, ref, two, two, 0, Matrix[float32]{c.Data, 4, d, d}),
			nearest(best, labels, ref, two[:1], two, 0, c.Rows(0, 0)),
			tiles.Set(8, x.Rows(0, 16)),
			tiles.Set(-16, x.Rows(0, 16)),
			tiles.Set(0, x.Rows(0, 8)),
			tiles.Set(16, x.Rows(0, 32)),
			tiles.Set(48, x.Rows(0, 16)),
			tiles.Set(math.MaxInt-15, x.Rows(0, 16)),
			tiles.Set(0, Dense(x.Data, 40, 3)),
			tiles.Set(0, Matrix[float32]{x.Data, 41, d, d}),
			bounds(&tiles, 2, 0, bytes[:PairRows*k-1], base, drifts),
			bounds(&tiles, 2, 0, bytes[:0], base, drifts),
			bounds(&tiles, 2, 0, bytes, base[1:], drifts),
			bounds(&tiles, 2, 0, bytes, nil, drifts),
			bounds(&tiles, 2, 0, bytes, base, drifts[1:]),
			bounds(&tiles, 2, 0, bytes, base, nil),
			bounds(many, 32, 0, make([]uint8, 33*PairRows*k), make([]float32, 33), drifts),
			Rebase(out[:1], far, best, ref, two, 1, 1),
			Rebase(out, far[:1], best, ref, two, 1, 1),
			Rebase(out, far, best[:47], ref, two, 1, 1),
			Rebase(out, far, best, ref[:47], two, 1, 1),
			Rebase(out, far, best, ref, []int32{-1}, 1, 1),
			Rebase(out, far, best, ref, []int32{3}, 1, 1),
			TileBounds[float32](bytes, 0, bytes, 0),
			TileBounds[float32](bytes, 0, bytes, -1),
			TileBounds[float32](bytes, 0, bytes, math.MaxInt/16+1),
			TileBounds[float32](bytes, 0, bytes, 4),
			TileBounds[float32](bytes, 0, bytes[1:], k),
			TileBounds[float32](bytes[:PairRows*k-1], 0, bytes, k),
			TileBounds[float32](bytes, -2, bytes, k),
			TileBounds[float32](bytes, 1, bytes, k),
			TileBounds[float32](bytes, 62, bytes, k),
			TileBounds[float32](bytes, math.MaxInt-1, bytes, k),
			TileBounds[float64](bytes, 2, bytes, k),
		} {
			if !errors.Is(err, ErrShape) {
				t.Errorf("%d: %v", i, err)
			}
		}
		for _, size := range [][2]int{{-1, 1}, {1, -1}, {math.MaxInt / 2, 3}, {math.MaxInt - 3, 1}} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("room for %d×%d", size[0], size[1])
					}
				}()
				new(Tiles[float32]).Resize(size[0], size[1])
			}()
		}
	})
}
