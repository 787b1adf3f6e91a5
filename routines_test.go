package lloyd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// The assembly routines behind Nearest and Closer, one by one, mostly on small
// whole numbers: these leave nothing to round, so that every value they write is
// known.

// forEachAssembly runs f under every level but the generic one.
func forEachAssembly(t *testing.T, f32, f64 func(t *testing.T, l kernel.Level)) {
	forEachLevel(t, func(t *testing.T) {
		l, err := kernel.Active()
		if err != nil {
			t.Fatal(err)
		}
		if l == kernel.Generic {
			t.Skip("the generic level has no routines of its own")
		}
		t.Run("float32", func(t *testing.T) { f32(t, l) })
		t.Run("float64", func(t *testing.T) { f64(t, l) })
	})
}

// wholes returns n whole numbers from −3 to 3 at a cache line's start.
func wholes[T Float](r *rand.Rand, n int) []T {
	unit := alignment / elemSize[T]()
	s := make([]T, n+unit)
	if off := int(uintptr(unsafe.Pointer(&s[0])) % alignment); off != 0 {
		s = s[(alignment-off)/elemSize[T]():]
	}
	s = s[:n]
	for i := range s {
		s[i] = T(r.IntN(7) - 3)
	}
	return s
}

// TestPackRoutine: the panel is the rows minus the shift, transposed, the last
// row repeated, with zeros to an even depth; the norms are those of the rows.
func TestPackRoutine(t *testing.T) {
	forEachAssembly(t, testPackRoutine[float32], testPackRoutine[float64])
}

func testPackRoutine[T Float](t *testing.T, l kernel.Level) {
	r := rand.New(rand.NewPCG(1, 2))
	for d := 1; d <= 70; d++ {
		p := kernel.PlanFor(l, elemSize[T](), 10, d)
		for n := 1; n <= p.RowTile; n++ {
			ld := d + n%3
			x, shift := wholes[T](r, n*ld), wholes[T](r, d+16)
			clear(shift[d:])
			panel, norms := wholes[T](r, (d+15)/16*16*p.RowTile), wholes[T](r, p.RowTile)
			asmPack[T](l, ptr(panel), ptr(norms), ptr(x), ptr(shift), n, ld, d)
			for row := range p.RowTile {
				var norm T
				for j := range p.Depth {
					var want T
					if j < d {
						want = x[min(row, n-1)*ld+j] - shift[j]
					}
					norm += want * want
					if got := panel[j*p.RowTile+row]; got != want {
						t.Fatalf("D=%d, %d rows: column %d of row %d is %v, want %v", d, n, j, row, got, want)
					}
				}
				if norms[row] != norm {
					t.Fatalf("D=%d, %d rows: the squared norm of row %d is %v, want %v", d, n, row, norms[row], norm)
				}
			}
		}
	}
}

// TestNearestRoutine: best, runner-up and index after every group size, in one
// to three runs of columns, and states that earlier groups left. The scores are
// small and often equal, or of a full mantissa: near a large base, so that they
// all have one exponent and their sums are exact.
func TestNearestRoutine(t *testing.T) {
	forEachAssembly(t, testNearestRoutine[float32], testNearestRoutine[float64])
}

