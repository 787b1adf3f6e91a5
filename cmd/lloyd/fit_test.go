package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

func TestFitWithJSONPrintsOneObjectAndNothingElse(t *testing.T) {
	data := tableFile(t, "data.npy", blobs(t, 500, tensor.Float32))
	out := lloyd("fit", data, "-k", "3", "--json", "--seed", "5", "--n-init", "4", "--threads", "2").done(t)
	if out.stderr != "" {
		t.Errorf("standard error: %q", out.stderr)
	}
	object := out.object(t)
	level, err := kernel.Active()
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]any{
		"n": 500.0, "d": 4.0, "k": 3.0, "dtype": "float32", "kernel": level.String(), "threads": 2.0,
		"init": "k-means++", "seed": 5.0, "runs": 4.0, "stopped": "converged", "converged": true,
		"empty": 0.0, "distinct": 3.0,
	} {
		if object[key] != want {
			t.Errorf("%s is %v, want %v", key, object[key], want)
		}
	}
	for _, key := range []string{"inertia", "iterations", "run"} {
		if v, ok := object[key].(float64); !ok || v <= 0 {
			t.Errorf("%s is %v, want a number above 0", key, object[key])
		}
	}
	seconds, _ := object["seconds"].(map[string]any)
	for _, key := range []string{"read", "seed", "iterate"} {
		if v, ok := seconds[key].(float64); !ok || v <= 0 {
			t.Errorf("seconds.%s is %v, want a number above 0", key, seconds[key])
		}
	}
	var rows float64
	for _, c := range object["counts"].([]any) {
		rows += c.(float64)
	}
	if rows != 500 {
		t.Errorf("counts add up to %v", rows)
	}
}

func TestFitSummaryLeavesStandardOutputAlone(t *testing.T) {
	data := tableFile(t, "data.csv", blobs(t, 200, tensor.Float64))
	out := lloyd("fit", data, "-k", "3", "--threads", "1").done(t)
	if out.stdout != "" {
		t.Errorf("standard output: %q", out.stdout)
	}
	for _, want := range []string{"200 rows of 4 columns, float64", "3 clusters", "inertia", "converged", "1 thread)", "nothing was written"} {
		if !strings.Contains(out.stderr, want) {
			t.Errorf("the summary lacks %q:\n%s", want, out.stderr)
		}
	}
	if strings.ContainsAny(out.stderr, "\r\x1b") {
		t.Errorf("progress was drawn although nobody looks: %q", out.stderr)
	}
}

// The labels of the fit, those of the model file, and those of every way to ask
// for them are the same.
func TestLabelsSurviveTheModelFile(t *testing.T) {
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, ending := range []string{".csv", ".npy", ".tsv", ".csv.gz"} {
			t.Run(dtype.Name()+ending, func(t *testing.T) {
				dir := t.TempDir()
				in := func(name string) string { return filepath.Join(dir, name) }
				data := tableFile(t, "data"+ending, blobs(t, 300, dtype))
				fitted := lloyd("fit", data, "-k", "5", "--dtype", dtype.Name(), "--model", in("model"),
					"--labels", in("fit"+ending), "--centers", in("centers"+ending), "--json").done(t).object(t)
				want := labelsIn(t, in("fit"+ending))
				if len(want) != 300 {
					t.Fatalf("%d labels", len(want))
				}
				if shape := matrixIn(t, in("centers"+ending)).Shape(); !shape.Eq(tensor.Shape{5, 4}) {
					t.Errorf("centers of shape %v", shape)
				}

				predicted := lloyd("predict", "--model", in("model"), data, "--labels", in("predicted.npy"), "--json").done(t)
				if got := labelsIn(t, in("predicted.npy")); !slices.Equal(got, want) {
					t.Error("predict --labels gives other labels than fit")
				}
				object := predicted.object(t)
				if !slices.Equal(object["counts"].([]any), fitted["counts"].([]any)) {
					t.Errorf("predict counts %v, fit %v", object["counts"], fitted["counts"])
				}
				if a, b := object["inertia"].(float64), fitted["inertia"].(float64); math.Abs(a-b) > 1e-6*b {
					t.Errorf("predict has inertia %v, fit %v", a, b)
				}
				for _, key := range []string{"n", "d", "k"} {
					if object[key] != fitted[key] {
						t.Errorf("%s: predict %v, fit %v", key, object[key], fitted[key])
					}
				}

				printed := lloyd("predict", data, "--model", in("model")).done(t)
				var text strings.Builder
				for _, l := range want {
					fmt.Fprintln(&text, l)
				}
				if printed.stdout != text.String() {
					t.Error("predict prints other labels than fit wrote")
				}
				if printed.stderr != "" {
					t.Errorf("standard error: %q", printed.stderr)
				}
			})
		}
	}
}

