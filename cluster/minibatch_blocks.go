package cluster

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"time"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// FitBlocks clusters rows that can be read only once, as they come out of a pipe or a
// channel, and that need not fit in memory. The blocks are n×D tensors of one dtype, of
// any number of rows, each of which need only be valid until the next one is asked for.
// They are read on a goroutine of their own, one batch ahead.
//
// Initial centers are chosen from the first InitSize rows, of which there must be at
// least K. Then each step takes the next BatchSize rows, beginning with the first one, in the
// order in which they come; so rows that are sorted are to be shuffled before. The fit
// ends with the rows, and PartialFit can go on from it. Seedings, Epochs, Patience and
// Tol have no part in it. The Model has no Labels and Counts; its Inertia is that of all
// rows, each by the centers before its own step.
//
// Errors are those of Fit, or come with a block. With an error comes the model after the
// last whole step, which is nil if there was none.
func (mb MiniBatch) FitBlocks(ctx context.Context, blocks iter.Seq2[*tensor.Dense, error]) (*Model, error) {
	return mb.FitWeightedBlocks(ctx, withoutWeights(blocks))
}

// FitWeightedBlocks is FitBlocks with a weight for each row: a row of weight w counts as
// w rows, but for the size of a batch.
func (mb MiniBatch) FitWeightedBlocks(ctx context.Context, blocks iter.Seq2[WeightedRows, error]) (*Model, error) {
	if err := mb.check(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	next, stop := iter.Pull2(blocks)
	defer stop()
	first, err, ok := next() // it tells the dtype and the number of columns
	if !ok {
		return nil, fmt.Errorf("%w: there are no blocks of rows", ErrInput)
	}
	if err != nil {
		return nil, blocksError(0, err)
	}
	if err := checkTensor(blockName(0), first.X); err != nil {
		return nil, err
	}
	d, dtype := first.X.Shape()[1], first.X.Dtype()
	all := func(yield func(WeightedRows, error) bool) {
		for ok && yield(first, err) {
			first, err, ok = next()
		}
	}
	if dtype == tensor.Float32 {
		return fitWindows[float32](ctx, mb, all, d)
	}
	return fitWindows[float64](ctx, mb, all, d)
}

func fitWindows[T element](ctx context.Context, mb MiniBatch, blocks iter.Seq2[WeightedRows, error], d int) (*Model, error) {
	crew := newCrew(mb.Threads)
	defer crew.close()
	s := &onePass[T]{mb: mb.filled(math.MaxInt), crew: crew, start: time.Now()}
	var memory windowMemory[T]
	for w, err := range ahead(windows(blocks, d, s.mb.BatchSize, &memory)) {
		if err == nil {
			err = s.take(ctx, w)
		}
		if err != nil {
			return s.model(err)
		}
	}
	return s.model(s.begin(ctx))
}

// onePass is a mini-batch run over rows that come once.
type onePass[T element] struct {
	mb      MiniBatch // without zeros that stand for a default
	crew    *crew
	head    window[T]    // the rows before the first step, which initial centers are chosen from
	run     *batchRun[T] // nil before the first step
	inertia float64      // of all steps
	start   time.Time
	seeding time.Duration
}

// take makes the step of w, or keeps w until there are rows enough to begin.
func (s *onePass[T]) take(ctx context.Context, w window[T]) error {
	if s.run != nil {
		return s.step(ctx, w)
	}
	h := &s.head
	h.x = lloyd.Dense(append(h.x.Data, w.x.Data[:w.x.N*w.x.D]...), h.x.N+w.x.N, w.x.D)
	if w.weights != nil || h.weights != nil {
		h.weights = append(ones(h.weights, w.first), w.weights...)
		h.weights = ones(h.weights, h.x.N)
	}
	if h.x.N < s.mb.InitSize {
		return nil
	}
	return s.begin(ctx)
}

// begin chooses initial centers from the first rows and makes their steps, unless that
// has been done.
func (s *onePass[T]) begin(ctx context.Context) error {
	if s.run != nil {
		return nil
	}
	h := s.head
	some := window[T]{0, h.x.Rows(0, min(h.x.N, s.mb.InitSize)), part(h.weights, 0, min(h.x.N, s.mb.InitSize))}
	km := s.mb.shared()
	km.Tol = -1
	f, err := s.fit(ctx, km, some)
	if errors.Is(err, ErrParameter) {
		err = fmt.Errorf("the first %d rows, from which initial centers are chosen: %w", some.x.N, err)
	}
	if err != nil {
		return err
	}
	centers, err := f.seeds(ctx, source(f.seed, 0))
	if err != nil {
		return err
	}
	if s.run, err = f.newBatchRun(s.mb, centers, newStream(centers), min(s.mb.BatchSize, h.x.N)); err != nil {
		return err
	}
	s.head, s.seeding = window[T]{}, time.Since(s.start)
	for from := 0; from < h.x.N; from += s.mb.BatchSize {
		to := min(h.x.N, from+s.mb.BatchSize)
		if err := s.step(ctx, window[T]{from, h.x.Rows(from, to), part(h.weights, from, to)}); err != nil {
			return err
		}
	}
	return nil
}

// step makes a step with the rows of w, unless none of them counts.
func (s *onePass[T]) step(ctx context.Context, w window[T]) error {
	if total, _, _, err := weightTotals(w.weights, w.x.N); err == nil && total == 0 {
		return nil
	}
	km := s.mb.shared()
	km.Tol, km.K, km.Init = -1, 1, nil // a batch may have fewer rows than there are centers
	f, err := s.fit(ctx, km, w)
	if err != nil {
		return err
	}
	f.k = s.mb.K
	r := s.run
	if r.stats, err = newStatistics(f.k, f.x.D, f.x.N, f.top, f.weights != nil, f.topWeight); err != nil {
		return err
	}
	r.fit = f
	if err := r.step(ctx, f.x, f.weights, source(f.seed, -1-r.steps)); err != nil {
		return err
	}
	s.inertia += r.note.Inertia
	return nil
}

// fit checks the rows of w.
func (s *onePass[T]) fit(ctx context.Context, km KMeans, w window[T]) (*fit[T], error) {
	f, err := newFit[T](ctx, s.crew, km, tensorOf(w.x), w.weights)
	if errors.Is(err, ErrInput) {
		if e := notFinite("the rows", w.x, w.first); e != nil {
			return nil, e
		}
		return nil, fmt.Errorf("rows %d to %d: %w", w.first, w.first+w.x.N-1, err)
	}
	return f, err
}

// model returns the state after the last whole step, with err, which is why there was no
// other one.
func (s *onePass[T]) model(err error) (*Model, error) {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("cluster: mini-batch fit stopped: %w", err)
	}
	r := s.run
	if r == nil || r.steps == 0 {
		return nil, err
	}
	m := centersModel(r.rounded, s.inertia)
	m.Iterations, m.Stopped, m.Spherical, m.stream = r.steps, RowsEnded, s.mb.Spherical, &r.stream
	if err != nil {
		m.Stopped = Canceled
	}
	m.SeedTime, m.IterateTime = s.seeding, time.Since(s.start)-s.seeding
	return m, err
}
