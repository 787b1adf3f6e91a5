package lloyd

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Ranking by 8-bit integers: the first filter where there are many centers. As in
// quantized.go a row x and a center c, both less the shift, become integers p = rint(σx)
// and q = rint(τc), here of 7 or 8 bits, so that an instruction multiplies 16 or 32 of them.
// With the residuals r = p − σx and s = q − τc,
//
//	|p·q − στ·x·c| ≤ σ‖x‖·‖s‖ + ‖r‖·‖q‖ = E
//
// for any data (Cauchy and Schwarz), and so the score
//
//	στ(½‖x‖² + ½‖c‖²) − E − p·q
//
// is at most στ½‖x−c‖². Less a constant and without its lowest bits it is kept for all
// centers, in 16 bits, saturated. Once the distance of one center is known, that with the
// least score, no center is nearer but some with a score up to that: their distances
// decide. A row for which that is beyond the 16 bits, or leaves many centers, is left to
// floating point.
//
// Where sums have 16 bits (coarseFormat) they wrap around, but what they come to after a
// block of columns is known to fit: the norms of each row's and center's blocks are such
// that |Σpq| < 2¹⁵ (Cauchy and Schwarz again). Centers of small norm have a τ of their own,
// 2ᵉ times as large, and their sums are shifted. Columns in which centers are so large that
// they would leave the others few bits are multiplied in float32.
type coarse struct {
	tiling                   // of quads of columns, and what else a center has
	coarseFormat             // of the level
	use          bool        // it applies to these centers
	faster       bool        // than what would come first without it
	packed       []int32     // groups, see coarse_amd64.s and coarse_arm64.s
	quads        int         // of columns, even
	scale        float64     // τ
	top          float64     // largest magnitude of an element but those of heavy columns
	shift        int         // lowest bits that scores lose
	format       [12]float32 // of the rows, see coarse_amd64.s
	most         float32     // largest ‖x‖²
	loss         float32     // of ‖x‖² by rounding, relative
	parts        []coarsePart
	tops         []float32 // largest magnitude of each column
	heavy        []int32   // columns that float32 numbers do

	elements []float32   // of a center of each group, negated, before they are rounded
	pack     func(i int) // coarsenGroup, kept so that Pack allocates nothing
}

// coarsePart is what is known of a center: the norms of its residual and of itself, in the
// unit of the others; that of its integers, and the largest of a block of them.
type coarsePart struct {
	lost, norm, used, block float64
	at                      int // of its share of the error
}

// coarseFormat is what differs by level: the largest elements of rows and centers, the
// number of quads in a block of columns, whose sums have 16 bits (0: all have 32), and
// whether packing the sums of both halves of the rows leaves the scores of four of each
// beside those of the other.
type coarseFormat struct {
	row, center float64
	block       int
	crossed     bool
}

// coarseFormatOf returns the format of a level that has the routines: what its
// instructions multiply and add up.
func coarseFormatOf(l kernel.Level) coarseFormat {
	if l == kernel.NEONDot { // sums of 32 bits, signed elements
		return coarseFormat{row: 127, center: 127}
	}
	return coarseFormat{row: 73, center: coarseBias, block: 16, crossed: true}
}

// blocks is the number of blocks, each with a column that its sums begin with.
func (f coarseFormat) blocks(quads int) int {
	if f.block == 0 {
		return 0
	}
	return (quads + f.block - 1) / f.block
}

// rowOf is the row of a panel of which number e of a center's scores is.
func (f coarseFormat) rowOf(e, tile int) int {
	if !f.crossed {
		return e
	}
	return e/8*4 + e%4 + e/4%2*(tile/2)
}

// placeOf is the number of a row's score.
func (f coarseFormat) placeOf(row, tile int) int {
	if !f.crossed {
		return row
	}
	half := row / (tile / 2)
	row -= half * (tile / 2)
	return row/4*8 + half*4 + row%4
}

