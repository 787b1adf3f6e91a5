package main

import (
	"strings"
	"testing"
	"time"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// The whole measurement, as a table and, from one report, as JSON.
func TestBench(t *testing.T) {
	if testing.Short() {
		t.Skip("some seconds of measurements")
	}
	level, err := kernel.Active()
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	report, err := measureMachine(t.Context(), level, time.Millisecond, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("took %v", time.Since(begin))
	if now, err := kernel.Active(); err != nil || now != level {
		t.Errorf("the level is left at %v, %v", now, err)
	}
	levels := len(kernel.Supported())
	if len(report.Peaks) != 2*levels || len(report.Kernels) != 12*levels || len(report.ESteps) != 2*len(benchShapes) {
		t.Errorf("%d peaks, %d kernels, %d E-steps", len(report.Peaks), len(report.Kernels), len(report.ESteps))
	}
	for _, k := range report.Kernels {
		if k.Flops.known() == k.Bytes.known() || (k.Bytes.known() && k.Share.known()) {
			t.Errorf("%+v has not one rate", k)
		}
		if rate := max(k.Flops, k.Bytes); rate.known() && (rate < 1e6 || rate > 1e14) {
			t.Errorf("%+v is not credible", k)
		}
		if levels > 1 && k.Flops.known() && !(k.Share > 0 && k.Share < 20) {
			t.Errorf("%+v has no credible share", k)
		}
	}
	var text, object strings.Builder
	if err := report.print(&text); err != nil {
		t.Fatal(err)
	}
	if err := writeJSON(&object, report); err != nil {
		t.Fatal(err)
	}
	out := outcome{exitDone, object.String(), ""}
	if got := out.object(t)["esteps"].([]any)[0].(map[string]any); got["n"] != 1797.0 || got["seconds"].(float64) <= 0 {
		t.Errorf("%v", got)
	}
	for i, line := range strings.Split(text.String(), "\n") {
		if n := len([]rune(line)); n > 80 || strings.TrimRight(line, " ") != line {
			t.Errorf("line %d has %d columns: %q", i+1, n, line)
		}
	}
	for _, want := range []string{level.String(), "nearest center", "moments", "1797"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is missing:\n%s", want, text.String())
		}
	}
}

// Four levels are the most there are; in a build without assembly nothing is held
// against a peak.
func TestBenchTableFitsATerminal(t *testing.T) {
	r := benchReport{Levels: []string{"generic", "avx2", "avx512", "avx512vnni"}, Kernel: "avx512vnni", Threads: 192}
	for _, dtype := range dtypes {
		for _, l := range r.Levels {
			r.Peaks = append(r.Peaks, peakRate{l, dtype, 123.4e9})
			r.Kernels = append(r.Kernels, kernelRate{"nearest, with integers", l, dtype, 1234.5e9, unknown, 9.99}, kernelRate{"moments", l, dtype, unknown, 123.4e9, unknown})
		}
	}
	r.ESteps = []eStepRate{{400_000, 768, 1024, "float32", 1.234, 12345e9, 9.99}, {400_000, 768, 1024, "float64", 1.234, 12345e9, unknown}}
	var text strings.Builder
	if err := r.print(&text); err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(text.String(), "\n") {
		if n := len([]rune(line)); n > 80 || strings.TrimRight(line, " ") != line {
			t.Errorf("%d columns: %q", n, line)
		}
	}
}

func TestInterruptedBench(t *testing.T) {
	var stdout, stderr strings.Builder
	status := run(contextDone(t), []string{"bench"}, strings.NewReader(""), &stdout, &stderr)
	outcome{status, stdout.String(), stderr.String()}.failed(t, exitInterrupted, `^lloyd: interrupted`)
}
