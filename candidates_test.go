package lloyd

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// TestCandidates: every pair within its row's limit is listed, once, and only pairs that
// there are, for all numbers of columns up to 300, on all kinds of rows, with limits from 0
// to +Inf, some equal to a distance.
func TestCandidates(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testCandidates[float32])
		t.Run("float64", testCandidates[float64])
	})
}

func testCandidates[T Float](t *testing.T) {
	var ws Workspace[T]
	var out Candidates[T]
	for _, d := range columns() {
		for kind := range kinds {
			if (d+kind)%7 != 0 || testing.Short() && d%5 != 0 {
				continue
			}
			n, k := (d*7+kind*31)%100, 1+(d*13+kind)%70
			if d%24 == 0 && d > 36 {
				k += 12000 / d // enough for 8-bit integers
			}
			x := Matrix[T]{fill[T](kind, n*(d+2), d%3, uint64(d)), n, d, d + 2}
			c := Matrix[T]{fill[T](kind, k*(d+1), d%2, uint64(d)+1000), k, d, d + 1}
			limits := limitsFor(x, c)
			p, err := PackCenters(c)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // the second time, some filter may rest
				if err := p.Candidates(&out, limits, x, &ws); err != nil {
					t.Fatal(err)
				}
				checkCandidates(t, fmt.Sprintf("D=%d, K=%d, %s", d, k, kinds[kind].name), &out, limits, x, c)
			}
		}
	}
}

// limitsFor returns limits of all kinds for the rows of x.
func limitsFor[T Float](x, c Matrix[T]) []T {
	limits := make([]T, x.N)
	for i := range limits {
		switch d := squaredL2Generic(x.Row(i), c.Row(i%c.N)); i % 5 {
		case 0:
			limits[i] = d
		case 1:
			limits[i] = d * 1.0001
		case 2:
			limits[i] = d / 2
		case 3:
			limits[i] = squaredL2Generic(x.Row(i), x.Row(x.N/2))
		}
	}
	if x.N > 9 {
		limits[9] = T(math.Inf(1))
	}
	return limits
}

func checkCandidates[T Float](t *testing.T, what string, out *Candidates[T], limits []T, x, c Matrix[T]) {
	t.Helper()
	listed := make(map[[2]int32]bool)
	for i, row := range out.Rows {
		pair := [2]int32{row, out.Centers[i]}
		if listed[pair] || row < 0 || int(row) >= x.N || pair[1] < 0 || int(pair[1]) >= c.N {
			t.Fatalf("%s: pair %v of %d rows is listed twice, or there is none", what, pair, x.N)
		}
		listed[pair] = true
	}
	for i := range x.N {
		for k := range c.N {
			if d := squaredL2Generic(x.Row(i), c.Row(k)); d < limits[i] && !listed[[2]int32{int32(i), int32(k)}] {
				t.Fatalf("%s: row %d and center %d are not listed, at %v below %v", what, i, k, d, limits[i])
			}
		}
	}
}

// TestCandidatesFew: on plain data hardly more pairs than those within the limits are listed.
func TestCandidatesFew(t *testing.T) {
	forEachAssembly(t, testCandidatesFew[float32], testCandidatesFew[float64])
}

func testCandidatesFew[T Float](t *testing.T, _ kernel.Level) {
	const n, d, k, each = 300, 96, 400, 5
	x, c := Dense(fill[T](2, n*d, 0, 1), n, d), Dense(fill[T](2, k*d, 0, 2), k, d)
	p, err := PackCenters(c)
	if err != nil {
		t.Fatal(err)
	}
	limits, dist := make([]T, n), make([]T, k)
	for i := range n {
		for j := range k {
			dist[j] = squaredL2Generic(x.Row(i), c.Row(j))
		}
		slices.Sort(dist)
		limits[i] = dist[each]
	}
	var out Candidates[T]
	if err := p.Candidates(&out, limits, x, nil); err != nil {
		t.Fatal(err)
	}
	if m := len(out.Rows); m < n*each || m > 4*n*each {
		t.Errorf("%d pairs, of which %d are within the limits", m, n*each)
	}
}

func TestCandidatesShape(t *testing.T) {
	c, err := PackCenters(Dense(make([]float32, 12), 3, 4))
	if err != nil {
		t.Fatal(err)
	}
	var out Candidates[float32]
	for _, err := range []error{
		c.Candidates(&out, make([]float32, 2), Dense(make([]float32, 10), 2, 5), nil),
		c.Candidates(&out, make([]float32, 1), Dense(make([]float32, 8), 2, 4), nil),
		c.Candidates(&out, make([]float32, 2), Matrix[float32]{make([]float32, 7), 2, 4, 4}, nil),
	} {
		if !errors.Is(err, ErrShape) {
			t.Errorf("%v", err)
		}
	}
	if err := c.Candidates(&out, nil, Dense[float32](nil, 0, 4), nil); err != nil || len(out.Rows) != 0 {
		t.Errorf("no rows: %v, %v", err, out.Rows)
	}
}
