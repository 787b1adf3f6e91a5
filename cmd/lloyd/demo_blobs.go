package main

import (
	"context"
	"fmt"
	"io"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
	"github.com/seed-fbf9ce71/lloyd/figure"
	"github.com/seed-fbf9ce71/lloyd/metrics"
)

// demoBlobs finds the four groups of points of the tutorial.
func demoBlobs(ctx context.Context, tell io.Writer, into folder) error {
	set, err := dataset.Blobs(dataset.BlobsConfig{N: 300, Centers: 4, Std: 0.60})
	if err != nil {
		return err
	}
	km := cluster.KMeans{K: 4, Restarts: 10}
	m, err := km.Fit(ctx, set.X)
	if err != nil {
		return err
	}
	accuracy, err := metrics.MajorityAccuracy(set.Labels, m.Labels, km.K)
	if err != nil {
		return err
	}

	fmt.Fprintln(tell, "Blobs: 300 points around 4 centers, standard deviation 0.60")
	tellFit(tell, km, m)
	n := len(m.Labels)
	fmt.Fprintf(tell, "  %.0f of %d points in the right group (%.1f %%)\n", accuracy*float64(n), n, 100*accuracy)
	fmt.Fprintln(tell, "  centers, and the points of each:")
	for k := range km.K {
		x, y, err := point(m.Centers, k)
		if err != nil {
			return err
		}
		fmt.Fprintf(tell, "    (%7.4f, %7.4f)  %d\n", x, y, m.Counts[k])
	}
	err = into.save(tell, "blobs-points.png", func() (*figure.Figure, error) {
		return figure.Scatter{Title: "300 points"}.Draw(set.X, nil, nil)
	})
	if err != nil {
		return err
	}
	return into.save(tell, "blobs-clusters.png", func() (*figure.Figure, error) {
		return figure.Scatter{Title: "4 clusters and their centers"}.Draw(set.X, m.Labels, m.Centers)
	})
}

// point returns row i of a float64 matrix of two columns.
func point(t *tensor.Dense, i int) (x, y float64, err error) {
	at := func(j int) float64 {
		v, e := t.At(i, j)
		if e != nil {
			err = e
			return 0
		}
		return v.(float64)
	}
	return at(0), at(1), err
}
