package lloyd

import (
	"cmp"
	"math"
	"slices"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Ranking by the leading columns. Where most of what centers differ in is in a part of the
// columns, as in data of a decaying spectrum, 8-bit integers (coarse.go) of those alone rank
// them. Of the others, the rest, the scores know the norms: with x = (y, u) and c = (z, v),
//
//	x·c ≤ y·z + ‖u‖·‖v‖
//
// (Cauchy and Schwarz), the second product in float32, as that of a heavy column. That leaves
// some dozens of centers for a row. For these, other integers p = rint(σu) of 7
// bits and q = rint(τv) of 8, with scales of their own, say what the product of the rest is about,
//
//	u·v ≤ p·q/(στ) + ‖u‖·‖v − q/τ‖ + ‖p − σu‖/σ·‖q‖/τ
//
// and what that is less than ‖u‖·‖v‖ is added to the score.
type leading struct {
	blocks   []int32 // first columns of the blocks that lead
	rest     []int32 // and of the others, all of whole blocks
	width    int     // of the integers of a row or center
	integers []int8  // of the rest of each center
	centers  []restOf
	energy   []float64 // of each block of columns, of some centers
}

// restOf is what is known of the rest of a row or center. The product of both of is what is
// added to a score, but that the first of a center is times p·q. Of a center, bias is what the
// sum of the products is larger by, as integers of rows come with restBias added; of a row, place
// is that of its scores, and limit that of them.
type restOf struct {
	of    [4]float32
	bias  int32
	place int32
	limit int32
	_     int32
}

// leadSpace is the scratch memory of what leads.
type leadSpace struct {
	columns  []float32 // of a panel, those that lead
	integers []uint8   // of the rest of the rows of each panel
	rows     []restOf
	listed   int // pairs that the scores left, since the ranking began
}

const (
	// leadBlock is the number of columns that lead together, and leadUnit what the width of
	// the integers of the rest is a multiple of.
	leadBlock, leadUnit = 16, 64
	// leadEnergy is the share of the energy of centers, squares about their middle, that is
	// left to the rest, leadLeast and leadMost the shares of the columns between which those
	// that lead must be.
	leadEnergy, leadLeast, leadMost = 0.125, 0.125, 0.7
	// leadColumns is the number of columns from which some lead.
	leadColumns = 256
	// restRow and restCenter are the largest integers of the rest of rows and centers, restBias
	// is what is added to those of rows: two products of 16 bits do not saturate.
	restRow, restCenter, restBias = 63, 127, 64
	// restSmall is what the largest element of a rest counts as, at least.
	restSmall = 1e-30
)

// leadOff prepares the ranking by the leading columns, if there are some.
func (c *Centers[T]) leadOff(radius float64, each func(n, operations int, do func(i int))) {
	q := &c.leading
	q.use = false
	if !c.coarse.faster || c.coarse.takes == 0 || c.plain.D < leadColumns {
		return
	}
	if q.lead == nil {
		q.lead = new(leading)
	}
	if lead := c.leadingBlocks(q.lead); lead > 0 {
		c.fillLeading(q, lead, radius, each)
	}
}

// leadingBlocks sorts the blocks of columns by the energy of some of the centers, and returns
// how many are to lead; 0: too many would have to. A last block that is not whole is the
// first.
func (c *Centers[T]) leadingBlocks(l *leading) (lead int) {
	d := c.plain.D
	blocks := (d + leadBlock - 1) / leadBlock
	l.energy = grow(l.energy, blocks)
	clear(l.energy)
	n := min(c.plain.N, coarseSample)
	for i := range n {
		row := c.plain.Row(i * c.plain.N / n)
		for b := range l.energy {
			shift := c.shift[b*leadBlock:]
			for j, v := range row[b*leadBlock : min(d, (b+1)*leadBlock)] {
				e := float64(v - shift[j])
				l.energy[b] += e * e
			}
		}
	}
	var all float64
	l.blocks = l.blocks[:0]
	for b, e := range l.energy {
		all += e
		l.blocks = append(l.blocks, int32(b))
	}
	slices.SortStableFunc(l.blocks, func(i, j int32) int {
		if d%leadBlock != 0 && i != j && max(i, j) == int32(blocks-1) {
			return int(j - i)
		}
		return cmp.Compare(l.energy[j], l.energy[i])
	})
	left := all
	for lead < blocks && (left > leadEnergy*all || float64(lead*leadBlock) < leadLeast*float64(d)) {
		left -= l.energy[l.blocks[lead]]
		lead++
	}
	lead += (blocks - lead) % (leadUnit / leadBlock)
	if float64(lead*leadBlock) > leadMost*float64(d) {
		return 0
	}
	return lead
}

// fillLeading prepares the ranking by so many of the sorted blocks of columns.
func (c *Centers[T]) fillLeading(q *coarse, lead int, radius float64, each func(n, operations int, do func(i int))) {
	l := q.lead
	for i := range l.blocks {
		l.blocks[i] *= leadBlock
	}
	l.rest = append(l.rest[:0], l.blocks[lead:]...)
	l.blocks = l.blocks[:lead]
	slices.Sort(l.blocks)
	slices.Sort(l.rest)
	l.width = (leadBlock*len(l.rest) + leadUnit - 1) / leadUnit * leadUnit
	l.integers, l.centers = grow(l.integers, c.plain.N*l.width), grow(l.centers, c.plain.N)
	plan, _ := kernel.CoarsePlanFor(c.level, elemSize[T](), c.plain.N, q.columns(c.plain.D))
	q.use = true // fillGroups may take that back
	c.fillGroups(q, plan, radius, each)
}

// setRest sets what is known of the rest of center k, and returns an upper bound of its norm.
func (c *Centers[T]) setRest(l *leading, k int) float32 {
	out := l.integers[k*l.width : (k+1)*l.width]
	row, shift := c.plain.Row(k), c.shift
	largest, square := 0., 0.
	for _, first := range l.rest {
		for j, v := range row[first:][:leadBlock] {
			e := float64(v - shift[int(first)+j])
			largest = max(largest, math.Abs(e))
			square += e * e
		}
	}
	largest = max(largest, restSmall)
	scale, inverse := restCenter/largest, largest/restCenter
	var lost, used float64
	sum, i := int32(0), 0
	for _, first := range l.rest {
		for j, v := range row[first:][:leadBlock] {
			e := float64(v - shift[int(first)+j])
			q := math.RoundToEven(e * scale)
			out[i] = int8(q)
			r := e - q*inverse
			lost += r * r
			used += q * q
			sum += int32(q)
			i++
		}
	}
	clear(out[i:])
	// 2⁻¹⁸ of the product of the norms is more than what is rounded here, in the sums of both
	// rows, and where the products of restOf are added up.
	norm := float32(math.Sqrt(square) * (1 + 0x1p-20))
	l.centers[k] = restOf{
		of:   [4]float32{float32(inverse), norm, float32(math.Sqrt(lost)*(1+0x1p-20)) + 0x1p-18*norm, float32(math.Sqrt(used) * inverse * (1 + 0x1p-20))},
		bias: restBias * sum,
	}
	return norm
}

// fit makes room for so many rows.
func (s *leadSpace) fit(q *coarse, rows int) {
	s.columns = grow(s.columns, 4*q.quads*q.plan.RowTile)
	s.integers = grow(s.integers, rows*q.lead.width)
	s.rows = grow(s.rows, rows)
}

// fillLead sets the leading columns of a panel of rows of x, from row at on, in float32, the
// integers of their rest, and norms to the norms of it; it takes the squares of these off
// those in s.light.
func (c *Centers[T]) fillLead(q *coarse, s *coarseSpace[T], ws *Workspace[T], x Matrix[T], at, panel int, norms []float32) {
	l, tile := q.lead, q.plan.RowTile
	n := leadBlock * tile
	for i, first := range l.blocks {
		copy(s.lead.columns[i*n:][:n], s.floats[int(first)*tile:])
	}
	clear(s.lead.columns[len(l.blocks)*n : 4*q.quads*tile])
	rows, ld, shift := ptr(x.Data[at*x.LD:]), x.LD, ptr(c.shift)
	if elemSize[T]() == 8 { // as fillFloats left them
		rows, ld, shift = ptr(ws.quant.rows), x.D, ptr(ws.quant.rows[tile*x.D:])
	}
	off := 1 + float64(x.D+8)*0x1p-23 // of a sum of squares in float32
	blur := 0.51 * math.Sqrt(float64(leadBlock*len(l.rest)))
	for i := range tile {
		norms[i] = 0
		if at+i >= x.N {
			continue
		}
		row := unsafe.Add(rows, 4*i*ld)
		largest, square := asmMeasureBlocks(row, shift, ptr(l.rest), len(l.rest))
		largest = max(largest, restSmall)
		asmRoundBlocks(ptr(s.lead.integers[(panel*tile+i)*l.width:]), row, shift, ptr(l.rest), len(l.rest), restRow/largest)
		norm := float32(math.Sqrt(float64(square) * off))
		norms[i] = norm
		s.light[i] -= square
		s.lead.rows[panel*tile+i] = restOf{of: [4]float32{-largest / restRow, norm, -norm, -largest / restRow * float32(blur)}, place: int32(q.placeOf(i, tile))}
	}
}

// scale turns what is known of the rows of a panel into the unit of scores.
func (s *leadSpace) scale(q *coarse, state []float32, panel int) {
	tile := q.plan.RowTile
	unit := float32(math.Ldexp(1, -q.shift))
	for i := range s.rows[panel*tile : (panel+1)*tile] {
		of := &s.rows[panel*tile+i].of
		for j := range of {
			of[j] *= state[i] * unit
		}
	}
}

// limit takes the limits of the scores of a panel's rows.
func (s *leadSpace) limit(panel int, limits []int16) {
	tile := len(limits)
	for i := range s.rows[panel*tile : (panel+1)*tile] {
		row := &s.rows[panel*tile+i]
		row.limit = int32(limits[row.place])
	}
}

// byRest looks at the rest of the m pairs that the scores of a panel have left, and returns
// the number of those that it leaves.
func (c *Centers[T]) byRest(q *coarse, s *coarseSpace[T], m, at, panel int, scores []int16) int {
	l, tile, found := q.lead, q.plan.RowTile, 0
	s.lead.listed += m
	most := max(1, kernel.MaxMultiplyAdds/l.width)
	for i := 0; i < m; i += most {
		found += asmRestList(c.level, ptr(s.rows[found:]), ptr(s.centers[found:]), ptr(s.rows[i:]), ptr(s.centers[i:]), ptr(scores), ptr(s.lead.rows[panel*tile:]), ptr(s.lead.integers[panel*tile*l.width:]), ptr(l.centers), ptr(l.integers), min(most, m-i), at, l.width, 2*tile)
	}
	return found
}
