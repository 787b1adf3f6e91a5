package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gorgonia.org/tensor"
)

// failed demands the status, an error that matches pattern on lines that begin
// with "lloyd", nothing on standard output, and no page of usage.
func (o outcome) failed(t *testing.T, status int, pattern string) {
	t.Helper()
	if o.status != status {
		t.Errorf("status %d, want %d", o.status, status)
	}
	if o.stdout != "" {
		t.Errorf("standard output: %q", o.stdout)
	}
	if !regexp.MustCompile(pattern).MatchString(o.stderr) {
		t.Errorf("standard error does not match %q:\n%s", pattern, o.stderr)
	}
	lines := strings.Split(strings.TrimSuffix(o.stderr, "\n"), "\n")
	if !strings.HasPrefix(lines[0], "lloyd") {
		t.Errorf("standard error does not say who speaks:\n%s", o.stderr)
	}
	switch {
	case status != exitUsage && len(lines) != 1:
		t.Errorf("%d lines of error, want 1:\n%s", len(lines), o.stderr)
	case status == exitUsage && (len(lines) != 2 || !strings.HasPrefix(lines[1], "Try \"lloyd")):
		t.Errorf("want one line of error and one with a hint:\n%s", o.stderr)
	}
	for _, name := range []string{"dataset:", "cluster:", "kernel:"} {
		if strings.Contains(o.stderr, name) {
			t.Errorf("the error has the name of a package:\n%s", o.stderr)
		}
	}
}

