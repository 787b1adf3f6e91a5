package lloyd

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// The assembly routines behind the ranking by 8-bit integers, one by one, against plain
// Go.

// forEachCoarse runs f under every level that ranks by 8-bit integers.
func forEachCoarse(t *testing.T, f func(t *testing.T, l kernel.Level)) {
	forEachLevel(t, func(t *testing.T) {
		l, err := kernel.Active()
		if err != nil {
			t.Fatal(err)
		}
		if p, _ := kernel.CoarsePlanFor(l, 4, 100, 64); p.Groups == 0 {
			t.Skipf("%s does not rank by 8-bit integers", l)
		}
		f(t, l)
	})
}

// coarseTile is the number of rows of a panel.
func coarseTile(l kernel.Level) int {
	p, _ := kernel.CoarsePlanFor(l, 4, 100, 64)
	return p.RowTile
}

// coarseLayout is how a level lays out what the routines share.
type coarseLayout struct {
	coarseFormat
	bytes [4]int // places of the columns of a quad
}

func coarseLayoutOf(l kernel.Level) coarseLayout {
	f := coarseFormatOf(l)
	if f.bias == 0 {
		return coarseLayout{f, [4]int{0, 1, 2, 3}}
	}
	return coarseLayout{f, [4]int{0, 2, 1, 3}} // in halves of 32 bits: column%2
}

// element is the element of a quad's column, of a row.
func (f coarseLayout) element(quad int32, column int) int32 {
	return int32(int8(quad >> (8 * f.bytes[column])))
}

// ofCenter is that of a center, with its bias.
func (f coarseLayout) ofCenter(quad int32, column int) int32 {
	if f.bias == 0 {
		return f.element(quad, column)
	}
	return int32(uint8(quad >> (8 * f.bytes[column])))
}

// parts calls do for each block of columns, or once for all: at is the panel column of the
// first of its quads, from and to these.
func (f coarseLayout) parts(quads int, do func(at, from, to int)) {
	if f.block == 0 {
		do(f.blocks(quads), 0, quads)
		return
	}
	for b := range f.blocks(quads) {
		do(b*(f.block+1)+1, b*f.block, min(quads, (b+1)*f.block))
	}
}

// TestCoarsenRoutine: the integers are the rows times their scale, rounded, those of a
// quad in the order of the level; what the sums of a block begin with takes the centers'
// bias back, where they have 16 bits; the scale follows the largest element, the largest half
// of a block or the norm; and the state is what it is said to be.
func TestCoarsenRoutine(t *testing.T) {
	forEachCoarse(t, testCoarsenRoutine)
}

