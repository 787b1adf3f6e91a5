package lloyd

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// TestEstimates: no lower bound is above the distance of SquaredL2, for every D from 0 to
// 300, on all kinds of rows; on plain data they are close to it.
func TestEstimates(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testEstimates[float32])
		t.Run("float64", testEstimates[float64])
	})
}

func testEstimates[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(71, 72))
	var e Estimates[T]
	var ws EstimateSpace[T]
	for _, d := range append(columns(), 513, 784, 1100) {
		for kind := range kinds {
			if (d+kind)%4 != 0 {
				continue
			}
			const n, k = 9, 5
			x := Matrix[T]{fill[T](kind, n*(d+2), d%3, uint64(d)), n, d, d + 2}
			c := Matrix[T]{fill[T](kind, k*(d+1), d%2, uint64(d)+1000), k, d, d + 1}
			if err := e.Set(c, serially); err != nil {
				t.Fatal(err)
			}
			rows, idx := make([]int32, n*k+d%8), make([]int32, n*k+d%8)
			for i := range rows {
				rows[i], idx[i] = int32(r.IntN(n)), int32(r.IntN(k))
			}
			bounds := make([]float64, len(rows)+1)
			bounds[len(rows)] = 7
			if err := e.LowerBounds(bounds, x, rows, idx, &ws); err != nil {
				t.Fatal(err)
			}
			if bounds[len(rows)] != 7 {
				t.Fatal("written past the end")
			}
			for i, row := range rows {
				a, b := x.Row(int(row)), c.Row(int(idx[i]))
				want := squaredL2Generic(a, b)
				if !(bounds[i] <= float64(want)) && !(bounds[i] <= 0) {
					t.Fatalf("D=%d, %s, row %d and center %d: bound %v, distance %v", d, kinds[kind].name, row, idx[i], bounds[i], want)
				}
			}
		}
	}
}

// TestEstimatesClose: on plain data the bounds are within what is said of them.
func TestEstimatesClose(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		const n, d, k = 50, 400, 20
		x, c := Dense(fill[float32](2, n*d, 0, 1), n, d), Dense(fill[float32](2, k*d, 0, 2), k, d)
		var e Estimates[float32]
		if err := e.Set(c, serially); err != nil {
			t.Fatal(err)
		}
		if level, _ := kernel.Active(); EstimatesFaster(d) != (listedPairs && level != kernel.Generic) || EstimatesFaster(d/2) {
			t.Error("faster:", EstimatesFaster(d))
		}
		var rows, idx []int32
		for i := range n * k {
			rows, idx = append(rows, int32(i/k)), append(idx, int32(i%k))
		}
		bounds := make([]float64, n*k)
		if err := e.LowerBounds(bounds, x, rows, idx, new(EstimateSpace[float32])); err != nil {
			t.Fatal(err)
		}
		norm := func(v []float32) (s float64) {
			for j, v := range v {
				d := float64(v - e.shift[j])
				s += d * d
			}
			return math.Sqrt(s)
		}
		for i, b := range bounds {
			row, center := x.Row(int(rows[i])), c.Row(int(idx[i]))
			if d := float64(squaredL2Generic(row, center)); b > d || d-b > 0.03*norm(row)*norm(center)+1e-4*d {
				t.Fatalf("row %d and center %d: bound %v, distance %v", rows[i], idx[i], b, d)
			}
		}
	})
}

func TestEstimatesShape(t *testing.T) {
	var e Estimates[float32]
	if err := e.Set(Dense(make([]float32, 8), 2, 4), serially); err != nil {
		t.Fatal(err)
	}
	x, two := Dense(make([]float32, 12), 3, 4), make([]int32, 2)
	var ws EstimateSpace[float32]
	for i, err := range []error{
		e.Set(Dense[float32](nil, 0, 4), serially),
		e.Set(Matrix[float32]{make([]float32, 7), 2, 4, 4}, serially),
		e.LowerBounds(make([]float64, 1), x, two, two, &ws),
		e.LowerBounds(make([]float64, 2), x, two, two[:1], &ws),
		e.LowerBounds(make([]float64, 2), Dense(x.Data, 4, 3), two, two, &ws),
		e.LowerBounds(make([]float64, 2), x, []int32{0, 3}, two, &ws),
		e.LowerBounds(make([]float64, 2), x, two, []int32{2, 0}, &ws),
	} {
		if !errors.Is(err, ErrShape) {
			t.Errorf("%d: %v", i, err)
		}
	}
}
