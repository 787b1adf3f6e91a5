package cluster

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"testing"
)

// weighted gives the blocks of src with their part of the weights.
func weighted(src Source, weights []float64) iter.Seq2[WeightedRows, error] {
	return func(yield func(WeightedRows, error) bool) {
		row := 0
		for x, err := range src.Blocks(0) {
			b := WeightedRows{X: x}
			if err == nil && weights != nil {
				b.Weights = append([]float64(nil), weights[row:row+x.Shape()[0]]...)
				row += x.Shape()[0]
			}
			if !yield(b, err) {
				return
			}
		}
	}
}

// TestFitBlocks: it is PartialFit with one batch of the rows after the other, to the bit,
// whatever the blocks and the number of threads.
func TestFitBlocks(t *testing.T) {
	const n, batch = 2500, 300
	r := random(41)
	for i, dt := range dtypes {
		x := matrixOf(dt, 4, blobs(r, n, 4, 7, 5)...)
		for _, weights := range [][]float64{nil, each(n, func(int) float64 { return float64(r.IntN(3)) })} {
			mb := MiniBatch{K: 7, Seed: 5, BatchSize: batch, InitSize: batch, Rate: Rate(i)}
			var want *Model
			sum := 0.
			for from := 0; from < n; from += batch {
				rows := upTo(min(n-from, batch))
				for j := range rows {
					rows[j] += from
				}
				step := mb
				step.Observer = func(i Iteration) { sum += i.Inertia }
				want = mustPartialFit(t, step, want, pick(x, rows...), part(weights, from, from+len(rows)))
			}
			for _, most := range []int{1, 100, 1000, 5000} {
				mb.Threads = 1 + most%3
				got, err := mb.FitWeightedBlocks(t.Context(), weighted(ragged{x: x, most: most}, weights))
				if err != nil {
					t.Fatal(err)
				}
				what := fmt.Sprintf("%v, weights %v, blocks of up to %d", dt, weights != nil, most)
				sameNumbers(t, what, got.Centers, want.Centers)
				if got.Iterations != want.Iterations || got.Inertia != sum || got.Stopped != RowsEnded || got.Labels != nil || got.Counts != nil || got.Converged() {
					t.Errorf("%s: %+v, want %d steps, inertia %v", what, got, want.Iterations, sum)
				}
				more := pick(x, upTo(batch)...)
				w := part(weights, 0, batch)
				sameNumbers(t, what+", going on", mustPartialFit(t, mb, got, more, w).Centers, mustPartialFit(t, mb, want, more, w).Centers)
			}
		}
	}
}

// TestFitBlocksQuality: one pass comes near KMeans.
func TestFitBlocksQuality(t *testing.T) {
	rows, _ := threeBlobs(20_000)
	x := matrix(2, rows...)
	want := mustFit(t, KMeans{K: 3}, x, nil)
	m, err := MiniBatch{K: 3}.FitBlocks(t.Context(), SourceOf(x).Blocks(0))
	if err != nil {
		t.Fatal(err)
	}
	if got := -mustScore(t, m, x); got > 1.03*want.Inertia || m.Inertia > 1.1*want.Inertia || m.Inertia < want.Inertia {
		t.Errorf("inertia %v, on the way %v; KMeans has %v", got, m.Inertia, want.Inertia)
	}
}

