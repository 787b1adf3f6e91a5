package cluster

import (
	"context"
	"math"
	"math/rand/v2"

	"github.com/seed-fbf9ce71/lloyd"
)

// random returns k different rows of positive weight.
func (f *fit[T]) random(r *rand.Rand) lloyd.Matrix[T] {
	c := lloyd.Dense(make([]T, f.k*f.x.D), f.k, f.x.D)
	for i, row := range f.sample(r) {
		copy(c.Row(i), f.x.Row(row))
	}
	return c
}

// sample draws k different rows, one after the other, each with a probability
// proportional to its weight among those left.
func (f *fit[T]) sample(r *rand.Rand) []int {
	rows := make([]int, 0, f.k)
	if f.weights == nil {
		// Floyd's algorithm: k draws, no permutation of N rows.
		seen := make(map[int]bool, f.k)
		for j := f.x.N - f.k; j < f.x.N; j++ {
			i := r.IntN(j + 1)
			if seen[i] {
				i = j
			}
			seen[i] = true
			rows = append(rows, i)
		}
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		return rows
	}
	left := make([]T, f.x.N)
	for i := range left {
		left[i] = 1
	}
	sums := f.weightSums(left)
	for range f.k {
		i := f.draw(r, sums, left)
		left[i] = 0
		from, to := i/blockRows*blockRows, min(len(left), (i/blockRows+1)*blockRows)
		sums[i/blockRows] = sumDistances(left[from:to], part(f.weights, from, to))
		rows = append(rows, i)
	}
	return rows
}

// weightSums returns Σ weight × factor for each block of rows.
func (f *fit[T]) weightSums(factors []T) []float64 {
	sums := make([]float64, blocks(len(factors)))
	for b := range sums {
		from, to := b*blockRows, min(len(factors), (b+1)*blockRows)
		sums[b] = sumDistances(factors[from:to], part(f.weights, from, to))
	}
	return sums
}

// plusPlus is greedy k-means++. The squared distance of each row to the nearest
// center so far is kept, with the sums of weight × distance of each block of
// rows, by which a row is drawn without a running sum over all rows.
func (f *fit[T]) plusPlus(ctx context.Context, candidates int, r *rand.Rand) (lloyd.Matrix[T], error) {
	x := f.x
	if candidates == 0 {
		candidates = 2 + int(math.Log(float64(f.k)))
	}
	centers := lloyd.Dense(make([]T, f.k*x.D), f.k, x.D)
	least := make([]T, x.N)
	for i := range least {
		least[i] = 1
	}
	potential := f.weightSums(least) // of the weights alone
	copy(centers.Row(0), x.Row(f.draw(r, potential, least)))
	for i := range least {
		least[i] = T(math.Inf(1))
	}
	trial := lloyd.Dense(make([]T, candidates*x.D), candidates, x.D)
	trials := make([]float64, candidates*blocks(x.N))
	dist := make([][blockRows]T, f.crew.workers(x.N, x.D*candidates))
	for k := 0; ; k++ {
		// The chosen center lowers the distances.
		err := f.crew.each(ctx, x.N, x.D, func(worker, from, to int) {
			must(lloyd.MinSquaredL2(least[from:to], x.Rows(from, to), centers.Rows(k, k+1), dist[worker][:]))
			potential[from/blockRows] = sumDistances(least[from:to], part(f.weights, from, to))
		})
		if err != nil {
			return centers, err
		}
		if k+1 == f.k {
			return centers, nil
		}
		if sumBlocks(potential) == 0 { // every row coincides with a center: repeat rows
			f.repeat(r, centers, k+1)
			return centers, nil
		}
		for c := range candidates {
			copy(trial.Row(c), x.Row(f.draw(r, potential, least)))
		}
		best := 0
		if candidates > 1 {
			err := f.crew.each(ctx, x.N, x.D*candidates, func(worker, from, to int) {
				d, rows, w := dist[worker][:to-from], x.Rows(from, to), part(f.weights, from, to)
				for c := range candidates {
					must(lloyd.SquaredL2Rows(d, rows, trial.Row(c)))
					trials[c*len(potential)+from/blockRows] = sumLeast(d, least[from:to], w)
				}
			})
			if err != nil {
				return centers, err
			}
			lowest := math.Inf(1)
			for c := range candidates {
				if p := sumBlocks(trials[c*len(potential) : (c+1)*len(potential)]); p < lowest {
					best, lowest = c, p
				}
			}
		}
		copy(centers.Row(k+1), trial.Row(best))
	}
}

// sumLeast returns Σ w·min(a, b) in float64, in the order of sumDistances, and
// leaves the minima in a; nil weights are 1.
func sumLeast[T element](a, b []T, weights []float64) float64 {
	for i, v := range b[:len(a)] {
		a[i] = min(a[i], v)
	}
	return sumDistances(a, weights)
}

// repeat fills the centers from k on with rows drawn by weight.
func (f *fit[T]) repeat(r *rand.Rand, centers lloyd.Matrix[T], k int) {
	for ; k < f.k; k++ {
		row := r.IntN(f.x.N)
		for f.weights != nil && f.weights[row] == 0 {
			row = (row + 1) % f.x.N
		}
		copy(centers.Row(k), f.x.Row(row))
	}
}

// draw returns a row with a probability proportional to weight × least, of
// which sums holds the sums by block.
func (f *fit[T]) draw(r *rand.Rand, sums []float64, least []T) int {
	at := float64(r.Float64() * sumBlocks(sums))
	block := 0
	for ; block < len(sums)-1 && at >= sums[block]; block++ {
		at -= sums[block]
	}
	for sums[block] == 0 { // rounding led past the last block that has any
		block--
	}
	row := -1
	for i := block * blockRows; i < min(len(least), (block+1)*blockRows); i++ {
		p := float64(least[i])
		if f.weights != nil {
			p = float64(p * f.weights[i])
		}
		if p > 0 {
			row = i
		}
		if at < p {
			break
		}
		at -= p
	}
	return row
}
