package cluster

import (
	"context"
	"math"
	"slices"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd"
)

// contraction rules out pairs of rows and centers by m+1 numbers instead of D. With V
// the m first principal directions of the data, y = V(x − μ) and t = √(‖x − μ‖² − ‖y‖²),
//
//	‖x − c‖² ≥ ‖y_x − y_c‖² + (t_x − t_c)²
//
// by Pythagoras and the triangle inequality in the space that V leaves out: on rows whose
// spectrum decays, embeddings and images, few centers are left that could be nearer than
// the present one, and their distances are computed as ever. V is orthonormal up to ε =
// ‖VVᵀ − I‖, measured, and y and t are rounded; slack holds how far off they are, so that
//
//	‖x − c‖·√(1+ε) ≥ ‖(y, t)_x − (y, t)_c‖ − slack_x − slack_c.
//
// So the labels are those of plain Lloyd. Memory: 4(m+2) bytes a row, m one of D/16, D/8
// and D/4.
type contraction[T element] struct {
	directions lloyd.Matrix[T] // D/4 of them, the first ones first
	sample     *sample[T]
	projection *lloyd.Projection[T] // on those in use
	rows       lloyd.Matrix[float32]
	slack      []float32

	centers     lloyd.Matrix[float32]
	packed      lloyd.Centers[float32]
	centerSlack float64 // the largest
	y           []T     // of the centers, before they get their last number

	stretch float64 // √(1+ε)
	deviant float64 // ε
	near    float64 // by which a computed distance may be off, relative,
	gone    float64 // and by what vanishes when differences are squared
	unit    float64 // of the float32 numbers
}

const (
	// contractionColumns, contractionCenters: with fewer, there is too little to win.
	contractionColumns, contractionCenters = 128, 128
	// pairCost is how many times as long a distance takes that is computed alone, as one
	// in the kernel; contractedCost the same for a pair in the contracted space.
	pairCost, contractedCost = 4, 1.3
	// contractionMost is the share of the time of a plain E-step from which it does not pay.
	contractionMost = 0.9
)

// contractible says whether a contraction may pay at all.
func (f *fit[T]) contractible() bool {
	d, k, n := f.x.D, f.k, f.x.N
	return f.algorithm == Auto && d >= contractionColumns && k >= contractionCenters && f.maxIter > 3 &&
		f.contractionBytes(d/16) <= f.memory &&
		float64(n)*float64(k) >= 16*sampleRows*float64(d)/4
}

// contractionBytes is the memory that a contraction to m directions takes.
func (f *fit[T]) contractionBytes(m int) int64 { return 4 * int64(m+2) * int64(f.x.N) }

// contracts says whether the next E-step is to use the contraction, after the first or
// the third E-step, when the centers are no longer rows, for the first time.
func (r *run[T]) contracts(ctx context.Context) (bool, error) {
	if c := r.contraction; c != nil {
		share := float64(r.takePairs()) / float64(r.x.N) / float64(r.k)
		if r.contractedShare(c.rows.D, share) > contractionMost*r.cost.share {
			r.contraction = nil
			return false, nil
		}
		return true, r.contractCenters()
	}
	if r.elkan != nil || !r.contractible() || r.flat || r.iteration != 2 && r.iteration != 4 {
		return false, nil
	}
	err := r.contract(ctx)
	return r.contraction != nil, err
}

// takePairs returns the number of distances that the last E-step left.
func (r *run[T]) takePairs() (pairs int64) {
	for i := range r.workers {
		pairs += r.workers[i].left
		r.workers[i].left = 0
	}
	return pairs
}

// contract finds out whether a contraction pays with the present centers, and prepares
// it: r.contraction is nil if it does not.
func (r *run[T]) contract(ctx context.Context) error {
	f := r.fit
	if f.contracted == nil {
		c := &contraction[T]{sample: newSample(f.x)}
		const few = 8
		_, shares, err := c.sample.principal(ctx, r.crew, few, 2)
		if err != nil {
			return err
		}
		var top float64
		for _, s := range shares {
			top += s
		}
		if top < 4*few/float64(f.x.D) { // noise has no principal directions
			f.flat = true
			return nil
		}
		if c.directions, _, err = c.sample.principal(ctx, r.crew, f.x.D/4, 3); err != nil {
			return err
		}
		if f.flat = deviation(c.directions) > 0x1p-10; f.flat { // they are not independent
			return nil
		}
		c.unit, c.near, c.gone = precision(f)
		c.gone += 0x1p-60
		f.contracted = c
	}
	c := f.contracted
	if c.rows.N == f.x.N { // of an earlier run
		r.contraction = c
		return r.contractCenters()
	}
	best, least := 0, contractionMost*r.cost.share
	for _, m := range []int{f.x.D / 16, f.x.D / 8, f.x.D / 4} {
		if f.contractionBytes(m) > f.memory {
			continue
		}
		cost, err := r.contractedCost(c, m)
		if err != nil {
			return err
		}
		if cost < least {
			best, least = m, cost
		}
	}
	if best == 0 {
		return nil
	}
	if err := c.use(best); err != nil {
		return err
	}
	r.contraction = c
	c.rows = lloyd.Dense(make([]float32, f.x.N*(best+1)), f.x.N, best+1)
	c.slack = make([]float32, f.x.N)
	spaces := make([]lloyd.Workspace[T], r.crew.workers(f.x.N, f.x.D*best))
	ys := make([][]T, len(spaces))
	err := r.crew.each(ctx, f.x.N, f.x.D*best, func(worker, from, to int) {
		if ys[worker] == nil {
			ys[worker] = make([]T, blockRows*best)
		}
		c.fill(c.rows.Rows(from, to), c.slack[from:to], f.x.Rows(from, to), ys[worker], &spaces[worker])
	})
	if err != nil { // canceled: some rows are missing
		c.rows, r.contraction = lloyd.Matrix[float32]{}, nil
		return err
	}
	return r.contractCenters()
}

