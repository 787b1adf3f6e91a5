package cluster

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/dataset"
)

func mustFitBatches(t testing.TB, mb MiniBatch, x *tensor.Dense, weights []float64) *Model {
	t.Helper()
	m, err := mb.FitWeighted(t.Context(), x, weights)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func mustPartialFit(t testing.TB, mb MiniBatch, m *Model, x *tensor.Dense, weights []float64) *Model {
	t.Helper()
	m, err := mb.PartialFit(t.Context(), m, x, weights)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// familyCase is one case of testdata/cluster/family.json.
type familyCase struct {
	K       int
	Inertia float64
	Labels  []int32
	Centers []float64
}

// familyOf returns a case that testdata/cluster/family.py made, with its rows and
// weights.
func familyOf(t *testing.T, name string) (c familyCase, x *tensor.Dense, weights []float64) {
	t.Helper()
	raw, err := os.ReadFile("../testdata/cluster/family.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden map[string]familyCase
	if err := json.Unmarshal(raw, &golden); err != nil {
		t.Fatal(err)
	}
	c, ok := golden[name]
	if !ok {
		t.Fatalf("%s is not in the file", name)
	}
	blobs, err := dataset.Blobs(dataset.BlobsConfig{N: 1000, Centers: 12, D: 8, Std: 4, Seed: 11})
	if err != nil {
		t.Fatal(err)
	}
	return c, blobs.X, each(1000, func(i int) float64 { return float64(i*7%5) / 2 })
}

// TestScikitLearnPartialFit: the same batches give scikit-learn's centers.
func TestScikitLearnPartialFit(t *testing.T) {
	for _, name := range []string{"batches", "batches weighted"} {
		want, x, weights := familyOf(t, name)
		if name == "batches" {
			weights = nil
		}
		mb := MiniBatch{K: want.K, Init: Given{pick(x, upTo(want.K)...)}, Reassign: -1}
		var m *Model
		const size = 125
		for i := 0; i < 1000; i += size {
			m = mustPartialFit(t, mb, m, slice(t, x, tensor.S(i, i+size)), part(weights, i, i+size))
		}
		sameLabels(t, name, m.Labels, want.Labels)
		nearNumbers(t, name, numbers(t, m.Centers), want.Centers, 1e-12)
		if math.Abs(m.Inertia/want.Inertia-1) > 1e-12 || m.Iterations != 8 {
			t.Errorf("%s: inertia %v after %d steps, scikit-learn has %v", name, m.Inertia, m.Iterations, want.Inertia)
		}
	}
}

// threeBlobs are rows around three far centers in five dimensions, and which.
func threeBlobs(n int) (rows []float64, truth []int32) {
	r := random(7)
	truth = make([]int32, n)
	rows = each(n*5, func(i int) float64 {
		truth[i/5] = int32(i / 5 % 3)
		center := 0.
		if i%5 == i/5%3 {
			center = 8
		}
		return center + r.NormFloat64()
	})
	return rows, truth
}

// TestMiniBatchFindsBlobs: every kind of initial centers and both rates find three
// blobs (vectors 7 and 8), by Fit and by 100 calls of PartialFit.
func TestMiniBatchFindsBlobs(t *testing.T) {
	rows, truth := threeBlobs(300)
	for _, dt := range dtypes {
		x := matrixOf(dt, 5, rows...)
		for _, init := range inits(x, 3) {
			for _, rate := range []Rate{Cumulative, Adaptive} {
				mb := MiniBatch{K: 3, Init: init, BatchSize: 50, Rate: rate, Seed: 6}
				m := mustFitBatches(t, mb, x, nil)
				if !samePartition(m.Labels, truth, 3) || m.Inertia <= 0 {
					t.Errorf("%v %T %v: other clusters, inertia %v", dt, init, rate, m.Inertia)
				}
				coherent(t, m, x, nil)
				m = nil
				for range 100 {
					m = mustPartialFit(t, mb, m, x, nil)
				}
				if !samePartition(m.Labels, truth, 3) || m.Iterations != 100 {
					t.Errorf("%v %T %v: other clusters after %d calls of PartialFit", dt, init, rate, m.Iterations)
				}
				coherent(t, m, x, nil)
			}
		}
	}
}

// TestMiniBatchStep: a step lowers the inertia of its batch (vector 6), and a center is
// the mean of all rows that it has had.
func TestMiniBatchStep(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 4, noise(random(6), 400, 4)...)
		m := mustPartialFit(t, MiniBatch{K: 5, Init: Given{pick(x, upTo(5)...)}, Observer: func(i Iteration) {
			if i.Iteration != 1 || !(i.Shift > 0) || i.Empty != 0 || i.Assign <= 0 || i.Update <= 0 {
				t.Errorf("%+v", i)
			}
		}}, nil, x, nil)
		before := -mustScore(t, fromCentersOf(t, pick(x, upTo(5)...)), x)
		if !(m.Inertia < before) || m.Stopped != MaxIterations {
			t.Errorf("%v: inertia %v, before the step %v; %v", dt, m.Inertia, before, m.Stopped)
		}

		// Two far groups, so that every row's center is known.
		sum, n := [2]float64{}, [2]float64{}
		mb := MiniBatch{K: 2, Init: Given{matrixOf(dt, 1, -100, 100)}}
		m = nil
		r := random(60)
		for range 20 {
			rows := each(30, func(i int) float64 { return float64(200*(i%2)-100) + r.NormFloat64() })
			batch := matrixOf(dt, 1, rows...)
			for i, v := range numbers(t, batch) {
				sum[i%2] += v
				n[i%2]++
			}
			m = mustPartialFit(t, mb, m, batch, nil)
		}
		want := matrixOf(dt, 1, sum[0]/n[0], sum[1]/n[1])
		nearNumbers(t, "running means", numbers(t, m.Centers), numbers(t, want), 1e-13)
	}
}

// TestAdaptiveRate: a center moves by √(its share of the batch's weight).
func TestAdaptiveRate(t *testing.T) {
	mb := MiniBatch{K: 2, Init: Given{matrix(1, 0., 100)}, Rate: Adaptive, Reassign: -1}
	m := mustPartialFit(t, mb, nil, matrix(1, 8., 8, 100, 100, 100, 100, 100, 100), nil)
	sameNumbers(t, "centers", m.Centers, matrix(1, 4., 100))
	m = mustPartialFit(t, mb, m, matrix(1, 6., 100), []float64{1, 3})
	sameNumbers(t, "centers", m.Centers, matrix(1, 5., 100))
}

// TestReassignDeadCenters is vector 13: with half of the rows zero, more than nine of
// twenty random centers become useful.
func TestReassignDeadCenters(t *testing.T) {
	r := random(13)
	const n, d, k = 1000, 10, 20
	rows := blobs(r, n, d, 12, 10)
	for i := range rows {
		if i/d%2 == 0 {
			rows[i] = 0
		}
	}
	for _, dt := range dtypes {
		if testing.Short() && dt == tensor.Float32 {
			continue
		}
		x := matrixOf(dt, d, rows...)
		for _, size := range []int{200, 10 * n} {
			mb := MiniBatch{K: k, Init: Random{}, BatchSize: size, Seed: 1}
			moved := 0
			mb.Observer = func(i Iteration) { moved += i.Relocated }
			if m := mustFitBatches(t, mb, x, nil); m.Distinct <= 10 || moved == 0 {
				t.Errorf("%v: %d distinct centers of %d with batches of %d, %d relocated", dt, m.Distinct, k, size, moved)
			}
			mb.Reassign, moved = -1, 0
			mb.Init = Given{matrixOf(dt, d, make([]float64, k*d)...)}
			if m := mustFitBatches(t, mb, x, nil); m.Distinct != 2 || moved != 0 { // the first one gets all rows
				t.Errorf("%v: %d distinct centers without reassignment", dt, m.Distinct)
			}
		}
		mb := MiniBatch{K: k, Init: Random{}}
		var m *Model
		for range 100 {
			m = mustPartialFit(t, mb, m, x, nil)
		}
		if m.Distinct <= 10 {
			t.Errorf("%v: %d distinct centers of %d by PartialFit", dt, m.Distinct, k)
		}
	}
}

// TestReassignRatio is vector 14: centers that are right are given up for the sake of a
// large ratio, and kept by a small one.
func TestReassignRatio(t *testing.T) {
	rows, _ := threeBlobs(301)
	x := matrix(5, rows...)
	perfect := Given{matrix(5, 8., 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 8, 0, 0)}
	kept := mustPartialFit(t, MiniBatch{K: 3, Init: perfect, Reassign: 1e-15}, nil, x, nil)
	lost := mustPartialFit(t, MiniBatch{K: 3, Init: perfect, Reassign: 1}, nil, x, nil)
	never := mustPartialFit(t, MiniBatch{K: 3, Init: perfect, Reassign: -1}, nil, x, nil)
	sameModel(t, "a ratio of 1e-15", kept, never)
	if !(lost.Inertia > 1.5*kept.Inertia) {
		t.Errorf("inertia %v with a ratio of 1, %v with 1e-15", lost.Inertia, kept.Inertia)
	}
}

// TestManyReassignments is vector 15: more centers to give up than rows in the batch.
func TestManyReassignments(t *testing.T) {
	x := matrix(2, noise(random(15), 200, 2)...)
	most := 0
	mb := MiniBatch{K: 100, BatchSize: 10, Init: Random{}, Seed: 5, Observer: func(i Iteration) { most = max(most, i.Relocated) }}
	coherent(t, mustFitBatches(t, mb, x, nil), x, nil)
	if most != 5 {
		t.Errorf("up to %d centers relocated at a time; half a batch is 5", most)
	}
	for range 3 { // one row, and none that has a weight but one
		m := mustPartialFit(t, mb, nil, x, nil)
		m = mustPartialFit(t, mb, m, pick(x, 7), nil)
		coherent(t, m, pick(x, 7), nil)
		m = mustPartialFit(t, mb, m, pick(x, 7, 8, 9), []float64{0, 0, 2})
		coherent(t, m, pick(x, 7, 8, 9), []float64{0, 0, 2})
	}
}

// TestInitSize is vector 16, and the other defaults.
func TestInitSize(t *testing.T) {
	for _, c := range []struct {
		mb      MiniBatch
		n, want int
	}{
		{MiniBatch{K: 4, BatchSize: 5}, 100, 15},
		{MiniBatch{K: 10, BatchSize: 3}, 100, 30},
		{MiniBatch{K: 40, BatchSize: 5}, 100, 100},
		{MiniBatch{K: 4, BatchSize: 50}, 100, 100},
		{MiniBatch{K: 4, InitSize: 7}, 100, 7},
		{MiniBatch{K: 4, InitSize: 700}, 100, 100},
		{MiniBatch{K: 4}, 1 << 20, 3072},
	} {
		if got := c.mb.filled(c.n).InitSize; got != c.want {
			t.Errorf("%+v, %d rows: %d, want %d", c.mb, c.n, got, c.want)
		}
	}
	for _, c := range []struct {
		init Init
		want int
	}{{nil, 1}, {KMeansPlusPlus{}, 1}, {Random{}, 3}, {firstRows, 3}, {Given{}, 1}} {
		if got := (MiniBatch{Init: c.init}).filled(10).Seedings; got != c.want {
			t.Errorf("%T: %d seedings, want %d", c.init, got, c.want)
		}
	}
	seen := []int{}
	mb := MiniBatch{K: 3, BatchSize: 5, Init: InitFunc(func(_ context.Context, x *tensor.Dense, k int, _ *rand.Rand) (*tensor.Dense, error) {
		seen = append(seen, x.Shape()[0])
		return pick(x, upTo(k)...), nil
	})}
	mustFitBatches(t, mb, matrix(2, noise(random(16), 300, 2)...), nil)
	if !slices.Equal(seen, []int{15, 15, 15}) {
		t.Errorf("initial centers from %v rows, want 15 three times", seen)
	}
}

// TestMiniBatchStops is vectors 17 and 18: by small steps, by lack of improvement, and
// else after exactly as many steps as there are in the epochs.
func TestMiniBatchStops(t *testing.T) {
	rows, _ := threeBlobs(1000)
	for _, dt := range dtypes {
		x := matrixOf(dt, 5, rows...)
		for _, c := range []struct {
			mb   MiniBatch
			want StopReason
		}{
			{MiniBatch{Tol: 1e-4, Patience: -1}, WithinTol},
			{MiniBatch{Patience: 5}, NoImprovement},
			{MiniBatch{}, NoImprovement},
			{MiniBatch{Patience: -1}, MaxIterations},
			{MiniBatch{Patience: -1, WithoutLabels: true}, MaxIterations},
		} {
			mb := c.mb
			mb.K, mb.BatchSize, mb.Epochs, mb.Seed = 3, 37, 10, 17
			calls := 0
			mb.Observer = func(i Iteration) {
				if calls++; i.Iteration != calls {
					t.Errorf("step %d is called %d", calls, i.Iteration)
				}
			}
			m := mustFitBatches(t, mb, x, nil)
			steps := 10 * 1000 / 37
			if m.Stopped != c.want || m.Iterations != calls || (m.Iterations == steps) != (c.want == MaxIterations) || m.Iterations > steps {
				t.Errorf("%v %+v: %v after %d steps of %d, %d observed; want %v", dt, c.mb, m.Stopped, m.Iterations, steps, calls, c.want)
			}
			if m.Converged() != (c.want != MaxIterations) {
				t.Errorf("Converged() is %v after %v", m.Converged(), m.Stopped)
			}
			if c.mb.WithoutLabels {
				if m.Labels != nil || m.Counts != nil || math.Abs(m.Inertia/-mustScore(t, m, x)-1) > .1 {
					t.Errorf("%v labels, inertia %v, really %v", len(m.Labels), m.Inertia, -mustScore(t, m, x))
				}
				continue
			}
			coherent(t, m, x, nil)
		}
	}
	// One step, and no labels: the inertia is that of the batch.
	x := matrixOf(tensor.Float64, 5, rows...)
	if m := mustFitBatches(t, MiniBatch{K: 3, Epochs: 1, WithoutLabels: true}, x, nil); m.Iterations != 1 || !(m.Inertia > 0) {
		t.Errorf("inertia %v after %d steps", m.Inertia, m.Iterations)
	}
}

// TestMiniBatchThreads: labels, centers and inertia have the same bits for every number
// of threads and on every level, and the rows are as before.
func TestMiniBatchThreads(t *testing.T) {
	n := 20_000
	if testing.Short() {
		n = 2_500
	}
	r := random(340)
	rows := blobs(r, n, 17, 9, 2)
	weights := each(n, func(int) float64 { return float64(r.IntN(3)) })
	for _, dt := range dtypes {
		x := matrixOf(dt, 17, rows...)
		for _, w := range [][]float64{nil, weights} {
			want, stepped := (*Model)(nil), (*Model)(nil)
			forEachLevel(t, func(t *testing.T) {
				for _, threads := range []int{1, 3} {
					mb := MiniBatch{K: 8, Init: Random{}, Seed: 9, Epochs: 3, Threads: threads}
					m := mustFitBatches(t, mb, x, w)
					next := mustPartialFit(t, mb, m, x, w)
					if want == nil {
						want, stepped = m, next
						coherent(t, m, x, w)
						coherent(t, next, x, w)
					}
					sameModel(t, "with other threads", m, want)
					sameModel(t, "one more step", next, stepped)
				}
			})
		}
		sameNumbers(t, "rows", x, matrixOf(dt, 17, rows...))
	}
	// Another seed draws other rows.
	x := matrix(17, rows...)
	if a, b := mustFitBatches(t, MiniBatch{K: 8, Seed: 1, Epochs: 1}, x, nil), mustFitBatches(t, MiniBatch{K: 8, Seed: 2, Epochs: 1}, x, nil); a.Inertia == b.Inertia {
		t.Error("two seeds give the same")
	}
}

// TestMiniBatchWeights: rows of weight 0 are never drawn, nor become centers.
func TestMiniBatchWeights(t *testing.T) {
	r := random(42)
	rows := each(400, func(i int) float64 {
		if i%4 == 1 { // rows of weight 0 are far away
			return 1e6
		}
		return r.NormFloat64()
	})
	x, weights := matrix(1, rows...), each(400, func(i int) float64 { return float64((i + 3) % 4) })
	for _, init := range inits(x, 4)[:3] {
		for _, size := range []int{0, 20} {
			m := mustFitBatches(t, MiniBatch{K: 4, Init: init, BatchSize: size, Reassign: 1}, x, weights)
			for _, c := range numbers(t, m.Centers) {
				if math.Abs(c) > 10 {
					t.Fatalf("%T: a center at %v", init, c)
				}
			}
			coherent(t, m, x, weights)
			m = mustPartialFit(t, MiniBatch{K: 4, Init: init, Reassign: 1}, nil, x, weights)
			for _, c := range numbers(t, m.Centers) {
				if math.Abs(c) > 10 {
					t.Fatalf("%T: a center at %v", init, c)
				}
			}
		}
	}
}

// TestPartialFitContinues: a model is not changed by going on, two that go on from it
// agree, Fit's goes on too, and so does one of KMeans.
func TestPartialFitContinues(t *testing.T) {
	for _, dt := range dtypes {
		r := random(43)
		x := matrixOf(dt, 3, blobs(r, 600, 3, 4, 5)...)
		mb := MiniBatch{K: 4, BatchSize: 100, Seed: 2}
		for _, m := range []*Model{
			mustPartialFit(t, mb, nil, x, nil), mustFitBatches(t, mb, x, nil), mustFit(t, KMeans{K: 4}, x, nil),
			fromCentersOf(t, pick(x, 0, 1, 2, 3)),
		} {
			before := fromCentersOf(t, m.Centers)
			next := mustPartialFit(t, mb, m, pick(x, upTo(50)...), nil)
			again := mustPartialFit(t, mb, m, pick(x, upTo(50)...), nil)
			sameModel(t, "again", again, next)
			sameNumbers(t, "the model's centers", m.Centers, before.Centers)
			if next.Iterations != m.Iterations+1 || len(next.Labels) != 50 {
				t.Errorf("%v: %d steps after %d, %d labels", dt, next.Iterations, m.Iterations, len(next.Labels))
			}
			sameModel(t, "two steps", mustPartialFit(t, mb, again, x, nil), mustPartialFit(t, mb, next, x, nil))
		}
	}
	// The Counts of a model of KMeans are the weights of its centers.
	m := mustFit(t, KMeans{K: 2}, matrix(1, 0., 0, 0, 10), nil)
	m = mustPartialFit(t, MiniBatch{K: 2, Reassign: -1}, m, matrix(1, 4., 11), nil)
	slices.Sort(m.Centers.Data().([]float64))
	sameNumbers(t, "centers", m.Centers, matrix(1, 1., 10.5))
	// A model that the caller has put together anew is no reason to fail.
	odd := mustPartialFit(t, MiniBatch{K: 2}, nil, matrix(1, 0., 10), nil)
	odd.Centers, odd.Counts = matrix(2, 0., 0, 1, 1, 2, 2), []int64{1, 2, 3, 4, 5}
	mustPartialFit(t, MiniBatch{K: 3}, odd, matrix(2, 1., 1), nil)
	// Centers that the caller changed are where it goes on.
	copy(m.Centers.Data().([]float64), []float64{100, 200})
	next := mustPartialFit(t, MiniBatch{K: 2, Reassign: -1}, m, matrix(1, 94., 194), nil)
	if c := numbers(t, next.Centers); c[0] < 97 || c[1] < 197 {
		t.Errorf("centers %v", c)
	}
}

// TestMiniBatchCanceled cancels at every point at which the context is asked.
func TestMiniBatchCanceled(t *testing.T) {
	x := matrix(3, blobs(random(2), 600, 3, 6, 2)...)
	for _, mb := range []MiniBatch{{K: 6}, {K: 6, Init: Random{}, WithoutLabels: true, Threads: 3}} {
		mb.BatchSize, mb.Epochs, mb.Patience = 160, 2, -1
		models := 0
		for left := int64(0); ; left++ {
			ctx := &countdown{Context: t.Context()}
			ctx.left.Store(left)
			m, err := mb.Fit(ctx, x)
			if err == nil {
				break
			}
			canceled(t, "Fit", err)
			if m == nil {
				continue
			}
			models++
			if m.Stopped != Canceled || m.Iterations < 1 || m.Iterations > 7 {
				t.Fatalf("%v after %d steps", m.Stopped, m.Iterations)
			}
			if !mb.WithoutLabels {
				coherent(t, m, x, nil)
			}
			if left%9 == 0 && !mb.WithoutLabels { // the state after that many steps
				short := mb
				stop, cancel := context.WithCancel(t.Context())
				short.Observer = func(i Iteration) {
					if i.Iteration == m.Iterations {
						cancel()
					}
				}
				want, _ := short.Fit(stop, x)
				sameModel(t, "canceled", m, want)
			}
		}
		if models == 0 {
			t.Error("no model in any canceled fit")
		}
	}
	m := mustPartialFit(t, MiniBatch{K: 2}, nil, x, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if next, err := (MiniBatch{K: 2}).PartialFit(ctx, m, x, nil); next != m {
		t.Error("PartialFit lost the model")
	} else {
		canceled(t, "PartialFit", err)
	}
}

func TestMiniBatchErrors(t *testing.T) {
	x := matrix(2, noise(random(1), 20, 2)...)
	for _, c := range []struct {
		mb       MiniBatch
		sentinel error
		part     string
	}{
		{MiniBatch{}, ErrParameter, "K is 0"},
		{MiniBatch{K: 21}, ErrParameter, "only 20 rows"},
		{MiniBatch{K: 2, BatchSize: -1}, ErrParameter, "BatchSize is -1"},
		{MiniBatch{K: 2, InitSize: -2}, ErrParameter, "InitSize is -2"},
		{MiniBatch{K: 3, InitSize: 2}, ErrParameter, "InitSize is 2, but K is 3"},
		{MiniBatch{K: 2, Epochs: -1}, ErrParameter, "Epochs is -1"},
		{MiniBatch{K: 2, Seedings: -1}, ErrParameter, "Seedings is -1"},
		{MiniBatch{K: 2, Tol: math.NaN()}, ErrParameter, "Tol is NaN"},
		{MiniBatch{K: 2, Reassign: 1.5}, ErrParameter, "Reassign is 1.5"},
		{MiniBatch{K: 2, Reassign: math.NaN()}, ErrParameter, "Reassign is NaN"},
		{MiniBatch{K: 2, Rate: 9}, ErrParameter, "Rate is 9"},
		{MiniBatch{K: 2, Threads: -1}, ErrParameter, "Threads is -1"},
		{MiniBatch{K: 2, Init: Given{pick(x, 0)}}, ErrInput, "1×2"},
		{MiniBatch{K: 2, Init: InitFunc(nil)}, ErrParameter, "nil InitFunc"},
	} {
		m, err := c.mb.Fit(t.Context(), x)
		refused(t, "Fit", err, c.sentinel, c.part)
		p, err := c.mb.PartialFit(t.Context(), nil, x, nil)
		refused(t, "PartialFit", err, c.sentinel, c.part)
		if m != nil || p != nil {
			t.Errorf("%+v: a model", c.mb)
		}
	}
	mb := MiniBatch{K: 2}
	m := mustPartialFit(t, mb, nil, x, nil)
	for _, c := range []struct {
		mb       MiniBatch
		x        *tensor.Dense
		weights  []float64
		sentinel error
		part     string
	}{
		{MiniBatch{K: 3}, x, nil, ErrParameter, "K is 3, but the model has 2"},
		{mb, matrix(1, 1., 2), nil, ErrInput, "1 columns"},
		{mb, matrix(2, float32(1), 2), nil, ErrInput, "convert"},
		{mb, matrix(2, 1, math.NaN()), nil, ErrInput, "NaN at row 0, column 1"},
		{mb, matrix(2, 1., 2), []float64{0}, ErrInput, "all weights are 0"},
		{mb, nil, nil, ErrInput, "nil"},
	} {
		next, err := c.mb.PartialFit(t.Context(), m, c.x, c.weights)
		refused(t, "PartialFit", err, c.sentinel, c.part)
		if next != m {
			t.Errorf("%s: the model is lost", c.part)
		}
	}
	_, err := mb.PartialFit(t.Context(), new(Model), x, nil)
	refused(t, "PartialFit", err, ErrInput, "no centers")
	_, err = mb.PartialFit(t.Context(), nil, pick(x, 0), nil)
	refused(t, "PartialFit", err, ErrParameter, "only 1 rows")
	far := fromCentersOf(t, matrix(1, math.MaxFloat64, -math.MaxFloat64))
	_, err = mb.PartialFit(t.Context(), far, matrix(1, 1., 2), nil)
	refused(t, "PartialFit", err, ErrInput, "too far")
}

// TestRateNames: the rates have names.
func TestRateNames(t *testing.T) {
	if Cumulative.String() != "cumulative" || Adaptive.String() != "adaptive" || Rate(9).String() != "Rate(9)" {
		t.Errorf("%v, %v, %v", Cumulative, Adaptive, Rate(9))
	}
}
