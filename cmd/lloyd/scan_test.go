package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/figure"
)

func TestScan(t *testing.T) {
	data := tableFile(t, "data.npy", blobs(t, 200, tensor.Float64))
	drawn := filepath.Join(t.TempDir(), "elbow.svg")
	out := lloyd("scan", data, "-k", "1:8", "--n-init", "5", "--figure", drawn).done(t)
	if out.stderr != "" {
		t.Errorf("standard error: %q", out.stderr)
	}
	lines := strings.Split(out.stdout, "\n")
	for i, line := range lines {
		if len([]rune(line)) > 80 {
			t.Errorf("%d columns: %s", len(line), line)
		}
		if i >= 1 && i <= 8 && !strings.HasPrefix(strings.TrimSpace(line), fmt.Sprint(i)+" ") {
			t.Errorf("line %d is %q", i, line)
		}
	}
	for _, want := range []string{"elbow of the inertia        K = 2\n", "best Calinski-Harabasz      K = 3\n", "           -"} {
		if !strings.Contains(out.stdout, want) {
			t.Errorf("no %q in:\n%s", want, out.stdout)
		}
	}
	showing(t, drawn, hex(figure.LabelColor(0)))
	if !strings.Contains(contents(t, drawn), "stroke-dasharray") {
		t.Error("no K is marked in the figure")
	}

	// Each K is the fit of that K, also by --k and through a pipe.
	object := lloyd("scan", data, "--k", "2,3,5", "--n-init", "5", "--json").done(t).object(t)
	scores := object["scores"].([]any)
	if len(scores) != 3 || object["n"] != 200.0 || object["d"] != 4.0 || object["measured"] != 200.0 {
		t.Fatalf("the object is %v", object)
	}
	for i, k := range []string{"2", "3", "5"} {
		fit := lloyd("fit", data, "-k", k, "--n-init", "5", "--json").done(t).object(t)
		s := scores[i].(map[string]any)
		if s["inertia"] != fit["inertia"] || s["iterations"] != fit["iterations"] {
			t.Errorf("K = %s: scan says %v, fit %v", k, s["inertia"], fit["inertia"])
		}
	}
	raw, err := os.ReadFile(data)
	if err != nil {
		t.Fatal(err)
	}
	piped := lloydWith(bytes.NewReader(raw), "scan", "-", "-k", "1:8", "--n-init", "5").done(t)
	if piped.stdout != out.stdout {
		t.Errorf("through a pipe:\n%s", piped.stdout)
	}
}

func TestScanTellsOfASample(t *testing.T) {
	data := tableFile(t, "data.npy", blobs(t, 200, tensor.Float64))
	out := lloyd("scan", data, "-k", "2:6:2", "--sample", "50").done(t)
	if !strings.Contains(out.stdout, "silhouettes are those of 50 of 200 rows, to ±0.") || strings.Count(out.stdout, "\n") != 4+1+5+1 {
		t.Errorf("it says:\n%s", out.stdout)
	}
}

func TestScanInterrupted(t *testing.T) {
	data := tableFile(t, "data.npy", blobs(t, 2000, tensor.Float64))
	ctx, cancel := context.WithCancel(t.Context())
	var stdout, stderr bytes.Buffer
	status := run(ctx, []string{"scan", data, "-k", "2:2000", "--n-init", "3"}, strings.NewReader(""), &cancelAfter{w: &stdout, lines: 4, cancel: cancel}, &stderr)
	if status != exitInterrupted || !strings.HasPrefix(stderr.String(), "lloyd: interrupted; ") || !strings.Contains(stderr.String(), "of 1999 numbers of clusters were done") {
		t.Errorf("status %d, standard error %q", status, stderr.String())
	}
	if !strings.Contains(stdout.String(), "best silhouette") {
		t.Errorf("it says:\n%s", stdout.String())
	}
}

// cancelAfter cancels once it has seen some writes.
type cancelAfter struct {
	w      *bytes.Buffer
	lines  int
	cancel func()
}

func (c *cancelAfter) Write(b []byte) (int, error) {
	if c.lines--; c.lines == 0 {
		c.cancel()
	}
	return c.w.Write(b)
}

