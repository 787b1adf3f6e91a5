package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// fitShapes are the shapes whose whole fits are compared: embeddings, more or less.
var fitShapes = []Shape{{100_000, 768, 1000, "spectrum"}, {100_000, 1536, 1000, "spectrum"}, {100_000, 768, 4096, "spectrum"}, {100_000, 1536, 4096, "spectrum"}}

// fitNames are the implementations that are, and fitIterations how long each fit is.
var fitNames = []string{lloydName, denseName, "scikit-learn", "FAISS", "SuperKMeans"}

const fitIterations = 10

// fits measures fits of as many iterations from the same centers, with the labels that
// belong to the last ones, and counts the labels that are wrong.
func (s *session) fits(sh Shape, threads int) error {
	f, err := prepare(filepath.Join(s.folder, "data"), sh)
	if err != nil {
		return err
	}
	x, err := load(f.rows)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.log, "fits %v, %d threads\n", sh, threads)
	turns := min(s.repeats, 3)
	if sh.work() > 2e11 {
		turns = 1
	}
	for turn := range turns {
		for _, i := range order(len(fitNames), turn) {
			name := fitNames[i]
			of, err := find(name)
			if err != nil {
				return err
			}
			w, err := start(s.config, of, f, threads, s.timeout())
			if err != nil {
				return err
			}
			time.Sleep(s.pause)
			ask := request{Op: "fit", Many: fitIterations, Save: filepath.Join(s.folder, "fit.npy"), SaveLabels: filepath.Join(s.folder, "labels.npy")}
			a, err := w.ask(ask, 20*s.timeout())
			w.stop()
			r := Record{Part: partFits, Shape: sh, Threads: threads, Name: name, Value: math.NaN()}
			if err != nil {
				r.Note = "failed: " + tidy(err)
			} else {
				r.Repeat, r.Milliseconds, r.Window = turn+1, a.Seconds*1e3, strconv.Itoa(a.Iterations)
				wrong, err := wrongLabels(x, ask.Save, ask.SaveLabels)
				if err != nil {
					return err
				}
				r.Value = float64(wrong)
			}
			fmt.Fprintf(s.log, "  %-14s %8.0f ms, %v wrong labels %s\n", name, r.Milliseconds, r.Value, r.Note)
			s.records = append(s.records, r)
		}
	}
	return nil
}

// exchange replaces the fits of the same shapes among the records of an earlier run, if there was one, and
// publishes all.
func (o outputs) exchange(fits []Record) error {
	if f, err := os.Open(o.csv); err == nil {
		old, err := readCSV(f)
		f.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", o.csv, err)
		}
		fits = append(slices.DeleteFunc(old, func(r Record) bool {
			return r.Part == partFits && slices.ContainsFunc(fits, func(n Record) bool { return n.Shape == r.Shape })
		}), fits...)
	}
	if err := o.save(fits); err != nil {
		return err
	}
	return o.publish(fits)
}

// wrongLabels counts the rows of x that have a center nearer than that of their label by
// more than float32 rounds: by 1e-5 of the squared distance in float64. It removes
// the files.
func wrongLabels(x lloyd.Matrix[float32], centersPath, labelsPath string) (wrong int, err error) {
	defer os.Remove(centersPath)
	defer os.Remove(labelsPath)
	c, err := load(centersPath)
	if err != nil {
		return 0, err
	}
	labels, err := load(labelsPath)
	if err != nil {
		return 0, err
	}
	if labels.N != x.N {
		return 0, fmt.Errorf("%d labels of %d rows", labels.N, x.N)
	}
	centers := wide(c)
	packed, err := lloyd.PackCenters(centers)
	if err != nil {
		return 0, err
	}
	const block = 1024
	nearest, least, own, at := make([]int32, block), make([]float64, block), make([]float64, block), make([]int32, block)
	for from := 0; from < x.N; from += block {
		rows := wide(x.Rows(from, min(x.N, from+block)))
		for i := range rows.N {
			at[i] = int32(labels.Data[from+i])
		}
		if err := packed.Nearest(nearest, least, rows, nil); err != nil {
			return 0, err
		}
		if err := lloyd.SquaredL2Pairs(own, rows, centers, at[:rows.N]); err != nil {
			return 0, err
		}
		for i := range rows.N {
			if own[i] > least[i]*(1+1e-5) {
				wrong++
			}
		}
	}
	return wrong, nil
}

// wide returns m in float64.
func wide(m lloyd.Matrix[float32]) lloyd.Matrix[float64] {
	w := lloyd.Dense(make([]float64, m.N*m.D), m.N, m.D)
	for i := range m.N {
		for j, v := range m.Row(i) {
			w.Row(i)[j] = float64(v)
		}
	}
	return w
}

// labeled is a fit with the labels by its last centers.
func (o *ours) labeled(iterations int) (outcome, []int32, error) {
	m, err := cluster.KMeans{K: o.k(), Init: cluster.Given{Centers: o.start}, MaxIter: iterations, Tol: -1, Threads: o.threads, Algorithm: o.algorithm}.
		Fit(context.Background(), o.tensor)
	if err != nil {
		return outcome{}, nil, err
	}
	return outcome{m.Iterations, m.Centers.Data().([]float32)}, m.Labels, nil
}

// fitTables shows the fits.
func (t *table) fitTables(b *strings.Builder) {
	if len(t.shapes[partFits]) == 0 {
		return
	}
	fmt.Fprintf(b, "### Fits of embeddings\n\n%d iterations from the same centers (SuperKMeans takes none: its own random rows), and the labels by the last ones; normal rows of which column j has the variance 1/(1+j). Throughput is that of 2·N·K·D operations an iteration, as if all distances were computed; wrong are the rows that have a nearer center than that of their label in float64, by more than 1e-5 of the squared distance.\n\n| N×D, K | threads | | s | ÷ Lloyd | GFLOP/s | wrong labels |\n|---|---|---|---|---|---|---|\n", fitIterations)
	for _, s := range t.shapes[partFits] {
		for _, n := range t.threads[partFits] {
			for _, name := range fitNames {
				c := t.cells[key{partFits, s, n, name}]
				if c == nil || len(c.sample()) == 0 {
					continue
				}
				seconds := c.sample().Median() / 1e3
				wrong := 0. // which the CSV leaves out
				if len(c.values) > 0 {
					wrong = mean(c.values)
				}
				fmt.Fprintf(b, "| %v | %d | %s | %.1f | %s | %.0f | %.0f |\n", s, n, name, seconds, t.ratioCell(partFits, s, n, name), 2*s.work()*fitIterations/seconds/1e9, wrong)
			}
		}
	}
	b.WriteString("\n")
}