// use sets the projection to the first m directions.
func (c *contraction[T]) use(m int) (err error) {
	v := c.directions.Rows(0, m)
	c.deviant = deviation(v)
	c.stretch = math.Sqrt(1 + c.deviant)
	c.projection, err = lloyd.NewProjection(v, c.sample.mean)
	return err
}

// fill sets dst (N×(m+1)) to what the rows of x are in the contracted space, and slack
// to how far off that may be. y is memory of N×m elements.
func (c *contraction[T]) fill(dst lloyd.Matrix[float32], slack []float32, x lloyd.Matrix[T], y []T, work *lloyd.Workspace[T]) {
	m := c.projection.M()
	must(c.projection.Apply(lloyd.Dense(y, x.N, m), x, work))
	rounding := math.Sqrt(float64(m)) * c.projection.Rounding() * c.stretch
	for i := range x.N {
		var norm, within float64
		for j, v := range x.Row(i) {
			e := float64(v) - float64(c.sample.mean[j])
			norm += e * e
		}
		out := dst.Row(i)
		for k, v := range y[i*m : (i+1)*m] {
			within += float64(v) * float64(v)
			out[k] = float32(float64(v) * c.unit)
		}
		rest := norm - within
		off := norm * (2*c.deviant + 2.1*rounding + 1e-12)
		t, tOff := 0., math.Sqrt(off)
		if rest > 0 {
			t = math.Sqrt(rest)
			tOff = min(tOff, off/t)
		}
		out[m] = float32(t * c.unit)
		slack[i] = float32((math.Sqrt(norm)*(rounding+0x1p-22) + tOff) * 1.01 * c.unit)
	}
}

// contractCenters takes the centers to the contracted space.
func (r *run[T]) contractCenters() error {
	c, m := r.contraction, r.contraction.projection.M()
	if c.centers.N != r.k || c.centers.D != m+1 {
		c.centers, c.y = lloyd.Dense(make([]float32, r.k*(m+1)), r.k, m+1), make([]T, r.k*m)
	}
	slack := make([]float32, r.k)
	r.crew.eachOf((r.k+63)/64, 64*r.x.D*m, func(i int) {
		from, to := 64*i, min(r.k, 64*i+64)
		c.fill(c.centers.Rows(from, to), slack[from:to], r.centers.Rows(from, to), c.y[from*m:], new(lloyd.Workspace[T]))
	})
	c.centerSlack = 0
	for _, s := range slack {
		c.centerSlack = max(c.centerSlack, float64(s))
	}
	return c.packed.PackEach(c.centers, r.eachPack)
}

// limit is the square of the distance in the contracted space from which on no center is
// as near to a row as the one at the given squared distance.
func (c *contraction[T]) limit(square float64, slack float32) float32 {
	d := math.Sqrt(square)*(1+c.near)*c.stretch*c.unit + float64(slack) + c.centerSlack + c.gone
	return float32(d * d * (1 + float64(c.centers.D+20)*0x1p-21))
}

// contractedCost is about the share of the kernel's time that an E-step would take with
// m directions, from some rows of the sample.
func (r *run[T]) contractedCost(c *contraction[T], m int) (float64, error) {
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
	dist := make([]T, n)
	pairs := r.assignContracted(&s, labels, dist, x, rows, slack)
	return r.contractedShare(m, float64(pairs)/float64(n)/float64(r.k)), nil
}

// contractedShare is about the share of the time of the kernel in floating point that an
// E-step takes with m directions, which leave that share of the pairs. They are float32.
func (f *fit[T]) contractedShare(m int, pairs float64) float64 {
	size := float64(unsafe.Sizeof(T(0)))
	return contractedCost*4/size*float64(m)/float64(f.x.D) + pairCost*pairs
}

// contractionSpace is the scratch memory of a worker.
type contractionSpace[T element] struct {
	work   lloyd.Workspace[float32]
	closer lloyd.Closer[float32]
	least  [blockRows]float32
	other  []int32 // the centers of closer's rows
	dist   []T     // and their distances
}

// assignContracted sets labels, those of an earlier E-step, and dist for the rows of x,
// whose contracted rows and slack are given: at most a block. It returns the number of
// distances that the contraction left.
func (r *run[T]) assignContracted(s *contractionSpace[T], labels []int32, dist []T, x lloyd.Matrix[T], rows lloyd.Matrix[float32], slack []float32) int {
	c := r.contraction
	must(lloyd.SquaredL2Pairs(dist, x, r.centers, labels))
	for i, d := range dist {
		s.least[i] = c.limit(float64(d), slack[i])
	}
	must(c.packed.Closer(&s.closer, s.least[:x.N], rows, &s.work))
	left := s.closer.Rows
	s.other, s.dist = s.other[:0], slices.Grow(s.dist[:0], len(left))[:len(left)]
	for k := range r.k {
		for range s.closer.From[k+1] - s.closer.From[k] {
			s.other = append(s.other, int32(k))
		}
	}
	must(lloyd.SquaredL2Listed(s.dist, x, left, r.centers, s.other))
	for i, d := range s.dist {
		row, k := left[i], s.other[i]
		if d < dist[row] || d == dist[row] && k < labels[row] {
			dist[row], labels[row] = d, k
		}
	}
	return len(left)
}
