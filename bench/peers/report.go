package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/seed-fbf9ce71/lloyd/bench/results"
)

// tables makes the part of RESULTS.md out of the records.
func tables(records []Record) string {
	t := newTable(records)
	var b strings.Builder
	t.head(&b)
	threads := t.threads[partIteration]
	for _, n := range threads {
		t.ratioTables(&b, n)
	}
	t.inertias(&b)
	t.memory(&b)
	t.seedings(&b)
	t.batchTables(&b)
	t.fitTables(&b)
	t.shares(&b)
	t.speedUp(&b)
	t.seriesTables(&b)
	t.implementationNotes(&b)
	return b.String()
}

func (t *table) head(b *strings.Builder) {
	var versions, missing []string
	for _, r := range t.notes {
		switch {
		case r.Part == partMachine:
			fmt.Fprintf(b, "%s `make peers`; raw numbers in [peers.csv](peers.csv), the method in `bench/peers/doc.go`.\n", r.Note)
		case r.Name == "":
			missing = append(missing, r.Note)
		case !slices.Contains(versions, r.Note):
			versions = append(versions, r.Note)
		}
	}
	if len(versions) > 0 {
		fmt.Fprintf(b, "Versions: %s.\n", strings.Join(versions, ", "))
	}
	for _, m := range missing {
		fmt.Fprintf(b, "%s.\n", strings.ToUpper(m[:1])+m[1:])
	}
	b.WriteString("\n")
}

// plural is "1 thread" or "2 threads".
func plural(n int) string {
	if n == 1 {
		return "1 thread"
	}
	return fmt.Sprintf("%d threads", n)
}

// groups are the columns of one table.
type group struct {
	title, explanation string
	take               func(implementation) bool
}

var tableGroups = []group{
	{"libraries ÷ Lloyd",
		"How many times as long as Lloyd one iteration (E-step and M-step, float32) takes: median of the turns, with the range. Above 1, Lloyd is faster.",
		func(of implementation) bool { return of.Python && !of.Assign || of.Name == denseName }},
	{"Go ÷ Lloyd",
		"¹ uses one thread whatever it is allowed.",
		func(of implementation) bool {
			return !of.Python && !of.Assign && of.Name != lloydName && of.Name != denseName
		}},
	{"E-steps alone ÷ Lloyd's whole iteration",
		"The time of the E-step, or of the bare matrix product, against Lloyd's E-step and M-step together.",
		func(of implementation) bool { return of.Assign }},
}

func (t *table) ratioTables(b *strings.Builder, threads int) {
	for i, g := range tableGroups {
		names := t.names(g.take)
		if len(names) == 0 {
			continue
		}
		fmt.Fprintf(b, "### One iteration, %s: %s\n\n%s\n\n| N×D, K | iterations | Lloyd ms |", plural(threads), g.title, g.explanation)
		if i == 0 && len(t.threads[partIteration]) > 0 {
			defer fmt.Fprintf(b, "![Ratios, %s](plots/%s)\n\n", plural(threads), ratioPlot(threads))
		}
		for _, name := range names {
			fmt.Fprintf(b, " %s |", name)
		}
		fmt.Fprintf(b, "\n|---|---|---|%s\n", strings.Repeat("---|", len(names)))
		for _, s := range t.shapes[partIteration] {
			ours := t.cells[key{partIteration, s, threads, lloydName}]
			window := ""
			if ours != nil {
				if few, many, _ := strings.Cut(ours.window, "-"); few == "0" {
					window = "whole fit of " + many
				} else {
					window = few + "–" + many
				}
			}
			fmt.Fprintf(b, "| %v | %s | %s |", s, window, ours.sample())
			for _, name := range names {
				fmt.Fprintf(b, " %s |", t.ratioCell(partIteration, s, threads, name))
			}
			b.WriteString("\n")
		}
		b.WriteString("\n")
	}
}

func (t *table) ratioCell(part string, s Shape, threads int, name string) string {
	ratios, paired := t.ratios(part, s, threads, name)
	switch {
	case len(ratios) == 0:
		return t.reason(part, s, threads, name)
	case !paired:
		return results.Number(ratios[0]) + "¹"
	}
	return ratios.String()
}

// reason is a short form of the note of a cell without a number.
func (t *table) reason(part string, s Shape, threads int, name string) string {
	note := t.note(part, s, threads, name)
	if strings.HasPrefix(note, "failed") {
		return "failed"
	}
	return note
}

