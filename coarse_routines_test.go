package lloyd

import (
	"math"
	"math/rand/v2"
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

// coarseByte is the place of a column of a quad: its half of 32 bits is column%2.
var coarseByte = [4]int{0, 2, 1, 3}

// coarseElement is the element of a quad's column.
func coarseElement(quad int32, column int) int32 {
	return int32(int8(quad >> (8 * coarseByte[column])))
}

// TestCoarsenRoutine: the integers are the rows times their scale, rounded, those of a
// quad in the order of columns 0, 2, 1, 3; what the sums of a block begin with takes the
// centers' bias back, in 16 bits; the scale follows the largest element, the largest half
// of a block or the norm; and the state is what it is said to be.
func TestCoarsenRoutine(t *testing.T) {
	forEachCoarse(t, testCoarsenRoutine)
}

func testCoarsenRoutine(t *testing.T, l kernel.Level) {
	r := rand.New(rand.NewPCG(61, 62))
	tile := coarseTile(l)
	var wins [3]int
	far := 0
	for _, quads := range []int{1, 2, 3, 8, 15, 16, 17, 24, 31, 32, 33, 50} {
		for round := range 4 {
			blocks := (quads + coarseBlock - 1) / coarseBlock
			depth := quads + blocks
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
				coarseMost, 0x1p-100, []float32{400, 100, 40, 3}[round], 2, []float32{0.01, 1, 5, 30}[round], 1 - 0x1p-13,
				0.25, 0.75, coarseBlur, 1e-3, 100, []float32{200, 1000, 10000, 300}[round],
			}
			asmCoarsen(l, ptr(panel), ptr(state), ptr(x), ptr(norms), ptr(light), ptr(format[:]), quads)
			if panel[depth*tile] != 7 || state[coarseState*tile] != 7 {
				t.Fatalf("%d quads: something was written after the panel or the state", quads)
			}
			for row := range tile {
				var top, largest float64
				for b := range blocks {
					var square [2]float64
					for j := 4 * coarseBlock * b; j < 4*min(quads, coarseBlock*(b+1)); j++ {
						v := float64(x[j*tile+row])
						top = max(top, math.Abs(v))
						square[j%2] += v * v
					}
					largest = max(largest, math.Sqrt(max(square[0], square[1])))
				}
				if row == 4 { // its squares are 0 in float32
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
				for b := range blocks {
					at := b * (coarseBlock + 1)
					var begin [2]int32
					for q := b * coarseBlock; q < min(quads, (b+1)*coarseBlock); q++ {
						quad := panel[(at+1+q-b*coarseBlock)*tile+row]
						for j := range 4 {
							y := x[(4*q+j)*tile+row] * s
							got, want := coarseElement(quad, j), math.RoundToEven(float64(y))
							if float64(got) != want || math.Abs(want) > coarseMost {
								t.Fatalf("%d quads, round %d: column %d of row %d is %d, want %v", quads, round, 4*q+j, row, got, want)
							}
							lost += (float64(y) - want) * (float64(y) - want)
							begin[j%2] -= coarseBias * got
						}
					}
					got := panel[at*tile+row]
					if int16(got) != int16(begin[0]) || int16(got>>16) != int16(begin[1]) {
						t.Fatalf("%d quads, round %d: the sums of block %d of row %d begin with %d and %d, want %d and %d", quads, round, b, row, int16(got), int16(got>>16), int16(begin[0]), int16(begin[1]))
					}
				}
				f, n := float64(state[row]), float64(norms[row])
				err := max(float64(s)*math.Sqrt(float64(light[row]))*0.25, (math.Sqrt(lost)+coarseBlur)*0.75)
				near("the error", state[tile+row], err, err)
				beyond := max(0, math.Sqrt(n)*float64(format[5])-float64(format[4]))
				begin := f*(n/2-beyond*beyond/2) - f*n*1e-3 - 100
				near("the beginning", state[2*tile+row], max(begin, -1<<30), f*n+100)
				if begin < -1<<30 {
					far++
				}
				if state[2*tile+row] < -1<<30 {
					t.Fatalf("%d quads, round %d: scores of row %d begin with %v", quads, round, row, state[2*tile+row])
				}
				near("what is taken off", state[3*tile+row], f*beyond*beyond/2, f*n)
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
		if n < tile {
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

// TestCoarsenCenterRoutine: the integers on top of the bias, cut off where they leave 8
// bits, in their places and nowhere else; the norms of what was lost, of the integers and
// of the largest half of a block.
func TestCoarsenCenterRoutine(t *testing.T) {
	forEachCoarse(t, testCoarsenCenterRoutine)
}

func testCoarsenCenterRoutine(t *testing.T, l kernel.Level) {
	r := rand.New(rand.NewPCG(63, 64))
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
				q := max(-coarseBias, min(math.RoundToEven(y), coarseBias))
				if math.Abs(q-y) > 1 {
					cut++
				}
				if got := uint8(quads[i/4*size] >> (8 * coarseByte[i%4])); float64(got) != q+coarseBias {
					t.Fatalf("%d pairs: element %d, %v, is %d, want %v", pairs, i, v, got, q+coarseBias)
				}
				if i%(4*coarseBlock) == 0 {
					half = [2]float64{}
				}
				half[i%2] += q * q
				largest = max(largest, half[0], half[1])
				lost, norm = lost+(q-y)*(q-y), norm+q*q
			}
			block = largest
			for i, v := range quads {
				if i%size != 0 && v != 0x5A5A5A5A {
					t.Fatalf("%d pairs, %d centers: quad %d is overwritten", pairs, size, i)
				}
			}
			if math.Abs(float64(norms[0])-lost) > 1e-5*lost || float64(norms[1]) != norm || float64(norms[2]) != block || norms[3] != 7 {
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
// rest. Sums of 16 bits wrap around, scores leave 16 bits at both ends.
func TestCoarseScoresRoutine(t *testing.T) {
	forEachCoarse(t, testCoarseScoresRoutine)
}

func testCoarseScoresRoutine(t *testing.T, l kernel.Level) {
	r := rand.New(rand.NewPCG(67, 68))
	tile := coarseTile(l)
	plan, _ := kernel.CoarsePlanFor(l, 4, 840, 64)
	var low, high, between int
	for size := 1; size <= plan.CenterTile; size++ {
		for i, depth := range []int{2, 4, 14, 16, 18, 30, 32, 34, 50, 66} {
			heavy, groups, shift := (size+i)%4, 1+(size+i/2)%3, (size*7+i*3)%(coarseShift+1)
			blocks := (depth + coarseBlock - 1) / coarseBlock
			panel, state := make([]int32, (depth+blocks)*tile), make([]float32, coarseState*tile)
			for i := range panel {
				panel[i] = int32(r.Uint32()) // what the sums of a block begin with: anything
				if i/tile%(coarseBlock+1) != 0 {
					var quad uint32
					for range 4 {
						quad = quad<<8 | uint32(uint8(r.IntN(2*coarseMost+1)-coarseMost))
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
						quad = quad<<8 | uint32(r.IntN(2*coarseBias+1))
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
					row := coarseRow(e, tile)
					value := func(i int) float64 { return float64(math.Float32frombits(uint32(h[i]))) }
					begin := state[2*tile+row] // rounded at each step; the steps are exact in float64
					begin = float32(float64(begin) + value(c)*float64(state[row]))
					begin = float32(float64(begin) - value(size+1+c)*float64(state[tile+row]))
					for i := range heavy {
						begin = float32(float64(begin) + value(3*size+1+i*size+c)*float64(columns[i*tile+row]))
					}
					var all int32
					for b := range blocks {
						at := b * (coarseBlock + 1)
						half := [2]int16{int16(panel[at*tile+row]), int16(panel[at*tile+row] >> 16)}
						for q := b * coarseBlock; q < min(depth, (b+1)*coarseBlock); q++ {
							p, center := panel[(at+1+q-b*coarseBlock)*tile+row], h[(3+heavy)*size+1+q*size+c]
							for j := range 4 {
								half[j%2] += int16(coarseElement(p, j) * int32(uint8(center>>(8*coarseByte[j]))))
							}
						}
						all += int32(half[0]) + int32(half[1])
					}
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

// TestCoarseListRoutine: the pairs below the limits, center by center, and nothing after
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
		for n := 1; n < 30; n++ {
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
			from, first := r.IntN(1000), r.IntN(1000)
			var wantRows, wantCenters []int32
			for i, s := range scores {
				if s < limits[i%tile] {
					wantRows, wantCenters = append(wantRows, int32(first+coarseRow(i%tile, tile))), append(wantCenters, int32(from+i/tile))
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
			sameLabels(t, "rows", rows, append(wantRows, -7))
			sameLabels(t, "centers", centers, append(wantCenters, -7))
		}
	})
}

// TestCoarseRow: every row has one place, and is the row of it.
func TestCoarseRow(t *testing.T) {
	forEachCoarse(t, func(t *testing.T, l kernel.Level) {
		tile := coarseTile(l)
		var seen uint64
		for e := range tile {
			row := coarseRow(e, tile)
			seen |= 1 << row
			if got := coarsePlace(row, tile); got != e {
				t.Errorf("row %d of score %d has score %d", row, e, got)
			}
		}
		if seen != 1<<tile-1 {
			t.Errorf("rows %b of %d", seen, tile)
		}
	})
}

// TestCoarseBoundsRoutine: the bytes of all sizes, 0 where a number is too large or none,
// and none beside the panel's.
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
						if coarseRow(e, tile) == row {
							v := float32(math.Sqrt(float64(max(0, float32(scores[k*tile+e])-rows[e]))))
							v = float32(v*rows[tile+e]) - rows[2*tile+e]
							want = 0
							if v > 0 && v < 1<<31 {
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
