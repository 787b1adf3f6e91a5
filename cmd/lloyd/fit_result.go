package main

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// fitResult is a finished fit with all that is to be said about it.
type fitResult struct {
	rows    rows
	flags   *fitFlags
	method  method
	level   kernel.Level
	model   *cluster.Model
	runs    int // of which the best was kept
	written []string
	strays  int // rows to which the model file, without its tree, gives another cluster
}

// threads is the number of threads that the fit was allowed.
func (r fitResult) threads() int {
	if r.flags.threads > 0 {
		return int(r.flags.threads)
	}
	return runtime.GOMAXPROCS(0)
}

// fitObject is the result of a fit in JSON.
type fitObject struct {
	N            int        `json:"n"`
	D            int        `json:"d"`
	K            int        `json:"k"`
	Dtype        string     `json:"dtype"`
	Kernel       string     `json:"kernel"`
	Threads      int        `json:"threads"`
	Method       string     `json:"method"`
	Algorithm    string     `json:"algorithm"`
	Weighted     bool       `json:"weighted"`
	Standardized bool       `json:"standardized"` // the inertia is of such rows, too
	Init         string     `json:"init"`
	Seed         uint64     `json:"seed"`
	Runs         int        `json:"runs"`
	Run          int        `json:"run"` // the one kept, from 1
	Inertia      number     `json:"inertia"`
	Refined      number     `json:"refined"` // what --refine took off the inertia
	Iterations   int        `json:"iterations"`
	Stopped      string     `json:"stopped"`
	Converged    bool       `json:"converged"`
	Empty        int        `json:"empty"`
	Distinct     int        `json:"distinct"`
	Counts       []int64    `json:"counts"`
	Seconds      fitSeconds `json:"seconds"`
}

type fitSeconds struct {
	Read    float64 `json:"read"`
	Seed    float64 `json:"seed"`
	Iterate float64 `json:"iterate"`
}

func (r fitResult) object() fitObject {
	m := r.model
	return fitObject{
		N: r.rows.n(), D: r.rows.d(), K: m.K(),
		Dtype: r.rows.dtype(), Kernel: r.level.String(), Threads: r.threads(),
		Method: r.method.name(), Algorithm: r.method.algorithm(),
		Weighted: r.flags.weights != "", Standardized: r.flags.standardize,
		Init: string(r.flags.init), Seed: r.flags.seed, Runs: r.runs, Run: m.Restart + 1,
		Inertia: number(m.Inertia), Refined: number(m.Won), Iterations: m.Iterations,
		Stopped: m.Stopped.String(), Converged: m.Converged(),
		Empty: m.Empty, Distinct: m.Distinct, Counts: m.Counts,
		Seconds: fitSeconds{r.rows.took.Seconds(), m.SeedTime.Seconds(), m.IterateTime.Seconds()},
	}
}

// summary is the result of a fit for the reader at a terminal.
func (r fitResult) summary() string {
	m := r.model
	var b strings.Builder
	say := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-12s%s\n", name, fmt.Sprintf(format, args...))
	}
	say("data", "%s: %s of %s, %s", r.rows.name, counted(r.rows.n(), "row"), counted(r.rows.d(), "column"), r.rows.dtype())
	how := r.method.name() + ", " + counted(m.K(), "cluster") + ", initial centers " + string(r.flags.init)
	if r.runs > 1 {
		how += fmt.Sprintf(", run %d of %d kept", m.Restart+1, r.runs)
	}
	say("fit", "%s", how)
	inertia := fmt.Sprintf("%.10g", m.Inertia)
	if r.flags.standardize {
		inertia += " of standardized columns"
	}
	if m.Won > 0 {
		inertia += fmt.Sprintf(", of which --refine took off %.3g %%", 100*m.Won/(m.Inertia+m.Won))
	}
	say("inertia", "%s", inertia)
	say("iterations", "%d, %s", m.Iterations, m.Stopped)
	say("rows each", "%s", spread(m.Counts))
	seed := ""
	if m.SeedTime > 0 { // splits do not tell it
		seed = brief(m.SeedTime) + " seed, "
	}
	say("time", "%s read, %s%s iterate (%s, %s)", brief(r.rows.took), seed, brief(m.IterateTime), r.level, counted(r.threads(), "thread"))
	if len(r.written) > 0 {
		say("written", "%s", strings.Join(r.written, ", "))
	}
	for _, text := range r.remarks() {
		say("note", "%s", text)
	}
	return b.String()
}

// remarks are what the reader should know about the result.
func (r fitResult) remarks() []string {
	var notes []string
	m := r.model
	if m.Stopped == cluster.MaxIterations && !r.flags.minibatch {
		notes = append(notes, fmt.Sprintf("still moving after --max-iter %d iterations", r.flags.maxIter))
	}
	switch {
	case m.Stopped == cluster.Canceled:
	case m.Distinct < int(r.flags.k):
		notes = append(notes, fmt.Sprintf("only %s; the rows may have no more distinct values", counted(m.Distinct, "distinct center")))
	case m.Empty > 0:
		notes = append(notes, counted(m.Empty, "cluster")+" without a row")
	}
	if r.strays > 0 {
		notes = append(notes, fmt.Sprintf("the model has no tree: it gives %s another cluster", counted(r.strays, "row")))
	}
	if len(r.written) == 0 && !r.flags.json {
		notes = append(notes, "nothing was written; see --model, --labels, --centers")
	}
	return notes
}

// interruption says what Ctrl-C left.
func (r fitResult) interruption() string {
	if len(r.written) > 0 {
		return "the best state so far was written"
	}
	return "nothing was written"
}
