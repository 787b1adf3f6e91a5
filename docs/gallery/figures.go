package main

import (
	"context"
	"errors"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
	"github.com/seed-fbf9ce71/lloyd/figure"
	"github.com/seed-fbf9ce71/lloyd/metrics"
)

const dpi = 100

// figures draws one figure of each kind.
func figures(ctx context.Context) error {
	return errors.Join(points(ctx), digits(ctx), elbow(ctx), silhouettes(ctx), convergence(ctx))
}

// points draws the tutorial's 300 points, and the regions of eight centers.
func points(ctx context.Context) error {
	four, err := dataset.Blobs(dataset.BlobsConfig{N: 300, Centers: 4, Std: 0.60})
	if err != nil {
		return err
	}
	m, err := cluster.KMeans{K: 4, Restarts: 10}.Fit(ctx, four.X)
	if err != nil {
		return err
	}
	err = both("blobs", func(theme figure.Theme) (*figure.Figure, error) {
		return figure.Scatter{Title: "300 points in 4 clusters", DPI: dpi, Theme: theme}.Draw(four.X, m.Labels, m.Centers)
	})
	if err != nil {
		return err
	}
	eight, err := dataset.Blobs(dataset.BlobsConfig{N: 280, Centers: 8, Std: 1.2, Seed: 2})
	if err != nil {
		return err
	}
	if m, err = (cluster.KMeans{K: 8, Restarts: 10}).Fit(ctx, eight.X); err != nil {
		return err
	}
	return both("voronoi", func(theme figure.Theme) (*figure.Figure, error) {
		return figure.Scatter{Title: "The regions of 8 centers", Regions: true, HideLegend: true, Width: 5.6, Height: 4.2, DPI: dpi, Theme: theme}.Draw(eight.X, m.Labels, m.Centers)
	})
}

// digits draws the centers of the handwritten digits, and which were recognised.
func digits(ctx context.Context) error {
	set, err := dataset.Digits(tensor.Float64)
	if err != nil {
		return err
	}
	m, err := cluster.KMeans{K: 10, Restarts: 10}.Fit(ctx, set.X)
	if err != nil {
		return err
	}
	matching, err := metrics.Majority(set.Labels, m.Labels, m.K())
	if err != nil {
		return err
	}
	recognised, err := matching.Apply(m.Labels)
	if err != nil {
		return err
	}
	confusion, err := metrics.ConfusionMatrix(set.Labels, recognised)
	if err != nil {
		return err
	}
	err = both("digits", func(theme figure.Theme) (*figure.Figure, error) {
		return figure.CenterImages{Title: "10 centers of handwritten digits", Rows: 2, Cols: 5, DPI: dpi, Theme: theme}.Draw(m.Centers)
	})
	if err != nil {
		return err
	}
	return both("confusion", func(theme figure.Theme) (*figure.Figure, error) {
		return figure.ConfusionMatrix{
			Title: "Digits, clustered without labels", XLabel: "true digit", YLabel: "recognised digit", DPI: dpi, Theme: theme,
		}.Draw(confusion.Counts, nil)
	})
}

// elbow draws a scan of numbers of clusters for the points of the tutorial.
func elbow(ctx context.Context) error {
	set, err := dataset.Blobs(dataset.BlobsConfig{N: 300, Centers: 4, Std: 0.60})
	if err != nil {
		return err
	}
	scan, err := cluster.KScan{Ks: cluster.KRange(1, 12, 1), KMeans: cluster.KMeans{Restarts: 10}}.Fit(ctx, set.X)
	if err != nil {
		return err
	}
	var ks []int
	var inertia, silhouette []float64
	for _, s := range scan.Scores {
		ks, inertia, silhouette = append(ks, s.K), append(inertia, s.Inertia), append(silhouette, s.Silhouette)
	}
	return both("elbow", func(theme figure.Theme) (*figure.Figure, error) {
		return figure.Elbow{
			Title: "How many clusters?", Suggested: scan.Elbow, Scores: silhouette, ScoreLabel: "silhouette", DPI: dpi, Theme: theme,
		}.Draw(ks, inertia)
	})
}

// silhouettes draws clusters of which two share a group of points.
func silhouettes(ctx context.Context) error {
	set, err := dataset.Blobs(dataset.BlobsConfig{N: 500, Centers: 4, Std: 1, Box: [2]float64{-8, 8}, Seed: 1})
	if err != nil {
		return err
	}
	m, err := cluster.KMeans{K: 6, Restarts: 10}.Fit(ctx, set.X)
	if err != nil {
		return err
	}
	x := lloyd.Matrix[float64]{Data: set.X.Data().([]float64), N: set.X.Shape()[0], D: 2, LD: 2}
	s, err := metrics.Silhouette(ctx, x, m.Labels, metrics.SilhouetteOptions{})
	if err != nil {
		return err
	}
	return both("silhouette", func(theme figure.Theme) (*figure.Figure, error) {
		return figure.Silhouette{Title: "6 clusters of 4 groups", DPI: dpi, Theme: theme}.Draw(s.Values, m.Labels)
	})
}

// convergence draws how the clusters of the digits were found.
func convergence(ctx context.Context) error {
	set, err := dataset.Digits(tensor.Float64)
	if err != nil {
		return err
	}
	var inertia []float64
	var moved []int64
	_, err = cluster.KMeans{K: 10, Seed: 3, Tol: -1, Observer: func(i cluster.Iteration) {
		inertia, moved = append(inertia, i.Inertia), append(moved, i.Moved)
	}}.Fit(ctx, set.X)
	if err != nil {
		return err
	}
	return both("convergence", func(theme figure.Theme) (*figure.Figure, error) {
		return figure.Convergence{Title: "A fit to the digits", DPI: dpi, Theme: theme}.Draw(inertia, moved)
	})
}
