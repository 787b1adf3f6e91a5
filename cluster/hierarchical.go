package cluster

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// Hierarchical is the configuration of a k-means fit in two levels, for large K: KMeans
// finds about √K clusters of all rows, and divides each into its share of the K, by its
// rows; then come a few iterations with all rows and centers. So a row meets all K
// centers only at the end. From some 4000 clusters on, that takes a fraction of the time
// of KMeans, a third for 200 000×64 rows, K = 4096 and 10 iterations, and less for more.
// The inertia is higher then, by 0.4 % where the spectrum of the rows decays, 1 % where
// clusters overlap, but 8 % where there are 4096 separate ones, which the first level cuts
// through (bench/NOTES.md). The zero value of every field but K is a sensible choice. A
// Hierarchical is never changed by a fit, and any number of fits may run at the same time.
type Hierarchical struct {
	// K is the number of clusters, from 1 to the number of rows.
	K int
	// Coarse is the number of clusters of the first level, at most K; 0 is ⌈√K⌉.
	Coarse int
	// Init chooses the initial centers of the first level from all rows, and those of each
	// part from its rows; nil is KMeansParallel{}. Given is not possible.
	Init Init
	// Algorithm and Tol are those of the KMeans of both levels: Tol is relative to the
	// variance of the rows of a part.
	Algorithm Algorithm
	Tol       float64
	// MaxIter is the most iterations of the first level, and of each part; 0 is 25.
	MaxIter int
	// Global is the number of iterations at the end, with all rows and centers, each of
	// which lowers the inertia; 0 is 2. A negative number is none: then rows are assigned
	// to all centers only once.
	Global int
	// Seed determines every random choice. The same data, configuration and Seed give
	// the same result, to the bit, whatever Threads is and on every kernel level.
	Seed uint64
	// Threads is the number of threads used; 0 is GOMAXPROCS.
	Threads int
	// Observer, when not nil, is called after the first level, after each part and at the
	// end, in order, on the calling goroutine.
	Observer func(Part)
}

// Part is what an Observer of Hierarchical is told about a run of KMeans.
type Part struct {
	Part       int        // 0 is the first level, then come 1 to Parts, and Parts+1 is the end
	Parts      int        // the clusters of the first level that have rows
	Rows       int        // of the part, rows of weight 0 left out; at the end, and in the first level, all
	K          int        // centers
	Inertia    float64    // of these rows
	Iterations int        // of the run
	Stopped    StopReason // of the run
	Elapsed    time.Duration
}

const (
	defaultPartMaxIter = 25
	defaultGlobal      = 2
)

// Fit clusters the rows of x (N×D, float32 or float64). Besides the data it takes 8 bytes
// a row more than KMeans, and a copy of the rows of a part. The Model's Iterations are
// those with all rows, of the first level and at the end; why these ended, Stopped says.
//
// The errors wrap ErrParameter (a field of h is out of its range, or N < K), ErrInput (x
// is not a float matrix, is empty, or has a NaN or an infinity: the first is named),
// kernel.ErrLevel, or what Init returns. When ctx is done, Fit returns the best state so
// far together with an error that wraps ctx.Err(): clusters that were not divided yet
// are whole, so that there may be fewer than K. The model is nil if there was none yet.
func (h Hierarchical) Fit(ctx context.Context, x *tensor.Dense) (*Model, error) {
	return h.FitWeighted(ctx, x, nil)
}

// FitWeighted is Fit with a weight for each row, as in KMeans.FitWeighted.
func (h Hierarchical) FitWeighted(ctx context.Context, x *tensor.Dense, weights []float64) (*Model, error) {
	if err := checkTensor("x", x); err != nil {
		return nil, err
	}
	if x.Dtype() == tensor.Float32 {
		return fitLevels[float32](ctx, h, x, weights)
	}
	return fitLevels[float64](ctx, h, x, weights)
}

// check checks what KMeans does not know of, and sets the defaults.
func (h *Hierarchical) check() error {
	if h.Coarse < 0 || h.Coarse > h.K && h.K > 0 {
		return fmt.Errorf("%w: Coarse is %d; expected 1 to K = %d, or 0 for ⌈√K⌉", ErrParameter, h.Coarse, h.K)
	}
	if _, given := h.Init.(Given); given {
		return fmt.Errorf("%w: Init is a Given; each part has centers of its own: expected another Init", ErrParameter)
	}
	if h.Coarse == 0 && h.K > 0 {
		h.Coarse = int(math.Ceil(math.Sqrt(float64(h.K))))
	}
	if h.Init == nil {
		h.Init = KMeansParallel{}
	}
	if h.MaxIter == 0 {
		h.MaxIter = defaultPartMaxIter
	}
	if h.Global == 0 {
		h.Global = defaultGlobal
	}
	return nil
}

// levels is the state of a fit of Hierarchical.
type levels[T element] struct {
	*fit[T]
	Hierarchical
	begun              time.Time
	first              *Model  // of the first level
	parts              [][]int // the rows of each of its clusters, rows of weight 0 left out
	centers            lloyd.Matrix[T]
	note               Part
	seeding, iterating time.Duration
}

