package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// fitFlags is what "lloyd fit" is told.
type fitFlags struct {
	k, runs, maxIter count
	threads          count
	init             start
	tol              tolerance
	seed             uint64
	dtype            element
	model            fileName
	labels           labelsFile
	centers          table
	json             bool
	streamFlags
}

func newFit() *cobra.Command {
	f := fitFlags{init: startPlusPlus, maxIter: 300, tol: 1e-4}
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

The summary goes to standard error, with --json one object to standard output
and nothing else. Labels count clusters from 0. After Ctrl-C the best state so
far is written all the same, and the exit status is 130.`,
		Example: `  lloyd fit data.csv -k 10 --model model.lloyd
  lloyd fit data.npy -k 100 --n-init 10 --labels labels.npy --centers c.csv
  lloyd fit data.npy -k 3 --init start.csv --tol 0
  lloyd fit large.fbin -k 50 --stream --init-size 100000 --model m.lloyd
  cat data.csv | lloyd fit - -k 8 --json | jq .inertia`,
		Args: oneArgument("DATA"),
		RunE: action(func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), args[0], cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		}),
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.VarP(&f.k, "clusters", "k", "number of clusters `K`, from 1 to the number of rows; must be given")
	flags.Var(&f.init, "init", "`HOW` to choose the initial centers: k-means++, random (rows), or a file that holds K of them")
	flags.Var(&f.runs, "n-init", "`N` runs from different seeds, of which the best is kept (default 10 for random, 1 otherwise)")
	flags.Var(&f.maxIter, "max-iter", "at most `N` iterations a run")
	flags.Var(&f.tol, "tol", "end a run when the squared shifts of all centers add up to no more than `T` times the mean variance of the columns; 0 goes on until no row changes its cluster")
	flags.Uint64Var(&f.seed, "seed", 0, "`S` determines every random choice")
	flags.Var(&f.threads, "threads", "`N` threads to compute with (default all CPUs)")
	flags.Var(&f.dtype, "dtype", "compute in `TYPE` float32 or float64 (default what holds the numbers of the file; float64 for text)")
	flags.Var(&f.model, "model", "write the model to `FILE`, for lloyd predict")
	flags.Var(&f.labels, "labels", "write the cluster of each row to `FILE` (.csv, .tsv, .npy)")
	flags.Var(&f.centers, "centers", "write the centers to `FILE` in the format of its ending")
	flags.BoolVar(&f.json, "json", false, "print the result as one JSON object")
	f.streamFlags.add(cmd)
	return cmd
}

func (f *fitFlags) run(ctx context.Context, data string, stdin io.Reader, stdout, stderr io.Writer) error {
	km, err := f.configure()
	if err != nil {
		return err
	}
	if err := f.streamFlags.check(data); err != nil {
		return err
	}
	level, err := kernel.Active()
	if err != nil {
		return err
	}
	initFile, fromFile := f.init.file()
	var m *cluster.Model
	files := f.outputs(&m)
	reads := []string{data}
	if fromFile {
		reads = append(reads, initFile)
	}
	if err := files.check(reads...); err != nil {
		return err
	}
	if fromFile {
		c, err := readCenters(initFile, km.K)
		if err != nil {
			return err
		}
		km.Init = cluster.Given{Centers: c}
	}

	line := newProgress(stderr, 1, "reading "+nameOf(data))
	rows, err := f.readRows(ctx, data, stdin, f.dtype.dtype)
	line.done()
	if err != nil {
		return err
	}
	if given, ok := km.Init.(cluster.Given); ok && given.Centers.Shape()[1] != rows.d() {
		return fmt.Errorf("%s has %s, %s has %d; the initial centers must have the columns of the rows",
			initFile, counted(given.Centers.Shape()[1], "column"), rows.name, rows.d())
	}

	line = newProgress(stderr, km.Restarts, "choosing initial centers")
	km.Observer = line.observer()
	m, err = f.fit(ctx, km, rows)
	line.done()
	if m == nil {
		if errors.Is(err, context.Canceled) {
			return &interrupted{"nothing was written"}
		}
		return rows.blame(err)
	}
	written, failed := files.write()

	result := fitResult{rows: rows, flags: f, km: km, level: level, model: m, written: written}
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

// configure turns the flags into the configuration of the fit; initial centers
// of a file are still to be read.
func (f *fitFlags) configure() (cluster.KMeans, error) {
	km := cluster.KMeans{
		K:        int(f.k),
		Restarts: int(f.runs),
		MaxIter:  int(f.maxIter),
		Tol:      float64(f.tol),
		Seed:     f.seed,
		Threads:  int(f.threads),
	}
	if km.K == 0 {
		return km, usagef("-k is missing: give the number of clusters, for example -k 10")
	}
	if km.Tol == 0 {
		km.Tol = -1 // no tolerance: the rule is off
	}
	usual := 1
	switch file, fromFile := f.init.file(); {
	case fromFile && km.Restarts > 1:
		return km, usagef("--n-init %d: every run from the centers of %s would be the same; leave one of the two flags out", km.Restarts, file)
	case f.init == startRandom:
		km.Init, usual = cluster.Random{}, 10
	case f.init == startPlusPlus:
		km.Init = cluster.KMeansPlusPlus{}
	}
	if km.Restarts == 0 {
		km.Restarts = usual
	}
	return km, nil
}

// outputs are the files asked for. They are written from *m, which is there by
// then.
func (f *fitFlags) outputs(m **cluster.Model) outputs {
	var o outputs
	if f.model != "" {
		o = append(o, output{"--model", string(f.model), func() error {
			return dataset.WriteAtomic(string(f.model), func(w io.Writer) error { return (*m).Save(w) })
		}})
	}
	if f.labels != "" {
		o = append(o, output{"--labels", string(f.labels), func() error {
			return writeLabels(string(f.labels), *m)
		}})
	}
	if f.centers != "" {
		o = append(o, output{"--centers", string(f.centers), func() error {
			return dataset.WriteFile(string(f.centers), (*m).Centers)
		}})
	}
	return o
}
