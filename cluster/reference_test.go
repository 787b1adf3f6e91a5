package cluster

import (
	"fmt"
	"math"
	"testing"
)

// naive is Lloyd's algorithm as the textbook has it, with the rule for empty
// clusters of this package, for small data in float64. It returns labels,
// centers and the number of iterations.
func naive(rows, weights, centers []float64, d, most int) ([]int32, []float64, int) {
	n, k := len(rows)/d, len(centers)/d
	centers = append([]float64(nil), centers...)
	labels := make([]int32, n)
	for i := range labels {
		labels[i] = -1
	}
	weight := func(i int) float64 {
		if weights == nil {
			return 1
		}
		return weights[i]
	}
	distance := func(i, c int) float64 {
		var s float64
		for j := range d {
			s += (rows[i*d+j] - centers[c*d+j]) * (rows[i*d+j] - centers[c*d+j])
		}
		return s
	}
	assign := func() (moved bool) {
		for i := range n {
			best := 0
			for c := range k {
				if distance(i, c) < distance(i, best) {
					best = c
				}
			}
			moved = moved || labels[i] != int32(best) && weight(i) > 0 // rows of weight 0 do not count
			labels[i] = int32(best)
		}
		return moved
	}
	size := func(c int) (rows int) {
		for i, l := range labels {
			if int(l) == c && weight(i) > 0 {
				rows++
			}
		}
		return rows
	}
	for iteration := 1; ; iteration++ {
		if iteration > most {
			assign()
			return labels, centers, most
		}
		if !assign() {
			return labels, centers, iteration
		}
		far := make([]float64, n)
		for i := range far {
			if weight(i) > 0 {
				far[i] = distance(i, int(labels[i]))
			}
		}
		for c := range k {
			for size(c) == 0 {
				best := -1
				for i, f := range far {
					if f > 0 && (best < 0 || f > far[best]) {
						best = i
					}
				}
				if best < 0 {
					break
				}
				far[best] = 0
				if size(int(labels[best])) > 1 {
					labels[best] = int32(c)
				}
			}
		}
		for c := range k {
			mean, total := make([]float64, d), 0.0
			for i, l := range labels {
				if int(l) == c {
					total += weight(i)
					for j := range d {
						mean[j] += weight(i) * rows[i*d+j]
					}
				}
			}
			if total > 0 {
				for j := range d {
					centers[c*d+j] = mean[j] / total
				}
			}
		}
	}
}

// TestReference is vector 35, for one iteration and for whole runs: the fit is
// that of the naive reference.
func TestReference(t *testing.T) {
	for _, most := range []int{1, 2, 300} {
		for seed := range uint64(40) {
			r := random(35, seed)
			n, d, k := 5+r.IntN(150), 1+r.IntN(6), 1+r.IntN(5)
			rows := blobs(r, n, d, k, 3)
			var weights []float64
			if seed%3 == 0 {
				weights = each(n, func(i int) float64 { return float64((i + 3) % 4) })
			}
			centers := append([]float64(nil), rows[:k*d]...)
			if seed%4 == 1 { // far away: empty clusters
				for i := range centers {
					centers[i] += 50 * float64(i/d)
				}
			}
			labels, means, iterations := naive(rows, weights, centers, d, most)
			x := matrix(d, rows...)
			m := mustFit(t, KMeans{K: k, Init: Given{matrix(d, centers...)}, MaxIter: most, Tol: -1}, x, weights)
			what := fmt.Sprintf("seed %d, MaxIter %d", seed, most)
			sameLabels(t, what, m.Labels, labels)
			nearNumbers(t, what, numbers(t, m.Centers), means, 1e-13)
			if m.Iterations != iterations {
				t.Errorf("%s: %d iterations, the reference has %d", what, m.Iterations, iterations)
			}
			coherent(t, m, x, weights)
		}
	}
}

// TestPrecisionOfMeans: a mean does not lose digits with the number of rows.
func TestPrecisionOfMeans(t *testing.T) {
	if testing.Short() {
		t.Skip("17 million rows")
	}
	n := 1<<24 + 1000 // where a float32 count of ones stops growing
	v := make([]float32, n)
	for i := range v {
		v[i] = 1000.25 + float32(i&1)/2
	}
	x := matrix(1, v...)
	v = nil
	m := mustFit(t, KMeans{K: 1, Tol: -1}, x, nil)
	if c := numbers(t, m.Centers)[0]; c != 1000.5 || m.Counts[0] != int64(n) || math.Abs(m.Inertia-float64(n)/16) > 1e-6*float64(n) {
		t.Errorf("center %v of %d rows, inertia %v; want 1000.5, %d, %v", c, m.Counts[0], m.Inertia, n, float64(n)/16)
	}
}
