package cluster

import (
	"context"
	"math"
	"time"

	"github.com/seed-fbf9ce71/lloyd"
)

// run is one run of Lloyd's algorithm (Lloyd, "Least squares quantization in
// PCM", 1957/1982) from given centers: assign each row to its nearest center
// (E), move each center to the mean of its rows (M), until nothing changes.
type run[T element] struct {
	*fit[T]
	restart int
	begun   time.Time
	centers lloyd.Matrix[T]   // as of the last M-step
	packed  *lloyd.Centers[T] // the same, if fresh is set
	labels  []int32           // −1 before the first E-step; nil: they are not kept
	members []int64           // rows with each label, where labels are not kept
	stats   *Statistics       // of the rows by label
	workers []worker[T]
	moves   *moves    // nil: workers move rows at once
	changed []bool    // clusters whose rows changed since their mean was taken
	means   []T       // of the clusters, before they become the centers
	shift   []float64 // of each center in the last M-step, squared
	sums    []float64 // inertia by block of the E-step, for the observer and for rows of a source
	hamerly *hamerly  // nil: every row goes through the kernel in every iteration
	elkan   *elkan[T] // nil: no bounds of pairs
	tiles   *tiles[T] // nil: no bounds of tiles
	scouts  *scouts[T]
	kept    *lloyd.QuantizedRows[T] // nil: none
	spare   *spare[T]               // nil: none
	cost    costs

	contraction *contraction[T]     // nil: none
	estimates   *lloyd.Estimates[T] // nil: distances are as fast

	// Methods, kept so that an iteration allocates nothing.
	eachBlock           func(worker, from, to int)
	eachTake, eachTile  func(worker, from, to int)
	eachSpread          func(worker, from, to int)
	eachSettle          func(worker int)
	eachMerge, eachMean func(k int)
	eachMove            func(k int)
	eachPack            func(n, operations int, do func(i int))

	// What follows changes in every iteration, what is before hardly: other processors keep that.
	iteration int                 // the present one
	mode      mode                // of the present E-step
	estimator *lloyd.Estimates[T] // of the present E-step; nil: none
	fresh     bool                // packed holds the centers
	stale     bool                // labels are not those of the centers
	passed    float64             // inertia of the last whole E-step with sums
	merging   time.Duration

	spent float64 // about what E-steps took since bounds of pairs were taken, that included, in ns
	steps int     // the number of these

	rest, rests int // E-steps of a small fit till bounds are attempted again, and how many last time

	gapSteps int   // E-steps in a row by gaps of kept rows
	leftOut  int   // rows that the last one has left out
	moved    int64 // rows with a weight above 0 that changed their label in the last E-step

	// Of the first E-step by bounds of tiles since these were taken: the drift before it, and
	// pairs for a unit of that; and the drift before the last E-step.
	firstDrift, firstPairs, lastDrift float64
	looked, pairs                     int64 // tiles, and pairs of them and centers, that their bounds have left

	contractedAt int     // the iteration in which there was a contraction for the first time
	unbounded    float64 // what an E-step costs that goes by no bounds: by the kernel, or contracted
}

// newRun returns a run that will start from centers, which it takes over.
func (f *fit[T]) newRun(restart int, centers lloyd.Matrix[T]) (*run[T], error) {
	r := &run[T]{fit: f, restart: restart, begun: time.Now(), centers: centers, stale: true}
	r.packed = new(lloyd.Centers[T])
	r.packed.UseIntegers(f.algorithm != Lloyd)
	var err error
	if r.stats, err = newStatistics(f.k, f.x.D, f.x.N, f.top, f.weights != nil, f.topWeight); err != nil {
		return nil, err
	}
	if f.unlabeled {
		r.members = make([]int64, f.k)
	} else {
		r.labels = make([]int32, f.x.N)
	}
	for i := range r.labels {
		r.labels[i] = -1
	}
	f.price()
	r.cost = f.costs()
	r.unbounded = r.cost.plain
	if lloyd.EstimatesFaster(f.x.D) {
		r.estimates = new(lloyd.Estimates[T])
	}
	workers := f.crew.workers(f.x.N, f.k*f.x.D)
	if f.tileable(&r.cost) {
		r.tiles = newTiles(f, f.x, r.centers, r.packed)
		workers = max(workers, f.crew.workers(r.tiles.panels()*blockRows, f.k*f.x.D))
	}
	if r.cost.plain <= costPasses {
		r.spare = takeSpare[T]()
	}
	r.workers = r.spare.workersOf(workers)
	r.moves = newMoves(f, workers)
	for i := range r.workers {
		if w := &r.workers[i]; r.moves == nil {
			if w.touched = make([]bool, f.k); i == 0 {
				w.change = r.stats
			} else {
				w.change = r.stats.like()
			}
		}
		r.workers[i].members = make([]int64, len(r.members))
	}
	r.changed, r.means, r.shift = make([]bool, f.k), make([]T, f.k*f.x.D), make([]float64, f.k)
	if f.observer != nil && !f.silent || f.source != nil {
		r.sums = make([]float64, blocks(f.x.N))
	}
	r.hamerly = newHamerly(f, r.cost)
	if f.pairable(&r.cost) {
		r.elkan = newElkan(f, f.x, r.centers, r.packed)
		r.elkan.spare = r.spare
	}
	if err := r.keep(); err != nil {
		return nil, err
	}
	if err := r.packed.PackEach(centers, f.crew.eachOf); err != nil {
		return nil, err
	}
	r.fresh = true
	r.eachTake, r.eachTile = r.takePanel, r.assignPanel
	r.eachBlock, r.eachMerge, r.eachMean, r.eachPack = r.block, r.merge, r.mean, r.crew.eachOf
	r.eachMove = r.moveCluster
	r.eachSpread = r.spreadBlock
	r.eachSettle = func(worker int) { r.settle(&r.workers[worker]) }
	return r, nil
}