func TestFitBlocksRefuses(t *testing.T) {
	x := matrix(2, noise(random(1), 1000, 2)...)
	broken := errors.New("broken")
	mb := MiniBatch{K: 2, BatchSize: 100, InitSize: 150}
	spoiled := func(spoil func(*read)) iter.Seq2[WeightedRows, error] {
		return weighted(ragged{x: x, most: 90, spoil: spoil}, nil)
	}
	set := func(row int, v float64) func(*read) {
		return func(r *read) {
			if n := r.block.Shape()[0]; r.row <= row && r.row+n > row {
				r.block.Data().([]float64)[(row-r.row)*2+1] = v
			}
		}
	}
	for _, c := range []struct {
		what     string
		mb       MiniBatch
		blocks   iter.Seq2[WeightedRows, error]
		steps    int // of the model that comes with the error
		sentinel error
		parts    []string
	}{
		{"no blocks", mb, func(func(WeightedRows, error) bool) {}, 0, ErrInput, []string{"no blocks"}},
		{"no block", mb, spoiled(func(r *read) { r.block = nil }), 0, ErrInput, []string{"rows from 0 on is nil"}},
		{"K", MiniBatch{}, spoiled(nil), 0, ErrParameter, []string{"K is 0"}},
		{"large K", MiniBatch{K: 1001}, spoiled(nil), 0, ErrParameter, []string{"1001", "1000 rows"}},
		{"BatchSize", MiniBatch{K: 2, BatchSize: -1}, spoiled(nil), 0, ErrParameter, []string{"BatchSize"}},
		{"error", mb, spoiled(func(r *read) { r.err = broken }), 0, broken, []string{"after 0"}},
		{"error later", mb, spoiled(func(r *read) {
			if r.row > 410 {
				r.err = broken
			}
		}), 4, broken, []string{"after 4"}},
		{"NaN", mb, spoiled(set(20, math.NaN())), 0, ErrInput, []string{"NaN at row 20, column 1"}},
		{"infinity", mb, spoiled(set(420, math.Inf(1))), 4, ErrInput, []string{"+Inf at row 420, column 1"}},
		{"magnitude", mb, spoiled(set(420, 1e200)), 4, ErrInput, []string{"rows 400 to 499", "1e+200"}},
		{"columns", mb, spoiled(func(r *read) {
			if r.row > 410 {
				r.block = matrix(1, 1., 2)
			}
		}), 4, ErrInput, []string{"1 columns", "2"}},
		{"dtype", mb, spoiled(func(r *read) {
			if r.row > 410 {
				r.block = matrix[float32](2, 1, 2)
			}
		}), 4, ErrInput, []string{"float32"}},
		{"weights", mb, func(yield func(WeightedRows, error) bool) { yield(WeightedRows{x, []float64{1}}, nil) }, 0, ErrInput, []string{"1 weights for 1000 rows"}},
		{"a weight", mb, weighted(ragged{x: x, most: 90}, append(each(999, func(int) float64 { return 1 }), -1)), 9, ErrInput, []string{"rows 900 to 999", "-1"}},
		{"few weights", MiniBatch{K: 20, InitSize: 30}, weighted(ragged{x: x, most: 90}, each(1000, func(i int) float64 { return float64(i / 25) })), 0, ErrParameter, []string{"first 30 rows", "K is 20"}},
		{"all weights", mb, weighted(ragged{x: x, most: 90}, make([]float64, 1000)), 0, ErrInput, []string{"weights are 0"}},
	} {
		m, err := c.mb.FitWeightedBlocks(t.Context(), c.blocks)
		refused(t, c.what, err, c.sentinel, c.parts...)
		switch {
		case (m == nil) != (c.steps == 0):
			t.Errorf("%s: model %v", c.what, m)
		case m != nil && (m.Iterations != c.steps || m.Stopped != Canceled):
			t.Errorf("%s: %d steps, %v; want %d", c.what, m.Iterations, m.Stopped, c.steps)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	mb.Observer = func(i Iteration) {
		if i.Iteration == 3 {
			cancel()
		}
	}
	m, err := mb.FitWeightedBlocks(ctx, spoiled(nil))
	canceled(t, "FitWeightedBlocks", err)
	if m == nil || m.Iterations != 3 {
		t.Errorf("canceled after 3 steps: %+v", m)
	}
	if m, err := mb.FitWeightedBlocks(ctx, spoiled(nil)); m != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("canceled before: %v, %v", m, err)
	}
}

// TestFitBlocksWithoutWeight: a batch of which no row counts makes no step, and weights
// that only some blocks have are 1 for the others.
func TestFitBlocksWithoutWeight(t *testing.T) {
	x := matrix(1, 0., 1, 10, 11, 500, 600, 2, 12)
	blocks := func(yield func(WeightedRows, error) bool) {
		_ = yield(WeightedRows{X: pick(x, 0, 1, 2)}, nil) &&
			yield(WeightedRows{pick(x, 3, 4, 5), []float64{1, 0, 0}}, nil) &&
			yield(WeightedRows{X: pick(x, 6, 7)}, nil)
	}
	m, err := MiniBatch{K: 2, BatchSize: 2, InitSize: 4, Reassign: -1}.FitWeightedBlocks(t.Context(), blocks)
	if err != nil {
		t.Fatal(err)
	}
	got := numbers(t, m.Centers)
	if got[0] > got[1] {
		got[0], got[1] = got[1], got[0]
	}
	if m.Iterations != 3 || got[0] != 1 || got[1] != 11 {
		t.Errorf("%d steps, centers %v; want 3, [1 11]", m.Iterations, got)
	}
}

// TestFitBlocksLargeBatch: more rows than there are make one batch, and take no more memory.
func TestFitBlocksLargeBatch(t *testing.T) {
	x := matrix(2, noise(random(3), 1000, 2)...)
	want := mustPartialFit(t, MiniBatch{K: 3}, nil, x, nil)
	got, err := MiniBatch{K: 3, BatchSize: math.MaxInt}.FitBlocks(t.Context(), ragged{x: x, most: 90}.Blocks(0))
	if err != nil {
		t.Fatal(err)
	}
	sameNumbers(t, "centers", got.Centers, want.Centers)
}
