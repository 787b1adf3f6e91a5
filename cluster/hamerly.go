package cluster

import (
	"context"
	"math"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd"
)

// hamerly holds two bounds for each row: its distance to its own center is at most
// upper, and that to every other center at least lower (Hamerly, "Making k-means even
// faster", SIAM Data Mining 2010). When the centers drift, so do the bounds, and as
// long as upper is below lower, or below half the way to the next center, the row keeps
// its label without a look at it.
//
// Labels are those of the least computed distance, each of which is off by a factor of
// at most 1 ± ε, and by what vanishes when differences are squared: a row is skipped only
// if upper < keep·lower with keep below (1−ε)/(1+ε), and everything is rounded to the safe
// side. Equality never skips, so that ties go through the kernel. So the labels are those of
// plain Lloyd, to the last one.
//
// The bounds are not touched while they hold: with the sums of all drifts up to now, own of
// each center and other of the others, a row with label a keeps upper − own_a and
// keep·(lower + other_a) − (upper − own_a), as of the time when they were taken. When the
// latter is above own_a + other_a by now, then
//
//	keep·(lower − the others' drift since) > upper + the drift of a since.
//
// They are kept in float32, 8 bytes a row, in a unit in which no distance of the
// data is large or vanishes.
type hamerly struct {
	slack, upper []float32 // of each row; allocated when they are wanted
	own, other   []float64 // sums of drifts, of each center
	half         []float32 // keep times half the distance to the next center, of each; 0: not known
	bars         []lloyd.Bar
	drifted      []step // the sums, rounded down
	steps        []step // of each center in the last M-step
	held         bool   // the bounds hold for the centers of the last E-step
	unit         float64
	keep         float32
	off          float64 // by which a computed distance may be off, relative
	gone         float32 // what squares that vanish in the dtype may cost, twice
	worth        float64 // share of a block's rows that fail the test from which it is refreshed
	direct       bool    // these go through the kernel at once: that is as fast as one distance
	leaps        int     // E-steps in a row in which most blocks were refreshed
}

// step is how far a center has moved, and the most that any other one has.
type step struct{ own, other float32 }

// pendingRows is the number of rows that are gathered before they are assigned: whole
// panels of every kernel.
const pendingRows = 64

// newHamerly returns the bounds for a run, or nil if they cannot pay.
func newHamerly[T element](f *fit[T], c costs) *hamerly {
	worth := (c.plain/float64(f.x.N) - c.rowTest) / c.row
	may := f.algorithm == Auto && f.k > 1 && worth >= 0.1 && (c.plain > costPasses || f.small(&c) && c.direct)
	if f.algorithm == Hamerly {
		worth = max(worth, 0.5)
	} else if !may {
		return nil
	}
	unit, off, gone := precision(f)
	return &hamerly{
		own: make([]float64, f.k), other: make([]float64, f.k), half: make([]float32, f.k),
		bars: make([]lloyd.Bar, f.k), steps: make([]step, f.k), drifted: make([]step, f.k), unit: unit, off: off, gone: float32(gone) + 0x1p-90,
		keep: float32(1 - 4*off - 0x1p-20), worth: worth, direct: c.direct,
	}
}

// precision returns a unit in which no distance of the rows is large or vanishes, and how
// far computed distances may be from true ones: by a factor of 1 ± off, and, in that unit,
// by gone, which is twice what is lost when the squares of differences vanish.
func precision[T element](f *fit[T]) (unit, off, gone float64) {
	u, vanishing := 0x1p-24, 0x1p-74
	if unsafe.Sizeof(T(0)) == 8 {
		u, vanishing = 0x1p-53, 0x1p-536
	}
	d := float64(f.x.D)
	_, exp := math.Frexp(f.top * math.Sqrt(d))
	unit = math.Ldexp(1, -exp)
	return unit, (d + 8) * u, 2.1 * math.Sqrt(d+64) * vanishing * unit
}

// begin gets ready for bounds of n rows that are all taken anew.
func (h *hamerly) begin(n int) {
	if h.slack == nil {
		h.slack, h.upper = make([]float32, n), make([]float32, n)
	}
	clear(h.own)
	clear(h.other)
	clear(h.half)
	h.raise()
}

// set takes the bounds of the rows from first on, with the given labels.
func (h *hamerly) set(first int, upper, lower []float32, labels []int32) {
	slacks, uppers := h.slack[first:first+len(labels)], h.upper[first:first+len(labels)]
	upper, lower = upper[:len(labels)], lower[:len(labels)]
	for i, l := range labels {
		slacks[i], uppers[i] = h.since(upper[i], lower[i], l)
	}
}

