package metrics

import (
	"context"
	"math"

	"github.com/seed-fbf9ce71/lloyd"
)

// SimplifiedSilhouette is [Silhouette] with the distances to centers in place
// of the mean distances to rows: a is a row's Euclidean distance to the center
// of its cluster, b that to the nearest other center (E. R. Hruschka,
// R. J. G. B. Campello, L. N. de Castro, Improving the efficiency of a clustering
// genetic algorithm, IBERAMIA 2004; L. Vendramin, R. J. G. B. Campello,
// E. R. Hruschka, Statistical Analysis and Data Mining 3, 2010). It ranks
// clusterings much as the silhouette does, in time O(N·K·D): every row of any
// data is measured. Values are −1 to 1; not below 0 where each row is labeled
// with its nearest center, as k-means does. A row at its own center has 1, also
// in a cluster of one row, unless another center is there too, which makes it 0.
//
// x has N rows, labels the cluster 0…K−1 of each, centers (K×D) the center of
// each cluster; all of them count, also those without rows. K must be 2 or more.
// threads is the number of goroutines that share the work, 0 for GOMAXPROCS;
// results do not depend on it. Distances are computed in x's element type.
//
// When ctx is done it returns soon, with an error that wraps ctx.Err(). Errors
// also wrap [ErrLength], [ErrEmpty], [ErrClusters], [ErrLabel], [ErrNotFinite]
// for a NaN or an infinity in x or centers and for distances that overflow,
// [ErrOption] for negative threads, and lloyd.ErrShape for a matrix that does
// not fit its slice and for centers of another number of columns.
func SimplifiedSilhouette[T lloyd.Float](ctx context.Context, x lloyd.Matrix[T], labels []int32, centers lloyd.Matrix[T], threads int) (*Silhouettes, error) {
	if threads < 0 {
		return nil, failure(ErrOption, "threads is %d; 0, for GOMAXPROCS, or more was expected", threads)
	}
	if len(labels) != x.N {
		return nil, failure(ErrLength, "%d rows and %d labels; one label a row was expected", x.N, len(labels))
	}
	if len(labels) == 0 {
		return nil, failure(ErrEmpty, "there are no rows; at least one was expected")
	}
	if err := checkRows(ctx, "x", x); err != nil {
		return nil, err
	}
	if err := checkRows(ctx, "centers", centers); err != nil {
		return nil, err
	}
	if centers.D != x.D {
		return nil, failure(lloyd.ErrShape, "x has %d columns, centers have %d", x.D, centers.D)
	}
	if centers.N < 2 {
		return nil, failure(ErrClusters, "there are %d centers; 2 or more were expected: the score compares the nearest ones", centers.N)
	}
	if err := inRange(labels, centers.N); err != nil {
		return nil, err
	}
	const blockRows = 256
	values := make([]float64, x.N)
	err := share(ctx, threads, (x.N+blockRows-1)/blockRows, func() func(context.Context, int) error {
		// Squared, to a center, to the row's own, and to the nearest other one.
		distance, own, other := make([]T, blockRows), make([]T, blockRows), make([]T, blockRows)
		return func(ctx context.Context, block int) error {
			first := block * blockRows
			rows := x.Rows(first, min(x.N, first+blockRows))
			for i := range rows.N {
				other[i] = T(math.Inf(1))
			}
			for k := range centers.N {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				if err := lloyd.SquaredL2Rows(distance, rows, centers.Row(k)); err != nil {
					return wrapped(err)
				}
				for i, d := range distance[:rows.N] {
					if int(labels[first+i]) == k {
						own[i] = d
					} else {
						other[i] = min(other[i], d)
					}
				}
			}
			for i := range rows.N {
				a, b := math.Sqrt(float64(own[i])), math.Sqrt(float64(other[i]))
				if math.IsInf(a, 0) || math.IsInf(b, 0) {
					return overflow[T]()
				}
				values[first+i] = silhouette(a, b)
			}
			return nil
		}
	})
	if err != nil {
		return nil, err
	}
	mean, _ := estimate(values, x.N)
	return &Silhouettes{Mean: mean, Values: values}, nil
}
