package metrics

import (
	"context"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// checkEvery is how many rows are read between two looks at a context.
const checkEvery = 1024

// checkRows checks that x is a matrix of finite numbers. name says which
// argument it is. Errors wrap lloyd.ErrShape, ErrNotFinite or ctx.Err().
func checkRows[T lloyd.Float](ctx context.Context, name string, x lloyd.Matrix[T]) error {
	if err := kernel.CheckMatrix(name, len(x.Data), x.N, x.D, x.LD); err != nil {
		return wrapped(err)
	}
	for i := range x.N {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return wrapped(ctx.Err())
		}
		for j, v := range x.Row(i) {
			if v-v != 0 {
				return failure(ErrNotFinite, "row %d, column %d (from 0) of %s is %v; finite numbers were expected: drop or fill such rows", i, j, name, v)
			}
		}
	}
	return nil
}

// clustered checks the rows x and their labels, and that these are 2 to N−1
// clusters, and returns the clusters.
func clustered[T lloyd.Float](ctx context.Context, x lloyd.Matrix[T], labels []int32) (partition, error) {
	if len(labels) != x.N {
		return partition{}, failure(ErrLength, "%d rows and %d labels; one label a row was expected", x.N, len(labels))
	}
	if len(labels) == 0 {
		return partition{}, failure(ErrEmpty, "there are no rows; at least 3 were expected")
	}
	if err := checkRows(ctx, "x", x); err != nil {
		return partition{}, err
	}
	p := partitionOf(labels)
	if k := len(p.labels); k < 2 || k >= x.N {
		return partition{}, failure(ErrClusters, "%d rows are in %d clusters; 2 to N−1 clusters were expected: the score compares rows of one cluster with those of another", x.N, k)
	}
	return p, nil
}

// overflow is the error of a distance that has no finite value.
func overflow[T lloyd.Float]() error {
	var zero T
	return failure(ErrNotFinite, "a distance between rows is too large for %T; scale the data", zero)
}