func testNearestRoutine[T Float](t *testing.T, l kernel.Level) {
	r := rand.New(rand.NewPCG(3, 4))
	tile := kernel.PlanFor(l, elemSize[T](), 840, 8).CenterTile
	for size := 1; size <= tile; size++ {
		for i, depths := range [][]int{{2}, {4}, {6}, {30}, {64}, {256}, {2, 2}, {16, 4}, {6, 8, 2}, {2, 30, 256}} {
			base := []T{0, 3 << 14, -3 << 14}[(size+i)%3]
			p := kernel.PlanFor(l, elemSize[T](), size, 2)
			rows := p.RowTile
			var depth int
			for _, d := range depths {
				depth += d
			}
			panel := wholes[T](r, depth*rows)
			state := wholes[T](r, 3*rows)
			resetState(state, rows)
			best, next, index := make([]T, rows), make([]T, rows), make([]int, rows)
			for i := range best {
				best[i], next[i] = T(math.Inf(1)), T(math.Inf(1))
			}
			first := 0
			for _, n := range []int{1, 3} { // groups in one call
				score := make([]T, n*size*rows)
				totals := wholes[T](r, n*size*rows)
				column := 0
				for at, d := range depths {
					group := wholes[T](r, n*(1+size*(1+d)))
					for g := range n {
						h := group[g*(1+size*(1+d)):]
						for c := range size {
							h[c] = T(r.IntN(100)) / 2
							if base != 0 && at == 0 {
								h[c] = base + 100*T(r.Float64())
							}
							for row := range rows {
								s := h[c]
								for j := range d {
									s += h[size+1+j*size+c] * panel[(column+j)*rows+row]
								}
								score[(g*size+c)*rows+row] += s
							}
						}
						h[size] = indexBits[T](first + g*size)
					}
					run := 0
					if at > 0 {
						run |= addTotals
					}
					if at < len(depths)-1 {
						run |= keepTotals
					}
					asmNearest[T](l, ptr(state), ptr(panel[column*rows:]), ptr(group), ptr(totals), n, size, d, run, uintptr(ptr(group)), at)
					if run&keepTotals != 0 {
						sameSlice(t, "totals", totals, score)
					}
					column += d
				}
				for i, s := range score {
					c, row := i/rows, i%rows
					s = withPlace(s, c%size)
					next[row] = min(next[row], max(best[row], s))
					if s < best[row] {
						best[row], index[row] = s, first+c/size*size
					}
				}
				first += n * size
			}
			for row := range rows {
				b, s, i := state[row], state[rows+row], state[2*rows+row]
				if want := indexBits[T](index[row]); b != best[row] || s != next[row] || math.Float64bits(float64(i)) != math.Float64bits(float64(want)) {
					t.Fatalf("%d centers a group, depths %v, base %v, row %d: best %v, runner-up %v, index %v; want %v, %v, %v", size, depths, base, row, b, s, i, best[row], next[row], want)
				}
			}
		}
	}
}

// withPlace returns s with its lowest bits replaced by a center's place.
func withPlace[T Float](s T, place int) T {
	if elemSize[T]() == 4 {
		b := math.Float32bits(float32(s))&^(1<<placeBits-1) | uint32(place)
		return T(math.Float32frombits(b))
	}
	b := math.Float64bits(float64(s))&^(1<<placeBits-1) | uint64(place)
	return T(math.Float64frombits(b))
}

// TestRoutinesNotFinite: a row with one element that is not finite, or too large
// to be squared, is not settled, and those beside it are.
func TestRoutinesNotFinite(t *testing.T) {
	forEachAssembly(t, testRoutinesNotFinite[float32], testRoutinesNotFinite[float64])
}

func testRoutinesNotFinite[T Float](t *testing.T, l kernel.Level) {
	r := rand.New(rand.NewPCG(5, 6))
	large := math.MaxFloat32
	if elemSize[T]() == 8 {
		large = math.MaxFloat64
	}
	for _, d := range []int{5, 6, 16, 17, 40, 300} {
		for k := 1; k < 30; k++ {
			c := Dense(wholes[T](r, k*d), k, d)
			for i := range k { // far apart
				c.Data[i*d] = T(1000 * i)
			}
			p, err := PackCenters(c)
			if err != nil {
				t.Fatal(err)
			}
			var ws Workspace[T]
			ws.fit(p)
			resetState(ws.state, p.plan.RowTile)
			x := Dense(wholes[T](r, p.plan.RowTile*d), p.plan.RowTile, d)
			for i := range x.N {
				x.Data[i*d] = T(1000 * r.IntN(k))
			}
			bad, at := r.IntN(x.N), r.IntN(d)
			x.Data[bad*d+at] = T([]float64{math.NaN(), math.Inf(1), math.Inf(-1), large, -large}[k%5])
			asmPack[T](l, ptr(ws.panel), ptr(ws.norms), ptr(x.Data), ptr(p.shift), x.N, d, d)
			p.rank(&ws, 1, 0, 0)
			got := asmSettle[T](l, ptr(ws.labels), ptr(ws.next), ptr(ws.state), ptr(ws.norms), ptr(p.bound[:]))
			want := uint64(1)<<x.N - 1 - 1<<bad
			if got != want {
				t.Fatalf("D=%d, K=%d: rows %b are settled, want %b; %v is in row %d", d, k, got, want, x.Data[bad*d+at], bad)
			}
		}
	}
}

