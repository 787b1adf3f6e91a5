package lloyd

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// forEachQuantized runs f32 and f64 under every level that ranks their rows by 16-bit
// integers.
func forEachQuantized(t *testing.T, f32, f64 func(t *testing.T, l kernel.Level)) {
	forEachLevel(t, func(t *testing.T) {
		l, err := kernel.Active()
		if err != nil {
			t.Fatal(err)
		}
		run := func(name string, elemSize int, f func(t *testing.T, l kernel.Level)) {
			t.Run(name, func(t *testing.T) {
				if _, ok := kernel.QuantizedPlanFor(l, elemSize, 100, 64); !ok {
					t.Skipf("%s does not rank %s by integers", l, name)
				}
				f(t, l)
			})
		}
		run("float32", 4, f32)
		run("float64", 8, f64)
	})
}

// TestIntegers: labels and distances are those of the reference, on every kind of
// rows, for one and several runs of columns and blocks of centers; on plain data the
// integers do the work, and leave little open.
func TestIntegers(t *testing.T) {
	forEachQuantized(t, testIntegers[float32], testIntegers[float64])
}

func testIntegers[T Float](t *testing.T, _ kernel.Level) {
	var ws Workspace[T]
	shapes := []struct{ n, d, k int }{
		{100, 32, 48}, {100, 33, 49}, {77, 34, 100}, {130, 35, 53}, {64, 100, 61}, {40, 255, 55}, {90, 511, 50}, {33, 513, 48},
		{50, 1027, 60}, {260, 64, 130}, {60, 600, 400}, {1300, 40, 64}, {17, 128, 1500},
	}
	if testing.Short() {
		shapes = shapes[:8]
	}
	for _, s := range shapes {
		for kind := range kinds {
			x, c := Dense(fill[T](kind, s.n*s.d, 1, 3), s.n, s.d), Dense(fill[T](kind, s.k*s.d, 2, 4), s.k, s.d)
			if kinds[kind].name == "not finite" {
				c = Dense(fill[T](0, s.k*s.d, 0, 4), s.k, s.d)
			}
			ws.quant.idle = 0
			ranked, open := ws.Integers, ws.Open
			checkNearest(t, x, c, &ws)
			ranked, open = ws.Integers-ranked, ws.Open-open
			if kind == 0 && (ranked != 2*int64(s.n) || open*5 > ranked) {
				t.Errorf("%v: integers ranked %d of %d rows and left %d open", s, ranked, 2*s.n, open)
			}
		}
	}
}

// TestIntegersTies: rows halfway between centers, and a little off, with every
// center twice.
func TestIntegersTies(t *testing.T) {
	forEachQuantized(t, testIntegersTies[float32], testIntegersTies[float64])
}

func testIntegersTies[T Float](t *testing.T, _ kernel.Level) {
	r := rand.New(rand.NewPCG(21, 22))
	var ws Workspace[T]
	for _, d := range []int{32, 45, 64, 130, 600} {
		const k, n = 60, 200
		c := fill[T](0, k*d, 0, 13)
		copy(c[k/2*d:], c[:k/2*d])
		x := make([]T, n*d)
		for i := range n {
			a, b := r.IntN(k), r.IntN(k)
			step := math.Ldexp(1, -5-r.IntN(20)) // from far inside the integers' error to far outside
			for j := range d {
				x[i*d+j] = (c[a*d+j]+c[b*d+j])/2 + T(step)*(c[a*d+j]-c[b*d+j])
			}
		}
		ws.quant.idle = 0
		checkNearest(t, Dense(x, n, d), Dense(c, k, d), &ws)
	}
}

// TestIntegersTwo: the second distance is a lower bound also where integers found it.
func TestIntegersTwo(t *testing.T) {
	forEachQuantized(t, testIntegersTwo[float32], testIntegersTwo[float64])
}

func testIntegersTwo[T Float](t *testing.T, _ kernel.Level) {
	var ws Workspace[T]
	for _, d := range []int{32, 33, 150, 520} {
		const n, k = 90, 70
		for kind := range kinds {
			x, c := Dense(fill[T](kind, n*d, 0, 1), n, d), Dense(fill[T](kind, k*d, 0, 2), k, d)
			p, err := PackCenters(c)
			if err != nil {
				t.Fatal(err)
			}
			labels, dist, second := make([]int32, n), make([]T, n), make([]T, n)
			ws.quant.idle = 0
			if err := p.NearestTwo(labels, dist, second, x, &ws); err != nil {
				t.Fatal(err)
			}
			for i := range n {
				l, least, next := nearestGeneric(x.Row(i), c)
				if labels[i] != l || !same(dist[i], least) || !(second[i] <= next) {
					t.Fatalf("D=%d, %s: row %d: label %d at %v, second %v; want %d at %v, at most %v", d, kinds[kind].name, i, labels[i], dist[i], second[i], l, least, next)
				}
				if kind == 0 && second[i] < next*0.9 {
					t.Fatalf("D=%d: row %d: second %v is far below %v", d, i, second[i], next)
				}
			}
		}
	}
}

