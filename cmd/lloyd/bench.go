package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

func newBench() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "bench [flags]",
		Short: "Measure the kernels on this machine",
		Long: `Bench measures this machine in a few seconds: the peak of fused multiply-adds,
the kernels at each level beside it, and the E-step, which gives each row the
nearest of K centers, on all threads for shapes of everyday data.

A GFLOP/s is 10⁹ floating-point operations a second: two for each element of a
row and center in the search for the nearest center, three for a distance (a
difference, a square, a sum). Shares are of the peak of the level, a thread.
The E-step ranks centers by 16-bit integers where that is faster, so that it may
come to more than the peak. Numbers are medians, peaks the greatest of several;
other programs disturb them. (The generic level has no peak of its own and is
held against that of the best.)`,
		Example: `  lloyd bench
  lloyd bench --json | jq '.esteps[] | {n, d, k, dtype, share}'`,
		Args: noArguments,
		RunE: action(func(cmd *cobra.Command, _ []string) error {
			level, err := kernel.Active()
			if err != nil {
				return err
			}
			line := newProgress(cmd.ErrOrStderr(), 1, "measuring")
			r, err := measureMachine(cmd.Context(), level, 50*time.Millisecond, line)
			line.done()
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(cmd.OutOrStdout(), r)
			}
			return r.print(cmd.OutOrStdout())
		}),
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

// benchReport is what "lloyd bench" tells.
type benchReport struct {
	Version string       `json:"version"`
	Go      string       `json:"go"`
	OS      string       `json:"os"`
	Arch    string       `json:"arch"`
	CPU     string       `json:"cpu"`
	CPUs    int          `json:"cpus"`
	Threads int          `json:"threads"`
	Levels  []string     `json:"levels"`
	Kernel  string       `json:"kernel"`
	Peaks   []peakRate   `json:"peaks"`
	Kernels []kernelRate `json:"kernels"`
	ESteps  []eStepRate  `json:"esteps"`
}

// peakRate is the peak of one thread.
type peakRate struct {
	Level string `json:"level"`
	Dtype string `json:"dtype"`
	Flops number `json:"flops"` // a second; null: no probe in this build
}

// kernelRate is a kernel on one thread.
type kernelRate struct {
	Kernel string `json:"kernel"`
	Level  string `json:"level"`
	Dtype  string `json:"dtype"`
	Flops  number `json:"flops"` // a second; null: bound by memory
	Bytes  number `json:"bytes"` // read a second; null: bound by arithmetic
	Share  number `json:"share"` // of the peak, if that is known
}

// eStepRate is the E-step at the level in use on all threads.
type eStepRate struct {
	N       int    `json:"n"`
	D       int    `json:"d"`
	K       int    `json:"k"`
	Dtype   string `json:"dtype"`
	Seconds number `json:"seconds"`
	Flops   number `json:"flops"`
	Share   number `json:"share"` // of the peak of all threads
}

func (r benchReport) print(w io.Writer) error {
	var b strings.Builder
	line := func(text string) { b.WriteString(strings.TrimRight(text, " ") + "\n") }
	say := func(name, format string, args ...any) {
		line(fmt.Sprintf("%-12s%s", name, fmt.Sprintf(format, args...)))
	}
	say("lloyd", "%s, %s, %s/%s", r.Version, r.Go, r.OS, r.Arch)
	say("machine", "%s", r.CPU)
	say("threads", "%d of %s", r.Threads, counted(r.CPUs, "CPU"))
	say("kernels", "%s; in use: %s", strings.Join(r.Levels, " "), r.Kernel)

	b.WriteString("\nOne thread: GFLOP/s and the share of the peak; GB/s where memory bounds\n\n")
	row := func(name, dtype string, cell func(level string) string) {
		text := fmt.Sprintf("%-23s%-8s", name, dtype)
		for _, l := range r.Levels {
			text += fmt.Sprintf("%12s", cell(l))
		}
		line(text)
	}
	row("", "", func(level string) string { return level })
	for _, dtype := range dtypes {
		row("peak", dtype, func(level string) string {
			if peak := r.peak(level, dtype); peak.known() {
				return fmt.Sprintf("%.1f      ", peak/1e9)
			}
			return ""
		})
	}
	for _, name := range r.kernels() {
		for _, dtype := range dtypes {
			row(name, dtype, func(level string) string {
				for _, k := range r.Kernels {
					if k.Kernel == name && k.Level == level && k.Dtype == dtype {
						return k.text()
					}
				}
				return ""
			})
		}
	}

	fmt.Fprintf(&b, "\nE-step, %s, %s: milliseconds, GFLOP/s, share of the peak\n\n", r.Kernel, counted(r.Threads, "thread"))
	line(fmt.Sprintf("%8s %5s %5s %28s %28s", "N", "D", "K", "float32", "float64"))
	for i := 0; i+1 < len(r.ESteps); i += 2 {
		e := r.ESteps[i]
		line(fmt.Sprintf("%8d %5d %5d %28s %28s", e.N, e.D, e.K, e.text(), r.ESteps[i+1].text()))
	}
	return writeText(w, b.String())
}

// kernels lists the kernels in the order of their measurement.
func (r benchReport) kernels() []string {
	var names []string
	for _, k := range r.Kernels {
		if !slices.Contains(names, k.Kernel) {
			names = append(names, k.Kernel)
		}
	}
	return names
}

func (k kernelRate) text() string {
	switch {
	case k.Bytes.known():
		return fmt.Sprintf("%.1f GB/s ", k.Bytes/1e9)
	case !k.Share.known():
		return fmt.Sprintf("%.1f      ", k.Flops/1e9)
	}
	return fmt.Sprintf("%.1f %3.0f %%", k.Flops/1e9, 100*k.Share)
}

func (e eStepRate) text() string {
	share := "      "
	if e.Share.known() {
		share = fmt.Sprintf(" %3.0f %%", 100*e.Share)
	}
	return fmt.Sprintf("%.3g %8.1f%s", 1e3*e.Seconds, e.Flops/1e9, share)
}
