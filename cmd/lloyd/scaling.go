package main

import (
	"errors"
	"math"

	"gorgonia.org/tensor"

	kernels "github.com/seed-fbf9ce71/lloyd"
)

// scaling brings each column to mean 0 and variance 1: x becomes (x − mean) /
// deviation, computed in float64 and rounded to the dtype of x. A column whose
// numbers are all the same becomes 0.
type scaling struct{ mean, deviation []float64 }

// scalingOf measures the rows of x, weighted if weights are not nil. It returns nil
// for rows with a number that is not finite, which a fit refuses and names.
func scalingOf(x *tensor.Dense, weights []float64) (*scaling, error) {
	n, d := x.Shape()[0], x.Shape()[1]
	if weights != nil && len(weights) != n {
		return nil, nil // the fit refuses that, too
	}
	if x.Dtype() == tensor.Float32 {
		return measure(kernels.Dense(x.Float32s(), n, d), weights)
	}
	return measure(kernels.Dense(x.Float64s(), n, d), weights)
}

func measure[T kernels.Float](x kernels.Matrix[T], weights []float64) (*scaling, error) {
	m := kernels.NewMoments(x.Row(0))
	if err := m.Add(x, weights); err != nil {
		return nil, err
	}
	if _, top := m.Largest(); top-top != 0 || m.Weight() == 0 {
		return nil, nil
	}
	s := &scaling{make([]float64, x.D), make([]float64, x.D)}
	for j := range x.D {
		s.mean[j], s.deviation[j] = m.Mean(j), math.Sqrt(m.Variance(j))
		if s.deviation[j] == 0 {
			s.deviation[j] = 1
		}
		if v := s.mean[j] + s.deviation[j]; v-v != 0 {
			return nil, errors.New("the numbers are too large to be standardized; scale them down first")
		}
	}
	return s, nil
}

// apply standardises the rows of x in place. Rows of another width are left to those
// who complain about it.
func (s *scaling) apply(x *tensor.Dense) {
	if s != nil && x.Shape()[1] == len(s.mean) {
		s.each(x, func(v, mean, deviation float64) float64 { return (v - mean) / deviation })
	}
}

// undo returns a copy of the rows of x in the units before.
func (s *scaling) undo(x *tensor.Dense) *tensor.Dense {
	if s == nil {
		return x
	}
	back := x.Clone().(*tensor.Dense)
	s.each(back, func(v, mean, deviation float64) float64 { return v*deviation + mean })
	return back
}

func (s *scaling) each(x *tensor.Dense, f func(v, mean, deviation float64) float64) {
	if x.Dtype() == tensor.Float32 {
		change(x.Float32s(), s, f)
	} else {
		change(x.Float64s(), s, f)
	}
}

// change puts f of each element of the rows in its place.
func change[T kernels.Float](rows []T, s *scaling, f func(v, mean, deviation float64) float64) {
	for d := len(s.mean); len(rows) > 0; rows = rows[d:] {
		for j, v := range rows[:d] {
			rows[j] = T(f(float64(v), s.mean[j], s.deviation[j]))
		}
	}
}
