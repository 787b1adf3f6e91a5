package cluster

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

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
// So the labels are those of plain Lloyd. Memory: 4(m+2) bytes a row, m one of
// contractions.
type contraction[T element] struct {
	directions lloyd.Matrix[T] // the first ones first
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

// contractionBytes is the memory that a contraction to m directions takes.
func (f *fit[T]) contractionBytes(m int) float64 { return 4 * float64(m+2) * float64(f.x.N) }

// contract finds out whether a contraction pays with the present centers, and prepares
// it: r.contraction is nil if it does not.
func (r *run[T]) contract(ctx context.Context) error {
	f := r.fit
	if f.contracted == nil {
		var err error
		if f.flat, err = newSample(r.crew, f.x, flatRows).flat(ctx, r.crew); f.flat || err != nil {
			return err
		}
		c := &contraction[T]{sample: newSample(r.crew, f.x, sampleRows)}
		if c.directions, err = c.sample.principal(ctx, r.crew, slices.Max(f.contractions()), 2); err != nil {
			return err
		}
		if f.flat = deviation(c.directions) > 0x1p-10; f.flat { // they are not independent
			return nil
		}
		c.unit, c.near, c.gone = precision(f)
		c.gone = 3*c.gone + 0x1p-60 // of a distance, and of t twice
		f.contracted = c
	}
	c := f.contracted
	if c.rows.N == f.x.N { // of an earlier run
		r.contraction = c
		return nil
	}
	best, steps := 0, min(contractionSteps, float64(f.maxIter-r.iteration+1))
	least := r.cost.plain * steps
	for _, m := range f.contractions() {
		if f.contractionBytes(m)+r.bounds() > float64(f.memory) {
			continue
		}
		pairs, err := r.contractedPairs(c, m)
		if err != nil {
			return err
		}
		step := r.contractedCost(m, pairs/2) // half as many are left when labels change no more
		if cost := f.projectionCost(m) + step*steps; cost < least {
			best, least, r.unbounded = m, cost, step
		}
	}
	if best == 0 {
		return nil
	}
	if c.projection.M() != best { // that was tried last
		if err := c.use(best); err != nil {
			return err
		}
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
	return nil
}

// use sets the projection to the first m directions.
func (c *contraction[T]) use(m int) (err error) {
	v := c.mixed(m)
	c.deviant = deviation(v)
	c.stretch = math.Sqrt(1 + c.deviant)
	c.projection, err = lloyd.NewProjection(v, c.sample.mean)
	return err
}

// mixed returns m directions of the space of the first m ones, at random: by them, all
// numbers of a row are about as large, which suits integers of few bits.
func (c *contraction[T]) mixed(m int) lloyd.Matrix[T] {
	r := rand.New(rand.NewPCG(0, uint64(m)))
	turn := lloyd.Dense(make([]T, m*m), m, m)
	for i := range turn.Data {
		turn.Data[i] = T(r.NormFloat64())
	}
	orthonormalise(turn, 2)
	columns := lloyd.Dense(make([]T, m*c.directions.D), c.directions.D, m)
	transpose(columns, c.directions.Rows(0, m))
	return products(turn, columns)
}

// fill sets dst (N×(m+1)) to what the rows of x are in the contracted space, and slack
// to how far off that may be. y is memory of N×m elements.
func (c *contraction[T]) fill(dst lloyd.Matrix[float32], slack []float32, x lloyd.Matrix[T], y []T, work *lloyd.Workspace[T]) {
	m := c.projection.M()
	must(c.projection.Apply(lloyd.Dense(y, x.N, m), x, work))
	rounding := math.Sqrt(float64(m)) * c.projection.Rounding() * c.stretch
	var norms [blockRows]T
	must(lloyd.SquaredL2Rows(norms[:x.N], x, c.sample.mean))
	for i := range x.N {
		norm, within := float64(norms[i]), 0.
		out := dst.Row(i)
		for k, v := range y[i*m : (i+1)*m] {
			within += float64(v) * float64(v)
			out[k] = float32(float64(v) * c.unit)
		}
		rest := norm - within
		off := norm * (2*c.deviant + 2.1*rounding + 2*c.near)
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

// contractionSpace is the scratch memory of a worker.
type contractionSpace[T element] struct {
	work       lloyd.Workspace[float32]
	candidates lloyd.Candidates[float32]
	limits     [contractionRows]float32
	near       near[T]
}

// contractionRows are the rows whose pairs are listed together: they stay in the cache.
const contractionRows = 64

// candidates lists the pairs that the contraction leaves of at most contractionRows rows of
// x, whose contracted rows, slack and labels are given, and other centers than those of the
// labels, and sets dist to the distances to these.
func (r *run[T]) candidates(s *contractionSpace[T], labels []int32, dist []T, x lloyd.Matrix[T], rows lloyd.Matrix[float32], slack []float32) {
	c := r.contraction
	must(lloyd.SquaredL2Pairs(dist, x, r.centers, labels))
	for i, d := range dist {
		s.limits[i] = c.limit(float64(d), slack[i])
	}
	out := &s.candidates
	must(c.packed.Candidates(out, s.limits[:x.N], rows, &s.work))
	out.Rows, out.Centers = others(out.Rows, out.Centers, labels)
}

// assignContracted sets labels, those of an earlier E-step, and dist for the rows of x,
// whose contracted rows and slack are given: at most a block. It returns the number of
// pairs that the contraction left.
func (r *run[T]) assignContracted(s *contractionSpace[T], labels []int32, dist []T, x lloyd.Matrix[T], rows lloyd.Matrix[float32], slack []float32) (left int) {
	for from := 0; from < x.N; from += contractionRows {
		to := min(x.N, from+contractionRows)
		labels, dist, x := labels[from:to], dist[from:to], x.Rows(from, to)
		r.candidates(s, labels, dist, x, rows.Rows(from, to), slack[from:to])
		c := &s.candidates
		left += len(c.Rows)
		for i, d := range s.near.distances(r.estimator, dist, x, r.centers, &c.Rows, &c.Centers, nil) {
			row, k := c.Rows[i], c.Centers[i]
			if d < dist[row] || d == dist[row] && k < labels[row] {
				dist[row], labels[row] = d, k
			}
		}
	}
	return left
}

// others keeps the pairs of a row and another center than that of its label, whose distance
// is known.
func others(rows, centers, labels []int32) (_, _ []int32) {
	n := 0
	for i, row := range rows { // without a branch
		k := centers[i]
		rows[n], centers[n] = row, k
		if k != labels[row] {
			n++
		}
	}
	return rows[:n], centers[:n]
}
