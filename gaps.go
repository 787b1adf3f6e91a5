package lloyd

import (
	"math/bits"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Gaps: by how much the nearest center of a row is nearer than every other one. A row keeps its
// label as long as its gap is larger than what any two centers have moved since, together
// (Hamerly, "Making k-means even faster", SIAM Data Mining 2010, with one bound for both of
// his). The gaps are those of the rows that are kept as integers, and a panel of them is left
// out when its least one is large enough. So that few panels have a row that is not, the rows
// of a piece are put in the order of their gaps, once, with their integers.
//
// The scores of quantized.go give bounds of the squared distances ‖x‖² + 2·score: with e what
// ‖x‖² has lost, a lower one of all centers but the best and an upper one of the best, each less
// or more by what the roundings of its sum may be. keep is such that where the distance of one
// center is below keep times that of another one, so are the computed ones. So with
//
//	gap = keep·lower − upper,
//
// a row whose two centers have moved by a and b since, a + b < gap, still has
// upper + a < keep·(lower − b). Labels are those of Nearest, to the last one.
type gaps struct {
	moved float64   // what two centers may have moved, together
	last  float64   // of it, the last step
	until []float64 // of each panel: what moved may be before the label of a row changes
	order []uint8   // the row at each place of a piece, counted from its first one
	piece []int32   // of the first panel of a piece: its rows; of the others of one: −1; else 0
}

// pieceRows is the largest number of rows that are put in order together: a byte tells them
// apart, and their integers stay in the cache meanwhile.
const pieceRows = 256

// gapSpace is the scratch memory of gaps.
type gapSpace struct {
	gaps   []float32 // of the rows of a piece
	least  []float32 // of its panels
	places []int32   // labels in the order of the piece
	column [pieceRows]int32
}

func (g *gaps) reset(rows, panels int) {
	g.until, g.order, g.piece = grow(g.until, panels), grow(g.order, rows), grow(g.piece, panels)
	g.forget()
	clear(g.piece)
}

func (g *gaps) forget() {
	g.moved = 0
	clear(g.until)
}

// settled reports whether the rows of a panel keep their labels.
func (g *gaps) settled(panel int) bool { return g.until[panel] > g.moved }

// pay reports whether most of the gaps will be left after two more steps like the last one.
func (g *gaps) pay(gaps []float32) bool {
	steps, large := float32(2*g.last), 0
	for _, gap := range gaps {
		if gap > steps {
			large++
		}
	}
	return 5*large > 3*len(gaps)
}

// take takes the least gap of a panel, as of now.
func (g *gaps) take(panel int, gap float32) {
	g.until[panel] = (g.moved + float64(gap)) * (1 - 0x1p-52)
}

// Moved says that since the last call of Moved or Forget, or since Reset, no two centers have
// moved by more than most together: the sum of the two longest ways, or more.
func (r *QuantizedRows[T]) Moved(most float64) {
	r.gaps.moved, r.gaps.last = (r.gaps.moved+most)*(1+0x1p-51), most
}

// Forget says that labels have changed in other ways than by NearestAgain, or that it is not
// known how far centers have moved: all rows are looked at again.
func (r *QuantizedRows[T]) Forget() { r.gaps.forget() }

// Ordered is the number of rows that NearestAgain has put in an order in which it may leave many of
// them out.
func (r *QuantizedRows[T]) Ordered() (rows int) {
	for _, n := range r.gaps.piece {
		rows += max(0, int(n))
	}
	return rows
}

// NearestAgain is NearestQuantized for rows whose labels are those of an earlier call of it, or
// of NearestQuantized, for these rows; r.Moved says how far centers have moved since. It leaves
// out rows that must still have the same nearest center, and returns their number. Rows that
// come in the same pieces from call to call, up to 256 of them, are left out best. x must have
// the same numbers in every call. The error wraps ErrShape.
func (c *Centers[T]) NearestAgain(labels []int32, r *QuantizedRows[T], first int, x Matrix[T], ws *Workspace[T]) (left int, err error) {
	if ws == nil {
		ws = new(Workspace[T])
	}
	if r == nil || !r.ranks(c) || !c.quantized.atOnce() || first < 0 || first > r.n-x.N || first%r.tile != 0 || !ws.quant.due(x.N) {
		return 0, c.NearestQuantized(labels, nil, nil, r, first, x, ws)
	}
	if err := c.checkNearest(labels, nil, nil, x); err != nil {
		return 0, err
	}
	ws.Rows += int64(x.N)
	open := 0
	for i := 0; i < x.N; i += pieceRows {
		n := min(pieceRows, x.N-i)
		whole := n / r.tile * r.tile
		if !r.gather(first+i, whole) {
			whole = 0
		}
		if whole > 0 {
			skipped, unsettled := c.nearestPiece(labels[i:i+whole], r, first+i, x.Rows(i, i+whole), ws)
			left, open = left+skipped, open+unsettled
		}
		if whole < n {
			skipped, unsettled := c.nearestRest(labels[i+whole:i+n], r, first+i+whole, x.Rows(i+whole, i+n), ws)
			left, open = left+skipped, open+unsettled
		}
	}
	ws.quant.learn(3*open <= x.N)
	return left, nil
}

// nearestRest is NearestAgain for rows that are no whole panel, the last of all, which are left out by
// their least gap, too, or are in no piece.
func (c *Centers[T]) nearestRest(labels []int32, r *QuantizedRows[T], first int, x Matrix[T], ws *Workspace[T]) (left, open int) {
	panel, last := first/r.tile, x.N < r.tile && first+x.N == r.n
	if last && r.gaps.settled(panel) {
		return x.N, 0
	}
	open = c.rankRows(labels, nil, nil, r, first, x, ws)
	if s := &ws.quant; last && open == 0 { // rows past the last repeat it
		s.gaps, s.least = grow(s.gaps, pieceRows), grow(s.least, pieceRows/r.tile)
		asmGaps(c.level, ptr(s.gaps), ptr(s.least), ptr(s.seconds), ptr(r.norms[first:]), ptr(c.quantized.gap[:]), 1, 1)
		r.gaps.take(panel, s.least[0])
	}
	return 0, open
}

// gather reports whether the n rows from a row on, whole panels, are a piece, or can be one.
func (r *QuantizedRows[T]) gather(row, n int) bool {
	if n == 0 {
		return false
	}
	from, to := row/r.tile, (row+n)/r.tile
	if r.gaps.piece[from] == int32(n) {
		return true
	}
	for p := from; p < to; p++ {
		if !r.filled[p] || r.gaps.piece[p] != 0 {
			return false
		}
	}
	return true
}

// nearestPiece is NearestAgain for a piece, and puts its rows in order if they are not and centers
// move so little that this pays. It also returns how many rows integers did not settle.
func (c *Centers[T]) nearestPiece(labels []int32, r *QuantizedRows[T], first int, x Matrix[T], ws *Workspace[T]) (left, open int) {
	s := &ws.quant
	s.gaps, s.least = grow(s.gaps, pieceRows), grow(s.least, pieceRows/r.tile)
	s.fit(&c.quantized, x.D)
	s.open = s.open[:0]
	order := r.gaps.piece[first/r.tile] == 0
	left = c.rankPiece(labels, r, first, x, 0, true, ws)
	if order && r.gaps.pay(s.gaps[:x.N]) {
		r.arrange(first, s.gaps[:x.N], &s.gapSpace)
	}
	c.closeOpen(labels, nil, nil, x, ws)
	ws.Integers += int64(x.N - left)
	return left, len(s.open)
}

// rankPiece labels the rows of a piece, from row first on, those of x from row at on, as far as
// integers settle them, and lists the others. When the rows are ranked again, gaps are taken,
// but panels of a piece in order that gaps settle are left out, the rows of which it returns the
// number.
func (c *Centers[T]) rankPiece(labels []int32, r *QuantizedRows[T], first int, x Matrix[T], at int, again bool, ws *Workspace[T]) (left int) {
	s := &ws.quant
	tile, from := r.tile, first/r.tile
	panels, most, all := len(labels)/tile, c.panelsAtOnce(), uint64(1)<<tile-1
	var order []uint8
	places := labels
	skips := false // an order is made of the gaps of all rows
	if r.gaps.piece[from] > 0 {
		skips = again
		order = r.gaps.order[first : first+len(labels)]
		s.places = grow(s.places, pieceRows)
		places = s.places[:len(labels)]
	}
	for p := 0; p < panels; p += most {
		n := min(most, panels-p)
		wanted := uint64(0)
		for i := range n {
			if skips && r.gaps.settled(from+p+i) {
				left += tile
			} else {
				wanted |= 1 << i
			}
		}
		if wanted == 0 {
			continue
		}
		row := p * tile
		c.rankKept(places[row:], r, first+row, n, wanted, ws)
		if again {
			asmGaps(c.level, ptr(s.gaps[row:]), ptr(s.least), ptr(s.keptBounds), ptr(r.norms[first+row:]), ptr(c.quantized.gap[:]), n, wanted)
		}
		for ; wanted != 0; wanted &= wanted - 1 {
			i := bits.TrailingZeros64(wanted)
			place := row + i*tile
			base, o := at+place, []uint8(nil)
			if order != nil {
				base, o = at, order[place:place+tile]
			}
			if open := all &^ s.decided[i].settled; open != 0 {
				c.decidePanel(places[row:], i, x, base, o, ws)
				if again {
					s.clear(place, i, open)
				}
			}
			if again {
				r.gaps.take(from+p+i, s.least[i])
			}
			for j, l := range places[place : place+len(o)] {
				labels[o[j]] = l
			}
		}
	}
	return left
}

// clear makes the gaps of the rows of a panel 0 that integers have not settled, a bit each, and with
// them the least one. They are that anyway, or mean nothing, as those of rows that are too large.
func (s *gapSpace) clear(at, panel int, rows uint64) {
	for ; rows != 0; rows &= rows - 1 {
		s.gaps[at+bits.TrailingZeros64(rows)], s.least[panel] = 0, 0
	}
}

// arrange puts the rows of a piece, from row first on, in the order of their gaps, about.
func (r *QuantizedRows[T]) arrange(first int, gaps []float32, s *gapSpace) {
	n, tile := len(gaps), r.tile
	order, piece := r.gaps.order[first:first+n], r.gaps.piece[first/tile:(first+n)/tile]
	sortAbout(order, gaps)
	for p := range piece {
		piece[p] = -1
		least := gaps[order[p*tile]]
		for _, row := range order[p*tile : (p+1)*tile] {
			if g := gaps[row]; g < least {
				least = g
			}
		}
		r.gaps.take(first/tile+p, least)
	}
	piece[0] = int32(n)
	ints, depth, norms, residuals := r.from(first)
	asmInOrder(ptr(ints), ptr(s.column[:]), ptr(order), len(piece), 4*tile, depth)
	for _, numbers := range []unsafe.Pointer{ptr(norms), ptr(residuals), ptr(r.factors[first:])} {
		asmInOrder(numbers, ptr(s.column[:]), ptr(order), len(piece), 4*tile, 1)
	}
}

// sortAbout lists the gaps by size, as they fall into pieceRows classes.
func sortAbout(order []uint8, gaps []float32) {
	largest := float32(0x1p-100)
	for _, g := range gaps {
		if g > largest {
			largest = g
		}
	}
	scale := (pieceRows - 1) / largest
	var class [pieceRows]uint8
	var next [pieceRows]int32 // of a class, where its next row comes
	for i, g := range gaps {
		c := uint8(int32(g * scale))
		class[i] = c
		next[c]++
	}
	var at int32
	for c, rows := range next {
		next[c] = at
		at += rows
	}
	for i, c := range class[:len(gaps)] {
		order[next[c]] = uint8(i)
		next[c]++
	}
}

// inPieces reports whether n rows from a row on are whole pieces and rows that are in none, and
// whether some are pieces.
func (r *QuantizedRows[T]) inPieces(row, n int) (whole, some bool) {
	for end := row + n; row < end; {
		rows := int(r.gaps.piece[row/r.tile])
		if rows < 0 || row+rows > end {
			return false, true
		}
		some = some || rows > 0
		row += max(rows, r.tile)
	}
	return true, some
}

// unordered is the number of rows, at most n, from a row on till the next piece.
func (r *QuantizedRows[T]) unordered(row, n int) int {
	for i := 0; i < n; i += r.tile {
		if r.gaps.piece[(row+i)/r.tile] != 0 {
			return i
		}
	}
	return n
}

// atOnce reports whether the kept routine serves: not when there are several blocks of centers or
// runs of columns.
func (q *quantized) atOnce() bool {
	return q.plan.Depth <= q.plan.Chunk && len(q.passes) <= 2 && q.plan.Groups <= q.plan.Block
}

// panelsAtOnce is the largest number of panels in one call of the kept routine.
func (c *Centers[T]) panelsAtOnce() int {
	p := &c.quantized.plan
	return max(1, min(mostPanels, kernel.MaxMultiplyAdds/(p.RowTile*p.Depth*c.plain.N)))
}
