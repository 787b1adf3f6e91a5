package cluster

import (
	"context"
	"time"

	"gorgonia.org/tensor"
)

// KMeans is the configuration of a k-means fit. The zero value of every field
// but K is a sensible choice. A KMeans is never changed by a fit, and any
// number of fits may run at the same time.
type KMeans struct {
	// K is the number of clusters, from 1 to the number of rows.
	K int
	// Init chooses the initial centers; nil is KMeansPlusPlus{}.
	Init Init
	// Spherical clusters the rows by their direction (Dhillon and Modha, "Concept
	// Decompositions for Large Sparse Text Data Using Clustering", 2001): rows are
	// brought to length 1, each goes to the center with the greatest cosine, and the
	// centers are brought to length 1 after each M-step. Of such rows and centers
	// ‖x−c‖² is 2 − 2·cosine, so that all that is said of distances holds. It takes a
	// copy of the rows; a row of zeros, which has no direction, is an error.
	Spherical bool
	// Frozen are the indices of centers that stay where they are, while rows are
	// assigned to them as to all others; they take part in no relocation of empty
	// clusters. Init must be Given or an InitFunc then.
	Frozen []int
	// Algorithm chooses how the nearest centers are found; it changes the speed and
	// nothing else. The zero value, Auto, is a choice by measurement.
	Algorithm Algorithm
	// Memory is how many bytes Auto may use for bounds of pairs or tiles, for a contraction of
	// the rows, and for integers of them, each, besides the 16 to 40 a row and the copies of
	// the centers that a fit always takes. 0 is half the size of the rows, or 64 MiB if that is more; negative is none.
	// A fit of milliseconds leaves this memory to the next one, till the collector takes it.
	Memory int64
	// Restarts is the number of runs from different seeds, of which the one with
	// the least inertia is kept. 0 is 10 for Random and InitFunc, 1 for the others.
	// Given always runs once.
	Restarts int
	// MaxIter is the most iterations of a run; 0 is 300.
	MaxIter int
	// Refine goes on from the best run by breathing k-means (Fritzke, "The Breathing
	// K-Means Algorithm", 2020): this many centers are added where the inertia is
	// largest, Lloyd's algorithm runs, as many are taken away where that costs least,
	// it runs again, and so on; the number falls by one each time that the inertia
	// falls by less than 1/10000. It takes some ten times as long as one run, and often
	// finds what hundreds of Restarts do not. 0 is not to; 5 is a good choice. The
	// Observer is not told of it. It cannot be had together with Frozen.
	Refine int
	// Tol stops a run when Σ‖c_new − c_old‖² over all centers is at most Tol
	// times the mean over the columns of their (weighted, population) variance.
	// 0 is 1e-4. A negative Tol switches the rule off: the run goes on until no
	// row changes its cluster, or the centers stand still.
	Tol float64
	// AbsTol stops a run when that sum, in squared units of the data, is at most AbsTol,
	// whatever the variance is; the first of the two rules that holds does. 0 is none.
	AbsTol float64
	// Seed determines every random choice. The same data, configuration and Seed
	// give the same result, to the bit, whatever Threads is and on every kernel
	// level.
	Seed uint64
	// Threads is the number of threads used; 0 is GOMAXPROCS.
	Threads int
	// Observer, when not nil, is called after every iteration, in order, on the
	// calling goroutine. It costs the distances to own centers, for the inertia,
	// unless WithoutInertia is set.
	Observer func(Iteration)
	// WithoutInertia tells the Observer no inertia (it is NaN then), so that
	// iterations take no longer than without an Observer.
	WithoutInertia bool
}

// Iteration is what an Observer is told about one iteration: an E-step with the
// centers so far, and the M-step that follows it.
type Iteration struct {
	Restart   int           // counts from 0
	Iteration int           // counts from 1
	Inertia   float64       // Σ w·‖x−c‖² of the E-step; NaN if KMeans.WithoutInertia is set
	Shift     float64       // Σ‖c_new − c_old‖² of the M-step
	Moved     int64         // rows whose label the E-step changed; −1 with Streaming.WithoutLabels
	Empty     int           // clusters without a row after the E-step, before relocation
	Relocated int           // centers that MiniBatch moved to rows of the batch
	Engine    string        // of the E-step: kernel, hamerly, elkan, tiles, contraction or gaps
	Pruned    int64         // rows whose label bounds proved, without a look at other centers
	Pairs     int64         // distances that bounds of pairs, or a contraction, left to compute, of N·K
	Integers  int64         // rows that integers of 8 or 16 bits ranked
	Listed    int64         // distances that those of 8 bits left to compute
	Open      int64         // those of them that had to be ranked in floating point
	Direct    int64         // rows whose label took the distances to all centers
	Assign    time.Duration // of the E-step: nearest centers and inertia
	Update    time.Duration // of the M-step: sums, means and centers
	Elapsed   time.Duration // since this run's first iteration began
}

