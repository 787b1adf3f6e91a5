package cluster

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// Init is a way to choose the initial centers: KMeansPlusPlus, KMeansParallel, AFKMC2,
// Random, Given or InitFunc.
type Init interface {
	// restarts is the number of runs that KMeans.Restarts = 0 stands for.
	restarts() int
}

// KMeansPlusPlus chooses rows as centers, each with a probability proportional
// to its weight times the squared distance to the nearest center chosen before
// (Arthur and Vassilvitskii, "k-means++: The Advantages of Careful Seeding",
// 2007, §2.2), the best of several candidates each time (their §7: the greedy
// form). Rows of weight 0 are never chosen. When fewer than K rows are distinct,
// the remaining centers repeat rows.
type KMeansPlusPlus struct {
	// Candidates is the number of candidates for each center; 0 is 2+⌊ln K⌋, and
	// 1 the plain form.
	Candidates int
}

// Random chooses K different rows, each row with a probability proportional to
// its weight. Rows of weight 0 are never chosen.
type Random struct{}

// Given starts from the given centers, K×D in float32 or float64. They are
// copied, and converted to the dtype of the rows. Given{model.Centers} goes on from
// where an earlier fit ended, with the same rows or others.
type Given struct{ Centers *tensor.Dense }

// InitFunc returns initial centers, k×D in float32 or float64, for the rows x
// (N×D), which it must not change. r is the random source of the run. An error is
// passed on.
type InitFunc func(ctx context.Context, x *tensor.Dense, k int, r *rand.Rand) (*tensor.Dense, error)

func (KMeansPlusPlus) restarts() int { return 1 }
func (Random) restarts() int         { return 10 }
func (Given) restarts() int          { return 1 }
func (InitFunc) restarts() int       { return 10 }

// source returns the random source of run number restart: PCG with the seed and
// the run as its two words, so that a run does not depend on those before it.
func source(seed uint64, restart int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, uint64(restart)))
}

// seeds returns the initial centers of one run, without gaps.
func (f *fit[T]) seeds(ctx context.Context, r *rand.Rand) (lloyd.Matrix[T], error) {
	switch init := f.init.(type) {
	case KMeansPlusPlus:
		return f.plusPlus(ctx, init.Candidates, r)
	case KMeansParallel:
		return f.parallel(ctx, init, r)
	case AFKMC2:
		return f.markov(ctx, init, r)
	case Random:
		return f.random(r), nil
	case Given:
		return f.given("the matrix of the initial centers", init.Centers)
	case InitFunc:
		c, err := init(ctx, f.tensor, f.k, r)
		if err != nil {
			return lloyd.Matrix[T]{}, fmt.Errorf("cluster: InitFunc: %w", err)
		}
		return f.given("what InitFunc returned", c)
	}
	panic(fmt.Sprintf("unreachable: %T", f.init))
}

// given checks centers that came from outside and returns a copy.
func (f *fit[T]) given(name string, t *tensor.Dense) (lloyd.Matrix[T], error) {
	if err := checkTensor(name, t); err != nil {
		return lloyd.Matrix[T]{}, err
	}
	if s := t.Shape(); s[0] != f.k || s[1] != f.x.D {
		return lloyd.Matrix[T]{}, fmt.Errorf("%w: %s: shape %d×%d, expected K×D = %d×%d", ErrInput, name, s[0], s[1], f.k, f.x.D)
	}
	if t.Dtype() == tensor.Float32 {
		return givenAs[T, float32](name, t, f.spherical)
	}
	return givenAs[T, float64](name, t, f.spherical)
}

func givenAs[T, S element](name string, t *tensor.Dense, unit bool) (lloyd.Matrix[T], error) {
	m, err := rowsOf[S](name, t)
	if err != nil {
		return lloyd.Matrix[T]{}, err
	}
	if err := notFinite(name, m); err != nil {
		return lloyd.Matrix[T]{}, err
	}
	var top float64
	for i := range m.N {
		for _, v := range m.Row(i) {
			top = max(top, math.Abs(float64(v)))
		}
	}
	c := compact(convert[T](m))
	if err := tooLarge[T](name, top, m.D); err != nil || !unit {
		return c, err
	}
	for k := range c.N {
		if !unitInto(c.Row(k), c.Row(k)) {
			return c, fmt.Errorf("%w: %s: row %d (counting from 0) is all zeros and has no direction", ErrInput, name, k)
		}
	}
	return c, nil
}
