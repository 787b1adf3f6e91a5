package cluster

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"
	"unsafe"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

const (
	defaultMaxIter = 300
	defaultTol     = 1e-4
)

// FitWeighted is Fit with a weight for each row: N finite numbers of at least 0,
// not all 0; nil is 1 for every row. A weight of w counts as w copies of the row,
// in the seeding, the means, the inertia and the stop rule; a row of weight 0 has
// a label but otherwise no part in the fit. The weights are not normalised.
//
// Errors are those of Fit; ErrInput covers the weights.
func (km KMeans) FitWeighted(ctx context.Context, x *tensor.Dense, weights []float64) (*Model, error) {
	if err := checkTensor("x", x); err != nil {
		return nil, err
	}
	if x.Dtype() == tensor.Float32 {
		return fitAs[float32](ctx, km, x, weights)
	}
	return fitAs[float64](ctx, km, x, weights)
}

// leastMemory is what bounds of pairs and a contraction may take of any fit.
const leastMemory = 64 << 20

// fit is what the runs of one fit share.
type fit[T element] struct {
	tensor    *tensor.Dense
	x         lloyd.Matrix[T] // without elements if they come from a source
	source    *passes[T]      // nil: the rows are in memory
	unlabeled bool            // no labels are kept
	initSize  int             // rows that initial centers are chosen from; 0: all
	weights   []float64       // nil: all 1
	k         int
	init      Init
	spherical bool   // rows and centers have length 1
	raw       bool   // but rows only when they are taken
	frozen    []bool // centers that stay; nil: none
	algorithm Algorithm
	memory    int64 // bytes that bounds of pairs may take, and a contraction
	restarts  int
	maxIter   int
	refine    int
	seed      uint64
	crew      *crew
	observer  func(Iteration)
	silent    bool    // about the inertia
	top       float64 // largest magnitude of an element of a row that has a weight
	topWeight float64
	total     float64 // of the weights
	tolerance float64 // on Σ‖shift‖²; negative: no such rule

	rates      rates           // of the costs
	contracted *contraction[T] // what the runs share of it
	flat       bool            // the rows have no principal directions
}

func fitAs[T element](ctx context.Context, km KMeans, x *tensor.Dense, weights []float64) (*Model, error) {
	crew := newCrew(km.Threads)
	defer crew.close()
	f, err := newFit[T](ctx, crew, km, x, weights)
	if err != nil {
		return nil, err
	}
	return f.best(ctx)
}

// newFit checks everything that can be checked before the first run.
func newFit[T element](ctx context.Context, c *crew, km KMeans, xt *tensor.Dense, weights []float64) (*fit[T], error) {
	if _, err := lloyd.Level(); err != nil {
		return nil, err
	}
	x, err := rowsOf[T]("x", xt)
	if err != nil {
		return nil, err
	}
	f := &fit[T]{tensor: xt, x: x, weights: weights, crew: c}
	return f, f.prepare(ctx, km)
}

// prepare checks the settings and the rows, and finds out what runs need to know of
// the rows.
func (f *fit[T]) prepare(ctx context.Context, km KMeans) error {
	total, topWeight, positive, err := checkWeights(f.weights, f.x.N)
	if err != nil {
		return err
	}
	f.topWeight, f.total = topWeight, total
	if err := f.settings(km, positive); err != nil {
		return err
	}
	f.crew.summon(f.crew.workers(f.x.N, f.k*f.x.D))
	m, err := f.moments(ctx)
	if err != nil {
		return err
	}
	top, _ := m.Largest()
	f.top = float64(top)
	if err := tooSmall[T]("x", f.top, f.x.D); err != nil {
		return err
	}
	if err := checkProducts(f.top, f.x.D, total); err != nil {
		return err
	}
	if err := checkVanishing(f.top, f.weights != nil, topWeight); err != nil {
		return err
	}
	if f.spherical && f.source == nil { // a source gives rows of length 1
		if m, err = f.normalise(ctx); err != nil {
			return err
		}
	}
	f.setTolerance(m, km.Tol)
	if km.AbsTol > 0 {
		f.tolerance = max(f.tolerance, km.AbsTol)
	}
	return nil
}

