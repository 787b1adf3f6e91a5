package cluster

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync/atomic"
	"unsafe"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// FromCenters returns a model with the given centers (K×D, K and D at least 1,
// float32 or float64), which are copied: for Predict, Transform and Score
// without a fit. The error wraps ErrInput.
func FromCenters(centers *tensor.Dense) (*Model, error) {
	if err := checkTensor("the matrix of centers", centers); err != nil {
		return nil, err
	}
	if centers.Dtype() == tensor.Float32 {
		return fromCenters[float32](centers)
	}
	return fromCenters[float64](centers)
}

func fromCenters[T element](t *tensor.Dense) (*Model, error) {
	m, err := rowsOf[T]("the matrix of centers", t)
	if err != nil {
		return nil, err
	}
	if err := notFinite("the matrix of centers", m, 0); err != nil {
		return nil, err
	}
	c := compact(m)
	return centersModel(c, 0), nil
}

// newModel returns a model of fitted rows; the caller adds how the fit went.
func newModel[T element](centers lloyd.Matrix[T], labels []int32, counts []int64, inertia float64) *Model {
	m := centersModel(centers, inertia)
	m.Labels, m.Counts = labels, counts
	for _, n := range counts {
		if n == 0 {
			m.Empty++
		}
	}
	return m
}

// centersModel returns a model that knows no rows.
func centersModel[T element](centers lloyd.Matrix[T], inertia float64) *Model {
	return &Model{Centers: tensorOf(centers), Inertia: inertia, Distinct: distinct(centers), cache: new(packedCenters)}
}

// countLabels returns the number of rows with each of k labels.
func countLabels(labels []int32, k int) []int64 {
	counts := make([]int64, k)
	for _, l := range labels {
		counts[l]++
	}
	return counts
}

// K returns the number of clusters.
func (m *Model) K() int { return m.Centers.Shape()[0] }

// D returns the number of columns.
func (m *Model) D() int { return m.Centers.Shape()[1] }

// Predict returns the index of the nearest center for each row of x (N×D), the
// lowest on ties; a spherical model brings the rows to length 1 first.
// The rows may be float32 or float64, whatever the centers are;
// if they differ, distances are computed in float64. A row's label does not
// depend on the other rows. GOMAXPROCS threads are used.
//
// The error wraps ErrInput: x is not a float matrix, has another number of
// columns than the model, or has a number that is not finite (the first is
// named), or, if the model is spherical, a row of zeros; or kernel.ErrLevel; or it is
// ctx's.
func (m *Model) Predict(ctx context.Context, x *tensor.Dense) ([]int32, error) {
	labels, _, err := m.assign(ctx, x)
	return labels, err
}

// Score returns −Σ‖x−c‖², the inertia of the rows of x (N×D) with the minus
// sign, so that more is better. Rows and errors are those of Predict.
func (m *Model) Score(ctx context.Context, x *tensor.Dense) (float64, error) {
	_, inertia, err := m.assign(ctx, x)
	return 0 - inertia, err // 0, not −0, for no distance at all
}

// Transform returns the Euclidean (not squared) distances of the rows of x
// (N×D) to the centers, N×K, in the dtype of the rows and centers, float64 if
// they differ. Rows and errors are those of Predict.
func (m *Model) Transform(ctx context.Context, x *tensor.Dense) (*tensor.Dense, error) {
	if err := m.check(x); err != nil {
		return nil, err
	}
	single, singleRows := m.Centers.Dtype() == tensor.Float32, x.Dtype() == tensor.Float32
	switch {
	case single && singleRows:
		return transform[float32, float32, float32](ctx, m, x)
	case single:
		return transform[float64, float32, float64](ctx, m, x)
	case singleRows:
		return transform[float64, float64, float32](ctx, m, x)
	}
	return transform[float64, float64, float64](ctx, m, x)
}

func (m *Model) check(x *tensor.Dense) error {
	if m == nil || m.Centers == nil {
		return fmt.Errorf("%w: the model has no centers; fit it, load it or make it with FromCenters", ErrInput)
	}
	if err := checkTensor("the matrix of the model's centers", m.Centers); err != nil {
		return err
	}
	if err := checkTensor("x", x); err != nil {
		return err
	}
	if got, want := x.Shape()[1], m.D(); got != want {
		return fmt.Errorf("%w: x has %d columns, the model was fitted to %d; give rows with the same columns", ErrInput, got, want)
	}
	return nil
}

