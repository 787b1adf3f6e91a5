package cluster

import "github.com/seed-fbf9ce71/lloyd"

// takePanel takes the bounds of a panel.
func (r *run[T]) takePanel(number, from, _ int) {
	w, panel := &r.workers[number], from/blockRows
	r.tiles.take(&w.tiles, &w.work, panel)
	r.transferPanel(w, panel)
}

// assignPanel assigns the rows of a panel by their bounds.
func (r *run[T]) assignPanel(number, from, _ int) {
	w, panel := &r.workers[number], from/blockRows
	_, n := r.tiles.panel(panel)
	found := r.tiles.assign(&w.tiles, panel)
	w.pruned += int64((n - found) * lloyd.TileRows[T]())
	if found > 0 {
		r.transferPanel(w, panel)
	}
}

// transferPanel moves the rows of a panel whose labels have changed between clusters.
func (r *run[T]) transferPanel(w *worker[T], panel int) {
	t := r.tiles
	changed := false
	for _, i := range w.tiles.open {
		changed = changed || w.tiles.fresh[i]
	}
	if !changed {
		return
	}
	first, n := t.panel(panel)
	rows := n * lloyd.TileRows[T]()
	for from := 0; from < rows; from += blockRows {
		at := first + from
		labels, old := w.tiles.labels[from:min(rows, from+blockRows)], t.labels[at:min(first+rows, at+blockRows)]
		n := max(0, min(len(labels), r.x.N-at)) // without those that fill up the last tile
		moved, err := lloyd.Moved(w.moving[:n], labels[:n], old[:n])
		must(err)
		if moved == 0 {
			continue
		}
		for m, i := range w.moving[:moved] {
			row := t.order[at+int(i)]
			w.tiles.sum += r.x.Data[int(row)*r.x.LD] // as in take
			w.from[m], w.to[m], w.moving[m] = old[i], labels[i], row
			r.labels[row] = labels[i]
			if r.weights != nil {
				w.weights[m] = r.weights[row]
			}
		}
		w.strays += int64(moved)
		copy(old, labels)
		r.transfer(w, r.x, moved)
	}
	for _, i := range w.tiles.open {
		if w.tiles.fresh[i] {
			t.same(panel*tilePanel + int(i))
		}
	}
}
