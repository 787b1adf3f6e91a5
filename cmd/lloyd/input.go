package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// standardInput is the name of DATA that means standard input.
const standardInput = "-"

// rows is DATA as it was read.
type rows struct {
	name string // for messages
	dataset.Table
	took time.Duration
}

func (r rows) n() int        { return r.X.Shape()[0] }
func (r rows) d() int        { return r.X.Shape()[1] }
func (r rows) dtype() string { return r.X.Dtype().Name() }

// blame names the rows in an error that is about them.
func (r rows) blame(err error) error {
	if errors.Is(err, cluster.ErrInput) {
		return fmt.Errorf("%s: %w", r.name, err)
	}
	return err
}

// nameOf is DATA in words.
func nameOf(path string) string {
	if path == standardInput {
		return "standard input"
	}
	return path
}

// readRows reads DATA. It returns as soon as ctx is done.
func readRows(ctx context.Context, path string, stdin io.Reader, o dataset.FileOptions) (rows, error) {
	var r rows
	err := orDone(ctx, func() error {
		begin := time.Now()
		t, err := readTable(path, stdin, o)
		if err == nil {
			r = rows{nameOf(path), *t, time.Since(begin)}
		}
		return err
	})
	if err != nil {
		return rows{}, err
	}
	return r, nil
}

// readTable reads a matrix from the file at path, or from standard input in the format
// that its first bytes tell.
func readTable(path string, stdin io.Reader, o dataset.FileOptions) (*dataset.Table, error) {
	if path != standardInput {
		t, err := dataset.ReadFile(path, o)
		return t, advise(err, o)
	}
	t, err := dataset.Read(stdin, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", nameOf(path), advise(err, o))
	}
	return t, nil
}

// advise adds to an error of package dataset the flag that helps.
func advise(err error, o dataset.FileOptions) error {
	switch {
	case err == nil:
	case errors.Is(err, dataset.ErrConfig) && o.Array == "" && len(o.Columns) == 0:
		return &advice{err, "--array NAME reads one"}
	case errors.Is(err, dataset.ErrUnknownFormat):
		return &advice{err, "or - for standard input, where the first bytes tell it"}
	case errors.Is(err, dataset.ErrFormat) && len(o.Columns) == 0 && strings.Contains(err.Error(), "is not a number"):
		return &advice{err, "see --delimiter, --columns, --header"}
	}
	return err
}

// advice is an error with more to say.
type advice struct {
	err  error
	more string
}

func (a *advice) Error() string { return plain(a.err.Error()) + "; " + a.more }
func (a *advice) Unwrap() error { return a.err }

// readCenters reads initial centers from the file at path and checks that there
// are k of them.
func readCenters(path string, k int) (*tensor.Dense, error) {
	t, err := dataset.ReadFile(path, dataset.FileOptions{})
	if err != nil {
		return nil, err
	}
	m, err := cluster.FromCenters(t.X)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if m.K() != k {
		return nil, fmt.Errorf("%s has %s; -k %d needs one row for each center", path, counted(m.K(), "row"), k)
	}
	return m.Centers, nil
}

// readWeights reads the weights of rows from the file at path.
func readWeights(path string) ([]float64, error) {
	weights, err := dataset.ReadColumnFile(path, dataset.FileOptions{})
	if err != nil {
		return nil, err
	}
	sum := 0.0
	for i, w := range weights {
		if w < 0 || w-w != 0 {
			return nil, fmt.Errorf("%s: number %d, counting from 1, is %v; a weight of 0 or more was expected", path, i+1, w)
		}
		sum += w
	}
	if sum == 0 {
		return nil, fmt.Errorf("%s: all weights are 0; give some row a weight", path)
	}
	return weights, nil
}
