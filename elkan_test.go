package lloyd

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestLowerBounds: for every D from 0 to 300, on all kinds of rows, no byte is above the
// computed distance, and on rows without large numbers it is within 1 of it.
func TestLowerBounds(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testLowerBounds[float32])
		t.Run("float64", testLowerBounds[float64])
	})
}

func testLowerBounds[T Float](t *testing.T) {
	var ws Workspace[T]
	for _, d := range append(columns(), 513, 1100) {
		for kind := range kinds {
			if testing.Short() && (d+kind)%5 != 0 {
				continue
			}
			n, k := (d*7+kind*31)%100, 1+(d+kind)%15
			x := Matrix[T]{fill[T](kind, n*(d+2), d%3, uint64(d)), n, d, d + 2}
			c := Matrix[T]{fill[T](kind, k*(d+1), d%2, uint64(d)+1000), k, d, d + 1}
			p, err := PackCenters(c)
			if err != nil {
				t.Fatal(err)
			}
			// A scale and bases for which the bytes are of all sizes.
			dist := make([]T, n*k)
			if err := SquaredL2Matrix(dist, k, x, c); err != nil {
				t.Fatal(err)
			}
			scale, base := 1., make([]float32, n)
			if n > 0 {
				if m := math.Sqrt(float64(slices.Max(dist))); m > 0 && !math.IsInf(m, 1) {
					scale = 300 / m
				}
			}
			for i := range base {
				base[i] = float32(i%7*20 - 40)
			}
			dst := make([]uint8, PairBytes(n, k))
			if err := p.LowerBounds(dst, x, base, scale, &ws); err != nil {
				t.Fatal(err)
			}
			for i := range n {
				for j := range k {
					got := float64(dst[(i/PairRows*k+j)*PairRows+i%PairRows])
					want := math.Sqrt(float64(dist[i*k+j]))*scale - float64(base[i])
					if got > max(0, want) || got > mostBound {
						t.Fatalf("%s, D=%d: row %d, center %d: %v, above %v", kinds[kind].name, d, i, j, got, want)
					}
					if kinds[kind].name == "normal" && got < min(mostBound, want)-1.1 {
						t.Fatalf("%s, D=%d: row %d, center %d: %v, far below %v", kinds[kind].name, d, i, j, got, want)
					}
				}
			}
		}
	}
}

// TestOpenPairs: the reference's rows, at every level, for every K to 40, of one panel and of
// three, and the rows of all centers together; bytes of all sizes, with those at which a
// comparison turns, and two centers with no, one, two and more open rows.
func TestOpenPairs(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(51, 52))
		edge := []uint8{0, 1, 2, 127, 128, 253, 254, 255}
		some := func() uint8 {
			if r.IntN(3) == 0 {
				return edge[r.IntN(len(edge))]
			}
			return uint8(r.IntN(256))
		}
		found := 0
		for i := range 80 {
			k, panels := 1+i/2, 1+i%2*2
			lower, drift, upper := make([]uint8, panels*k*PairRows), make([]uint8, k), make([]uint8, panels*PairRows)
			for _, s := range [][]uint8{lower, drift, upper} {
				for i := range s {
					s[i] = some()
				}
			}
			if k%2 == 0 { // few open rows
				for i := range upper {
					if upper[i] /= uint8(k); r.IntN(16) > 0 {
						upper[i] = 0
					}
				}
			}
			any, open := make([]uint32, panels), make([]uint32, panels)
			var wantRows, wantCenters []int32
			for j, d := range drift {
				for i, u := range upper {
					if max(int(lower[(i/PairRows*k+j)*PairRows+i%PairRows])-int(d), 0) < int(u) {
						any[i/PairRows] |= 1 << (i % PairRows)
						wantRows, wantCenters = append(wantRows, int32(100+i)), append(wantCenters, int32(j))
					}
				}
			}
			found += len(wantRows)
			rows, centers := make([]int32, k*panels*PairRows), make([]int32, k*panels*PairRows)
			n, err := OpenPairs(rows, centers, 100, lower, drift, upper)
			if err != nil || !slices.Equal(rows[:n], wantRows) || !slices.Equal(centers[:n], wantCenters) {
				t.Fatalf("K=%d: rows %v, centers %v, %v; want %v, %v", k, rows[:n], centers[:n], err, wantRows, wantCenters)
			}
			if err := OpenRows(open, lower, drift, upper); err != nil || !slices.Equal(open, any) {
				t.Fatalf("K=%d: open rows %b, want %b, %v", k, open, any, err)
			}
		}
		if found == 0 {
			t.Error("no pair was open")
		}
	})
}

func TestPairShape(t *testing.T) {
	c, err := PackCenters(Dense(make([]float32, 12), 3, 4))
	if err != nil {
		t.Fatal(err)
	}
	x, base := Dense(make([]float32, 160), 40, 4), make([]float32, 40)
	if n := PairBytes(40, 3); n != 64*3 {
		t.Errorf("%d bytes", n)
	}
	open, lower, drift, upper := make([]uint32, 2), make([]uint8, 2*3*PairRows), make([]uint8, 3), make([]uint8, 2*PairRows)
	openPairs := func(rows, centers []int32, lower, upper []uint8) error {
		_, err := OpenPairs(rows, centers, 0, lower, drift, upper)
		return err
	}
	most := make([]int32, 2*3*PairRows)
	for i, err := range []error{
		c.LowerBounds(make([]uint8, 64*3-1), x, base, 1, nil),
		c.LowerBounds(make([]uint8, 64*3), x, base[:39], 1, nil),
		c.LowerBounds(make([]uint8, 64*3), Dense(make([]float32, 160), 32, 5), base, 1, nil),
		OpenRows(open, lower[1:], drift, upper),
		OpenRows(open, lower, drift, upper[1:]),
		openPairs(most[1:], most, lower, upper),
		openPairs(most, most[1:], lower, upper),
		openPairs(most, most, lower[1:], upper),
		openPairs(most, most, lower, upper[:PairRows-1]),
	} {
		if !errors.Is(err, ErrShape) {
			t.Error(fmt.Errorf("%d: %w", i, err))
		}
	}
}

// TestShiftBounds: the reference's bytes at every level, for every K to 40 and bytes of all
// sizes, of which 255 stays.
func TestShiftBounds(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(53, 54))
		for k := range 40 {
			panels := 1 + k%3
			lower, drift, by := make([]uint8, k*panels*PairRows), make([]uint8, k), make([]uint8, panels*PairRows)
			for _, s := range [][]uint8{lower, drift, by} {
				for i := range s {
					s[i] = []uint8{0, 1, 254, 255, uint8(r.IntN(256)), uint8(r.IntN(256)), uint8(r.IntN(64))}[r.IntN(7)]
				}
			}
			want := slices.Clone(lower)
			for i := range want {
				p, j, row := i/(k*PairRows), i/PairRows%k, i%PairRows
				if want[i] < 255 {
					want[i] = uint8(max(0, int(want[i])-int(drift[j])-int(by[p*PairRows+row])))
				}
			}
			if err := ShiftBounds(lower, drift, by); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(lower, want) {
				t.Fatalf("K=%d: %v, want %v", k, lower, want)
			}
		}
	})
	for _, s := range [][3]int{{64, 1, 33}, {63, 2, 32}} {
		if err := ShiftBounds(make([]uint8, s[0]), make([]uint8, s[1]), make([]uint8, s[2])); !errors.Is(err, ErrShape) {
			t.Errorf("%v: %v", s, err)
		}
	}
}
