package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// standardInput is the name of DATA that means standard input.
const standardInput = "-"

// keepDtype leaves the type of the numbers to the file.
var keepDtype tensor.Dtype

// rows is DATA as it was read, or as it is read again and again.
type rows struct {
	name   string // for messages
	x      *tensor.Dense
	stream *streamedFile // x is nil then
	took   time.Duration
}

func (r rows) n() int {
	if r.stream != nil {
		return r.stream.rows
	}
	return r.x.Shape()[0]
}

func (r rows) d() int {
	if r.stream != nil {
		return r.stream.Columns()
	}
	return r.x.Shape()[1]
}

func (r rows) dtype() string {
	if r.stream != nil {
		return r.stream.Dtype().Name()
	}
	return r.x.Dtype().Name()
}

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

// readRows reads DATA as dtype; the zero dtype keeps what the file holds. It
// returns as soon as ctx is done, although a read cannot be broken off.
func readRows(ctx context.Context, path string, stdin io.Reader, dtype tensor.Dtype) (rows, error) {
	type result struct {
		rows rows
		err  error
	}
	done := make(chan result, 1)
	go func() {
		r := rows{name: nameOf(path)}
		begin := time.Now()
		var err error
		if path == standardInput {
			r.x, err = readStream(stdin, dtype)
			if err != nil {
				err = fmt.Errorf("%s: %w", r.name, err)
			}
		} else {
			r.x, err = readTable(path, dtype)
		}
		r.took = time.Since(begin)
		done <- result{r, err}
	}()
	select {
	case <-ctx.Done():
		return rows{}, ctx.Err()
	case r := <-done:
		return r.rows, r.err
	}
}

// readTable reads a matrix from the file at path.
func readTable(path string, dtype tensor.Dtype) (*tensor.Dense, error) {
	t, err := dataset.ReadFile(path, dataset.FileOptions{Dtype: dtype})
	if err != nil {
		return nil, err
	}
	return t.X, nil
}

// readCenters reads initial centers from the file at path and checks that there
// are k of them.
func readCenters(path string, k int) (*tensor.Dense, error) {
	x, err := readTable(path, keepDtype)
	if err != nil {
		return nil, err
	}
	m, err := cluster.FromCenters(x)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if m.K() != k {
		return nil, fmt.Errorf("%s has %s; -k %d needs one row for each center", path, counted(m.K(), "row"), k)
	}
	return m.Centers, nil
}

// readStream reads a matrix from r, in the format that its first bytes tell.
func readStream(r io.Reader, dtype tensor.Dtype) (*tensor.Dense, error) {
	t, err := dataset.Read(r, dataset.FileOptions{Dtype: dtype})
	if err != nil {
		return nil, err
	}
	return t.X, nil
}

// readModel loads the model file at path.
func readModel(path string) (*cluster.Model, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("the model cannot be opened: %w", err)
	}
	defer f.Close()
	m, err := cluster.Load(bufio.NewReader(f))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}
