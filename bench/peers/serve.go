package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/bench/results"
)

// task is what a Go implementation works on.
type task struct {
	x, centers lloyd.Matrix[float32]
	threads    int
}

func (t task) k() int { return t.centers.N }

// outcome is what a fit came to.
type outcome struct {
	iterations int       // that were done
	centers    []float32 // K×D, nil if there are none to show
}

// subject is a Go implementation that has its data. Exactly one of fit, turn and
// assign is set.
type subject struct {
	// fit does at most the given number of iterations.
	fit func(iterations int) (outcome, error)
	// turn times iterations itself, in seconds an iteration.
	turn func(few, many int) (float64, outcome, error)
	// assign is the E-step alone.
	assign func(labels []int32) error
	// seed, batches, share and labeled are optional.
	seed    func(seed int) (seconds, inertia float64, err error)
	batches func(seed, epochs int) (outcome, error)
	share   func(late bool) (iteration, assign float64, err error)
	labeled func(iterations int) (outcome, []int32, error)
}

// serve answers requests until there are no more.
func serve(in io.Reader, out io.Writer, t task, s subject, version string) error {
	answers := json.NewEncoder(out)
	if err := answers.Encode(reply{Version: version}); err != nil {
		return err
	}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		var r request
		err := json.Unmarshal(lines.Bytes(), &r)
		var a reply
		if err == nil {
			a, err = s.answer(t, r)
		}
		if err != nil {
			a = reply{Error: err.Error()}
		}
		if err := answers.Encode(a); err != nil {
			return err
		}
	}
	return lines.Err()
}

func (s subject) answer(t task, r request) (a reply, err error) {
	switch {
	case r.Op == "seed" && s.seed != nil:
		a.Seconds, a.Inertia, err = s.seed(r.Seed)
	case r.Op == "batches" && s.batches != nil:
		begin := time.Now()
		o, err := s.batches(r.Seed, r.Many)
		if err != nil {
			return a, err
		}
		a.Seconds, a.Iterations = time.Since(begin).Seconds(), o.iterations
		if r.Save != "" {
			a.Saved = true
			return a, save(r.Save, o.centers, t.x.D)
		}
	case r.Op == "fit" && s.labeled != nil:
		begin := time.Now()
		o, labels, err := s.labeled(r.Many)
		if err != nil {
			return a, err
		}
		a.Seconds, a.Iterations, a.Saved = time.Since(begin).Seconds(), o.iterations, true
		wide := make([]float32, len(labels))
		for i, l := range labels {
			wide[i] = float32(l)
		}
		if err := save(r.SaveLabels, wide, 1); err != nil {
			return a, err
		}
		return a, save(r.Save, o.centers, t.x.D)
	case r.Op == "share" && s.share != nil:
		a.Seconds, a.Assign, err = s.share(r.Late)
	case r.Op == "turn" && s.assign != nil:
		return s.timeAssign(t, r)
	case r.Op == "turn":
		return s.timeTurn(t, r)
	default:
		err = fmt.Errorf("%q is not answered here", r.Op)
	}
	return a, err
}

func (s subject) timeAssign(t task, r request) (reply, error) {
	labels := make([]int32, t.x.N)
	if r.Warm {
		if err := s.assign(labels); err != nil {
			return reply{}, err
		}
	}
	begin := time.Now()
	for range r.Loops {
		if err := s.assign(labels); err != nil {
			return reply{}, err
		}
	}
	a := reply{Seconds: time.Since(begin).Seconds() / float64(r.Loops)}
	if r.Save != "" {
		distances := make([]float32, t.x.N)
		if err := lloyd.SquaredL2Pairs(distances, t.x, t.centers, labels); err != nil {
			return a, err
		}
		for _, d := range distances {
			a.Inertia += float64(d)
		}
	}
	return a, nil
}

func (s subject) timeTurn(t task, r request) (reply, error) {
	turn := s.turn
	if turn == nil {
		turn = func(few, many int) (float64, outcome, error) { return difference(s.fit, few, many) }
	}
	var a reply
	if r.Warm {
		if _, _, err := turn(0, r.Few+1); err != nil {
			return a, err
		}
	}
	var all results.Sample
	for range r.Loops {
		seconds, o, err := turn(r.Few, r.Many)
		if err != nil {
			return a, err
		}
		all = append(all, seconds)
		a.Iterations = o.iterations
		if r.Save != "" && !a.Saved && o.centers != nil {
			if err := save(r.Save, o.centers, t.x.D); err != nil {
				return a, err
			}
			a.Saved = true
		}
	}
	a.Seconds = all.Median()
	return a, nil
}

// difference times a fit of many iterations and one of few, and returns the
// seconds of one of those that the first has more.
func difference(fit func(int) (outcome, error), few, many int) (float64, outcome, error) {
	var short time.Duration
	from := 0
	if few > 0 {
		begin := time.Now()
		o, err := fit(few)
		if err != nil {
			return 0, o, err
		}
		short, from = time.Since(begin), o.iterations
	}
	begin := time.Now()
	o, err := fit(many)
	if err != nil {
		return 0, o, err
	}
	long := time.Since(begin)
	if o.iterations <= from {
		return 0, o, errors.New("it stops before the iterations that were to be timed")
	}
	return (long - short).Seconds() / float64(o.iterations-from), o, nil
}
