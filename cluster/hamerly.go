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
// if upper < keep·lower with keep below (1−ε)/(1+ε) and slack in both, and everything is
// rounded to the safe side. Equality never skips, so that
// ties go through the kernel. So the labels are those of plain Lloyd, to the last one.
//
// Distances are kept in float32, 8 bytes a row, in a unit in which no distance of the
// data is large or vanishes.
type hamerly struct {
	upper, lower []float32     // of each row; allocated when they are wanted
	drifts       []lloyd.Drift // of each center since the last E-step
	held         bool          // the bounds hold for the centers of the last E-step
	unit         float64
	keep         float32
	off          float64 // by which a computed distance may be off, relative
	slack        float32 // that squares which vanish in the dtype may cost, twice
	worth        float64 // share of rows that fail the test from which the bounds do not pay

	always bool
}

// pendingRows is the number of rows that are gathered before they are assigned: whole
// panels of every kernel.
const pendingRows = 64

// newHamerly returns the bounds for a run, or nil if they cannot pay.
func newHamerly[T element](f *fit[T], c costs) *hamerly {
	n := float64(f.x.N)
	worth := (c.plain/n - c.rowTest) / c.row
	if f.algorithm != Hamerly && (f.algorithm != Auto || f.k < 2 || worth < 0.1 || c.plain < costPasses) {
		return nil
	}
	unit, off, gone := precision(f)
	return &hamerly{
		drifts: make([]lloyd.Drift, f.k), unit: unit, off: off, slack: float32(gone) + 0x1p-90,
		keep: float32(1 - 4*off - 0x1p-20), worth: worth, always: f.algorithm == Hamerly,
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

// certain reports whether a row with these bounds keeps its label, whose center has
// drifted like d.
func (h *hamerly) certain(upper, lower float32, d *lloyd.Drift) bool {
	return upper < h.keep*lower || upper < d.Half
}

// open counts, of every step-th row with these bounds and labels, those that do not keep
// their labels after the last drift, and all.
func (h *hamerly) open(upper, lower []float32, labels []int32, step int) (failed, tested int) {
	for i := 0; i < len(labels); i += step {
		d := &h.drifts[labels[i]]
		tested++
		if !h.certain(upper[i]+d.Own, lower[i]-d.Other, d) {
			failed++
		}
	}
	return failed, tested
}

// unknown says that nothing is known of a row.
func (h *hamerly) unknown(row int) {
	if h.upper != nil {
		h.upper[row], h.lower[row] = math.MaxFloat32, 0
	}
}

// moved takes the squared shifts of an M-step.
func (h *hamerly) moved(shift []float64) {
	var most, second float32
	last := -1
	for k, s := range shift {
		var d float32
		if s > 0 {
			d = float32(math.Sqrt(s)*h.unit*(1+0x1p-20)) + h.slack
		}
		h.drifts[k] = lloyd.Drift{Own: d}
		if d > most {
			most, second, last = d, most, k
		} else if d > second {
			second = d
		}
	}
	for k := range h.drifts {
		h.drifts[k].Other = most
	}
	if last >= 0 {
		h.drifts[last].Other = second
	}
}

// spread sets half the distances between centers. They are K², and left out when these
// are many beside the rows'.
func (r *run[T]) spread(ctx context.Context) error {
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
	must(lloyd.Bounds(own[:n], other[:n], w.dist[:n], w.second[:n], r.hamerly.unit, r.hamerly.off, r.hamerly.slack))
	for i, d := range other[:n] {
		r.hamerly.drifts[from+i].Half = d * r.hamerly.keep / 2
	}
}

// refreshBlock sets labels and dist for rows from to to−1, and their bounds.
func (r *run[T]) refreshBlock(w *worker[T], labels []int32, dist []T, from, to int) {
	h, n := r.hamerly, to-from
	must(r.packed.NearestTwo(labels, dist, w.second[:n], r.x.Rows(from, to), &w.work))
	must(lloyd.Bounds(h.upper[from:to], h.lower[from:to], dist, w.second[:n], h.unit, h.off, h.slack))
}

// pruneBlock assigns the rows from to to−1 that their bounds do not settle, or puts
// them among the worker's pending rows. It returns false when it leaves all of them to
// the kernel, because so many fail that it does not pay.
func (r *run[T]) pruneBlock(w *worker[T], from, to int) bool {
	h, n := r.hamerly, to-from
	found, err := lloyd.Unsettled(w.failed[:n], h.upper[from:to], h.lower[from:to], r.labels[from:to], h.drifts, h.keep)
	must(err)
	if float64(found) > h.worth*float64(n) && !h.always {
		return false
	}
	w.pruned += int64(n - found)
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
	if w.gathered == nil {
		w.gathered = make([]T, 2*pendingRows*d)
	}
	fresh := w.gathered[pendingRows*d:]
	for i, row := range rows {
		copy(fresh[i*d:(i+1)*d], r.x.Row(from+int(row)))
		w.own[i] = r.labels[from+int(row)]
	}
	must(lloyd.SquaredL2Pairs(w.ownDist[:n], lloyd.Dense(fresh, n, d), r.centers, w.own[:n]))
	must(lloyd.Bounds(w.ownUpper[:n], w.ownLower[:n], w.ownDist[:n], w.ownDist[:n], h.unit, h.off, h.slack))
	for i, row := range rows {
		at := from + int(row)
		h.upper[at] = w.ownUpper[i]
		if h.certain(w.ownUpper[i], h.lower[at], &h.drifts[w.own[i]]) {
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
	var upper, lower [pendingRows]float32
	must(lloyd.Bounds(upper[:n], lower[:n], dist, second, r.hamerly.unit, r.hamerly.off, r.hamerly.slack))
	m := 0
	for i, row := range w.pending[:n] {
		r.hamerly.upper[row], r.hamerly.lower[row] = upper[i], lower[i]
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
