package lloyd

import (
	"fmt"
	"math"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// TileRows is the number of rows of a tile, which fill 64 bytes of a column: 16 in
// float32, 8 in float64.
func TileRows[T Float]() int { return lanes[T]() }

// Tiles are copies of rows, a tile of TileRows of them after the other, column by column:
// for rows that lie near each other and so have much the same few centers to be compared
// with. The last tile is filled up with its last row.
type Tiles[T Float] struct {
	n, d int
	data []T
}

// N is the number of rows.
func (t *Tiles[T]) N() int { return t.n }

// Resize makes room for n rows of d columns, whose elements are unspecified until they are
// set. It panics, as make does, when these are less than 0 or too many.
func (t *Tiles[T]) Resize(n, d int) {
	if w := TileRows[T](); n < 0 || d < 0 || n > math.MaxInt/max(1, d)-w {
		panic(fmt.Sprintf("lloyd: tiles of %d×%d", n, d))
	}
	t.n, t.d = n, d
	t.data = grow(t.data, t.rows()*d)
}

// rows is the number of rows with those that fill up the last tile.
func (t *Tiles[T]) rows() int {
	w := TileRows[T]()
	return (t.n + w - 1) / w * w
}

// Set copies the rows of x to the tiles from row first on, which is the first of a tile;
// only the last rows of all may end within one. The error wraps ErrShape.
func (t *Tiles[T]) Set(first int, x Matrix[T]) error {
	if err := x.check("x"); err != nil {
		return err
	}
	w := TileRows[T]()
	if x.D != t.d || first < 0 || first%w != 0 || x.N > t.n-first || x.N%w != 0 && first+x.N != t.n {
		return fmt.Errorf("%w: x is %d×%d, for the rows from %d on of tiles of %d×%d; expected whole tiles of %d rows, and as many columns", ErrShape, x.N, x.D, first, t.n, t.d, w)
	}
	for i := 0; i < x.N; i += w {
		tile := t.data[(first+i)*t.d : (first+i+w)*t.d]
		for r := range w {
			row := x.Row(min(i+r, x.N-1))
			for j, v := range row {
				tile[j*w+r] = v
			}
		}
	}
	return nil
}

// TilePairs are tiles and a center each, for Tiles.Nearest, and what it says of them.
type TilePairs[T Float] struct {
	Tiles, Centers []int32
	Gaps           []T      // of each pair: the least √distance·scale − reference of the rows
	Took           []uint32 // of each pair: the rows, as bits, that took the center's label

	// Unless Bounds is nil, the byte of tile t, of 32 at most, and center k, Bounds[32·k+t],
	// becomes a lower bound of gap + Base[t] + Drifts[k], from 0 to 254: 0, too, where that is
	// negative or no number. Bounds has 32 bytes for each center, and Drifts an element; Base
	// has those of the listed tiles.
	Bounds       []uint8
	Base, Drifts []float32

	call tileCall
}

// Nearest computes the distances of the rows of the listed tiles to the listed centers
// (rows of c, K×D), in the order of the list. Tiles count from the one of row first, and
// so do the elements of best, labels and ref, of which there are as many as rows in tiles,
// with those that fill up the last one.
// A row of which the distance is below best, or equal to it and the number of the center
// below its label, takes it as best, and the center as its label. The Gaps are computed in
// T: √(distance)·scale, rounded twice, less ref, rounded once; scale is above 0. The
// distances are those of SquaredL2, to the bit. Where one of a tile's differences is NaN, as
// that of an infinite distance and reference is, its gap, and so the byte of its bound, means
// nothing: keep the references finite. The error wraps ErrShape.
func (t *Tiles[T]) Nearest(best []T, labels []int32, ref []T, scale T, p *TilePairs[T], first int, c Matrix[T]) error {
	level, err := kernel.Active()
	if err != nil {
		return err
	}
	n, w := len(p.Tiles), TileRows[T]()
	if err := c.check("c"); err != nil {
		return err
	}
	if c.D != t.d || first%w != 0 || first < 0 {
		return fmt.Errorf("%w: %d columns of centers, and row %d; expected %d columns, and the first row of a tile of %d", ErrShape, c.D, first, t.d, w)
	}
	tiles := min(len(best)/w, len(labels)/w, len(ref)/w, max(0, t.rows()-first)/w)
	if p.Bounds != nil {
		tiles = min(tiles, len(p.Base), PairRows)
		if err := kernel.CheckLength("Bounds", len(p.Bounds), c.N*PairRows); err != nil {
			return err
		}
		if err := kernel.CheckLength("Drifts", len(p.Drifts), c.N); err != nil {
			return err
		}
	}
	if err := kernel.CheckLength("Centers", len(p.Centers), n); err != nil {
		return err
	}
	if err := checkLabels("Tiles", p.Tiles, n, 0, tiles); err != nil {
		return err
	}
	if err := checkLabels("Centers", p.Centers, n, 0, c.N); err != nil {
		return err
	}
	p.Gaps, p.Took = grow(p.Gaps, n), grow(p.Took, n)
	if n == 0 {
		return nil
	}
	data := t.data[first*t.d:]
	if level == kernel.Generic || !tileRoutines {
		for i, tile := range p.Tiles {
			at, k := int(tile)*w, p.Centers[i]
			p.Gaps[i], p.Took[i] = tileGeneric(data[at*t.d:], best[at:at+w], labels[at:at+w], ref[at:at+w], scale, c.Row(int(k)), k)
			if p.Bounds != nil {
				p.Bounds[int(k)*PairRows+int(tile)] = tileBound(float32(p.Gaps[i]), p.Base[tile], p.Drifts[k])
			}
		}
		return nil
	}
	call := &p.call
	*call = tileCall{
		data: ptr(data), centers: c.ptr(), tile: w * t.d * elemSize[T](), ld: c.LD * elemSize[T](), bytes: t.d * elemSize[T](),
		best: ptr(best), labels: ptr(labels), ref: ptr(ref), scale: bitsOf(scale),
	}
	if p.Bounds != nil {
		call.bounds, call.base, call.drifts = ptr(p.Bounds), ptr(p.Base), ptr(p.Drifts)
	}
	most := max(1, kernel.MaxMultiplyAdds/(w*max(w, t.d))) // a pair takes the time of w columns at least
	for i := 0; i < n; i += most {
		call.gaps, call.took, call.tiles, call.idx, call.n = ptr(p.Gaps[i:]), ptr(p.Took[i:]), ptr(p.Tiles[i:]), ptr(p.Centers[i:]), min(most, n-i)
		asmTiles[T](level, unsafe.Pointer(call))
	}
	*call = tileCall{}
	return nil
}

// tileBound is the byte of a bound: not above the sum, whose terms have been rounded to
// float32, each of them and the sums of them, unless that is negative. 0 also when it is NaN,
// or a term or sum infinite.
func tileBound(gap, base, drift float32) uint8 {
	off := float32(float32(abs(gap)+abs(base))+abs(drift)) * 0x1p-20
	b := float32(float32(gap+base)+drift) - off
	if !(b > 0) {
		return 0
	}
	return uint8(min(b, mostBound))
}

// tileCall is what the tiles routine needs. The assembly knows the offsets.
type tileCall struct {
	data, centers     unsafe.Pointer
	tile, ld, bytes   int // of a tile; from center to center; of a center
	best, labels, ref unsafe.Pointer
	gaps, took        unsafe.Pointer
	tiles, idx        unsafe.Pointer
	n                 int
	scale             uint64         // its bits
	bounds            unsafe.Pointer // nil: none
	base, drifts      unsafe.Pointer
}

// bitsOf returns the bits of v, in the lowest ones.
func bitsOf[T Float](v T) uint64 {
	if elemSize[T]() == 4 {
		return uint64(math.Float32bits(float32(v)))
	}
	return math.Float64bits(float64(v))
}

// tileGeneric is Nearest for one tile and center.
func tileGeneric[T Float](tile, best []T, labels []int32, ref []T, scale T, center []T, number int32) (gap T, took uint32) {
	w, parts := len(best), 1 // fewer columns than lanes are added up one after the other
	if len(center) >= w {
		parts = w
	}
	var p [16][16]T // partial sums, of each row
	for j, v := range center {
		sums := p[j&(parts-1)][:w]
		for r, u := range tile[j*w : (j+1)*w] {
			e := u - v
			sums[r] += T(e * e)
		}
	}
	for h := parts / 2; h > 0; h /= 2 {
		for j := range h {
			for r := range w {
				p[j][r] += p[j+h][r]
			}
		}
	}
	gap = T(math.Inf(1))
	for r, d := range p[0][:w] {
		if d < best[r] || d == best[r] && number < labels[r] {
			best[r], labels[r] = d, number
			took |= 1 << r
		}
		gap = min(gap, T(T(math.Sqrt(float64(d)))*scale)-ref[r])
	}
	return gap, took
}

// Rebase makes the least distances of the rows of some tiles their references: it sets out[i]
// to the largest √best·up − ref of the rows of tile tiles[i], rounded as Nearest's gaps, then
// their ref to √best·scale, and far[i] to the largest of these; up and scale are above 0. best
// and ref have the rows of all tiles up to the last of those. An infinite best makes an infinite
// reference, which is to be clamped before Nearest or Rebase takes it: where a difference is
// NaN, out[i] means nothing. The error wraps ErrShape.
func Rebase[T Float](out, far, best, ref []T, tiles []int32, up, scale T) error {
	level, err := kernel.Active()
	if err != nil {
		return err
	}
	n, w := len(tiles), TileRows[T]()
	if err := kernel.CheckLength("out", len(out), n); err != nil {
		return err
	}
	if err := kernel.CheckLength("far", len(far), n); err != nil {
		return err
	}
	if err := checkLabels("tiles", tiles, n, 0, min(len(best), len(ref))/w); err != nil {
		return err
	}
	if level != kernel.Generic && tileRoutines {
		const most = kernel.MaxMultiplyAdds / 256 // a tile takes the time of that many, with its roots
		for i := 0; i < n; i += most {
			asmRebase(ptr(out[i:]), ptr(far[i:]), ptr(best), ptr(ref), ptr(tiles[i:]), min(most, n-i), up, scale)
		}
		return nil
	}
	for i, tile := range tiles {
		out[i], far[i] = T(math.Inf(-1)), T(math.Inf(-1))
		for r := int(tile) * w; r < int(tile)*w+w; r++ {
			root := T(math.Sqrt(float64(best[r])))
			out[i] = max(out[i], T(root*up)-ref[r])
			ref[r] = root * scale
			far[i] = max(far[i], ref[r])
		}
	}
	return nil
}

// TileBounds turns lower bounds of rows into those of tiles: the byte of tile t and center
// k, at dst[(t/32·K + k)·32 + t%32], becomes the least of those of its rows, as LowerBounds
// has them for the rows of whole tiles, from tile first on, the first of a panel of 32 rows.
// lower has PairBytes(N, K) bytes, N the rows of a number of such panels, and dst PairBytes
// of all tiles and K. The error wraps ErrShape.
func TileBounds[T Float](dst []uint8, first int, lower []uint8, k int) error {
	level, err := kernel.Active()
	if err != nil {
		return err
	}
	w := TileRows[T]()
	each := PairRows / w // tiles of a panel of rows
	if k < 1 || len(lower)%PairRows != 0 || len(lower)/PairRows%k != 0 || first < 0 || first%each != 0 {
		return fmt.Errorf("%w: %d bytes of lower bounds for %d centers, from tile %d on; expected whole panels of %d rows, and a multiple of %d", ErrShape, len(lower), k, first, PairRows, each)
	}
	panels, room := len(lower)/PairRows/k, len(dst)/PairRows/k*PairRows
	if first > room-panels*each {
		return fmt.Errorf("%w: dst has %d bytes for %d centers, room for %d tiles; need it for %d from tile %d on", ErrShape, len(dst), k, room, panels*each, first)
	}
	for p := range panels {
		at := first + p*each
		out, in := dst[at/PairRows*k*PairRows+at%PairRows:], lower[p*k*PairRows:(p+1)*k*PairRows]
		if level != kernel.Generic && tileRoutines {
			asmLeast[T](ptr(out), ptr(in), k)
			continue
		}
		for c := range k {
			for t := range each {
				least := uint8(math.MaxUint8)
				for _, b := range in[c*PairRows+t*w : c*PairRows+(t+1)*w] {
					least = min(least, b)
				}
				out[c*PairRows+t] = least
			}
		}
	}
	return nil
}