func TestScanFailures(t *testing.T) {
	data := tableFile(t, "data.csv", blobs(t, 10, tensor.Float64))
	for _, c := range []struct {
		name, pattern string
		args          []string
	}{
		{"no such file", `nowhere.*no such file`, []string{"nowhere.csv", "-k", "2:3"}},
		{"more clusters than rows", `K is 11.*10 rows|11.*10 rows`, []string{data, "-k", "2:11"}},
		{"NaN", `nan\.csv.*NaN`, []string{textFile(t, "nan.csv", "1,2\nnan,4\n5,6\n"), "-k", "1:2"}},
		{"figure without a folder", `--figure.*nowhere`, []string{data, "-k", "2:3", "--figure", "nowhere/x.png"}},
	} {
		t.Run(c.name, func(t *testing.T) { lloyd(append([]string{"scan"}, c.args...)...).failed(t, exitFailed, c.pattern) })
	}
	for line, pattern := range map[string]string{
		"":                            `DATA is missing`,
		"DATA":                        `-k is missing`,
		"DATA -k 0:3":                 `-k "0:3": FROM:TO`,
		"DATA -k 3:2":                 `-k "3:2"`,
		"DATA -k 2:":                  `-k "2:"`,
		"DATA -k 2:9:0":               `-k "2:9:0"`,
		"DATA -k 1:9999999999":        `-k "1:9999999999"`,
		"DATA -k 3,2":                 `-k "3,2"`,
		"DATA -k two":                 `-k "two"`,
		"DATA -k 2:3 --figure x.gif":  `--figure "x.gif"`,
		"DATA -k 2:3 --sample 0":      `--sample "0"`,
		"DATA -k 2:3 --figure DATA":   `--figure`,
		"DATA -k 2:3 --dtype complex": `--dtype "complex"`,
	} {
		lloyd(strings.Fields(strings.ReplaceAll("scan "+line, "DATA", data))...).failed(t, exitUsage, pattern)
	}
}

// The commands of this kind that cannot write their result fail.
func TestScoresThatCannotBeWritten(t *testing.T) {
	data, labels := tableFile(t, "data.csv", blobs(t, 20, tensor.Float64)), textFile(t, "l.csv", strings.Repeat("0\n1\n", 10))
	picture := pngOf(t, gradients(8, 8))
	for _, args := range [][]string{
		{"scan", data, "-k", "2:3"},
		{"scan", data, "-k", "2:3", "--json"},
		{"evaluate", labels, "--data", data},
		{"evaluate", labels, "--truth", labels, "--json"},
		{"quantize", picture, "-k", "2", "--json"},
	} {
		var stderr strings.Builder
		status := run(t.Context(), args, strings.NewReader(""), brokenPipe{}, &stderr)
		outcome{status, "", stderr.String()}.failed(t, exitFailed, `cannot be written.*broken pipe`)
	}
}

// Ctrl-C and an unknown kernel, as for every command.
func TestScoringCommandsInterrupted(t *testing.T) {
	data, labels := tableFile(t, "data.csv", blobs(t, 20, tensor.Float64)), textFile(t, "l.csv", strings.Repeat("0\n1\n", 10))
	picture := pngOf(t, gradients(8, 8))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	svg := filepath.Join(t.TempDir(), "x.svg")
	for _, args := range [][]string{
		{"scan", data, "-k", "2:3"},
		{"evaluate", labels, "--data", data},
		{"quantize", picture, "-k", "2", "--json"},
		{"plot", data, "-o", svg},
	} {
		var stdout, stderr bytes.Buffer
		status := run(ctx, args, strings.NewReader(""), &stdout, &stderr)
		outcome{status, stdout.String(), stderr.String()}.failed(t, exitInterrupted, `^lloyd: interrupted`)
		lloydProcess(t, []string{"LLOYD_KERNEL=abacus"}, args...).failed(t, exitFailed, `LLOYD_KERNEL=abacus`)
	}
	if _, err := os.Stat(svg); err == nil {
		t.Error("a figure was written")
	}
}
