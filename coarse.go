package lloyd

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"sync/atomic"

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
	listing      bool        // faster to list candidates
	asked        atomic.Bool // rough bounds, or candidates, were wanted since the last packing
	packed       []int32     // groups, see coarse_amd64.s and coarse_arm64.s
	quads        int         // of columns, even
	scale        float64     // τ
	shift        int         // lowest bits that scores lose
	format       [12]float32 // of the rows, see coarse_amd64.s
	most         float32     // largest ‖x‖²
	loss         float32     // of ‖x‖² by rounding, relative
	parts        []coarsePart
	tops         []float32 // largest magnitude of each column
	heavy        []int32   // columns that float32 numbers do

	elements []float32   // of a center of each group, negated, before they are rounded
	pack     func(i int) // coarsenGroup, kept so that Pack allocates nothing
	lead     *leading    // of some columns alone, see leading.go; nil: of all
}

// coarsePart is what is known of a center: the norms of its residual and of itself, in the
// unit of the others; that of its integers, and the largest of a block of them.
type coarsePart struct {
	lost, norm, used, block float64
	at                      int // of its share of the error
}

// coarseFormat is what differs by level: the largest elements of rows and centers, what is
// added to those of centers (0: both sides of a product are signed), the number of quads in
// a block of columns, whose sums have 16 bits (0: all have 32), and whether packing the sums
// of both halves of the rows leaves the scores of four of each beside those of the other; and
// what they save.
type coarseFormat struct {
	row, center float64
	bias        int
	block       int
	crossed     bool
	saves       float64 // nanoseconds a product, see kernel.CoarsePlanFor
	takes       float64 // as many, at most; 0: no ranking by leading columns, see leading.go
}

// coarseFormatOf returns the format of a level that has the routines: what its
// instructions multiply and add up.
func coarseFormatOf(l kernel.Level) coarseFormat {
	switch l {
	case kernel.NEONDot:
		return coarseFormat{row: 127, center: 127, saves: 0.0065}
	case kernel.AVX512VNNI:
		return coarseFormat{row: 127, center: coarseBiasVNNI, bias: coarseBiasVNNI, crossed: true, saves: 0.0015, takes: 0.003}
	}
	f := coarseFormat{row: 73, center: coarseBias, bias: coarseBias, block: 16, crossed: true, saves: 0.0065, takes: 0.006}
	if l == kernel.AVX512 {
		f.saves, f.takes = 0.0025, 0.005
	}
	return f
}