const (
	// coarseBias is what is added to the elements of centers where sums have 16 bits, as one
	// side of a product is unsigned there: two products with elements of rows fit.
	coarseBias = 112
	// coarseBlockNorm is what the norm of a center's block may be, unless its scale is the
	// least one: with more of it, rows get fewer bits.
	coarseBlockNorm = 224
	// coarseSmaller is how many times the scale of a center may be doubled.
	coarseSmaller = 12
	// coarseBlur bounds the part of ‖r‖ that is not seen, that of rounding σ(x − shift)
	// to float32.
	coarseBlur = 0.005
	// coarseHeavy is the number of columns for each that may be heavy.
	coarseHeavy = 96
	// coarsePeak: see weigh.
	coarsePeak = 2
	// coarseShift is the most bits that scores may lose: with them they, and what they are
	// the sum of, are less than 2³⁰, but for what those of rows far out begin with. Errors
	// may be 2²⁸.
	coarseShift = 13
	// coarseSample is the number of centers that are looked at to choose columns and scale.
	coarseSample = 64
)

// coarsen prepares the ranking by 8-bit integers. The float filter's packing comes
// first: largest is the greatest ½‖c‖² of the shifted centers.
func (c *Centers[T]) coarsen(largest float64, each func(n, operations int, do func(i int))) {
	q := &c.coarse
	n, d := c.plain.N, c.plain.D
	plan, faster := kernel.CoarsePlanFor(c.level, elemSize[T](), n, d)
	radius := math.Sqrt(2*largest) * (1 + 0x1p-20)
	q.use = plan.Groups > 0 && !c.quantized.off && !c.exact && radius > 0x1p-30 && radius < 0x1p30
	q.faster = q.use && faster
	if !q.use {
		return
	}
	if q.pack == nil {
		q.pack = c.coarsenGroup
	}
	q.coarseFormat = coarseFormatOf(c.level)
	q.top = max(c.weigh(), 0x1p-60*radius)
	q.quads = plan.Depth
	plan.Depth += 2 + len(q.heavy)
	plan.Chunk = plan.Depth
	if q.plan != plan {
		q.packed = grow(q.packed, q.layOut(plan))
	}
	q.parts, q.elements = grow(q.parts, n), grow(q.elements, len(q.groups)*4*q.quads)
	q.scale = q.center / q.top / 2
	each(len(q.groups), 2*plan.CenterTile*plan.Depth, q.pack)
	block, used := 1., 0.
	for _, p := range q.parts {
		block = max(block, p.block)
		used += p.used / float64(n)
	}
	// The norm of a block of a row is at most fits; that of the row, and that of the centers
	// with the row's scale, at most size.
	fits, size := math.Inf(1), q.row*math.Sqrt(float64(d))
	if q.block > 0 {
		fits = math.MaxInt16/block - math.Sqrt(float64(2*q.block))/2 - 0.1
		size = min(size, fits*math.Sqrt(float64(2*q.blocks(q.quads))))
	}
	q.shift = max(0, bits.Len(uint(min(2*size*q.scale*radius, 1<<40)))-16)
	// What both parts of an error are worth: about ‖r‖ to σ‖x‖, of rows that use their bits
	// as centers do, three quarters of them because of the powers of two.
	worth := math.Sqrt(float64(d)/12) / min(0.8*size, q.row/q.center/0.75*used)
	var share float64
	for _, p := range q.parts {
		share = max(share, p.lost+worth*p.norm)
		q.packed[p.at] = int32(math.Float32bits(float32((p.lost + worth*p.norm) * (1 + 0x1p-20))))
	}
	const slack = 1.05               // second-order terms, and the rounding of the error itself
	root := 1 + float64(d+8)*0x1p-24 // ‖x‖² is a sum in float32
	if most := max(size, (math.Sqrt(float64(d))/2+1)/worth) * share; q.shift > coarseShift || most > 1<<28 {
		q.use, q.faster = false, false
		return
	}
	fixed := 2 + math.Ldexp(float64(10+len(q.heavy)), q.shift-7) + math.Ldexp(1, 15+q.shift)
	q.format = [12]float32{
		float32(q.row), 0x1p-100, float32(fits), float32(q.scale), float32(radius), float32(2 - root),
		float32(slack * root), float32(slack / worth), coarseBlur, float32(d+16) * 0x1p-22, float32(fixed),
		float32(size),
	}
	q.loss = 4 * float32(d+8) * 0x1p-24
	q.most = float32(min(float64(c.bound[7]), math.MaxFloat32/64))
}

