package lloyd

import (
	"math"
	"testing"
)

// checkRough holds RoughLowerBounds to the distances, and where near is not 0 to what it
// says of how far below them it is: near·‖x‖·C, in squares, and the byte.
func checkRough[T Float](t *testing.T, p *Centers[T], x, c Matrix[T], ws *Workspace[T], near float64) {
	t.Helper()
	n, k := x.N, c.N
	dist, dst := make([]T, n*k), make([]uint8, PairBytes(n, k))
	if err := SquaredL2Matrix(dist, k, x, c); err != nil {
		t.Fatal(err)
	}
	norm := func(row []T) (s float64) {
		for j, v := range row {
			s += float64(v-p.shift[j]) * float64(v-p.shift[j])
		}
		return math.Sqrt(s)
	}
	var far float64 // only where near is not 0
	for j := 0; near > 0 && j < k; j++ {
		far = max(far, norm(c.Row(j)))
	}
	var most T
	for _, d := range dist {
		if d > most && !math.IsInf(float64(d), 1) {
			most = d
		}
	}
	for round := range 2 { // of all sizes; and small distances, to their own scale
		scale, base := 1., make([]float32, n)
		if most > 0 {
			scale = 300 / math.Sqrt(float64(most))
		}
		for i := range base {
			base[i] = float32(i%7*20 - 40)
			if round == 1 {
				base[i] = 0
				var least T
				for _, d := range dist[i*k : (i+1)*k] {
					if least == 0 || d < least {
						least = d
					}
				}
				if b := math.Sqrt(float64(least))*scale - 2; b > -2 && b < 1e30 {
					base[i] = float32(b)
				}
			}
		}
		if err := p.RoughLowerBounds(dst, x, base, scale, ws); err != nil {
			t.Fatal(err)
		}
		for i := range n {
			for j := range k {
				got := float64(dst[(i/PairRows*k+j)*PairRows+i%PairRows])
				want := math.Sqrt(float64(dist[i*k+j]))*scale - float64(base[i])
				if got > max(0, want) || got > mostBound {
					t.Fatalf("%d×%d, K=%d: row %d, center %d: %v, above %v", n, x.D, k, i, j, got, want)
				}
				if near == 0 {
					continue
				}
				least := math.Sqrt(max(0, float64(dist[i*k+j])-near*norm(x.Row(i))*far))*scale - float64(base[i])
				if got < min(mostBound, least)-1.1 {
					t.Fatalf("%d×%d, K=%d: row %d, center %d: %v, far below %v, as well as %v", n, x.D, k, i, j, got, want, least)
				}
			}
		}
	}
}

// TestRoughLowerBounds: on all kinds of rows no byte is above the computed distance, and on
// noise it is not further below than is said.
func TestRoughLowerBounds(t *testing.T) {
	forEachCoarseType(t, testRoughLowerBounds[float32], testRoughLowerBounds[float64])
}

func testRoughLowerBounds[T Float](t *testing.T) {
	var ws Workspace[T]
	for _, d := range []int{8, 9, 13, 16, 31, 64, 100, 257} {
		for kind := range kinds {
			n, k := 1+(d*7+kind*31)%100, 32+(d+kind)%15
			x := Matrix[T]{fill[T](kind, n*(d+2), d%3, uint64(d)), n, d, d + 2}
			c := Dense(fill[T](kind, k*d, d%2, uint64(d)+1000), k, d)
			p, err := PackCenters(c)
			if err != nil {
				t.Fatal(err)
			}
			near := 0.
			if kind == 0 {
				near = 0.1
				if !p.coarse.use {
					t.Fatalf("D=%d, K=%d: 8-bit integers do not apply to noise", d, k)
				}
			}
			checkRough(t, p, x, c, &ws, near)
		}
	}
}
