package results

import (
	"fmt"
	"slices"
	"strings"
)

// Tables turns the benchmarks of package bench into Markdown: the peak, the
// E-step with its share of the peak, on one thread and on all, the M-step's
// share, and the kernels that are bound by memory.
func Tables(all []*Benchmark) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s Medians with the range.\n\n", Machine())
	peaks(&b, all)
	eStep(&b, all, "Nearest", "The E-step kernel, one thread")
	eStep(&b, all, "NearestThreads", "The E-step kernel, all threads")
	perShape(&b, all, "Integers", "Integers in front, of 8 or 16 bits: times as fast as floating point alone, in turns, one thread", "×dense", "")
	perShape(&b, all, "Integers", "Distances to a row that 8-bit integers leave, of rows that are noise, from rows as centers", "listed/row", "")
	perShape(&b, all, "Integers", "The same as a share of the peak of multiply-adds, as if all distances were computed", "%peak", " %")
	perShape(&b, all, "IntegersTwo", "16-bit integers in front, for two distances a row: times as fast as floating point alone, in turns, one thread", "×dense", "")
	perShape(&b, all, "IntegersTwo", "Rows that these leave open", "%open", " %")
	fits(&b, all)
	perShape(&b, all, "First", "The E-step of the first iteration on a spectrum 1/j, rows as centers: times as fast as plain Lloyd, in turns, all threads", "×dense", "")
	perShape(&b, all, "MStepShare", "The M-step's share of an iteration, all threads", "%mstep", " %")
	perShape(&b, all, "Moments", "`Moments`, one thread, GB/s", "MB/s", "")
	perShape(&b, all, "SquaredL2Rows", "`SquaredL2Rows`, one thread, GB/s", "MB/s", "")
	perShape(&b, all, "Accumulate", "`Accumulate`, one thread, GB/s", "MB/s", "")
	return b.String()
}

// column is a level and a dtype.
func column(b *Benchmark) string { return b.Keys["level"] + " " + b.Keys["dtype"] }

// grid puts the benchmarks of one name in rows and columns, in the order of
// their first appearance.
func grid(all []*Benchmark, name string, row func(*Benchmark) string) (rows, columns []string, at map[[2]string]*Benchmark) {
	at = make(map[[2]string]*Benchmark)
	for _, b := range all {
		if b.Name != name || b.Keys["dtype"] == "" { // a level that has nothing to measure has a line, too
			continue
		}
		r, c := row(b), column(b)
		if !slices.Contains(rows, r) {
			rows = append(rows, r)
		}
		if !slices.Contains(columns, c) {
			columns = append(columns, c)
		}
		at[[2]string{r, c}] = b
	}
	return rows, columns, at
}

func peaks(b *strings.Builder, all []*Benchmark) {
	rows, columns, at := grid(all, "Peak", func(*Benchmark) string { return "GFLOP/s" })
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(b, "Peak of fused multiply-adds, one thread, GFLOP/s:")
	for i, c := range columns {
		if i > 0 {
			b.WriteString(";")
		}
		fmt.Fprintf(b, " %s %s", c, at[[2]string{rows[0], c}].Sample["GFLOP/s"])
	}
	b.WriteString(". (The probe of `generic` is that of the best level here.)\n\n")
}

func eStep(b *strings.Builder, all []*Benchmark, name, title string) {
	rows, columns, at := grid(all, name, (*Benchmark).shape)
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(b, "### %s\n\n| N×D, K |", title)
	for _, c := range columns {
		fmt.Fprintf(b, " %s: GFLOP/s | %% of peak |", c)
	}
	fmt.Fprintf(b, "\n|---|%s\n", strings.Repeat("---|", 2*len(columns)))
	for _, r := range rows {
		fmt.Fprintf(b, "| %s |", r)
		for _, c := range columns {
			cell := at[[2]string{r, c}]
			if cell == nil {
				b.WriteString(" | |")
				continue
			}
			peak := ""
			if s := cell.Sample["%peak"]; len(s) > 0 {
				least, greatest := s.Range()
				peak = fmt.Sprintf("%.0f (%.0f–%.0f)", s.Median(), least, greatest)
			}
			fmt.Fprintf(b, " %s | %s |", cell.Sample["GFLOP/s"], peak)
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

// fits is the table of whole fits.
func fits(b *strings.Builder, all []*Benchmark) {
	first := true
	for _, f := range all {
		if f.Name != "Fit" {
			continue
		}
		if first {
			b.WriteString("### Whole fits: `Auto` beside plain `Lloyd`, in turns, all threads, float32\n\n| rows, K | ms | times as fast as plain Lloyd | 2·N·K·D an iteration, % of the FMA peak | iterations |\n|---|---|---|---|---|\n")
			first = false
		}
		fmt.Fprintf(b, "| %s, %s | %s | %s | %.0f | %.0f |\n", strings.ReplaceAll(f.Keys["set"], "_", " "), f.Keys["k"], f.Sample["ms/fit"], f.Sample["×lloyd"], f.Sample["%peak"].Median(), f.Sample["iterations"].Median())
	}
	if !first {
		b.WriteString("\n")
	}
}

// perShape is a table of one unit. MB/s become GB/s.
func perShape(b *strings.Builder, all []*Benchmark, name, title, unit, suffix string) {
	rows, columns, at := grid(all, name, func(b *Benchmark) string {
		switch {
		case b.Keys["n"] == "":
			return "D=" + b.Keys["d"]
		case b.Keys["phase"] != "":
			return b.shape() + ", " + strings.ReplaceAll(b.Keys["phase"], "_", " ")
		}
		return b.shape()
	})
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(b, "### %s\n\n| | %s |\n|---|%s\n", title, strings.Join(columns, " | "), strings.Repeat("---|", len(columns)))
	for _, r := range rows {
		fmt.Fprintf(b, "| %s |", r)
		for _, c := range columns {
			cell := at[[2]string{r, c}]
			if cell == nil || len(cell.Sample[unit]) == 0 {
				b.WriteString(" |")
				continue
			}
			s := slices.Clone(cell.Sample[unit])
			if unit == "MB/s" {
				for i := range s {
					s[i] /= 1000
				}
			}
			fmt.Fprintf(b, " %s%s |", s, suffix)
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}
