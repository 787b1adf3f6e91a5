package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// config is what the flags say.
type config struct {
	folder  string // for data and temporary files
	source  string // where peers.py is
	python  string
	failed  string // what install.sh could not install
	repeats int
	limit   float64       // seconds an iteration
	share   float64       // seconds of a shape for one that is no lead, beyond its third repeat
	pause   time.Duration // before each turn
	only    []string      // names; empty is all
	log     io.Writer
}

// session collects the records of a run.
type session struct {
	config
	records  []Record
	versions map[string]bool
}

// timeout is how long a single answer may take.
func (c config) timeout() time.Duration {
	return time.Duration(60*c.limit) * time.Second
}

// contender is a running worker, with what it is asked.
type contender struct {
	*worker
	loops, turns int
	warm         bool
}

// shape measures the implementations that take selects, on one shape and number
// of threads.
func (s *session) shape(part string, sh Shape, threads int, take func(implementation) bool) error {
	f, err := prepare(filepath.Join(s.folder, "data"), sh)
	if err != nil {
		return err
	}
	few, many := sh.window()
	blank := Record{Part: part, Shape: sh, Threads: threads, Window: fmt.Sprintf("%d-%d", few, many), Value: math.NaN()}
	fmt.Fprintf(s.log, "%v, %d threads:", sh, threads)
	begin := time.Now()
	var field []*contender
	defer func() {
		for _, c := range field {
			c.stop()
		}
	}()
	decline := func(name, note string) {
		r := blank
		r.Name, r.Note = name, note
		s.records = append(s.records, r)
	}
	var entrants []implementation
	for _, of := range implementations {
		if !take(of) || len(s.only) > 0 && !slices.Contains(s.only, of.Name) {
			continue
		}
		if note := of.refuse(sh, threads, s.limit); note != "" {
			decline(of.Name, note)
			continue
		}
		entrants = append(entrants, of)
	}
	workers, failures := startAll(s.config, entrants, f, threads)
	for i, w := range workers {
		if failures[i] != nil {
			decline(entrants[i].Name, "failed: "+tidy(failures[i]))
			continue
		}
		c := &contender{worker: w, turns: s.repeats}
		field = append(field, c)
	}
	field = slices.DeleteFunc(field, func(c *contender) bool {
		note := s.enter(c, sh)
		if note != "" {
			c.stop()
			decline(c.of.Name, note)
		}
		return note != ""
	})
	first := len(s.records)
	centers := make(map[string]string) // of each implementation, the file
	inertia := make(map[string]float64)
	iterations := make(map[string]int)
	for turn := range s.repeats {
		for _, i := range order(len(field), turn) {
			c := field[i]
			if turn >= c.turns {
				continue
			}
			time.Sleep(s.pause)
			ask := request{Op: "turn", Few: few, Many: many, Loops: c.loops, Warm: c.warm}
			if turn == 0 {
				ask.Save = filepath.Join(s.folder, fmt.Sprintf("centers-%d.npy", i))
			}
			begin := time.Now()
			a, err := c.ask(ask, s.timeout())
			r := blank
			r.Name = c.of.Name
			if err != nil {
				c.turns = 0
				r.Note = "failed: " + tidy(err)
				s.records = append(s.records, r)
				continue
			}
			if turn == 0 {
				iterations[r.Name] = a.Iterations
				inertia[r.Name] = a.Inertia
				if a.Saved {
					centers[r.Name] = ask.Save
				}
				if !c.of.Lead {
					c.turns = min(s.repeats, max(3, int(s.share/time.Since(begin).Seconds())))
				}
			}
			r.Repeat, r.Milliseconds = turn+1, a.Seconds*1e3
			s.records = append(s.records, r)
		}
	}
	for i := range s.records[first:] {
		r := &s.records[first+i]
		if r.Repeat != 1 {
			continue
		}
		for _, c := range field {
			if c.of.Name == r.Name {
				r.Loaded, r.Peak = c.loaded, c.peak()
			}
		}
	}
	for _, c := range field { // their memory is needed now
		c.stop()
	}
	field = nil
	fmt.Fprintf(s.log, " (%v)\n", time.Since(begin).Round(time.Second))
	if part != partIteration {
		return nil
	}
	return s.compare(s.records[first:], f, many, centers, iterations, inertia)
}

