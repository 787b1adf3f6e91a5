package cluster

import (
	"context"
	"fmt"
	"math"
	"time"

	"gorgonia.org/tensor"
)

// KScan helps to choose K: it fits the same rows with one K after another, and gives each
// clustering the usual scores. Every K is fitted by itself, to the same bits as by KMeans
// alone. A KScan is never changed by a fit, and any number of fits may run at the same
// time.
type KScan struct {
	// Ks are the numbers of clusters, each from 1 to the number of rows, the least
	// first: KRange(2, 20, 1), or any others. The elbow wants four or more.
	Ks []int
	// KMeans is the configuration of every fit. Its K must be 0, and its Init not a Given:
	// they change with K. Its Observer is called during each fit, its Threads are those
	// of the silhouettes, too.
	KMeans KMeans
	// Sample is how many rows the silhouette is measured of, against all rows: a random
	// sample, the same for every K; with as many as there are rows, or more, it is
	// exact. 0 is all of up to 5000 rows, and 1000 of more. It takes the distances of
	// Sample/K iterations; a negative number leaves it out, but for the simplified one,
	// which takes those of one iteration.
	Sample int
	// Models keeps the Model of each K in its KScore: 4 bytes a row for each.
	Models bool
	// Observer, when not nil, is called after every K, in order, on the calling
	// goroutine. The Model is in the KScore, whatever Models is.
	Observer func(KScore)
}

const (
	// scanExact is the number of rows up to which all are measured, if KScan.Sample is 0,
	// and scanSample how many of more.
	scanExact, scanSample = 5000, 1000
)

// KRange returns from, from+step, … up to to, for KScan.Ks; none if there are none, or
// step is below 1.
func KRange(from, to, step int) []int {
	var ks []int
	for k := from; k <= to && step > 0; k += step {
		ks = append(ks, k)
		if k > math.MaxInt-step {
			break
		}
	}
	return ks
}

// Fit fits the rows of x (N×D, float32 or float64) with each K, and scores the results.
// The scores of spherical fits are those of the rows brought to length 1. There are no
// weights: the scores have no rule for them.
//
// The errors wrap ErrParameter (a field is out of its range, or does not fit the rows),
// ErrInput (x is not a float matrix, is empty, or has a NaN or an infinity: the first is
// named), kernel.ErrLevel, metrics.ErrNotFinite (a distance between rows overflows), or
// what Init returns. After an error, also one that wraps ctx.Err(), the result holds the
// Ks that were done before; it is nil if there were none.
func (s KScan) Fit(ctx context.Context, x *tensor.Dense) (*KScanResult, error) {
	if err := checkTensor("x", x); err != nil {
		return nil, err
	}
	if x.Dtype() == tensor.Float32 {
		return scan[float32](ctx, s, x)
	}
	return scan[float64](ctx, s, x)
}

// check checks what does not depend on the rows.
func (s KScan) check() error {
	if len(s.Ks) == 0 {
		return fmt.Errorf("%w: Ks is empty; give the numbers of clusters, such as KRange(2, 20, 1)", ErrParameter)
	}
	for i, k := range s.Ks {
		if k < 1 {
			return fmt.Errorf("%w: Ks[%d] is %d; each K must be at least 1", ErrParameter, i, k)
		}
		if i > 0 && k <= s.Ks[i-1] {
			return fmt.Errorf("%w: Ks[%d] is %d, after %d; expected each K once, the least first", ErrParameter, i, k, s.Ks[i-1])
		}
	}
	if s.KMeans.K != 0 {
		return fmt.Errorf("%w: KMeans.K is %d; a KScan takes K from Ks, expected 0", ErrParameter, s.KMeans.K)
	}
	if _, given := s.KMeans.Init.(Given); given {
		return fmt.Errorf("%w: KMeans.Init is a Given, which is for one K; expected another one", ErrParameter)
	}
	for i, k := range s.KMeans.Frozen {
		if k >= s.Ks[0] {
			return fmt.Errorf("%w: KMeans.Frozen[%d] is %d; expected a center that each K has, below %d", ErrParameter, i, k, s.Ks[0])
		}
	}
	return nil
}

func scan[T element](ctx context.Context, s KScan, x *tensor.Dense) (*KScanResult, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	crew := newCrew(s.KMeans.Threads)
	defer crew.close()
	km := s.KMeans
	km.K = s.Ks[len(s.Ks)-1]
	all, err := newFit[T](ctx, crew, km, x, nil)
	if err != nil {
		return nil, err
	}
	sample := s.Sample
	switch {
	case sample == 0 && all.x.N <= scanExact:
		sample = all.x.N
	case sample == 0:
		sample = scanSample
	}
	result := &KScanResult{Measured: max(0, min(sample, all.x.N))}
	for _, k := range s.Ks {
		var score KScore
		if score, err = scanOne(ctx, *all, k, sample); err != nil {
			err = fmt.Errorf("K = %d: %w", k, err)
			break
		}
		result.Scores = append(result.Scores, score)
		if !s.Models {
			result.Scores[len(result.Scores)-1].Model = nil
		}
		if s.Observer != nil {
			s.Observer(score)
		}
	}
	if len(result.Scores) == 0 {
		return nil, err
	}
	result.choose()
	return result, err
}

// scanOne fits with one K and scores the result.
func scanOne[T element](ctx context.Context, f fit[T], k, sample int) (KScore, error) {
	start := time.Now()
	f.k = k
	m, err := f.best(ctx)
	if err != nil {
		return KScore{}, err
	}
	score := KScore{K: k, Inertia: m.Inertia, Iterations: m.Iterations, Stopped: m.Stopped, Empty: m.Empty, Model: m, FitTime: time.Since(start)}
	start = time.Now()
	err = judge(ctx, &score, m, f.x, sample, f.crew.threads, f.seed)
	score.ScoreTime = time.Since(start)
	return score, err
}
