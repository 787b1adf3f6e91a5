package lloyd

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// TestNearestAgain: labels are those of the reference for every kind of rows and for centers that
// move by nothing, a little or far, also when rows come in other pieces than before, after other
// calls in between, and when labels have changed otherwise; on plain data most rows are left out
// while nothing moves.
func TestNearestAgain(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testNearestAgain[float32])
		t.Run("float64", testNearestAgain[float64])
	})
}

func testNearestAgain[T Float](t *testing.T) {
	var ws Workspace[T]
	var rows QuantizedRows[T]
	shapes := []struct{ n, d, k int }{{100, 8, 8}, {600, 32, 9}, {519, 64, 10}, {64, 63, 20}, {50, 130, 40}, {1100, 33, 12}, {40, 600, 10}, {20, 5, 3}}
	type step struct {
		share float64 // of the way to a row that each center moves
		piece int
	}
	ways := [][]step{
		{{0, 256}, {0, 256}, {1e-6, 256}, {1e-4, 256}, {1e-3, 256}, {0.02, 96}, {1e-3, 256}, {0.2, 256}, {1e-4, 2000}, {0, 2000}, {0, 256}},
		{{0.1, 256}, {0.1, 256}, {0.05, 256}, {0.04, 256}, {0.03, 256}, {0.02, 256}, {0.01, 256}, {5e-3, 256}, {2e-3, 256}, {1e-3, 256}, {5e-4, 256}, {5e-4, 256}},
	}
	for i, s := range shapes {
		for kind := range kinds {
			steps := ways[(i+kind)%2]
			if testing.Short() && kind%2 > 0 {
				continue
			}
			x, c := keptRows[T](kind, s.n, s.d, s.k)
			use, err := rows.Reset(x.N, c)
			if err != nil {
				t.Fatal(err)
			}
			var p Centers[T]
			p.UseRows(&rows)
			ws.Reset()
			labels, want := make([]int32, s.n), make([]int32, s.n)
			for i, step := range steps {
				before := c
				c = Dense(append([]T(nil), c.Data...), c.N, c.D)
				for j := range c.Data {
					c.Data[j] += (x.Data[j%len(x.Data)] - c.Data[j]) * T(step.share)
				}
				rows.Moved(longestWays(before, c))
				if err := p.Pack(c); err != nil {
					t.Fatal(err)
				}
				for i := range want {
					want[i], _, _ = nearestGeneric(x.Row(i), c)
				}
				switch i {
				case 0:
					copy(labels, want)
				case 4:
					checkKept(t, &p, &rows, x, c, &ws)
				case 6:
					for i := range labels {
						labels[i] = int32(i % c.N)
					}
					rows.Forget()
				}
				left := 0
				for from := 0; from < x.N; from += step.piece {
					to := min(x.N, from+step.piece)
					n, err := p.NearestAgain(labels[from:to], &rows, from, x.Rows(from, to), &ws)
					if err != nil {
						t.Fatal(err)
					}
					left += n
				}
				for row := range want {
					if labels[row] != want[row] {
						t.Fatalf("%v, %s, step %d: row %d has label %d, want %d", s, kinds[kind].name, i, row, labels[row], want[row])
					}
				}
				if kind == 0 && use && step.share == 1e-6 && (left < s.n/2 && s.n >= 256 || left > s.n) {
					t.Errorf("%v: %d rows were left out", s, left)
				}
			}
		}
	}
}

// longestWays is how far the two centers moved that moved farthest, together.
func longestWays[T Float](a, b Matrix[T]) float64 {
	var first, second float64
	for k := range a.N {
		var square float64
		for j, v := range a.Row(k) {
			square += (float64(v) - float64(b.Row(k)[j])) * (float64(v) - float64(b.Row(k)[j]))
		}
		way := math.Sqrt(square)
		first, second = max(first, way), max(second, min(first, way))
	}
	return (first+second)*(1+1e-12) + 1e-150
}

