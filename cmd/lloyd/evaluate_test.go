package main

import (
	"bytes"
	"encoding/json"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/dataset"
)

const digitClusters = "../../testdata/evaluate/clusters.csv"

// digitFiles writes the digits and their classes.
func digitFiles(t *testing.T) (data, truth string) {
	t.Helper()
	set, err := dataset.Digits(tensor.Float64)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	data, truth = filepath.Join(dir, "digits.npy"), filepath.Join(dir, "classes.csv")
	if err := dataset.WriteFile(data, set.X); err != nil {
		t.Fatal(err)
	}
	if err := dataset.WriteLabelsFile(truth, set.Labels); err != nil {
		t.Fatal(err)
	}
	return data, truth
}

// Every score of the digits is scikit-learn's, see testdata/evaluate/golden.py.
func TestEvaluateEqualsScikitLearn(t *testing.T) {
	data, truth := digitFiles(t)
	raw, err := os.ReadFile("../../testdata/evaluate/digits.json")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]any
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	got := lloyd("evaluate", digitClusters, "--truth", truth, "--data", data, "--json").done(t).object(t)
	compared := 0
	var compare func(path string, got, want map[string]any)
	compare = func(path string, got, want map[string]any) {
		for name, w := range want {
			switch w := w.(type) {
			case float64:
				v, ok := got[name].(float64)
				if !ok || !(math.Abs(v-w) <= 1e-9*max(1, math.Abs(w))) {
					t.Errorf("%s%s is %v, want %v", path, name, got[name], w)
				}
				compared++
			case map[string]any:
				inner, _ := got[name].(map[string]any)
				compare(path+name+".", inner, w)
			default: // a confusion matrix, over the classes of both
				if !reflect.DeepEqual(got[name], w) {
					t.Errorf("%s%s is %v, want %v", path, name, got[name], w)
				}
				compared++
			}
		}
	}
	compare("", got, want)
	if compared != 16 {
		t.Errorf("%d numbers were compared", compared)
	}
	if got["n"] != 1797.0 || got["clusters"] != 12.0 || got["classes"] != 10.0 || got["silhouette_rows"] != 1797.0 || got["silhouette_error"] != nil {
		t.Errorf("the counts are wrong: %v", got)
	}
	names := got["hungarian"].(map[string]any)["names"].([]any)
	without := 0
	for _, n := range names {
		if n.(map[string]any)["class"] == nil {
			without++
		}
	}
	if len(names) != 12 || without != 2 {
		t.Errorf("%d clusters, %d of them without a class; want 12 and 2", len(names), without)
	}
}

func TestEvaluateForAReader(t *testing.T) {
	data, truth := digitFiles(t)
	drawn := filepath.Join(t.TempDir(), "confusion.png")
	for matching, wants := range map[string][]string{
		"majority":  {"adjusted Rand ", "0.649736", "0.811909", "0.709516", "0.184758", "152.693", "1.85733", "most frequent class", " 176 "},
		"hungarian": {"class of its own", "none", "  143 "},
	} {
		out := lloyd("evaluate", digitClusters, "--truth", truth, "--data", data, "--matching", matching, "--figure", drawn).done(t)
		if out.stderr != "" {
			t.Errorf("standard error: %q", out.stderr)
		}
		for _, want := range wants {
			if !strings.Contains(out.stdout, want) {
				t.Errorf("%s: no %q in:\n%s", matching, want, out.stdout)
			}
		}
		for line := range strings.Lines(out.stdout) {
			if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 80 {
				t.Errorf("%d columns: %s", n, line)
			}
		}
		if img, err := png.Decode(strings.NewReader(contents(t, drawn))); err != nil || img.Bounds().Dx() < 300 {
			t.Errorf("the figure: %v", err)
		}
	}
}

// What a model says of rows is what its labels say of them, also through a pipe.
func TestEvaluateAModel(t *testing.T) {
	x := blobs(t, 90, tensor.Float32)
	data := tableFile(t, "data.npy", x)
	dir := t.TempDir()
	model, labels := filepath.Join(dir, "model"), filepath.Join(dir, "labels.npy")
	lloyd("fit", data, "-k", "3", "--n-init", "5", "--model", model, "--labels", labels).done(t)
	want := lloyd("evaluate", labels, "--data", data, "--truth", labels, "--json").done(t)
	if got := lloyd("evaluate", data, "--model", model, "--truth", labels, "--json").done(t); got != want {
		t.Errorf("by the model %s, by the labels %s", got.stdout, want.stdout)
	}
	if v := want.object(t); v["adjusted_rand"] != 1.0 || v["majority"].(map[string]any)["accuracy"] != 1.0 {
		t.Errorf("labels do not agree with themselves: %v", v)
	}
	predicted := lloyd("predict", data, "--model", model).done(t).stdout
	piped := lloydWith(strings.NewReader(predicted), "evaluate", "-", "--truth", labels, "--data", data, "--json").done(t)
	if piped != want {
		t.Errorf("through a pipe %s, want %s", piped.stdout, want.stdout)
	}
	raw, err := os.ReadFile(data)
	if err != nil {
		t.Fatal(err)
	}
	piped = lloydWith(bytes.NewReader(raw), "evaluate", "-", "--model", model, "--truth", labels, "--json").done(t)
	if piped != want {
		t.Errorf("rows through a pipe %s, want %s", piped.stdout, want.stdout)
	}
}

