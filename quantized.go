package lloyd

import (
	"math"
	"math/bits"
	"sync/atomic"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Ranking by 16-bit integers: a filter in front of the one in filter.go. A row x
// and a center c, both less the shift, become integers p = rint(σx) and q = rint(τc),
// whose products and sums in 32 bits are exact on every machine, at up to twice the
// rate of float32. With the residuals r = p − σx and s = q − τc,
//
//	p·q − στ·x·c = σx·s + r·q,  so  |p·q − στ·x·c| ≤ σ‖x‖·‖s‖ + ‖r‖·‖q‖
//
// (Cauchy and Schwarz; nothing is assumed of the data). σ = L/max(‖x‖, C) and
// τ = L/C with C the largest norm of a center and L the largest integer: no product
// or sum can overflow, for |στ·½‖c‖²| ≤ ½L² and |p·q| ≤ (L+½√D)². So the integer score
//
//	rint(στ·½‖c‖²) − p·q
//
// is off by at most E = L·max‖s‖ + ‖r‖·max‖q‖ + quantizedSlack. Where the two least
// scores of a row are further than 2E apart, the first one's center is the nearest;
// as in boundOf, a little more is asked for so that the computed distances agree.
// ‖r‖ is measured for each row, ‖s‖ and ‖q‖ for each center. Where only the third least
// score is so far from the first, two distances decide. The other rows, one or less in a
// hundred of plain noise, go to the filter in floating point.
type quantized struct {
	tiling              // of pairs of columns
	off    bool         // the caller does without it
	use    bool         // it applies to these centers, and is faster
	kept   bool         // it applies to them and the rows that are kept,
	resets int          // since they were Reset as often
	packed []int32      // groups, see quantized_amd64.s
	wanted atomic.Int64 // rows that came for it since it was prepared or left out
	scale  float64      // τ
	format [4]float32   // of the rows, see quantized_amd64.s
	bound  [5]float32   // of settle, see there
	gap    [5]float32   // format of gaps, see quantized_amd64.s
	loss   float64      // of ‖x‖² by rounding, relative
	parts  []quantPart  // of each center in each run of columns
	stays  []bool       // centers that are packed as they are, where rows are kept
	pack   func(i int)  // quantizeGroup, kept so that Pack allocates nothing
}

// quantPart is Σ(q−τc)² and Σq² over a run of columns.
type quantPart struct{ lost, norm float64 }

const (
	// quantizedMost is L: an element, rounded, must fit 16 bits.
	quantizedMost = 32760
	// quantizedSlack bounds what else a score is off by: ½L² ≈ 2²⁹ times five
	// roundings of ½‖c‖² and the factors to float32, 160; the place of the center in
	// the lowest bits, 15; the rounding to an integer, ½; that of the scores to
	// float32 when they are compared, 128.
	quantizedSlack = 320
	// quantizedBlur bounds the part of ‖r‖ that is not seen: that of rounding σ(x − shift)
	// to float32, L·3u.
	quantizedBlur = 0.01
)

// quantize prepares the ranking by integers. The float filter's packing comes
// first: radius is an upper bound of the norms of the shifted centers.
func (c *Centers[T]) quantize(radius float64, each func(n, operations int, do func(i int))) {
	q := &c.quantized
	plan, faster := kernel.QuantizedPlanFor(c.level, elemSize[T](), c.plain.N, c.plain.D)
	applies := plan.Groups > 0 && !q.off && !c.exact && radius > 0x1p-30 && radius < 0x1p30
	use, kept := applies && faster, applies && c.rows.suit(c, radius)
	if q.pack != nil && c.coarse.faster && q.wanted.Swap(0) < quantizedWanted {
		use = false // integers of 8 bits do without it
	}
	if q.use != use || q.kept != kept { // else other processors keep what they have of these
		q.use, q.kept = use, kept
	}
	if !use && !kept {
		return
	}
	if kept {
		radius = c.rows.radius
		if q.resets != c.rows.resets {
			q.resets = c.rows.resets
		}
	}
	if q.plan != plan || q.pack == nil {
		q.packed = grow(q.packed, q.layOut(plan))
		q.pack = c.quantizeGroup
	}
	runs := (plan.Depth + plan.Chunk - 1) / plan.Chunk
	q.parts = grow(q.parts, runs*c.plain.N)
	q.scale = quantizedMost / radius
	each(len(q.groups), 2*packing*plan.CenterTile*min(plan.Depth, plan.Chunk), q.pack)
	var lost, norm float64
	for k := range c.plain.N {
		var l, n float64
		for run := range runs {
			p := q.parts[run*c.plain.N+k]
			l, n = l+p.lost, n+p.norm
		}
		lost, norm = max(lost, l), max(norm, n)
	}
	const slack = 1.05 // second-order terms, and the rounding of the test itself
	lost, norm = math.Sqrt(lost), math.Sqrt(norm)
	root := 1 + float64(c.plain.D+8)*0x1p-24 // ‖x‖² is a sum in float32
	q.format = [4]float32{quantizedMost, float32(radius), float32(q.scale), float32(root)}
	q.bound = [5]float32{
		float32(2 * slack * (quantizedMost*lost + quantizedBlur*norm + quantizedSlack)),
		float32(2 * slack * norm),
		float32(c.bound[4]) * (1 + 0x1p-20),
		float32(c.bound[5]) * (1 + 0x1p-20),
		float32(min(float64(c.bound[7]), math.MaxFloat32/64)),
	}
	q.loss = 2 * float64(c.plain.D+8) * 0x1p-24
	const rounding = 0x1p-20 // of the sums, and of what is made of them
	q.gap = [5]float32{
		float32(1 - q.loss - rounding), float32(1 + q.loss + rounding),
		1 - rounding, 1 + rounding, float32((1 - 2*rounding) / c.closer[0]),
	}
}

// serves reports whether the centers are prepared, and takes note that n rows want it.
func (q *quantized) serves(n int) bool {
	q.wanted.Add(int64(n))
	return q.use
}

// quantizeGroup fills one group.
func (c *Centers[T]) quantizeGroup(i int) {
	q := &c.quantized
	g := q.groups[i]
	start, cols := q.packed[g.at:g.at+g.size], q.packed[g.at+g.size+1:][:g.size*g.depth]
	q.packed[g.at+g.size] = int32(g.first)
	from, to := 2*g.column, min(2*(g.column+g.depth), c.plain.D)
	for i := range g.size {
		k := g.first + i
		if q.kept && q.stays[k] {
			continue
		}
		half := float32(0)
		if g.column == 0 {
			half = float32(c.half[k])
		}
		start[i] = int32(math.Float32bits(half))
		q.parts[g.column/q.plan.Chunk*c.plain.N+k] = quantizeCenter(cols[i:], g.size, c.plain.Row(k)[from:to], c.shift[from:to], q.scale)
	}
}

// quantizeCenter sets every stride-th element of pairs to the integers of two elements of a center,
// less the shift and negated, and those that are left to 0.
func quantizeCenter[T Float](pairs []int32, stride int, center, shift []T, scale float64) (p quantPart) {
	const most = 128 // columns at a time
	var integers [most / 2]int32
	at := 0
	for len(center) > 0 {
		n := min(most, len(center))
		if eights := n / 8; eights > 0 {
			lost, norm := asmQuantizeCenter[T](ptr(integers[:]), ptr(center), ptr(shift), eights, scale)
			p.lost, p.norm = p.lost+lost, p.norm+norm
		}
		clear(integers[n/8*4:])
		for j := n &^ 7; j < n; j++ {
			y := (float64(shift[j]) - float64(center[j])) * scale
			whole := math.RoundToEven(y)
			p.lost, p.norm = p.lost+(whole-y)*(whole-y), p.norm+whole*whole
			integers[j/2] |= int32(uint16(int16(whole))) << (16 * (j % 2))
		}
		for _, pair := range integers[:(n+1)/2] {
			pairs[at] = pair
			at += stride
		}
		center, shift = center[n:], shift[n:]
	}
	for ; at < len(pairs); at += stride { // to the depth
		pairs[at] = 0
	}
	return p
}

// quantSpace is the scratch memory of the ranking by integers.
type quantSpace[T Float] struct {
	panel     []int32 // of pairs of columns
	state     []int32 // of each panel: quantizedState numbers for each row
	totals    []int32
	floats    []float32 // the panel before it is quantized
	norms     []float32 // of the rows of the panels
	residuals []float32
	seconds   []float32 // lower bounds of the second least score of a panel's rows, then upper ones of the least,
	thirds    []float32 // and of the third least
	others    []int32   // the centers of their runners-up
	tile      int       // rows of a panel
	rows      []float32 // of a panel, converted
	depth     int

	open     []int32 // rows of a piece that integers do not settle
	gathered []T     // some of these rows, with their labels and distances
	labels   []int32
	dist     []T
	second   []T

	decided    []decided // of several panels whose integers are kept
	keptBounds []float32 // of each of them: seconds
	keptOthers []int32
	call       keptCall

	gapSpace

	two     [2]int32 // a pair of centers, and their distances to a row
	twoDist [2]T

	pause
}

const (
	// quantizedWanted is the number of rows for which it pays to prepare the centers.
	quantizedWanted = 512

	quantizedPiece = 1024 // rows whose open ones are gathered together
	quantizedState = 6    // see quantized_amd64.s
	gatheredRows   = 64
)

func (s *quantSpace[T]) fit(q *quantized, d int) {
	p := &q.plan
	s.depth = (p.Depth + 15) / 16 * 16
	columns := (2*s.depth + 15) / 16 * 16
	panel, state, totals, norms := p.Panels*s.depth*p.RowTile, p.Panels*quantizedState*p.RowTile, 0, p.Panels*p.RowTile
	if p.Depth > p.Chunk {
		totals = p.Panels * p.Block * p.CenterTile * p.RowTile
	}
	if s.tile == p.RowTile && len(s.panel) == panel && len(s.totals) == totals && len(s.state) == state {
		return
	}
	s.tile = p.RowTile
	floats := columns * p.RowTile
	m := newCarver(panel + state + totals + floats + 2*norms + 4*p.RowTile)
	s.panel, s.state, s.totals = m.cut(panel), m.cut(state), m.cut(totals)
	s.floats, s.norms, s.residuals = m.cutFloats(floats), m.cutFloats(norms), m.cutFloats(norms)
	s.seconds, s.thirds, s.others = m.cutFloats(2*p.RowTile), m.cutFloats(p.RowTile), m.cut(p.RowTile)
	for panel := range p.Panels { // as settle leaves it
		state := s.state[panel*quantizedState*p.RowTile:]
		for i := range p.RowTile {
			state[i], state[p.RowTile+i], state[4*p.RowTile+i] = math.MaxInt32, math.MaxInt32, math.MaxInt32
		}
	}
}

// rankIntegers labels the rows of x, of which there are at most quantizedPiece, and
// returns how many the integers left open. kept are their integers, from row first on, unless
// nil.
func (c *Centers[T]) rankIntegers(labels []int32, dist, second []T, kept *QuantizedRows[T], first int, x Matrix[T], ws *Workspace[T]) int {
	q, s := &c.quantized, &ws.quant
	s.fit(q, x.D)
	s.open = s.open[:0]
	ws.labels = grow(ws.labels, max(q.plan.RowTile, c.plan.RowTile))
	p := &q.plan
	tile := p.RowTile
	for i := 0; i < x.N; {
		if kept != nil && second == nil {
			if rows := int(kept.gaps.piece[(first+i)/tile]); rows > 0 {
				c.rankPiece(labels[i:i+rows], kept, first+i, x, i, false, ws)
				i += rows
				continue
			}
			if rows := c.keptPanels(labels[i:], kept, first+i, x, i, ws); rows > 0 {
				i += rows
				continue
			}
		}
		block := min(p.Panels*tile, x.N-i)
		if kept != nil {
			block = kept.unordered(first+i, block)
		}
		panels := (block + tile - 1) / tile
		ints, depth, norms, residuals := s.panel, s.depth, s.norms, s.residuals
		if kept != nil {
			ints, depth, norms, residuals = kept.from(first + i)
		}
		for panel := range panels {
			state := s.state[panel*quantizedState*tile:]
			if kept != nil && kept.load(state, first+i+panel*tile) {
				continue
			}
			c.fillIntegers(ints[panel*depth*tile:], state, norms[panel*tile:], residuals[panel*tile:], s, x, i+panel*tile)
			if kept != nil {
				kept.keep(state, first+i+panel*tile)
			}
		}
		for pass := range q.passes {
			a := &q.passes[pass]
			for panel := range panels {
				var totals unsafe.Pointer
				if a.run != 0 {
					totals = ptr(s.totals[(panel*p.Block*p.CenterTile+a.total)*tile:])
				}
				asmNearestIntegers(c.level, ptr(s.state[panel*quantizedState*tile:]), ptr(ints[(panel*depth+a.column)*tile:]), ptr(q.packed[a.at:]), totals, a.groups, a.size, a.depth, a.run)
			}
		}
		for panel := range panels {
			c.settleIntegers(labels, second, norms[panel*tile:], residuals[panel*tile:], x, ws, i+panel*tile, panel)
		}
		i += block
	}
	if dist != nil {
		c.ownDistances(dist, labels, x)
	}
	c.closeOpen(labels, dist, second, x, ws)
	ws.Integers += int64(x.N)
	return len(s.open)
}

// closeOpen labels the rows of x that integers have left open.
func (c *Centers[T]) closeOpen(labels []int32, dist, second []T, x Matrix[T], ws *Workspace[T]) {
	open := ws.quant.open
	for from := 0; from < len(open); from += gatheredRows {
		c.again(labels, dist, second, x, ws, open[from:min(from+gatheredRows, len(open))])
	}
	ws.Open += int64(len(open))
}

// fillIntegers fills one panel of integers with the rows of x from row at on.
func (c *Centers[T]) fillIntegers(panel, state []int32, norms, residuals []float32, s *quantSpace[T], x Matrix[T], at int) {
	q := &c.quantized
	c.fillFloats(ptr(s.floats), ptr(norms), &s.rows, x, at, q.plan.RowTile)
	asmQuantize(c.level, ptr(panel), ptr(state), ptr(residuals), ptr(s.floats), ptr(norms), ptr(q.format[:]), (x.D+1)/2)
}

// fillFloats fills a panel of float32, and the squared norms of its rows, with the rows of
// x from row at on. converted is memory for them.
func (c *Centers[T]) fillFloats(panel, norms unsafe.Pointer, converted *[]float32, x Matrix[T], at, tile int) {
	n := min(tile, x.N-at)
	rows, ld, shift := ptr(x.Data[at*x.LD:]), x.LD, ptr(c.shift)
	if elemSize[T]() == 8 {
		*converted = grow(*converted, tile*x.D+x.D+16)
		all := *converted
		for i := range n {
			row := all[i*x.D:][:x.D]
			for j, v := range x.Row(at + i) {
				row[j] = float32(v - c.shift[j])
			}
		}
		zeros := all[tile*x.D:][:x.D+16]
		clear(zeros)
		rows, ld, shift = ptr(all), x.D, ptr(zeros)
	}
	asmPack[float32](c.level, panel, norms, rows, shift, n, ld, x.D)
}

// settleIntegers labels the rows of a panel, which begins at row at, and lists those
// that are left open.
func (c *Centers[T]) settleIntegers(labels []int32, second []T, norms, residuals []float32, x Matrix[T], ws *Workspace[T], at, panel int) {
	q, s := &c.quantized, &ws.quant
	tile := q.plan.RowTile
	n := min(tile, x.N-at)
	l := ws.labels
	if n == tile {
		l = labels[at : at+tile]
	}
	var d decided
	d.settled, d.paired = asmSettleIntegers(c.level, ptr(l), ptr(s.seconds), ptr(s.state[panel*quantizedState*tile:]), ptr(norms), ptr(residuals), ptr(q.bound[:]), ptr(s.others), ptr(s.thirds))
	if n < tile {
		copy(labels[at:at+n], l)
	}
	if second != nil {
		second = second[at : at+n]
		for i := range second {
			second[i] = c.leastOf(norms[i], s.seconds[i])
		}
	}
	c.decide(labels[at:at+n], second, d, norms, s.others, x, at, nil, ws)
}

// decide labels the rows of a panel, which begin at row at, as far as the ranking leaves two centers,
// and lists those to which it leaves more. Unless order is nil, it says which rows they are, counted
// from that one.
func (c *Centers[T]) decide(labels []int32, second []T, d decided, norms []float32, others []int32, x Matrix[T], at int, order []uint8, ws *Workspace[T]) {
	s := &ws.quant
	row := func(i int) int {
		if order != nil {
			i = int(order[i])
		}
		return at + i
	}
	all := uint64(1)<<len(labels) - 1
	paired := d.paired & all &^ d.settled
	open := all &^ d.settled &^ paired
	unlabel(labels, open)
	for ; paired != 0; paired &= paired - 1 {
		i := bits.TrailingZeros64(paired)
		other := c.pair(&labels[i], others[i], x.Row(row(i)), s)
		if second != nil {
			second[i] = min(other, c.leastOf(norms[i], s.thirds[i]))
		}
	}
	for ; open != 0; open &= open - 1 {
		s.open = append(s.open, int32(row(bits.TrailingZeros64(open))))
	}
}

// leastOf is a lower bound of the squared distance to a row of the given squared norm of
// all centers of which a lower bound of the scores is given.
func (c *Centers[T]) leastOf(norm, score float32) T {
	return T(max(0, (float64(norm)*(1-c.quantized.loss)+2*float64(score))/c.closer[0]*(1-0x1p-20)))
}

// pair gives a row the nearer of the two centers that integers leave, that of its label and
// other, and returns the squared distance of the farther one.
func (c *Centers[T]) pair(label *int32, other int32, row []T, s *quantSpace[T]) (farther T) {
	s.two[0], s.two[1] = *label, other
	pairs(c.level, squaredL2, s.twoDist[:], 1, Matrix[T]{row, 2, len(row), 0}, c.plain, s.two[:])
	d, e := s.twoDist[0], s.twoDist[1]
	if e < d || e == d && other < *label {
		*label = other
		return d
	}
	return e
}

// again labels the listed rows of x, at most gatheredRows, by the filter in floating
// point, or one by one when they would leave most of a panel empty.
func (c *Centers[T]) again(labels []int32, dist, second []T, x Matrix[T], ws *Workspace[T], rows []int32) {
	if len(rows) <= c.plan.RowTile/5 {
		for _, row := range rows {
			c.directRow(labels, dist, second, x, int(row), ws)
		}
		return
	}
	s := &ws.quant
	s.gathered = grow(s.gathered, gatheredRows*x.D)
	s.labels = grow(s.labels, gatheredRows)
	var d, next []T
	if dist != nil {
		s.dist = grow(s.dist, gatheredRows)
		d = s.dist[:len(rows)]
	}
	if second != nil {
		s.second = grow(s.second, gatheredRows)
		next = s.second[:len(rows)]
	}
	for i, row := range rows {
		copy(s.gathered[i*x.D:(i+1)*x.D], x.Row(int(row)))
	}
	c.filterPanels(s.labels, d, next, Dense(s.gathered, len(rows), x.D), ws)
	for i, row := range rows {
		labels[row] = s.labels[i]
		if dist != nil {
			dist[row] = d[i]
		}
		if second != nil {
			second[row] = next[i]
		}
	}
}