func TestFailures(t *testing.T) {
	good := tableFile(t, "good.csv", blobs(t, 50, tensor.Float64))
	dir := t.TempDir()
	model := filepath.Join(dir, "model")
	lloyd("fit", good, "-k", "3", "--model", model).done(t)
	bytes := contents(t, model)
	damaged := []byte(bytes)
	damaged[len(damaged)-5] ^= 1
	folder := filepath.Join(dir, "folder.csv")
	if err := os.Mkdir(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	file := func(name, text string) string { return textFile(t, name, text) }

	for _, c := range []struct {
		name, pattern string
		args          []string
	}{
		{"missing file", `nowhere\.csv.*no such file`, []string{"fit", "nowhere.csv", "-k", "2"}},
		{"folder as data", `folder`, []string{"fit", folder, "-k", "2"}},
		{"unknown ending", `\.txt.*\.csv, \.tsv, \.npy.*or - for standard input`, []string{"fit", "data.txt", "-k", "2"}},
		{"ragged CSV", `ragged\.csv.*line 3: the number of columns is 1`, []string{"fit", file("ragged.csv", "1,2\n3,4\n5\n"), "-k", "2"}},
		{"text in CSV", `text\.csv.*line 2, column 2.*"x"`, []string{"fit", file("text.csv", "1,2\n3,x\n"), "-k", "1"}},
		{"empty CSV", `empty`, []string{"fit", file("empty.csv", ""), "-k", "1"}},
		{"short NPY", `short\.npy.*64 bytes.*9 came`, []string{"fit", file("short.npy", npyText("<f8", "(4, 2)", "123456789")), "-k", "2"}},
		{"objects in NPY", `object`, []string{"fit", file("object.npy", npyText("|O", "(4, 2)", "x")), "-k", "2"}},
		{"complex NPY", `c16`, []string{"fit", file("complex.npy", npyText("<c16", "(1, 1)", strings.Repeat("x", 16))), "-k", "1"}},
		{"NPY of one dimension", `\(4,\)`, []string{"fit", file("flat.npy", npyText("|u1", "(4,)", "1234")), "-k", "1"}},
		{"text called NPY", `NPY magic`, []string{"fit", file("text.npy", "1,2\n3,4\n5,6\n"), "-k", "1"}},
		{"NaN", `nan\.csv.*NaN at row 1, column 0`, []string{"fit", file("nan.csv", "1,2\nnan,4\n5,6\n"), "-k", "2"}},
		{"infinity", `Inf at row 2, column 1`, []string{"fit", file("inf.csv", "1,2\n3,4\n5,-inf\n"), "-k", "2"}},
		{"beyond float32", `float32`, []string{"fit", file("huge.csv", "1e300,2\n3,4\n"), "-k", "2", "--dtype", "float32"}},
		{"N < K", `K is 51.*50 rows`, []string{"fit", good, "-k", "51"}},
		{"missing centers", `start\.csv.*no such file`, []string{"fit", good, "-k", "2", "--init", "start.csv"}},
		{"too few centers", `start\.csv has 1 row; -k 2`, []string{"fit", good, "-k", "2", "--init", file("start.csv", "1,2,3,4\n")}},
		{"centers of another width", `start\.csv has 3 columns.*good\.csv has 4`, []string{"fit", good, "-k", "1", "--init", file("start.csv", "1,2,3\n")}},
		{"NaN in centers", `start\.csv.*NaN`, []string{"fit", good, "-k", "1", "--init", file("start.csv", "1,2,nan,4\n")}},
		{"output without a folder", `--labels.*nowhere/labels\.csv`, []string{"fit", good, "-k", "2", "--labels", "nowhere/labels.csv"}},
		{"output over a folder", `--model.*folder`, []string{"fit", good, "-k", "2", "--model", dir}},
		{"output below a file", `--centers.*not a directory`, []string{"fit", good, "-k", "2", "--centers", good + "/c.npy"}},
		{"too few weights", `w\.csv has 3 weights, .*good\.csv has 50 rows`, []string{"fit", good, "-k", "2", "--weights", file("w.csv", "1\n2\n3\n")}},
		{"negative weight", `w\.csv: number 2, counting from 1, is -1`, []string{"fit", good, "-k", "2", "--weights", file("w.csv", "1\n-1\n")}},
		{"weights of NaN", `w\.csv: number 1, counting from 1, is NaN`, []string{"fit", good, "-k", "2", "--weights", file("w.csv", "nan\n1\n")}},
		{"no weight at all", `w\.csv: all weights are 0`, []string{"fit", good, "-k", "2", "--weights", file("w.csv", "0\n0\n")}},
		{"two columns of weights", `w\.csv.*2 columns; one column`, []string{"fit", good, "-k", "2", "--weights", file("w.csv", "1,2\n")}},
		{"missing weights", `w\.npy: no such file`, []string{"fit", good, "-k", "2", "--weights", "w.npy"}},
		{"NaN to be standardized", `nan\.csv.*NaN at row 1, column 0`, []string{"fit", file("nan.csv", "1,2\nnan,4\n5,6\n"), "-k", "2", "--standardize"}},
		{"infinity to be standardized", `Inf at row 2, column 1`, []string{"fit", file("inf.csv", "1,2\n3,4\n5,-inf\n"), "-k", "2", "--standardize"}},
		{"too large to be standardized", `huge\.csv.*too large to be standardized`, []string{"fit", file("huge.csv", "1e308,2\n-1e308,4\n5,6\n"), "-k", "2", "--standardize"}},
		{"row of zeros", `zero\.csv.*row 1 .*all zeros`, []string{"fit", file("zero.csv", "1,2\n0,0\n5,6\n"), "-k", "2", "--spherical"}},
		{"N < K of batches", `K is 51.*50 rows`, []string{"fit", good, "-k", "51", "--minibatch"}},
		{"N < K of splits", `K is 51.*50 rows`, []string{"fit", good, "-k", "51", "--bisect"}},
		{"pages below a file", `folder cannot be made.*not a directory`, []string{"man", good + "/x"}},
		{"missing model", `model cannot be opened.*nowhere`, []string{"predict", "--model", "nowhere", good}},
		{"empty model", `empty\.model`, []string{"predict", "--model", file("empty.model", ""), good}},
		{"foreign model", `not a Lloyd model.*lloyd fit --model wrote`, []string{"predict", "--model", good, good + "x"}},
		{"truncated model", `short\.model.*invalid model.*incomplete`, []string{"predict", "--model", file("short.model", bytes[:len(bytes)/2]), good}},
		{"corrupted model", `bad\.model.*invalid model.*checksum`, []string{"predict", "--model", file("bad.model", string(damaged)), good}},
		{"model and something", `long\.model.*invalid model`, []string{"predict", "--model", file("long.model", bytes+"x"), good}},
		{"wrong D", `wide\.csv.*2 columns.*4`, []string{"predict", "--model", model, file("wide.csv", "1,2\n")}},
		{"NaN at predict", `NaN at row 0, column 3`, []string{"predict", "--model", model, file("nan.csv", "1,2,3,nan\n")}},
		{"labels without a folder", `--labels.*nowhere`, []string{"predict", "--model", model, good, "--labels", "nowhere/x.csv"}},
		{"figures below a file", `--out.*not a directory`, []string{"demo", "blobs", "--out", good + "/x"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			lloyd(c.args...).failed(t, exitFailed, c.pattern)
		})
	}

	t.Run("ragged standard input", func(t *testing.T) {
		lloydWith(strings.NewReader("1,2\n3\n"), "fit", "-", "-k", "1").failed(t, exitFailed, `standard input.*line 2`)
	})
	t.Run("short standard input", func(t *testing.T) {
		lloydWith(strings.NewReader(npyText("<f4", "(9, 9)", "12")), "fit", "-", "-k", "1").failed(t, exitFailed, `standard input.*2 came`)
	})
}

func TestWrongUsage(t *testing.T) {
	data := tableFile(t, "data.csv", blobs(t, 50, tensor.Float64))
	start := textFile(t, "start.csv", "1,2,3,4\n")
	for line, pattern := range map[string]string{
		"fut DATA":                                     `"fut" is not a command; "fit" is`,
		"frobnicate":                                   `"frobnicate" is not a command`,
		"help fut":                                     `"fut" is not a command`,
		"completion sh":                                `"sh" is not a command`,
		"demo bolbs":                                   `"bolbs" is not a command; "blobs" is`,
		"completion bahs":                              `"bahs" is not a command; "bash" is`,
		"--jsno":                                       `unknown flag: --jsno\n`,
		"fit DATA -k 3 --lables l.csv":                 `unknown flag: --lables; did you mean --labels\?`,
		"fit DATA --n-clusters 3":                      `unknown flag: --n-clusters; did you mean --clusters\?`,
		"fit DATA -K 3":                                `unknown shorthand flag: 'K' in -K; did you mean -k\?`,
		"plot DATA --output p.png":                     `did you mean --out\?`,
		"demo --oput d":                                `did you mean --out\?`,
		"demo blob":                                    `"blob" is not a command; "blobs" is`,
		"demo blobs now":                               `"now" is too much`,
		"info now":                                     `"now" is too much`,
		"--frobnicate":                                 `unknown flag: --frobnicate`,
		"fit":                                          `DATA is missing`,
		"fit DATA DATA -k 3":                           `2 arguments came`,
		"fit DATA":                                     `-k is missing`,
		"fit DATA -k":                                  `-k needs a value`,
		"fit DATA -k 0":                                `-k "0": a whole number of 1 or more`,
		"fit DATA -k -2":                               `-k "-2": a whole number`,
		"fit DATA -k three":                            `-k "three": a whole number`,
		"fit DATA -k 3.0":                              `-k "3.0": a whole number`,
		"fit DATA -k 3 -z":                             `unknown shorthand flag: 'z'`,
		"fit DATA -k 3 --colour red":                   `unknown flag: --colour`,
		"fit DATA -k 3 --n-init 0":                     `--n-init "0"`,
		"fit DATA -k 3 --max-iter 0":                   `--max-iter "0"`,
		"fit DATA -k 3 --threads -1":                   `--threads "-1"`,
		"fit DATA -k 3 --tol -1":                       `--tol "-1": a number of 0 or more`,
		"fit DATA -k 3 --tol nan":                      `--tol "nan"`,
		"fit DATA -k 3 --tol inf":                      `--tol "inf"`,
		"fit DATA -k 3 --seed -1":                      `--seed "-1": a whole number from 0`,
		"fit DATA -k 3 --json=maybe":                   `--json "maybe": true or false`,
		"fit DATA -k 3 --dtype float16":                `--dtype "float16": float32 or float64`,
		"fit DATA -k 3 --init kmeans":                  `--init "kmeans": k-means\+\+, k-means\|\|, afkmc2, random, or`,
		"fit DATA -k 3 --labels l.txt":                 `--labels "l.txt".*\.npy`,
		"fit DATA -k 3 --centers c":                    `--centers "c".*\.npy`,
		"fit DATA -k 1 --init START --n-init 2":        `--n-init 2.*leave one`,
		"fit DATA -k 3 --labels DATA":                  `overwrite`,
		"fit DATA -k 3 --model DATA":                   `overwrite`,
		"fit DATA -k 1 --init START --centers START":   `overwrite`,
		"fit DATA -k 3 --labels x.csv --centers x.csv": `same file`,
		"fit DATA -k 3 --labels x.csv --model ./x.csv": `same file`,
		"fit DATA -k 3 --algorithm yinyang":            `--algorithm "yinyang": one of auto, lloyd, hamerly`,
		"fit DATA -k 3 --minibatch --bisect":           `--minibatch and --bisect do not go together.*leave one`,
		"fit DATA -k 3 --minibatch --refine 2":         `--minibatch and --refine do not go together`,
		"fit DATA -k 3 --minibatch --algorithm lloyd":  `--minibatch and --algorithm do not go together`,
		"fit DATA -k 3 --bisect --refine 2":            `--bisect and --refine do not go together`,
		"fit DATA -k 3 --stream --minibatch":           `--stream and --minibatch do not go together`,
		"fit DATA -k 3 --stream --bisect":              `--stream and --bisect do not go together`,
		"fit DATA -k 3 --stream --refine 1":            `--stream and --refine do not go together`,
		"fit DATA -k 3 --stream --standardize":         `--stream and --standardize do not go together`,
		"fit DATA -k 3 --spherical --standardize":      `--spherical and --standardize do not go together`,
		"fit DATA -k 3 --batch-size 5":                 `--batch-size 5 is for --minibatch`,
		"fit DATA -k 3 --minibatch --batch-size 0":     `--batch-size "0": a whole number`,
		"fit DATA -k 3 --refine 0":                     `--refine "0": a whole number`,
		"fit DATA -k 1 --bisect --init START":          `--init .*start\.csv: each split chooses.*k-means\+\+`,
		"fit DATA -k 1 --weights START --model START":  `overwrite`,
		"convert":                         `IN and OUT are missing`,
		"convert DATA":                    `OUT is missing`,
		"convert DATA b c":                `3 arguments came`,
		"convert DATA DATA":               `overwrite`,
		"convert DATA x.png":              `OUT "x.png": a name that ends in .csv`,
		"convert DATA x":                  `OUT "x"`,
		"convert DATA x.npy --dtype int8": `--dtype "int8"`,
		"fit DATA -k 3 --delimiter ab":    `--delimiter "ab": one character`,
		"fit DATA -k 3 --header maybe":    `--header "maybe": yes or no`,
		"bench now":                       `"now" is too much`,
		"man":                             `0 arguments came; one DIR`,
		"predict DATA --model START --distances x.txt":                   `--distances "x.txt"`,
		"predict DATA --model START --distances x.csv --transform x.csv": `same file`,
		"predict":                               `DATA is missing`,
		"predict DATA":                          `--model is missing`,
		"predict DATA --model START --labels y": `--labels "y"`,
		"predict DATA --model START --labels START": `overwrite`,
		"predict DATA --model START -k 3":           `unknown shorthand flag: 'k'`,
	} {
		t.Run(line, func(t *testing.T) {
			args := strings.Fields(strings.NewReplacer("DATA", data, "START", start).Replace(line))
			lloyd(args...).failed(t, exitUsage, pattern)
		})
	}
	for _, name := range []string{"", "-"} {
		lloyd("fit", data, "-k", "3", "--model", name).failed(t, exitUsage, `--model "-?": the name of a file`)
	}
	for _, path := range []string{"x.csv", "l.txt", "-", "c", "y", "x.npy", "x.png", "x", "x.txt"} {
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s was written", path)
		}
	}
}

