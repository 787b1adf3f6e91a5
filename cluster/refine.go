package cluster

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/seed-fbf9ce71/lloyd"
)

const (
	breathOffset = 0.01 // of new centers, and
	breathRange  = 1.1  // within which neighbors of a center that goes stay: in units of the RMS distance of the rows
	breathGain   = 1e-4 // relative gain of inertia from which the breaths stay as deep
)

// breathe improves m by breathing k-means and returns the best model there was, with the
// context's error if it was cut off.
func (f *fit[T]) breathe(ctx context.Context, m *Model) (*Model, error) {
	g := *f
	g.observer = nil
	random := source(f.seed, math.MinInt)
	before, best, iterations := m.Inertia, m, m.Iterations
	var err error
	for depth := min(f.refine, f.k, f.x.N-f.k); depth > 0 && f.k > 1 && best.Inertia > 0; {
		var next *Model
		if next, err = g.breath(ctx, best, depth, random); err != nil {
			break
		}
		iterations += next.Iterations
		if !(next.Inertia < best.Inertia*(1-breathGain)) {
			depth--
		}
		if next.Inertia < best.Inertia {
			next.Restart = m.Restart
			best = next
		}
	}
	best.Won, best.Iterations = before-best.Inertia, iterations
	return best, err
}

// breath adds centers to those of m and takes as many away, each time followed by a run;
// the iterations of the model are those of both.
func (f *fit[T]) breath(ctx context.Context, m *Model, depth int, random *rand.Rand) (*Model, error) {
	u, err := f.rolesOf(ctx, m)
	if err != nil {
		return nil, err
	}
	rms := math.Sqrt(m.Inertia / f.total)
	centers := u.centers
	grown := lloyd.Dense(append(slices.Clone(centers.Data), make([]T, depth*f.x.D)...), f.k+depth, f.x.D)
	for i, k := range u.order(func(k int) float64 { return -u.inertia[k] })[:depth] {
		c := grown.Row(f.k + i)
		for j, v := range centers.Row(k) {
			c[j] = v + T(breathOffset*rms/math.Sqrt(float64(f.x.D))*random.NormFloat64())
		}
		if f.spherical && !unitInto(c, c) {
			copy(c, centers.Row(k))
		}
	}
	f.k += depth
	full, err := f.run(ctx, 0, grown)
	f.k -= depth
	if err != nil {
		return nil, err
	}
	if u, err = f.rolesOf(ctx, full); err != nil {
		return nil, err
	}
	next, err := f.run(ctx, 0, u.without(depth, breathRange*math.Sqrt(full.Inertia/f.total)))
	if err != nil {
		return nil, err
	}
	next.Iterations += full.Iterations
	return next, nil
}

// roles are what the centers of a model are good for.
type roles[T element] struct {
	centers lloyd.Matrix[T]
	inertia []float64 // of the rows of each
	loss    []float64 // by which the inertia would grow without it
}

// rolesOf takes the distances of all rows to all centers, block by block, which are the
// same on every level, as the bounds of lloyd.NearestTwo are not.
func (f *fit[T]) rolesOf(ctx context.Context, m *Model) (u roles[T], err error) {
	u.centers, err = rowsOf[T]("the matrix of centers", m.Centers)
	must(err)
	k := u.centers.N
	u.inertia, u.loss = make([]float64, k), make([]float64, k)
	own, second := make([]T, f.x.N), make([]T, f.x.N)
	workers := make([][]T, f.crew.workers(f.x.N, k*f.x.D))
	err = f.crew.each(ctx, f.x.N, k*f.x.D, func(worker, from, to int) {
		if workers[worker] == nil {
			workers[worker] = make([]T, blockRows*k)
		}
		dist := workers[worker]
		must(lloyd.SquaredL2Matrix(dist, k, f.x.Rows(from, to), u.centers))
		for i := from; i < to; i++ {
			row, label := dist[(i-from)*k:(i-from+1)*k], m.Labels[i]
			own[i], row[label] = row[label], T(math.Inf(1))
			second[i] = slices.Min(row)
		}
	})
	for i, l := range m.Labels {
		w := 1.
		if f.weights != nil {
			w = f.weights[i]
		}
		u.inertia[l] += float64(w * float64(own[i]))
		u.loss[l] += float64(w * (float64(second[i]) - float64(own[i])))
	}
	return u, err
}

// order returns the centers with the least of something first.
func (u roles[T]) order(of func(k int) float64) []int {
	order := make([]int, u.centers.N)
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(of(a), of(b)) })
	return order
}

// without returns the centers without the n whose loss is least; but a center that is
// within reach of one that goes stays, as long as there are enough others, because its
// loss was computed with the other one in place.
func (u roles[T]) without(n int, reach float64) lloyd.Matrix[T] {
	k, d := u.centers.N, u.centers.D
	gone, stays := make([]bool, k), make([]bool, k)
	free := k // neither gone nor staying
	dist := make([]T, k)
	for _, c := range u.order(func(k int) float64 { return u.loss[k] }) {
		if stays[c] {
			continue
		}
		gone[c] = true
		free--
		if n--; n == 0 {
			break
		}
		must(lloyd.SquaredL2Rows(dist, u.centers, u.centers.Row(c)))
		near := make([]int, 0, k)
		for o, v := range dist {
			if !gone[o] && !stays[o] && float64(v) < reach*reach {
				near = append(near, o)
			}
		}
		slices.SortStableFunc(near, func(a, b int) int { return cmp.Compare(dist[a], dist[b]) })
		for _, o := range near[:min(len(near), free-n)] {
			stays[o] = true
			free--
		}
	}
	left := lloyd.Dense(make([]T, 0, k*d), 0, d)
	for c := range k {
		if !gone[c] {
			left.Data = append(left.Data, u.centers.Row(c)...)
			left.N++
		}
	}
	return left
}