// weigh chooses the heavy columns, and returns the largest magnitude of the others, of some
// of the centers: those in which one is larger than coarsePeak times the root of the mean
// square of what columns are at most, unless they are many.
func (c *Centers[T]) weigh() float64 {
	q, d := &c.coarse, c.plain.D
	n := min(c.plain.N, coarseSample)
	q.tops = grow(q.tops, d)
	clear(q.tops)
	for i := range n {
		for j, v := range c.plain.Row(i * c.plain.N / n) {
			q.tops[j] = max(q.tops[j], abs(float32(c.shift[j]-v)))
		}
	}
	var squares float64
	for _, t := range q.tops {
		squares += float64(t) * float64(t)
	}
	limit := float32(coarsePeak * math.Sqrt(squares/float64(d)))
	q.heavy = q.heavy[:0]
	for j, t := range q.tops {
		if t > limit {
			q.heavy = append(q.heavy, int32(j))
		}
	}
	slices.SortStableFunc(q.heavy, func(i, j int32) int { return cmp.Compare(q.tops[j], q.tops[i]) })
	q.heavy = q.heavy[:min(len(q.heavy), d/coarseHeavy)]
	for _, j := range q.heavy {
		q.tops[j] = 0
	}
	return float64(slices.Max(q.tops))
}

func abs(v float32) float32 { return math.Float32frombits(math.Float32bits(v) &^ (1 << 31)) }

// coarsenGroup fills one group.
func (c *Centers[T]) coarsenGroup(i int) {
	q := &c.coarse
	g := q.groups[i]
	half, all := q.packed[g.at:g.at+g.size], q.packed[g.at+g.size+1:][:g.size*g.depth]
	shifts, all := all[g.size:2*g.size], all[2*g.size:]
	heavy := len(q.heavy) * g.size
	floats, quads := all[:heavy], all[heavy:]
	elements := q.elements[i*4*q.quads:][:4*q.quads]
	clear(elements[c.plain.D:])
	for i := range g.size {
		k := g.first + i
		row, shift := c.plain.Row(k), c.shift[:c.plain.D]
		half[i] = int32(math.Float32bits(float32(c.half[k])))
		for j, v := range row {
			elements[j] = float32(shift[j] - v)
		}
		for h, j := range q.heavy {
			floats[h*g.size+i] = int32(math.Float32bits(elements[j]))
			elements[j] = 0
		}
		exponent := coarseSmaller
		if top := asmLargest(c.level, ptr(elements), q.quads/2); top > 0 {
			_, e := math.Frexp(q.center / (float64(top) * q.scale))
			exponent = max(0, min(e-1, coarseSmaller))
		}
		var norms [3]float32
		for {
			asmCoarsenCenter(c.level, ptr(quads[i:]), 4*g.size, ptr(elements), q.quads/2, float32(math.Ldexp(q.scale, exponent)), ptr(norms[:]))
			if exponent == 0 || norms[2] <= coarseBlockNorm*coarseBlockNorm {
				break
			}
			exponent--
		}
		shifts[i] = int32(exponent)
		for n, v := range norms {
			norms[n] = float32(math.Sqrt(float64(v)))
		}
		q.parts[k] = coarsePart{
			lost: math.Ldexp(float64(norms[0]), -exponent), norm: math.Ldexp(float64(norms[1]), -exponent),
			block: max(1, float64(norms[2])), used: max(1, float64(norms[1])), at: g.at + g.size + 1 + i,
		}
	}
}

// coarseSpace is the scratch memory of the ranking by 8-bit integers.
type coarseSpace[T Float] struct {
	memory []int32
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
	best    []T       // of a panel's rows
	bounds  []float32 // what their lower bounds need

	idle, wait int // rows to go without, and how many there were last time
}