// What cannot be written is found out before anything is read.
func TestOutputsAreCheckedFirst(t *testing.T) {
	lloyd("fit", "nowhere.csv", "-k", "2", "--model", "nowhere/model").failed(t, exitFailed, `nowhere/model`)
	lloyd("predict", "nowhere.csv", "--model", "m", "--labels", "nowhere/l.npy").failed(t, exitFailed, `nowhere/l\.npy`)
}

func TestOverwritingIsSeenThroughLinks(t *testing.T) {
	data := tableFile(t, "data.csv", blobs(t, 50, tensor.Float64))
	for name, link := range map[string]func(old, new string) error{"hard.csv": os.Link, "soft.csv": os.Symlink} {
		path := filepath.Join(filepath.Dir(data), name)
		if err := link(data, path); err != nil {
			t.Skip(err)
		}
		lloyd("fit", data, "-k", "3", "--labels", path).failed(t, exitUsage, `overwrite`)
	}
}

// A fit that fails leaves older results, and nothing else, in the folder.
func TestFailureKeepsOlderFiles(t *testing.T) {
	dir := t.TempDir()
	model := filepath.Join(dir, "model")
	if err := os.WriteFile(model, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	data := textFile(t, "nan.csv", "1,2\nnan,4\n")
	lloyd("fit", data, "-k", "1", "--model", model, "--labels", filepath.Join(dir, "labels.csv")).failed(t, exitFailed, `NaN`)
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || contents(t, model) != "precious" {
		t.Errorf("the folder has %v (%v), the model %q", entries, err, contents(t, model))
	}
}

// A file that cannot be written in the end does not keep the others, and the
// result, from the user.
func TestOneFailedOutputSparesTheOthers(t *testing.T) {
	var saved []string
	files := outputs{
		{"--model", "a", func() error { saved = append(saved, "a"); return nil }},
		{"--labels", "b", func() error { return errors.New("disk full") }},
		{"--centers", "c", func() error { saved = append(saved, "c"); return nil }},
	}
	written, err := files.write()
	if fmt.Sprint(written, saved) != "[a c] [a c]" || err == nil || err.Error() != "--labels: disk full" {
		t.Errorf("written %v, saved %v, error %v", written, saved, err)
	}
}

// brokenPipe is a standard output that nobody reads.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestResultThatCannotBeWritten(t *testing.T) {
	data := tableFile(t, "data.csv", blobs(t, 50, tensor.Float64))
	model := filepath.Join(t.TempDir(), "model")
	lloyd("fit", data, "-k", "3", "--model", model).done(t)
	for _, args := range [][]string{
		{"fit", data, "-k", "3", "--json"},
		{"predict", data, "--model", model},
		{"predict", data, "--model", model, "--json"},
		{"info"},
		{"info", "--json"},
		{"convert", data, filepath.Join(t.TempDir(), "x.npy"), "--json"},
		{"demo", "blobs", "--out", t.TempDir()},
	} {
		var stderr strings.Builder
		status := run(t.Context(), args, strings.NewReader(""), brokenPipe{}, &stderr)
		outcome{status, "", stderr.String()}.failed(t, exitFailed, `cannot be written.*broken pipe`)
	}
}

