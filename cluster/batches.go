package cluster

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"time"

	"github.com/seed-fbf9ce71/lloyd"
)

// stream is what a mini-batch run carries on from step to step, and a Model from one
// PartialFit to the next. It does not change once it is in a Model.
type stream struct {
	centers []float64 // K×D, of which the Model's are rounded: a small step is not lost
	had     []float64 // weight of the rows that each center has had
	unseen  int       // rows since these weights were looked at
}

func newStream[T element](centers lloyd.Matrix[T]) stream {
	return stream{centers: numbersOf(centers), had: make([]float64, centers.N)}
}

// streamOf returns the stream of m, whose centers are the given ones, to go on with.
func streamOf[T element](m *Model, centers lloyd.Matrix[T]) stream {
	s := newStream(centers)
	if m.stream == nil || len(m.stream.centers) != len(s.centers) || len(m.stream.had) != len(s.had) {
		for k := range min(len(m.Counts), centers.N) {
			s.had[k] = float64(m.Counts[k])
		}
		return s
	}
	copy(s.had, m.stream.had)
	s.unseen = m.stream.unseen
	for i, v := range m.stream.centers {
		if T(v) == centers.Data[i] { // otherwise the caller has changed it
			s.centers[i] = v
		}
	}
	return s
}

// batchRun is a mini-batch run.
type batchRun[T element] struct {
	*fit[T]
	stream
	mb       MiniBatch // without zeros that stand for a default
	steps    int
	begun    time.Time
	rounded  lloyd.Matrix[T]   // the stream's centers in the dtype of the rows
	packed   *lloyd.Centers[T] // of these
	assigner assigner[T, T]
	labels   []int32     // of the batch
	stats    *Statistics // of the batch; empty between steps
	mean     []float64   // of one cluster
	note     Iteration   // of the last step

	// The smoothed inertia of a row in a batch, its minimum, and the steps since then.
	smooth, least float64
	since         int
}

// newBatchRun returns a run from centers, which it takes over, with batches of up to n
// rows.
func (f *fit[T]) newBatchRun(mb MiniBatch, centers lloyd.Matrix[T], s stream, n int) (*batchRun[T], error) {
	r := &batchRun[T]{
		fit: f, stream: s, mb: mb, begun: time.Now(), rounded: centers, assigner: assigner[T, T]{crew: f.crew},
		labels: make([]int32, n), mean: make([]float64, f.x.D), least: math.Inf(1),
	}
	var err error
	if r.packed, err = lloyd.PackCenters(centers); err != nil {
		return nil, err
	}
	r.stats, err = newStatistics(f.k, f.x.D, n, f.top, f.weights != nil, f.topWeight)
	return r, err
}

// batches makes steps with rows drawn at random until a rule ends them.
func (f *fit[T]) batches(ctx context.Context, mb MiniBatch) (*Model, error) {
	start := time.Now()
	d := f.newDraw()
	centers, err := f.batchSeeds(ctx, mb, d)
	if err != nil {
		return nil, err
	}
	seeding := time.Since(start)
	start = time.Now()
	unweighted := *f
	unweighted.weights, unweighted.topWeight = nil, 1
	r, err := unweighted.newBatchRun(mb, centers, newStream(centers), mb.BatchSize)
	if err != nil {
		return nil, err
	}
	batch := lloyd.Dense(make([]T, mb.BatchSize*f.x.D), mb.BatchSize, f.x.D)
	rows := make([]int, mb.BatchSize)
	stopped := MaxIterations
	for range stepsOf(mb, f.x.N) {
		random := source(f.seed, -1-r.steps)
		d.rows(random, rows)
		f.gather(batch, rows)
		if err = r.step(ctx, batch, nil, random); err != nil {
			stopped = Canceled
			break
		}
		if reason, ends := r.ends(); ends {
			stopped = reason
			break
		}
	}
	r.fit = f
	m, err := r.model(ctx, stopped, err)
	if m != nil {
		m.SeedTime, m.IterateTime = seeding, time.Since(start)
	}
	return m, err
}

// stepsOf returns ⌊Epochs·n / BatchSize⌋, where BatchSize is at most n.
func stepsOf(mb MiniBatch, n int) int {
	if mb.Epochs > math.MaxInt/n {
		return math.MaxInt
	}
	return mb.Epochs * n / mb.BatchSize
}

