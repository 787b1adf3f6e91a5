package cluster

import (
	"context"
	"math"
	"slices"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd"
)

// tiles holds bounds for tiles of rows that lie near each other: copies of the rows, in the
// order of their clusters, and a byte for each tile and center. It says by how much the
// center is farther from each row of the tile than that row's reference, its distance to its
// own center when that was last computed:
//
//	‖x − c‖ ≥ reference of x + (byte − pairBias − drift of c − base of the tile) quanta
//
// for all x of the tile. If that is more than the distance of x to its own center can be by
// now, no row of the tile goes over to c. Where some centers are left, the distances to own
// centers are computed, and become the references; what they exceed those before by at most
// is added to the base. Then those to the centers that are still left are computed, for all
// rows of the tile at once, a row to a lane, and give new bytes.
//
// So a tile is to these bounds what a row is to Elkan's: a sixteenth of the bytes and of the
// work to look at them, and four times as many distances a nanosecond, of which there are
// more. (Yinyang k-means, ICML 2015, has a bound for each row and group of centers; these
// are for each center and group of rows.) Rounding is to the safe side everywhere, and
// equality settles nothing; see hamerly.
//
// Memory: the copy of the rows, 8 bytes and the size of an element a row, and K/16 bytes in
// float32, K/8 in float64.
type tiles[T element] struct {
	x       lloyd.Matrix[T]
	centers lloyd.Matrix[T]   // of the run
	packed  *lloyd.Centers[T] // the same

	order  []int32 // the row at each place of the tiles
	rows   lloyd.Tiles[T]
	labels []int32 // of the rows at these places
	ref    []T     // their reference distances, in quanta

	bytes  []uint8   // of the tiles, as lloyd.LowerBounds has them for rows
	base   []float32 // of each tile, in quanta
	level  []float32 // the same, and what own distances may exceed the references by
	drifts []float32 // of each center, with pairBias: see lloyd.TilePairs
	all    []int32   // the label of all rows of a tile; −1: there are several
	held   bool      // the bounds hold for the centers of the last E-step

	stray    int64   // rows that have changed their labels since the order was made
	given    []int32 // the labels of x, if it is in order already
	arranged bool    // the order is a new one

	grow float32 // what a unit of drift adds to level

	quanta
}

const (
	// tilePanel is the number of tiles that are looked at together.
	tilePanel = lloyd.PairRows
	// strayShare is the share of the rows that may have other labels before the order is
	// made anew.
	strayShare = 0.1
	// farthest is the largest reference distance, in quanta.
	farthest = 0x1p100
)

// newTiles returns bounds for tiles of the rows of x, without memory for them.
func newTiles[T element](f *fit[T], x, centers lloyd.Matrix[T], packed *lloyd.Centers[T]) *tiles[T] {
	t := &tiles[T]{x: x, centers: centers, packed: packed, quanta: newQuanta(f), drifts: make([]float32, f.k)}
	t.grow = float32(1/t.keep) * (1 + 0x1p-20)
	return t
}

// tileBytes is the memory that bounds for tiles take.
func (f *fit[T]) tileBytes() float64 {
	size := float64(unsafe.Sizeof(T(0)))
	return float64(f.x.N) * (float64(f.x.D+1)*size + 8 + float64(f.k)/float64(lloyd.TileRows[T]()))
}

// count is the number of tiles.
func (t *tiles[T]) count() int { return (t.x.N + lloyd.TileRows[T]() - 1) / lloyd.TileRows[T]() }

// panels is the number of panels of tiles, panelRows that of the rows of one.
func (t *tiles[T]) panels() int { return (t.count() + tilePanel - 1) / tilePanel }

func panelRows[T element]() int { return tilePanel * lloyd.TileRows[T]() }

// begin gets ready for new bounds: with a quantum and an order that suit the labels.
func (t *tiles[T]) begin(ctx context.Context, c *crew, labels []int32) error {
	n := t.count()
	t.held = false // until they are taken
	if t.bytes == nil {
		w := lloyd.TileRows[T]()
		t.order, t.labels, t.ref = make([]int32, t.x.N), make([]int32, n*w), make([]T, n*w)
		t.rows.Resize(t.x.N, t.x.D)
		t.bytes = make([]uint8, t.panels()*tilePanel*t.centers.N)
		t.base, t.level, t.all = make([]float32, n), make([]float32, n), make([]int32, n)
		t.stray = math.MaxInt32
	}
	t.set(t.quantum(labels))
	t.drifted()
	for at, row := range t.order { // of E-steps without these bounds
		if t.labels[at] != labels[row] {
			t.stray++
		}
	}
	if t.arranged = float64(t.stray) > strayShare*float64(t.x.N); t.arranged {
		if t.given != nil {
			for i := range t.order {
				t.order[i] = int32(i)
			}
		} else if err := t.arrange(ctx, c, labels); err != nil {
			return err
		}
		t.stray = 0
	}
	for at, row := range t.order {
		t.labels[at] = labels[row]
	}
	last := t.labels[t.x.N-1]
	for at := t.x.N; at < len(t.labels); at++ {
		t.labels[at] = last
	}
	return nil
}

// drop gives the memory of the bounds back.
func (t *tiles[T]) drop() {
	t.order, t.rows, t.labels, t.ref, t.bytes, t.base, t.level, t.all = nil, lloyd.Tiles[T]{}, nil, nil, nil, nil, nil, nil
	t.held = false
}

// moved takes the squared shifts of an M-step.
func (t *tiles[T]) moved(shift []float64) {
	t.quanta.moved(shift)
	t.drifted()
}

// drifted sets drifts.
func (t *tiles[T]) drifted() {
	for k, s := range t.sums {
		d := s*(1-0x1p-30) + pairBias - t.slack
		t.drifts[k] = float32(d - math.Abs(d)*0x1p-22)
	}
}

// quantum is a distance in which the differences that matter are some dozens: those to the
// nearest centers but one.
func (t *tiles[T]) quantum(labels []int32) float64 {
	const some, which, quanta = 32, 8, 48
	n, k := min(some, t.x.N), t.centers.N
	dist, gaps := make([]T, k), 0.
	for i := range n {
		at := i * t.x.N / n
		must(lloyd.SquaredL2Rows(dist, t.centers, t.x.Row(at)))
		own := dist[labels[at]]
		slices.Sort(dist)
		gaps += max(0, math.Sqrt(float64(dist[min(which, k-1)]))-math.Sqrt(float64(own)))
	}
	return gaps / float64(n) / quanta
}

// panel returns the first row of a panel, and the number of its tiles.
func (t *tiles[T]) panel(panel int) (first, n int) {
	return panel * panelRows[T](), min(tilePanel, t.count()-panel*tilePanel)
}

// bounds are the bytes of a panel: those of its tiles, tilePanel of them for each center.
func (t *tiles[T]) bounds(panel int) []uint8 {
	size := tilePanel * t.centers.N
	return t.bytes[panel*size : (panel+1)*size]
}

// same sets all for a tile.
func (t *tiles[T]) same(tile int) {
	w := lloyd.TileRows[T]()
	labels := t.labels[tile*w : (tile+1)*w]
	t.all[tile] = labels[0]
	for _, l := range labels[1:] {
		if l != labels[0] {
			t.all[tile] = -1
			return
		}
	}
}
