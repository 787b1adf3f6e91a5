package metrics

import (
	"context"
	"math"

	"github.com/seed-fbf9ce71/lloyd"
)

// DaviesBouldin is the mean over the clusters of how much each overlaps with the
// one it overlaps with most, 0 and up, the lower the better:
//
//	1/K Σ_i max_{j≠i} (s_i + s_j) / ‖c_i − c_j‖,
//
// where c_k is the mean of the rows of cluster k and s_k their mean Euclidean
// distance to it (D. L. Davies, D. W. Bouldin, A cluster separation measure, IEEE
// Transactions on Pattern Analysis and Machine Intelligence 1, 1979). As in
// scikit-learn's davies_bouldin_score, which it equals, pairs of clusters with
// the same mean do not count, and it is 0 where all means are the same, which
// says nothing good of the clusters. (What is closer than 10⁻¹² of the largest
// distance involved is the same here; there, what is closer than 10⁻⁸ of the
// data's unit, for all clusters at once.) It computes in float64, also for
// float32 rows.
//
// x has N rows, labels the cluster of each, by any integers. There must be 2 to
// N−1 clusters. It takes time O(N·D + K²·D).
//
// When ctx is done it returns soon, with an error that wraps ctx.Err(). Errors
// also wrap [ErrLength], [ErrEmpty], [ErrClusters], [ErrNotFinite] for a NaN or
// an infinity in x and for distances that overflow, and lloyd.ErrShape for a
// matrix that does not fit its slice.
func DaviesBouldin[T lloyd.Float](ctx context.Context, x lloyd.Matrix[T], labels []int32) (float64, error) {
	c, err := centroidsOf(ctx, x, labels)
	if err != nil {
		return 0, err
	}
	k := len(c.p.labels)
	spread := make([]float64, k)
	if err := c.each(ctx, func(cluster int, row []float64) {
		spread[cluster] += math.Sqrt(squaredDistance(row, c.means.Row(cluster)))
	}); err != nil {
		return 0, err
	}
	var scale float64
	for i, size := range c.p.sizes {
		spread[i] /= float64(size)
		scale = max(scale, spread[i], math.Sqrt(squaredDistance(c.means.Row(i), c.means.Row(0))))
	}
	if !(scale <= math.MaxFloat64) {
		return 0, overflow[float64]()
	}
	const same = 1e-12
	var sum float64
	distance := make([]float64, k) // squared
	for i := range k {
		if ctx.Err() != nil {
			return 0, wrapped(ctx.Err())
		}
		if err := lloyd.SquaredL2Rows(distance, c.means, c.means.Row(i)); err != nil {
			return 0, wrapped(err)
		}
		var most float64
		for j, squared := range distance {
			if d := math.Sqrt(squared); d > same*scale {
				most = max(most, (spread[i]+spread[j])/d)
			}
		}
		sum += most
	}
	return sum / float64(k), nil
}
