package cluster

import (
	"errors"
	"math"
	"testing"
	"time"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// TestPairs: on overlapping clusters, Elkan and Auto leave out most distances, and have
// the labels, centers and inertia of plain Lloyd to the bit: in both dtypes, with
// weights, several runs, rows that coincide, and any number of threads.
func TestPairs(t *testing.T) {
	n, d, k := 6000, 96, 100
	if testing.Short() {
		n = 1500
	}
	forEachLevel(t, func(t *testing.T) {
		level, err := lloyd.Level()
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range []struct {
			name     string
			dt       tensor.Dtype
			offset   float64
			weighted bool
			restarts int
		}{
			{"float32", tensor.Float32, 0, false, 1}, {"float64", tensor.Float64, 0, true, 2}, {"float32 with an offset", tensor.Float32, 1000, false, 1},
		} {
			t.Run(c.name, func(t *testing.T) {
				if level == kernel.Generic && i > 0 {
					t.Skip("slow without assembly, and hardly different")
				}
				rows := blobs(random(uint64(60+i)), n, d, k, 0.05)
				for j := range rows {
					rows[j] += c.offset
				}
				copy(rows[d*1000:], rows[:d*500]) // rows twice
				x := matrixOf(c.dt, d, rows...)
				var weights []float64
				if c.weighted {
					weights = each(n, func(i int) float64 { return float64(i % 3) })
				}
				km := KMeans{K: k, Seed: 5, MaxIter: 16, Tol: -1, Restarts: c.restarts, Algorithm: Lloyd}
				want := mustFit(t, km, x, weights)
				for i, a := range []Algorithm{Elkan, Auto, Elkan} {
					if testing.Short() && a == Auto {
						continue // too few rows for it
					}
					var pairs, pruned int64
					km.Algorithm, km.Threads, km.WithoutInertia = a, 1+i, i == 1
					km.Observer = func(i Iteration) { pairs += i.Pairs; pruned += i.Pruned }
					sameModel(t, a.String(), mustFit(t, km, x, weights), want)
					if pairs == 0 || pairs > int64(16*c.restarts*n*k/4) || pruned == 0 {
						t.Errorf("%v: %d distances in all, %d rows left out, of %d in an iteration", a, pairs, pruned, n*k)
					}
				}
			})
		}
	})
}

// TestPairsMemory: without memory for them, Auto takes no bounds of pairs.
func TestPairsMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("takes too many rows for a short run")
	}
	const n, d, k = 6000, 96, 100
	x := matrixOf(tensor.Float32, d, blobs(random(60), n, d, k, 0.05)...)
	for _, c := range []struct {
		memory int64
		used   bool
	}{{0, true}, {-1, false}, {withoutPairs(n, k), false}, {withoutPairs(n, k) + 1, true}} {
		var pairs int64
		mustFit(t, KMeans{K: k, Seed: 5, MaxIter: 16, Tol: -1, Memory: c.memory, WithoutInertia: true, Observer: func(i Iteration) { pairs += i.Pairs }}, x, nil)
		if pairs > 0 != c.used {
			t.Errorf("with %d bytes, %d distances of pairs", c.memory, pairs)
		}
	}
}

// TestPairsCanceled: a fit that is cut off anywhere while it goes by bounds of pairs
// returns the state before, labels and centers in agreement.
func TestPairsCanceled(t *testing.T) {
	const n, d, k = 4000, 40, 80
	x := matrixOf(tensor.Float32, d, blobs(random(61), n, d, k, 0.05)...)
	cutOff(t, KMeans{K: k, Seed: 5, MaxIter: 20, Tol: -1, Algorithm: Elkan, WithoutInertia: true}, x, 20*time.Millisecond, 2*time.Millisecond)
}

// TestPairsFar: initial centers so far away that distances in quanta overflow: a bound of
// +Inf settles no row, nor a tile. The first row, by which the quantum is chosen, has no weight: so
// it is not the one that an empty cluster gets.
func TestPairsFar(t *testing.T) {
	forEachLevel(t, func(t *testing.T) {
		for dt, scale := range map[tensor.Dtype][2]float64{tensor.Float32: {0x1p-59, 0x1p58}, tensor.Float64: {1, 1e60}} {
			for _, d := range []int{1, 20} {
				rows, centers := noise(random(91), 300, d), make([]float64, 3*d)
				for i := range rows {
					rows[i] *= scale[0]
				}
				centers[0], centers[d], centers[2*d] = scale[1], 1.5*scale[1], -2*scale[1]
				weights := each(len(rows)/d, func(i int) float64 { return float64(min(i, 1)) })
				x := matrixOf(dt, d, rows...)
				km := KMeans{K: 3, Init: Given{matrixOf(dt, d, centers...)}, Frozen: []int{0}, Tol: -1, Algorithm: Lloyd}
				want := mustFit(t, km, x, weights)
				for _, a := range []Algorithm{Elkan, Tiles} {
					km.Algorithm = a
					sameModel(t, dt.String(), mustFit(t, km, x, weights), want)
				}
			}
		}
	})
}

// TestPairsSpace: with many centers, a worker takes room for the pairs of fewer panels at
// a time, and a fit by bounds of pairs that no memory could hold is refused.
func TestPairsSpace(t *testing.T) {
	for _, k := range []int{1, 100, 2000, 3000, 30000} {
		var s pairSpace[float32]
		s.fit(k, 16, 1<<20)
		if panel := 12 * lloyd.PairRows * k; 12*len(s.rows) > max(pairsBytes, panel, 12*blockRows) || len(s.rows) < k*lloyd.PairRows*s.group {
			t.Errorf("K=%d: room for %d pairs, %d panels", k, len(s.rows), s.group)
		}
	}
	f := &fit[float32]{x: lloyd.Matrix[float32]{N: math.MaxInt / 8, D: 1, LD: 1}}
	for _, a := range []Algorithm{Elkan, Tiles} {
		if err := f.settings(KMeans{K: 1000, Algorithm: a, Memory: -1}, f.x.N); !errors.Is(err, ErrParameter) {
			t.Errorf("%v, more bounds than there are addresses: %v", a, err)
		}
	}
}