func testCoarsenRoutine(t *testing.T, l kernel.Level) {
	r := rand.New(rand.NewPCG(61, 62))
	tile, f := coarseTile(l), coarseLayoutOf(l)
	var wins [3]int
	far := 0
	for _, quads := range []int{1, 2, 3, 8, 15, 16, 17, 24, 31, 32, 33, 50} {
		for round := range 4 {
			depth := quads + f.blocks(quads)
			x, norms, light := wholes[float32](r, 4*quads*tile), wholes[float32](r, tile), wholes[float32](r, tile)
			for i := range x {
				x[i] = float32(r.NormFloat64())
				if row := i % tile; row%5 == 1 && i != row { // all in one element
					x[i] /= 64
				} else if row%5 == 2 {
					x[i] = 0
				} else if row%5 == 3 { // as large as can be, and flat: sums that wrap around
					x[i] = 1
				} else if row == 4 {
					x[i] *= 1e-30
				}
			}
			for row := range tile {
				norms[row] = float32(r.IntN(20))
				for j := range 4 * quads {
					norms[row] += x[j*tile+row] * x[j*tile+row]
				}
				if row == 7 { // far out
					norms[row] *= 1e30
				}
				light[row] = norms[row] * r.Float32()
			}
			panel, state := make([]int32, depth*tile+1), wholes[float32](r, coarseState*tile+1)
			panel[depth*tile], state[coarseState*tile] = 7, 7
			format := [12]float32{
				float32(f.row), 0x1p-100, []float32{400, 100, 40, 3}[round], 2, []float32{0.01, 1, 5, 30}[round], 1 - 0x1p-13,
				0.25, 0.75, coarseBlur, 1e-3, 100, []float32{200, 1000, 10000, 300}[round],
			}
			asmCoarsen(l, ptr(panel), ptr(state), ptr(x), ptr(norms), ptr(light), ptr(format[:]), quads)
			if panel[depth*tile] != 7 || state[coarseState*tile] != 7 {
				t.Fatalf("%d quads: something was written after the panel or the state", quads)
			}
			for row := range tile {
				var top, largest float64
				f.parts(quads, func(_, from, to int) {
					var square [2]float64
					for j := 4 * from; j < 4*to; j++ {
						v := float64(x[j*tile+row])
						top = max(top, math.Abs(v))
						square[j%2] += v * v
					}
					largest = max(largest, math.Sqrt(max(square[0], square[1])))
				})
				if row == 4 || f.block == 0 { // its squares are 0 in float32, or there is no such rule
					largest = 0
				}
				rules := []float64{
					float64(format[0]) / max(top, 0x1p-100), float64(format[2]) / max(largest, 0x1p-100),
					float64(format[11]) / max(math.Sqrt(float64(norms[row])), float64(format[4])),
				}
				scale := math.Inf(1)
				win := 0
				for i, v := range rules {
					if v < scale {
						scale, win = v, i
					}
				}
				wins[win]++
				near := func(what string, got float32, want, of float64) {
					t.Helper()
					if !(math.Abs(float64(got)-want) <= of*1e-5) {
						t.Fatalf("%d quads, round %d: %s of row %d is %v, want %v", quads, round, what, row, got, want)
					}
				}
				near("the factor", state[row], 2*scale, 2*scale)
				s := state[row] / 2 // exact
				var lost float64
				f.parts(quads, func(at, from, to int) {
					var begin [2]int32
					for q := from; q < to; q++ {
						quad := panel[(at+q-from)*tile+row]
						for j := range 4 {
							y := x[(4*q+j)*tile+row] * s
							got, want := f.element(quad, j), math.RoundToEven(float64(y))
							if float64(got) != want || math.Abs(want) > f.row {
								t.Fatalf("%d quads, round %d: column %d of row %d is %d, want %v", quads, round, 4*q+j, row, got, want)
							}
							lost += (float64(y) - want) * (float64(y) - want)
							begin[j%2] -= int32(f.bias) * got
						}
					}
					if f.bias == 0 {
						return
					}
					got := panel[(at-1)*tile+row]
					if f.block == 0 {
						if got != begin[0]+begin[1] {
							t.Fatalf("%d quads, round %d: the sums of row %d begin with %d, want %d", quads, round, row, got, begin[0]+begin[1])
						}
						return
					}
					if int16(got) != int16(begin[0]) || int16(got>>16) != int16(begin[1]) {
						t.Fatalf("%d quads, round %d: the sums of the block from %d on of row %d begin with %d and %d, want %d and %d", quads, round, from, row, int16(got), int16(got>>16), int16(begin[0]), int16(begin[1]))
					}
				})
				unit, n := float64(state[row]), float64(norms[row])
				err := max(float64(s)*math.Sqrt(float64(light[row]))*0.25, (math.Sqrt(lost)+coarseBlur)*0.75)
				near("the error", state[tile+row], err, err)
				beyond := max(0, math.Sqrt(n)*float64(format[5])-float64(format[4]))
				begin := unit*(n/2-beyond*beyond/2) - unit*n*1e-3 - 100
				near("the beginning", state[2*tile+row], max(begin, -1<<30), unit*n+100)
				if begin < -1<<30 {
					far++
				}
				if state[2*tile+row] < -1<<30 {
					t.Fatalf("%d quads, round %d: scores of row %d begin with %v", quads, round, row, state[2*tile+row])
				}
				near("what is taken off", state[3*tile+row], unit*beyond*beyond/2, unit*n)
				if least := int16s(state[4*tile:], tile)[row]; least != math.MaxInt16 {
					t.Fatalf("%d quads: the least score is %d to begin with", quads, least)
				}
			}
		}
	}
	if far == 0 {
		t.Error("no row was far out")
	}
	for i, n := range wins {
		if n < tile && (i != 1 || f.block > 0) {
			t.Errorf("rule %d decided the scale of %d rows only", i, n)
		}
	}
}

