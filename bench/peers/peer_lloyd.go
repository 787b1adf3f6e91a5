package main

import (
	"context"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// ours is package cluster.
type ours struct {
	task
	algorithm     cluster.Algorithm
	tensor, start *tensor.Dense
	settled       *tensor.Dense // the centers from which less than 1 % of the rows move
}

func newLloyd(t task) (subject, error) { return newOurs(t, cluster.Auto) }
func newDense(t task) (subject, error) { return newOurs(t, cluster.Lloyd) }

func newOurs(t task, a cluster.Algorithm) (subject, error) {
	o := &ours{task: t, algorithm: a, tensor: dense(t.x.Data, t.x.D), start: dense(t.centers.Data, t.x.D)}
	return subject{
		fit:     func(iterations int) (outcome, error) { return o.fit(o.start, iterations) },
		seed:    o.seed,
		batches: o.batches,
		share:   o.share,
		labeled: o.labeled,
	}, nil
}

func (o *ours) fit(from *tensor.Dense, iterations int) (outcome, error) {
	m, err := cluster.KMeans{K: o.k(), Init: cluster.Given{Centers: from}, MaxIter: iterations, Tol: -1, Threads: o.threads, Algorithm: o.algorithm}.
		Fit(context.Background(), o.tensor)
	if err != nil {
		return outcome{}, err
	}
	return outcome{m.Iterations, m.Centers.Data().([]float32)}, nil
}

// seed is greedy k-means++; its inertia is that of the first E-step.
func (o *ours) seed(seed int) (seconds, inertia float64, err error) {
	m, err := cluster.KMeans{K: o.k(), Seed: uint64(seed), MaxIter: 1, Tol: -1, Threads: o.threads, Observer: func(i cluster.Iteration) {
		inertia = i.Inertia
	}}.Fit(context.Background(), o.tensor)
	if err != nil {
		return 0, 0, err
	}
	return m.SeedTime.Seconds(), inertia, nil
}

// share returns the mean time of iterations 2 to 4 of a fit by plain Lloyd, and of their
// E-steps, at the start or from settled centers.
func (o *ours) share(late bool) (iteration, assign float64, err error) {
	from := o.start
	if late {
		if err := o.settle(); err != nil {
			return 0, 0, err
		}
		from = o.settled
	}
	count := 0.
	_, err = cluster.KMeans{K: o.k(), Init: cluster.Given{Centers: from}, MaxIter: 4, Tol: -1, Threads: o.threads, Algorithm: cluster.Lloyd, WithoutInertia: true, Observer: func(i cluster.Iteration) {
		if i.Iteration > 1 {
			iteration += (i.Assign + i.Update).Seconds()
			assign += i.Assign.Seconds()
			count++
		}
	}}.Fit(context.Background(), o.tensor)
	return iteration / count, assign / count, err
}

// settle finds settled centers, once.
func (o *ours) settle() error {
	if o.settled != nil {
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	m, err := cluster.KMeans{K: o.k(), Init: cluster.Given{Centers: o.start}, Tol: -1, Threads: o.threads, WithoutInertia: true, Observer: func(i cluster.Iteration) {
		if i.Moved < int64(o.x.N/100) {
			cancel()
		}
	}}.Fit(ctx, o.tensor)
	if m == nil {
		return err
	}
	o.settled = m.Centers
	return nil
}