// run iterates from centers.
func (f *fit[T]) run(ctx context.Context, restart int, centers lloyd.Matrix[T]) (*Model, error) {
	r, err := f.newRun(restart, centers)
	if err != nil {
		return nil, err
	}
	defer r.leaveSpare()
	iterations, stopped, err := r.iterate(ctx)
	return r.model(ctx, iterations, stopped, err)
}

// iterate runs the E–M loop and says how often, and why it ended.
func (r *run[T]) iterate(ctx context.Context) (iterations int, stopped StopReason, err error) {
	for i := 1; i <= r.maxIter; i++ {
		start := time.Now()
		r.iteration = i
		moved, err := r.eStep(ctx)
		if err != nil {
			return i - 1, Canceled, err
		}
		note := Iteration{Restart: r.restart, Iteration: i, Moved: moved, Empty: r.empty(), Inertia: math.NaN()}
		if r.observer != nil && !r.silent {
			if note.Inertia, err = r.assigned(ctx); err != nil {
				return i - 1, Canceled, err
			}
		}
		note.Update = r.updating()
		note.Assign = time.Since(start) - note.Update
		if moved == 0 {
			r.observe(note)
			return i, Converged, nil
		}
		if note.Empty > 0 {
			if err := r.relocate(ctx); err != nil {
				return i - 1, Canceled, err
			}
		}
		start = time.Now()
		note.Shift = r.mStep()
		note.Update += time.Since(start)
		r.observe(note)
		if note.Shift == 0 && !r.stale {
			return i, Converged, nil
		}
		if note.Shift <= r.tolerance {
			return i, WithinTol, nil
		}
	}
	return r.maxIter, MaxIterations, nil
}

// assigned returns the inertia of the labels and centers of the last E-step: that of its
// distances, or of those to own centers where it has not taken all of them.
func (r *run[T]) assigned(ctx context.Context) (float64, error) {
	if r.sums != nil && !r.mode.partial() {
		return r.passed, nil
	}
	return r.inertia(ctx, r.centers, r.labels)
}

