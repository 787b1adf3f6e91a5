package cluster

import (
	"math"
	"sync"
	"time"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// rates says how many times as long as on the machine of bench/NOTES.md this one takes for
// what the modes of an E-step are made of.
type rates struct {
	product float64 // the kernel in floating point
	integer float64 // with integers of 16 bits in front
	coarse  float64 // with those of 8 bits
	single  float64 // distances one by one; and all that is not a kernel
	tile    float64 // those of tiles
}

// usual are the rates of that machine.
var usual = rates{1, 1, 1, 1, 1}

// What the parts of the probe take there, in nanoseconds, at level avx2.
var usualSingle, usualDouble = rates{7000, 5700, 15000, 600, 4200}, rates{15000, 12000, 20000, 1050, 5500}

const (
	// The probe's rows, columns, centers, and centers for 8-bit integers.
	probeRows, probeColumns, probeCenters, probeMany = 64, 64, 64, 256
	// probeTurns is how often each part runs in a row, probeRounds how often that; the shortest
	// time counts. A machine that does something else in between is slow for a while.
	probeTurns, probeRounds = 4, 5
	// ratesMost is the largest rate that is believed, its inverse the least. One that is
	// within ratesOff of the kernel's is taken to be that: so much may measuring be off.
	ratesMost, ratesOff = 64, 1.6
)

// probed are the rates by level and dtype, which are measured once.
var probed struct {
	sync.Mutex
	rates map[probeKey]rates
}

type probeKey struct {
	level  kernel.Level
	double bool
}

// probing is off in tests, whose expectations of what Auto does are for the usual rates.
var probing = true

// price sets the rates: those of this machine where there is something to choose.
func (f *fit[T]) price() {
	if f.rates != (rates{}) {
		return
	}
	f.rates = usual
	if f.algorithm == Auto && f.source == nil && f.k > 1 && f.costs().plain > costPasses {
		f.rates = ratesOf[T]()
	}
}

// ratesOf returns the rates of this machine at the active level. The first time takes one or
// two milliseconds, without assembly 15.
func ratesOf[T element]() rates {
	level, err := kernel.Active()
	if err != nil || !probing {
		return usual
	}
	key := probeKey{level, lloyd.TileRows[T]() == lloyd.TileRows[float64]()}
	probed.Lock()
	defer probed.Unlock()
	r, ok := probed.rates[key]
	if !ok {
		if probed.rates == nil {
			probed.rates = make(map[probeKey]rates)
		}
		r = probe[T]()
		probed.rates[key] = r
	}
	return r
}

// probe measures the rates.
func probe[T element]() rates {
	t, u := probeTimes[T](), usualSingle
	if lloyd.TileRows[T]() == lloyd.TileRows[float64]() {
		u = usualDouble
	}
	product := t.product / u.product
	rate := func(took, usual float64) float64 {
		r := took / usual
		if r < product*ratesOff && product < r*ratesOff {
			r = product
		}
		return min(max(r, 1./ratesMost), ratesMost)
	}
	return rates{
		product: rate(t.product, u.product), integer: rate(t.integer, u.integer), coarse: rate(t.coarse, u.coarse),
		single: rate(t.single, u.single), tile: rate(t.tile, u.tile),
	}
}

// probeTimes returns what the parts of the probe take, in nanoseconds.
func probeTimes[T element]() rates {
	parts := probeParts[T]()
	least := rates{math.Inf(1), math.Inf(1), math.Inf(1), math.Inf(1), math.Inf(1)}
	for range probeRounds {
		least.product = min(least.product, quickest(parts.product))
		least.integer = min(least.integer, quickest(parts.integer))
		least.coarse = min(least.coarse, quickest(parts.coarse))
		least.single = min(least.single, quickest(parts.single))
		least.tile = min(least.tile, quickest(parts.tile))
	}
	return least
}

// parts are those of the probe, as in rates.
type parts struct{ product, integer, coarse, single, tile func() }

// probeParts returns them, ready to run.
func probeParts[T element]() parts {
	x := lloyd.Dense(make([]T, probeRows*probeColumns), probeRows, probeColumns)
	c := lloyd.Dense(make([]T, probeMany*probeColumns), probeMany, probeColumns)
	noise := uint32(1)
	for _, m := range []lloyd.Matrix[T]{x, c} {
		for i := range m.Data {
			noise = noise*1664525 + 1013904223 // Numerical Recipes, §7.1
			m.Data[i] = T(noise>>8) / (1 << 24)
		}
	}
	labels, dist := make([]int32, probeRows), make([]T, probeRows)
	var work lloyd.Workspace[T]
	nearest := func(k int, integers bool) func() {
		packed := new(lloyd.Centers[T])
		packed.UseIntegers(integers)
		must(packed.Pack(c.Rows(0, k)))
		return func() { must(packed.Nearest(labels, nil, x, &work)) }
	}
	p := parts{product: nearest(probeCenters, false), integer: nearest(probeCenters, true), coarse: nearest(probeMany, true)}

	pairs := make([]int32, probeRows)
	for i := range pairs {
		pairs[i] = int32(i)
	}
	p.single = func() { must(lloyd.SquaredL2Listed(dist, x, pairs, c, labels)) }

	var tiles lloyd.Tiles[T]
	tiles.Resize(probeRows, probeColumns)
	must(tiles.Set(0, x))
	n := probeRows / lloyd.TileRows[T]()
	var tilePairs lloyd.TilePairs[T]
	for i := range probeCenters {
		tilePairs.Tiles, tilePairs.Centers = append(tilePairs.Tiles, int32(i%n)), append(tilePairs.Centers, int32(i))
	}
	for i := range dist {
		dist[i] = T(math.Inf(1))
	}
	ref := make([]T, probeRows)
	p.tile = func() { must(tiles.Nearest(dist, labels, ref, 1, &tilePairs, 0, c)) }
	return p
}

// quickest returns the shortest time of some calls, in nanoseconds.
func quickest(do func()) float64 {
	best := time.Duration(math.MaxInt64)
	for range probeTurns {
		start := time.Now()
		do()
		best = min(best, time.Since(start))
	}
	return float64(max(best, 1))
}