// setTolerance sets tolerance for KMeans.Tol and the moments of the rows.
func (f *fit[T]) setTolerance(m *lloyd.Moments[T], tol float64) {
	switch {
	case tol < 0:
		f.tolerance = -1
	case tol == 0:
		f.tolerance = variance(m, f.x.D) * defaultTol
	default:
		f.tolerance = variance(m, f.x.D) * tol
	}
}

// subset returns the fit of k clusters to a copy of some of the rows, with tol for
// KMeans.Tol.
func (f *fit[T]) subset(ctx context.Context, rows []int, k int, seed uint64, tol float64) (*fit[T], error) {
	s := *f
	s.k, s.seed = k, seed
	s.x = lloyd.Dense(make([]T, len(rows)*f.x.D), len(rows), f.x.D)
	f.gather(s.x, rows)
	s.tensor, s.total = tensorOf(s.x), float64(len(rows))
	if f.weights != nil {
		s.weights, s.total = make([]float64, len(rows)), 0
		for i, row := range rows {
			s.weights[i] = f.weights[row]
			s.total += f.weights[row]
		}
	}
	m, err := moments(ctx, f.crew, "x", s.x, s.weights, false)
	if err != nil {
		return nil, err
	}
	s.setTolerance(m, tol)
	return &s, nil
}

// settings takes over km's fields: it checks them against the rows and fills in the
// defaults.
func (f *fit[T]) settings(km KMeans, positive int) error {
	f.k, f.init, f.spherical, f.algorithm, f.memory = km.K, km.Init, km.Spherical, km.Algorithm, km.Memory
	f.restarts, f.maxIter, f.refine, f.seed = km.Restarts, km.MaxIter, km.Refine, km.Seed
	f.observer, f.silent = km.Observer, km.WithoutInertia
	switch {
	case km.K < 1:
		return fmt.Errorf("%w: K is %d; it must be at least 1", ErrParameter, km.K)
	case km.K > f.x.N:
		return fmt.Errorf("%w: K is %d, but there are only %d rows; K must not be larger", ErrParameter, km.K, f.x.N)
	case km.K > positive:
		return fmt.Errorf("%w: K is %d, but only %d rows have a weight above 0; K must not be larger", ErrParameter, km.K, positive)
	case km.K > math.MaxInt32:
		return fmt.Errorf("%w: K is %d; labels are int32", ErrParameter, km.K)
	case km.Restarts < 0:
		return fmt.Errorf("%w: Restarts is %d; it must be at least 1, or 0 for the default", ErrParameter, km.Restarts)
	case km.MaxIter < 0:
		return fmt.Errorf("%w: MaxIter is %d; it must be at least 1, or 0 for %d", ErrParameter, km.MaxIter, defaultMaxIter)
	case km.Refine < 0:
		return fmt.Errorf("%w: Refine is %d; it must be at least 1, or 0 not to refine", ErrParameter, km.Refine)
	case km.Refine > 0 && len(km.Frozen) > 0:
		return fmt.Errorf("%w: Refine is %d and %d centers are Frozen; one of them must be 0", ErrParameter, km.Refine, len(km.Frozen))
	case km.Algorithm > Tiles:
		return fmt.Errorf("%w: Algorithm is %d; expected Auto, Lloyd, Hamerly, Elkan or Tiles", ErrParameter, km.Algorithm)
	case km.Tol != km.Tol || math.IsInf(km.Tol, 0):
		return fmt.Errorf("%w: Tol is %v; it must be finite (negative for none, 0 for %v)", ErrParameter, km.Tol, defaultTol)
	}
	if !(km.AbsTol >= 0) || math.IsInf(km.AbsTol, 0) {
		return fmt.Errorf("%w: AbsTol is %v; it must be finite and at least 0", ErrParameter, km.AbsTol)
	}
	if err := checkThreads(km.Threads); err != nil {
		return err
	}
	for a, bytes := range map[Algorithm]float64{Elkan: f.pairBytes(), Tiles: f.tileBytes()} {
		if f.algorithm == a && bytes > math.MaxInt {
			return fmt.Errorf("%w: Algorithm is %v, which takes %.3g bytes for %d rows and K = %d: more than can be addressed; expected Auto, Lloyd or Hamerly", ErrParameter, a, bytes, f.x.N, f.k)
		}
	}
	if f.maxIter == 0 {
		f.maxIter = defaultMaxIter
	}
	if f.memory == 0 {
		f.memory = max(leastMemory, int64(f.x.N)*int64(f.x.D)*int64(unsafe.Sizeof(T(0)))/2)
	}
	switch init := f.init.(type) {
	case nil:
		f.init = KMeansPlusPlus{}
	case KMeansPlusPlus:
		if init.Candidates < 0 {
			return fmt.Errorf("%w: KMeansPlusPlus.Candidates is %d; it must be at least 1, or 0 for 2+⌊ln K⌋", ErrParameter, init.Candidates)
		}
	case KMeansParallel:
		if err := init.check(); err != nil {
			return err
		}
	case AFKMC2:
		if err := init.check(); err != nil {
			return err
		}
	case Given:
		f.restarts = 1
		if _, err := f.given("the matrix of the initial centers", init.Centers); err != nil {
			return err
		}
	case InitFunc:
		if init == nil {
			return fmt.Errorf("%w: Init is a nil InitFunc", ErrParameter)
		}
	case Random:
	default: // a pointer to one of them, or a type that embeds one
		return fmt.Errorf("%w: Init is a %T; expected a KMeansPlusPlus, KMeansParallel, AFKMC2, Random, Given or InitFunc", ErrParameter, init)
	}
	if f.restarts == 0 {
		f.restarts = f.init.restarts()
	}
	return f.freeze(km.Frozen)
}

