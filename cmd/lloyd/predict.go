package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
	"gorgonia.org/tensor"

	kernels "github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// predictFlags is what "lloyd predict" is told.
type predictFlags struct {
	model     fileName
	labels    labelsFile
	distances table
	transform table
	data      dataFlags
	json      bool
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
nothing else.

A model of --spherical or --standardize treats the rows as the fit did, and its
distances are those of such rows.`,
		Example: `  lloyd predict --model model.lloyd new.csv > labels.txt
  lloyd predict --model model.lloyd new.npy --labels labels.npy --json
  lloyd predict --model model.lloyd new.csv --distances d.csv > labels.txt
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
	flags.Var(&f.distances, "distances", "write the distance of each row to its center to `FILE`, one column in the format of its ending")
	flags.Var(&f.transform, "transform", "write the distances of each row to all K centers to `FILE`, K columns")
	f.data.add(cmd)
	flags.BoolVar(&f.json, "json", false, "print the result as one JSON object")
	cmd.ValidArgsFunction = completeData
	completeFiles(cmd, "labels", holdsLabels)
	completeFiles(cmd, "distances", writes)
	completeFiles(cmd, "transform", writes)
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
	var result prediction
	files := f.outputs(&result)
	if err := files.check(data, string(f.model)); err != nil {
		return err
	}
	m, err := readModel(string(f.model))
	if err != nil {
		return err
	}

	line := newProgress(stderr, 1, "reading "+nameOf(data))
	rows, err := readRows(ctx, data, stdin, f.data.options(tensor.Dtype{}))
	line.done()
	if err != nil {
		return err
	}
	line = newProgress(stderr, 1, "finding the nearest centers")
	begin := time.Now()
	result, err = f.predict(ctx, m, rows.X)
	line.done()
	if err != nil {
		return rows.blame(err)
	}
	took := time.Since(begin)

	if _, err := files.write(); err != nil {
		return err
	}
	switch {
	case f.json:
		object, err := describe(ctx, m.model, rows, result.labels, level, took)
		if err != nil {
			return rows.blame(err)
		}
		return writeJSON(stdout, object)
	case f.labels == "":
		err := orDone(ctx, func() error {
			w := bufio.NewWriterSize(stdout, 1<<16)
			if err := dataset.WriteLabelsCSV(w, result.labels); err != nil {
				return err
			}
			return w.Flush()
		})
		if err != nil {
			return fmt.Errorf("the labels cannot be written: %w", err)
		}
	}
	return nil
}

// prediction is what predict found out about the rows.
type prediction struct {
	labels    []int32
	distances *tensor.Dense // N×1, to the own center, if they are asked for
	transform *tensor.Dense // N×K, to all centers, if they are asked for
}

func (f *predictFlags) outputs(p *prediction) outputs {
	var o outputs
	if f.labels != "" {
		o = append(o, output{"--labels", string(f.labels), func() error {
			return dataset.WriteLabelsFile(string(f.labels), p.labels)
		}})
	}
	if f.distances != "" {
		o = append(o, output{"--distances", string(f.distances), func() error {
			return dataset.WriteFile(string(f.distances), p.distances)
		}})
	}
	if f.transform != "" {
		o = append(o, output{"--transform", string(f.transform), func() error {
			return dataset.WriteFile(string(f.transform), p.transform)
		}})
	}
	return o
}

// predict finds labels, and distances if they are asked for. It standardises x if the
// model was fitted to such rows.
func (f *predictFlags) predict(ctx context.Context, m storedModel, x *tensor.Dense) (p prediction, err error) {
	m.scaling.apply(x)
	if p.labels, err = m.model.Predict(ctx, x); err != nil {
		return p, err
	}
	if f.transform != "" {
		if p.transform, err = m.model.Transform(ctx, x); err != nil {
			return p, err
		}
	}
	if f.distances != "" {
		p.distances, err = ownDistances(ctx, m.model, x, p.labels)
	}
	return p, err
}

// ownDistances returns the Euclidean distances (N×1) of the rows to the centers of
// their labels, in the dtype of Transform.
func ownDistances(ctx context.Context, m *cluster.Model, x *tensor.Dense, labels []int32) (*tensor.Dense, error) {
	if m.Centers.Dtype() == tensor.Float32 && x.Dtype() == tensor.Float32 {
		return own[float32](ctx, m, x, labels)
	}
	return own[float64](ctx, m, x, labels)
}

// own takes some rows at a time, so that N×K distances are never there at once.
func own[T kernels.Float](ctx context.Context, m *cluster.Model, x *tensor.Dense, labels []int32) (*tensor.Dense, error) {
	const some = 1 << 20 // distances
	k, step := m.K(), max(1, some/m.K())
	distances := make([]T, len(labels))
	for from := 0; from < len(labels); from += step {
		to := min(from+step, len(labels))
		all, err := m.Transform(ctx, between(x, from, to))
		if err != nil {
			return nil, err
		}
		for i, l := range labels[from:to] {
			distances[from+i] = all.Data().([]T)[i*k+int(l)]
		}
	}
	return tensor.New(tensor.WithShape(len(labels), 1), tensor.WithBacking(distances)), nil
}

// between shows the rows of x, which has no gaps, from one to before another; tensor's
// own slice of one row is no matrix.
func between(x *tensor.Dense, from, to int) *tensor.Dense {
	d := x.Shape()[1]
	shape := tensor.WithShape(to-from, d)
	if x.Dtype() == tensor.Float32 {
		return tensor.New(shape, tensor.WithBacking(x.Float32s()[from*d:to*d]))
	}
	return tensor.New(shape, tensor.WithBacking(x.Float64s()[from*d:to*d]))
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
	score, err := m.Score(ctx, r.X)
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