// since returns what is kept of the bounds of a row with the given label, which hold now.
func (h *hamerly) since(upper, lower float32, label int32) (slack, rest float32) {
	u, l := h.upperSince(upper, label), h.keep*(lower+h.drifted[label].other)
	return l - u - (abs32(l)+abs32(u))*0x1p-21, u
}

// upperSince returns what is kept of an upper bound.
func (h *hamerly) upperSince(upper float32, label int32) float32 {
	u := upper - h.drifted[label].own
	return u + abs32(u)*0x1p-22
}

// tighten takes a new upper bound, which holds now, of a row with the given label.
func (h *hamerly) tighten(row int, upper float32, label int32) {
	was, slack := h.upper[row], h.slack[row]
	u, l := h.upperSince(upper, label), slack+was
	h.slack[row], h.upper[row] = l-u-(abs32(slack)+abs32(was)+abs32(u))*0x1p-21, u
}

func abs32(v float32) float32 { return math.Float32frombits(math.Float32bits(v) &^ (1 << 31)) }

// certain reports whether a row keeps the given label by its bounds.
func (h *hamerly) certain(row int, label int32) bool {
	b := &h.bars[label]
	return h.slack[row] > b.Slack || h.upper[row] < b.Upper
}

// raise sets the bars to where the centers are now.
func (h *hamerly) raise() {
	const up, down = 1 + 0x1p-22, 1 - 0x1p-22
	for k := range h.bars {
		own, other := h.own[k], h.other[k]
		near := float64(h.half[k]) - own*up
		h.bars[k] = lloyd.Bar{Slack: float32((own + other) * up), Upper: float32(near - math.Abs(near)*0x1p-22)}
		h.drifted[k] = step{float32(own * down), float32(other * down)}
	}
}

// open counts the rows with these bounds and labels that do not keep their labels after the
// last M-step.
func (h *hamerly) open(upper, lower []float32, labels []int32) (failed int) {
	for i, l := range labels {
		if s := &h.steps[l]; !(upper[i]+s.own < h.keep*(lower[i]-s.other)) {
			failed++
		}
	}
	return failed
}

// unknown says that nothing is known of a row.
func (h *hamerly) unknown(row int) {
	if h.upper != nil {
		h.upper[row], h.slack[row] = math.MaxFloat32, -math.MaxFloat32
	}
}

// moved takes the squared shifts of an M-step.
func (h *hamerly) moved(shift []float64) {
	var most, second float32
	last := -1
	for k, s := range shift {
		var d float32
		if s > 0 {
			d = float32(math.Sqrt(s)*h.unit*(1+0x1p-20)) + h.gone
		}
		h.steps[k].own = d
		if d > most {
			most, second, last = d, most, k
		} else if d > second {
			second = d
		}
	}
	for k := range h.steps {
		s := &h.steps[k]
		if s.other = most; k == last {
			s.other = second
		}
		h.own[k] += float64(s.own)
		h.other[k] += float64(s.other)
	}
}

// spread finds half the distances between centers. They are K², and left out when these
// are many beside the rows'.
func (r *run[T]) spread(ctx context.Context) error {
	clear(r.hamerly.half)
	if r.k*32 > r.x.N {
		return nil
	}
	return r.crew.each(ctx, r.k, r.k*r.x.D, r.eachSpread)
}

// spreadBlock is spread for centers from to to−1.
func (r *run[T]) spreadBlock(number, from, to int) {
	w, n := &r.workers[number], to-from
	must(r.packed.NearestTwo(w.labels[:n], w.dist[:n], w.second[:n], r.centers.Rows(from, to), &w.work))
	var own, other [blockRows]float32
	must(lloyd.Bounds(own[:n], other[:n], w.dist[:n], w.second[:n], r.hamerly.unit, r.hamerly.off, r.hamerly.gone))
	for i, d := range other[:n] {
		r.hamerly.half[from+i] = d * r.hamerly.keep / 2
	}
}

// refreshBlock sets labels and dist for rows from to to−1, and their bounds.
func (r *run[T]) refreshBlock(w *worker[T], labels []int32, dist []T, from, to int) {
	n := to - from
	must(r.packed.NearestQuantized(labels, dist, w.second[:n], r.kept, from, r.x.Rows(from, to), &w.work))
	r.bound(w, dist, w.second[:n])
	r.hamerly.set(from, w.upper[:n], w.lower[:n], labels)
}

