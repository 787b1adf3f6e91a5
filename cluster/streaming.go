package cluster

import (
	"context"
	"fmt"
	"math"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// Streaming is k-means of rows that are never in memory together: every pass reads them
// anew from a Source. The result is that of the KMeans, to the bit, for any blocks in
// which the rows come: initial centers, iterations, labels, centers and inertia.
//
// Besides what the Source itself takes, a fit needs two windows of rows, some copies of
// the centers for each thread, and for each row 4 bytes for its label, unless
// WithoutLabels is set, and 8 for its weight, if it has one. While initial centers are
// chosen, KMeansPlusPlus without an InitSize needs 4 more bytes a row (8 in float64) and
// 1/6 byte for each of its candidates, Random with weights as much as a row's element,
// and an InitSize with weights 8 bytes a row.
//
// A fit makes one pass to check the rows, one for each iteration, and a last one if the
// labels are not yet those of the last centers; two more in an iteration in which clusters
// are empty, and one at the beginning if Source.Rows is -1. KMeansPlusPlus makes up
// to 3 passes for each center, and Random one in all: for many centers, InitSize is the
// faster way. The next window is read while one is computed with; what an Observer is
// told of the time of an E-step includes waiting for it.
type Streaming struct {
	// KMeans has the settings. Memory has no part in it; Refine must be 0, and Algorithm
	// Auto or Lloyd, because bounds would not save the reading. Init may be an InitFunc,
	// KMeansParallel or AFKMC2 only with an InitSize.
	KMeans KMeans
	// InitSize is the number of rows, at least K, that initial centers are chosen from:
	// drawn at random by their weight, for each run anew, and read in one pass, into
	// memory. 0 is all rows, as KMeans has it, read in many passes. It has no part in
	// Given.
	InitSize int
	// Window is about how many bytes of rows are read at a time; at least 256 rows are.
	// 0 is 4 MiB, and up to 32 MiB for many threads.
	Window int
	// WithoutLabels keeps no label for each row, so that the memory does not depend on
	// the number of rows. The model has no Labels then, and an Observer is told that -1
	// rows were moved; nothing else changes.
	WithoutLabels bool
}

// Fit clusters the rows of src.
//
// Errors are those of KMeans.Fit, and the error of src. ErrInput also covers a source
// that gives other rows in one pass than in another, or not as many as it says. When ctx
// is done, which is looked at between blocks, Fit makes a last pass and returns the best
// state so far, as KMeans.Fit does, with an error that wraps ctx.Err(). When src
// fails after the first iteration, the model that comes with the error has the last
// centers, but no Labels and Counts, and the Inertia of the pass before; it is whole, of an
// earlier run, if there was one.
func (s Streaming) Fit(ctx context.Context, src Source) (*Model, error) {
	return s.FitWeighted(ctx, src, nil)
}

// FitWeighted is Fit with a weight for each row, as in KMeans.FitWeighted.
func (s Streaming) FitWeighted(ctx context.Context, src Source, weights []float64) (*Model, error) {
	if err := checkSource(src); err != nil {
		return nil, err
	}
	if src.Dtype() == tensor.Float32 {
		return fitSource[float32](ctx, s, src, weights)
	}
	return fitSource[float64](ctx, s, src, weights)
}

func fitSource[T element](ctx context.Context, s Streaming, src Source, weights []float64) (*Model, error) {
	if _, err := lloyd.Level(); err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	crew := newCrew(s.KMeans.Threads)
	defer crew.close()
	km := s.KMeans
	km.Memory = -1 // no bounds of pairs
	p := newPasses[T](src, km.Spherical, s.Window, crew.threads)
	f := &fit[T]{source: p, weights: weights, crew: crew, unlabeled: s.WithoutLabels, initSize: s.InitSize}
	if p.n < 0 && weights != nil {
		p.n = len(weights)
	}
	if p.n < 0 {
		f.x = lloyd.Matrix[T]{N: math.MaxInt, D: p.d, LD: p.d}
		if err := f.settings(km, math.MaxInt); err != nil { // before the rows are counted
			return nil, err
		}
		if err := p.pass(ctx, func(window[T]) error { return nil }); err != nil {
			return nil, err
		}
	}
	f.x = lloyd.Matrix[T]{N: p.n, D: p.d, LD: p.d}
	if err := f.prepare(ctx, km); err != nil {
		return nil, err
	}
	return f.best(ctx)
}

// check checks what Streaming has besides KMeans, and what it has not.
func (s Streaming) check() error {
	km := s.KMeans
	var inMemory bool // rows to choose from
	switch km.Init.(type) {
	case InitFunc, KMeansParallel, AFKMC2:
		inMemory = true
	}
	switch {
	case s.InitSize < 0:
		return fmt.Errorf("%w: InitSize is %d; it must be at least K, or 0 for all rows", ErrParameter, s.InitSize)
	case s.InitSize > 0 && s.InitSize < km.K:
		return fmt.Errorf("%w: InitSize is %d, but K is %d; it must be at least K, or 0 for all rows", ErrParameter, s.InitSize, km.K)
	case s.Window < 0:
		return fmt.Errorf("%w: Window is %d; it must be at least 1, or 0 for the usual size", ErrParameter, s.Window)
	case inMemory && s.InitSize == 0:
		return fmt.Errorf("%w: Init is a %T, which needs rows in memory; set InitSize to the number of rows that it is to choose from", ErrParameter, km.Init)
	case km.Refine > 0:
		return fmt.Errorf("%w: Refine is %d; Streaming does not refine, expected 0", ErrParameter, km.Refine)
	case km.Algorithm != Auto && km.Algorithm != Lloyd:
		return fmt.Errorf("%w: Algorithm is %v, whose bounds would not save the reading of rows; expected Auto or Lloyd", ErrParameter, km.Algorithm)
	}
	return nil
}