// int16s is n numbers of 16 bits in s.
func int16s(s []float32, n int) (v []int16) {
	for i := range n {
		v = append(v, int16(math.Float32bits(s[i/2])>>(16*(i%2))))
	}
	return v
}

// TestCoarsenCenterRoutine: the integers on top of the level's bias, cut off where they
// leave 8 bits, in their places and nowhere else; the norms of what was lost, of the
// integers and, where sums have 16 bits, of the largest half of a block.
func TestCoarsenCenterRoutine(t *testing.T) {
	forEachCoarse(t, testCoarsenCenterRoutine)
}

func testCoarsenCenterRoutine(t *testing.T, l kernel.Level) {
	r := rand.New(rand.NewPCG(63, 64))
	f := coarseLayoutOf(l)
	cut := 0
	for _, pairs := range []int{1, 2, 3, 7, 8, 9, 15, 16, 17, 40} {
		for _, size := range []int{1, 2, 5, 12} {
			elements := make([]float32, 8*pairs)
			for i := range elements {
				elements[i] = float32(r.IntN(900)-450) / 8 // halves, too, and beyond 112
				if r.IntN(8) == 0 {
					elements[i] *= 1e4
				}
			}
			const scale = 2
			quads := make([]int32, 2*pairs*size)
			for i := range quads {
				quads[i] = 0x5A5A5A5A
			}
			norms := []float32{-1, -1, -1, 7}
			asmCoarsenCenter(l, ptr(quads), 4*size, ptr(elements), pairs, scale, ptr(norms))
			var lost, norm, block, largest float64
			var half [2]float64
			for i, v := range elements {
				y := float64(v * scale)
				q := max(-f.center, min(math.RoundToEven(y), f.center))
				if math.Abs(q-y) > 1 {
					cut++
				}
				if got := f.ofCenter(quads[i/4*size], i%4); float64(got) != q+float64(f.bias) {
					t.Fatalf("%d pairs: element %d, %v, is %d, want %v", pairs, i, v, got, q+float64(f.bias))
				}
				if f.block > 0 {
					if i%(4*f.block) == 0 {
						half = [2]float64{}
					}
					half[i%2] += q * q
				}
				largest = max(largest, half[0], half[1])
				lost, norm = lost+(q-y)*(q-y), norm+q*q
			}
			block = largest
			for i, v := range quads {
				if i%size != 0 && v != 0x5A5A5A5A {
					t.Fatalf("%d pairs, %d centers: quad %d is overwritten", pairs, size, i)
				}
			}
			if math.Abs(float64(norms[0])-lost) > 1e-5*lost || float64(norms[1]) != norm || f.block > 0 && float64(norms[2]) != block || norms[3] != 7 {
				t.Fatalf("%d pairs: norms %v, want %v, %v, %v, 7", pairs, norms, lost, norm, block)
			}
		}
	}
	if cut == 0 {
		t.Error("no element was cut off")
	}
}

// TestLargestRoutine: the largest magnitude, wherever it is.
func TestLargestRoutine(t *testing.T) {
	forEachCoarse(t, func(t *testing.T, l kernel.Level) {
		r := rand.New(rand.NewPCG(65, 66))
		for pairs := 1; pairs < 12; pairs++ {
			for at := range 8 * pairs {
				elements := wholes[float32](r, 8*pairs)
				elements[at] = float32(8*pairs-2*at) * 5
				var want float32
				for _, v := range elements {
					want = max(want, abs(v))
				}
				if got := asmLargest(l, ptr(elements), pairs); got != want {
					t.Fatalf("%d pairs, %v at %d: %v, want %v", pairs, elements[at], at, got, want)
				}
			}
		}
	})
}

// TestCoarseScoresRoutine: the scores and the least ones of every group size, of several
// groups, with and without heavy columns, for depths of less than a block to several and a
// rest. Sums of 16 bits, where there are any, wrap around, scores leave 16 bits at both ends.
func TestCoarseScoresRoutine(t *testing.T) {
	forEachCoarse(t, testCoarseScoresRoutine)
}