// TestNearestAgainInput: NearestAgain without rows or for others is Nearest, and refuses what
// NearestQuantized refuses.
func TestNearestAgainInput(t *testing.T) {
	const n, d, k = 300, 40, 12
	x, c := Dense(fill[float32](0, n*d, 0, 1), n, d), Dense(fill[float32](0, k*d, 0, 2), k, d)
	var rows, others QuantizedRows[float32]
	for _, r := range []*QuantizedRows[float32]{&rows, &others} {
		if _, err := r.Reset(n, c); err != nil {
			t.Fatal(err)
		}
	}
	var p Centers[float32]
	p.UseRows(&rows)
	if err := p.Pack(c); err != nil {
		t.Fatal(err)
	}
	labels := make([]int32, n)
	for _, r := range []*QuantizedRows[float32]{nil, &others, &rows} {
		clear(labels)
		if left, err := p.NearestAgain(labels, r, 0, x, nil); left != 0 || err != nil {
			t.Fatal(left, err)
		}
		for i, got := range labels {
			if want, _, _ := nearestGeneric(x.Row(i), c); got != want {
				t.Fatalf("label %d is %d, want %d", i, got, want)
			}
		}
	}
	for _, first := range []int{-32, 1, math.MaxInt - n, math.MaxInt / 32 * 32} {
		if _, err := p.NearestAgain(labels, &rows, first, x, nil); !errors.Is(err, ErrShape) {
			t.Errorf("rows from %d on: %v", first, err)
		}
	}
	if _, err := p.NearestAgain(labels[:n-1], &rows, 0, x, nil); !errors.Is(err, ErrShape) {
		t.Errorf("too few labels: %v", err)
	}
	narrow := Dense(x.Data, n, d-1)
	if _, err := p.NearestAgain(labels, &rows, 0, narrow, nil); !errors.Is(err, ErrShape) {
		t.Errorf("too few columns: %v", err)
	}
}

// TestGapsRoutine: the gaps of wanted panels are what the formula says, or a little less, 0 where
// it is negative or not a number, and the least of each panel is right; others stay.
func TestGapsRoutine(t *testing.T) {
	forEachQuantized(t, testGapsRoutine, testGapsRoutine)
}

func testGapsRoutine(t *testing.T, l kernel.Level) {
	const panels = 5
	r := rand.New(rand.NewPCG(51, 52))
	tile := kernel.PlanFor(l, 4, 840, 8).RowTile
	format := []float32{1 - 0x1p-16, 1 + 0x1p-16, 1 - 0x1p-20, 1 + 0x1p-20, 1 - 0x1p-15}
	odd := []float32{float32(math.NaN()), float32(math.Inf(1)), -1e30, 1e30, 0}
	for round := range 200 {
		gaps, least := wholes[float32](r, panels*tile), make([]float32, panels)
		norms, seconds := make([]float32, panels*tile), make([]float32, 2*panels*tile)
		was := append([]float32(nil), gaps...)
		for i := range norms {
			norms[i] = r.Float32() * 100
		}
		for i := range seconds {
			seconds[i] = (r.Float32() - 0.3) * 50
			if round%2 > 0 && r.IntN(20) == 0 {
				seconds[i] = odd[r.IntN(len(odd))]
			}
		}
		wanted := r.Uint64() & (1<<panels - 1)
		asmGaps(l, ptr(gaps), ptr(least), ptr(seconds), ptr(norms), ptr(format), panels, wanted)
		for p := range panels {
			smallest := float32(math.Inf(1))
			for i := range tile {
				at := p*tile + i
				if wanted>>p&1 == 0 {
					if gaps[at] != was[at] || least[p] != 0 {
						t.Fatalf("panel %d was not wanted", p)
					}
					continue
				}
				norm, second, best := float64(norms[at]), float64(seconds[2*p*tile+i]), float64(seconds[(2*p+1)*tile+i])
				want := math.Sqrt(max(0, norm+2*second)) - math.Sqrt(norm+2*best)
				got := float64(gaps[at])
				smallest = min(smallest, gaps[at])
				switch {
				case !(want > 0):
					if got != 0 {
						t.Fatalf("gap %v, of norm %v and scores %v and %v; want 0", got, norm, best, second)
					}
				case !(got <= want) || got < want-1e-3*(want+math.Sqrt(norm)+math.Sqrt(math.Abs(second))):
					t.Fatalf("gap %v, of norm %v and scores %v and %v; want %v or a little less", got, norm, best, second, want)
				}
			}
			if wanted>>p&1 > 0 && least[p] != smallest {
				t.Fatalf("the least gap is %v, want %v", least[p], smallest)
			}
		}
	}
}

// TestInOrderRoutine: numbers of rows are where order says that they belong.
func TestInOrderRoutine(t *testing.T) {
	forEachQuantized(t, testInOrderRoutine, testInOrderRoutine)
}

func testInOrderRoutine(t *testing.T, l kernel.Level) {
	r := rand.New(rand.NewPCG(53, 54))
	for _, tile := range []int{16, 32} {
		for panels := 1; panels <= pieceRows/tile; panels++ {
			for _, columns := range []int{1, 2, 33} {
				n := panels * tile
				order := make([]uint8, n)
				for i, row := range r.Perm(n) {
					order[i] = uint8(row)
				}
				numbers, copied := make([]int32, n*columns+1), make([]int32, pieceRows)
				for i := range numbers {
					numbers[i] = r.Int32()
				}
				was := append([]int32(nil), numbers...)
				asmInOrder(ptr(numbers), ptr(copied), ptr(order), panels, 4*tile, columns)
				for column := range columns {
					for i, row := range order {
						at := func(row int) int { return row/tile*tile*columns + column*tile + row%tile }
						if got, want := numbers[at(i)], was[at(int(row))]; got != want {
							t.Fatalf("%d panels, column %d: row %d has %d, want %d", panels, column, i, got, want)
						}
					}
				}
				if numbers[n*columns] != was[n*columns] {
					t.Fatal("something was written after the panels")
				}
			}
		}
	}
}