// batchSeeds returns the best of several initial centers.
func (f *fit[T]) batchSeeds(ctx context.Context, mb MiniBatch, d draw[T]) (best lloyd.Matrix[T], err error) {
	if mb.Seedings == 1 {
		return f.sampleSeeds(ctx, mb, d, 0)
	}
	check, err := d.sample(ctx, source(f.seed, math.MinInt), mb.InitSize)
	if err != nil {
		return best, err
	}
	labels := make([]int32, check.x.N)
	least := math.Inf(1)
	for i := range mb.Seedings {
		centers, err := f.sampleSeeds(ctx, mb, d, i)
		if err != nil {
			return best, err
		}
		packed, err := lloyd.PackCenters(centers)
		if err != nil {
			return best, err
		}
		inertia, err := (&assigner[T, T]{crew: f.crew}).assign(ctx, packed, check.x, check.weights, labels, nil)
		if err != nil {
			return best, err
		}
		if inertia < least {
			best, least = centers, inertia
		}
	}
	return best, nil
}

// sampleSeeds returns the initial centers of seeding number i.
func (f *fit[T]) sampleSeeds(ctx context.Context, mb MiniBatch, d draw[T], i int) (lloyd.Matrix[T], error) {
	random := source(f.seed, i)
	if _, given := f.init.(Given); given {
		return f.seeds(ctx, random)
	}
	some, err := d.sample(ctx, random, mb.InitSize)
	if err != nil {
		return lloyd.Matrix[T]{}, err
	}
	return some.seeds(ctx, random)
}

// draw draws rows of a fit with a probability proportional to their weight.
type draw[T element] struct {
	*fit[T]
	running []float64 // sums of the weights; nil if there are none
}

func (f *fit[T]) newDraw() draw[T] {
	d := draw[T]{fit: f}
	if f.weights != nil {
		d.running = make([]float64, f.x.N)
		var sum float64
		for i, w := range f.weights {
			sum += w
			d.running[i] = sum
		}
	}
	return d
}

// rows fills into with the numbers of rows, drawn with replacement.
func (d draw[T]) rows(r *rand.Rand, into []int) {
	for i := range into {
		if d.running == nil {
			into[i] = r.IntN(d.x.N)
			continue
		}
		at := float64(r.Float64() * d.running[d.x.N-1])
		row := sort.Search(d.x.N-1, func(i int) bool { return d.running[i] > at })
		for d.weights[row] == 0 { // rounding led to the end
			row--
		}
		into[i] = row
	}
}

// sample returns a fit of n rows in memory: all of them, or n different ones, or, if
// there are weights, n drawn with replacement, which then count the same.
func (d draw[T]) sample(ctx context.Context, r *rand.Rand, n int) (*fit[T], error) {
	if n == d.x.N && d.source == nil {
		return d.fit, nil
	}
	var rows []int
	if d.running == nil {
		rows = different(r, n, d.x.N)
	} else {
		rows = make([]int, n)
		d.rows(r, rows)
	}
	f := *d.fit
	f.x, f.weights, f.topWeight = lloyd.Dense(make([]T, n*d.x.D), n, d.x.D), nil, 1
	f.tensor, f.source = tensorOf(f.x), nil
	return &f, d.take(ctx, f.x, rows)
}

// gather copies the rows of x with the given numbers to dst.
func (f *fit[T]) gather(dst lloyd.Matrix[T], rows []int) {
	must(f.crew.each(context.Background(), len(rows), 4*f.x.D, func(_, from, to int) {
		for i, row := range rows[from:to] {
			copy(dst.Row(from+i), f.x.Row(row))
		}
	}))
}

