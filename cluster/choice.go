package cluster

import (
	"context"
	"math"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// mode is how an E-step finds the nearest centers.
type mode uint8

const (
	plain      mode = iota // every row goes through the kernel
	refresh                // so it does, and Hamerly's bounds are taken
	prune                  // Hamerly's bounds skip the rows that they settle
	contracted             // the contraction rules out pairs
	takes                  // bounds of pairs are taken
	paired                 // they rule out pairs
	tileTakes              // bounds of tiles are taken
	tiled                  // they rule out pairs of a tile and a center
	gapped                 // gaps of rows that are kept as integers leave panels of them out
)

// engines are the names that an Observer is told.
var engines = [...]string{plain: "kernel", refresh: "kernel", prune: "hamerly", contracted: "contraction", takes: "kernel", paired: "elkan", tileTakes: "kernel", tiled: "tiles", gapped: "gaps"}

// partial reports whether only some of the rows get a distance.
func (m mode) partial() bool { return m == prune || m >= takes }

// packs reports whether the kernel takes part, which needs the centers packed.
func (m mode) packs() bool { return m != contracted && m != paired && m != tiled }

// What an E-step costs, in nanoseconds, as far as the choice between the modes needs it, on
// the machine of bench/NOTES.md; a probe says how much longer it takes here (rates).
const (
	// The kernel: the product of a row and a center, an element of float32; when integers
	// of 16 or 8 bits do most of it, of any dtype; and a comparison.
	costProduct = 0.02
	costInteger = 0.015
	costCoarse  = 0.0085
	costCenter  = 0.12

	// Hamerly's bounds: the test of a row; what a row that fails it costs besides the
	// kernel, and a column of it; and the same where it goes through the kernel at once,
	// because that takes less than directMost distances.
	costTest     = 2.
	costFail     = 40.
	costFailCol  = 0.5
	costAwait    = 10.
	costAwaitCol = 0.15
	directMost   = 3

	// Bounds of pairs: a row and a pair of it in the test; a pair when they are taken, and
	// by 8-bit integers; a distance that is computed alone, and a column of it. Where the bytes
	// of all pairs, more than farPairs, come from memory, a pair in the test costs what a byte
	// does there.
	costRow     = 12.
	costPair    = 0.05
	costFarPair = 0.085
	farPairs    = 16 << 20
	costTake    = 0.5
	costRough   = 0.2
	costDist    = 14.
	costDistCol = 0.05

	// Estimates: a pair, and a column of it; and a column of a row that is made integers.
	costEstimate    = 14.
	costEstimateCol = 0.035
	costRound       = 0.3

	// Bounds of tiles: a tile in the test; one that fails it; a pair of a tile and a center
	// (of a register of rows), and a column of it; a row when they are taken, and a column of
	// it; and when the rows are put in order.
	costTile     = 30.
	costTileFail = 250.
	costTilePair = 18.
	costTileCol  = 0.72
	costTileRow  = 20.
	costTileTake = 2.
	costOrder    = 15.

	// tiledMost is the share of the time of a plain E-step from which bounds of tiles do not
	// pay, tiledSteps the number of E-steps that they are to have paid after.
	tiledMost, tiledSteps = 0.9, 12

	// costPasses is what an E-step costs from which scouts go ahead, costSmall that from which
	// bounds are attempted without.
	costPasses, costSmall = 5e5, 1e4
)

// costs is what the modes cost a fit, in nanoseconds, were it done by one thread.
type costs struct {
	plain float64 // an E-step by the kernel
	row   float64 // Hamerly: a row that fails, all in all

	direct bool // and goes through the kernel at once

	rowTest float64 // Hamerly: the test of a row
	test    float64 // bounds of pairs: an E-step, besides the distances
	take    float64 // an E-step that takes them
	rough   float64 // the same by 8-bit integers; 0: there are none
	single  float64 // one distance
	pair    float64 // a pair that bounds or a contraction leave
	round   float64 // a row with such pairs

	tileTest, tileFail, tilePair float64 // bounds of tiles: an E-step by them; a tile; a pair
	tileTake, order              float64 // an E-step that takes them; and the order
}

func (f *fit[T]) costs() costs {
	n, d, k := float64(f.x.N), float64(f.x.D), float64(f.k)
	size := int(unsafe.Sizeof(T(0)))
	product := costProduct * float64(size) / 4
	level, _ := kernel.Active()
	rate := f.rates
	single := (costDist + costDistCol*float64(size)/4*d) * rate.single
	dense := k * (costCenter + product*d) * rate.product
	kernelRow, secondRow := dense, dense // with the second distance, too
	pair := costPair
	if n*k > farPairs {
		pair = costFarPair
	}
	c := costs{test: n * (costRow + pair*k) * rate.single, take: n * (dense + costTake*k*rate.single + single), single: single, pair: single}
	if lloyd.EstimatesFaster(f.x.D) {
		c.pair, c.round = (costEstimate+costEstimateCol*d)*rate.single, costRound*d*rate.single
	}
	tiles := n / float64(lloyd.TileRows[T]())
	c.tileTest, c.tileFail, c.tilePair = tiles*(costTile+costPair*k)*rate.single, costTileFail*rate.single, (costTilePair+costTileCol*d)*rate.tile
	c.tileTake = n*(costTileRow+costTileTake*d)*rate.single + tiles*(c.tileFail+2*c.tilePair)
	if f.x.D < lloyd.TileRows[T]() {
		c.tileTake += tiles * k * c.tilePair
	} else {
		c.tileTake += n * (dense + costTake*k*rate.single)
	}
	c.order = n * costOrder * rate.single
	c.rowTest = costTest * rate.single
	if f.algorithm != Lloyd {
		if _, faster := kernel.QuantizedPlanFor(level, size, f.k, f.x.D); faster {
			secondRow = k * (costCenter + costInteger*d) * rate.integer
			kernelRow = secondRow
		}
		coarseRow := costFail*rate.single + k*(costCenter+costCoarse*d)*rate.coarse + 2*single
		p, faster := kernel.CoarsePlanFor(level, size, f.k, f.x.D)
		if faster {
			kernelRow = coarseRow
		}
		if p.Groups > 0 {
			c.rough = n * (coarseRow + costRough*k*rate.single)
		}
	}
	c.plain, c.direct = n*kernelRow, secondRow < directMost*single
	if c.direct {
		c.row = secondRow + (costAwait+costAwaitCol*d)*rate.single
	} else {
		c.row = secondRow + (costFail+costFailCol*d)*rate.single
	}
	return c
}

// worthwhile reports whether Auto may take bounds that need so many bytes, and with which an
// E-step costs test at least.
func (f *fit[T]) worthwhile(c *costs, test, bytes float64) bool {
	return f.algorithm == Auto && f.k > 1 && test < c.plain/2 && bytes <= float64(min(f.memory, math.MaxInt))
}

// small reports whether E-steps are too short for scouts, but not for bounds.
func (f *fit[T]) small(c *costs) bool {
	return f.algorithm == Auto && costSmall < c.plain && c.plain <= costPasses
}

// takes is what an E-step that takes bounds of pairs costs.
func (c *costs) takes(rough bool) float64 {
	if rough {
		return c.rough
	}
	return c.take
}

// choose says what the next E-step does: tests of some of the rows tell what pays.
func (r *run[T]) choose(ctx context.Context) (mode, error) {
	if r.source != nil { // all rows are read anyway
		return plain, nil
	}
	r.contractionCost()
	m := r.bounded()
	switch {
	case m == plain:
		if contracts, err := r.contracts(ctx); contracts || err != nil {
			return contracted, err
		}
	case m == refresh:
		r.hamerly.begin(r.x.N)
	case m == takes:
		if r.tiles != nil {
			r.tiles.drop()
		}
		r.elkan.begin(r.labels)
		if r.elkan.rough {
			r.packed.ExpectRough()
		}
		r.spent, r.steps = r.cost.takes(r.elkan.rough), 1
	case m == tiled:
		r.tiles.shift()
		r.tiles.drifted()
	case m == paired:
		r.elkan.shift()
	case m == tileTakes:
		if r.elkan != nil {
			r.elkan.drop()
		}
		r.spent, r.steps, r.lastDrift = 0, 0, math.Inf(1)
		return m, r.tiles.begin(ctx, r.crew, r.labels)
	}
	return m, nil
}

// bounded says what the next E-step does with bounds.
func (r *run[T]) bounded() mode {
	h, e := r.hamerly, r.elkan
	switch r.algorithm {
	case Lloyd:
		return plain
	case Hamerly:
		if h.held {
			return prune
		}
		return refresh
	case Elkan:
		switch {
		case r.iteration < 2 || r.k < 2:
			return plain
		case e.held && r.paysOn():
			return paired
		}
		// The first ones do not last.
		e.rough = e.bytes == nil && r.cost.rough > 0 && r.cost.rough < 0.8*r.cost.take
		return takes
	case Tiles:
		switch {
		case r.iteration < 2 || r.k < 2:
			return plain
		case r.tiles.held:
			if pays, _ := r.tilesPayOn(); pays {
				return tiled
			}
		}
		return tileTakes
	}
	switch {
	case h != nil && h.pay():
		return prune
	case e != nil && e.held && r.paysOn():
		return paired
	case e != nil && e.held && r.spent/float64(r.steps) < 0.9*r.unbounded:
		return takes
	}
	if t := r.tiles; t != nil && t.held {
		switch pays, again := r.tilesPayOn(); {
		case pays:
			return tiled
		case again:
			return tileTakes
		}
	}
	if r.small(&r.cost) {
		return r.attempt()
	}
	return r.scout()
}

// attempt takes bounds in a small fit to see whether they pay, and again after a rest if they
// did not, twice as long each time.
func (r *run[T]) attempt() mode {
	const most, early = 32, 5
	if r.mode == prune || r.mode == paired { // they were given up just now
		r.rests = min(2*r.rests+2, most)
		r.rest = r.rests
	}
	switch {
	case r.iteration < 2 || (r.hamerly != nil || r.kept != nil) && r.iteration < early: // the centers leap
		return plain
	case r.kept != nil && r.rest == 0:
		return r.keepOn()
	case r.rest > 0:
		r.rest--
		return plain
	case r.hamerly != nil:
		return refresh
	case r.elkan != nil:
		r.elkan.rough = r.cost.rough > 0 && r.cost.rough < r.cost.take
		return takes
	}
	return plain
}

// paysOn reports whether the next E-step goes by the bounds of pairs, or should take new
// ones because it would take longer than those since the last ones were taken, on
// average and that one included.
func (r *run[T]) paysOn() bool {
	const most, share = 16, 16
	panels := min(most, max(2, panelsOf(r.x.N)/share))
	rows, tight, pairs := r.elkan.open(&r.workers[0].pairs, r.labels, panels)
	r.elkan.many = pairs >= manyPairs*rows
	cost := r.pairedCost(rows, tight, pairs)
	if cost*float64(r.steps) > r.spent && r.steps > 1 {
		return false
	}
	r.spent += cost
	r.steps++
	return true
}

// pairedCost is what an E-step by bounds of pairs costs when so many of some rows are
// open, and of their pairs.
func (r *run[T]) pairedCost(rows, tight, pairs int) float64 {
	c := &r.cost
	return c.test + float64(r.x.N)/float64(rows)*(float64(tight)*(c.single+c.round)+float64(pairs)*c.pair)
}