const (
	coarseState   = 5   // see coarse_amd64.s
	coarseTrial   = 192 // rows that say whether it pays
	coarseCenters = 512 // whose pairs are listed together
	coarseMany    = 4   // of so many pairs, one may be listed
)

func (s *coarseSpace[T]) fit(q *coarse, k int) {
	p := &q.plan
	tile := p.RowTile
	s.depth = q.quads + q.blocks(q.quads)
	panel, heavy, sums := p.Panels*s.depth*tile, p.Panels*len(q.heavy)*tile, 2*p.CenterTile*tile
	state, floats, norms, light := p.Panels*coarseState*tile, (4*q.quads+16)*tile, p.Panels*tile, tile
	scores := p.Panels * k * tile / 2
	if len(s.norms) == norms && len(s.floats) == floats && len(s.heavy) == heavy && len(s.scores) == 2*scores && len(s.sums) == sums {
		return
	}
	m := make([]int32, panel+heavy+sums+state+floats+norms+light+scores+16)
	if off := int(uintptr(unsafe.Pointer(&m[0])) % alignment); off != 0 {
		m = m[(alignment-off)/4:]
	}
	s.memory = m
	cut := func(n int) (part []int32) { part, m = m[:n:n], m[n:]; return part }
	cutFloats := func(n int) []float32 { c := cut(n); return unsafe.Slice((*float32)(ptr(c)), len(c)) }
	s.panel, s.heavy, s.sums = cut(panel), cutFloats(heavy), cut(sums)
	s.state, s.floats, s.norms, s.light = cutFloats(state), cutFloats(floats), cutFloats(norms), cutFloats(light)
	s.scores = unsafe.Slice((*int16)(ptr(cut(scores))), 2*scores)
	pairs := p.RowTile * min(k, coarseCenters)
	s.rows, s.centers, s.dist = make([]int32, pairs), make([]int32, pairs), make([]T, pairs)
	s.best, s.bounds = make([]T, p.RowTile), make([]float32, 3*p.RowTile)
}

// due says whether the next n rows are to be ranked by 8-bit integers: not for a while
// after it did not pay.
func (s *coarseSpace[T]) due(n int) bool {
	if s.idle > 0 {
		s.idle -= n
		return false
	}
	return true
}

// learn takes note of how it went.
func (s *coarseSpace[T]) learn(paid bool) {
	if paid {
		s.wait = 0
		return
	}
	s.wait = min(max(2*s.wait, 1<<13), 1<<20)
	s.idle = s.wait
}

// pays reports whether ranking n rows by 8-bit integers pays, compared to 16-bit ones, when
// it takes that many distances and leaves that many rows open (bench/NOTES.md).
func (c *Centers[T]) pays(n, pairs, open int) bool {
	const product, row, distance, column = 0.0065, 40, 14, 0.05 // nanoseconds
	d, all := float64(c.plain.D), float64(c.plain.N*c.plain.D)
	return float64(pairs)*(distance+column*d)+float64(open)*3*product*all < float64(n)*(product*all-row)
}

// rankCoarse labels the first rows of x, of which there are at most quantizedPiece, and
// returns how many: all, unless it does not pay.
func (c *Centers[T]) rankCoarse(labels []int32, dist []T, x Matrix[T], ws *Workspace[T]) (done int) {
	q, s, o := &c.coarse, &ws.coarse, &ws.quant
	s.fit(q, c.plain.N)
	o.open = o.open[:0]
	p := &q.plan
	tile := p.RowTile
	pairs, paid := 0, true
	for ; done < x.N && paid; done += min(p.Panels*tile, x.N-done) {
		panels := c.coarseScores(x, done, ws)
		for panel := range panels {
			pairs += c.settleCoarse(labels, dist, x, ws, done+panel*tile, panel)
		}
		paid = done < coarseTrial || c.pays(done+panels*tile, pairs, len(o.open))
	}
	for from := 0; from < len(o.open); from += gatheredRows {
		c.again(labels, dist, nil, x, ws, o.open[from:min(from+gatheredRows, len(o.open))])
	}
	s.learn(paid)
	ws.Integers += int64(done)
	ws.Open += int64(len(o.open))
	ws.Listed += int64(pairs)
	return done
}