func testCoarseScoresRoutine(t *testing.T, l kernel.Level) {
	r := rand.New(rand.NewPCG(67, 68))
	tile, f := coarseTile(l), coarseLayoutOf(l)
	plan, _ := kernel.CoarsePlanFor(l, 4, 840, 64)
	var low, high, between int
	for size := 1; size <= plan.CenterTile; size++ {
		for i, depth := range []int{2, 4, 14, 16, 18, 30, 32, 34, 50, 66} {
			heavy, groups, shift := (size+i)%4, 1+(size+i/2)%3, (size*7+i*3)%(coarseShift+1)
			panel, state := make([]int32, (depth+f.blocks(depth))*tile), make([]float32, coarseState*tile)
			for i := range panel {
				panel[i] = int32(r.Uint32()) // what the sums of a block begin with: anything
				if f.block == 0 {
					panel[i] >>= 4 // that leaves room for the sums
				}
				if begin := f.bias > 0 && (i < tile || f.block > 0 && i/tile%(f.block+1) == 0); !begin {
					var quad uint32
					for range 4 {
						quad = quad<<8 | uint32(uint8(r.IntN(2*int(f.row)+1)-int(f.row)))
					}
					panel[i] = int32(quad)
				}
			}
			columns := wholes[float32](r, heavy*tile)
			stride := 1 + size*(3-1+heavy+depth) + size
			packed := make([]int32, groups*stride)
			number := func(v float32) int32 { return int32(math.Float32bits(v)) }
			for g := range groups {
				h := packed[g*stride:]
				for c := range size {
					h[c] = number(float32(r.IntN(100)) / 2)
					h[size+1+c] = number(float32(r.IntN(5)) / 4)
					h[2*size+1+c] = int32(r.IntN(coarseSmaller + 1))
				}
				h[size] = 0x7FFFFFFF // not used
				for i := range heavy * size {
					h[3*size+1+i] = number(float32(r.IntN(9) - 4))
				}
				for i := range depth * size {
					var quad uint32
					for range 4 {
						quad = quad<<8 | uint32(uint8(r.IntN(2*int(f.center)+1)-int(f.center)+f.bias))
					}
					h[(3+heavy)*size+1+i] = int32(quad)
				}
			}
			before := make([]int16, tile)
			for row := range tile {
				state[row] = float32(1 + r.IntN(16))
				state[tile+row] = float32(r.IntN(40))
				state[2*tile+row] = float32(int(math.Ldexp(float64(r.IntN(3)-1), 15+shift)) + r.IntN(20000) - 10000)
				before[row] = int16(r.IntN(1<<16) - 1<<15)
				if row%2 == 0 {
					before[row] = math.MaxInt16
				}
			}
			for e := 0; e < tile; e += 2 {
				state[4*tile+e/2] = math.Float32frombits(uint32(uint16(before[e])) | uint32(uint16(before[e+1]))<<16)
			}
			scores, sums := make([]int16, groups*size*tile+1), make([]int32, 2*size*tile+1)
			scores[groups*size*tile], sums[2*size*tile] = 7, 7
			asmCoarseScores(l, ptr(scores), ptr(state), ptr(panel), ptr(columns), ptr(packed), ptr(sums), groups, size, heavy, depth, shift)
			if scores[groups*size*tile] != 7 || sums[2*size*tile] != 7 {
				t.Fatal("something was written after the scores or the sums")
			}
			least := before
			for k := range groups * size {
				h, c := packed[k/size*stride:], k%size
				for e := range tile {
					row := f.rowOf(e, tile)
					value := func(i int) float64 { return float64(math.Float32frombits(uint32(h[i]))) }
					begin := state[2*tile+row] // rounded at each step; the steps are exact in float64
					begin = float32(float64(begin) + value(c)*float64(state[row]))
					begin = float32(float64(begin) - value(size+1+c)*float64(state[tile+row]))
					for i := range heavy {
						begin = float32(float64(begin) + value(3*size+1+i*size+c)*float64(columns[i*tile+row]))
					}
					var all int32
					f.parts(depth, func(at, from, to int) {
						var half [2]int32
						if f.block == 0 && f.bias > 0 {
							half[0] = panel[(at-1)*tile+row]
						}
						if f.block > 0 {
							half = [2]int32{panel[(at-1)*tile+row], panel[(at-1)*tile+row] >> 16}
						}
						for q := from; q < to; q++ {
							p, center := panel[(at+q-from)*tile+row], h[(3+heavy)*size+1+q*size+c]
							for j := range 4 {
								half[j%2] += f.element(p, j) * f.ofCenter(center, j)
							}
						}
						if f.block > 0 {
							half = [2]int32{int32(int16(half[0])), int32(int16(half[1]))}
						}
						all += half[0] + half[1]
					})
					s := (all>>h[2*size+1+c] + int32(math.RoundToEven(float64(begin)))) >> shift
					want := int16(max(math.MinInt16, min(s, math.MaxInt16)))
					switch {
					case s < math.MinInt16:
						low++
					case s > math.MaxInt16:
						high++
					default:
						between++
					}
					least[e] = min(least[e], want)
					if got := scores[k*tile+e]; got != want {
						t.Fatalf("%d groups of %d centers, depth %d, %d heavy columns, shift %d: score %d of center %d is %d, want %d", groups, size, depth, heavy, shift, e, k, got, want)
					}
				}
			}
			for e, v := range int16s(state[4*tile:], tile) {
				if v != least[e] {
					t.Fatalf("%d groups of %d centers: the least score %d is %d, want %d", groups, size, e, v, least[e])
				}
			}
		}
	}
	if low < 1000 || high < 1000 || between < 1000 {
		t.Errorf("%d scores were below 16 bits, %d above, %d fitted", low, high, between)
	}
}

