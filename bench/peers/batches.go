package main

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// batchShapes are the shapes whose mini-batch fits are compared.
var batchShapes = []Shape{{1_000_000, 64, 100, "normal"}, {1_000_000, 64, 100, "groups"}}

// byHand is scikit-learn's partial_fit in a loop that draws the rows itself.
const byHand = "scikit-learn partial_fit"

// batches measures mini-batch fits of Lloyd and scikit-learn without a last pass for
// labels, each by its own stop rules (batches of 1024, 3072 rows for seeds) and for the
// steps of one epoch: the time, the steps, and the inertia relative to the mean of whole
// fits by Lloyd, as many as there are turns.
func (s *session) batches(sh Shape, threads int) error {
	f, err := prepare(filepath.Join(s.folder, "data"), sh)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.log, "mini-batches %v, %d threads\n", sh, threads)
	x, err := load(f.rows)
	if err != nil {
		return err
	}
	turns := min(s.repeats, 3)
	var whole []Record
	var reference float64 // the mean inertia
	for seed := range turns {
		begin := time.Now()
		m, err := cluster.KMeans{K: sh.K, Seed: uint64(seed), Threads: threads}.Fit(context.Background(), dense(x.Data, x.D))
		if err != nil {
			return err
		}
		whole = append(whole, Record{Part: partBatches + "whole", Shape: sh, Threads: threads, Name: lloydName, Repeat: seed + 1,
			Milliseconds: time.Since(begin).Seconds() * 1e3, Window: strconv.Itoa(m.Iterations), Value: m.Inertia})
		reference += m.Inertia / float64(turns)
	}
	for _, r := range whole {
		r.Value = r.Value/reference - 1
		s.records = append(s.records, r)
	}
	var field []*worker
	defer func() {
		for _, w := range field {
			w.stop()
		}
	}()
	for _, name := range []string{lloydName, "scikit-learn"} {
		of, err := find(name)
		if err != nil {
			return err
		}
		w, err := start(s.config, of, f, threads, s.timeout())
		if err != nil {
			return err
		}
		field = append(field, w)
	}
	type contest struct {
		part, name string
		worker     *worker
		ask        request
	}
	contests := []contest{
		{"own", lloydName, field[0], request{Op: "batches"}},
		{"own", "scikit-learn", field[1], request{Op: "batches"}},
		{"epoch", lloydName, field[0], request{Op: "batches", Many: 1}},
		{"epoch", "scikit-learn", field[1], request{Op: "batches", Many: 1}},
		{"epoch", byHand, field[1], request{Op: "batches by hand", Many: 1}},
	}
	for turn := range turns {
		for _, i := range order(len(contests), turn) {
			c := contests[i]
			time.Sleep(s.pause)
			c.ask.Seed, c.ask.Save = turn, filepath.Join(s.folder, "batches.npy")
			a, err := c.worker.ask(c.ask, s.timeout())
			r := Record{Part: partBatches + c.part, Shape: sh, Threads: threads, Name: c.name, Value: math.NaN()}
			if err != nil {
				r.Note = "failed: " + tidy(err)
			} else {
				r.Repeat, r.Milliseconds, r.Window = turn+1, a.Seconds*1e3, strconv.Itoa(a.Iterations)
				inertia, err := inertiaOf(x, c.ask.Save)
				if err != nil {
					return err
				}
				r.Value = inertia/reference - 1
			}
			s.records = append(s.records, r)
		}
	}
	return nil
}

// batches is a mini-batch fit by its own rules, or for a number of epochs.
func (o *ours) batches(seed, epochs int) (outcome, error) {
	mb := cluster.MiniBatch{K: o.k(), Seed: uint64(seed), Epochs: epochs, Threads: o.threads, WithoutLabels: true}
	if epochs > 0 {
		mb.Patience = -1
	}
	m, err := mb.Fit(context.Background(), o.tensor)
	if err != nil {
		return outcome{}, err
	}
	return outcome{m.Iterations, m.Centers.Data().([]float32)}, nil
}

// batchTables shows the mini-batch fits.
func (t *table) batchTables(b *strings.Builder) {
	if len(t.shapes[partBatches+"whole"]) == 0 {
		return
	}
	b.WriteString("### Mini-batches\n\nBatches of 1024 rows, seeds from 3072, no last pass for labels. By its own rules: `cluster.MiniBatch` and `MiniBatchKMeans` as they are. One epoch: as many steps as batches make up all rows, no early stop. `partial_fit`: in a loop that draws the rows by `Generator.integers`, because scikit-learn's `fit` draws with weights (two passes over N numbers a step). The inertia is that of all rows, relative to the mean of whole fits of `cluster.KMeans`; mean of the turns, each with another seed. Of data with groups it depends on the seeds: single fits differ by per cents.\n\n| N×D, K | threads | | Lloyd ms | steps | inertia | against | ms | steps | inertia | ÷ Lloyd |\n|---|---|---|---|---|---|---|---|---|---|---|\n")
	for _, s := range t.shapes[partBatches+"whole"] {
		for _, n := range t.threads[partBatches+"whole"] {
			for _, row := range []struct{ part, title, name string }{
				{"own", "own rules", "scikit-learn"}, {"epoch", "one epoch", "scikit-learn"}, {"epoch", "one epoch", byHand},
			} {
				ours, theirs := t.cells[key{partBatches + row.part, s, n, lloydName}], t.cells[key{partBatches + row.part, s, n, row.name}]
				if ours == nil || theirs == nil {
					continue
				}
				fmt.Fprintf(b, "| %v | %d | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", s, n, row.title,
					ours.sample(), ours.window, relative(mean(ours.values)), row.name, theirs.sample(), theirs.window, relative(mean(theirs.values)),
					t.ratioCell(partBatches+row.part, s, n, row.name))
			}
		}
	}
	for _, s := range t.shapes[partBatches+"whole"] {
		for _, n := range t.threads[partBatches+"whole"] {
			if c := t.cells[key{partBatches + "whole", s, n, lloydName}]; c != nil {
				least, greatest := c.values.Range()
				fmt.Fprintf(b, "\nWhole fits, %v, %s: %s ms, inertia %s to %s.", s, plural(n), c.sample(), relative(least), relative(greatest))
			}
		}
	}
	b.WriteString("\n\n")
}