// step assigns the rows of x and moves the centers. After an error, which can only be
// the context's or that of a row beyond the reach of every center, nothing has changed.
func (r *batchRun[T]) step(ctx context.Context, x lloyd.Matrix[T], weights []float64, random *rand.Rand) error {
	start := time.Now()
	labels := r.labels[:x.N]
	inertia, err := r.assigner.assign(ctx, r.packed, x, weights, labels, nil)
	if err != nil {
		return err
	}
	r.steps++
	r.note = Iteration{Iteration: r.steps, Inertia: inertia, Assign: time.Since(start)}
	start = time.Now()
	must(addAll(context.WithoutCancel(ctx), r.crew, r.stats, x, labels, weights))
	r.unseen += x.N
	look := r.unseen >= 10*r.k || slices.Contains(r.had, 0)
	r.moveCenters()
	for _, w := range r.had {
		if w == 0 {
			r.note.Empty++
		}
	}
	if look && r.mb.Reassign > 0 {
		r.unseen = 0
		r.note.Relocated = r.reassign(x, weights, random)
	}
	for i, v := range r.centers {
		c := &r.rounded.Data[i]
		d := float64(T(v)) - float64(*c)
		r.note.Shift += float64(d * d)
		*c = T(v)
	}
	must(r.packed.PackEach(r.rounded, r.crew.eachOf))
	r.note.Update, r.note.Elapsed = time.Since(start), time.Since(r.begun)
	if r.observer != nil {
		r.observer(r.note)
	}
	return nil
}

// moveCenters moves the centers towards the means of their rows in the batch, whose
// statistics it empties.
func (r *batchRun[T]) moveCenters() {
	var total float64
	for k := range r.k {
		total += r.stats.Weight(k)
	}
	for k, rows := range r.stats.rows {
		w := r.stats.Weight(k)
		if w > 0 {
			must(lloyd.Mean(r.mean, r.stats.sums, k, w))
			r.had[k] += w
			rate := w / r.had[k]
			if r.mb.Rate == Adaptive {
				rate = math.Sqrt(w / total)
			}
			c := r.centers[k*r.x.D : (k+1)*r.x.D]
			for j, v := range r.mean {
				c[j] += float64(rate * (v - c[j]))
			}
		}
		if rows > 0 {
			r.stats.resetCluster(k)
		}
	}
}

// reassign gives up the centers with little weight for different rows of the batch, and
// returns how many these are.
func (r *batchRun[T]) reassign(x lloyd.Matrix[T], weights []float64, random *rand.Rand) int {
	order := make([]int, r.k) // by weight
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.had[a], r.had[b]) })
	rows := make([]int, 0, x.N)
	for i := range x.N {
		if weights == nil || weights[i] > 0 {
			rows = append(rows, i)
		}
	}
	limit := float64(r.mb.Reassign * r.had[order[r.k-1]])
	n := 0
	for n < min(r.k-1, len(rows)/2) && r.had[order[n]] < limit {
		n++
	}
	for i, at := range different(random, n, len(rows)) {
		k := order[i]
		c := r.centers[k*r.x.D : (k+1)*r.x.D]
		convertInto(c, x.Rows(rows[at], rows[at]+1))
		r.had[k] = r.had[order[n]]
	}
	return n
}

// ends reports whether a rule ends the run after the last step.
func (r *batchRun[T]) ends() (reason StopReason, ends bool) {
	inertia := r.note.Inertia / float64(r.mb.BatchSize)
	if r.steps <= 2 { // the first one is that of the initial centers
		r.smooth = inertia
	} else {
		factor := min(1, 2*float64(r.mb.BatchSize)/(float64(r.x.N)+1))
		r.smooth = float64(r.smooth*(1-factor)) + float64(inertia*factor)
	}
	if r.steps == 1 {
		return 0, false
	}
	if r.note.Shift <= r.tolerance {
		return WithinTol, true
	}
	if r.smooth < r.least {
		r.least, r.since = r.smooth, 0
		return 0, false
	}
	r.since++
	return NoImprovement, r.mb.Patience > 0 && r.since >= r.mb.Patience
}

// model makes the result of a run on the rows of r.fit, also after a cancellation.
func (r *batchRun[T]) model(ctx context.Context, stopped StopReason, err error) (*Model, error) {
	if err != nil && (r.steps == 0 || ctx.Err() == nil) {
		return nil, err
	}
	var m *Model
	if r.mb.WithoutLabels {
		m = centersModel(r.rounded, float64(r.smooth*r.total))
	} else {
		labels := make([]int32, r.x.N)
		inertia, err := r.assigner.assign(context.WithoutCancel(ctx), r.packed, r.x, r.weights, labels, nil)
		if err != nil {
			return nil, err
		}
		m = newModel(r.rounded, labels, countLabels(labels, r.k), inertia)
	}
	s := r.stream
	m.Iterations, m.Stopped, m.stream = r.steps, stopped, &s
	return m, err
}
