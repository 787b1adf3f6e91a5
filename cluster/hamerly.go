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
// long as upper is below lower, or below what half the way to the next center says,
// the row keeps its label without a look at it.
//
// Labels are those of the least computed distance, each of which is off by a factor of
// at most 1 ± ε: a row is skipped only if upper < keep·lower with keep below
// (1−ε)/(1+ε), and everything is rounded to the safe side. Equality never skips, so that
// ties go through the kernel. So the labels are those of plain Lloyd, to the last one.
//
// Distances are kept in float32, 8 bytes a row, in a unit in which no distance of the
// data is large or vanishes.
type hamerly struct {
	upper, lower []float32
	held         bool      // they hold for the centers of the last E-step
	drift        []float32 // of each center since then, at least
	fall         []float32 // the largest drift of any other center
	apart        []float32 // at most the distance of each center to the nearest other one
	unit         float64
	keep         float32

	always      bool
	pause, next int // iterations to go without, and how many after the next time it does not pay
}

const (
	// up and down round a float32 result of one or two operations to the safe side.
	up   = 1 + 0x1p-21
	down = 1 - 0x1p-21
	// vanished is below every distance that matters, in units of hamerly.unit.
	vanished = 0x1p-90
	// hamerlyLeast is K·(D+8) from which testing the bounds of a row takes much less
	// time than the distances.
	hamerlyLeast = 640
	// hamerlyMost is the share of rows that fail the test from which the bounds do not
	// pay.
	hamerlyMost = 0.8
	// pendingRows is the number of rows that are gathered before they are assigned:
	// whole panels of every kernel.
	pendingRows = 64
)

// newHamerly returns the bounds for a run, or nil if they cannot pay.
func newHamerly[T element](f *fit[T]) *hamerly {
	if f.algorithm == Lloyd || f.algorithm == Auto && (f.k < 2 || f.k*(f.x.D+8) < hamerlyLeast) {
		return nil
	}
	u := 0x1p-24
	if unsafe.Sizeof(T(0)) == 8 {
		u = 0x1p-53
	}
	_, exp := math.Frexp(f.top * math.Sqrt(float64(f.x.D)))
	return &hamerly{
		upper: make([]float32, f.x.N), lower: make([]float32, f.x.N),
		drift: make([]float32, f.k), fall: make([]float32, f.k),
		apart: make([]float32, f.k),
		unit:  math.Ldexp(1, -exp), keep: float32(1 - 4*float64(f.x.D+8)*u - 0x1p-20),
		always: f.algorithm == Hamerly,
	}
}

// above and below are a distance in the unit, from a computed square, rounded away
// from 0 and towards it.
func (h *hamerly) above(square float64) float32 {
	return float32(math.Sqrt(square)*h.unit*up) + vanished
}
func (h *hamerly) below(square float64) float32 {
	return float32(min(math.Sqrt(square)*h.unit, math.MaxFloat32) * down)
}

// set takes over what a row's distances are, squared.
func (h *hamerly) set(row int, own, other float64) {
	h.upper[row], h.lower[row] = h.above(own), h.below(other)
}

// certain reports whether a row with these bounds keeps its label l.
func (h *hamerly) certain(upper, lower float32, l int32) bool {
	return upper < h.keep*max(lower, h.apart[l]-upper)
}

// moved takes the squared shifts of an M-step.
func (h *hamerly) moved(shift []float64) {
	var most, second float32
	last := -1
	for k, s := range shift {
		d := float32(math.Sqrt(s) * h.unit * up)
		if s > 0 {
			d += vanished
		}
		h.drift[k] = d
		if d > most {
			most, second, last = d, most, k
		} else if d > second {
			second = d
		}
	}
	for k := range h.fall {
		h.fall[k] = most
	}
	if last >= 0 {
		h.fall[last] = second
	}
}

// still says that the bounds are those of the present centers.
func (h *hamerly) still() {
	clear(h.drift)
	clear(h.fall)
}

// mode is what an E-step does with the bounds.
type mode uint8

const (
	plain   mode = iota // nothing
	refresh             // it sets them for all rows
	prune               // it skips the rows that they settle
)