// Labels are names: any whole numbers, as scikit-learn takes them.
func TestEvaluateTakesAnyLabels(t *testing.T) {
	a := lloyd("evaluate", textFile(t, "l.csv", "-1\n-1\n2000000000\n7\n"), "--truth", textFile(t, "t.csv", "5\n5\n-9\n-9\n"), "--json").done(t).object(t)
	b := lloyd("evaluate", textFile(t, "l.csv", "0\n0\n1\n2\n"), "--truth", textFile(t, "t.csv", "0\n0\n1\n1\n"), "--json").done(t).object(t)
	if a["adjusted_rand"] != b["adjusted_rand"] || a["v_measure"] != b["v_measure"] || a["clusters"] != 3.0 {
		t.Errorf("names of labels matter: %v and %v", a, b)
	}
	if n := a["majority"].(map[string]any)["names"].([]any)[0].(map[string]any); n["cluster"] != -1.0 || n["class"] != 5.0 || n["hits"] != 2.0 {
		t.Errorf("cluster -1 is %v", n)
	}
}

// What is not defined is left out and said so.
func TestEvaluateOfOneCluster(t *testing.T) {
	labels, data := textFile(t, "l.csv", "0\n0\n0\n"), textFile(t, "d.csv", "1\n2\n3\n")
	out := lloyd("evaluate", labels, "--data", data, "--truth", labels).done(t)
	if !strings.Contains(out.stdout, "note: no scores of the rows") || !strings.Contains(out.stdout, "adjusted Rand ") {
		t.Errorf("it says:\n%s", out.stdout)
	}
	if v := lloyd("evaluate", labels, "--data", data, "--json").done(t).object(t); v["silhouette"] != nil || v["notes"] == nil {
		t.Errorf("the object is %v", v)
	}
}

// A matrix that does not fit a terminal is left to the figure.
func TestEvaluateOfManyClasses(t *testing.T) {
	var text strings.Builder
	for i := range 200 {
		text.WriteString(strings.Repeat("1", 1+i%2) + strings.Repeat("0", i/2%3) + string(rune('0'+i%10)) + "\n")
	}
	labels := textFile(t, "l.csv", text.String())
	out := lloyd("evaluate", labels, "--truth", labels).done(t)
	if !strings.Contains(out.stdout, "see --figure or --json") {
		t.Errorf("it says:\n%s", out.stdout)
	}
}

func TestEvaluateFailures(t *testing.T) {
	labels, truth := textFile(t, "l.csv", "0\n1\n1\n"), textFile(t, "t.csv", "0\n1\n")
	data, two := textFile(t, "d.csv", "1,2\n3,4\n5,6\n"), textFile(t, "two.csv", "1,2\n3,4\n")
	nan := textFile(t, "nan.csv", "1,2\nnan,4\n5,6\n")
	for _, c := range []struct {
		name, pattern string
		args          []string
	}{
		{"no such file", `nowhere.*no such file`, []string{"nowhere.csv", "--truth", truth}},
		{"no such truth", `nowhere.*no such file`, []string{labels, "--truth", "nowhere.csv"}},
		{"no such data", `nowhere.*no such file`, []string{labels, "--data", "nowhere.csv"}},
		{"no such model", `model cannot be opened`, []string{data, "--model", "nowhere"}},
		{"rows instead of labels", `line 1.*one integer a line`, []string{data, "--truth", labels}},
		{"too few classes", `t\.csv has 2 labels, .*l\.csv has 3 labels; one true class for each`, []string{labels, "--truth", truth}},
		{"too few rows", `l\.csv has 3 labels, .*two\.csv has 2 rows`, []string{labels, "--data", two}},
		{"NaN", `nan\.csv.*row 1`, []string{labels, "--data", nan}},
		{"figure without a folder", `--figure.*nowhere`, []string{labels, "--truth", labels, "--figure", "nowhere/x.png"}},
	} {
		t.Run(c.name, func(t *testing.T) { lloyd(append([]string{"evaluate"}, c.args...)...).failed(t, exitFailed, c.pattern) })
	}
	lloydWith(strings.NewReader("a\n"), "evaluate", "-", "--truth", truth).failed(t, exitFailed, `standard input.*line 1`)
	for _, c := range []struct {
		pattern string
		args    []string
	}{
		{`LABELS is missing`, nil},
		{`2 arguments came`, []string{labels, labels, "--truth", truth}},
		{`nothing to compare LABELS with`, []string{labels}},
		{`--data together with --model`, []string{labels, "--data", data, "--model", "m"}},
		{`--figure.*needs --truth`, []string{labels, "--data", data, "--figure", "x.png"}},
		{`--figure "x.jpg": a name that ends in .png or .svg`, []string{labels, "--truth", truth, "--figure", "x.jpg"}},
		{`--matching "best": majority or hungarian`, []string{labels, "--truth", truth, "--matching", "best"}},
		{`--truth "x": `, []string{labels, "--truth", "x"}},
	} {
		lloyd(append([]string{"evaluate"}, c.args...)...).failed(t, exitUsage, c.pattern)
	}
}
