package main

import (
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

func TestInfo(t *testing.T) {
	level, err := kernel.Active()
	if err != nil {
		t.Fatal(err)
	}
	out := lloyd("info").done(t)
	for _, want := range []string{runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH, level.String(), "generic", "768"} {
		if !strings.Contains(out.stdout, want) {
			t.Errorf("info lacks %q:\n%s", want, out.stdout)
		}
	}
	if out.stderr != "" {
		t.Errorf("standard error: %q", out.stderr)
	}
	for line := range strings.Lines(out.stdout) {
		if n := len([]rune(strings.TrimSpace(line))); n > 80 && !strings.HasPrefix(line, "features") {
			t.Errorf("a line of %d columns: %q", n, line)
		}
	}

	object := lloyd("info", "--json").done(t).object(t)
	for key, want := range map[string]any{
		"go": runtime.Version(), "os": runtime.GOOS, "arch": runtime.GOARCH, "kernel": level.String(),
		"threads": float64(runtime.GOMAXPROCS(0)), "cpus": float64(runtime.NumCPU()),
	} {
		if object[key] != want {
			t.Errorf("%s is %v, want %v", key, object[key], want)
		}
	}
	if runs := object["runs"].([]any); !slices.Contains(runs, any("generic")) || !slices.Contains(runs, any(level.String())) {
		t.Errorf("runs is %v", runs)
	}
	if _, ok := object["features"].([]any); !ok {
		t.Errorf("features is %v, want a list", object["features"])
	}
	if plans := object["plans"].([]any); len(plans) != 2*len(exampleShapes) {
		t.Errorf("%d plans", len(plans))
	}
}

func TestHelpFitsATerminal(t *testing.T) {
	for _, args := range [][]string{
		{}, {"--help"}, {"help"}, {"help", "fit"}, {"fit", "--help"}, {"predict", "-h"}, {"info", "--help"},
		{"evaluate", "--help"}, {"scan", "--help"}, {"quantize", "--help"}, {"plot", "--help"},
		{"convert", "--help"}, {"bench", "--help"}, {"man", "--help"},
		{"completion"}, {"completion", "bash", "-h"}, {"completion", "zsh", "-h"}, {"completion", "fish", "-h"}, {"completion", "powershell", "-h"},
		{"demo", "--help"}, {"demo", "blobs", "--help"}, {"help", "demo", "digits"},
	} {
		out := lloyd(args...).done(t)
		if out.stderr != "" || !strings.Contains(out.stdout, "Usage:") {
			t.Errorf("%v: standard error %q, standard output:\n%s", args, out.stderr, out.stdout)
		}
		for i, line := range strings.Split(out.stdout, "\n") {
			if n := len([]rune(strings.ReplaceAll(line, "\t", "        "))); n > 80 {
				t.Errorf("%v: line %d has %d columns: %s", args, i+1, n, line)
			}
			if strings.TrimRight(line, " \t") != line {
				t.Errorf("%v: line %d ends in blanks: %q", args, i+1, line)
			}
		}
	}
}

// Every command has examples.
func TestEveryCommandHasAnExample(t *testing.T) {
	for _, cmd := range newRoot().Commands() {
		if cmd.Name() != "help" && cmd.Name() != "completion" && !strings.Contains(cmd.Example, "lloyd "+cmd.Name()) {
			t.Errorf("%s has none", cmd.Name())
		}
		if cmd.RunE != nil && cmd.ValidArgsFunction == nil && cmd.Name() != "completion" && cmd.Name() != "help" {
			t.Errorf("%s completes nothing", cmd.Name())
		}
	}
}

func TestVersion(t *testing.T) {
	if out := lloyd("--version").done(t); out.stdout != "lloyd "+version()+"\n" {
		t.Errorf("%q", out.stdout)
	}
}
