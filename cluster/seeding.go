package cluster

import (
	"context"
	"math"
	"math/bits"
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
	if f.weights == nil {
		return different(r, f.k, f.x.N)
	}
	rows := make([]int, 0, f.k)
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

// different draws k different numbers from 0 to n−1, in random order: by Floyd's
// algorithm, which takes k draws and no permutation of n.
func different(r *rand.Rand, k, n int) []int {
	drawn := make([]int, 0, k)
	seen := make(map[int]bool, k)
	for j := n - k; j < n; j++ {
		i := r.IntN(j + 1)
		if seen[i] {
			i = j
		}
		seen[i] = true
		drawn = append(drawn, i)
	}
	r.Shuffle(k, func(i, j int) { drawn[i], drawn[j] = drawn[j], drawn[i] })
	return drawn
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

// first draws a row by weight. It also returns the squared distances of all rows to no
// center at all, +Inf, and the sums of the weights of each block.
func (f *fit[T]) first(r *rand.Rand) (row int, least []T, weights []float64) {
	least = make([]T, f.x.N)
	for i := range least {
		least[i] = 1
	}
	weights = f.weightSums(least)
	row = f.draw(r, weights, least)
	for i := range least {
		least[i] = T(math.Inf(1))
	}
	return row, least, weights
}

// plusPlus is greedy k-means++ (Arthur and Vassilvitskii, "k-means++: the
// advantages of careful seeding", 2007, with several candidates for each center).
// The squared distance of each row to the nearest center so far is kept, with the
// sums of weight × distance of each block of rows, by which a row is drawn
// without a running sum over all rows. One pass over the rows finds, for all
// candidates, the rows that are closer to them than to any center so far; the
// candidate that lowers Σ weight × distance most is taken, the first one on ties.
func (f *fit[T]) plusPlus(ctx context.Context, candidates int, r *rand.Rand) (lloyd.Matrix[T], error) {
	x := f.x
	if candidates == 0 {
		candidates = 2 + int(math.Log(float64(f.k)))
	}
	centers := lloyd.Dense(make([]T, f.k*x.D), f.k, x.D)
	first, least, potential := f.first(r)
	copy(centers.Row(0), x.Row(first))
	s := &trial[T]{
		fit: f, least: least, potential: potential, candidates: lloyd.Dense(make([]T, candidates*x.D), candidates, x.D),
		gain: make([]float64, candidates*len(potential)), marks: make([]uint64, candidates*len(potential)*markWords),
		workers: make([]trialWorker[T], f.crew.workers(x.N, x.D*candidates)),
	}
	err := f.crew.each(ctx, x.N, x.D, func(worker, from, to int) {
		must(lloyd.MinSquaredL2(least[from:to], x.Rows(from, to), centers.Rows(0, 1), s.workers[worker].dist[:]))
		potential[from/blockRows] = sumDistances(least[from:to], part(f.weights, from, to))
	})
	for k := 1; k < f.k && err == nil; k++ {
		if sumBlocks(potential) == 0 { // every row coincides with a center: repeat rows
			f.repeat(r, centers, k)
			break
		}
		for c := range candidates {
			copy(s.candidates.Row(c), x.Row(f.draw(r, potential, least)))
		}
		var best int
		if best, err = s.best(ctx); err == nil {
			copy(centers.Row(k), s.candidates.Row(best))
			err = s.choose(ctx, best)
		}
	}
	return centers, err
}

// trial is the state of plusPlus.
type trial[T element] struct {
	*fit[T]
	least      []T       // squared distance of each row to the nearest center
	potential  []float64 // Σ weight × least of each block
	candidates lloyd.Matrix[T]
	packed     *lloyd.Centers[T]
	gain       []float64 // by which each candidate lowers the potential of each block
	marks      []uint64  // the rows of each block that are closer to each candidate
	workers    []trialWorker[T]
}

// markWords is the number of words of the bit set of the rows of a block.
const markWords = blockRows / 64

type trialWorker[T element] struct {
	work   lloyd.Workspace[T]
	closer lloyd.Closer[T]
	rows   [blockRows]int32
	dist   [blockRows]T
}

// best returns the candidate that lowers the potential most.
func (s *trial[T]) best(ctx context.Context) (best int, err error) {
	if s.packed == nil {
		s.packed, err = lloyd.PackCenters(s.candidates)
	} else {
		err = s.packed.Pack(s.candidates)
	}
	must(err)
	clear(s.marks)
	n := s.candidates.N
	err = s.crew.each(ctx, s.x.N, s.x.D*n, func(worker, from, to int) {
		w, least, weights, block := &s.workers[worker], s.least[from:to], part(s.weights, from, to), from/blockRows
		must(s.packed.Closer(&w.closer, least, s.x.Rows(from, to), &w.work))
		for c := range n {
			at, to := w.closer.From[c], w.closer.From[c+1]
			marks := s.marks[(c*len(s.potential)+block)*markWords:][:markWords]
			var gain float64
			for i, row := range w.closer.Rows[at:to] {
				g := float64(least[row]) - float64(w.closer.Dist[at:to][i])
				if weights != nil {
					g = float64(g * weights[row])
				}
				gain += g
				marks[row/64] |= 1 << (row % 64)
			}
			s.gain[c*len(s.potential)+block] = gain
		}
	})
	most := math.Inf(-1)
	for c := range n {
		if g := sumBlocks(s.gain[c*len(s.potential) : (c+1)*len(s.potential)]); g > most {
			best, most = c, g
		}
	}
	return best, err
}

// choose lowers the distances of the rows that are closer to candidate c.
func (s *trial[T]) choose(ctx context.Context, c int) error {
	return s.crew.each(ctx, s.x.N, 1+s.x.D/8, func(worker, from, to int) {
		w, block := &s.workers[worker], from/blockRows
		n := 0
		for i, set := range s.marks[(c*len(s.potential)+block)*markWords:][:markWords] {
			for ; set != 0; set &= set - 1 {
				w.rows[n] = int32(64*i + bits.TrailingZeros64(set))
				n++
			}
		}
		if n == 0 {
			return
		}
		least, rows := s.least[from:to], w.rows[:n]
		must(lloyd.SquaredL2At(w.dist[:n], s.x.Rows(from, to), rows, s.candidates.Row(c)))
		for i, row := range rows {
			least[row] = w.dist[i]
		}
		s.potential[block] = sumDistances(least, part(s.weights, from, to))
	})
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