func TestUnknownKernelIsRefused(t *testing.T) {
	data := tableFile(t, "data.csv", blobs(t, 50, tensor.Float64))
	for _, args := range [][]string{
		{"fit", data, "-k", "3"},
		{"predict", data, "--model", "m"},
		{"info", "--json"},
		{"bench"},
		{"demo", "--out", t.TempDir()},
	} {
		lloydProcess(t, []string{"LLOYD_KERNEL=abacus"}, args...).failed(t, exitFailed, `LLOYD_KERNEL=abacus.*"abacus".*generic`)
	}
}

func TestKernelOfTheEnvironmentRuns(t *testing.T) {
	data := tableFile(t, "data.csv", blobs(t, 500, tensor.Float64))
	env := []string{"LLOYD_KERNEL=generic"}
	if got := lloydProcess(t, env, "info", "--json").done(t).object(t)["kernel"]; got != "generic" {
		t.Errorf("info says %v", got)
	}
	got := lloydProcess(t, env, "fit", data, "-k", "5", "--json").done(t).object(t)
	want := lloyd("fit", data, "-k", "5", "--json").done(t).object(t)
	if got["kernel"] != "generic" || got["inertia"] != want["inertia"] {
		t.Errorf("kernel %v, inertia %v; the best kernel gives %v", got["kernel"], got["inertia"], want["inertia"])
	}
}