// names are the implementations that take selects and that have any number.
func (t *table) names(take func(implementation) bool) []string {
	var names []string
	for _, of := range implementations {
		if !take(of) {
			continue
		}
		for k := range t.cells {
			if k.part == partIteration && k.name == of.Name {
				names = append(names, of.Name)
				break
			}
		}
	}
	return names
}

func (t *table) inertias(b *strings.Builder) {
	names := t.names(func(of implementation) bool {
		return of.Name != lloydName && of.Name != "NumPy sgemm" && of.Name != "biogo/cluster"
	})
	if len(names) == 0 {
		return
	}
	b.WriteString("### The inertia that they reach\n\nOf the centers after the iterations of the table (of the labels of the first E-step, where that alone is timed), relative to Lloyd's after as many. 0 means the same to seven digits; a number far above 0 means that less work was done, or that the rows and centers are its own choice.\n\n| N×D, K |")
	for _, name := range names {
		fmt.Fprintf(b, " %s |", name)
	}
	fmt.Fprintf(b, "\n|---|%s\n", strings.Repeat("---|", len(names)))
	for _, s := range t.shapes[partIteration] {
		fmt.Fprintf(b, "| %v |", s)
		for _, name := range names {
			text := ""
			for _, n := range t.threads[partIteration] {
				if c := t.cells[key{partIteration, s, n, name}]; c != nil && len(c.values) > 0 {
					text = relative(c.values[0])
					if strings.HasPrefix(c.note, "stopped") {
						text += " (" + c.note + ")"
					}
				}
			}
			fmt.Fprintf(b, " %s |", text)
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

// relative is a difference relative to 1.
func relative(v float64) string {
	switch {
	case math.Abs(v) < 5e-8:
		return "0"
	case math.Abs(v) < 1e-3:
		return fmt.Sprintf("%+.0e", v)
	}
	return fmt.Sprintf("%+.2g %%", 100*v)
}

// memory is of the runs with the most threads.
func (t *table) memory(b *strings.Builder) {
	names := t.names(func(implementation) bool { return true })
	threads := t.threads[partIteration]
	var rows []string
	for _, s := range t.shapes[partIteration] {
		if s.bytes() < 4<<20 {
			continue // tiny: the program itself is larger
		}
		row := fmt.Sprintf("| %v | %.0f |", s, s.bytes()/(1<<20))
		any := false
		for _, name := range names {
			text := ""
			for _, n := range threads {
				if c := t.cells[key{partIteration, s, n, name}]; c != nil && c.peak > 0 {
					text = fmt.Sprintf("%.0f", c.peak)
					any = true
				}
			}
			row += " " + text + " |"
		}
		if any {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(b, "### Peak memory\n\nMost resident MiB of the process while it works, its rows, runtime and libraries included (%s; where float64 rows are needed, our float32 copy of them too), against the float32 rows.\n\n| N×D, K | rows |", plural(threads[len(threads)-1]))
	for _, name := range names {
		fmt.Fprintf(b, " %s |", name)
	}
	fmt.Fprintf(b, "\n|---|---|%s\n%s\n\n", strings.Repeat("---|", len(names)), strings.Join(rows, "\n"))
}

func (t *table) seedings(b *strings.Builder) {
	if len(t.shapes[partSeeding]) == 0 {
		return
	}
	b.WriteString("### Seeding\n\nGreedy k-means++ with 2+⌊ln K⌋ candidates for each center: Lloyd's, and `sklearn.cluster.kmeans_plusplus`. Seeds are drawn, so the inertia of the rows with the seeds as centers is a mean over the turns.\n\n| N×D, K | threads | Lloyd ms | scikit-learn ms | scikit-learn ÷ Lloyd | inertia: scikit-learn's relative to Lloyd's |\n|---|---|---|---|---|---|\n")
	for _, s := range t.shapes[partSeeding] {
		for _, n := range t.threads[partSeeding] {
			ours, theirs := t.cells[key{partSeeding, s, n, lloydName}], t.cells[key{partSeeding, s, n, "scikit-learn"}]
			if ours == nil || theirs == nil {
				continue
			}
			fmt.Fprintf(b, "| %v | %d | %s | %s | %s | %s |\n", s, n, ours.sample(), theirs.sample(),
				t.ratioCell(partSeeding, s, n, "scikit-learn"), relative(mean(theirs.values)/mean(ours.values)-1))
		}
	}
	b.WriteString("\n")
}

func mean(s results.Sample) float64 {
	var sum float64
	for _, v := range s {
		sum += v
	}
	return sum / float64(len(s))
}

func (t *table) shares(b *strings.Builder) {
	if len(t.shapes[partShare+"start"]) == 0 {
		return
	}
	b.WriteString("### The M-step's share of a plain iteration\n\nThe time that an iteration of `Algorithm: cluster.Lloyd` spends on sums, means and centers, in per cent, as cluster's observer tells it. Start: iterations 2 to 4; late: when less than 1 % of the rows move.\n\n| N×D, K | threads | start: ms an iteration | share % | late: ms an iteration | share % |\n|---|---|---|---|---|---|\n")
	for _, s := range t.shapes[partShare+"start"] {
		for _, n := range t.threads[partShare+"start"] {
			start, late := t.cells[key{partShare + "start", s, n, lloydName}], t.cells[key{partShare + "late", s, n, lloydName}]
			if start == nil || late == nil {
				continue
			}
			fmt.Fprintf(b, "| %v | %d |", s, n)
			for _, c := range []*cell{start, late} {
				if len(c.values) == 0 {
					b.WriteString(" converged | |")
					continue
				}
				fmt.Fprintf(b, " %s | %s |", c.sample(), c.values)
			}
			b.WriteString("\n")
		}
	}
	b.WriteString("\n")
}

// speedUp is Lloyd's own, from the first number of threads to the last.
func (t *table) speedUp(b *strings.Builder) {
	threads := t.threads[partIteration]
	if len(threads) < 2 {
		return
	}
	first, last := threads[0], threads[len(threads)-1]
	names := t.names(func(of implementation) bool { return of.Lead })
	fmt.Fprintf(b, "### Speed-up from %s to %d\n\nRatio of the medians.\n\n| N×D, K |", plural(first), last)
	for _, name := range names {
		fmt.Fprintf(b, " %s |", name)
	}
	fmt.Fprintf(b, "\n|---|%s\n", strings.Repeat("---|", len(names)))
	for _, s := range t.shapes[partIteration] {
		fmt.Fprintf(b, "| %v |", s)
		for _, name := range names {
			one, all := t.cells[key{partIteration, s, first, name}].sample(), t.cells[key{partIteration, s, last, name}].sample()
			if one.Median() <= 0 || all.Median() <= 0 {
				b.WriteString(" |")
				continue
			}
			fmt.Fprintf(b, " %.2f |", one.Median()/all.Median())
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

func (t *table) seriesTables(b *strings.Builder) {
	titled := false
	for _, quantity := range []string{"N", "K", "D", "threads"} {
		part := partSeries + quantity
		if len(t.shapes[part]) == 0 {
			continue
		}
		if !titled {
			b.WriteString("### Scaling\n\nMilliseconds of an iteration, medians.\n\n")
			titled = true
		}
		fmt.Fprintf(b, "![Scaling in %s](plots/%s)\n", quantity, seriesPlot(quantity))
	}
	if titled {
		b.WriteString("\n")
	}
}

func (t *table) implementationNotes(b *strings.Builder) {
	b.WriteString("### Notes\n\n`> 2 s` and the like: an iteration takes that long, so it was not run there. `start-up`: what it does besides its iterations (its seeding; Elkan's first iteration) would take too long.\n\n")
	for _, name := range t.names(func(implementation) bool { return true }) {
		of, err := find(name)
		if err != nil || of.Note == "" {
			continue
		}
		fmt.Fprintf(b, "- %s: %s\n", name, of.Note)
	}
	var failures []string
	for _, name := range t.names(func(implementation) bool { return true }) {
		for _, s := range t.shapes[partIteration] {
			for _, n := range t.threads[partIteration] {
				c := t.cells[key{partIteration, s, n, name}]
				if c == nil || !strings.HasPrefix(c.note, "failed") && !strings.HasPrefix(c.note, "its") {
					continue
				}
				if line := fmt.Sprintf("- %s, %v: %s\n", name, s, c.note); !slices.Contains(failures, line) {
					failures = append(failures, line)
				}
			}
		}
	}
	b.WriteString(strings.Join(failures, ""))
}
