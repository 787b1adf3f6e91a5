package metrics

import (
	"context"
	"math"

	"github.com/seed-fbf9ce71/lloyd"
)

// CalinskiHarabasz is the variance ratio, 0 and up, the higher the better:
//
//	[Σ_k n_k‖c_k − c‖² / (K−1)] / [Σ_k Σ_{x in k} ‖x − c_k‖² / (N−K)],
//
// where c_k is the mean of the n_k rows of cluster k and c that of all N rows
// (T. Caliński, J. Harabasz, A dendrite method for cluster analysis,
// Communications in Statistics 3, 1974). It is 1 where every row is at the mean
// of its cluster, up to rounding. It equals scikit-learn's
// calinski_harabasz_score: like that, it computes in float64, also for float32
// rows.
//
// x has N rows, labels the cluster of each, by any integers. There must be 2 to
// N−1 clusters. It takes time O(N·D).
//
// Errors wrap ctx.Err(), [ErrLength], [ErrEmpty], [ErrClusters], [ErrNotFinite]
// for a NaN or an infinity in x and for distances that overflow, and
// lloyd.ErrShape for a matrix that does not fit its slice.
func CalinskiHarabasz[T lloyd.Float](ctx context.Context, x lloyd.Matrix[T], labels []int32) (float64, error) {
	c, err := centroidsOf(ctx, x, labels)
	if err != nil {
		return 0, err
	}
	var within, between float64
	if err := c.each(ctx, func(cluster int, row []float64) {
		within += squaredDistance(row, c.means.Row(cluster))
	}); err != nil {
		return 0, err
	}
	mean := make([]float64, x.D)
	for k, size := range c.p.sizes {
		for j, v := range c.means.Row(k) {
			mean[j] += float64(v * (float64(size) / float64(x.N)))
		}
	}
	for k, size := range c.p.sizes {
		between += float64(float64(size) * squaredDistance(c.means.Row(k), mean))
	}
	if !(within+between <= math.MaxFloat64) {
		return 0, overflow[float64]()
	}
	const rounding = 1e-14 // of a mean, beside the distances between means
	if within <= rounding*rounding*between {
		return 1, nil
	}
	k := float64(len(c.p.labels))
	return between / (k - 1) / (within / (float64(x.N) - k)), nil
}
