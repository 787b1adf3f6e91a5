package cluster

import (
	"fmt"
	"iter"

	"gorgonia.org/tensor"
)

// Source is rows that are read block by block, as often as wanted, such as those of a
// file: a *dataset.Source is one. Its methods are called by one goroutine at a time,
// not always the same.
type Source interface {
	// Rows is the number of rows N, or -1 if only reading to the end tells it, which
	// takes a pass of its own.
	Rows() int
	// Columns is the number of columns D.
	Columns() int
	// Dtype is the dtype of all blocks, tensor.Float32 or tensor.Float64.
	Dtype() tensor.Dtype
	// Blocks gives all rows, the same ones in the same order each time, in blocks (n×D)
	// of about the given number of rows: any number will do. A block need only be valid
	// until the next one is asked for. An error ends the iteration.
	Blocks(rows int) iter.Seq2[*tensor.Dense, error]
}

// SourceOf returns the rows of x (N×D, float32 or float64) as a Source: for a matrix
// that is mapped into memory and larger than it.
func SourceOf(x *tensor.Dense) Source { return wholeSource{x} }

type wholeSource struct{ *tensor.Dense }

func (s wholeSource) Rows() int    { return s.Shape()[0] }
func (s wholeSource) Columns() int { return s.Shape()[1] }
func (s wholeSource) Blocks(int) iter.Seq2[*tensor.Dense, error] {
	return func(yield func(*tensor.Dense, error) bool) { yield(s.Dense, nil) }
}

// WeightedRows is a block of rows (n×D) with a weight for each.
type WeightedRows struct {
	X *tensor.Dense
	// Weights are finite numbers of at least 0; nil is 1 for every row.
	Weights []float64
}

// checkSource checks what a source says of itself.
func checkSource(s Source) error {
	if x, ok := s.(wholeSource); ok {
		return checkTensor("x", x.Dense)
	}
	switch {
	case s == nil:
		return fmt.Errorf("%w: the source is nil", ErrInput)
	case s.Columns() < 1 || s.Rows() == 0:
		return fmt.Errorf("%w: the source is empty: it has %d rows and %d columns", ErrInput, s.Rows(), s.Columns())
	case s.Dtype() != tensor.Float32 && s.Dtype() != tensor.Float64:
		return fmt.Errorf("%w: the source has dtype %v; expected float32 or float64", ErrInput, s.Dtype())
	}
	return nil
}
