package lloyd

import (
	"math"
	"unsafe"
)

// coarseSpace is the scratch memory of the ranking by 8-bit integers.
type coarseSpace[T Float] struct {
	panel  []int32   // of quads of columns, and what else a block has
	heavy  []float32 // columns of each panel
	sums   []int32
	state  []float32 // of each panel: coarseState numbers for each row
	floats []float32 // the panel before it is rounded
	norms  []float32 // of the rows of the panels
	light  []float32 // of a panel's, without the heavy columns
	scores []int16   // of each panel, for all centers
	depth  int

	rows    []int32 // pairs whose distance is wanted
	centers []int32
	dist    []T
	best    []T // of a panel's rows
	lead    leadSpace
	bounds  []float32 // what their lower bounds need

	pause
}

const (
	coarseState   = 5   // see coarse_amd64.s
	coarseTrial   = 192 // rows that say whether it pays
	coarseCenters = 512 // whose pairs are listed together
	coarseMany    = 4   // of so many pairs, one may be listed
)

func (s *coarseSpace[T]) fit(q *coarse, k, d int) {
	p := &q.plan
	tile := p.RowTile
	s.depth = q.quads + q.blocks(q.quads)
	if q.lead != nil {
		s.lead.fit(q, p.Panels*tile)
	}
	panel, heavy, sums := p.Panels*s.depth*tile, p.Panels*q.floats()*tile, 2*p.CenterTile*tile
	state, floats, norms, light := p.Panels*coarseState*tile, (max(4*q.quads, (d+leadBlock-1)/leadBlock*leadBlock)+16)*tile, p.Panels*tile, tile
	scores := p.Panels * k * tile / 2
	if len(s.panel) == panel && len(s.norms) == norms && len(s.floats) == floats && len(s.heavy) == heavy && len(s.scores) == 2*scores && len(s.sums) == sums {
		return
	}
	m := newCarver(panel + heavy + sums + state + floats + norms + light + scores)
	s.panel, s.heavy, s.sums = m.cut(panel), m.cutFloats(heavy), m.cut(sums)
	s.state, s.floats, s.norms, s.light = m.cutFloats(state), m.cutFloats(floats), m.cutFloats(norms), m.cutFloats(light)
	s.scores = unsafe.Slice((*int16)(ptr(m.cut(scores))), 2*scores)
	s.best, s.bounds = make([]T, p.RowTile), make([]float32, 3*p.RowTile)
}

// list makes room for the pairs of a panel that are listed together.
func (s *coarseSpace[T]) list(q *coarse, k int) {
	pairs := q.plan.RowTile * min(k, coarseCenters)
	s.rows, s.centers, s.dist = grow(s.rows, pairs), grow(s.centers, pairs), grow(s.dist, pairs)
}

// pays reports whether ranking n rows by 8-bit integers pays, compared to 16-bit ones, or by the
// leading columns, compared to all of them, when the scores leave so many pairs, of which so many
// distances are taken, and leave that many rows open (bench/NOTES.md).
func (c *Centers[T]) pays(q *coarse, n, listed, pairs, open int) bool {
	const row, distance, column, rest, restColumn = 40, 14, 0.05, 5, 0.012 // nanoseconds
	k, d := float64(c.plain.N), float64(c.plain.D)
	product, took := q.saves, 0.
	saved := product*k*d - row
	if q.lead != nil {
		product, took = q.takes, float64(listed)*(rest+restColumn*float64(q.lead.width))
		saved = product * k * (d - float64(q.columns(c.plain.D)))
	}
	return took+float64(pairs)*(distance+column*d)+float64(open)*3*product*k*d < float64(n)*saved
}