// StopReason says why a run ended.
type StopReason uint8

const (
	// Converged: an E-step changed no label, or an M-step moved no center.
	Converged StopReason = iota
	// WithinTol: the centers moved by no more than Tol allows.
	WithinTol
	// MaxIterations: MaxIter was reached first.
	MaxIterations
	// Canceled: the context was done, or a Source failed. The model is the best state so
	// far.
	Canceled
	// NoImprovement: the inertia of MiniBatch's batches has not fallen any more.
	NoImprovement
	// RowsEnded: MiniBatch.FitBlocks has had all rows.
	RowsEnded
)

// String returns the reason in words.
func (s StopReason) String() string {
	switch s {
	case Converged:
		return "converged"
	case WithinTol:
		return "within tolerance"
	case MaxIterations:
		return "maximum of iterations reached"
	case Canceled:
		return "canceled"
	case NoImprovement:
		return "no improvement"
	case RowsEnded:
		return "end of the rows"
	}
	return "unknown"
}

// Model is the result of a fit, or was loaded or made from centers. It is safe
// for concurrent use as long as its fields are not changed.
type Model struct {
	// Centers is K×D, with the dtype of the rows it was fitted to.
	Centers *tensor.Dense
	// Labels is the cluster of each row that the model was fitted to, equal to
	// what Predict returns for them; nil for a loaded model, one of Tree.Model or
	// FromCenters, with WithoutLabels of MiniBatch or Streaming, and after
	// MiniBatch.FitBlocks.
	Labels []int32
	// Counts is the number of rows with each label, rows of weight 0 included; nil for
	// a model of FromCenters, with MiniBatch.WithoutLabels, and after MiniBatch.FitBlocks.
	Counts []int64
	// Spherical says that rows are brought to length 1, by Predict, Transform and
	// Score too, before distances are taken; the centers have length 1.
	Spherical bool
	// Inertia is Σ w·‖x−c‖² over the rows, c the center of the row's label: the
	// squared differences in the dtype of the rows, their sum in float64.
	Inertia float64
	// Won is the part of the inertia that KMeans.Refine took off.
	Won float64
	// Iterations is the number of iterations of the run that was kept, and of all runs
	// of KMeans.Refine.
	Iterations int
	// Stopped says why that run ended; it is Canceled whenever the fit was, also
	// when the run that was kept had ended by itself.
	Stopped StopReason
	// Empty is the number of clusters that no row has as its label.
	Empty int
	// Distinct is the number of distinct centers.
	Distinct int
	// Restart is the run that was kept, counting from 0.
	Restart int
	// SeedTime and IterateTime are the time spent on initial centers and on
	// iterations, over all runs.
	SeedTime, IterateTime time.Duration
	// Threads is the number of threads that Predict, Transform and Score use; 0 is
	// GOMAXPROCS. A fit leaves it 0, and Save does not keep it.
	Threads int

	cache  *packedCenters
	stream *stream // of MiniBatch
}

// Converged reports whether the run ended because it was done rather than
// because it was cut off.
func (m *Model) Converged() bool {
	return m.Stopped == Converged || m.Stopped == WithinTol || m.Stopped == NoImprovement
}

// Fit clusters the rows of x (N×D, float32 or float64). x may be a view,
// transposed or column-major; row-major data is not copied, and nothing is
// changed.
//
// The errors wrap ErrParameter (a field of km is out of its range, or N < K),
// ErrInput (x is not a float matrix, is empty, or has a NaN or an infinity: the
// first is named), kernel.ErrLevel, or what Init returns. When ctx is done, Fit returns the best
// state so far together with an error that wraps ctx.Err(); the model is nil if
// there was none yet.
func (km KMeans) Fit(ctx context.Context, x *tensor.Dense) (*Model, error) {
	return km.FitWeighted(ctx, x, nil)
}

// FitPredict fits and returns the labels of x: those of the Model of Fit.
func (km KMeans) FitPredict(ctx context.Context, x *tensor.Dense) ([]int32, error) {
	m, err := km.Fit(ctx, x)
	if m == nil {
		return nil, err
	}
	return m.Labels, err
}