// eStep labels every row with its nearest center and keeps the statistics up to
// date by moving the rows whose label changed. It returns the number of those
// with a weight above 0. Where labels are not kept, it collects the statistics anew,
// and the number is −1: not known.
//
// That makes no difference to when a run ends. If no row has moved, the M-step moves no
// center; nor does relocate find a row before it, if clusters are empty: the last one
// left each row alone in its cluster, or in one of rows that coincide with their mean.
func (r *run[T]) eStep(ctx context.Context) (moved int64, err error) {
	if r.mode, err = r.choose(ctx); err != nil {
		return 0, err
	}
	if r.mode.packs() {
		r.pack()
	}
	r.estimate()
	if r.mode == prune {
		if err := r.spread(ctx); err != nil {
			return 0, err
		}
		r.hamerly.raise()
	}
	r.sendScouts()
	if r.moves != nil {
		copy(r.moves.before, r.labels)
	}
	if r.labels == nil {
		clear(r.members)
		for k := range r.k {
			r.stats.resetCluster(k)
		}
	}
	switch {
	case r.mode == tileTakes:
		err = r.crew.each(ctx, r.tiles.panels()*blockRows, r.k*r.x.D, r.eachTake)
	case r.mode == tiled:
		err = r.crew.each(ctx, r.tiles.panels()*blockRows, r.k*r.x.D/4, r.eachTile)
	case r.sums == nil && r.mode <= prune || r.mode == gapped:
		err = r.crew.eachEvenly(ctx, r.x.N, r.k*r.x.D, r.eachBlock)
	default:
		err = r.each(ctx, r.k*r.x.D, r.eachBlock)
	}
	if r.mode == prune {
		r.crew.eachOf(len(r.workers), pendingRows*r.k*r.x.D, r.eachSettle)
	}
	if r.hamerly != nil {
		r.hamerly.held = (r.mode == refresh || r.mode == prune) && err == nil
	}
	if r.elkan != nil {
		r.elkan.held = (r.mode == takes || r.mode == paired) && err == nil
		clear(r.elkan.own)
	}
	if r.tiles != nil {
		r.tiles.held = (r.mode == tileTakes || r.mode == tiled) && err == nil
		clear(r.tiles.own)
		if err != nil { // some rows may not have been copied
			r.tiles.stray = math.MaxInt32
		}
		r.looked, r.pairs = 0, 0
	}
	r.movePostponed()
	refreshed := 0
	r.leftOut = 0
	for i := range r.workers {
		w := &r.workers[i]
		moved, refreshed, r.leftOut = moved+w.moved, refreshed+w.refreshed, r.leftOut+w.leftOut
		w.moved, w.refreshed, w.leftOut = 0, 0, 0
		if r.tiles != nil {
			r.looked, r.pairs, r.tiles.stray = r.looked+w.tiles.looked, r.pairs+w.tiles.pairs, r.tiles.stray+w.strays
			w.tiles.looked, w.tiles.pairs, w.strays = 0, 0, 0
		}
		for k, n := range w.members {
			r.members[k] += n
		}
		clear(w.members)
	}
	if r.hamerly != nil {
		r.hamerly.judge(refreshed, r.x.N)
	}
	if r.labels == nil {
		moved = -1
	}
	start := time.Now()
	if r.moves != nil {
		moved = r.moveRows()
	} else {
		r.crew.eachOf(r.k, 4*r.x.D, r.eachMerge)
	}
	r.merging = time.Since(start)
	r.stale, r.moved = err != nil, moved
	if r.sums != nil && err == nil {
		r.passed = sumBlocks(r.sums)
	}
	return moved, err
}

// pack packs the centers for the kernel.
func (r *run[T]) pack() {
	if !r.fresh {
		must(r.packed.PackEach(r.centers, r.eachPack))
		r.fresh = true
	}
}

// merge brings what the workers' blocks changed in cluster k together.
func (r *run[T]) merge(k int) {
	for i := range r.workers {
		if w := &r.workers[i]; w.touched[k] {
			if i > 0 {
				r.stats.mergeCluster(w.change, k)
				w.change.resetCluster(k)
			}
			w.touched[k] = false
			r.changed[k] = true
		}
	}
}

// updating returns the time that the last E-step spent on the sums: the mean of
// the workers' time, and that of the merge.
func (r *run[T]) updating() time.Duration {
	var total time.Duration
	for i := range r.workers {
		total += r.workers[i].update
		r.workers[i].update = 0
	}
	return total/time.Duration(len(r.workers)) + r.merging
}

// block is the E-step for rows from to to−1, with their share of the M-step.
func (r *run[T]) block(number, from, to int) {
	w, n := &r.workers[number], to-from
	if r.mode == prune && r.pruneBlock(w, from, to) {
		return
	}
	x, weights := r.present(from, to), part(r.weights, from, to)
	labels := w.labels[:n]
	var old []int32
	if r.labels != nil {
		old = r.labels[from:to]
	}
	var dist []T
	if r.sums != nil && !r.mode.partial() || r.mode != plain {
		dist = w.dist[:n]
	}
	switch r.mode {
	case contracted:
		copy(labels, old)
		if w.contracted == nil {
			w.contracted = new(contractionSpace[T])
		}
		c := r.contraction
		w.left += int64(r.assignContracted(w.contracted, labels, dist, x, c.rows.Rows(from, to), c.slack[from:to]))
	case takes:
		copy(labels, old)
		r.elkan.take(&w.pairs, &w.work, labels, from, to)
	case paired:
		copy(labels, old)
		w.pruned += int64(n - r.elkan.assign(&w.pairs, r.estimator, labels, from, to))
	case refresh, prune:
		r.refreshBlock(w, labels, dist, from, to)
	case gapped:
		copy(labels, old)
		left, err := r.packed.NearestAgain(labels, r.kept, from, x, &w.work)
		must(err)
		w.pruned += int64(left)
		w.leftOut += left
	default:
		must(r.packed.NearestQuantized(labels, dist, nil, r.kept, from, x, &w.work))
	}
	if r.sums != nil && !r.mode.partial() {
		r.sums[from/blockRows] = sumDistances(dist, weights)
	}
	if r.labels == nil {
		r.collect(w, x, labels, weights)
		return
	}
	moved, err := lloyd.Moved(w.moving[:n], labels, old)
	must(err)
	if moved == 0 {
		return
	}
	came, goes := w.from[:moved], w.to[:moved]
	for m, i := range w.moving[:moved] {
		came[m], goes[m] = old[i], labels[i]
		old[i] = labels[i]
		if weights != nil {
			w.weights[m] = weights[i]
		}
	}
	if number == 0 || r.source != nil || came[0] < 0 || !w.postpone(from, moved) {
		r.transfer(w, x, moved)
	}
}

