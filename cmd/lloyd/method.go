package main

import (
	"context"
	"time"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// method is a way to cluster: one of the estimators of package cluster, with the
// settings of the flags.
type method interface {
	// startAt gives the initial centers of a file.
	startAt(centers *tensor.Dense)
	// fit clusters the rows of x and shows line how far it is. Like the estimators, it
	// returns the best state so far together with the error of a context that is done.
	fit(ctx context.Context, x *tensor.Dense, weights []float64, line *progress) (*cluster.Model, error)
	// steps is the most iterations of a run, and the number of runs.
	steps(n int) (most, runs int)
	// name is the method in words, algorithm the way of its E-steps.
	name() string
	algorithm() string
}

// wholeData is k-means with all rows in every iteration.
type wholeData struct{ cluster.KMeans }

func (m *wholeData) startAt(c *tensor.Dense) { m.Init = cluster.Given{Centers: c} }
func (m *wholeData) steps(int) (int, int)    { return m.MaxIter, m.Restarts }
func (m *wholeData) algorithm() string       { return m.Algorithm.String() }
func (m *wholeData) fit(ctx context.Context, x *tensor.Dense, weights []float64, line *progress) (*cluster.Model, error) {
	m.Observer = line.observer()
	return m.FitWeighted(ctx, x, weights)
}

func (m *wholeData) name() string {
	if m.Spherical {
		return "spherical k-means"
	}
	return "k-means"
}

// batches is mini-batch k-means.
type batches struct{ cluster.MiniBatch }

func (m *batches) startAt(c *tensor.Dense) { m.Init = cluster.Given{Centers: c} }
func (m *batches) name() string            { return "mini-batch k-means" }
func (m *batches) algorithm() string       { return cluster.Lloyd.String() }
func (m *batches) fit(ctx context.Context, x *tensor.Dense, weights []float64, line *progress) (*cluster.Model, error) {
	m.Observer = line.batchObserver()
	return m.FitWeighted(ctx, x, weights)
}

// Steps of random batches, of which there is one run.
func (m *batches) steps(n int) (int, int) {
	epochs, size := m.Epochs, m.BatchSize
	if epochs == 0 {
		epochs = usualEpochs
	}
	if size == 0 {
		size = usualBatch
	}
	return epochs * n / min(size, n), 1
}

// The defaults of cluster.MiniBatch, for the help text and the progress bar.
const (
	usualEpochs = 100
	usualBatch  = 1024
)

// splits is bisecting k-means.
type splits struct{ cluster.Bisecting }

func (m *splits) startAt(*tensor.Dense) {} // the flags do not let it happen
func (m *splits) steps(int) (int, int)  { return m.K - 1, 1 }
func (m *splits) name() string          { return "bisecting k-means" }
func (m *splits) algorithm() string     { return m.Algorithm.String() }
func (m *splits) fit(ctx context.Context, x *tensor.Dense, weights []float64, line *progress) (*cluster.Model, error) {
	begin := time.Now()
	iterations, stopped := 0, cluster.Converged
	m.Observer = func(s cluster.Split) {
		iterations += s.Iterations
		stopped = max(stopped, s.Stopped) // what is worse comes later
		line.observeSplit(s)
	}
	tree, err := m.FitWeighted(ctx, x, weights)
	if tree == nil {
		return nil, err
	}
	model, failed := cluster.FromCenters(tree.Centers)
	if failed != nil {
		return nil, failed
	}
	model.Labels, model.Counts, model.Inertia = tree.Labels, tree.Counts, tree.Inertia
	model.Iterations, model.Stopped, model.IterateTime = iterations, stopped, time.Since(begin)
	if err != nil {
		model.Stopped = cluster.Canceled
	}
	return model, err
}
