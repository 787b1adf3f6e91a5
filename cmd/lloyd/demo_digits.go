package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
	"github.com/seed-fbf9ce71/lloyd/figure"
	"github.com/seed-fbf9ce71/lloyd/metrics"
)

// demoDigits sorts the handwritten digits without their labels, and then uses
// the labels to tell how well it went.
func demoDigits(ctx context.Context, tell io.Writer, into folder) error {
	digits, err := dataset.Digits(tensor.Float64)
	if err != nil {
		return err
	}
	km := cluster.KMeans{K: 10, Restarts: 10}
	m, err := km.Fit(ctx, digits.X)
	if err != nil {
		return err
	}
	matching, err := metrics.Majority(digits.Labels, m.Labels, km.K)
	if err != nil {
		return err
	}
	recognised, err := matching.Apply(m.Labels)
	if err != nil {
		return err
	}
	accuracy, err := metrics.Accuracy(digits.Labels, recognised)
	if err != nil {
		return err
	}
	confusion, err := metrics.ConfusionMatrix(digits.Labels, recognised)
	if err != nil {
		return err
	}

	n := len(digits.Labels)
	fmt.Fprintf(tell, "Digits: %d images of 8×8 pixels, clustered without their labels\n", n)
	tellFit(tell, km, m)
	fmt.Fprintf(tell, "  each cluster named after its most frequent digit: %.0f of %d right (%.2f %%)\n", accuracy*float64(n), n, 100*accuracy)
	fmt.Fprintln(tell, "  true digits down, recognised digits across:")
	for line := range strings.Lines(confusion.String()) {
		fmt.Fprint(tell, "    ", line)
	}
	err = into.save(tell, "digits-centers.png", func() (*figure.Figure, error) {
		return figure.CenterImages{Title: "The centers of 10 clusters", Rows: 2, Cols: 5}.Draw(m.Centers)
	})
	if err != nil {
		return err
	}
	return into.save(tell, "digits-confusion.png", func() (*figure.Figure, error) {
		return figure.ConfusionMatrix{XLabel: "true digit", YLabel: "recognised digit"}.Draw(confusion.Counts, nil)
	})
}
