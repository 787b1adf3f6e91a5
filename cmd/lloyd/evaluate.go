package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/dataset"
	"github.com/seed-fbf9ce71/lloyd/figure"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// evaluateFlags is what "lloyd evaluate" is told.
type evaluateFlags struct {
	truth    labelsFile
	data     fileName
	input    dataFlags
	model    fileName
	matching matchingName
	figure   pictureFile
	dark     bool
	threads  count
	json     bool
}

func newEvaluate() *cobra.Command {
	f := evaluateFlags{matching: byMajority}
	cmd := &cobra.Command{
		Use: "evaluate LABELS --truth FILE [--data FILE] [flags]\n" +
			"  lloyd evaluate DATA --model FILE [--truth FILE] [flags]",
		Short: "Tell how good clusters are",
		Long: `Evaluate compares the clusters of rows with their true classes, and with the
rows themselves. LABELS is a file with the cluster of each row, a whole number
(.csv, .tsv, .npy: what lloyd fit --labels wrote), or "-" for standard input.
With --model the clusters are those of the rows of DATA in the model.

With --truth it tells the scores that do not depend on what clusters are called,
and the accuracy and the confusion matrix after the clusters are given names:
by majority, each that of its most frequent class, or by the Hungarian method,
each a class of its own in the best way. With rows, of --data or DATA, it tells
the silhouette, of a sample where there are more than 100 000 rows, and the
scores of Caliński and Harabasz (higher is better) and of Davies and Bouldin
(lower is better). All equal those of scikit-learn.`,
		Example: `  lloyd evaluate labels.csv --truth classes.csv --figure confusion.png
  lloyd evaluate labels.npy --data data.npy
  lloyd evaluate test.npy --model model.lloyd --truth classes.csv --json
  lloyd predict --model m.lloyd new.csv | lloyd evaluate - --truth classes.csv`,
		Args: labelsArgument,
		RunE: action(func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), args[0], cmd.InOrStdin(), cmd.OutOrStdout())
		}),
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.Var(&f.truth, "truth", "`FILE` with the true class of each row, one whole number each (.csv, .tsv, .npy)")
	flags.Var(&f.data, "data", "`FILE` with the rows that LABELS are of")
	flags.Var(&f.model, "model", "`FILE` with a model, written by lloyd fit: evaluate its clusters of the rows of DATA")
	flags.Var(&f.matching, "matching", "`HOW` clusters are named in the confusion matrix shown: majority or hungarian")
	flags.Var(&f.figure, "figure", "draw the confusion matrix into `FILE` (.png, .svg)")
	flags.BoolVar(&f.dark, "dark", false, darkUsage)
	flags.Var(&f.threads, "threads", "`N` threads to compute with (default all CPUs)")
	f.input.add(cmd)
	flags.BoolVar(&f.json, "json", false, "print the result as one JSON object")
	cmd.ValidArgsFunction = completeData
	completeFiles(cmd, "truth", holdsLabels)
	completeEndings(cmd, "figure", "png", "svg")
	completeFiles(cmd, "data", anyFormat)
	completeNames(cmd, "matching", string(byMajority), string(byHungarian))
	return cmd
}

// labelsArgument demands LABELS, or DATA in its place.
func labelsArgument(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usagef("LABELS is missing: name a file with the cluster of each row, or DATA together with --model")
	}
	return oneArgument("LABELS")(cmd, args)
}

func (f *evaluateFlags) run(ctx context.Context, arg string, stdin io.Reader, stdout io.Writer) error {
	if err := f.check(); err != nil {
		return err
	}
	if _, err := kernel.Active(); err != nil {
		return err
	}
	var e evaluation
	var files outputs
	if f.figure != "" {
		files = outputs{f.figure.output("--figure", func() (*figure.Figure, error) { return e.draw(f.matching, themeOf(f.dark)) })}
	}
	if err := files.check(arg, string(f.truth), string(f.data), string(f.model)); err != nil {
		return err
	}
	in, err := f.read(ctx, arg, stdin)
	if err != nil {
		return err
	}
	if e, err = evaluate(ctx, in, int(f.threads)); err != nil {
		return err
	}
	if f.json {
		err = writeJSON(stdout, e)
	} else {
		err = writeText(stdout, e.text(f.matching))
	}
	if err != nil {
		return err
	}
	_, err = files.write()
	return err
}

