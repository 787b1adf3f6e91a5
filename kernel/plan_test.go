package kernel

import (
	"errors"
	"math"
	"testing"
)

// TestPlanFor: every center is in one group, no group is larger than the
// register file holds, and sizes differ by one at most.
func TestPlanFor(t *testing.T) {
	for _, l := range []Level{Generic, AVX2, AVX512, AVX512VNNI, NEON, NEONDot} {
		for _, size := range []int{4, 8} {
			for d := range 40 {
				for k := 1; k < 200; k++ {
					p := PlanFor(l, size, k, d)
					if got := p.Large*p.CenterTile + (p.Groups-p.Large)*(p.CenterTile-1); got != k {
						t.Fatalf("%v, K=%d: the groups hold %d centers: %+v", l, k, got, p)
					}
					if p.CenterTile < 1 || p.CenterTile > tiles[l].centerTile || p.Large < 1 || p.Large > p.Groups {
						t.Fatalf("%v, K=%d: %+v", l, k, p)
					}
					if p.Depth < d || p.Depth >= d+DepthUnit || p.Depth%DepthUnit != 0 {
						t.Fatalf("D=%d: %+v", d, p)
					}
					if k > 0 && (p.Block < 1 || p.Block > p.Groups || (p.Panels > 1) != (p.Block < p.Groups)) || p.Chunk%DepthUnit != 0 {
						t.Fatalf("%v, K=%d, D=%d: %+v", l, k, d, p)
					}
					if p.RowTile*size != tiles[l].rowBytes {
						t.Fatalf("%v, %d bytes: %+v", l, size, p)
					}
					if (p.Method == Filter) != (l != Generic && d > tiles[l].directMax) {
						t.Fatalf("%v, D=%d: %v", l, d, p.Method)
					}
				}
			}
		}
	}
}

// TestCoarsePlanFor: levels without routines for 8-bit integers have no plan, nor have
// shapes too small or too large; all centers are in the groups, whose scores stay in
// bounds, and more centers or columns never make the integers slower.
func TestCoarsePlanFor(t *testing.T) {
	for _, l := range []Level{Generic, AVX2, AVX512, AVX512VNNI, NEON, NEONDot} {
		for _, size := range []int{4, 8} {
			for _, d := range []int{1, 7, 8, 9, 31, 32, 33, 128, 1000, 1 << 14, 1<<14 + 1} {
				wasFaster := false
				for k := 1; k < 9000; k += 1 + k/50 {
					p, faster := CoarsePlanFor(l, size, k, d)
					if want := tiles[l].coarseSaves > 0 && k >= 32 && d >= 8 && d <= 1<<14; (p.Groups > 0) != want || faster && !want || wasFaster && !faster {
						t.Fatalf("%v, %d bytes, K=%d, D=%d: %+v, %v", l, size, k, d, p, faster)
					}
					if CoarseListsFaster(l, k, d) && p.Groups == 0 {
						t.Fatalf("%v, K=%d, D=%d: lists are faster without a plan", l, k, d)
					}
					wasFaster = faster
					if p.Groups == 0 {
						continue
					}
					if got := p.Large*p.CenterTile + (p.Groups-p.Large)*(p.CenterTile-1); got != k || p.CenterTile > tiles[l].centerTile || p.Depth%2 != 0 || 4*p.Depth < d || 4*p.Depth >= d+8 {
						t.Fatalf("%v, K=%d, D=%d: %+v", l, k, d, p)
					}
					if p.Block < 1 || p.Block > p.Groups || p.Panels < 1 || p.Panels > 1 && 2*p.Panels*k*p.RowTile > coarseScores || 4*p.RowTile != tiles[l].rowBytes {
						t.Fatalf("%v, K=%d, D=%d: %+v", l, k, d, p)
					}
				}
			}
		}
	}
}

func TestCheckMatrix(t *testing.T) {
	for _, c := range []struct {
		length, n, d, ld int
		ok               bool
	}{
		{0, 0, 0, 0, true}, {0, 2, 0, 1, false}, {1, 2, 0, 1, true}, {0, 0, 5, 5, true}, {0, 5, 0, 0, true}, {12, 3, 4, 4, true},
		{11, 3, 4, 4, false}, {14, 3, 4, 5, true}, {13, 3, 4, 5, false}, {12, 3, 4, 3, false},
		{12, -1, 4, 4, false}, {12, 1, -4, 4, false}, {3, 1, 4, 4, false}, {4, 1, 4, math.MaxInt, true},
		{100, math.MaxInt, 2, 3, false}, {100, 3, 2, math.MaxInt / 2, false},
	} {
		if err := CheckMatrix("x", c.length, c.n, c.d, c.ld); (err == nil) != c.ok || err != nil && !errors.Is(err, ErrShape) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
