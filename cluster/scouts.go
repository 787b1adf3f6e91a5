package cluster

import (
	"context"
	"math"

	"github.com/seed-fbf9ce71/lloyd"
)

// scouts are some of the rows, for which bounds are taken in E-steps in which the others
// have none, to see how far they would hold.
type scouts[T element] struct {
	labels       []int32
	upper, lower []float32 // Hamerly's
	x            lloyd.Matrix[T]
	pairs        []*elkan[T] // exact and rough ones, of those that there may be
	due          bool        // bounds are to be taken in this E-step
	held         bool
	pause, next  int // iterations for which they rest, and how many after the next failure
	dist, second []T
	space        pairSpace[T]
	tiles        *tiles[T] // of rows of some clusters; nil: none
	tileSpace    tileSpace[T]
}

const (
	// lasting is how many times as many E-steps as so far a fit is taken to have left, at most.
	lasting = 2
	// scoutShare is the number of rows for each scout; scoutsMost is how many there are at
	// most.
	scoutShare, scoutsMost = 512, 512
)

// newScouts returns scouts for a run.
func newScouts[T element](r *run[T]) *scouts[T] {
	n := min(scoutsMost, max(lloyd.PairRows, r.x.N/scoutShare/lloyd.PairRows*lloyd.PairRows), r.x.N)
	s := &scouts[T]{labels: make([]int32, n), upper: make([]float32, n), lower: make([]float32, n), dist: make([]T, n), second: make([]T, n)}
	x := lloyd.Dense(make([]T, n*r.x.D), n, r.x.D)
	for i := range n {
		copy(x.Row(i), r.x.Row(i*r.x.N/n))
	}
	s.x = x
	if r.elkan != nil {
		s.pairs = append(s.pairs, newElkan(r.fit, x, r.centers, r.packed))
		if r.cost.rough > 0 {
			rough := newElkan(r.fit, x, r.centers, r.packed)
			rough.rough = true
			s.pairs = append(s.pairs, rough)
		}
	}
	return s
}

// scout says whether bounds are to be taken in the next E-step: if those of the scouts,
// taken in the last one, would pay by now.
func (r *run[T]) scout() mode {
	if r.hamerly == nil && r.elkan == nil && r.tiles == nil {
		return plain
	}
	if r.iteration < 2 { // the centers are rows, and leap
		return plain
	}
	if r.scouts == nil {
		r.scouts = newScouts(r)
	}
	s := r.scouts
	if s.pause > 0 {
		s.pause--
		return plain
	}
	if s.held {
		s.held = false
		if best := r.report(s); best != plain {
			s.next = 0
			return best
		}
		s.next = min(2*s.next+1, 3)
		if s.pause = s.next - 1; s.pause >= 0 {
			return plain
		}
	}
	s.due = true
	return plain
}

// report says which bounds would pay best by what those of the scouts are worth.
func (r *run[T]) report(s *scouts[T]) mode {
	least, best := 0.9*r.unbounded, plain
	// Nobody knows how many E-steps are left: MaxIter allows so many, and a fit that has taken
	// few so far is not likely to take many times as many.
	n, left := len(s.labels), float64(min(r.maxIter-r.iteration+1, lasting*r.iteration))
	if h := r.hamerly; h != nil {
		failed := h.open(s.upper, s.lower, s.labels)
		// The drift of later iterations adds to that of one.
		cost := float64(r.x.N) * (r.cost.rowTest + min(1, 2*float64(failed)/float64(n))*r.cost.row)
		if cost < least {
			least, best = cost, refresh
		}
	}
	for _, e := range s.pairs {
		rows, tight, pairs := e.open(&s.space, s.labels, n)
		// Pairs grow with the drift, until the bounds are taken again after n E-steps: at the
		// best time for that, or when the run ends.
		take, fixed := r.cost.takes(e.rough), r.pairedCost(rows, tight, 0)
		growth := r.pairedCost(rows, tight, pairs) - fixed
		n := max(1, min(math.Sqrt(2*take/growth), left))
		cost := fixed + take/n + growth*n/2
		if cost < least {
			least, best = cost, takes
			r.elkan.rough = e.rough
		}
	}
	if t := s.tiles; t != nil {
		w := &s.tileSpace
		w.looked, w.pairs = 0, 0
		for p := range t.panels() {
			t.assign(w, p)
		}
		share := float64(r.tiles.count()) / float64(t.count())
		cost := r.tiledCost(int64(share*float64(w.looked)), int64(2*share*float64(w.pairs))) // see tilesPayOn
		cost += (r.cost.tileTake + r.cost.order) / min(tiledSteps, left)
		if cost < least {
			best = tileTakes
		}
	}
	return best
}

// sendScouts takes the bounds of the scouts if they are due.
func (r *run[T]) sendScouts() {
	s, w := r.scouts, &r.workers[0]
	if s == nil || !s.due {
		return
	}
	r.pack()
	must(r.packed.NearestTwo(s.labels, s.dist, s.second, s.x, &w.work))
	if h := r.hamerly; h != nil {
		must(lloyd.Bounds(s.upper, s.lower, s.dist, s.second, h.unit, h.off, h.gone))
	}
	for _, e := range s.pairs {
		e.begin(s.labels)
		for from := 0; from < s.x.N; from += blockRows {
			to := min(s.x.N, from+blockRows)
			e.take(&s.space, &w.work, s.labels[from:to], from, to)
		}
	}
	if s.tiles = nil; r.tiles != nil {
		if s.tiles = r.scoutTiles(); s.tiles != nil {
			t := s.tiles
			must(t.begin(context.Background(), r.crew, t.given))
			for p := range t.panels() {
				t.take(&s.tileSpace, &w.work, p)
			}
		}
	}
	s.due, s.held = false, true
}

// moved takes the squared shifts of an M-step.
func (s *scouts[T]) moved(shift []float64) {
	for _, e := range s.pairs {
		e.moved(shift)
	}
	if s.tiles != nil {
		s.tiles.moved(shift)
	}
}
