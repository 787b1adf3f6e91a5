package cluster

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gorgonia.org/tensor"
)

// someRows returns n rows of d columns of a kind that engines may trip over.
func someRows(r *rand.Rand, kind, n, d int) []float64 {
	rows := make([]float64, 0, n*d)
	for i := range n {
		for j := range d {
			var v float64
			switch kind % 8 {
			case 0: // noise
				v = r.NormFloat64()
			case 1: // blobs
				v = float64(i*7%5*(j%3)) + 0.2*r.NormFloat64()
			case 2: // a grid of whole numbers: ties
				v = float64(r.IntN(3))
			case 3: // few different rows
				v = float64((i % 4) * (j%2 + 1))
			case 4: // far from the origin
				v = 1e5 + r.NormFloat64()
			case 5: // tiny
				v = 1e-17 * r.NormFloat64()
			case 6: // pixels
				v = float64(r.IntN(256))
			case 7: // heavy tails
				v = math.Tan(1.5 * (2*r.Float64() - 1))
			}
			rows = append(rows, v)
		}
	}
	return rows
}

// TestAlgorithms: every algorithm has the labels, centers, inertia and iterations of
// plain Lloyd, to the bit, on every level, for both dtypes, with and without weights,
// on one and several threads, over random fits of all kinds of rows.
func TestAlgorithms(t *testing.T) {
	fits := 240
	if testing.Short() {
		fits = 8
	}
	forEachLevel(t, func(t *testing.T) {
		var pruned int64
		for i := range fits {
			r := random(uint64(1000 + i))
			d := []int{1, 2, 3, 5, 16, 33, 40, 64, 100, 300, 2000}[r.IntN(11)]
			n := 2 + r.IntN(700)
			if d > 200 {
				n = 2 + r.IntN(150)
			}
			k := 1 + r.IntN(min(n, 90))
			if i%20 == 0 {
				k = n
				if d > 200 {
					k = 1
				}
			}
			x := matrixOf(dtypes[i%2], d, someRows(r, i/2, n, d)...)
			var weights []float64
			if r.IntN(3) == 0 {
				weights = each(n, func(int) float64 { return float64(1 + r.IntN(4)) })
			}
			km := KMeans{K: k, Seed: uint64(i), MaxIter: 12, Tol: -1, Algorithm: Lloyd, Threads: 1 + i%3}
			want := mustFit(t, km, x, weights)
			for _, a := range []Algorithm{Auto, Hamerly, Elkan, Tiles} {
				km.Algorithm, km.Threads = a, 1+(i+1)%3
				km.Observer = func(i Iteration) { pruned += i.Pruned }
				km.WithoutInertia = r.IntN(2) == 0
				sameModel(t, fmt.Sprintf("fit %d, %v, %v, %d×%d, K=%d", i, a, x.Dtype(), n, d, k), mustFit(t, km, x, weights), want)
			}
		}
		if pruned == 0 {
			t.Error("no row was ever skipped")
		}
	})
}

// TestAlgorithmsObserved: the observer is told the same inertia, shifts and moves.
func TestAlgorithmsObserved(t *testing.T) {
	x := matrixOf(tensor.Float32, 20, blobs(random(77), 3000, 20, 40, 1)...)
	watch := func(a Algorithm) (seen []Iteration) {
		mustFit(t, KMeans{K: 40, Seed: 3, Tol: -1, Algorithm: a, Observer: func(i Iteration) {
			i.Engine, i.Pruned, i.Pairs, i.Integers, i.Listed, i.Open, i.Direct, i.Assign, i.Update, i.Elapsed = "", 0, 0, 0, 0, 0, 0, 0, 0, 0
			seen = append(seen, i)
		}}, x, nil)
		return seen
	}
	want := watch(Lloyd)
	for _, a := range []Algorithm{Auto, Hamerly, Elkan, Tiles} {
		got := watch(a)
		if len(got) != len(want) {
			t.Fatalf("%v: %d iterations, Lloyd takes %d", a, len(got), len(want))
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%v: %+v, Lloyd says %+v", a, got[i], want[i])
			}
		}
	}
}

// FuzzAlgorithms looks for a fit on which the algorithms differ.
func FuzzAlgorithms(f *testing.F) {
	for kind := range 8 {
		f.Add(uint64(kind), uint8(kind), uint16(300), uint8(20), uint8(9))
	}
	f.Fuzz(func(t *testing.T, seed uint64, kind uint8, rows uint16, columns, clusters uint8) {
		n, d := 1+int(rows)%900, 1+int(columns)%70
		k := 1 + int(clusters)%min(n, 80)
		x := matrixOf(dtypes[seed%2], d, someRows(random(seed), int(kind), n, d)...)
		km := KMeans{K: k, Seed: seed, MaxIter: 10, Tol: -1, Algorithm: Lloyd}
		want := mustFit(t, km, x, nil)
		for _, a := range []Algorithm{Auto, Hamerly, Elkan, Tiles} {
			km.Algorithm = a
			sameModel(t, a.String(), mustFit(t, km, x, nil), want)
		}
	})
}

func TestAlgorithmNames(t *testing.T) {
	for a, want := range []string{"auto", "lloyd", "hamerly", "elkan", "tiles", "Algorithm(5)"} {
		if got := Algorithm(a).String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
