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
	km      cluster.KMeans
	level   kernel.Level
	model   *cluster.Model
	written []string
}

// threads is the number of threads that the fit was allowed.
func (r fitResult) threads() int {
	if r.km.Threads > 0 {
		return r.km.Threads
	}
	return runtime.GOMAXPROCS(0)
}

// fitObject is the result of a fit in JSON.
type fitObject struct {
	N          int        `json:"n"`
	D          int        `json:"d"`
	K          int        `json:"k"`
	Dtype      string     `json:"dtype"`
	Kernel     string     `json:"kernel"`
	Threads    int        `json:"threads"`
	Init       string     `json:"init"`
	Seed       uint64     `json:"seed"`
	Runs       int        `json:"runs"`
	Run        int        `json:"run"` // the one kept, from 1
	Inertia    number     `json:"inertia"`
	Iterations int        `json:"iterations"`
	Stopped    string     `json:"stopped"`
	Converged  bool       `json:"converged"`
	Empty      int        `json:"empty"`
	Distinct   int        `json:"distinct"`
	Counts     []int64    `json:"counts"`
	Seconds    fitSeconds `json:"seconds"`
}

type fitSeconds struct {
	Read    float64 `json:"read"`
	Seed    float64 `json:"seed"`
	Iterate float64 `json:"iterate"`
}

func (r fitResult) object() fitObject {
	m := r.model
	return fitObject{
		N: r.rows.n(), D: r.rows.d(), K: r.km.K,
		Dtype: r.rows.dtype(), Kernel: r.level.String(), Threads: r.threads(),
		Init: string(r.flags.init), Seed: r.km.Seed, Runs: r.km.Restarts, Run: m.Restart + 1,
		Inertia: number(m.Inertia), Iterations: m.Iterations,
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
	how := counted(r.km.K, "cluster") + ", initial centers " + string(r.flags.init)
	if r.km.Restarts > 1 {
		how += fmt.Sprintf(", run %d of %d kept", m.Restart+1, r.km.Restarts)
	}
	say("fit", "%s", how)
	say("inertia", "%.10g", m.Inertia)
	say("iterations", "%d, %s", m.Iterations, m.Stopped)
	say("rows each", "%s", spread(m.Counts))
	say("time", "%s read, %s seed, %s iterate (%s, %s)", brief(r.rows.took), brief(m.SeedTime),
		brief(m.IterateTime), r.level, counted(r.threads(), "thread"))
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
	if m.Stopped == cluster.MaxIterations {
		notes = append(notes, fmt.Sprintf("still moving after --max-iter %d iterations", r.km.MaxIter))
	}
	switch {
	case m.Distinct < r.km.K:
		notes = append(notes, fmt.Sprintf("only %s; the rows may have no more distinct values", counted(m.Distinct, "distinct center")))
	case m.Empty > 0:
		notes = append(notes, counted(m.Empty, "cluster")+" without a row")
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