func fitLevels[T element](ctx context.Context, h Hierarchical, x *tensor.Dense, weights []float64) (*Model, error) {
	crew := newCrew(h.Threads)
	defer crew.close()
	if err := h.check(); err != nil {
		return nil, err
	}
	f, err := newFit[T](ctx, crew, KMeans{
		K: h.K, Init: h.Init, Algorithm: h.Algorithm, Restarts: 1, MaxIter: h.MaxIter, Tol: h.Tol, Seed: h.Seed, Threads: h.Threads,
	}, x, weights)
	if err != nil {
		return nil, err
	}
	l := &levels[T]{fit: f, Hierarchical: h, begun: time.Now(), centers: lloyd.Dense(make([]T, 0, h.K*f.x.D), 0, f.x.D)}
	coarse := *f
	coarse.k = h.Coarse
	if l.first, err = coarse.best(ctx); err != nil {
		return l.first, err
	}
	l.divide()
	l.observe(l.first, f.x.N)
	err = l.split(ctx)
	if e := ctx.Err(); err != nil && (e == nil || !errors.Is(err, e)) {
		return nil, err
	}
	return l.join(ctx, err)
}

// divide sets the parts.
func (l *levels[T]) divide() {
	l.parts = make([][]int, l.first.K())
	for c, n := range l.first.Counts {
		l.parts[c] = make([]int, 0, n)
	}
	for i, c := range l.first.Labels {
		if l.weights == nil || l.weights[i] > 0 {
			l.parts[c] = append(l.parts[c], i)
		}
	}
	for _, rows := range l.parts {
		if len(rows) > 0 {
			l.note.Parts++
		}
	}
}

// split finds centers within each part. After an error, which is returned, there is one
// center for each part that was not reached.
func (l *levels[T]) split(ctx context.Context) (failure error) {
	whole, err := rowsOf[T]("the centers of the first level", l.first.Centers)
	must(err)
	ks := l.shares()
	for c, rows := range l.parts {
		if len(rows) == 0 {
			continue
		}
		centers := whole.Rows(c, c+1)
		if failure == nil {
			var m *Model
			if m, failure = l.part(ctx, c, ks[c]); m != nil {
				centers, err = rowsOf[T]("the centers of a part", m.Centers)
				must(err)
				l.observe(m, len(rows))
			}
		}
		l.centers.Data = append(l.centers.Data, centers.Data[:centers.N*centers.D]...)
		l.centers.N += centers.N
	}
	return failure
}

// part fits k clusters to part c.
func (l *levels[T]) part(ctx context.Context, c, k int) (*Model, error) {
	f, err := l.subset(ctx, l.parts[c], k, seedOfPart(l.seed, c), l.Tol)
	if err != nil {
		return nil, err
	}
	return f.best(ctx)
}

// seedOfPart returns the seed of a part of the rows.
func seedOfPart(seed uint64, part int) uint64 { return rand.NewPCG(seed, uint64(part)).Uint64() }

// join iterates with all rows and centers, unless there was a failure, and makes the
// result.
func (l *levels[T]) join(ctx context.Context, failure error) (*Model, error) {
	f, start := *l.fit, time.Now()
	f.k, f.maxIter = l.centers.N, max(0, l.Global)
	r, err := f.newRun(0, l.centers)
	if err != nil {
		return nil, err
	}
	iterations, stopped := 0, Canceled
	if failure == nil {
		if iterations, stopped, failure = r.iterate(ctx); failure != nil {
			failure = fmt.Errorf("cluster: fit stopped: %w", failure)
		}
	}
	m, err := r.model(context.WithoutCancel(ctx), iterations, stopped, nil)
	if err != nil {
		return nil, err
	}
	l.iterating += time.Since(start)
	l.observe(m, f.x.N)
	m.Iterations += l.first.Iterations
	m.SeedTime, m.IterateTime = l.seeding, l.iterating
	return m, failure
}

// observe adds up the times of a run, and tells the observer of it.
func (l *levels[T]) observe(m *Model, rows int) {
	l.seeding += m.SeedTime
	l.iterating += m.IterateTime
	l.note.Rows, l.note.K, l.note.Inertia, l.note.Iterations, l.note.Stopped = rows, m.K(), m.Inertia, m.Iterations, m.Stopped
	l.note.Elapsed = time.Since(l.begun)
	if l.Observer != nil {
		l.Observer(l.note)
	}
	l.note.Part++
}

// shares returns the number of centers of each part: one, and the others in proportion
// to its weight, by the highest averages (Sainte-Laguë), but no more than it has rows.
func (l *levels[T]) shares() []int {
	weight, ks := make([]float64, len(l.parts)), make([]int, len(l.parts))
	for c, rows := range l.parts {
		if len(rows) > 0 {
			ks[c] = 1
		}
		for _, i := range rows {
			if l.weights == nil {
				weight[c]++
			} else {
				weight[c] += l.weights[i]
			}
		}
	}
	for range l.k - l.note.Parts {
		best, most := -1, 0.
		for c, rows := range l.parts {
			if average := weight[c] / float64(2*ks[c]+1); ks[c] < len(rows) && (best < 0 || average > most) {
				best, most = c, average
			}
		}
		ks[best]++
	}
	return ks
}
