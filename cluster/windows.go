package cluster

import (
	"fmt"
	"iter"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// window is some successive rows that are in memory.
type window[T element] struct {
	first   int // row
	x       lloyd.Matrix[T]
	weights []float64 // nil: all 1
}

// windowMemory is where windows lie: one is in use while the next one is filled.
type windowMemory[T element] [2]struct {
	rows    []T
	weights []float64
}

// windows gives the rows of blocks, of d columns, in windows of the given number of rows;
// the last one may have fewer. A window is valid until the one after the next.
func windows[T element](blocks iter.Seq2[WeightedRows, error], d, size int, memory *windowMemory[T]) iter.Seq2[window[T], error] {
	return func(yield func(window[T], error) bool) {
		var w window[T]
		turn := 0
		next := func() {
			m := &memory[turn]
			if m.rows == nil {
				m.rows = make([]T, size*d)
			}
			w = window[T]{w.first + w.x.N, lloyd.Dense(m.rows, 0, d), nil}
			turn = 1 - turn
		}
		next()
		for block, err := range blocks {
			rows := w.first + w.x.N
			if err != nil {
				yield(w, blocksError(rows, err))
				return
			}
			x, err := blockRowsOf[T](block, rows, d)
			if err != nil {
				yield(w, err)
				return
			}
			for done := 0; done < x.N; {
				n := min(size-w.x.N, x.N-done)
				w.add(x.Rows(done, done+n), part(block.Weights, done, done+n), &memory[1-turn].weights)
				done += n
				if w.x.N == size {
					if !yield(w, nil) {
						return
					}
					next()
				}
			}
		}
		if w.x.N > 0 {
			yield(w, nil)
		}
	}
}

// add puts rows behind those of w, for which there is room.
func (w *window[T]) add(x lloyd.Matrix[T], weights []float64, memory *[]float64) {
	n := w.x.N
	w.x.N += x.N
	convertInto(w.x.Data[n*x.D:], x)
	if weights == nil && w.weights == nil {
		return
	}
	if w.weights == nil {
		w.weights = (*memory)[:0]
	}
	w.weights = ones(append(ones(w.weights, n), weights...), w.x.N)
	*memory = w.weights
}

// ones appends ones to the weights until there are n of them.
func ones(weights []float64, n int) []float64 {
	for len(weights) < n {
		weights = append(weights, 1)
	}
	return weights
}

// blocksError is about blocks that break off after so many rows.
func blocksError(rows int, err error) error {
	return fmt.Errorf("cluster: the blocks of rows, after %d: %w", rows, err)
}

// blockName is what the block that begins with the given row is called in an error.
func blockName(row int) string { return fmt.Sprintf("the block of rows from %d on", row) }

// blockRowsOf returns the rows of a block that begins with the given row.
func blockRowsOf[T element](b WeightedRows, first, d int) (lloyd.Matrix[T], error) {
	name := blockName(first)
	x, err := rowsOf[T](name, b.X)
	switch {
	case err != nil:
		return x, err
	case x.D != d:
		return x, fmt.Errorf("%w: %s has %d columns; there were %d", ErrInput, name, x.D, d)
	case b.Weights != nil && len(b.Weights) != x.N:
		return x, fmt.Errorf("%w: %s has %d weights for %d rows; give one for each row", ErrInput, name, len(b.Weights), x.N)
	}
	return x, nil
}

// withoutWeights gives the blocks as they are.
func withoutWeights(blocks iter.Seq2[*tensor.Dense, error]) iter.Seq2[WeightedRows, error] {
	return func(yield func(WeightedRows, error) bool) {
		for x, err := range blocks {
			if !yield(WeightedRows{X: x}, err) {
				return
			}
		}
	}
}

// ahead runs seq on a goroutine of its own, one step ahead of the loop. When the loop
// ends, so has seq; a panic of seq is passed on to the loop.
func ahead[V any](seq iter.Seq2[V, error]) iter.Seq2[V, error] {
	type step struct {
		v   V
		err error
	}
	return func(yield func(V, error) bool) {
		steps, stop := make(chan step), make(chan struct{})
		var fault any
		go func() {
			defer close(steps)
			defer func() { fault = recover() }()
			for v, err := range seq {
				select {
				case steps <- step{v, err}:
				case <-stop:
					return
				}
			}
		}()
		defer func() {
			close(stop)
			for range steps { // until it has ended
			}
			if fault != nil {
				panic(fault)
			}
		}()
		for s := range steps {
			if !yield(s.v, s.err) {
				return
			}
		}
	}
}