// TestSettleRoutine: rows just inside, on and just outside the bound, and rows
// that are not finite; labels; and the state left for the next panel.
func TestSettleRoutine(t *testing.T) {
	forEachAssembly(t, testSettleRoutine[float32], testSettleRoutine[float64])
}

func testSettleRoutine[T Float](t *testing.T, l kernel.Level) {
	r := rand.New(rand.NewPCG(7, 8))
	p := kernel.PlanFor(l, elemSize[T](), 10, 8)
	inf, nan := T(math.Inf(1)), T(math.NaN())
	for round := range 2000 {
		bound := []T{T(r.IntN(9)), T(r.IntN(9)), T(r.IntN(9)), T(r.IntN(9)), T(r.IntN(9)), T(r.IntN(9)), T(r.IntN(9)), T(r.IntN(1600))}
		state, norms, labels, after := wholes[T](r, 3*p.RowTile), wholes[T](r, p.RowTile), make([]int32, p.RowTile), wholes[T](r, p.RowTile)
		var want uint64
		wantLabels, wantNext := make([]int32, p.RowTile), make([]T, p.RowTile)
		for row := range p.RowTile {
			root := T(r.IntN(40))
			x, best := root*root, T(r.IntN(200)-100)
			most := min(bound[0]+bound[1]*root, bound[2]*x+bound[3]*best) + bound[4]*x + bound[5]*best + bound[6]
			off := r.IntN(3) - 1
			next := best + most + T(off)
			settled := next-best > most && x <= bound[7]
			switch r.IntN(12) {
			case 0:
				x, settled = nan, false
			case 1:
				best, settled = nan, false
			case 2:
				next, settled = nan, false
			case 3:
				best, next, settled = inf, inf, false
			case 4:
				next, settled = inf, x <= bound[7] // there is one center only
			}
			first := int(r.Uint32() >> 2)
			if best == best && best != inf {
				// The place moves the score a little: only where that settles nothing.
				place := 0
				if off != 0 {
					place = r.IntN(1 << placeBits)
				}
				best, wantLabels[row] = withPlace(best, place), int32(first+place)
			} else {
				wantLabels[row] = -1 // not looked at
			}
			if settled {
				want |= 1 << row
			}
			wantNext[row] = next
			norms[row], state[row], state[p.RowTile+row], state[2*p.RowTile+row] = x, best, next, indexBits[T](first)
		}
		got := asmSettle[T](l, ptr(labels), ptr(after), ptr(state), ptr(norms), ptr(bound))
		if got != want {
			t.Fatalf("round %d: rows %b are settled, want %b", round, got, want)
		}
		for row, l := range wantLabels {
			if l >= 0 && labels[row] != l {
				t.Fatalf("round %d: the label of row %d is %d, want %d", round, row, labels[row], l)
			}
		}
		sameSlice(t, "runners-up", after, wantNext)
		reset := slices.Clone(state)
		resetState(reset, p.RowTile)
		sameSlice(t, "state after settle", state, reset)
	}
}

// TestBelowRoutine: the bit set of every number of scores, and nothing after it.
func TestBelowRoutine(t *testing.T) {
	forEachAssembly(t, testBelowRoutine[float32], testBelowRoutine[float64])
}