// TestCoarseListRoutine: the pairs below the limits, in any order, and nothing after
// them.
func TestCoarseListRoutine(t *testing.T) {
	forEachCoarse(t, func(t *testing.T, l kernel.Level) {
		r := rand.New(rand.NewPCG(69, 70))
		tile := coarseTile(l)
		edge := []int16{math.MinInt16, math.MinInt16 + 1, -1, 0, 1, math.MaxInt16 - 1, math.MaxInt16}
		some := func() int16 {
			if r.IntN(3) == 0 {
				return edge[r.IntN(len(edge))]
			}
			return int16(r.IntN(1<<16) - 1<<15)
		}
		check := func(n int, scores, limits []int16) {
			t.Helper()
			from, first := r.IntN(1000), r.IntN(1000)
			var wantRows, wantCenters []int32
			for i, s := range scores {
				if s < limits[i%tile] {
					wantRows, wantCenters = append(wantRows, int32(first+coarseFormatOf(l).rowOf(i%tile, tile))), append(wantCenters, int32(from+i/tile))
				}
			}
			rows, centers := make([]int32, n*tile+1), make([]int32, n*tile+1)
			for i := range rows {
				rows[i], centers[i] = -7, -7
			}
			m := asmCoarseList(l, ptr(rows), ptr(centers), ptr(scores), ptr(limits), from, n, first)
			if m != len(wantRows) {
				t.Fatalf("%d centers: %d pairs, want %d", n, m, len(wantRows))
			}
			pairs := func(rows, centers []int32) (p [][2]int32) {
				for i, row := range rows {
					p = append(p, [2]int32{centers[i], row})
				}
				slices.SortFunc(p, func(a, b [2]int32) int { return slices.Compare(a[:], b[:]) })
				return p
			}
			if got, want := pairs(rows[:m], centers[:m]), pairs(wantRows, wantCenters); !slices.Equal(got, want) {
				t.Fatalf("%d centers: %v, want %v", n, got, want)
			}
			if rows[m] != -7 || centers[m] != -7 {
				t.Fatalf("%d centers: written past the end", n)
			}
		}
		var numbers []int
		for _, span := range [][2]int{{1, 29}, {60, 70}, {126, 130}} { // about whole runs of masks
			for n := span[0]; n <= span[1]; n++ {
				numbers = append(numbers, n)
			}
		}
		for _, n := range numbers {
			scores, limits := make([]int16, n*tile), make([]int16, tile)
			for i := range scores {
				scores[i] = some()
			}
			for i := range limits {
				if limits[i] = some(); n%3 == 0 {
					limits[i] = math.MinInt16
				} else if n%3 == 1 && i%5 != 0 {
					limits[i] = math.MinInt16 + 1
				}
			}
			check(n, scores, limits)
		}
		for n := 1; n < 12; n++ { // one pair, wherever it is
			limits := slices.Repeat([]int16{5}, tile)
			for at := range n * tile {
				scores := make([]int16, n*tile)
				for i := range scores {
					scores[i] = 5 + int16(r.IntN(3))
				}
				scores[at] = 4
				check(n, scores, limits)
			}
		}
	})
}