func TestStandardInput(t *testing.T) {
	x := blobs(t, 100, tensor.Float32)
	csv, npy := tableFile(t, "data.csv", x), tableFile(t, "data.npy", x)
	want := lloyd("fit", npy, "-k", "3", "--json").done(t).object(t)["inertia"]
	for _, path := range []string{csv, npy} {
		for _, source := range []string{"buffer", "file", "pipe"} {
			t.Run(filepath.Ext(path)+" from a "+source, func(t *testing.T) {
				args := []string{"fit", "-", "-k", "3", "--dtype", "float32", "--json"}
				var out outcome
				switch source {
				case "buffer":
					out = lloydWith(strings.NewReader(contents(t, path)), args...)
				case "file":
					f, err := os.Open(path)
					if err != nil {
						t.Fatal(err)
					}
					defer f.Close()
					out = lloydWith(f, args...)
				case "pipe":
					r, w, err := os.Pipe()
					if err != nil {
						t.Fatal(err)
					}
					defer r.Close()
					text := contents(t, path)
					go func() {
						_, _ = w.WriteString(text)
						w.Close()
					}()
					out = lloydWith(r, args...)
				}
				if got := out.done(t).object(t)["inertia"]; got != want {
					t.Errorf("inertia %v, from the file %v", got, want)
				}
			})
		}
	}

	model := filepath.Join(t.TempDir(), "model")
	lloyd("fit", csv, "-k", "3", "--model", model).done(t)
	fromFile := lloyd("predict", "--model", model, npy).done(t).stdout
	if got := lloydWith(strings.NewReader(contents(t, npy)), "predict", "--model", model, "-").done(t).stdout; got != fromFile {
		t.Error("predict of standard input differs from that of the file")
	}
}

func TestColumnNamesAreFound(t *testing.T) {
	data := textFile(t, "data.csv", "height,width\n1,2\n3,4\n5,7\n")
	if n := lloyd("fit", data, "-k", "2", "--json").done(t).object(t)["n"]; n != 3.0 {
		t.Errorf("n is %v", n)
	}
}

func TestThreadsDoNotChangeTheFiles(t *testing.T) {
	data := tableFile(t, "data.npy", blobs(t, 20000, tensor.Float32))
	var first []string
	for _, threads := range []string{"1", "2", "3", "7", "16"} {
		dir := t.TempDir()
		files := []string{filepath.Join(dir, "labels.npy"), filepath.Join(dir, "centers.npy")}
		inertia := lloyd("fit", data, "-k", "7", "--threads", threads, "--labels", files[0], "--centers", files[1], "--json").done(t).object(t)["inertia"]
		got := []string{contents(t, files[0]), contents(t, files[1]), fmt.Sprint(inertia)}
		if first == nil {
			first = got
		}
		if !slices.Equal(got, first) {
			t.Errorf("%s threads give another result than 1", threads)
		}
	}
}

func TestSeedAndRunsMatter(t *testing.T) {
	data := tableFile(t, "data.npy", blobs(t, 300, tensor.Float64))
	fit := func(args ...string) float64 {
		return lloyd(append([]string{"fit", data, "-k", "12", "--init", "random", "--json"}, args...)...).done(t).object(t)["inertia"].(float64)
	}
	single := fit("--n-init", "1")
	if again := fit("--n-init", "1"); again != single {
		t.Errorf("the same seed gives %v and %v", single, again)
	}
	if best := fit("--n-init", "20"); best > single {
		t.Errorf("the best of 20 runs has inertia %v, the first of them %v", best, single)
	}
	different := false
	for seed := 1; seed <= 5; seed++ {
		different = different || fit("--n-init", "1", "--seed", fmt.Sprint(seed)) != single
	}
	if !different {
		t.Error("six seeds give the same inertia")
	}
}

func TestInitialCentersFromAFile(t *testing.T) {
	data := textFile(t, "data.csv", "0\n1\n10\n11\n")
	for _, name := range []string{"start.csv", "start.npy"} {
		start := tableFile(t, name, tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]float32{12, -1})))
		dir := t.TempDir()
		labels, centers := filepath.Join(dir, "labels.csv"), filepath.Join(dir, "centers.csv")
		out := lloyd("fit", data, "-k", "2", "--init", start, "--tol", "0", "--labels", labels, "--centers", centers, "--json").done(t)
		if got := contents(t, labels); got != "1\n1\n0\n0\n" {
			t.Errorf("%s: labels %q", name, got)
		}
		if got := contents(t, centers); got != "10.5\n0.5\n" {
			t.Errorf("%s: centers %q", name, got)
		}
		object := out.object(t)
		if object["inertia"] != 1.0 || object["runs"] != 1.0 || object["dtype"] != "float64" {
			t.Errorf("%s: %v", name, object)
		}
	}
}

