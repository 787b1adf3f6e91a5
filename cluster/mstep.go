package cluster

import (
	"context"
	"fmt"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// MStep collects the statistics of k clusters: of the rows of x (N×D, float32 or
// float64) by label, with the given weights (nil is 1 for every row), on the
// given number of threads (0 is GOMAXPROCS). A row with a negative label is left
// out. Statistics.Centers turns them into the new centers. For statistics that
// are collected in parts, see NewStatistics.
//
// The error wraps ErrInput (not a float matrix, a number that is not finite, the
// wrong number of labels or weights, a label of k or more, a negative weight),
// ErrParameter (k < 1, threads < 0), kernel.ErrLevel, or is ctx's.
func MStep(ctx context.Context, x *tensor.Dense, labels []int32, weights []float64, k, threads int) (*Statistics, error) {
	if err := checkTensor("x", x); err != nil {
		return nil, err
	}
	if x.Dtype() == tensor.Float32 {
		return mStep[float32](ctx, x, labels, weights, k, threads)
	}
	return mStep[float64](ctx, x, labels, weights, k, threads)
}

func mStep[T element](ctx context.Context, xt *tensor.Dense, labels []int32, weights []float64, k, threads int) (*Statistics, error) {
	if err := checkThreads(threads); err != nil {
		return nil, err
	}
	crew := newCrew(threads)
	defer crew.close()
	p, err := newPortion[T](ctx, crew, xt, labels, weights, k)
	if err != nil {
		return nil, err
	}
	s, err := newStatistics(k, p.x.D, p.x.N, p.top, weights != nil, p.topWeight)
	if err != nil {
		return nil, err
	}
	if err := addAll(ctx, crew, s, p.x, labels, weights); err != nil {
		return nil, err
	}
	return s, nil
}

// portion is checked input of an M-step.
type portion[T element] struct {
	x              lloyd.Matrix[T]
	top, topWeight float64
}

func newPortion[T element](ctx context.Context, c *crew, xt *tensor.Dense, labels []int32, weights []float64, k int) (p portion[T], err error) {
	if _, err := lloyd.Level(); err != nil {
		return p, err
	}
	if p.x, err = rowsOf[T]("x", xt); err != nil {
		return p, err
	}
	if k < 1 {
		return p, fmt.Errorf("%w: K is %d; it must be at least 1", ErrParameter, k)
	}
	if len(labels) != p.x.N {
		return p, fmt.Errorf("%w: there are %d labels for %d rows", ErrInput, len(labels), p.x.N)
	}
	for i, l := range labels {
		if int(l) >= k {
			return p, fmt.Errorf("%w: the label of row %d is %d; labels are below K = %d", ErrInput, i, l, k)
		}
	}
	total, topWeight, _, err := weightTotals(weights, p.x.N)
	if err != nil {
		return p, err
	}
	p.topWeight = topWeight
	m, err := moments(ctx, c, "x", p.x, weights, false)
	if err != nil {
		return p, err
	}
	top, _ := m.Largest()
	p.top = float64(top)
	return p, checkProducts(p.top, p.x.D, total)
}

// checkThreads refuses a negative number of threads.
func checkThreads(threads int) error {
	if threads < 0 {
		return fmt.Errorf("%w: Threads is %d; it must be at least 1, or 0 for GOMAXPROCS", ErrParameter, threads)
	}
	return nil
}

// addAll adds all rows of x to s, in parallel.
func addAll[T element](ctx context.Context, c *crew, s *Statistics, x lloyd.Matrix[T], labels []int32, weights []float64) error {
	parts := make([]*Statistics, c.workers(x.N, x.D))
	parts[0] = s
	for i := range parts[1:] {
		parts[i+1] = s.like()
	}
	err := c.each(ctx, x.N, x.D, func(worker, from, to int) {
		must(add(parts[worker], x.Rows(from, to), labels[from:to], part(weights, from, to)))
	})
	for _, p := range parts[1:] {
		must(s.Merge(p))
	}
	return err
}

// part returns weights from to to−1, nil for nil.
func part(weights []float64, from, to int) []float64 {
	if weights == nil {
		return nil
	}
	return weights[from:to]
}