// mStep moves the centers to the means of their rows and returns Σ‖shift‖². A
// cluster without rows keeps its center.
func (r *run[T]) mStep() float64 {
	const element = 64 // multiply-adds that take as long as an element of a mean
	r.crew.eachOf(r.k, element*r.x.D, r.eachMean)
	shift := sumBlocks(r.shift)
	if shift > 0 {
		r.stale, r.fresh = true, false
	}
	if r.hamerly != nil {
		r.hamerly.moved(r.shift)
	}
	if r.elkan != nil {
		r.elkan.moved(r.shift)
	}
	if r.tiles != nil {
		r.tiles.moved(r.shift)
	}
	if r.scouts != nil {
		r.scouts.moved(r.shift)
	}
	if r.kept != nil {
		r.kept.Moved(longestTwo(r.shift))
	}
	return shift
}

// mean moves center k to the mean of its rows.
func (r *run[T]) mean(k int) {
	r.shift[k] = 0
	if !r.changed[k] || r.stays(k) {
		return // the same rows, so the same mean
	}
	r.changed[k] = false
	mean := r.means[k*r.x.D : (k+1)*r.x.D]
	if !meanInto(mean, r.stats, k) || r.spherical && !unitInto(mean, mean) {
		return
	}
	c := r.centers.Row(k)
	r.shift[k] = squaredDistance(mean, c)
	copy(c, mean)
}

// squaredDistance returns Σ(a−b)² in float64.
func squaredDistance[T element](a, b []T) float64 {
	var s0, s1 float64 // two, so as not to wait for each other
	b = b[:len(a)]
	j := 0
	for ; j+1 < len(a); j += 2 {
		d0, d1 := float64(a[j])-float64(b[j]), float64(a[j+1])-float64(b[j+1])
		s0 += float64(d0 * d0)
		s1 += float64(d1 * d1)
	}
	if j < len(a) {
		d := float64(a[j]) - float64(b[j])
		s0 += float64(d * d)
	}
	return s0 + s1
}

// stays reports whether center k is frozen.
func (f *fit[T]) stays(k int) bool { return f.frozen != nil && f.frozen[k] }

// empty returns the number of clusters without a row of weight above 0.
func (r *run[T]) empty() int {
	n := 0
	for _, rows := range r.stats.rows {
		if rows == 0 {
			n++
		}
	}
	return n
}

func (r *run[T]) observe(note Iteration) {
	if r.observer == nil {
		return
	}
	for i := range r.workers {
		w := &r.workers[i]
		note.Pruned += w.pruned
		note.Pairs += w.left + w.pairs.left + w.tiles.left
		note.Integers += w.work.Integers
		note.Listed += w.work.Listed
		note.Open += w.work.Open
		note.Direct += w.work.Direct
		w.pruned, w.pairs.left, w.tiles.left, w.work.Integers, w.work.Listed, w.work.Open, w.work.Direct = 0, 0, 0, 0, 0, 0, 0
	}
	note.Elapsed, note.Engine = time.Since(r.begun), engines[r.mode]
	r.observer(note)
}

// model makes the result, with the labels and the inertia of the last centers.
// After a cancellation, too: that costs one more pass, but leaves no model whose
// labels are not its own. When the source of the rows has failed, the model has the
// last centers alone.
func (r *run[T]) model(ctx context.Context, iterations int, stopped StopReason, err error) (*Model, error) {
	if err != nil && iterations == 0 {
		return nil, err
	}
	m, e := (*Model)(nil), err
	if r.source == nil || err == nil || ctx.Err() != nil {
		m, e = r.labeled(context.WithoutCancel(ctx))
	}
	if e != nil && r.source == nil {
		return nil, e
	}
	if e != nil {
		m, err = centersModel(r.centers, r.passed), e
		stopped = Canceled
	}
	m.Iterations, m.Stopped, m.Restart, m.Spherical = iterations, stopped, r.restart, r.spherical
	return m, err
}

// labeled returns the model of the last centers, for which it takes an E-step unless the
// last one was by these centers.
func (r *run[T]) labeled(ctx context.Context) (*Model, error) {
	if r.stale {
		if _, err := r.eStep(ctx); err != nil {
			return nil, err
		}
	}
	inertia, err := r.assigned(ctx)
	if err != nil {
		return nil, err
	}
	if r.labels == nil {
		return newModel(r.centers, nil, r.members, inertia), nil
	}
	return newModel(r.centers, r.labels, countLabels(r.labels, r.k), inertia), nil
}