// coarseScores sets the scores of a block of the rows of x from row i on, and returns the
// number of its panels.
func (c *Centers[T]) coarseScores(x Matrix[T], i int, ws *Workspace[T]) (panels int) {
	q, s := &c.coarse, &ws.coarse
	k, tile, heavy := c.plain.N, q.plan.RowTile, len(q.heavy)
	panels = (min(q.plan.Panels*tile, x.N-i) + tile - 1) / tile
	for panel := range panels {
		c.fillCoarse(ws, x, i+panel*tile, panel)
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
	s.fit(q, c.plain.N)
	k, tile := c.plain.N, q.plan.RowTile
	unit := math.Ldexp(1, q.shift)
	for i := 0; i < x.N; i += q.plan.Panels * tile {
		for panel := range c.coarseScores(x, i, ws) {
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
func (c *Centers[T]) fillCoarse(ws *Workspace[T], x Matrix[T], at, panel int) {
	q, s := &c.coarse, &ws.coarse
	tile := q.plan.RowTile
	norms, state := s.norms[panel*tile:][:tile], s.state[panel*coarseState*tile:]
	c.fillFloats(ptr(s.floats), ptr(norms), &ws.quant.rows, x, at, tile)
	clear(s.floats[(x.D+1)/2*2*tile : 4*q.quads*tile]) // up to there the pack does so
	floats, light := s.heavy[panel*len(q.heavy)*tile:][:len(q.heavy)*tile], norms
	if len(floats) > 0 {
		light = s.light
		copy(light, norms)
		for h, j := range q.heavy {
			column := s.floats[int(j)*tile:][:tile]
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
	asmCoarsen(c.level, ptr(s.panel[panel*s.depth*tile:]), ptr(state), ptr(s.floats), ptr(norms), ptr(light), ptr(q.format[:]), q.quads)
	for i := range floats {
		floats[i] *= state[i%tile]
	}
}

// settleCoarse labels the rows of a panel, which begins at row at, lists those that are
// left open, and returns the number of distances that it took.
func (c *Centers[T]) settleCoarse(labels []int32, dist []T, x Matrix[T], ws *Workspace[T], at, panel int) (pairs int) {
	q, s := &c.coarse, &ws.coarse
	tile, k := q.plan.RowTile, c.plain.N
	n := min(tile, x.N-at)
	state := s.state[panel*coarseState*tile:]
	scores := s.scores[panel*k*tile : (panel+1)*k*tile]
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
	pairs, few := c.nearestListed(found, best, x, s, at, scores, limits[:tile], true)
	for e := range tile {
		row := q.rowOf(e, tile)
		if row >= n {
			continue
		}
		limits[e] = math.MinInt16
		l := (float64(state[row])/2*float64(best[row])*c.closer[0]*(1+0x1p-20)-float64(state[3*tile+row])*(1-0x1p-20))*unit - 1<<15
		if found[row] < 0 || !(l < math.MaxInt16-1) {
			found[row] = -1
			continue
		}
		limits[e] = int16(max(math.Floor(l), math.MinInt16)) + 1
	}
	if few {
		var more int
		more, few = c.nearestListed(found, best, x, s, at, scores, limits[:tile], false)
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
func (c *Centers[T]) nearestListed(labels []int32, best []T, x Matrix[T], s *coarseSpace[T], at int, scores, limits []int16, once bool) (pairs int, few bool) {
	tile, k := len(limits), c.plain.N
	for from := 0; from < k; from += coarseCenters {
		m := asmCoarseList(c.level, ptr(s.rows), ptr(s.centers), ptr(scores[from*tile:]), ptr(limits), from, min(coarseCenters, k-from), at)
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
				scores[int(l)*tile+c.coarse.placeOf(i, tile)] = math.MaxInt16
			}
		}
		pairs += m
	}
	return pairs, true
}
