package lloyd

import (
	"errors"
	"math/rand/v2"
	"testing"
)

// TestSquaredL2Listed: the distances of SquaredL2, to the bit, for every D from 0 to 300
// and every number of pairs, on all kinds of rows.
func TestSquaredL2Listed(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		t.Run("float32", testSquaredL2Listed[float32])
		t.Run("float64", testSquaredL2Listed[float64])
	})
}

func testSquaredL2Listed[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(61, 62))
	for _, d := range append(columns(), 513, 1100) {
		kind := d % len(kinds)
		const n, k = 9, 5
		x := Matrix[T]{fill[T](kind, n*(d+2), d%3, uint64(d)), n, d, d + 2}
		y := Matrix[T]{fill[T](kind, k*(d+1), d%2, uint64(d)+1000), k, d, d + 1}
		rows, idx := make([]int32, d%8), make([]int32, d%8)
		for i := range rows {
			rows[i], idx[i] = int32(r.IntN(n)), int32(r.IntN(k))
		}
		got, want := make([]T, len(rows)+1), make([]T, len(rows)+1)
		got[len(rows)], want[len(rows)] = 7, 7
		for i, row := range rows {
			v, err := SquaredL2(x.Row(int(row)), y.Row(int(idx[i])))
			if err != nil {
				t.Fatal(err)
			}
			want[i] = v
		}
		if err := SquaredL2Listed(got, x, rows, y, idx); err != nil {
			t.Fatal(err)
		}
		sameSlice(t, kinds[kind].name, got, want)
	}
}

func TestSquaredL2ListedShape(t *testing.T) {
	x, y, two := Dense(make([]float32, 12), 3, 4), Dense(make([]float32, 8), 2, 4), make([]int32, 2)
	for i, err := range []error{
		SquaredL2Listed(make([]float32, 1), x, two, y, two),
		SquaredL2Listed(make([]float32, 2), x, two, y, two[:1]),
		SquaredL2Listed(make([]float32, 2), x, two, Dense(y.Data, 4, 2), two),
		SquaredL2Listed(make([]float32, 2), x, []int32{0, 3}, y, two),
		SquaredL2Listed(make([]float32, 2), x, two, y, []int32{-1, 0}),
	} {
		if !errors.Is(err, ErrShape) {
			t.Errorf("%d: %v", i, err)
		}
	}
}
