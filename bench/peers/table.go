package main

import (
	"slices"

	"github.com/seed-fbf9ce71/lloyd/bench/results"
)

// cell is what is known of one implementation on one shape and number of threads.
type cell struct {
	ms           map[int]float64 // by repeat
	values       results.Sample
	loaded, peak float64
	window       string
	note         string
}

func (c *cell) sample() results.Sample {
	var s results.Sample
	if c != nil {
		for _, v := range c.ms {
			s = append(s, v)
		}
	}
	return s
}

// key is what a cell is found by.
type key struct {
	part    string
	shape   Shape
	threads int
	name    string
}

// table is the records by cell.
type table struct {
	cells   map[key]*cell
	shapes  map[string][]Shape // by part, in order
	threads map[string][]int   // by part, ascending
	notes   []Record           // of the machine and the versions
}

func newTable(records []Record) *table {
	t := &table{cells: make(map[key]*cell), shapes: make(map[string][]Shape), threads: make(map[string][]int)}
	for _, r := range records {
		if r.Part == partMachine || r.Part == partVersion {
			t.notes = append(t.notes, r)
			continue
		}
		k := key{r.Part, r.Shape, r.Threads, r.Name}
		c := t.cells[k]
		if c == nil {
			c = &cell{ms: make(map[int]float64), window: r.Window}
			t.cells[k] = c
		}
		if r.Repeat > 0 {
			c.ms[r.Repeat] = r.Milliseconds
		}
		if r.Value == r.Value {
			c.values = append(c.values, r.Value)
		}
		c.loaded, c.peak = max(c.loaded, r.Loaded), max(c.peak, r.Peak)
		if r.Note != "" {
			c.note = r.Note
		}
		if !slices.Contains(t.shapes[r.Part], r.Shape) {
			t.shapes[r.Part] = append(t.shapes[r.Part], r.Shape)
		}
		if !slices.Contains(t.threads[r.Part], r.Threads) {
			t.threads[r.Part] = append(t.threads[r.Part], r.Threads)
			slices.Sort(t.threads[r.Part])
		}
	}
	return t
}

// ratios returns the times of an implementation divided by those of Lloyd in the
// same turn. For one that was only measured on one thread, paired is false, and
// there is one ratio, of the medians.
func (t *table) ratios(part string, s Shape, threads int, name string) (ratios results.Sample, paired bool) {
	ours, theirs := t.cells[key{part, s, threads, lloydName}], t.cells[key{part, s, threads, name}]
	if ours == nil {
		return nil, true
	}
	if theirs == nil {
		of, err := find(name)
		theirs = t.cells[key{part, s, t.threads[part][0], name}]
		if err != nil || !of.Serial || len(theirs.sample()) == 0 || len(ours.ms) == 0 {
			return nil, true
		}
		return results.Sample{theirs.sample().Median() / ours.sample().Median()}, false
	}
	for repeat, ms := range theirs.ms {
		if own := ours.ms[repeat]; own > 0 && ms > 0 { // else the difference was lost in noise
			ratios = append(ratios, ms/own)
		}
	}
	return ratios, true
}

// note returns why there is no number.
func (t *table) note(part string, s Shape, threads int, name string) string {
	for _, n := range []int{threads, t.threads[part][0]} {
		if c := t.cells[key{part, s, n, name}]; c != nil {
			return c.note
		}
	}
	return ""
}