// TestQuantizeCenter: the integers of a center are its elements, less the shift, negated, times the
// scale and rounded, two by two, then zeros; what that takes away is right, too.
func TestQuantizeCenter(t *testing.T) {
	forEachQuantized(t, testQuantizeCenter[float32], testQuantizeCenter[float64])
}

func testQuantizeCenter[T Float](t *testing.T, l kernel.Level) {
	r := rand.New(rand.NewPCG(55, 56))
	const scale = 3
	for d := 1; d < 300; d++ {
		center, shift := make([]T, d), make([]T, d)
		for j := range center {
			center[j], shift[j] = T(r.NormFloat64()*100), T(r.NormFloat64())
		}
		stride, depth := 1+d%6, (d+1)/2+d%3
		pairs := make([]int32, stride*depth)
		for i := range pairs {
			pairs[i] = r.Int32()
		}
		was := append([]int32(nil), pairs...)
		p := quantizeCenter(pairs[stride-1:], stride, center, shift, scale)
		var want quantPart
		for j := range 2 * depth {
			integer := 0.
			if j < d {
				y := (float64(shift[j]) - float64(center[j])) * scale
				integer = math.RoundToEven(y)
				want.lost += (integer - y) * (integer - y)
				want.norm += integer * integer
			}
			if got := int16(pairs[j/2*stride+stride-1] >> (16 * (j % 2))); float64(got) != integer {
				t.Fatalf("D=%d, stride %d: element %d is %d, want %v", d, stride, j, got, integer)
			}
		}
		if math.Abs(p.lost-want.lost) > 1e-9*want.lost || math.Abs(p.norm-want.norm) > 1e-9*want.norm {
			t.Fatalf("D=%d: sums %v, want %v", d, p, want)
		}
		for i, v := range pairs {
			if i%stride != stride-1 && v != was[i] {
				t.Fatalf("D=%d, stride %d: pair %d has changed", d, stride, i)
			}
		}
	}
}

// TestNearestAgainSharp: a row changes its label as soon as the centers on both sides of it have
// moved far enough, and that is seen.
func TestNearestAgainSharp(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testNearestAgainSharp[float32])
		t.Run("float64", testNearestAgainSharp[float64])
	})
}

func testNearestAgainSharp[T Float](t *testing.T) {
	const n, d, k = 256, 40, 12
	r := rand.New(rand.NewPCG(57, 58))
	var rows QuantizedRows[T]
	var p Centers[T]
	p.UseRows(&rows)
	var ws Workspace[T]
	left := 0
	for round := range 300 {
		c, x := Dense(make([]T, k*d), k, d), Dense(make([]T, n*d), n, d)
		for i := range c.Data {
			c.Data[i] = T(100*r.NormFloat64() + 1e3*float64(round%2))
		}
		for i := range x.Data { // with their centers
			x.Data[i] = c.Data[i%len(c.Data)]
		}
		which, share := r.IntN(n), 0.3+0.19*r.Float64()
		way := make([]float64, d) // between the centers
		for j := range way {
			way[j] = float64(c.Row(1)[j]) - float64(c.Row(0)[j])
			x.Row(which)[j] = c.Row(0)[j] + T(share*way[j])
		}
		use, err := rows.Reset(n, c)
		if err != nil {
			t.Fatal(err)
		}
		if !use {
			t.Skip("no rows are kept at this level")
		}
		ws.Reset()
		labels := make([]int32, n)
		moved := 0.                                                       // shares of what takes the row over
		for step, to := range []float64{0, 0, 0.9 * r.Float64(), 1.002} { // the last one does
			before := c
			c = Dense(append([]T(nil), c.Data...), k, d)
			for j, w := range way {
				step := T((0.5 - share) * (to - moved) * w)
				c.Row(0)[j], c.Row(1)[j] = c.Row(0)[j]-step, c.Row(1)[j]-step
			}
			moved = to
			far := longestWays(before, c)
			if step == 1 && round%4 > 1 { // too far to put the rows in order as yet
				far = 1e6
			}
			rows.Moved(far)
			if err := p.Pack(c); err != nil {
				t.Fatal(err)
			}
			n, err := p.NearestAgain(labels, &rows, 0, x, &ws)
			if err != nil {
				t.Fatal(err)
			}
			left += n
			for i, got := range labels {
				if want, _, _ := nearestGeneric(x.Row(i), c); got != want {
					t.Fatalf("round %d: row %d has label %d, want %d", round, i, got, want)
				}
			}
		}
	}
	if left < 300*n/2 {
		t.Errorf("only %d of %d rows were left out", left, 4*300*n)
	}
}