func TestConfiguration(t *testing.T) {
	usual := usualFit()
	usual.k = 4
	for _, c := range []struct {
		name   string
		change func(*fitFlags)
		want   func(*cluster.KMeans)
	}{
		{"defaults", func(*fitFlags) {}, func(*cluster.KMeans) {}},
		{"tol 0 is strict", func(f *fitFlags) { f.tol = 0 }, func(km *cluster.KMeans) { km.Tol = -1 }},
		{"tol", func(f *fitFlags) { f.tol = 0.5 }, func(km *cluster.KMeans) { km.Tol = 0.5 }},
		{"random runs ten times", func(f *fitFlags) { f.init = startRandom }, func(km *cluster.KMeans) { km.Init, km.Restarts = cluster.Random{}, 10 }},
		{"random once", func(f *fitFlags) { f.init, f.runs = startRandom, 1 }, func(km *cluster.KMeans) { km.Init = cluster.Random{} }},
		{"all the rest", func(f *fitFlags) {
			f.runs, f.maxIter, f.seed, f.threads, f.spherical, f.refine, f.algorithm = 3, 9, 8, 2, true, 5, algorithm(cluster.Hamerly)
		}, func(km *cluster.KMeans) {
			km.Restarts, km.MaxIter, km.Seed, km.Threads, km.Spherical, km.Refine, km.Algorithm = 3, 9, 8, 2, true, 5, cluster.Hamerly
		}},
	} {
		flags, want := usual, cluster.KMeans{K: 4, Init: cluster.KMeansPlusPlus{}, Restarts: 1, MaxIter: 300, Tol: 1e-4}
		c.change(&flags)
		c.want(&want)
		got, err := flags.method()
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if a, b := fmt.Sprintf("%#v", got.(*wholeData).KMeans), fmt.Sprintf("%#v", want); a != b {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, a, b)
		}
	}
}

func TestNotesAboutTheResult(t *testing.T) {
	same := textFile(t, "same.csv", "1,1\n1,1\n2,2\n2,2\n")
	if out := lloyd("fit", same, "-k", "3").done(t); !strings.Contains(out.stderr, "only 2 distinct centers") {
		t.Errorf("no note about repeated centers:\n%s", out.stderr)
	}
	data := tableFile(t, "data.npy", blobs(t, 2000, tensor.Float64))
	out := lloyd("fit", data, "-k", "20", "--max-iter", "1", "--tol", "0").done(t)
	if !strings.Contains(out.stderr, "still moving after --max-iter 1") {
		t.Errorf("no note about the maximum of iterations:\n%s", out.stderr)
	}
	object := lloyd("fit", data, "-k", "20", "--max-iter", "1", "--tol", "0", "--json").done(t).object(t)
	if object["converged"] != false || object["stopped"] != cluster.MaxIterations.String() {
		t.Errorf("converged %v, stopped %v", object["converged"], object["stopped"])
	}
}

func TestDtypeOfTheFileIsKept(t *testing.T) {
	for path, want := range map[string]string{
		tableFile(t, "a.npy", blobs(t, 20, tensor.Float32)):                                "float32",
		tableFile(t, "b.npy", blobs(t, 20, tensor.Float64)):                                "float64",
		tableFile(t, "c.csv", blobs(t, 20, tensor.Float32)):                                "float64",
		textFile(t, "d.npy", npyText("|u1", "(4, 2)", "\x00\x01\x02\x03\x04\x05\x06\x07")): "float32",
		textFile(t, "e.npy", npyText("<i4", "(2, 1)", "\x00\x01\x02\x03\x04\x05\x06\x07")): "float64",
	} {
		if got := lloyd("fit", path, "-k", "2", "--json").done(t).object(t)["dtype"]; got != want {
			t.Errorf("%s: %v, want %s", filepath.Base(path), got, want)
		}
	}
}

func TestNumbersThatJSONCannotHold(t *testing.T) {
	for v, want := range map[float64]string{1.5: "1.5", math.Inf(1): "null", math.Inf(-1): "null"} {
		var b bytes.Buffer
		if err := writeJSON(&b, number(v)); err != nil || b.String() != want+"\n" {
			t.Errorf("%v: %q, %v", v, b.String(), err)
		}
	}
}
