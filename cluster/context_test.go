package cluster

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"gorgonia.org/tensor"
)

// countdown is a context that is canceled by being asked often enough.
type countdown struct {
	context.Context
	left atomic.Int64
}

func (c *countdown) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

func canceled(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("%s: %v, want one that wraps %v", what, err, context.Canceled)
	}
}

func TestCanceledBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	x := matrix(2, noise(random(1), 300, 2)...)
	for _, init := range inits(x, 3) {
		m, err := KMeans{K: 3, Init: init}.Fit(ctx, x)
		canceled(t, "Fit", err)
		if m != nil {
			t.Errorf("%T: a model of nothing", init)
		}
		if labels, err := (KMeans{K: 3, Init: init}).FitPredict(ctx, x); labels != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("%T: %v, %v", init, labels, err)
		}
	}
	m := mustFit(t, KMeans{K: 3}, x, nil)
	labels, err := m.Predict(ctx, x)
	canceled(t, "Predict", err)
	distances, err := m.Transform(ctx, x)
	canceled(t, "Transform", err)
	_, err = m.Score(ctx, x)
	canceled(t, "Score", err)
	a, err := EStep(ctx, x, m.Centers, 1)
	canceled(t, "EStep", err)
	s, err := MStep(ctx, x, m.Labels, nil, 3, 1)
	canceled(t, "MStep", err)
	if labels != nil || distances != nil || a != nil || s != nil {
		t.Errorf("results came with the errors: %v %v %v %v", labels, distances, a, s)
	}
}

// TestCanceledAnywhere cancels at every point at which the context is asked:
// there is no model before the first iteration ended, and a coherent one after.
func TestCanceledAnywhere(t *testing.T) {
	x := matrix(3, blobs(random(2), 1500, 3, 6, 2)...)
	for _, init := range inits(x, 6)[:4] {
		for _, threads := range []int{1, 3} {
			km := KMeans{K: 6, Init: init, Restarts: 2, Threads: threads, Tol: -1}
			step, models := int64(1), 0
			for left := int64(0); ; left += step {
				ctx := &countdown{Context: t.Context()}
				ctx.left.Store(left)
				m, err := km.Fit(ctx, x)
				if err == nil {
					if m.Stopped == Canceled || !m.Converged() {
						t.Fatalf("%T: no error, but %v", init, m.Stopped)
					}
					coherent(t, m, x, nil)
					break
				}
				canceled(t, "Fit", err)
				if m != nil {
					models++
					if m.Stopped != Canceled || m.Converged() || m.Iterations < 1 {
						t.Fatalf("%T after %d questions: %v after %d iterations", init, left, m.Stopped, m.Iterations)
					}
					coherent(t, m, x, nil)
				}
				if left > 60 {
					step = 7
				}
			}
			if models == 0 {
				t.Errorf("%T: no model in any canceled fit", init)
			}
		}
	}
}

// TestCanceledDuringSeeding: of the first run there is nothing, of the second
// the first run's model.
func TestCanceledDuringSeeding(t *testing.T) {
	x := matrix(2, noise(random(3), 300, 2)...)
	for last := range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		calls := 0
		km := KMeans{K: 3, Restarts: 4, Init: InitFunc(func(ctx context.Context, x *tensor.Dense, k int, r *rand.Rand) (*tensor.Dense, error) {
			if calls++; calls > last {
				cancel()
				return nil, ctx.Err()
			}
			return pick(x, r.Perm(300)[:k]...), nil
		})}
		m, err := km.Fit(ctx, x)
		canceled(t, "Fit", err)
		if last == 0 {
			if m != nil {
				t.Errorf("a model of nothing")
			}
			continue
		}
		calls = -1000
		km.Restarts = last
		want := mustFit(t, km, x, nil)
		want.Stopped = Canceled
		sameModel(t, "the runs that ended", m, want)
	}
}

// TestCanceledByObserver: the state after that iteration comes back, which is
// the one that MaxIter gives.
func TestCanceledByObserver(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 4, noise(random(4), 2000, 4)...)
		for _, at := range []int{1, 2, 5} {
			ctx, cancel := context.WithCancel(t.Context())
			km := KMeans{K: 9, Tol: -1, Init: Given{pick(x, upTo(9)...)}, Observer: func(i Iteration) {
				if i.Iteration == at {
					cancel()
				}
			}}
			m, err := km.Fit(ctx, x)
			canceled(t, "Fit", err)
			coherent(t, m, x, nil)
			km.Observer, km.MaxIter = nil, at
			want := mustFit(t, km, x, nil)
			want.Stopped = Canceled
			sameModel(t, "canceled", m, want)
			labels, err := KMeans{K: 9, Tol: -1, Init: km.Init, Observer: func(Iteration) { cancel() }}.FitPredict(t.Context(), x)
			if err != nil || len(labels) != 2000 {
				t.Errorf("another context: %v", err)
			}
		}
		// Canceled when it is all over: no error.
		ctx, cancel := context.WithCancel(t.Context())
		m, err := KMeans{K: 1, Observer: func(i Iteration) {
			if i.Iteration == 2 {
				cancel()
			}
		}, Tol: -1}.Fit(ctx, x)
		if err != nil || m.Stopped != Converged {
			t.Errorf("%v, %v", m, err)
		}
	}
}

func TestDeadline(t *testing.T) {
	x := matrix(4, noise(random(5), 2000, 4)...)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	m, err := KMeans{K: 9, Tol: -1, Observer: func(i Iteration) {
		if i.Iteration == 3 {
			<-ctx.Done()
		}
	}}.Fit(ctx, x)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("%v", err)
	}
	if m == nil { // a very slow machine: the time was over before
		t.Skip("20 ms were not enough for an iteration")
	}
	if m.Stopped != Canceled || m.Iterations > 3 {
		t.Errorf("%v after %d iterations", m.Stopped, m.Iterations)
	}
	coherent(t, m, x, nil)
}
