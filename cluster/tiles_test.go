package cluster

import (
	"fmt"
	"math"
	"testing"
	"time"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// TestTiles: on clusters that are apart, on a plane and in more columns, Tiles and Auto leave
// out most distances, and have the labels, centers and inertia of plain Lloyd to the bit: in
// both dtypes, with weights, several runs, rows that coincide, an offset, and any number of
// threads.
func TestTiles(t *testing.T) {
	n := 9000
	if testing.Short() {
		n = 2100 // some panels, of which the last is not whole
	}
	forEachLevel(t, func(t *testing.T) {
		level, err := lloyd.Level()
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range []struct {
			dt       tensor.Dtype
			d, k     int
			spread   float64
			offset   float64
			weighted bool
			restarts int
			most     float64 // share of the distances
		}{
			{tensor.Float32, 2, 40, 2, 0, false, 1, 0.3},
			{tensor.Float32, 16, 60, 1, 0, true, 2, 0.5},
			{tensor.Float64, 3, 40, 1.5, 100, true, 1, 0.5},
			{tensor.Float64, 40, 50, 0.5, 0, false, 1, 0.6},
			{tensor.Float32, 1, 20, 5, -3, false, 1, 0.5},
			{tensor.Float32, 7, 33, 1, 1000, false, 1, 0.6},
		} {
			t.Run(fmt.Sprintf("%v of %d columns", c.dt, c.d), func(t *testing.T) {
				if level == kernel.Generic && (i > 1 || testing.Short()) {
					t.Skip("slow without assembly, and hardly different")
				}
				rows := blobs(random(uint64(160+i)), n, c.d, c.k, c.spread)
				for j := range rows {
					rows[j] += c.offset
				}
				copy(rows[c.d*1000:], rows[:c.d*500]) // rows twice
				x := matrixOf(c.dt, c.d, rows...)
				var weights []float64
				if c.weighted {
					weights = each(n, func(i int) float64 { return float64(i % 3) })
				}
				km := KMeans{K: c.k, Init: Random{}, Seed: 5, MaxIter: 20, Tol: -1, Restarts: c.restarts, Algorithm: Lloyd}
				want := mustFit(t, km, x, weights)
				for i, a := range []Algorithm{Tiles, Auto, Tiles} {
					var pairs, by int64
					km.Algorithm, km.Threads, km.WithoutInertia = a, 1+i, i == 1
					km.Observer = func(i Iteration) {
						if i.Engine == "tiles" {
							pairs += i.Pairs
							by++
						}
					}
					sameModel(t, a.String(), mustFit(t, km, x, weights), want)
					if a == Tiles && (by == 0 || float64(pairs) > c.most*float64(by)*float64(n*c.k)) {
						t.Errorf("%v: %.3f of the distances in %d iterations", a, float64(pairs)/float64(by)/float64(n*c.k), by)
					}
				}
			})
		}
	})
}

// TestTilesChosen: Auto goes by bounds of tiles on many small clusters, unless there is no
// memory for them, and says so.
func TestTilesChosen(t *testing.T) {
	if testing.Short() {
		t.Skip("takes too many rows for a short run")
	}
	if level, err := lloyd.Level(); err != nil || level == kernel.Generic {
		t.Skip("the costs are those of assembly")
	}
	const n, d, k = 30000, 16, 300
	x := matrixOf(tensor.Float32, d, blobs(random(71), n, d, k, 0.02)...)
	f := &fit[float32]{x: lloyd.Matrix[float32]{N: n, D: d}, k: k}
	for _, memory := range []int64{0, int64(math.Ceil(f.tileBytes())) - 1, -1} {
		seen := map[string]int{}
		mustFit(t, KMeans{K: k, Init: Random{}, Seed: 1, MaxIter: 25, Tol: -1, Memory: memory, WithoutInertia: true, Observer: func(i Iteration) { seen[i.Engine]++ }}, x, nil)
		if seen["tiles"] > 0 != (memory == 0) {
			t.Errorf("with %d bytes: %v", memory, seen)
		}
	}
}

// TestTilesCanceled: a fit that is cut off anywhere while it goes by bounds of tiles
// returns the state before, labels and centers in agreement.
func TestTilesCanceled(t *testing.T) {
	const n, d, k = 20000, 3, 80
	x := matrixOf(tensor.Float32, d, blobs(random(61), n, d, k, 1)...)
	cutOff(t, KMeans{K: k, Seed: 5, MaxIter: 20, Tol: -1, Algorithm: Tiles, WithoutInertia: true}, x, 20*time.Millisecond, 2*time.Millisecond)
}
