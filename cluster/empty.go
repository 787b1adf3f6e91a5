package cluster

import (
	"cmp"
	"context"
	"slices"

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
	// No cluster has more than one row that is passed over.
	far, err := r.farthest(ctx, len(empty)+r.k)
	if err != nil {
		return err
	}
	left := slices.Clone(r.stats.rows)
	var moves []farRow[T]
	var rows []int
	for _, row := range far {
		if len(moves) == len(empty) {
			break
		}
		if left[row.label] > 1 {
			left[row.label]--
			moves, rows = append(moves, row), append(rows, row.index)
		}
	}
	x := lloyd.Dense(make([]T, len(rows)*r.x.D), len(rows), r.x.D)
	if err := r.take(ctx, x, rows); err != nil {
		return err
	}
	for i, row := range moves {
		r.move(x.Rows(i, i+1), row, int32(empty[i]))
	}
	return nil
}

// move gives a row, which x holds, another label.
func (r *run[T]) move(x lloyd.Matrix[T], row farRow[T], label int32) {
	i, w := row.index, part(r.weights, row.index, row.index+1)
	r.changed[row.label], r.changed[label] = true, true
	must(remove(r.stats, x, []int32{row.label}, w))
	must(add(r.stats, x, []int32{label}, w))
	if r.labels != nil {
		r.labels[i] = label
	}
	if r.hamerly != nil {
		r.hamerly.unknown(i)
	}
	if r.elkan != nil {
		r.elkan.unknown(i, row.label)
	}
	if r.tiles != nil {
		r.tiles.held = false
	}
	if r.kept != nil {
		r.kept.Forget()
	}
	r.stale = true
}

// farRow is a row with its label and its distance to that center, squared.
type farRow[T element] struct {
	index int
	label int32
	dist  T
}

// farther orders rows by their distance, the largest first, and then by their index.
func farther[T element](a, b farRow[T]) int {
	return cmp.Or(cmp.Compare(b.dist, a.dist), cmp.Compare(a.index, b.index))
}

// farthest returns the rows of a weight above 0 that are farthest from their own center,
// as of the last E-step, up to the given number, in order; rows that coincide with it are left out.
func (r *run[T]) farthest(ctx context.Context, most int) ([]farRow[T], error) {
	found := make([][]farRow[T], len(r.workers))
	least := make([]T, len(r.workers)) // distance below which a row is not among them
	cut := func(far []farRow[T]) []farRow[T] {
		slices.SortFunc(far, farther)
		return far[:min(most, len(far))]
	}
	err := r.each(ctx, r.k*r.x.D, func(worker, from, to int) {
		w := &r.workers[worker]
		dist, labels := w.dist[:to-from], w.labels[:to-from]
		if r.labels != nil {
			labels = r.labels[from:to]
			must(lloyd.SquaredL2Pairs(dist, r.present(from, to), r.centers, labels))
		} else {
			must(r.packed.Nearest(labels, dist, r.present(from, to), &w.work))
		}
		for i, d := range dist {
			if d > 0 && d >= least[worker] && (r.weights == nil || r.weights[from+i] > 0) {
				found[worker] = append(found[worker], farRow[T]{from + i, labels[i], d})
			}
		}
		if len(found[worker]) >= 2*most+blockRows {
			found[worker] = cut(found[worker])
			least[worker] = found[worker][most-1].dist
		}
	})
	return cut(slices.Concat(found...)), err
}
