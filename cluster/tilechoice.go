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
	const clusters, more = 16, 4
	w := lloyd.TileRows[T]()
	var rows []int
	var labels []int32
	seen := make(map[int32]bool)
	look := min(r.x.N, int(0.02*r.cost.plain/clusters)) // labels, a nanosecond each
	cells := newCells(r.k*more*w, r.x, r.centers, r.labels)
	for i := range clusters {
		at := i * r.x.N / clusters
		label := r.labels[at]
		if seen[label] {
			continue
		}
		seen[label] = true
		var some []int
		for n := 0; n < look && len(some) < more*w; n++ {
			if row := (at + n) % r.x.N; r.labels[row] == label {
				some = append(some, row)
			}
		}
		if len(some) < w {
			continue
		}
		center := r.centers.Row(int(label))
		keys := make([]int, len(some)) // a cell, and the place among some
		for i, row := range some {
			keys[i] = int(cellOf(cells, r.x.Row(row), center))*more*w + i
		}
		slices.Sort(keys)
		from := (len(some) - w) / 2
		for _, key := range keys[from : from+w] {
			rows, labels = append(rows, some[key%(more*w)]), append(labels, label)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	x := lloyd.Dense(make([]T, len(rows)*r.x.D), len(rows), r.x.D)
	r.gather(x, rows)
	t := newTiles(r.fit, x, r.centers, r.packed)
	t.given = labels
	return t
}