// startAll starts workers, as many at a time as there are cores.
func startAll(c config, of []implementation, f files, threads int) ([]*worker, []error) {
	workers, failures := make([]*worker, len(of)), make([]error, len(of))
	inBlocks(len(of), 1, runtime.NumCPU(), func(_, i, _ int) {
		workers[i], failures[i] = start(c, of[i], f, threads, c.timeout())
	})
	return workers, failures
}

// enter sees how fast a contender is; if it is too slow, or fails, it says so.
func (s *session) enter(c *contender, sh Shape) string {
	if !s.versions[c.version] && c.version != "" {
		s.versions[c.version] = true
		s.records = append(s.records, Record{Part: partVersion, Name: c.of.Name, Value: math.NaN(), Note: c.version})
	}
	few, many := sh.window()
	ask := request{Op: "turn", Few: few, Many: few + 1, Loops: 1}
	if sh.work() > 5e9 {
		ask.Few, ask.Many = 0, 1 // saves time
	}
	begin := time.Now()
	a, err := c.ask(ask, s.timeout())
	if err != nil {
		return "failed: " + tidy(err)
	}
	if a.Seconds > s.limit {
		return "> " + strconv.FormatFloat(s.limit, 'g', 3, 64) + " s"
	}
	// Short turns are repeated until they are long enough for the clock.
	const long = 0.2
	spent := time.Since(begin).Seconds() / float64(ask.Few+ask.Many) * float64(few+many)
	c.loops, c.warm = max(1, min(100, int(long/spent))), spent < long
	fmt.Fprintf(s.log, " %s", strings.ReplaceAll(c.of.Name, " ", "-"))
	return ""
}

// compare fills in the inertia relative to Lloyd's.
func (s *session) compare(records []Record, f files, many int, centers map[string]string, iterations map[string]int, inertia map[string]float64) error {
	x, err := load(f.rows)
	if err != nil {
		return err
	}
	start, err := load(f.centers)
	if err != nil {
		return err
	}
	rows, from := dense(x.Data, x.D), dense(start.Data, start.D)
	ours := make(map[int]float64) // Lloyd's inertia after so many iterations
	after := func(n int) (float64, error) {
		if ours[n] == 0 && n == 0 {
			v, err := inertia32(x, start)
			if err != nil {
				return 0, err
			}
			ours[n] = v
		}
		if ours[n] == 0 {
			m, err := cluster.KMeans{K: start.N, Init: cluster.Given{Centers: from}, MaxIter: n, Tol: -1}.Fit(context.Background(), rows)
			if err != nil {
				return 0, err
			}
			ours[n] = m.Inertia
		}
		return ours[n], nil
	}
	for i := range records {
		r := &records[i]
		value := inertia[r.Name]
		if r.Repeat != 1 || value == 0 && centers[r.Name] == "" {
			continue
		}
		if path := centers[r.Name]; path != "" {
			value, err = inertiaOf(x, path)
			if err != nil {
				r.Note = "its centers cannot be used: " + tidy(err) // a NaN, as a rule
				continue
			}
		}
		reference, err := after(iterations[r.Name])
		if err != nil {
			return err
		}
		r.Value = value/reference - 1
		if n := iterations[r.Name]; n != many && n != 0 {
			r.Note = fmt.Sprintf("stopped after %d iterations", n)
		}
	}
	return nil
}

// inertiaOf returns the inertia of the rows with the centers in a file, which is
// removed.
func inertiaOf(x lloyd.Matrix[float32], path string) (float64, error) {
	defer os.Remove(path)
	c, err := load(path)
	if err != nil {
		return 0, err
	}
	return inertia32(x, c)
}

func inertia32(x, c lloyd.Matrix[float32]) (float64, error) {
	m, err := cluster.FromCenters(dense(c.Data, c.D))
	if err != nil {
		return 0, err
	}
	score, err := m.Score(context.Background(), dense(x.Data, x.D))
	return -score, err
}

// tidy makes an error a short line without paths.
func tidy(err error) string {
	words := strings.Fields(err.Error())
	for i, w := range words {
		if w = strings.TrimLeft(w, "\"'(["); strings.HasPrefix(w, "/") || strings.HasPrefix(w, "./") || strings.HasPrefix(w, "../") {
			words[i] = "…"
		}
	}
	text := []rune(strings.Join(words, " "))
	return string(text[:min(len(text), 160)])
}
