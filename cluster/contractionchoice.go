package cluster

import (
	"context"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

const (
	// contractionColumns, contractionCenters: with fewer, there is too little to win.
	contractionColumns, contractionCenters = 128, 128
	// someCenters is the number of centers from which twice as many directions may pay, if
	// they are manyDirections at most; manyCenters that from which any number may.
	// fewDirections are those from which integers multiply them.
	someCenters, manyCenters      = 600, 1500
	fewDirections, manyDirections = 32, 128
	// contractionSteps is the number of E-steps after which it is to have paid.
	contractionSteps = 12
)

// contractible says whether a contraction may pay at all, where bounds may take so many
// bytes besides.
func (f *fit[T]) contractible(bounds float64) bool {
	d, k, n := f.x.D, f.k, f.x.N
	return f.algorithm == Auto && d >= contractionColumns && k >= contractionCenters && f.maxIter > 3 &&
		f.contractionBytes(f.contractions()[0])+bounds <= float64(f.memory) &&
		float64(n)*float64(k) >= 16*sampleRows*float64(d)/4
}

// contractions are the numbers of directions to try: the more centers, the more of them pay.
func (f *fit[T]) contractions() []int {
	few := max(f.x.D/16, fewDirections)
	if f.k < someCenters || f.k < manyCenters && 2*few > manyDirections {
		return []int{few}
	}
	return []int{few, 2 * few}
}

// bounds is the memory that the bounds may take that there may be.
func (r *run[T]) bounds() (bytes float64) {
	if r.elkan != nil {
		bytes = r.pairBytes()
	}
	if r.tiles != nil {
		bytes = max(bytes, r.tileBytes())
	}
	return bytes
}

// contracts says whether the next E-step, which is to go by no bounds, is to use the
// contraction: after the first or the third E-step, when the centers are no longer rows, it
// is there for the first time.
func (r *run[T]) contracts(ctx context.Context) (bool, error) {
	if r.contraction == nil && r.contractible(r.bounds()) && !r.flat && (r.iteration == 2 || r.iteration == 4) {
		if err := r.contract(ctx); err != nil {
			return false, err
		}
		r.contractedAt = r.iteration
	}
	if r.contraction == nil {
		return false, nil
	}
	return true, r.contractCenters()
}

// contractionCost takes note of what the last E-step cost if it used the contraction, which
// is given up when it does not pay.
func (r *run[T]) contractionCost() {
	var pairs int64
	for i := range r.workers {
		pairs += r.workers[i].left
		r.workers[i].left = 0
	}
	if r.contraction == nil || r.mode != contracted {
		return
	}
	left := float64(pairs) / float64(r.x.N)
	if r.iteration == r.contractedAt+1 {
		left /= 2 // see contract
	}
	r.unbounded = r.contractedCost(r.contraction.projection.M(), left)
	if r.unbounded > r.cost.plain {
		r.contraction, r.unbounded = nil, r.cost.plain
	}
}

// contractedPairs is about the number of pairs of a row that m directions leave, from some
// rows.
func (r *run[T]) contractedPairs(c *contraction[T], m int) (float64, error) {
	if err := c.use(m); err != nil {
		return 0, err
	}
	r.contraction = c
	defer func() { r.contraction = nil }()
	if err := r.contractCenters(); err != nil {
		return 0, err
	}
	const some = 256
	n := min(some, r.x.N)
	var s contractionSpace[T]
	x := lloyd.Dense(make([]T, n*r.x.D), n, r.x.D)
	labels := make([]int32, n)
	for i := range n {
		at := i * r.x.N / n
		copy(x.Row(i), r.x.Row(at))
		labels[i] = r.labels[at]
	}
	rows, slack := lloyd.Dense(make([]float32, n*(m+1)), n, m+1), make([]float32, n)
	c.fill(rows, slack, x, make([]T, n*m), new(lloyd.Workspace[T]))
	dist, pairs := make([]T, n), 0
	for from := 0; from < n; from += contractionRows {
		to := min(n, from+contractionRows)
		r.candidates(&s, labels[from:to], dist[from:to], x.Rows(from, to), rows.Rows(from, to), slack[from:to])
		pairs += len(s.candidates.Rows)
	}
	return float64(pairs) / float64(n), nil
}

// contractedCost is what an E-step costs with m directions that leave so many pairs of a row.
func (r *run[T]) contractedCost(m int, pairs float64) float64 {
	c, k := &r.cost, float64(r.k)
	level, _ := kernel.Active()
	row := k * (costCenter + costProduct*float64(m+1)) * r.rates.product
	if kernel.CoarseListsFaster(level, r.k, m+1) {
		row = costFail*r.rates.single + k*(costCenter+costCoarse*float64(m+1))*r.rates.coarse
	}
	return float64(r.x.N) * (row + c.single + c.round + pairs*c.pair)
}

// projectionCost is what it costs to take the rows to m directions.
func (f *fit[T]) projectionCost(m int) float64 {
	product := costProduct * float64(unsafe.Sizeof(T(0))) / 4 * f.rates.product
	return float64(f.x.N) * float64(f.x.D) * (2*float64(m)*product + costRound*f.rates.single)
}