// TestQuantizeRoutine: the integers are the rows times their scale, rounded, two
// columns side by side; the residuals are the norms of what rounding took; the scale
// follows the norm or the radius, whichever is larger.
func TestQuantizeRoutine(t *testing.T) {
	forEachQuantized(t, testQuantizeRoutine, testQuantizeRoutine)
}

func testQuantizeRoutine(t *testing.T, l kernel.Level) {
	r := rand.New(rand.NewPCG(31, 32))
	for d := 1; d <= 40; d++ {
		p := kernel.PlanFor(l, 4, 10, d)
		tile, pairs := p.RowTile, (d+1)/2
		x, norms := wholes[float32](r, (d+1)*tile), wholes[float32](r, tile)
		for i := range x {
			x[i] = float32(r.NormFloat64())
			if i/tile == d {
				x[i] = 0
			}
		}
		for row := range tile {
			norms[row] = 0
			for j := range d {
				norms[row] += x[j*tile+row] * x[j*tile+row]
			}
		}
		panel, state, residuals := wholes[float32](r, pairs*tile+1), wholes[float32](r, quantizedState*tile), wholes[float32](r, tile)
		panel[pairs*tile] = 7
		format := []float32{quantizedMost, float32(math.Sqrt(float64(d))), 3, 1}
		asmQuantize(l, ptr(panel), ptr(state), ptr(residuals), ptr(x), ptr(norms), ptr(format), pairs)
		for row := range tile {
			scale := format[0] / max(float32(math.Sqrt(float64(norms[row]))), format[1])
			if got := state[3*tile+row]; got != scale*3 {
				t.Fatalf("D=%d: the factor of row %d is %v, want %v", d, row, got, scale*3)
			}
			var lost float64
			for j := range 2 * pairs {
				y := x[j*tile+row] * scale
				q := int16(math.Float32bits(panel[j/2*tile+row]) >> (16 * (j % 2)))
				if want := math.RoundToEven(float64(y)); float64(q) != want {
					t.Fatalf("D=%d: column %d of row %d is %d, want %v", d, j, row, q, want)
				}
				lost += (float64(q) - float64(y)) * (float64(q) - float64(y))
			}
			if got := float64(residuals[row]); math.Abs(got-math.Sqrt(lost)) > 1e-5 {
				t.Fatalf("D=%d: the residual of row %d is %v, want %v", d, row, got, math.Sqrt(lost))
			}
		}
		if panel[pairs*tile] != 7 {
			t.Fatalf("D=%d: something was written after the panel", d)
		}
	}
}

// TestNearestIntegersRoutine: the best three and their indices after every group size, in
// one to three runs of columns, and states that earlier groups left. The scores are
// small and often equal, or take all 32 bits and more: sums wrap around.
func TestNearestIntegersRoutine(t *testing.T) {
	forEachQuantized(t, testNearestIntegersRoutine, testNearestIntegersRoutine)
}

