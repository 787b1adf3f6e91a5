package main

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"github.com/spf13/cobra"
	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// streamFlags is what "lloyd fit" is told about DATA that stays in its file.
type streamFlags struct {
	stream   bool
	initSize count
}

func (f *streamFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&f.stream, "stream", false, "read DATA from its file in every iteration and never hold it in memory; the result is the same, bit for bit")
	flags.Var(&f.initSize, "init-size", "with --stream: choose the initial centers from `N` rows drawn at random (default all, in up to 3 passes over DATA for each center)")
}

// check checks the flags for DATA.
func (f *streamFlags) check(data string) error {
	switch {
	case f.stream && data == standardInput:
		return usagef("--stream reads DATA again and again, which standard input does not allow; name a file")
	case !f.stream && f.initSize > 0:
		return usagef("--init-size %d is for --stream; add it or leave both out", f.initSize)
	}
	return nil
}

// readRows reads DATA, or looks at the beginning of what will be streamed.
func (f *fitFlags) readRows(ctx context.Context, path string, stdin io.Reader, o dataset.FileOptions) (rows, error) {
	if !f.stream {
		return readRows(ctx, path, stdin, o)
	}
	begin := time.Now()
	source, err := dataset.Open(path, o)
	if err != nil {
		return rows{}, advise(err, o)
	}
	return rows{name: path, stream: &streamedFile{source, source.Rows()}, took: time.Since(begin)}, nil
}

// streams is k-means of rows that stay in their file.
type streams struct {
	wholeData
	initSize int
	labeled  bool // labels are asked for
}

func (m *streams) fit(ctx context.Context, r rows, weights []float64, line *progress) (*cluster.Model, predictor, error) {
	m.Observer = line.observer()
	model, err := cluster.Streaming{KMeans: m.KMeans, InitSize: m.initSize, WithoutLabels: !m.labeled}.FitWeighted(ctx, r.stream, weights)
	return model, model, err
}

// streamedFile is a file that is streamed, and the number of its rows, which for some
// formats only the first pass tells.
type streamedFile struct {
	*dataset.Source
	rows int
}

// Blocks implements cluster.Source.
func (s *streamedFile) Blocks(rows int) iter.Seq2[*tensor.Dense, error] {
	return func(yield func(*tensor.Dense, error) bool) {
		n := 0
		for x, err := range s.Source.Blocks(rows) {
			if err == nil {
				n += x.Shape()[0]
			}
			if !yield(x, err) {
				return
			}
		}
		s.rows = n
	}
}

// writeLabels writes the labels of m to the file at path.
func writeLabels(path string, m *cluster.Model) error {
	if m.Labels == nil {
		return errors.New("there are no labels of the last centers, because the file could not be read to its end again")
	}
	return dataset.WriteLabelsFile(path, m.Labels)
}
