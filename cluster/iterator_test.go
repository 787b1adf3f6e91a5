package cluster

import (
	"context"
	"math"
	"testing"

	"gorgonia.org/tensor"
)

// TestStepsAreFit: the steps are the iterations of Fit, one for one.
func TestStepsAreFit(t *testing.T) {
	for _, dt := range dtypes {
		r := random(70)
		x := matrixOf(dt, 5, blobs(r, 1500, 5, 6, 2)...)
		weights := each(1500, func(int) float64 { return float64(r.IntN(3)) })
		for _, w := range [][]float64{nil, weights} {
			for _, init := range inits(x, 6) {
				km := KMeans{K: 6, Init: init, Seed: 3, Restarts: 1, Tol: -1}
				var notes []Iteration
				km.Observer = func(i Iteration) { notes = append(notes, i) }
				want := mustFit(t, km, x, w)
				seen := 0
				km.Observer = func(i Iteration) { seen++ }
				var last Step
				for step, err := range km.StepsWeighted(t.Context(), x, w) {
					if err != nil {
						t.Fatal(err)
					}
					note := notes[step.Number-1]
					if step.Number != last.Number+1 || seen != step.Number || step.Inertia != note.Inertia || step.Shift != note.Shift || step.Moved != note.Moved {
						t.Fatalf("step %+v after step %d, observed %+v", step, last.Number, note)
					}
					labels := step.Labels() // of the centers before, which are those of a shorter fit
					if step.Number == 2 && note.Empty == 0 {
						short := km
						short.MaxIter, short.Observer = 1, nil
						m := mustFit(t, short, x, w)
						sameLabels(t, "labels of step 2", labels, m.Labels)
					}
					for i := range labels { // copies, to do with as one likes
						labels[i] = -7
					}
					last = step
				}
				sameLabels(t, "labels of the last step", last.Labels(), want.Labels)
				sameNumbers(t, "centers of the last step", last.Centers(), want.Centers)
				if last.Number != want.Iterations || want.Stopped != Converged {
					t.Errorf("%d steps, %d iterations, %v", last.Number, want.Iterations, want.Stopped)
				}
			}
		}
	}
}

// TestStepsBreak: a loop may be left, and begun anew.
func TestStepsBreak(t *testing.T) {
	x := matrix(4, noise(random(71), 900, 4)...)
	km := KMeans{K: 7, Init: Random{}, Tol: -1, Threads: 3}
	steps := km.Steps(t.Context(), x)
	for most := 1; most < 5; most++ {
		n := 0
		var centers *tensor.Dense
		for step, err := range steps {
			if err != nil {
				t.Fatal(err)
			}
			n, centers = step.Number, step.Centers()
			if n == most {
				break
			}
		}
		km.MaxIter, km.Restarts = most, 1
		sameNumbers(t, "centers", centers, mustFit(t, km, x, nil).Centers)
		if n != most {
			t.Errorf("%d steps, left after %d", n, most)
		}
	}
}

func TestStepsErrors(t *testing.T) {
	x := matrix(2, noise(random(1), 500, 2)...)
	for _, c := range []struct {
		km       KMeans
		x        *tensor.Dense
		weights  []float64
		sentinel error
		part     string
	}{
		{KMeans{K: 2, Restarts: 2}, x, nil, ErrParameter, "Restarts is 2"},
		{KMeans{K: 2, Refine: 1}, x, nil, ErrParameter, "Refine is 1"},
		{KMeans{}, x, nil, ErrParameter, "K is 0"},
		{KMeans{K: 2}, nil, nil, ErrInput, "nil"},
		{KMeans{K: 1}, matrix(2, 1, math.NaN()), nil, ErrInput, "NaN"},
		{KMeans{K: 2}, x, []float64{1}, ErrInput, "1 weights"},
		{KMeans{K: 2, Init: firstOnly}, x, nil, ErrInput, "1×2"},
	} {
		n := 0
		for step, err := range c.km.StepsWeighted(t.Context(), c.x, c.weights) {
			refused(t, "Steps", err, c.sentinel, c.part)
			if n++; n > 1 || step.Number != 0 {
				t.Errorf("%s: step %d", c.part, step.Number)
			}
		}
		if n != 1 {
			t.Errorf("%s: no error", c.part)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	for step, err := range (KMeans{K: 9, Tol: -1}).Steps(ctx, x) {
		if n++; n == 3 {
			canceled(t, "Steps", err)
		} else if err != nil || step.Number != n {
			t.Errorf("step %d: %v", n, err)
		}
		if n == 2 {
			cancel()
		}
	}
	if n != 3 {
		t.Errorf("%d rounds, canceled in the second", n)
	}
}

// TestWarmStart: from the centers of a model a fit goes on where that was cut off, and
// reaches what it would have; from a fit that was done, nothing changes (see
// TestFittedCentersStay).
func TestWarmStart(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 3, noise(random(72), 1200, 3)...)
		km := KMeans{K: 8, Tol: -1, Seed: 5}
		want := mustFit(t, km, x, nil)
		km.MaxIter = 4
		begun := mustFit(t, km, x, nil)
		km.MaxIter = 0
		km.Init = Given{begun.Centers}
		ended := mustFit(t, km, x, nil)
		if ended.Iterations != want.Iterations-4 {
			t.Errorf("%v: %d iterations after 4, at once %d", dt, ended.Iterations, want.Iterations)
		}
		ended.Iterations = want.Iterations
		sameModel(t, "in two fits", ended, want)
		// With centers of the other dtype, and of MiniBatch.
		for _, m := range []*Model{
			mustFit(t, KMeans{K: 8, Seed: 5}, matrixOf(tensor.Float32, 3, numbers(t, x)...), nil),
			mustFitBatches(t, MiniBatch{K: 8}, x, nil),
		} {
			coherent(t, mustFit(t, KMeans{K: 8, Init: Given{m.Centers}}, x, nil), x, nil)
		}
	}
}