func testNearestIntegersRoutine(t *testing.T, l kernel.Level) {
	r := rand.New(rand.NewPCG(41, 42))
	full := kernel.PlanFor(l, 4, 840, 8)
	rows := full.RowTile
	for size := 1; size <= full.CenterTile; size++ {
		for i, depths := range [][]int{{2}, {4}, {6}, {30}, {64}, {128}, {2, 2}, {16, 4}, {6, 8, 2}, {2, 30, 128}} {
			most := []int{3, quantizedMost}[(size+i)%2]
			pair := func() int32 {
				a, b := r.IntN(2*most+1)-most, r.IntN(2*most+1)-most
				return int32(uint32(uint16(int16(a))) | uint32(uint16(int16(b)))<<16)
			}
			var depth int
			for _, d := range depths {
				depth += d
			}
			panel, state := make([]int32, depth*rows), make([]int32, quantizedState*rows)
			for i := range panel {
				panel[i] = pair()
			}
			best, next, index := make([]int32, rows), make([]int32, rows), make([]int32, rows)
			third, other := make([]int32, rows), make([]int32, rows)
			for row := range rows {
				best[row], next[row], third[row] = math.MaxInt32, math.MaxInt32, math.MaxInt32
				state[row], state[rows+row], state[4*rows+row] = math.MaxInt32, math.MaxInt32, math.MaxInt32
				state[3*rows+row] = int32(math.Float32bits(float32(row) + 0.5))
			}
			first := 0
			for _, n := range []int{1, 3} { // groups in one call
				score, totals := make([]int32, n*size*rows), make([]int32, n*size*rows)
				column := 0
				for at, d := range depths {
					group := make([]int32, n*(1+size*(1+d)))
					for i := range group {
						group[i] = pair()
					}
					for g := range n {
						h := group[g*(1+size*(1+d)):]
						for c := range size {
							half := float32(0)
							if at == 0 {
								half = float32(r.IntN(100 * most))
							}
							h[c] = int32(math.Float32bits(half))
							for row := range rows {
								s := int32(math.RoundToEven(float64(half * (float32(row) + 0.5))))
								for j := range d {
									p, q := panel[(column+j)*rows+row], h[size+1+j*size+c]
									s += int32(int16(p))*int32(int16(q)) + (p>>16)*(q>>16)
								}
								score[(g*size+c)*rows+row] += s
							}
						}
						h[size] = int32(first + g*size)
					}
					run := 0
					if at > 0 {
						run |= addTotals
					}
					if at < len(depths)-1 {
						run |= keepTotals
					}
					asmNearestIntegers(l, ptr(state), ptr(panel[column*rows:]), ptr(group), ptr(totals), n, size, d, run)
					if run&keepTotals != 0 {
						sameLabels(t, "totals", totals, score)
					}
					column += d
				}
				for i, s := range score {
					c, row := i/rows, i%rows
					s = s&^(1<<placeBits-1) | int32(c%size)
					third[row] = min(third[row], max(next[row], s))
					switch group := int32(first + c/size*size); {
					case s < best[row]:
						next[row], other[row] = best[row], index[row]
						best[row], index[row] = s, group
					case s < next[row]:
						next[row], other[row] = s, group
					}
				}
				first += n * size
			}
			for row := range rows {
				b, s, i := state[row], state[rows+row], state[2*rows+row]
				if got := state[4*rows+row]; got != third[row] {
					t.Fatalf("%d centers a group, depths %v, elements to %d, row %d: third %v, want %v", size, depths, most, row, got, third[row])
				}
				// Among equals, any may be the runner-up: then it decides nothing.
				if got := state[5*rows+row]; best[row] < next[row] && next[row] < third[row] && got != other[row] {
					t.Fatalf("%d centers a group, depths %v, elements to %d, row %d: the runner-up's index is %v, want %v", size, depths, most, row, got, other[row])
				}
				if b != best[row] || s != next[row] || i != index[row] {
					t.Fatalf("%d centers a group, depths %v, elements to %d, row %d: best %v, runner-up %v, index %v; want %v, %v, %v", size, depths, most, row, b, s, i, best[row], next[row], index[row])
				}
			}
		}
	}
}

// TestIntegersPause: after rows that the integers leave open, they are left out for
// a while.
func TestIntegersPause(t *testing.T) {
	forEachQuantized(t, testIntegersPause[float32], testIntegersPause[float64])
}

func testIntegersPause[T Float](t *testing.T, _ kernel.Level) {
	const n, d, k = 2048, 40, 64
	one := fill[T](0, d, 0, 1)
	c := make([]T, 0, k*d)
	for i := range k { // hardly apart, and one far away that takes the range
		for j, v := range one {
			c = append(c, v+T(i)*1e-5*T(j%3))
		}
	}
	for j := range d {
		c[j] = 1e5
	}
	x := fill[T](0, n*d, 0, 2)
	var ws Workspace[T]
	checkNearest(t, Dense(x, n, d), Dense(c, k, d), &ws)
	if ws.Integers != quantizedPiece || ws.Open < quantizedPiece/2 {
		t.Errorf("integers ranked %d rows and left %d open", ws.Integers, ws.Open)
	}
}

// TestIntegersOnDemand: where 8-bit integers come first, centers are prepared for 16-bit
// ones only after there were rows that wanted them.
func TestIntegersOnDemand(t *testing.T) {
	forEachQuantized(t, testIntegersOnDemand[float32], testIntegersOnDemand[float64])
}

func testIntegersOnDemand[T Float](t *testing.T, l kernel.Level) {
	const n, d, k = 600, 64, 200
	if _, faster := kernel.CoarsePlanFor(l, elemSize[T](), k, d); !faster {
		t.Skipf("%s has no 8-bit integers", l)
	}
	x, c := Dense(fill[T](0, n*d, 0, 1), n, d), Dense(fill[T](0, k*d, 0, 2), k, d)
	p, err := PackCenters(c)
	if err != nil {
		t.Fatal(err)
	}
	labels, want, dist, second := make([]int32, n), make([]int32, n), make([]T, n), make([]T, n)
	for i := range n {
		want[i], _, _ = nearestGeneric(x.Row(i), c)
	}
	for i, prepared := range []bool{true, false, true} {
		if p.quantized.use != prepared {
			t.Errorf("after %d calls of Pack, 16-bit integers are prepared: %v", i+1, p.quantized.use)
		}
		if i > 0 {
			if err := p.NearestTwo(labels, dist, second, x, nil); err != nil {
				t.Fatal(err)
			}
		} else if err := p.Nearest(labels, dist, x, nil); err != nil {
			t.Fatal(err)
		}
		sameLabels(t, "labels", labels, want)
		if err := p.Pack(c); err != nil {
			t.Fatal(err)
		}
	}
}
