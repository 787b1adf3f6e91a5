package main

import (
	"fmt"
	"math"
	"path/filepath"
	"runtime"
	"time"
)

// seeding measures greedy k-means++ of Lloyd and scikit-learn: the time, and the
// inertia of the seeds.
func (s *session) seeding(sh Shape, threads int) error {
	f, err := prepare(filepath.Join(s.folder, "data"), sh)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.log, "seeding %v, %d threads\n", sh, threads)
	x, err := load(f.rows)
	if err != nil {
		return err
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
			s.records = append(s.records, Record{Part: partSeeding, Shape: sh, Threads: threads, Name: name, Value: math.NaN(), Note: "failed: " + tidy(err)})
			continue
		}
		field = append(field, w)
	}
	turns := s.repeats
	if sh.work() > 1e10 {
		turns = min(turns, 3)
	}
	for turn := range turns {
		for _, i := range order(len(field), turn) {
			w := field[i]
			time.Sleep(s.pause)
			path := filepath.Join(s.folder, "seeds.npy")
			a, err := w.ask(request{Op: "seed", Seed: turn, Save: path}, s.timeout())
			r := Record{Part: partSeeding, Shape: sh, Threads: threads, Name: w.of.Name, Value: math.NaN()}
			if err != nil {
				r.Note = "failed: " + tidy(err)
			} else {
				r.Repeat, r.Milliseconds, r.Value = turn+1, a.Seconds*1e3, a.Inertia
				if a.Saved {
					if r.Value, err = inertiaOf(x, path); err != nil {
						return err
					}
				}
			}
			s.records = append(s.records, r)
		}
	}
	return nil
}

// shares measures the M-step's share of Lloyd's iterations, at the start and
// when less than 1 % of the rows move.
func (s *session) shares(sh Shape, threads int) error {
	f, err := prepare(filepath.Join(s.folder, "data"), sh)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.log, "share of the M-step %v, %d threads\n", sh, threads)
	of, err := find(lloydName)
	if err != nil {
		return err
	}
	w, err := start(s.config, of, f, threads, s.timeout())
	if err != nil {
		return err
	}
	defer w.stop()
	for turn := range min(s.repeats, 3) {
		for _, late := range []bool{false, true} {
			r := Record{Part: partShare + "start", Shape: sh, Threads: threads, Name: lloydName, Value: math.NaN()}
			if late {
				r.Part = partShare + "late"
			}
			if a, err := w.ask(request{Op: "share", Late: late}, s.timeout()); err != nil {
				r.Note = "failed: " + tidy(err) // converged, for example
			} else {
				r.Repeat, r.Milliseconds, r.Value = turn+1, a.Seconds*1e3, 100*(1-a.Assign/a.Seconds)
			}
			s.records = append(s.records, r)
		}
	}
	return nil
}

// threadCounts are 1, 2, 4, … and all.
func threadCounts() []int {
	var counts []int
	for n := 1; n < runtime.NumCPU(); n *= 2 {
		counts = append(counts, n)
	}
	return append(counts, runtime.NumCPU())
}