// blocks is the number of blocks, each with a column that its sums begin with, which takes
// the bias back.
func (f coarseFormat) blocks(quads int) int {
	switch {
	case f.bias == 0:
		return 0
	case f.block == 0:
		return 1
	default:
		return (quads + f.block - 1) / f.block
	}
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
	// coarseBiasVNNI is the same where the sums have 32 bits.
	coarseBias, coarseBiasVNNI = 112, 127
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

// lists reports whether candidates are to be listed, and takes note of that.
func (q *coarse) lists() bool {
	if !q.listing {
		return false
	}
	if !q.asked.Load() {
		q.asked.Store(true)
	}
	return q.use
}

// coarsen prepares the ranking by 8-bit integers. The float filter's packing comes
// first: radius is an upper bound of the norms of the shifted centers.
func (c *Centers[T]) coarsen(radius float64, each func(n, operations int, do func(i int))) {
	q := &c.coarse
	plan, faster := kernel.CoarsePlanFor(c.level, elemSize[T](), c.plain.N, c.plain.D)
	q.use = plan.Groups > 0 && !c.quantized.off && !c.exact && radius > 0x1p-30 && radius < 0x1p30
	if q.pack != nil && !faster && !q.asked.Swap(false) {
		q.use = false // for rough bounds or candidates alone, when they are asked for
	}
	q.listing = kernel.CoarseListsFaster(c.level, c.plain.N, c.plain.D)
	q.faster = q.use && faster
	if q.use {
		c.fillGroups(q, plan, radius, each)
	}
}

// fillGroups fills q with integers of the centers, whose norms are at most radius, and sets
// the format of rows.
func (c *Centers[T]) fillGroups(q *coarse, plan kernel.Plan, radius float64, each func(n, operations int, do func(i int))) {
	n, d := c.plain.N, c.plain.D
	if q.pack == nil {
		q.pack = func(i int) { c.coarsenGroup(q, i) }
	}
	q.coarseFormat = coarseFormatOf(c.level)
	q.quads = plan.Depth
	top := max(c.weigh(q), 0x1p-60*radius)
	plan.Depth += 2 + q.floats()
	plan.Chunk = plan.Depth
	if q.plan != plan {
		q.packed = grow(q.packed, q.layOut(plan))
	}
	q.parts, q.elements = grow(q.parts, n), grow(q.elements, len(q.groups)*4*q.quads)
	q.scale = q.center / top / 2
	each(len(q.groups), 2*packing*plan.CenterTile*plan.Depth, q.pack)
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
	worth := math.Sqrt(float64(q.columns(d))/12) / min(0.8*size, q.row/q.center/0.75*used)
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
	fixed := 2 + math.Ldexp(float64(10+q.floats()), q.shift-7) + math.Ldexp(1, 15+q.shift)
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
func (c *Centers[T]) weigh(q *coarse) float64 {
	d := q.columns(c.plain.D)
	n := min(c.plain.N, coarseSample)
	q.tops, q.elements = grow(q.tops, d), grow(q.elements, 4*q.quads)
	clear(q.tops)
	for i := range n {
		c.elementsOf(q.elements, q, i*c.plain.N/n)
		for j, v := range q.elements[:d] {
			q.tops[j] = max(q.tops[j], abs(v))
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
	q.heavy = q.heavy[:min(len(q.heavy), c.plain.D/coarseHeavy)]
	for _, j := range q.heavy {
		q.tops[j] = 0
	}
	return float64(slices.Max(q.tops))
}

// columns is the number of columns that are multiplied, of d.
func (q *coarse) columns(d int) int {
	if q.lead != nil {
		return leadBlock * len(q.lead.blocks)
	}
	return d
}

// floats is the number of columns that float32 numbers multiply: the heavy ones, and the norm
// of the columns left out.
func (q *coarse) floats() int {
	if q.lead != nil {
		return len(q.heavy) + 1
	}
	return len(q.heavy)
}

// elementsOf sets dst to the columns of center k that are multiplied, negated, and zeros.
func (c *Centers[T]) elementsOf(dst []float32, q *coarse, k int) {
	row, shift := c.plain.Row(k), c.shift
	if q.lead == nil {
		shift = shift[:len(row)]
		for j, v := range row {
			dst[j] = float32(shift[j] - v)
		}
		clear(dst[len(row):])
		return
	}
	clear(dst)
	for i, first := range q.lead.blocks {
		block := dst[leadBlock*i:][:leadBlock]
		for j, v := range row[first:min(len(row), int(first)+leadBlock)] {
			block[j] = float32(shift[int(first)+j] - v)
		}
	}
}

func abs(v float32) float32 { return math.Float32frombits(math.Float32bits(v) &^ (1 << 31)) }

// coarsenGroup fills one group.
func (c *Centers[T]) coarsenGroup(q *coarse, i int) {
	g := q.groups[i]
	half, all := q.packed[g.at:g.at+g.size], q.packed[g.at+g.size+1:][:g.size*g.depth]
	shifts, all := all[g.size:2*g.size], all[2*g.size:]
	heavy := q.floats() * g.size
	floats, quads := all[:heavy], all[heavy:]
	elements := q.elements[i*4*q.quads:][:4*q.quads]
	for i := range g.size {
		k := g.first + i
		half[i] = int32(math.Float32bits(float32(c.half[k])))
		c.elementsOf(elements, q, k)
		for h, j := range q.heavy {
			floats[h*g.size+i] = int32(math.Float32bits(elements[j]))
			elements[j] = 0
		}
		if q.lead != nil {
			floats[heavy-g.size+i] = int32(math.Float32bits(-c.setRest(q.lead, k)))
		}
		exponent := coarseSmaller
		if top := asmLargest(c.level, ptr(elements), q.quads/2); top > 0 {
			_, e := math.Frexp(q.center / (float64(top) * q.scale))
			exponent = max(0, min(e-1, coarseSmaller))
		}
		var norms [3]float32
		for {
			asmCoarsenCenter(c.level, ptr(quads[i:]), 4*g.size, ptr(elements), q.quads/2, float32(math.Ldexp(q.scale, exponent)), ptr(norms[:]))
			if exponent == 0 || q.block == 0 || norms[2] <= coarseBlockNorm*coarseBlockNorm {
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