func (m *Model) assign(ctx context.Context, x *tensor.Dense) ([]int32, float64, error) {
	if err := m.check(x); err != nil {
		return nil, 0, err
	}
	single, singleRows := m.Centers.Dtype() == tensor.Float32, x.Dtype() == tensor.Float32
	switch {
	case single && singleRows:
		return predict[float32, float32, float32](ctx, m, x)
	case single:
		return predict[float64, float32, float64](ctx, m, x)
	case singleRows:
		return predict[float64, float64, float32](ctx, m, x)
	}
	return predict[float64, float64, float64](ctx, m, x)
}

// predict assigns rows of dtype S to centers of dtype C, computing in T.
func predict[T, C, S element](ctx context.Context, m *Model, xt *tensor.Dense) ([]int32, float64, error) {
	x, err := rowsOf[S]("x", xt)
	if err != nil {
		return nil, 0, err
	}
	packed, err := packedOf[T, C](m)
	if err != nil {
		return nil, 0, err
	}
	labels := make([]int32, x.N)
	c := newCrew(0)
	defer c.close()
	inertia, err := (&assigner[T, S]{crew: c, unit: m.Spherical}).assign(ctx, packed, x, nil, labels, nil)
	if err != nil {
		return nil, 0, err
	}
	return labels, inertia, nil
}

func transform[T, C, S element](ctx context.Context, m *Model, xt *tensor.Dense) (*tensor.Dense, error) {
	x, err := rowsOf[S]("x", xt)
	if err != nil {
		return nil, err
	}
	packed, err := packedOf[T, C](m)
	if err != nil {
		return nil, err
	}
	c, k := newCrew(0), packed.K()
	defer c.close()
	workers := make([]scratch[T], c.workers(x.N, k*x.D))
	out := lloyd.Dense(make([]T, x.N*k), x.N, k)
	bad := make([]bool, x.N)
	err = c.each(ctx, x.N, k*x.D, func(worker, from, to int) {
		rows := out.Data[from*k : to*k]
		must(lloyd.SquaredL2Matrix(rows, k, blockOf(&workers[worker], x, from, to, m.Spherical), packed.Matrix()))
		for i, d := range rows {
			if d-d != 0 {
				bad[from+i/k] = true
			}
			rows[i] = T(math.Sqrt(float64(d)))
		}
	})
	if err != nil {
		return nil, err
	}
	if slices.Contains(bad, true) {
		if err := notFinite("x", x, 0); err != nil {
			return nil, err
		}
		if m.Spherical {
			return nil, noDirection(slices.Index(bad, true))
		}
		return nil, fmt.Errorf("%w: a squared distance of x to a center overflows %T; scale the data down%s", ErrInput, T(0), orFloat64[T]())
	}
	return tensorOf(out), nil
}

// packedCenters keeps the packed centers of a model between calls of Predict.
type packedCenters struct {
	single atomic.Pointer[lloyd.Centers[float32]]
	double atomic.Pointer[lloyd.Centers[float64]]
}

// packedOf returns m's centers, of dtype C, packed in T. What an earlier call
// packed is used if it was for the same level and holds the same numbers: the
// centers are the caller's to change.
func packedOf[T, C element](m *Model) (*lloyd.Centers[T], error) {
	stored, err := rowsOf[C]("the matrix of the model's centers", m.Centers)
	if err != nil {
		return nil, err
	}
	if err := notFinite("the matrix of the model's centers", stored, 0); err != nil {
		return nil, err
	}
	centers := convert[T](stored)
	level, err := kernel.Active()
	if err != nil {
		return nil, err
	}
	slot := slotOf[T](m.cache)
	if slot != nil {
		if p := slot.Load(); p != nil && p.Level() == level && sameRows(p.Matrix(), centers) {
			return p, nil
		}
	}
	p, err := lloyd.PackCenters(centers)
	if err == nil && slot != nil {
		slot.Store(p)
	}
	return p, err
}

func slotOf[T element](c *packedCenters) *atomic.Pointer[lloyd.Centers[T]] {
	if c == nil {
		return nil
	}
	if unsafe.Sizeof(T(0)) == 4 {
		return any(&c.single).(*atomic.Pointer[lloyd.Centers[T]])
	}
	return any(&c.double).(*atomic.Pointer[lloyd.Centers[T]])
}

func sameRows[T element](a, b lloyd.Matrix[T]) bool {
	if a.N != b.N || a.D != b.D {
		return false
	}
	for i := range a.N {
		if !slices.Equal(a.Row(i), b.Row(i)) {
			return false
		}
	}
	return true
}

// distinct returns the number of different rows of c.
func distinct[T element](c lloyd.Matrix[T]) int {
	order := make([]int, c.N)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return slices.Compare(c.Row(a), c.Row(b)) })
	n := 1
	for i := 1; i < len(order); i++ {
		if !slices.Equal(c.Row(order[i]), c.Row(order[i-1])) {
			n++
		}
	}
	return n
}
