package cluster

import (
	"time"

	"github.com/seed-fbf9ce71/lloyd"
)

// worker is what one goroutine of the E-step has for itself.
type worker[T element] struct {
	scratch[T]
	change  *Statistics // what its blocks add to the statistics; of the first worker, these
	touched []bool      // clusters with a change
	members []int64     // rows with each label, where labels are not kept

	// What the first worker looks at after an E-step, all in one place.
	moved         int64         // rows with a weight above 0
	refreshed     int           // rows of blocks in which too many failed the test of the bounds
	leftOut       int           // rows that gaps left out
	postponed     int           // rows that the first worker is to move
	update        time.Duration // spent on the sums, when someone observes
	postponedRows [postponedMost]postponedRow

	// The rows of a block that move, where from and to, and their weights.
	moving, from, to [blockRows]int32
	weights          [blockRows]float64

	// What the bounds need: second least distances, the rows of a block that fail the
	// test, and rows that wait to be assigned, gathered, with their labels so far.
	second       [blockRows]T
	failed       [blockRows]int32
	gathered     []T
	pending      [pendingRows]int32
	own          [pendingRows]int32
	ownDist      [pendingRows]T
	ownUpper     [pendingRows]float32
	upper, lower [blockRows]float32 // bounds as they are taken
	waiting      int
	pruned       int64 // rows that kept their label by their bounds

	contracted *contractionSpace[T]
	left       int64 // distances that the contraction left
	pairs      pairSpace[T]
	tiles      tileSpace[T]
	strays     int64 // rows of tiles whose label has changed
}

// postponedRow is a row that moves between clusters.
type postponedRow struct{ row, from, to int32 }

// renew makes the worker as good as new, but for the memory of its kernels.
func (w *worker[T]) renew() {
	work := w.work
	work.Reset()
	*w = worker[T]{}
	w.work = work
}

// postponedMost is the number of moved rows of an E-step that a worker leaves to the first one. The sums
// of their clusters, which that one has cleared or is to merge, would have to come from its cache
// and go back there.
const postponedMost = 32

// postpone leaves the first n rows that w.moving lists, counted from row first on, to the first worker.
// It reports whether there is room for them.
func (w *worker[T]) postpone(first, n int) bool {
	if w.postponed+n > postponedMost {
		return false
	}
	for m, i := range w.moving[:n] {
		w.postponedRows[w.postponed+m] = postponedRow{int32(first) + i, w.from[m], w.to[m]}
	}
	w.postponed += n
	return true
}

// movePostponed moves the rows that the other workers have left to the first one.
func (r *run[T]) movePostponed() {
	first := &r.workers[0]
	for i := range r.workers {
		w := &r.workers[i]
		if w.postponed == 0 {
			continue
		}
		for m, l := range w.postponedRows[:w.postponed] {
			first.moving[m], first.from[m], first.to[m] = l.row, l.from, l.to
			if r.weights != nil {
				first.weights[m] = r.weights[l.row]
			}
		}
		r.transfer(first, r.x, w.postponed)
		w.postponed = 0
	}
}

// transfer moves the first n rows of x that w.moving lists between clusters, with the
// time it takes if someone observes.
func (r *run[T]) transfer(w *worker[T], x lloyd.Matrix[T], n int) {
	if r.moves != nil { // moveRows does, at the end
		return
	}
	if r.observer != nil {
		start := time.Now()
		defer func() { w.update += time.Since(start) }()
	}
	var weights []float64
	if r.weights != nil {
		weights = w.weights[:n]
	}
	w.move(x, w.moving[:n], w.from[:n], w.to[:n], weights)
}

// collect adds the rows of x to the clusters of their labels, with the time it takes if
// someone observes.
func (r *run[T]) collect(w *worker[T], x lloyd.Matrix[T], labels []int32, weights []float64) {
	if r.observer != nil {
		start := time.Now()
		defer func() { w.update += time.Since(start) }()
	}
	must(add(w.change, x, labels, weights))
	for _, l := range labels {
		w.touched[l] = true
		w.members[l]++
	}
}

// move moves the listed rows of x between clusters; from −1 they come from none.
func (w *worker[T]) move(x lloyd.Matrix[T], rows, from, to []int32, weights []float64) {
	if from[0] < 0 { // this is the first E-step, and so it is for all
		must(addListed(w.change, x, rows, to, weights))
		for m, l := range to {
			w.touched[l] = true
			w.moved += counts(weights, m)
		}
		return
	}
	must(transferListed(w.change, x, rows, from, to, weights))
	touched := w.touched
	for m, l := range to {
		touched[from[m]], touched[l] = true, true
		w.moved += counts(weights, m)
	}
}

// counts is 1 if row m has a weight above 0, else 0.
func counts(weights []float64, m int) int64 {
	if weights != nil && !(weights[m] > 0) {
		return 0
	}
	return 1
}
