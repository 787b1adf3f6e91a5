package cluster

import (
	"slices"

	"github.com/seed-fbf9ce71/lloyd"
)

// moves takes rows from cluster to cluster at the end of an E-step, one cluster after the
// other, each by one thread: first the rows that leave it, then those that come. Where the
// sums of all clusters do not stay in a thread's cache, a row that is moved when it gets its
// label brings two of them there, of four times its size each, and takes them back; here a
// cluster's sums stay until all its rows have been read. Nor do the threads need sums of
// their own. Memory: 8 bytes a row, and 16 (with weights 32) for each that moves.
type moves struct {
	before      []int32 // labels before the E-step
	moved       []int32 // rows whose label it has changed
	leave, come listing
}

// listing is rows in the order of the cluster that they leave, or come to.
type listing struct {
	first         []int32 // where a cluster's rows begin
	rows, cluster []int32
	weights       []float64 // nil: all 1
}

const (
	// movesColumns and movesBytes are the columns and the size of the sums, 16·K·D bytes, from
	// which that pays (bench/NOTES.md); clusterRows and clustersEach are the rows of a cluster
	// and the clusters of a thread that it takes.
	movesColumns, movesBytes  = 128, 2 << 20
	clusterRows, clustersEach = 4, 16
)

// moving is off in tests that compare moves with those of the workers.
var moving = true

// newMoves returns moves for a run, or nil where its workers are to move rows at once.
func newMoves[T element](f *fit[T], threads int) *moves {
	small := f.x.D < movesColumns || 16*f.k*f.x.D < movesBytes || f.x.N < clusterRows*f.k || f.k < clustersEach*threads
	if f.source != nil || f.unlabeled || small || !moving {
		return nil
	}
	m := &moves{before: make([]int32, f.x.N), moved: make([]int32, f.x.N)}
	m.leave.first, m.come.first = make([]int32, f.k+1), make([]int32, f.k+1)
	return m
}

// sort lists the rows by the cluster that labels gives them; negative ones are left out.
func (l *listing) sort(rows, labels []int32, weights []float64) {
	clear(l.first)
	for _, row := range rows {
		if k := labels[row]; k >= 0 {
			l.first[k]++
		}
	}
	var n int32
	for k, rows := range l.first {
		l.first[k] = n
		n += rows
	}
	l.rows, l.cluster = slices.Grow(l.rows[:0], int(n))[:n], slices.Grow(l.cluster[:0], int(n))[:n]
	if weights != nil {
		l.weights = slices.Grow(l.weights[:0], int(n))[:n]
	}
	for _, row := range rows {
		k := labels[row]
		if k < 0 {
			continue
		}
		at := l.first[k]
		l.first[k]++
		l.rows[at], l.cluster[at] = row, k
		if weights != nil {
			l.weights[at] = weights[row]
		}
	}
	copy(l.first[1:], l.first) // each has become that of the next one
	l.first[0] = 0
}

// of returns the rows of cluster k, it for each of them, and their weights.
func (l *listing) of(k int) (rows, cluster []int32, weights []float64) {
	from, to := l.first[k], l.first[k+1]
	return l.rows[from:to], l.cluster[from:to], part(l.weights, int(from), int(to))
}

// moveRows moves the rows whose label the E-step has changed, and returns the number of those
// with a weight above 0.
func (r *run[T]) moveRows() (moved int64) {
	m := r.moves
	n, err := lloyd.Moved(m.moved, r.labels, m.before)
	must(err)
	m.leave.sort(m.moved[:n], m.before, r.weights)
	m.come.sort(m.moved[:n], r.labels, r.weights)
	r.crew.eachOf(r.k, (2*n/r.k+1)*r.x.D, r.eachMove)
	for _, row := range m.moved[:n] {
		moved += counts(r.weights, int(row))
	}
	return moved
}

// moveCluster moves the rows that leave cluster k and those that come to it.
func (r *run[T]) moveCluster(k int) {
	if rows, cluster, weights := r.moves.leave.of(k); len(rows) > 0 {
		must(removeListed(r.stats, r.x, rows, cluster, weights))
		r.changed[k] = true
	}
	if rows, cluster, weights := r.moves.come.of(k); len(rows) > 0 {
		must(addListed(r.stats, r.x, rows, cluster, weights))
		r.changed[k] = true
	}
}
