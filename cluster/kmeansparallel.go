package cluster

import (
	"context"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"

	"github.com/seed-fbf9ce71/lloyd"
)

// KMeansParallel is k-means|| (Bahmani, Moseley, Vattani, Kumar and Vassilvitskii,
// "Scalable K-Means++", VLDB 2012, algorithm 2): a few rounds take rows as candidates,
// each row by itself with a probability proportional to its weight times the squared
// distance to the nearest candidate of the rounds before. Each candidate gets the weight
// of the rows that it is nearest to, and KMeansPlusPlus chooses the centers among them.
// Rows of weight 0 are never chosen. When fewer than K rows are distinct, the remaining
// centers repeat rows.
//
// The rows are read once a round instead of once a center, with many candidates at a
// time: from some fifty clusters on it takes a small part of the time of KMeansPlusPlus,
// to the same inertia after Lloyd's iterations (bench/NOTES.md). It takes 8 bytes a row
// (12 of float64), and a copy of the candidates.
type KMeansParallel struct {
	// Oversampling is the number of candidates that a round is expected to add, as a
	// multiple of K: the ℓ of the paper, divided by K. 0 is 0.5. With 2, the other value
	// of the paper, initial centers have a slightly lower inertia, and take up to four
	// times as long; after the fit there is no difference.
	Oversampling float64
	// Rounds is the number of rounds, if they find K different candidates; otherwise it
	// takes more. 0 is 5.
	Rounds int
}

const (
	defaultOversampling = 0.5
	defaultRounds       = 5
)

func (KMeansParallel) restarts() int { return 1 }

// check checks the fields.
func (p KMeansParallel) check() error {
	if p.Rounds < 0 {
		return fmt.Errorf("%w: KMeansParallel.Rounds is %d; it must be at least 1, or 0 for %d", ErrParameter, p.Rounds, defaultRounds)
	}
	if !(p.Oversampling >= 0) || math.IsInf(p.Oversampling, 1) {
		return fmt.Errorf("%w: KMeansParallel.Oversampling is %v; it must be finite and above 0, or 0 for %v", ErrParameter, p.Oversampling, defaultOversampling)
	}
	return nil
}

// oversampling is the state of KMeansParallel.
type oversampling[T element] struct {
	*fit[T]
	least     []T       // squared distance of each row to the nearest candidate
	nearest   []int32   // that candidate
	potential []float64 // Σ weight × least of each block
	rows      []int     // of the candidates
	chosen    []uint64  // the rows of each block that a round takes
	workers   []scratch[T]
}

// parallel is KMeansParallel.
func (f *fit[T]) parallel(ctx context.Context, p KMeansParallel, r *rand.Rand) (lloyd.Matrix[T], error) {
	if p.Oversampling == 0 {
		p.Oversampling = defaultOversampling
	}
	if p.Rounds == 0 {
		p.Rounds = defaultRounds
	}
	first, least, potential := f.first(r)
	o := &oversampling[T]{
		fit: f, least: least, nearest: make([]int32, f.x.N), potential: potential, rows: []int{first},
		chosen: make([]uint64, markWords*blocks(f.x.N)), workers: make([]scratch[T], f.crew.workers(f.x.N, math.MaxInt)),
	}
	err := o.approach(ctx, 0)
	for round := 0; err == nil; round++ {
		total := sumBlocks(o.potential)
		if total == 0 || round >= p.Rounds && o.different() >= f.k {
			break
		}
		before := len(o.rows)
		if err = o.round(ctx, p.Oversampling*float64(f.k)/total, r.Uint64()); err != nil {
			break
		}
		if len(o.rows) == before {
			o.rows = append(o.rows, f.draw(r, o.potential, o.least))
		}
		err = o.approach(ctx, before)
	}
	if err != nil {
		return lloyd.Matrix[T]{}, err
	}
	return o.candidates().plusPlus(ctx, 0, r)
}

// round takes each row with the probability scale × weight × least, by a random source
// for each block.
func (o *oversampling[T]) round(ctx context.Context, scale float64, seed uint64) error {
	err := o.crew.each(ctx, o.x.N, 8, func(_, from, to int) {
		r := rand.New(rand.NewPCG(seed, uint64(from/blockRows)))
		chosen := o.chosen[from/blockRows*markWords:][:markWords]
		clear(chosen)
		for i, d := range o.least[from:to] {
			p := scale * float64(d)
			if o.weights != nil {
				p *= o.weights[from+i]
			}
			if r.Float64() < p {
				chosen[i/64] |= 1 << (i % 64)
			}
		}
	})
	for w, set := range o.chosen {
		for ; set != 0; set &= set - 1 {
			o.rows = append(o.rows, w/markWords*blockRows+w%markWords*64+bits.TrailingZeros64(set))
		}
	}
	return err
}

// approach lowers the distances of the rows that are nearer to a candidate, from the
// given one on, than to those before.
func (o *oversampling[T]) approach(ctx context.Context, first int) error {
	n := len(o.rows) - first
	added := lloyd.Dense(make([]T, n*o.x.D), n, o.x.D)
	o.gather(added, o.rows[first:])
	packed := new(lloyd.Centers[T])
	must(packed.PackEach(added, o.crew.eachOf))
	return o.crew.each(ctx, o.x.N, n*o.x.D, func(worker, from, to int) {
		w := &o.workers[worker]
		labels, dist, least := w.labels[:to-from], w.dist[:to-from], o.least[from:to]
		must(packed.Nearest(labels, dist, o.x.Rows(from, to), &w.work))
		for i, d := range dist {
			if d < least[i] {
				least[i], o.nearest[from+i] = d, int32(first)+labels[i]
			}
		}
		o.potential[from/blockRows] = sumDistances(least, part(o.weights, from, to))
	})
}

// own reports whether a candidate is the first one of its kind: the nearest to its row.
func (o *oversampling[T]) own(candidate int) bool {
	return int(o.nearest[o.rows[candidate]]) == candidate
}

// different returns the number of different candidates.
func (o *oversampling[T]) different() (n int) {
	for c := range o.rows {
		if o.own(c) {
			n++
		}
	}
	return n
}

// candidates returns the fit of the different candidates, each with the weight of the
// rows that it is nearest to.
func (o *oversampling[T]) candidates() *fit[T] {
	weight := make([]float64, len(o.rows))
	for i, c := range o.nearest {
		w := 1.
		if o.weights != nil {
			w = o.weights[i]
		}
		weight[c] += w
	}
	f := *o.fit
	var rows []int
	f.weights = nil
	for c, row := range o.rows {
		if o.own(c) {
			rows, f.weights = append(rows, row), append(f.weights, weight[c])
		}
	}
	f.x = lloyd.Dense(make([]T, len(rows)*o.x.D), len(rows), o.x.D)
	o.gather(f.x, rows)
	return &f
}