// TestCoarseRow: every row has one place, and is the row of it.
func TestCoarseRow(t *testing.T) {
	forEachCoarse(t, func(t *testing.T, l kernel.Level) {
		tile, f := coarseTile(l), coarseFormatOf(l)
		var seen uint64
		for e := range tile {
			row := f.rowOf(e, tile)
			seen |= 1 << row
			if got := f.placeOf(row, tile); got != e {
				t.Errorf("row %d of score %d has score %d", row, e, got)
			}
		}
		if seen != 1<<tile-1 {
			t.Errorf("rows %b of %d", seen, tile)
		}
	})
}

// TestCoarseBoundsRoutine: the bytes of all sizes, 0 where a number is too large for the
// level or none, and none beside the panel's.
func TestCoarseBoundsRoutine(t *testing.T) {
	forEachCoarse(t, func(t *testing.T, l kernel.Level) {
		r := rand.New(rand.NewPCG(71, 72))
		tile := coarseTile(l)
		inf, nan := float32(math.Inf(1)), float32(math.NaN())
		var seen [256]int
		for n := 1; n < 40; n++ {
			scores, rows := make([]int16, n*tile), make([]float32, 3*tile)
			for i := range scores {
				scores[i] = int16(r.IntN(1<<16) - 1<<15)
				if r.IntN(10) == 0 {
					scores[i] = []int16{math.MinInt16, math.MaxInt16}[r.IntN(2)]
				}
			}
			for e := range tile {
				rows[e], rows[tile+e], rows[2*tile+e] = -(1<<15 + float32(r.IntN(1000))), r.Float32()*3, float32(r.IntN(200)-100)
				switch r.IntN(12) {
				case 0:
					rows[e], rows[tile+e], rows[2*tile+e] = 0, 0, math.MaxFloat32
				case 1:
					rows[tile+e] = inf
				case 2:
					rows[2*tile+e] = nan
				case 3:
					rows[2*tile+e] = -1e6
				case 4:
					rows[2*tile+e] = -math.MaxFloat32
				case 5:
					rows[e] = float32(r.IntN(1 << 15)) // most scores are below it
				}
			}
			dst := make([]uint8, (n-1)*PairRows+tile+1)
			for i := range dst {
				dst[i] = 77
			}
			asmCoarseBounds(l, ptr(dst), ptr(scores), ptr(rows), n)
			for i, got := range dst {
				k, row := i/PairRows, i%PairRows
				want := uint8(77)
				if k < n && row < tile {
					for e := range tile {
						if coarseFormatOf(l).rowOf(e, tile) == row {
							v := float32(math.Sqrt(float64(max(0, float32(scores[k*tile+e])-rows[e]))))
							v = float32(v*rows[tile+e]) - rows[2*tile+e]
							want = 0
							if v > 0 && (v < 1<<31 || l == kernel.NEONDot) { // conversion saturates there
								want = uint8(min(v, mostBound))
							}
						}
					}
					seen[want]++
				}
				if got != want {
					t.Fatalf("%d centers: byte %d of center %d is %d, want %d", n, row, k, got, want)
				}
			}
		}
		if seen[0] < 100 || seen[1] == 0 || seen[mostBound] < 100 || seen[255] != 0 {
			t.Errorf("%v", seen)
		}
	})
}
