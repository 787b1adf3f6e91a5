package cluster

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// Step is one iteration of KMeans.Steps: an E-step with the centers so far, and the
// M-step that follows it. Labels and Centers are for the body of the loop: they are
// those of the last step that was taken.
type Step struct {
	Number  int     // counts from 1
	Inertia float64 // Σ w·‖x−c‖² of the E-step; NaN if KMeans.WithoutInertia is set
	Shift   float64 // Σ‖c_new − c_old‖² of the M-step
	Moved   int64   // rows whose label the E-step changed

	labels  func() []int32
	centers func() *tensor.Dense
}

// Labels returns a copy of the labels that the E-step gave the rows, by the centers
// before this step.
func (s Step) Labels() []int32 { return s.labels() }

// Centers returns a copy of the centers that the M-step made of them, K×D in the dtype of
// the rows.
func (s Step) Centers() *tensor.Dense { return s.centers() }

// Steps runs the iterations of Fit one at a time, as a loop:
//
//	for step, err := range km.Steps(ctx, x) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(step.Number, step.Inertia, step.Centers())
//	}
//
// The loop ends where the run of Fit ends, or by break. It is one run: Restarts must be
// 0 or 1, and stands for 1; Refine must be 0. Settings and errors are otherwise those of Fit; an error,
// also that of a context that is done, comes last, with a Step of no use. Each loop
// over the same Steps starts anew.
func (km KMeans) Steps(ctx context.Context, x *tensor.Dense) iter.Seq2[Step, error] {
	return km.StepsWeighted(ctx, x, nil)
}

// StepsWeighted is Steps with a weight for each row, as in FitWeighted.
func (km KMeans) StepsWeighted(ctx context.Context, x *tensor.Dense, weights []float64) iter.Seq2[Step, error] {
	return func(yield func(Step, error) bool) {
		err := checkTensor("x", x)
		switch {
		case err != nil:
		case km.Restarts > 1:
			err = fmt.Errorf("%w: Restarts is %d; Steps is one run, expected 0 or 1", ErrParameter, km.Restarts)
		case km.Refine > 0:
			err = fmt.Errorf("%w: Refine is %d; Steps is one run, expected 0", ErrParameter, km.Refine)
		case x.Dtype() == tensor.Float32:
			err = steps[float32](ctx, km, x, weights, yield)
		default:
			err = steps[float64](ctx, km, x, weights, yield)
		}
		if err != nil && !errors.Is(err, errBreak) {
			yield(Step{}, err)
		}
	}
}

// errBreak is the cause of the end of a loop that the caller broke.
var errBreak = errors.New("the loop was broken")

func steps[T element](ctx context.Context, km KMeans, x *tensor.Dense, weights []float64, yield func(Step, error) bool) error {
	crew := newCrew(km.Threads)
	defer crew.close()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var r *run[T]
	observer := km.Observer
	km.Observer = func(note Iteration) {
		if observer != nil {
			observer(note)
		}
		step := Step{
			Number: note.Iteration, Inertia: note.Inertia, Shift: note.Shift, Moved: note.Moved,
			labels:  func() []int32 { return slices.Clone(r.labels) },
			centers: func() *tensor.Dense { return tensorOf(compact(r.centers)) },
		}
		if !yield(step, nil) {
			stop(errBreak)
		}
	}
	f, err := newFit[T](ctx, crew, km, x, weights)
	if err != nil {
		return err
	}
	var centers lloyd.Matrix[T]
	if centers, err = f.seeds(ctx, source(f.seed, 0)); err != nil {
		return err
	}
	if r, err = f.newRun(0, centers); err != nil {
		return err
	}
	if _, _, err := r.iterate(ctx); err != nil {
		if errors.Is(context.Cause(ctx), errBreak) {
			return errBreak
		}
		return fmt.Errorf("cluster: fit stopped: %w", err)
	}
	return nil
}