func testBelowRoutine[T Float](t *testing.T, l kernel.Level) {
	r := rand.New(rand.NewPCG(9, 10))
	rows := kernel.PlanFor(l, elemSize[T](), 10, 64).RowTile
	special := []T{T(math.NaN()), T(math.Inf(1)), T(math.Inf(-1)), T(math.Copysign(0, -1))}
	some := func(n int) []T {
		s := wholes[T](r, n)
		for i := range s {
			if r.IntN(3) == 0 {
				s[i] = special[r.IntN(len(special))]
			}
		}
		return s
	}
	for n := range 15 {
		for range 20 {
			totals, limits := some(n*rows), some(rows)
			got, want := make([]uint32, n+5), make([]uint32, n+5)
			for i := range want {
				got[i], want[i] = 0xA5A5A5A5, 0xA5A5A5A5
			}
			for i := range n {
				want[i] = 0
				for row, limit := range limits {
					if totals[i*rows+row] < limit {
						want[i] |= 1 << row
					}
				}
			}
			asmBelow[T](l, ptr(got), ptr(totals), ptr(limits), n)
			for i := range want {
				if got[i] != want[i] {
					t.Fatalf("%d scores: bits %d are %032b, want %032b; totals %v, limits %v", n, i, got[i], want[i], totals[min(i, n)*rows:min(i+1, n)*rows], limits)
				}
			}
		}
	}
}

// TestSplitRoutine: columns of 64 bytes hold the elements of the rows as they
// are, and nothing is written after them.
func TestSplitRoutine(t *testing.T) {
	forEachAssembly(t, testSplitRoutine[float32], testSplitRoutine[float64])
}

func testSplitRoutine[T Float](t *testing.T, _ kernel.Level) {
	tile := lanes[T]()
	for d := 1; d <= splitMost; d++ {
		for n := 1; n <= 5; n++ {
			size := n * d * tile
			x := make([]T, size+1)[1:] // not aligned
			for i := range x {
				x[i] = T(i)
			}
			panel, want := make([]T, size+2*tile), make([]T, size+2*tile)
			for i := range want {
				panel[i], want[i] = -1, -1
			}
			for row := range n * tile {
				for j := range d {
					want[(row/tile*d+j)*tile+row%tile] = x[row*d+j]
				}
			}
			asmSplit[T](ptr(panel), ptr(x), n, d)
			for i := range want {
				if panel[i] != want[i] {
					t.Fatalf("%d panels of %d columns: element %d is %v, want %v", n, d, i, panel[i], want[i])
				}
			}
		}
	}
}

// TestDirectRoutine: labels and distances of one to five panels, by sums in
// column order also where Nearest takes another one, on all kinds of numbers.
func TestDirectRoutine(t *testing.T) {
	forEachAssembly(t, testDirectRoutine[float32], testDirectRoutine[float64])
}

func testDirectRoutine[T Float](t *testing.T, _ kernel.Level) {
	tile := lanes[T]()
	for d := 1; d <= 17; d++ {
		for k := range 10 {
			for n := 1; n <= 5; n++ {
				kind := (d + k + n) % len(kinds)
				panel := fill[T](kind, n*d*tile, 0, uint64(d))
				centers := fill[T](kind, k*d, 1, uint64(d)+1000)
				size := n*tile + 16
				labels, wantLabels := make([]int32, size), make([]int32, size)
				dist, want := make([]T, size), make([]T, size)
				second, wantSecond := make([]T, size), make([]T, size)
				for i := range size {
					labels[i], wantLabels[i], dist[i], want[i], second[i], wantSecond[i] = -7, -7, -7, -7, -7, -7
				}
				for row := range n * tile {
					wantLabels[row], want[row], wantSecond[row] = -1, T(math.Inf(1)), T(math.Inf(1))
					for c := range k {
						var s T
						for j := range d {
							v := centers[c*d+j] - panel[(row/tile*d+j)*tile+row%tile]
							s += T(v * v)
						}
						if s < want[row] {
							wantLabels[row], want[row], wantSecond[row] = int32(c), s, want[row]
						} else if s < wantSecond[row] {
							wantSecond[row] = s
						}
					}
				}
				asmDirect[T](ptr(labels), ptr(dist), nil, ptr(panel), ptr(centers), k, d, n)
				what := fmt.Sprintf("%d panels of %d columns, %s, K=%d: ", n, d, kinds[kind].name, k)
				sameLabels(t, what+"labels", labels, wantLabels)
				sameSlice(t, what+"dist", dist, want)
				asmDirect[T](ptr(labels), ptr(dist), ptr(second), ptr(panel), ptr(centers), k, d, n)
				sameLabels(t, what+"labels of directTwo", labels, wantLabels)
				sameSlice(t, what+"dist of directTwo", dist, want)
				sameSlice(t, what+"second", second, wantSecond)
			}
		}
	}
}