// bound sets w.upper and w.lower to bounds of distances to own and other centers.
func (r *run[T]) bound(w *worker[T], own, other []T) {
	h, n := r.hamerly, len(own)
	must(lloyd.Bounds(w.upper[:n], w.lower[:n], own, other, h.unit, h.off, h.gone))
}

// judge takes note of how many rows of the last E-step were refreshed because too many rows of
// their blocks failed.
func (h *hamerly) judge(refreshed, rows int) {
	if h.leaps++; 2*refreshed <= rows {
		h.leaps = 0
	}
}

// pay reports whether the next E-step is to go by the bounds.
func (h *hamerly) pay() bool { return h.held && h.leaps < 2 }

// pruneBlock assigns the rows from to to−1 that their bounds do not settle, or puts
// them among the worker's pending rows. It returns false when it leaves all of them to
// the kernel, because so many fail that it does not pay.
func (r *run[T]) pruneBlock(w *worker[T], from, to int) bool {
	h, n := r.hamerly, to-from
	found, err := lloyd.Unsettled(w.failed[:n], h.slack[from:to], h.upper[from:to], r.labels[from:to], h.bars)
	must(err)
	if float64(found) > h.worth*float64(n) {
		w.refreshed += n
		return false
	}
	w.pruned += int64(n - found)
	if w.gathered == nil {
		w.gathered = make([]T, 2*pendingRows*r.x.D)
	}
	if h.direct {
		for _, row := range w.failed[:found] {
			r.await(w, from+int(row))
		}
		return true
	}
	for failed := w.failed[:found]; len(failed) > 0; {
		m := min(len(failed), pendingRows)
		r.tighten(w, from, failed[:m])
		failed = failed[m:]
	}
	return true
}

// tighten computes the distances of the listed rows of a block, at most pendingRows, to
// their own centers, and keeps those as pending that are still not settled.
func (r *run[T]) tighten(w *worker[T], from int, rows []int32) {
	h, d, n := r.hamerly, r.x.D, len(rows)
	fresh := w.gathered[pendingRows*d:]
	for i, row := range rows {
		copy(fresh[i*d:(i+1)*d], r.x.Row(from+int(row)))
		w.own[i] = r.labels[from+int(row)]
	}
	must(lloyd.SquaredL2Pairs(w.ownDist[:n], lloyd.Dense(fresh, n, d), r.centers, w.own[:n]))
	r.bound(w, w.ownDist[:n], w.ownDist[:n])
	copy(w.ownUpper[:n], w.upper[:n]) // settle needs that
	for i, row := range rows {
		at := from + int(row)
		if h.tighten(at, w.ownUpper[i], w.own[i]); h.certain(at, w.own[i]) {
			w.pruned++
			continue
		}
		r.await(w, at)
	}
}

// await puts a row among the worker's pending ones, and assigns these when they are enough.
func (r *run[T]) await(w *worker[T], row int) {
	d := r.x.D
	to, from := w.gathered[w.waiting*d:(w.waiting+1)*d], r.x.Row(row)
	if d <= 4 { // faster than a call
		for j := range to {
			to[j] = from[j]
		}
	} else {
		copy(to, from)
	}
	w.pending[w.waiting] = int32(row)
	if w.waiting++; w.waiting == pendingRows {
		r.settle(w)
	}
}

// settle assigns the worker's pending rows.
func (r *run[T]) settle(w *worker[T]) {
	n := w.waiting
	if n == 0 {
		return
	}
	w.waiting = 0
	x := lloyd.Dense(w.gathered, n, r.x.D)
	labels, dist, second := w.labels[:n], w.dist[:n], w.second[:n]
	must(r.packed.NearestTwo(labels, dist, second, x, &w.work))
	r.bound(w, dist, second)
	h, m := r.hamerly, 0
	for i, row := range w.pending[:n] {
		h.slack[row], h.upper[row] = h.since(w.upper[i], w.lower[i], labels[i])
		if old := r.labels[row]; old != labels[i] {
			w.moving[m], w.from[m], w.to[m] = int32(i), old, labels[i]
			if r.weights != nil {
				w.weights[m] = r.weights[row]
			}
			r.labels[row] = labels[i]
			m++
		}
	}
	if m > 0 {
		r.transfer(w, x, m)
	}
}
