package cluster

import (
	"container/heap"
	"context"

	"github.com/seed-fbf9ce71/lloyd"
)

// relocate gives each empty cluster that is not frozen, in order of its index, the row farthest
// from its own center, the lowest index on ties. A row that is the only one of
// its cluster, coincides with its center or has no weight is not taken: an
// empty cluster for which no row is left stays empty. Labels and statistics
// follow the rows.
func (r *run[T]) relocate(ctx context.Context) error {
	var empty []int
	for k, rows := range r.stats.rows {
		if rows == 0 && !r.stays(k) {
			empty = append(empty, k)
		}
	}
	if len(empty) == 0 {
		return nil
	}
	dist := make([]T, r.x.N)
	err := r.crew.each(ctx, r.x.N, r.x.D, func(_, from, to int) {
		must(lloyd.SquaredL2Pairs(dist[from:to], r.x.Rows(from, to), r.centers, r.labels[from:to]))
	})
	if err != nil {
		return err
	}
	far := farthest[T]{dist: dist}
	for i, d := range dist {
		if d > 0 && (r.weights == nil || r.weights[i] > 0) {
			far.rows = append(far.rows, int32(i))
		}
	}
	heap.Init(&far)
	for _, k := range empty {
		for far.Len() > 0 {
			i := int(heap.Pop(&far).(int32))
			if old := r.labels[i]; r.stats.rows[old] > 1 {
				r.move(i, int32(k))
				break
			}
		}
	}
	return nil
}

// move gives row i another label.
func (r *run[T]) move(i int, label int32) {
	x, w := r.x.Rows(i, i+1), part(r.weights, i, i+1)
	r.changed[r.labels[i]], r.changed[label] = true, true
	must(remove(r.stats, x, r.labels[i:i+1], w))
	if r.hamerly != nil {
		r.hamerly.unknown(i)
	}
	if r.elkan != nil {
		r.elkan.unknown(i, r.labels[i])
	}
	r.labels[i] = label
	must(add(r.stats, x, r.labels[i:i+1], w))
	r.stale = true
}

// farthest is a heap of rows, the one with the largest distance first.
type farthest[T element] struct {
	dist []T
	rows []int32
}

func (f *farthest[T]) Len() int { return len(f.rows) }
func (f *farthest[T]) Less(i, j int) bool {
	a, b := f.rows[i], f.rows[j]
	return f.dist[a] > f.dist[b] || f.dist[a] == f.dist[b] && a < b
}
func (f *farthest[T]) Swap(i, j int) { f.rows[i], f.rows[j] = f.rows[j], f.rows[i] }
func (f *farthest[T]) Push(v any)    { f.rows = append(f.rows, v.(int32)) }
func (f *farthest[T]) Pop() any {
	last := f.rows[len(f.rows)-1]
	f.rows = f.rows[:len(f.rows)-1]
	return last
}