// choose says what the next E-step does: the test itself, on some of the rows, says
// whether the bounds pay.
func (r *run[T]) choose() mode {
	h := r.hamerly
	switch {
	case h == nil:
		return plain
	case h.always && h.held:
		return prune
	case h.always:
		return refresh
	case h.pause > 0:
		h.pause--
		return plain
	case !h.held:
		return refresh
	}
	const sample = 2048
	step, tested, failed := max(1, r.x.N/sample), 0, 0
	for i := 0; i < r.x.N; i += step {
		l := r.labels[i]
		tested++
		if !h.certain((h.upper[i]+h.drift[l])*up, h.lower[i]-h.fall[l]*up, l) {
			failed++
		}
	}
	if float64(failed) > hamerlyMost*float64(tested) {
		h.next = min(2*h.next+1, 8)
		h.pause = h.next
		h.held = false
		return plain
	}
	h.next = 0
	return prune
}

// spread sets apart. It takes K² distances, and is left out when these are many beside
// the rows'.
func (r *run[T]) spread(ctx context.Context) error {
	if r.k*32 > r.x.N {
		return nil
	}
	return r.crew.each(ctx, r.k, r.k*r.x.D, r.eachSpread)
}

// spreadBlock sets apart for centers from to to−1.
func (r *run[T]) spreadBlock(number, from, to int) {
	w, n := &r.workers[number], to-from
	must(r.packed.NearestTwo(w.labels[:n], nil, w.second[:n], r.centers.Rows(from, to), &w.work))
	for i, s := range w.second[:n] {
		r.hamerly.apart[from+i] = r.hamerly.below(float64(s))
	}
}

// test lets the bounds of a block's rows, which begins at row from, drift with the
// centers, lists in failed the rows that they do not settle, and returns how many.
func (h *hamerly) test(failed []int32, labels []int32, from int) int {
	n := len(labels)
	failed = failed[:n]
	upper, lower := h.upper[from:from+n], h.lower[from:from+n]
	drift, fall, apart := h.drift, h.fall, h.apart
	m := 0
	for i, l := range labels {
		u, o := (upper[i]+drift[l])*up, lower[i]-fall[l]*up
		o = max(o-o*(1-down), -math.MaxFloat32) // one rounding
		upper[i], lower[i] = u, o
		failed[m] = int32(i)
		if !(u < h.keep*max(o, apart[l]-u)) {
			m++
		}
	}
	return m
}

// pruneBlock assigns the rows from to to−1 that their bounds do not settle, or puts
// them among the worker's pending rows.
func (r *run[T]) pruneBlock(w *worker[T], from, to int) {
	h := r.hamerly
	failed := w.failed[:h.test(w.failed[:], r.labels[from:to], from)]
	w.pruned += int64(to - from - len(failed))
	for len(failed) > 0 {
		n := min(len(failed), pendingRows)
		r.tighten(w, from, failed[:n])
		failed = failed[n:]
	}
}

// tighten computes the distances of the listed rows of a block, at most pendingRows, to
// their own centers, and keeps those as pending that are still not settled.
func (r *run[T]) tighten(w *worker[T], from int, rows []int32) {
	h, d := r.hamerly, r.x.D
	if w.gathered == nil {
		w.gathered = make([]T, 2*pendingRows*d)
	}
	fresh := w.gathered[pendingRows*d:]
	for i, row := range rows {
		copy(fresh[i*d:(i+1)*d], r.x.Row(from+int(row)))
		w.own[i] = r.labels[from+int(row)]
	}
	n := len(rows)
	must(lloyd.SquaredL2Pairs(w.ownDist[:n], lloyd.Dense(fresh, n, d), r.centers, w.own[:n]))
	for i, row := range rows {
		at := from + int(row)
		h.upper[at] = h.above(float64(w.ownDist[i]))
		if h.certain(h.upper[at], h.lower[at], w.own[i]) {
			w.pruned++
			continue
		}
		copy(w.gathered[w.waiting*d:(w.waiting+1)*d], fresh[i*d:(i+1)*d])
		w.pending[w.waiting] = int32(at)
		w.waiting++
		if w.waiting == pendingRows {
			r.settle(w)
		}
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
	m := 0
	for i, row := range w.pending[:n] {
		r.hamerly.set(int(row), float64(dist[i]), float64(second[i]))
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