// check refuses flags that do not go together.
func (f *evaluateFlags) check() error {
	switch {
	case f.truth == "" && f.data == "" && f.model == "":
		return usagef("there is nothing to compare LABELS with: give --truth, or --data with the rows, or DATA and --model")
	case f.model != "" && f.data != "":
		return usagef("--data together with --model: the argument is DATA then; leave --data out")
	case f.figure != "" && f.truth == "":
		return usagef("--figure draws the confusion matrix, which needs --truth")
	}
	return nil
}

// evaluated is what evaluate works on.
type evaluated struct {
	clusters []int32 // of each row
	truth    []int32 // nil if not known
	rows     rows    // X is nil if not known
}

// read brings in what the flags name.
func (f *evaluateFlags) read(ctx context.Context, arg string, stdin io.Reader) (in evaluated, err error) {
	if f.truth != "" {
		if in.truth, err = dataset.ReadLabelsFile(string(f.truth)); err != nil {
			return in, err
		}
	}
	if f.model != "" {
		m, err := readModel(string(f.model))
		if err != nil {
			return in, err
		}
		if in.rows, err = readRows(ctx, arg, stdin, f.input.options(tensor.Dtype{})); err != nil {
			return in, err
		}
		m.scaling.apply(in.rows.X)
		if in.clusters, err = m.model.Predict(ctx, in.rows.X); err != nil {
			return in, in.rows.blame(err)
		}
	} else {
		if in.clusters, err = readClusters(ctx, arg, stdin); err != nil {
			return in, err
		}
		if f.data != "" {
			if in.rows, err = readRows(ctx, string(f.data), stdin, f.input.options(tensor.Dtype{})); err != nil {
				return in, err
			}
			if n := in.rows.n(); n != len(in.clusters) {
				return in, fmt.Errorf("%s has %s, %s has %s; one label a row was expected, in the same order",
					nameOf(arg), counted(len(in.clusters), "label"), f.data, counted(n, "row"))
			}
		}
	}
	if f.truth != "" && len(in.truth) != len(in.clusters) {
		thing := "label"
		if f.model != "" {
			thing = "row"
		}
		return in, fmt.Errorf("%s has %s, %s has %s; one true class for each was expected, in the same order",
			f.truth, counted(len(in.truth), "label"), nameOf(arg), counted(len(in.clusters), thing))
	}
	return in, nil
}

// readClusters reads labels from a file or standard input.
func readClusters(ctx context.Context, path string, stdin io.Reader) ([]int32, error) {
	if path != standardInput {
		return dataset.ReadLabelsFile(path)
	}
	var labels []int32
	err := orDone(ctx, func() error {
		read, err := dataset.ReadLabelsCSV(stdin)
		if err != nil {
			return fmt.Errorf("%s: %w", nameOf(path), err)
		}
		labels = read
		return nil
	})
	if err != nil {
		return nil, err // labels may still be set
	}
	return labels, nil
}

// matchingName is a flag that says how clusters are named after classes.
type matchingName string

const (
	byMajority  matchingName = "majority"
	byHungarian matchingName = "hungarian"
)

func (m *matchingName) String() string { return string(*m) }
func (m *matchingName) Type() string   { return "HOW" }
func (m *matchingName) Set(text string) error {
	if v := matchingName(text); v == byMajority || v == byHungarian {
		*m = v
		return nil
	}
	return errors.New("majority or hungarian was expected")
}
