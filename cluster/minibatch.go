package cluster

import (
	"context"
	"fmt"
	"math"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// MiniBatch is the configuration of a mini-batch k-means fit (Sculley, "Web-Scale
// K-Means Clustering", WWW 2010): each step assigns some of the rows, drawn at
// random, and moves the centers a part of the way to their means. It is for many
// rows, or for rows that come in parts (PartialFit); the inertia is usually a few
// percent above that of KMeans. The zero value of every field but K is a sensible
// choice. A MiniBatch is never changed by a fit, and any number of fits may run at
// the same time.
type MiniBatch struct {
	// K is the number of clusters, from 1 to the number of rows.
	K int
	// Init chooses the initial centers, from InitSize rows; nil is KMeansPlusPlus{}.
	Init Init
	// Seedings is the number of times that initial centers are chosen. Those with the
	// least inertia on InitSize other rows are kept. 0 is 3 for Random and InitFunc,
	// 1 for the others. Given, and PartialFit, take the first ones.
	Seedings int
	// InitSize is the number of rows that initial centers are chosen from, at least K;
	// more than N is N. 0 is 3·BatchSize, or 3·K if that is more.
	InitSize int
	// BatchSize is the number of rows of a step; 0 is 1024, and more than N is N. They
	// are drawn with replacement, each with a probability proportional to its weight.
	BatchSize int
	// Epochs is the most passes over the rows: a fit ends after
	// ⌊Epochs·N / BatchSize⌋ steps. 0 is 100.
	Epochs int
	// Patience is the number of successive steps without a new minimum of the smoothed
	// inertia after which a fit ends. Smoothed is an exponentially weighted mean over
	// the batches, with the factor 2·BatchSize/(N+1), but at most 1, that leaves out
	// the first step. 0 is 10; a negative number switches the rule off.
	Patience int
	// Tol stops a fit when one step has Σ‖c_new − c_old‖² over all centers at most Tol
	// times the mean over the columns of their (weighted, population) variance. 0 or
	// less is no such rule.
	Tol float64
	// Rate is how far the centers move in a step.
	Rate Rate
	// Reassign is the share of the largest cluster's weight below which a center is
	// given up for a row of the batch, drawn at random. That is looked at whenever
	// 10·K more rows have been seen, and in each step before which some center has
	// never had a row; at most half as many centers as the batch has rows are moved at a time,
	// and they take the least weight of those that stay. 0 is 0.01, a negative number
	// never; at most 1.
	Reassign float64
	// Seed determines every random choice. The same data, configuration and Seed give
	// the same result, to the bit, whatever Threads is and on every kernel level.
	Seed uint64
	// Threads is the number of threads used; 0 is GOMAXPROCS.
	Threads int
	// WithoutLabels leaves out the last pass, which assigns all rows: the model has no
	// Labels and Counts then, and its Inertia is an estimate, the smoothed inertia of
	// the batches.
	WithoutLabels bool
	// Observer, when not nil, is called after every step, in order, on the calling
	// goroutine: Iteration counts the steps, Inertia is that of the batch, Empty the
	// number of clusters that have never had a row. The other counts are 0.
	Observer func(Iteration)
}

// Rate is how far a step of MiniBatch moves a center towards the mean of its rows in
// the batch.
type Rate uint8

const (
	// Cumulative moves by the weight of these rows over the weight of all that the
	// center has had so far, so that the center is the mean of the latter (Sculley
	// 2010).
	Cumulative Rate = iota
	// Adaptive moves by the square root of the weight of these rows over that of the
	// batch (Schwartzman, "Mini-batch k-means terminates within O(d/ε) iterations",
	// ICLR 2023): the steps do not shrink.
	Adaptive
)

// String returns the rate's name in lower case.
func (r Rate) String() string {
	switch r {
	case Cumulative:
		return "cumulative"
	case Adaptive:
		return "adaptive"
	}
	return fmt.Sprintf("Rate(%d)", uint8(r))
}

const (
	defaultBatch    = 1024
	defaultEpochs   = 100
	defaultPatience = 10
	defaultReassign = 0.01
)

// Fit clusters the rows of x (N×D, float32 or float64) without a copy of them, other
// than of the batches. The Model's Iterations are steps; its Labels, Counts and
// Inertia are those of all rows.
//
// The errors wrap ErrParameter (a field of mb is out of its range, or N < K), ErrInput
// (x is not a float matrix, is empty, or has a NaN or an infinity: the first is
// named), kernel.ErrLevel, or what Init returns. When ctx is done, Fit returns the
// state after the last whole step together with an error that wraps ctx.Err(); the
// model is nil if there was none.
func (mb MiniBatch) Fit(ctx context.Context, x *tensor.Dense) (*Model, error) {
	return mb.FitWeighted(ctx, x, nil)
}

// FitWeighted is Fit with a weight for each row: N finite numbers of at least 0, not
// all 0; nil is 1 for every row. A row is drawn with a probability proportional to its
// weight, and the inertia is weighted. The weights are not normalised.
//
// Errors are those of Fit; ErrInput covers the weights.
func (mb MiniBatch) FitWeighted(ctx context.Context, x *tensor.Dense, weights []float64) (*Model, error) {
	if err := checkTensor("x", x); err != nil {
		return nil, err
	}
	if x.Dtype() == tensor.Float32 {
		return fitBatches[float32](ctx, mb, x, weights)
	}
	return fitBatches[float64](ctx, mb, x, weights)
}

func fitBatches[T element](ctx context.Context, mb MiniBatch, x *tensor.Dense, weights []float64) (*Model, error) {
	crew := newCrew(mb.Threads)
	defer crew.close()
	if err := mb.check(); err != nil {
		return nil, err
	}
	f, err := newFit[T](ctx, crew, mb.shared(), x, weights)
	if err != nil {
		return nil, err
	}
	mb = mb.filled(f.x.N)
	m, err := f.batches(ctx, mb)
	if err != nil && ctx.Err() != nil {
		err = fmt.Errorf("cluster: mini-batch fit stopped: %w", err)
	}
	return m, err
}

// PartialFit makes one step with all rows of x (N×D) as the batch and returns the
// model after it; m is not changed. weights has one for each row, or is nil.
//
//	var m *cluster.Model
//	for … {
//		m, err = mb.PartialFit(ctx, m, x, nil)
//	}
//
// With a nil m, the initial centers are chosen from the rows first, of which there
// must be at least K. A model of PartialFit or of MiniBatch goes on where it was.
// Another one goes on as if the number of rows that each center has had were its
// Counts, or 0 if it has none: then the first rows replace it, unless Rate is
// Adaptive, and centers without a row are given up, unless Reassign is negative. The
// model file does not keep how many rows a center has had.
//
// Labels, Counts and Inertia are those of the rows of x by the new centers, unless
// WithoutLabels is set, and Iterations is the number of steps so far. Seedings,
// InitSize, BatchSize, Epochs, Patience and Tol have no part in it.
//
// Errors are those of FitWeighted; ErrParameter covers a K that is not the model's,
// ErrInput another number of columns or another dtype. With any error, m is returned.
func (mb MiniBatch) PartialFit(ctx context.Context, m *Model, x *tensor.Dense, weights []float64) (*Model, error) {
	if err := checkTensor("x", x); err != nil {
		return m, err
	}
	var next *Model
	var err error
	if x.Dtype() == tensor.Float32 {
		next, err = partialFit[float32](ctx, mb, m, x, weights)
	} else {
		next, err = partialFit[float64](ctx, mb, m, x, weights)
	}
	if err != nil {
		return m, err
	}
	return next, nil
}

func partialFit[T element](ctx context.Context, mb MiniBatch, m *Model, x *tensor.Dense, weights []float64) (*Model, error) {
	crew := newCrew(mb.Threads)
	defer crew.close()
	if err := mb.check(); err != nil {
		return nil, err
	}
	km := mb.shared()
	km.Tol = -1
	if m != nil {
		if err := mb.continues(m, x); err != nil {
			return nil, err
		}
		km.K, km.Init = 1, nil // a batch may have fewer rows than there are centers
	}
	f, err := newFit[T](ctx, crew, km, x, weights)
	if err != nil {
		return nil, err
	}
	f.k = mb.K
	var centers lloyd.Matrix[T]
	var from stream
	steps := 0
	if m == nil {
		if centers, err = f.seeds(ctx, source(f.seed, 0)); err != nil {
			return nil, err
		}
		from = newStream(centers)
	} else {
		const name = "the matrix of the model's centers"
		stored, err := rowsOf[T](name, m.Centers)
		if err != nil {
			return nil, err
		}
		if err := notFinite(name, stored); err != nil {
			return nil, err
		}
		centers = compact(stored)
		from, steps = streamOf(m, centers), m.Iterations
	}
	r, err := f.newBatchRun(mb.filled(f.x.N), centers, from, f.x.N)
	if err != nil {
		return nil, err
	}
	r.steps = steps
	if err := r.step(ctx, f.x, f.weights, source(f.seed, -1-steps)); err != nil {
		return nil, err
	}
	r.smooth = r.note.Inertia / f.total
	return r.model(ctx, MaxIterations, nil)
}

// continues checks that m can go on with the rows of x.
func (mb MiniBatch) continues(m *Model, x *tensor.Dense) error {
	if err := m.check(x); err != nil {
		return err
	}
	if m.K() != mb.K {
		return fmt.Errorf("%w: K is %d, but the model has %d centers; both must be the same", ErrParameter, mb.K, m.K())
	}
	if m.Spherical {
		return fmt.Errorf("%w: the model is spherical, which MiniBatch is not; fit one with MiniBatch", ErrInput)
	}
	if x.Dtype() != m.Centers.Dtype() {
		return fmt.Errorf("%w: x is %v and the centers of the model are %v; convert one to the other's dtype", ErrInput, x.Dtype(), m.Centers.Dtype())
	}
	return nil
}

// shared returns the settings that KMeans has, too.
func (mb MiniBatch) shared() KMeans {
	km := KMeans{K: mb.K, Init: mb.Init, Tol: mb.Tol, Seed: mb.Seed, Threads: mb.Threads, Observer: mb.Observer}
	if mb.Tol == 0 {
		km.Tol = -1
	}
	return km
}

// check checks the settings that KMeans does not have.
func (mb MiniBatch) check() error {
	for _, s := range []struct {
		name   string
		v      int
		nought string
	}{
		{"Seedings", mb.Seedings, "the default of Init"},
		{"InitSize", mb.InitSize, "3·BatchSize"},
		{"BatchSize", mb.BatchSize, fmt.Sprint(defaultBatch)},
		{"Epochs", mb.Epochs, fmt.Sprint(defaultEpochs)},
	} {
		if s.v < 0 {
			return fmt.Errorf("%w: %s is %d; it must be at least 1, or 0 for %s", ErrParameter, s.name, s.v, s.nought)
		}
	}
	switch {
	case mb.InitSize > 0 && mb.InitSize < mb.K:
		return fmt.Errorf("%w: InitSize is %d, but K is %d; it must be at least K, or 0 for the default", ErrParameter, mb.InitSize, mb.K)
	case mb.Tol != mb.Tol || math.IsInf(mb.Tol, 0):
		return fmt.Errorf("%w: Tol is %v; it must be finite (0 or less for none)", ErrParameter, mb.Tol)
	case !(mb.Reassign <= 1) || math.IsInf(mb.Reassign, 0):
		return fmt.Errorf("%w: Reassign is %v; it must be at most 1 (negative for never, 0 for %v)", ErrParameter, mb.Reassign, defaultReassign)
	case mb.Rate > Adaptive:
		return fmt.Errorf("%w: Rate is %d; expected Cumulative or Adaptive", ErrParameter, mb.Rate)
	}
	return nil
}

// filled returns mb with the defaults filled in, for n rows.
func (mb MiniBatch) filled(n int) MiniBatch {
	if mb.Init == nil {
		mb.Init = KMeansPlusPlus{}
	}
	if _, given := mb.Init.(Given); given {
		mb.Seedings = 1
	} else if mb.Seedings == 0 {
		mb.Seedings = min(3, mb.Init.restarts())
	}
	if mb.BatchSize == 0 {
		mb.BatchSize = defaultBatch
	}
	mb.BatchSize = min(mb.BatchSize, n)
	if mb.InitSize == 0 {
		mb.InitSize = min(n, 3*mb.BatchSize)
		if mb.InitSize < mb.K {
			mb.InitSize = min(n, 3*mb.K)
		}
	}
	mb.InitSize = min(mb.InitSize, n)
	if mb.Epochs == 0 {
		mb.Epochs = defaultEpochs
	}
	if mb.Patience == 0 {
		mb.Patience = defaultPatience
	}
	if mb.Reassign == 0 {
		mb.Reassign = defaultReassign
	}
	return mb
}

// numbersOf returns the elements of m, which is without gaps, in float64.
func numbersOf[T element](m lloyd.Matrix[T]) []float64 {
	v := make([]float64, m.N*m.D)
	convertInto(v, m)
	return v
}
