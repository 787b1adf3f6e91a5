package cluster

import (
	"slices"

	"github.com/seed-fbf9ce71/lloyd"
)

// tilesPayOn reports whether the next E-step goes by the bounds of tiles, from what the last
// one took, or should take new ones: when E-steps have taken more than they would have with
// bounds that were taken just before, by as much as it takes to take them, and those that
// MaxIter leaves would, too. What that would
// have been is told by the first E-step after the last time, and how far the centers moved
// before it and move now; half as much again is what bounds come to in any case, as those of
// pairs that were computed last are spent.
func (r *run[T]) tilesPayOn() (pays, again bool) {
	drift := r.tiles.step()
	if r.mode != tiled { // bounds were taken just now
		r.firstDrift = drift
		return true, false
	}
	if r.steps++; r.steps == 1 {
		r.firstPairs = float64(r.pairs) / r.firstDrift
	}
	cost := r.tiledCost(r.looked, r.pairs)
	fresh := r.tiledCost(r.looked, int64(1.5*min(r.firstDrift, r.lastDrift)*r.firstPairs))
	r.spent += max(0, cost-fresh)
	r.lastDrift = drift
	if cost > tiledMost*r.unbounded {
		return false, false
	}
	left := float64(r.maxIter - r.iteration + 1)
	return r.spent < r.cost.tileTake || (cost-fresh)*left < r.cost.tileTake, true
}

// tiledCost is what an E-step by bounds of tiles costs in which so many tiles are open and
// so many pairs are computed.
func (r *run[T]) tiledCost(looked, pairs int64) float64 {
	return r.cost.tileTest + float64(looked)*r.cost.tileFail + float64(pairs)*r.cost.tilePair
}

// tileable reports whether there may be bounds of tiles: whether they could pay, if that is
// the question.
func (f *fit[T]) tileable(c *costs) bool {
	return f.algorithm == Tiles || c.plain > costPasses && f.worthwhile(c, c.tileTest, f.tileBytes())
}

// scoutTiles returns bounds for tiles of the rows of some clusters, as if they had been
// put in order: of each, a tile out of more of its rows.
func (r *run[T]) scoutTiles() *tiles[T] {
	const least, most, each, more = 8, 16, 2e6, 4
	clusters := int(min(most, max(least, r.cost.plain/each))) // a hundredth of an E-step or two
	w := lloyd.TileRows[T]()
	var rows []int
	var labels []int32
	var ends []int // of each cluster among the rows
	seen := make(map[int32]bool)
	look := min(r.x.N, int(0.02*r.cost.plain)/clusters) // labels, a nanosecond each
	for i := range clusters {
		at, from := i*(r.x.N-look)/clusters, len(rows)
		label := r.labels[at]
		if seen[label] {
			continue
		}
		seen[label] = true
		for n, l := range r.labels[at : at+look] {
			if l != label {
				continue
			}
			if rows, labels = append(rows, at+n), append(labels, label); len(rows)-from == more*w {
				break
			}
		}
		if len(rows)-from < w {
			rows, labels = rows[:from], labels[:from]
			continue
		}
		ends = append(ends, len(rows))
	}
	if len(rows) == 0 {
		return nil
	}
	all := lloyd.Dense(make([]T, len(rows)*r.x.D), len(rows), r.x.D)
	r.gather(all, rows)
	cells := newCells(r.k*more*w, all, r.centers, labels)
	var kept []int
	from := 0
	for _, to := range ends {
		center := r.centers.Row(int(labels[from]))
		keys := make([]int, 0, more*w) // a cell, and the place among those of the cluster
		for i := from; i < to; i++ {
			keys = append(keys, int(cellOf(cells, all.Row(i), center))*more*w+i-from)
		}
		slices.Sort(keys)
		middle := (to - from - w) / 2
		for _, key := range keys[middle : middle+w] {
			kept = append(kept, from+key%(more*w))
		}
		from = to
	}
	x := lloyd.Dense(make([]T, len(kept)*r.x.D), len(kept), r.x.D)
	given := make([]int32, len(kept))
	for i, row := range kept {
		copy(x.Row(i), all.Row(row))
		given[i] = labels[row]
	}
	t := newTiles(r.fit, x, r.centers, r.packed)
	t.given = given
	return t
}
