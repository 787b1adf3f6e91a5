package lloyd

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// PairRows is the number of rows of a panel of pair bounds: LowerBounds keeps a byte
// for each row and center, those of 32 rows and a center side by side.
const PairRows = 32

// mostBound is the greatest of LowerBounds' bytes; 255 is left for a row's own center.
const mostBound = 254

// pairPanels is the number of panels of n rows.
func pairPanels(n int) int { return (n + PairRows - 1) / PairRows }

// PairBytes returns the size of the pair bounds of n rows and k centers.
func PairBytes(n, k int) int { return pairPanels(n) * PairRows * k }

// LowerBounds sets dst to lower bounds of the distances of the rows of x (N×D) to all
// centers, in one byte each, as Elkan's algorithm keeps them ("Using the triangle
// inequality to accelerate k-means", ICML 2003): the byte of row i and center k, at
// dst[(i/32·K + k)·32 + i%32], is at most
//
//	scale·d − base[i]
//
// d being the root of the distance that SquaredL2 computes, and not often more than 1
// below that; it is 0 at least, and 254 at most. dst needs PairBytes(N, K) bytes, base N
// elements, and the bytes of absent rows are of no meaning. The products of the E-step
// are all it takes. ws may be nil, at the price of an allocation. The error wraps ErrShape.
func (c *Centers[T]) LowerBounds(dst []uint8, x Matrix[T], base []float32, scale float64, ws *Workspace[T]) error {
	if err := c.checkBounds(dst, x, base); err != nil {
		return err
	}
	if ws == nil {
		ws = new(Workspace[T])
	}
	ws.fit(c)
	k, tile := c.plain.N, c.plan.RowTile
	if c.level == kernel.Generic || x.D < lanes[T]() || c.exact || PairRows%tile != 0 {
		c.directBounds(dst, x, base, scale, ws)
		return nil
	}
	// 2·(s − terms) is a lower bound of the squared distance, but for the factor of
	// closer[0]: see mayBeCloser.
	ws.scores = grow(ws.scores, c.plan.Panels*k*tile)
	root := math.Sqrt(2/c.closer[0]) * scale * (1 - 0x1p-20)
	for i := 0; i < x.N; i += c.plan.Panels * tile {
		block := min(c.plan.Panels*tile, x.N-i)
		panels := (block + tile - 1) / tile
		c.fill(ws, x, i, panels)
		ahead, lines := c.ahead(x, i+block, block)
		c.score(ws, panels, true, ahead, lines)
		for panel := range panels {
			at := i + panel*tile
			var terms [PairRows]float64
			var bases [PairRows]float32
			for j := range tile {
				terms[j] = math.Inf(1)
				if norm := ws.norms[panel*tile+j]; norm <= c.bound[7] {
					t := (float64(norm)*c.closer[1] + c.closer[2]) / 2
					terms[j] = t + math.Abs(t)*0x1p-22
				}
				bases[j] = math.MaxFloat32
				if at+j < x.N {
					bases[j] = base[at+j] + 0x1p-10
				}
			}
			out := dst[at/PairRows*k*PairRows+at%PairRows:]
			scores := ws.scores[panel*k*tile:]
			for j := 0; j < tile; j += 8 {
				lowerBounds(c.level, out[j:], scores[j:], tile, k, terms[j:j+8], bases[j:j+8], root)
			}
		}
	}
	return nil
}

// directBounds is LowerBounds from the distances themselves, for shapes that the filter
// does not serve.
func (c *Centers[T]) directBounds(dst []uint8, x Matrix[T], base []float32, scale float64, ws *Workspace[T]) {
	k := c.plain.N
	ws.scores = grow(ws.scores, k*PairRows)
	var terms [PairRows]float64
	for i := 0; i < x.N; i += PairRows {
		n := min(PairRows, x.N-i)
		for j := range k {
			squaredL2Rows(c.level, ws.scores[j*PairRows:], 1, x.Rows(i, i+n), c.plain.Row(j))
		}
		var bases [PairRows]float32
		for j := range bases {
			bases[j] = math.MaxFloat32
			if j < n {
				bases[j] = base[i+j] + 0x1p-10
			}
		}
		for j := 0; j < n; j += 8 {
			lowerBounds(c.level, dst[i*k+j:], ws.scores[j:], PairRows, k, terms[j:j+8], bases[j:j+8], scale*(1-0x1p-20))
		}
	}
}

// ExpectRough says that RoughLowerBounds comes after the next Pack, which prepares for it. Where
// 8-bit integers serve that alone, they are else prepared from the Pack after the first call on,
// and until then RoughLowerBounds is LowerBounds.
func (c *Centers[T]) ExpectRough() { c.coarse.asked.Store(true) }

// RoughLowerBounds is LowerBounds by 8-bit integers, where the level has them and they
// apply to the centers (see UseIntegers): two to three times as fast, but the squared
// distance that a byte stands for is then below the true one by as much as 0.1·‖x‖·C on plain
// noise, with C the largest norm of a center and norms taken about the mean of the centers.
// The error wraps ErrShape.
func (c *Centers[T]) RoughLowerBounds(dst []uint8, x Matrix[T], base []float32, scale float64, ws *Workspace[T]) error {
	c.coarse.asked.Store(true)
	if !c.coarse.use {
		return c.LowerBounds(dst, x, base, scale, ws)
	}
	if err := c.checkBounds(dst, x, base); err != nil {
		return err
	}
	if ws == nil {
		ws = new(Workspace[T])
	}
	c.coarseBounds(dst, x, base, scale, ws)
	return nil
}

