package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

func newFit() *cobra.Command {
	f := usualFit()
	cmd := &cobra.Command{
		Use:   "fit DATA -k K [flags]",
		Short: "Cluster the rows of DATA",
		Long: `Fit finds K centers such that the sum of the squared distances of all rows to
their nearest center, the inertia, is small. DATA is a file with one row an
observation, in any format that "lloyd --help" lists, or "-" for standard input.

It starts from centers chosen at random and repeats: give each row the cluster
of its nearest center, move each center to the mean of its rows. A run ends when
the centers hardly move any more. Where it ends depends on where it started, so
--n-init makes several runs and keeps the best. The same DATA, flags and --seed
give the same result, bit for bit, whatever --threads is.

Other ways: random batches of the rows (--minibatch), splits in two (--bisect),
directions rather than places (--spherical).

The summary goes to standard error, with --json one object to standard output
and nothing else. Labels count clusters from 0. After Ctrl-C the best state so
far is written all the same, and the exit status is 130.`,
		Example: `  lloyd fit data.csv -k 10 --model model.lloyd
  lloyd fit data.npy -k 100 --n-init 10 --labels labels.npy --centers c.csv
  lloyd fit data.npy -k 3 --init start.csv --tol 0
  lloyd fit table.csv -k 5 --columns age,income --standardize --model m.lloyd
  cat data.csv | lloyd fit - -k 8 --json | jq .inertia`,
		Args: oneArgument("DATA"),
		RunE: action(func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), args[0], cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		}),
	}
	f.add(cmd)
	cmd.ValidArgsFunction = completeData
	return cmd
}

func (f *fitFlags) run(ctx context.Context, data string, stdin io.Reader, stdout, stderr io.Writer) error {
	way, err := f.method()
	if err != nil {
		return err
	}
	level, err := kernel.Active()
	if err != nil {
		return err
	}
	var m storedModel
	files := f.outputs(&m)
	reads := []string{data}
	initFile, fromFile := f.init.file()
	if fromFile {
		reads = append(reads, initFile)
	}
	if f.weights != "" {
		reads = append(reads, string(f.weights))
	}
	if err := files.check(reads...); err != nil {
		return err
	}

	rows, weights, scaling, err := f.read(ctx, data, stdin, way, stderr)
	if err != nil {
		return err
	}
	m.scaling = scaling

	most, runs := way.steps(rows.n())
	line := newFitProgress(stderr, runs, most, "choosing initial centers")
	atEnd := context.AfterFunc(ctx, func() { line.say("stopping; Ctrl-C again quits at once") })
	m.model, err = way.fit(ctx, rows.X, weights, line)
	atEnd()
	line.done()
	if m.model == nil {
		if errors.Is(err, context.Canceled) {
			return &interrupted{"there was no model yet, and nothing was written"}
		}
		return rows.blame(err)
	}
	written, failed := files.write()

	result := fitResult{rows: rows, flags: f, method: way, level: level, model: m.model, runs: runs, written: written}
	if f.bisect && f.model != "" {
		strays, bad := straysOf(m.model, rows.X)
		result.strays, failed = strays, errors.Join(failed, bad)
	}
	if f.json {
		failed = errors.Join(failed, writeJSON(stdout, result.object()))
	} else {
		_, _ = io.WriteString(stderr, result.summary())
	}
	if failed != nil {
		return failed
	}
	if errors.Is(err, context.Canceled) {
		return &interrupted{result.interruption()}
	}
	return err
}

// read reads everything that the fit needs: the rows, standardised if they are to be,
// their weights, and initial centers, which way is given.
func (f *fitFlags) read(ctx context.Context, data string, stdin io.Reader, way method, stderr io.Writer) (r rows, weights []float64, s *scaling, err error) {
	initFile, fromFile := f.init.file()
	var first *tensor.Dense
	if fromFile {
		if first, err = readCenters(initFile, int(f.k)); err != nil {
			return r, nil, nil, err
		}
	}
	if f.weights != "" {
		if weights, err = readWeights(string(f.weights)); err != nil {
			return r, nil, nil, err
		}
	}
	line := newProgress(stderr, 1, "reading "+nameOf(data))
	r, err = readRows(ctx, data, stdin, f.data.options(f.dtype.dtype))
	line.done()
	if err != nil {
		return r, nil, nil, err
	}
	if weights != nil && len(weights) != r.n() {
		return r, nil, nil, fmt.Errorf("%s has %s, %s has %s; one for each row was expected", f.weights, counted(len(weights), "weight"), r.name, counted(r.n(), "row"))
	}
	if fromFile && first.Shape()[1] != r.d() {
		return r, nil, nil, fmt.Errorf("%s has %s, %s has %d; the initial centers must have the columns of the rows",
			initFile, counted(first.Shape()[1], "column"), r.name, r.d())
	}
	if f.standardize {
		if s, err = scalingOf(r.X, weights); err != nil {
			return r, nil, nil, fmt.Errorf("%s: %w", r.name, err)
		}
		s.apply(r.X)
	}
	if fromFile {
		s.apply(first)
		way.startAt(first)
	}
	return r, weights, s, nil
}

// straysOf counts the rows whose nearest center is not that of the leaf they are in, for
// a model file that has no tree.
func straysOf(m *cluster.Model, x *tensor.Dense) (count int, err error) {
	nearest, err := m.Predict(context.Background(), x)
	for i, l := range nearest {
		if l != m.Labels[i] {
			count++
		}
	}
	return count, err
}

// outputs are the files asked for. They are written from *m, which is there by
// then.
func (f *fitFlags) outputs(m *storedModel) outputs {
	var o outputs
	if f.model != "" {
		o = append(o, output{"--model", string(f.model), func() error {
			return dataset.WriteAtomic(string(f.model), m.save)
		}})
	}
	if f.labels != "" {
		o = append(o, output{"--labels", string(f.labels), func() error {
			return dataset.WriteLabelsFile(string(f.labels), m.model.Labels)
		}})
	}
	if f.centers != "" {
		o = append(o, output{"--centers", string(f.centers), func() error {
			return dataset.WriteFile(string(f.centers), m.scaling.undo(m.model.Centers))
		}})
	}
	return o
}
