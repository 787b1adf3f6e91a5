package metrics

import (
	"context"

	"github.com/seed-fbf9ce71/lloyd"
)

// centroids are the means of the clusters of x, in float64 and relative to the
// first row of x, so that nothing is lost on data far from the origin.
type centroids[T lloyd.Float] struct {
	x     lloyd.Matrix[T]
	p     partition
	means lloyd.Matrix[float64]
}

// centroidsOf checks the rows and labels and forms the means.
func centroidsOf[T lloyd.Float](ctx context.Context, x lloyd.Matrix[T], labels []int32) (*centroids[T], error) {
	p, err := clustered(ctx, x, labels)
	if err != nil {
		return nil, err
	}
	k := len(p.labels)
	c := &centroids[T]{x, p, lloyd.Dense(make([]float64, k*x.D), k, x.D)}
	err = c.each(ctx, func(cluster int, row []float64) {
		mean := c.means.Row(cluster)
		for j, v := range row {
			mean[j] += v
		}
	})
	for cluster, size := range p.sizes {
		mean := c.means.Row(cluster)
		for j := range mean {
			mean[j] /= float64(size)
		}
	}
	return c, err
}

// each calls do for every row, relative to the first one, with its cluster.
func (c *centroids[T]) each(ctx context.Context, do func(cluster int, row []float64)) error {
	row, origin := make([]float64, c.x.D), c.x.Row(0)
	for i := range c.x.N {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return wrapped(ctx.Err())
		}
		for j, v := range c.x.Row(i) {
			row[j] = float64(v) - float64(origin[j])
		}
		do(c.p.of[i], row)
	}
	return nil
}

// squaredDistance is Σ(a−b)². The kernels would not gain much here, and ask for
// an error to be handled.
func squaredDistance(a, b []float64) float64 {
	var sum float64
	for j, v := range a {
		d := v - b[j]
		sum += float64(d * d) // not fused, so the same on every CPU
	}
	return sum
}