// rankCoarse labels the first rows of x, of which there are at most quantizedPiece, and
// returns how many: all, unless it does not pay.
func (c *Centers[T]) rankCoarse(q *coarse, s *coarseSpace[T], labels []int32, dist []T, x Matrix[T], ws *Workspace[T]) (done int) {
	o := &ws.quant
	s.fit(q, c.plain.N, c.plain.D)
	s.list(q, c.plain.N)
	o.open = o.open[:0]
	p := &q.plan
	tile := p.RowTile
	pairs, paid := 0, true
	s.lead.listed = 0
	for ; done < x.N && paid; done += min(p.Panels*tile, x.N-done) {
		panels := c.coarseScores(q, s, x, done, ws)
		for panel := range panels {
			pairs += c.settleCoarse(q, s, labels, dist, x, ws, done+panel*tile, panel)
		}
		paid = done < coarseTrial || c.pays(q, done+panels*tile, s.lead.listed, pairs, len(o.open))
	}
	c.closeOpen(labels, dist, nil, x, ws)
	s.learn(paid)
	ws.Integers += int64(done)
	ws.Listed += int64(pairs)
	return done
}

// coarseScores sets the scores of a block of the rows of x from row i on, and returns the
// number of its panels.
func (c *Centers[T]) coarseScores(q *coarse, s *coarseSpace[T], x Matrix[T], i int, ws *Workspace[T]) (panels int) {
	k, tile, heavy := c.plain.N, q.plan.RowTile, q.floats()
	panels = (min(q.plan.Panels*tile, x.N-i) + tile - 1) / tile
	for panel := range panels {
		c.fillCoarse(q, s, ws, x, i+panel*tile, panel)
	}
	for pass := range q.passes {
		a := &q.passes[pass]
		for panel := range panels {
			asmCoarseScores(c.level, ptr(s.scores[(panel*k+a.first)*tile:]), ptr(s.state[panel*coarseState*tile:]), ptr(s.panel[panel*s.depth*tile:]), ptr(s.heavy[panel*heavy*tile:]), ptr(q.packed[a.at:]), ptr(s.sums), a.groups, a.size, heavy, q.quads, q.shift)
		}
	}
	return panels
}

// coarseBounds is RoughLowerBounds.
func (c *Centers[T]) coarseBounds(dst []uint8, x Matrix[T], base []float32, scale float64, ws *Workspace[T]) {
	q, s := &c.coarse, &ws.coarse
	s.fit(q, c.plain.N, c.plain.D)
	k, tile := c.plain.N, q.plan.RowTile
	unit := math.Ldexp(1, q.shift)
	for i := 0; i < x.N; i += q.plan.Panels * tile {
		for panel := range c.coarseScores(q, s, x, i, ws) {
			at := i + panel*tile
			state, norms := s.state[panel*coarseState*tile:], s.norms[panel*tile:]
			rows := s.bounds
			for e := range tile {
				row := q.rowOf(e, tile)
				rows[e], rows[tile+e], rows[2*tile+e] = 0, 0, math.MaxFloat32
				if at+row >= x.N || !(norms[row] <= q.most) {
					continue
				}
				// Less what the sum is rounded by: the least score may stand for any below it, and
				// then what was taken off is all that is known.
				rows[e] = -float32(1<<15 - 0x1p-8 + float64(state[3*tile+row])*(1-0x1p-20)/unit)
				rows[tile+e] = float32(math.Sqrt(2*unit/float64(state[row])/c.closer[0]) * scale * (1 - 0x1p-20))
				rows[2*tile+e] = base[at+row] + 0x1p-10
			}
			asmCoarseBounds(c.level, ptr(dst[at/PairRows*k*PairRows+at%PairRows:]), ptr(s.scores[panel*k*tile:]), ptr(rows), k)
		}
	}
}

// fillCoarse fills one panel of integers with the rows of x from row at on.
func (c *Centers[T]) fillCoarse(q *coarse, s *coarseSpace[T], ws *Workspace[T], x Matrix[T], at, panel int) {
	tile, heavy := q.plan.RowTile, q.floats()
	norms, state := s.norms[panel*tile:][:tile], s.state[panel*coarseState*tile:]
	c.fillFloats(ptr(s.floats), ptr(norms), &ws.quant.rows, x, at, tile)
	columns := s.floats
	clear(columns[(x.D+1)/2*2*tile : len(columns)-16*tile]) // up to there the pack does so
	floats, light := s.heavy[panel*heavy*tile:][:heavy*tile], norms
	if len(floats) > 0 {
		light = s.light
		copy(light, norms)
		if q.lead != nil {
			columns = s.lead.columns
			c.fillLead(q, s, ws, x, at, panel, floats[len(q.heavy)*tile:])
		}
		for h, j := range q.heavy {
			column := columns[int(j)*tile:][:tile]
			for i, v := range column {
				floats[h*tile+i] = v
				light[i] -= v * v
				column[i] = 0
			}
		}
		for i, v := range norms { // what is left, and its rounding
			light[i] = max(0, light[i]) + v*q.loss
		}
	}
	asmCoarsen(c.level, ptr(s.panel[panel*s.depth*tile:]), ptr(state), ptr(columns), ptr(norms), ptr(light), ptr(q.format[:]), q.quads)
	for i := range floats {
		floats[i] *= state[i%tile]
	}
	if q.lead != nil {
		s.lead.scale(q, state, panel)
	}
}