// freeze sets frozen.
func (f *fit[T]) freeze(centers []int) error {
	if len(centers) == 0 {
		return nil
	}
	switch f.init.(type) {
	case KMeansPlusPlus, KMeansParallel, AFKMC2, Random:
		return fmt.Errorf("%w: Frozen names centers, which %T puts anywhere; expected Init to be a Given or an InitFunc", ErrParameter, f.init)
	}
	f.frozen = make([]bool, f.k)
	for i, k := range centers {
		if k < 0 || k >= f.k {
			return fmt.Errorf("%w: Frozen[%d] is %d; expected the index of a center, from 0 to %d", ErrParameter, i, k, f.k-1)
		}
		f.frozen[k] = true
	}
	return nil
}

// variance returns the mean over the d columns of their weighted population
// variance.
func variance[T element](m *lloyd.Moments[T], d int) float64 {
	var sum float64
	for j := range d {
		sum += m.Variance(j)
	}
	return sum / float64(d)
}

// inertia returns Σ w·‖x−c‖² with each row's center given by its label: in
// float64, by blocks of rows in order.
func (f *fit[T]) inertia(ctx context.Context, centers lloyd.Matrix[T], labels []int32) (float64, error) {
	sums := make([]float64, blocks(f.x.N))
	dist := make([][blockRows]T, f.crew.workers(f.x.N, f.x.D))
	err := f.crew.each(ctx, f.x.N, f.x.D, func(worker, from, to int) {
		d := dist[worker][:to-from]
		must(lloyd.SquaredL2Pairs(d, f.x.Rows(from, to), centers, labels[from:to]))
		sums[from/blockRows] = sumDistances(d, part(f.weights, from, to))
	})
	return sumBlocks(sums), err
}

// best runs restarts times and returns the model with the least inertia, the
// first one on ties. Runs that end in the same partition have the same centers
// and inertia to the bit, because sums do not depend on the order of anything.
func (f *fit[T]) best(ctx context.Context) (*Model, error) {
	var best *Model
	var seeding, iterating time.Duration
	var failure error
	for r := range f.restarts {
		start := time.Now()
		centers, err := f.seeds(ctx, source(f.seed, r))
		seeding += time.Since(start)
		if err != nil {
			failure = err
			break
		}
		start = time.Now()
		m, err := f.run(ctx, r, centers)
		iterating += time.Since(start)
		if m != nil && (best == nil || m.Counts != nil && m.Inertia < best.Inertia) {
			best = m
		}
		if err != nil {
			failure = err
			break
		}
	}
	if failure == nil && f.refine > 0 {
		start := time.Now()
		best, failure = f.breathe(ctx, best)
		iterating += time.Since(start)
	}
	if failure != nil {
		switch err := ctx.Err(); {
		case err != nil && errors.Is(failure, err):
			failure = fmt.Errorf("cluster: fit stopped: %w", failure)
		case f.source == nil:
			return nil, failure // not a cancellation: the input is at fault
		}
	}
	if best != nil {
		best.SeedTime, best.IterateTime = seeding, iterating
		if failure != nil {
			best.Stopped = Canceled
		}
	}
	return best, failure
}
