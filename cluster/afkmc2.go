package cluster

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/seed-fbf9ce71/lloyd"
)

// AFKMC2 is the seeding of Bachem, Lucic, Hassani and Krause, "Fast and Provably Good
// Seedings for k-Means", NIPS 2016: k-means++ in which a Markov chain of Chain rows
// approximates each draw. The rows of the chains are drawn with a probability that is
// half that of their weight, half that of their weight times the squared distance to the
// first center. Rows of weight 0 are never chosen. When fewer than K rows are distinct,
// the remaining centers repeat rows.
//
// It reads all rows once, and Chain rows for each center: for many more rows than
// Chain·K. Its centers are as good as those of KMeansPlusPlus with one candidate, which is
// not as good as those of KMeansPlusPlus or KMeansParallel. It takes 20 bytes a row (24
// of float64).
type AFKMC2 struct {
	// Chain is the number of rows of a chain; 0 is 200.
	Chain int
}

const defaultChain = 200

func (AFKMC2) restarts() int { return 1 }

// check checks the fields.
func (a AFKMC2) check() error {
	if a.Chain < 0 {
		return fmt.Errorf("%w: AFKMC2.Chain is %d; it must be at least 1, or 0 for %d", ErrParameter, a.Chain, defaultChain)
	}
	return nil
}

// chains is the state of AFKMC2.
type chains[T element] struct {
	*fit[T]
	centers lloyd.Matrix[T] // those chosen so far
	least   []T             // squared distance of each row to the nearest of the first seen centers
	seen    int

	proposal draw[T]         // of the rows of a chain; without running sums: none
	rows     []int           // of a chain
	gathered lloyd.Matrix[T] // these rows
	labels   []int32         // of each the nearest packed center
	dist     []T             // and the squared distance to the nearest of all
	scratch  []T
	packed   lloyd.Centers[T] // the first of the centers
	work     []lloyd.Workspace[T]
}

// chainRows is the number of rows of a chain that a thread takes at a time.
const chainRows = 64

// markov is AFKMC2.
func (f *fit[T]) markov(ctx context.Context, a AFKMC2, r *rand.Rand) (lloyd.Matrix[T], error) {
	m := a.Chain
	if m == 0 {
		m = defaultChain
	}
	first, least, weights := f.first(r)
	c := &chains[T]{
		fit: f, least: least, rows: make([]int, m), gathered: lloyd.Dense(make([]T, m*f.x.D), m, f.x.D),
		labels: make([]int32, m), dist: make([]T, m), scratch: make([]T, m), work: make([]lloyd.Workspace[T], (m+chainRows-1)/chainRows),
	}
	centers := lloyd.Dense(make([]T, f.k*f.x.D), f.k, f.x.D)
	copy(centers.Row(0), f.x.Row(first))
	c.centers = centers.Rows(0, 1)
	potential, err := c.update(ctx)
	if err != nil {
		return centers, err
	}
	c.propose(sumBlocks(potential), sumBlocks(weights))
	for k := 1; k < f.k; k++ {
		row, err := c.next(ctx, r)
		if err != nil {
			return centers, err
		}
		if row < 0 {
			f.repeat(r, centers, k)
			break
		}
		copy(centers.Row(k), f.x.Row(row))
		c.centers = centers.Rows(0, k+1)
	}
	return centers, nil
}

// propose sets the proposal, when least is the distance to the first center: half of
// weight × least, whose sum is potential, and half of the weight.
func (c *chains[T]) propose(potential, weight float64) {
	if potential == 0 {
		return
	}
	f := *c.fit
	f.weights = make([]float64, f.x.N)
	for i, d := range c.least {
		f.weights[i] = float64(d)/potential + 1/weight
		if c.weights != nil {
			f.weights[i] *= c.weights[i]
		}
	}
	c.proposal = f.newDraw()
}

// next returns the row of the next center: where a chain ends, or, if that is a center,
// a row drawn by its weight times the squared distance to the nearest center; −1 if all
// rows are centers.
func (c *chains[T]) next(ctx context.Context, r *rand.Rand) (row int, err error) {
	if c.proposal.running != nil {
		if row, dist := c.chain(r); dist > 0 {
			return row, ctx.Err()
		}
	}
	potential, err := c.update(ctx)
	if err != nil || sumBlocks(potential) == 0 {
		return -1, err
	}
	return c.draw(r, potential, c.least), nil
}

// chain returns the row at which a chain ends, and its squared distance to the nearest
// center. The chain goes on to the next row y from x with the probability
// min(1, d(y)²·q(x) / d(x)²·q(y)), with q the proposal of a row over its weight.
func (c *chains[T]) chain(r *rand.Rand) (row int, dist T) {
	c.proposal.rows(r, c.rows)
	c.gather(c.gathered, c.rows)
	if n := c.packed.K(); n == 0 || c.centers.N-n > 8+n/16 { // packing takes longer than these few
		must(c.packed.PackEach(c.centers, c.crew.eachOf))
	}
	others := c.centers.Rows(c.packed.K(), c.centers.N)
	c.crew.eachOf(len(c.work), chainRows*c.centers.N*c.x.D, func(i int) {
		from, to := i*chainRows, min(len(c.rows), (i+1)*chainRows)
		dist, x := c.dist[from:to], c.gathered.Rows(from, to)
		must(c.packed.Nearest(c.labels[from:to], dist, x, &c.work[i]))
		must(lloyd.MinSquaredL2(dist, x, others, c.scratch[from:to]))
	})
	var at int
	var odds float64
	for i, row := range c.rows {
		next := float64(c.dist[i]) / c.proposal.weights[row]
		if c.weights != nil {
			next *= c.weights[row]
		}
		if u := r.Float64(); odds == 0 || next > u*odds {
			at, odds = i, next
		}
	}
	return c.rows[at], c.dist[at]
}

// update brings least up to date with all centers, and returns Σ weight × least of each
// block.
func (c *chains[T]) update(ctx context.Context) ([]float64, error) {
	added := c.centers.Rows(c.seen, c.centers.N)
	potential := make([]float64, blocks(c.x.N))
	scratch := make([][blockRows]T, c.crew.workers(c.x.N, added.N*added.D))
	err := c.crew.each(ctx, c.x.N, added.N*added.D, func(worker, from, to int) {
		must(lloyd.MinSquaredL2(c.least[from:to], c.x.Rows(from, to), added, scratch[worker][:]))
		potential[from/blockRows] = sumDistances(c.least[from:to], part(c.weights, from, to))
	})
	c.seen = c.centers.N
	return potential, err
}