// settleCoarse labels the rows of a panel, which begins at row at, lists those that are
// left open, and returns the number of distances that it took.
func (c *Centers[T]) settleCoarse(q *coarse, s *coarseSpace[T], labels []int32, dist []T, x Matrix[T], ws *Workspace[T], at, panel int) (pairs int) {
	tile := q.plan.RowTile
	n := min(tile, x.N-at)
	state := s.state[panel*coarseState*tile:]
	norms := s.norms[panel*tile:]
	unit := math.Ldexp(1, -q.shift)
	least := unsafe.Slice((*int16)(ptr(state[4*tile:])), tile)

	// Of each row the centers of the least score, whose distance bounds that to the nearest.
	var limits [64]int16
	for e := range tile {
		row := q.rowOf(e, tile)
		limits[e] = math.MinInt16
		if row < n && norms[row] <= q.most {
			limits[e] = min(least[e], math.MaxInt16-1) + 1
		}
	}
	best, found := s.best[:n], labels[at:at+n]
	for i := range best {
		best[i], found[i] = T(math.Inf(1)), -1
	}
	pairs, few := c.nearestListed(q, s, found, best, x, at, panel, limits[:tile], true)
	for e := range tile {
		row := q.rowOf(e, tile)
		if row >= n {
			continue
		}
		limits[e] = math.MinInt16
		l := c.scoreLimit(float64(best[row]), state[row], state[3*tile+row], unit)
		if found[row] < 0 || !(l < math.MaxInt16-1) {
			found[row] = -1
			continue
		}
		limits[e] = int16(max(math.Floor(l), math.MinInt16)) + 1
	}
	if few {
		var more int
		more, few = c.nearestListed(q, s, found, best, x, at, panel, limits[:tile], false)
		pairs += more
	}
	for i, l := range found {
		if l < 0 || !few {
			ws.quant.open = append(ws.quant.open, int32(at+i))
		}
	}
	if dist != nil {
		copy(dist[at:], best)
	}
	return pairs
}

// nearestListed lowers the labels and distances of the rows of x from row at on to the
// nearest of the centers whose score is below the row's limit, and returns the number of
// these pairs; unless they are many: then it stops. If once is set, they are not listed
// again.
func (c *Centers[T]) nearestListed(q *coarse, s *coarseSpace[T], labels []int32, best []T, x Matrix[T], at, panel int, limits []int16, once bool) (pairs int, few bool) {
	tile, k := len(limits), c.plain.N
	scores := s.scores[panel*k*tile : (panel+1)*k*tile]
	byRest := q.lead != nil && !once
	if byRest {
		s.lead.limit(panel, limits)
	}
	for from := 0; from < k; from += coarseCenters {
		m := asmCoarseList(c.level, ptr(s.rows), ptr(s.centers), ptr(scores[from*tile:]), ptr(limits), from, min(coarseCenters, k-from), at)
		if byRest {
			m = c.byRest(q, s, m, at, panel, scores)
		}
		if m > len(s.rows)/coarseMany {
			return pairs, false
		}
		squaredL2Listed(c.level, s.dist[:m], x, s.rows[:m], c.plain, s.centers[:m])
		for j, d := range s.dist[:m] {
			i, l := int(s.rows[j])-at, s.centers[j]
			if d < best[i] || d == best[i] && l < labels[i] {
				best[i], labels[i] = d, l
			}
			if once {
				scores[int(l)*tile+q.placeOf(i, tile)] = math.MaxInt16
			}
		}
		pairs += m
	}
	return pairs, true
}
