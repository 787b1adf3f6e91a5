package cluster

import (
	"context"
	"fmt"
	"math"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// Assignment is the result of an E-step.
type Assignment struct {
	// Labels is the index of the nearest center of each row, the lowest on ties.
	Labels []int32
	// SquaredDistances is the squared Euclidean distance of each row to that
	// center, in a tensor of N elements with the dtype of the rows.
	SquaredDistances *tensor.Dense
	// Inertia is the sum of the squared distances, in float64.
	Inertia float64
}

// EStep assigns each row of x (N×D) to the nearest of the centers (K×D, of the
// same dtype), by blocks of rows on the given number of threads (0 is
// GOMAXPROCS). Neither argument is changed or, if it is row-major, copied.
//
// The error wraps ErrInput (not a float matrix, D or dtype different, a number
// that is not finite), ErrParameter (threads < 0), kernel.ErrLevel, or is ctx's.
func EStep(ctx context.Context, x, centers *tensor.Dense, threads int) (*Assignment, error) {
	if err := checkTensor("x", x); err != nil {
		return nil, err
	}
	if err := checkTensor("the matrix of centers", centers); err != nil {
		return nil, err
	}
	if x.Dtype() != centers.Dtype() {
		return nil, fmt.Errorf("%w: x is %v and the centers are %v; convert one to the other's dtype", ErrInput, x.Dtype(), centers.Dtype())
	}
	if x.Dtype() == tensor.Float32 {
		return eStep[float32](ctx, x, centers, threads)
	}
	return eStep[float64](ctx, x, centers, threads)
}

func eStep[T element](ctx context.Context, xt, ct *tensor.Dense, threads int) (*Assignment, error) {
	if err := checkThreads(threads); err != nil {
		return nil, err
	}
	x, err := rowsOf[T]("x", xt)
	if err != nil {
		return nil, err
	}
	centers, err := rowsOf[T]("the matrix of centers", ct)
	if err != nil {
		return nil, err
	}
	if err := checkCenters(centers, x.D); err != nil {
		return nil, err
	}
	packed, err := lloyd.PackCenters(centers)
	if err != nil {
		return nil, err
	}
	a := &Assignment{Labels: make([]int32, x.N)}
	dist := make([]T, x.N)
	c := newCrew(threads)
	defer c.close()
	a.Inertia, err = (&assigner[T, T]{crew: c}).assign(ctx, packed, x, nil, a.Labels, dist)
	if err != nil {
		return nil, err
	}
	a.SquaredDistances = tensor.New(tensor.WithShape(x.N), tensor.WithBacking(dist))
	return a, nil
}

// checkCenters checks that the centers have d columns and are finite.
func checkCenters[T element](centers lloyd.Matrix[T], d int) error {
	if centers.D != d {
		return fmt.Errorf("%w: the rows have %d columns, the centers have %d; both must have the same", ErrInput, d, centers.D)
	}
	return notFinite("the matrix of centers", centers, 0)
}

// scratch is what one worker needs for a block.
type scratch[T element] struct {
	work   lloyd.Workspace[T]
	labels [blockRows]int32
	dist   [blockRows]T
	rows   []T // converted rows
}

// assigner assigns rows of dtype S to centers of dtype T. It keeps its scratch memory
// from call to call.
type assigner[T, S element] struct {
	crew    *crew
	unit    bool // the rows are brought to length 1 first
	workers []scratch[T]
}

// assign sets labels and, unless nil, dist for all rows of x and
// returns the inertia; nil weights are 1. A row without a center at a finite distance is
// an error that wraps ErrInput.
func (a *assigner[T, S]) assign(ctx context.Context, centers *lloyd.Centers[T], x lloyd.Matrix[S], weights []float64, labels []int32, dist []T) (float64, error) {
	operations := centers.K() * centers.D()
	if n := a.crew.workers(x.N, operations); n > len(a.workers) {
		a.workers = make([]scratch[T], n)
	}
	sums := make([]float64, blocks(x.N))
	lost := make([]bool, blocks(x.N))
	err := a.crew.each(ctx, x.N, operations, func(worker, from, to int) {
		w := &a.workers[worker]
		d := w.dist[:to-from]
		if dist != nil {
			d = dist[from:to]
		}
		must(centers.Nearest(labels[from:to], d, blockOf(w, x, from, to, a.unit), &w.work))
		sums[from/blockRows] = sumDistances(d, part(weights, from, to))
		for _, l := range labels[from:to] {
			lost[from/blockRows] = lost[from/blockRows] || l < 0
		}
	})
	if err != nil {
		return 0, err
	}
	for _, l := range lost {
		if l {
			return 0, lostRow(x, labels, a.unit)
		}
	}
	return sumBlocks(sums), nil
}

// blockOf returns rows from to to−1 of x in the dtype of the scratch memory, of length 1
// if unit is set; then those without a direction are NaNs.
func blockOf[T, S element](w *scratch[T], x lloyd.Matrix[S], from, to int, unit bool) lloyd.Matrix[T] {
	b := x.Rows(from, to)
	if unit {
		if w.rows == nil {
			w.rows = make([]T, blockRows*x.D)
		}
		units := lloyd.Dense(w.rows, to-from, x.D)
		for i := range b.N {
			if row := units.Row(i); !unitInto(row, b.Row(i)) {
				row[0] = T(math.NaN())
			}
		}
		return units
	}
	if same, ok := any(b).(lloyd.Matrix[T]); ok {
		return same
	}
	if w.rows == nil {
		w.rows = make([]T, blockRows*x.D)
	}
	convertInto(w.rows, b)
	return lloyd.Dense(w.rows, to-from, x.D)
}

// lostRow returns the error about the first row that has no nearest center.
func lostRow[T element](x lloyd.Matrix[T], labels []int32, unit bool) error {
	if err := notFinite("x", x, 0); err != nil {
		return err
	}
	for i, l := range labels {
		if l < 0 && unit {
			return noDirection(i)
		}
		if l < 0 {
			return fmt.Errorf("%w: row %d of x (counting from 0) is too far from every center for a squared distance in %T; scale the data down%s", ErrInput, i, T(0), orFloat64[T]())
		}
	}
	return nil
}

// sumDistances returns Σ w·dist in float64; nil weights are 1. Four partial sums
// keep the additions from waiting for each other.
func sumDistances[T element](dist []T, weights []float64) float64 {
	var s0, s1, s2, s3 float64
	i := 0
	if weights == nil {
		for ; i+3 < len(dist); i += 4 {
			s0 += float64(dist[i])
			s1 += float64(dist[i+1])
			s2 += float64(dist[i+2])
			s3 += float64(dist[i+3])
		}
		for ; i < len(dist); i++ {
			s0 += float64(dist[i])
		}
		return (s0 + s1) + (s2 + s3)
	}
	weights = weights[:len(dist)]
	for ; i+3 < len(dist); i += 4 {
		s0 += float64(weights[i] * float64(dist[i]))
		s1 += float64(weights[i+1] * float64(dist[i+1]))
		s2 += float64(weights[i+2] * float64(dist[i+2]))
		s3 += float64(weights[i+3] * float64(dist[i+3]))
	}
	for ; i < len(dist); i++ {
		s0 += float64(weights[i] * float64(dist[i]))
	}
	return (s0 + s1) + (s2 + s3)
}
