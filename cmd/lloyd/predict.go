package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// predictFlags is what "lloyd predict" is told.
type predictFlags struct {
	model  fileName
	labels labelsFile
	json   bool
}

func newPredict() *cobra.Command {
	var f predictFlags
	cmd := &cobra.Command{
		Use:   "predict --model FILE DATA [flags]",
		Short: "Give each row of DATA the cluster of its nearest center",
		Long: `Predict gives each row of DATA the cluster of its nearest center in a model that
lloyd fit wrote. DATA is a file with as many columns as the model has, in any
format that "lloyd --help" lists, or "-" for standard input.

The labels, counted from 0, go to standard output, one a line; with --labels
into a file. With --json, standard output has one object about the result and
nothing else.`,
		Example: `  lloyd predict --model model.lloyd new.csv > labels.txt
  lloyd predict --model model.lloyd new.npy --labels labels.npy --json
  cat new.csv | lloyd predict --model model.lloyd - | sort -n | uniq -c`,
		Args: oneArgument("DATA"),
		RunE: action(func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), args[0], cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		}),
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.Var(&f.model, "model", "`FILE` with the model, written by lloyd fit; must be given")
	flags.Var(&f.labels, "labels", "write the labels to `FILE` (.csv, .tsv, .npy)")
	flags.BoolVar(&f.json, "json", false, "print the result as one JSON object")
	return cmd
}

func (f *predictFlags) run(ctx context.Context, data string, stdin io.Reader, stdout, stderr io.Writer) error {
	if f.model == "" {
		return usagef("--model is missing: name the file that lloyd fit --model wrote")
	}
	level, err := kernel.Active()
	if err != nil {
		return err
	}
	var labels []int32
	var files outputs
	if f.labels != "" {
		files = outputs{{"--labels", string(f.labels), func() error {
			return dataset.WriteLabelsFile(string(f.labels), labels)
		}}}
	}
	if err := files.check(data, string(f.model)); err != nil {
		return err
	}
	m, err := readModel(string(f.model))
	if err != nil {
		return err
	}

	line := newProgress(stderr, 1, "reading "+nameOf(data))
	rows, err := readRows(ctx, data, stdin, keepDtype)
	line.done()
	if err != nil {
		return err
	}
	begin := time.Now()
	labels, err = m.Predict(ctx, rows.x)
	if err != nil {
		return rows.blame(err)
	}
	took := time.Since(begin)

	if _, err := files.write(); err != nil {
		return err
	}
	switch {
	case f.json:
		object, err := describe(ctx, m, rows, labels, level, took)
		if err != nil {
			return rows.blame(err)
		}
		return writeJSON(stdout, object)
	case f.labels == "":
		w := bufio.NewWriterSize(stdout, 1<<16)
		err := dataset.WriteLabelsCSV(w, labels)
		if err == nil {
			err = w.Flush()
		}
		if err != nil {
			return fmt.Errorf("the labels cannot be written: %w", err)
		}
	}
	return nil
}

// predictObject is the result of predict in JSON.
type predictObject struct {
	N       int            `json:"n"`
	D       int            `json:"d"`
	K       int            `json:"k"`
	Dtype   string         `json:"dtype"`
	Kernel  string         `json:"kernel"`
	Inertia number         `json:"inertia"`
	Counts  []int64        `json:"counts"`
	Seconds predictSeconds `json:"seconds"`
}

type predictSeconds struct {
	Read    float64 `json:"read"`
	Predict float64 `json:"predict"`
}

func describe(ctx context.Context, m *cluster.Model, r rows, labels []int32, level kernel.Level, took time.Duration) (predictObject, error) {
	score, err := m.Score(ctx, r.x)
	if err != nil {
		return predictObject{}, err
	}
	counts := make([]int64, m.K())
	for _, l := range labels {
		counts[l]++
	}
	return predictObject{
		N: r.n(), D: r.d(), K: m.K(),
		Dtype: r.dtype(), Kernel: level.String(),
		Inertia: number(-score), Counts: counts,
		Seconds: predictSeconds{r.took.Seconds(), took.Seconds()},
	}, nil
}
