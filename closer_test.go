package lloyd

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"testing"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// TestCloser holds Closer to the plain reference for every D from 0 to 300, on
// all kinds of rows, with limits from 0 to +Inf, some equal to a distance.
func TestCloser(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testCloser[float32])
		t.Run("float64", testCloser[float64])
	})
}

func testCloser[T Float](t *testing.T) {
	var ws Workspace[T]
	var out Closer[T]
	most := 150
	if testing.Short() {
		most = 100
	}
	for _, d := range append(columns(), 513, 1100) {
		for kind := range kinds {
			if testing.Short() && (d+kind)%3 != 0 { // every kind stays with D below 16, to 35, near a multiple of 32, and above 256
				continue
			}
			n, k := (d*7+kind*31)%most, 1+(d+kind)%15
			x := Matrix[T]{fill[T](kind, n*(d+2), d%3, uint64(d)), n, d, d + 2}
			c := Matrix[T]{fill[T](kind, k*(d+1), d%2, uint64(d)+1000), k, d, d + 1}
			least := make([]T, n)
			for i := range least {
				switch i % 5 {
				case 0:
					least[i] = T(math.Inf(1))
				case 1: // a row equally far away is not closer
					least[i] = squaredL2Generic(x.Row(i), c.Row(i%k))
				case 2:
					least[i] = T(math.Nextafter32(float32(squaredL2Generic(x.Row(i), c.Row(i%k))), 1e30))
				case 3:
					least[i] = squaredL2Generic(x.Row(i), x.Row(n/2))
				}
			}
			checkCloser(t, &out, least, x, c, &ws)
		}
	}
}

func checkCloser[T Float](t *testing.T, out *Closer[T], least []T, x, c Matrix[T], ws *Workspace[T]) {
	t.Helper()
	p, err := PackCenters(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Closer(out, least, x, ws); err != nil {
		t.Fatal(err)
	}
	var rows []int32
	var dist []T
	for k := range c.N {
		if int(out.From[k]) != len(rows) {
			t.Fatalf("%d×%d, K=%d: the rows of center %d begin at %d, want %d", x.N, x.D, c.N, k, out.From[k], len(rows))
		}
		for i := range x.N {
			if d := squaredL2Generic(x.Row(i), c.Row(k)); d < least[i] {
				rows, dist = append(rows, int32(i)), append(dist, d)
			}
		}
	}
	what := fmt.Sprintf("%d×%d, K=%d: ", x.N, x.D, c.N)
	if len(out.Rows) != len(rows) || len(out.Dist) != len(rows) || int(out.From[c.N]) != len(rows) || len(out.From) != c.N+1 {
		t.Fatalf("%s%d rows and %d distances, want %d", what, len(out.Rows), len(out.Dist), len(rows))
	}
	sameLabels(t, what+"rows", out.Rows, rows)
	sameSlice(t, what+"dist", out.Dist, dist)
}

// TestCloserRulesOut: on plain data nearly all pairs of a row and a center that
// is not closer are ruled out by the scores alone.
func TestCloserRulesOut(t *testing.T) {
	forEachAssembly(t, testCloserRulesOut[float32], testCloserRulesOut[float64])
}

func testCloserRulesOut[T Float](t *testing.T, _ kernel.Level) {
	const n, d, k = 2000, 64, 7
	x, c := Dense(fill[T](2, n*d, 0, 1), n, d), Dense(fill[T](2, k*d, 0, 2), k, d)
	p, err := PackCenters(c)
	if err != nil {
		t.Fatal(err)
	}
	least := make([]T, n)
	for i := range least {
		least[i] = d // half of the usual distance
	}
	var out Closer[T]
	var ws Workspace[T]
	p.mayBeCloser(&out, least, x, &ws)
	may := 0
	for _, w := range out.bits {
		may += bits.OnesCount64(w)
	}
	if err := p.Closer(&out, least, x, &ws); err != nil {
		t.Fatal(err)
	}
	if extra := may - len(out.Rows); extra > n*k/200 {
		t.Errorf("%d of %d pairs are not ruled out, but only %d are closer", may, n*k, len(out.Rows))
	}
}

func TestCloserShape(t *testing.T) {
	c, err := PackCenters(Dense(make([]float32, 12), 3, 4))
	if err != nil {
		t.Fatal(err)
	}
	var out Closer[float32]
	for _, err := range []error{
		c.Closer(&out, make([]float32, 2), Dense(make([]float32, 10), 2, 5), nil),
		c.Closer(&out, make([]float32, 1), Dense(make([]float32, 8), 2, 4), nil),
		c.Closer(&out, make([]float32, 2), Matrix[float32]{make([]float32, 7), 2, 4, 4}, nil),
	} {
		if !errors.Is(err, ErrShape) {
			t.Errorf("%v", err)
		}
	}
	if err := c.Closer(&out, nil, Dense[float32](nil, 0, 4), nil); err != nil || len(out.From) != 4 {
		t.Errorf("no rows: %v, %v", err, out.From)
	}
}

// TestMoved: every number of labels up to 70, with any share of moved ones.
func TestMoved(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		for n := range 70 {
			for share := range 8 {
				labels, old := make([]int32, n), make([]int32, n)
				var want []int32
				for i := range labels {
					labels[i], old[i] = int32(i*i), int32(i*i)
					if (i*7+n)%8 < share {
						old[i] = -1
						want = append(want, int32(i))
					}
				}
				rows := make([]int32, n)
				got, err := Moved(rows, labels, old)
				if err != nil || got != len(want) {
					t.Fatalf("%d labels: %d moved, %v, want %d", n, got, err, len(want))
				}
				sameLabels(t, "rows", rows[:got], want)
			}
		}
		if _, err := Moved(make([]int32, 1), make([]int32, 2), make([]int32, 2)); !errors.Is(err, ErrShape) {
			t.Error(err)
		}
		if _, err := Moved(make([]int32, 2), make([]int32, 2), make([]int32, 1)); !errors.Is(err, ErrShape) {
			t.Error(err)
		}
	})
}