// checkBounds checks the arguments of LowerBounds.
func (c *Centers[T]) checkBounds(dst []uint8, x Matrix[T], base []float32) error {
	if err := x.checkColumns(c.plain.D); err != nil {
		return err
	}
	if err := kernel.CheckLength("base", len(base), x.N); err != nil {
		return err
	}
	return kernel.CheckLength("dst", len(dst), PairBytes(x.N, c.plain.N))
}

// lowerBound is the byte for a distance, in its unit.
func lowerBound(d float64, base float32) uint8 {
	b := d - float64(base)
	if !(b > 0) { // NaN, too
		return 0
	}
	return uint8(min(b, mostBound))
}

// lowerBounds sets the bytes of eight rows and k centers, 32 bytes apart, from the
// scores, stride elements apart.
func lowerBounds[T Float](level kernel.Level, dst []uint8, scores []T, stride, k int, terms []float64, bases []float32, root float64) {
	if level != kernel.Generic && pairBounds {
		asmLowerBounds[T](ptr(dst), ptr(scores), stride, k, ptr(terms), ptr(bases), root)
		return
	}
	for j := range k {
		for i := range 8 {
			dst[j*PairRows+i] = lowerBound(math.Sqrt(max(0, float64(scores[j*stride+i])-terms[i]))*root, bases[i])
		}
	}
}

// OpenRows sets open[p] to the rows of panel p of lower bounds, as bits, for which some
// center may be nearer than upper allows: whose bound, less the drift of the center, is
// less than upper, in bytes. lower is as of LowerBounds, for len(open) panels and
// len(drift) centers, upper has the rows of these panels. A difference below 0 is 0.
// The error wraps ErrShape.
func OpenRows(open []uint32, lower, drift, upper []uint8) error {
	level, err := kernel.Active()
	if err != nil {
		return err
	}
	if err := kernel.CheckLength("lower", len(lower), len(open)*len(drift)*PairRows); err != nil {
		return err
	}
	if err := kernel.CheckLength("upper", len(upper), len(open)*PairRows); err != nil {
		return err
	}
	k := len(drift)
	for p := range open {
		l, u := lower[p*k*PairRows:], upper[p*PairRows:]
		if k > 0 && level != kernel.Generic && pairBounds {
			open[p] = asmOpenRows(level, ptr(l), ptr(drift), ptr(u), k)
			continue
		}
		open[p] = 0
		for j, d := range drift {
			open[p] |= belowUpper(l[j*PairRows:], d, u)
		}
	}
	return nil
}

// OpenPairs lists the rows and centers of some panels whose bound, less the drift of the
// center, is less than upper, as in OpenRows: it sets the first elements of rows, to
// first and the number of the row in the panels, and of centers, center by center, and
// returns how many they are. upper has the rows of the panels, 32 of each, and rows and
// centers need room for all pairs: what is not set is not left alone. The error wraps ErrShape.
func OpenPairs(rows, centers []int32, first int, lower, drift, upper []uint8) (int, error) {
	level, err := kernel.Active()
	if err != nil {
		return 0, err
	}
	k, panels := len(drift), len(upper)/PairRows
	for _, s := range []struct {
		name      string
		len, want int
	}{{"rows", len(rows), k * len(upper)}, {"centers", len(centers), k * len(upper)}, {"lower", len(lower), k * len(upper)}} {
		if err := kernel.CheckLength(s.name, s.len, s.want); err != nil {
			return 0, err
		}
	}
	if len(upper)%PairRows != 0 {
		return 0, fmt.Errorf("%w: upper has %d rows, expected whole panels of %d", ErrShape, len(upper), PairRows)
	}
	if k*panels > 0 && level != kernel.Generic && pairBounds {
		return asmOpenPairs(level, ptr(rows), ptr(centers), ptr(lower), ptr(drift), ptr(upper), k, first, panels), nil
	}
	n := 0
	for j, d := range drift {
		for p := range panels {
			for open := belowUpper(lower[(p*k+j)*PairRows:], d, upper[p*PairRows:]); open != 0; open &= open - 1 {
				rows[n], centers[n] = int32(first+p*PairRows+bits.TrailingZeros32(open)), int32(j)
				n++
			}
		}
	}
	return n, nil
}

// ShiftBounds takes drift[k] and by[i] off the byte of center k and row i of panels of
// lower bounds, as LowerBounds has them for the rows of by, 32 of each panel, and len(drift)
// centers; a difference below 0 is 0, and bytes of 255 stay. So bounds can be kept for longer
// than their bytes could hold the drift. The error wraps ErrShape.
func ShiftBounds(lower, drift, by []uint8) error {
	level, err := kernel.Active()
	if err != nil {
		return err
	}
	k := len(drift)
	if len(by)%PairRows != 0 {
		return fmt.Errorf("%w: by has %d rows, expected whole panels of %d", ErrShape, len(by), PairRows)
	}
	if err := kernel.CheckLength("lower", len(lower), k*len(by)); err != nil {
		return err
	}
	for p := 0; p < len(by) && k > 0; p += PairRows {
		l, b := lower[p*k:(p+PairRows)*k], by[p:p+PairRows]
		if level != kernel.Generic && pairBounds {
			asmShiftBounds(ptr(l), ptr(drift), ptr(b), k)
			continue
		}
		for j, d := range drift {
			for i := range b {
				if at := &l[j*PairRows+i]; *at != math.MaxUint8 {
					*at = uint8(max(0, int(*at)-int(d)-int(b[i])))
				}
			}
		}
	}
	return nil
}

// belowUpper returns the rows, of 32, whose lower bound less drift is below upper.
func belowUpper(lower []uint8, drift uint8, upper []uint8) (bits uint32) {
	lower, upper = lower[:PairRows], upper[:PairRows]
	for i, l := range lower {
		if max(l, drift)-drift < upper[i] {
			bits |= 1 << i
		}
	}
	return bits
}
