package main

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// Each method is the estimator of package cluster, with the settings of the flags.
func TestMethodsAreTheEstimators(t *testing.T) {
	x := blobs(t, 900, tensor.Float64)
	data := tableFile(t, "data.npy", x)
	weights := make([]float64, 900)
	var text strings.Builder
	for i := range weights {
		weights[i] = float64(i%5) / 2
		fmt.Fprintln(&text, weights[i])
	}
	weightsFile := textFile(t, "weights.csv", text.String())
	ctx := t.Context()
	for _, c := range []struct {
		args string
		want func() (labels []int32, inertia float64, err error)
	}{
		{"--algorithm hamerly --spherical", func() ([]int32, float64, error) {
			m, err := cluster.KMeans{K: 6, Spherical: true, Seed: 3}.Fit(ctx, x)
			return m.Labels, m.Inertia, err
		}},
		{"--weights WEIGHTS --refine 2", func() ([]int32, float64, error) {
			m, err := cluster.KMeans{K: 6, Refine: 2, Seed: 3}.FitWeighted(ctx, x, weights)
			return m.Labels, m.Inertia, err
		}},
		{"--minibatch --batch-size 100 --max-iter 3 --init random --n-init 2", func() ([]int32, float64, error) {
			m, err := cluster.MiniBatch{K: 6, BatchSize: 100, Epochs: 3, Init: cluster.Random{}, Seedings: 2, Seed: 3}.Fit(ctx, x)
			return m.Labels, m.Inertia, err
		}},
		{"--minibatch --weights WEIGHTS --tol 0.01", func() ([]int32, float64, error) {
			m, err := cluster.MiniBatch{K: 6, Tol: 0.01, Seed: 3}.FitWeighted(ctx, x, weights)
			return m.Labels, m.Inertia, err
		}},
		{"--bisect --n-init 2 --weights WEIGHTS", func() ([]int32, float64, error) {
			m, err := cluster.Bisecting{K: 6, Restarts: 2, Seed: 3}.FitWeighted(ctx, x, weights)
			return m.Labels, m.Inertia, err
		}},
	} {
		labels := filepath.Join(t.TempDir(), "labels.npy")
		args := strings.Fields("fit DATA -k 6 --seed 3 --json --labels LABELS " + c.args)
		for i, a := range args {
			args[i] = strings.NewReplacer("DATA", data, "WEIGHTS", weightsFile, "LABELS", labels).Replace(a)
		}
		object := lloyd(args...).done(t).object(t)
		want, inertia, err := c.want()
		if err != nil {
			t.Fatal(err)
		}
		if object["inertia"] != inertia || !slices.Equal(labelsIn(t, labels), want) {
			t.Errorf("%s: inertia %v, want %v, or other labels", c.args, object["inertia"], inertia)
		}
		if object["weighted"] != strings.Contains(c.args, "--weights") {
			t.Errorf("%s: weighted is %v", c.args, object["weighted"])
		}
	}
}

func TestAlgorithmsDoNotChangeTheResult(t *testing.T) {
	if names := algorithmNames(); len(names) < 3 || names[0] != "auto" || names[1] != "lloyd" {
		t.Fatalf("algorithms %v", names)
	}
	data := tableFile(t, "data.npy", blobs(t, 500, tensor.Float32))
	first := ""
	for _, name := range algorithmNames() {
		object := lloyd("fit", data, "-k", "9", "--algorithm", name, "--json").done(t).object(t)
		if object["algorithm"] != name {
			t.Errorf("--algorithm %s gives %v", name, object["algorithm"])
		}
		got := fmt.Sprint(object["inertia"], object["counts"], object["iterations"])
		if first == "" {
			first = got
		}
		if got != first {
			t.Errorf("%s: %s, before %s", name, got, first)
		}
	}
}

// Standardizing makes the units of the columns matter no more, and the model keeps it.
func TestStandardize(t *testing.T) {
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		x := blobs(t, 300, dtype)
		scaled := x.Clone().(*tensor.Dense)
		for i := range 300 {
			for j := range 4 {
				v, err := scaled.At(i, j)
				if err != nil {
					t.Fatal(err)
				}
				power := float64(int(1) << (4 * j)) // exact
				if f, ok := v.(float32); ok {
					err = scaled.SetAt(f*float32(power)+1024, i, j)
				} else {
					err = scaled.SetAt(v.(float64)*power+1024, i, j)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		dir := t.TempDir()
		in := func(name string) string { return filepath.Join(dir, name) }
		plain, wild := tableFile(t, "plain.npy", x), tableFile(t, "wild.npy", scaled)
		a := lloyd("fit", plain, "-k", "3", "--standardize", "--labels", in("a.npy"), "--json").done(t).object(t)
		b := lloyd("fit", wild, "-k", "3", "--standardize", "--labels", in("b.npy"), "--centers", in("c.csv"), "--model", in("m"), "--json").done(t).object(t)
		if !slices.Equal(labelsIn(t, in("a.npy")), labelsIn(t, in("b.npy"))) {
			t.Errorf("%v: other units give other labels", dtype)
		}
		inertia := b["inertia"].(float64)
		if before := a["inertia"].(float64); math.Abs(before-inertia) > 1e-3*before || b["standardized"] != true {
			t.Errorf("%v: inertia %v and %v, standardized %v", dtype, before, inertia, b["standardized"])
		}
		predicted := lloyd("predict", wild, "--model", in("m"), "--labels", in("p.npy"), "--distances", in("d.npy"), "--transform", in("t.npy"), "--json").done(t).object(t)
		if !slices.Equal(labelsIn(t, in("p.npy")), labelsIn(t, in("b.npy"))) {
			t.Errorf("%v: predict gives other labels", dtype)
		}
		if got := predicted["inertia"].(float64); math.Abs(got-inertia) > 1e-6*inertia {
			t.Errorf("%v: predict has inertia %v, fit %v", dtype, got, inertia)
		}
		// Σd² is the inertia, d the least of the distances to all centers, which are
		// means of rows in their own units.
		d, all := matrixIn(t, in("d.npy")), matrixIn(t, in("t.npy"))
		if !d.Shape().Eq(tensor.Shape{300, 1}) || !all.Shape().Eq(tensor.Shape{300, 3}) || d.Dtype() != dtype {
			t.Fatalf("distances %v of %v, transform %v", d.Shape(), d.Dtype(), all.Shape())
		}
		sum := 0.0
		for i := range 300 {
			own := at(t, d, i, 0)
			sum += own * own
			if least := min(at(t, all, i, 0), at(t, all, i, 1), at(t, all, i, 2)); least != own {
				t.Fatalf("%v: row %d has distance %v, the least of all is %v", dtype, i, own, least)
			}
		}
		if math.Abs(sum-inertia) > 1e-5*inertia {
			t.Errorf("%v: squared distances add up to %v, inertia %v", dtype, sum, inertia)
		}
		labels, centers := labelsIn(t, in("b.npy")), matrixIn(t, in("c.csv"))
		for k := range 3 {
			mean, n := 0.0, 0.0
			for i, l := range labels {
				if l == int32(k) {
					mean += at(t, scaled, i, 3)
					n++
				}
			}
			if got := at(t, centers, k, 3); math.Abs(got-mean/n) > 1e-4*math.Abs(mean/n) {
				t.Errorf("%v: center %d is %v, the mean of its rows %v", dtype, k, got, mean/n)
			}
		}
		// Centers in the units of the rows are where the next fit begins.
		again := lloyd("fit", wild, "-k", "3", "--standardize", "--init", in("c.csv"), "--json").done(t).object(t)
		if again["iterations"].(float64) > 2 || math.Abs(again["inertia"].(float64)-inertia) > 1e-5*inertia {
			t.Errorf("%v: from the centers of the last fit: %v iterations, inertia %v", dtype, again["iterations"], again["inertia"])
		}
	}
}

// at is an element of a matrix as float64.
func at(t *testing.T, x *tensor.Dense, i, j int) float64 {
	t.Helper()
	v, err := x.At(i, j)
	if err != nil {
		t.Fatal(err)
	}
	if f, ok := v.(float32); ok {
		return float64(f)
	}
	return v.(float64)
}

func TestStandardizeWithoutVariance(t *testing.T) {
	data := textFile(t, "data.csv", "5,0\n5,2\n5,0\n5,2\n")
	centers := filepath.Join(t.TempDir(), "c.csv")
	object := lloyd("fit", data, "-k", "2", "--standardize", "--centers", centers, "--json").done(t).object(t)
	if got := contents(t, centers); object["inertia"] != 0.0 || (got != "5,0\n5,2\n" && got != "5,2\n5,0\n") {
		t.Errorf("inertia %v, centers %q", object["inertia"], got)
	}
}

// A model of every method predicts what the fit said, but for the tree, about which
// there is a note.
func TestModelsOfAllMethods(t *testing.T) {
	data := tableFile(t, "data.npy", blobs(t, 600, tensor.Float32))
	for _, args := range []string{"--minibatch", "--spherical", "--bisect", "--standardize --minibatch", "--standardize --bisect", "--refine 1 --weights WEIGHTS"} {
		dir := t.TempDir()
		weights := filepath.Join(dir, "w.npy")
		if err := dataset.WriteFile(weights, tensor.New(tensor.WithShape(600, 1), tensor.WithBacking(slices.Repeat([]float64{1, 2}, 300)))); err != nil {
			t.Fatal(err)
		}
		labels, again, model := filepath.Join(dir, "l.npy"), filepath.Join(dir, "p.npy"), filepath.Join(dir, "m")
		out := lloyd(append([]string{"fit", data, "-k", "20", "--labels", labels, "--model", model}, strings.Fields(strings.ReplaceAll(args, "WEIGHTS", weights))...)...).done(t)
		lloyd("predict", data, "--model", model, "--labels", again).done(t)
		differ := 0
		for i, l := range labelsIn(t, again) {
			if l != labelsIn(t, labels)[i] {
				differ++
			}
		}
		note := fmt.Sprintf("gives %s another cluster", counted(differ, "row"))
		if strings.Contains(out.stderr, note) != (differ > 0) || (differ > 0 && !strings.Contains(args, "--bisect")) {
			t.Errorf("%s: predict gives %d rows another cluster:\n%s", args, differ, out.stderr)
		}
	}
}

func TestArraysAndColumns(t *testing.T) {
	archive := filepath.Join("../../testdata/formats", "two.npz")
	lloyd("fit", archive, "-k", "1").failed(t, exitFailed, `name the one to read.*--array NAME`)
	lloyd("fit", archive, "-k", "1", "--array", "nowhere").failed(t, exitFailed, `no array "nowhere"`)
	text := textFile(t, "t.csv", "name,x,y\na,1,10\nb,2,20\nc,9,90\n")
	lloyd("fit", text, "-k", "1").failed(t, exitFailed, `"a" is not a number.*--columns`)
	lloyd("fit", text, "-k", "1", "--columns", "x,z").failed(t, exitFailed, `no column "z".*"name, x, y"`)
	model := filepath.Join(t.TempDir(), "m")
	object := lloyd("fit", text, "-k", "2", "--columns", "y,x", "--model", model, "--json").done(t).object(t)
	if object["d"] != 2.0 || object["inertia"] != 50.5 {
		t.Errorf("%v columns, inertia %v", object["d"], object["inertia"])
	}
	if got := lloyd("predict", text, "--columns", "y,x", "--model", model).done(t).stdout; got != "0\n0\n1\n" && got != "1\n1\n0\n" {
		t.Errorf("labels %q", got)
	}
}

func TestTextsOfOtherKinds(t *testing.T) {
	for _, c := range []struct {
		text  string
		flags []string
		want  string // n, d and inertia
	}{
		{"1;2\n3;4\n", []string{"--delimiter", ";"}, "2 2 4"},
		{"1\t2\n3\t4\n", []string{"--delimiter", "tab"}, "2 2 4"},
		{"a|b|c\nx|1|2\ny|3|4\n", []string{"--delimiter", "|", "--columns", "c"}, "2 1 2"},
		{"100,200\n1,2\n3,4\n", []string{"--header", "yes"}, "2 2 4"},
		{"1,2\n3,4\n", []string{"--header=no"}, "2 2 4"},
	} {
		data := textFile(t, "x.csv", c.text)
		o := lloyd(append([]string{"fit", data, "-k", "1", "--json"}, c.flags...)...).done(t).object(t)
		if got := fmt.Sprint(o["n"], o["d"], o["inertia"]); got != c.want {
			t.Errorf("%q, %v: %s, want %s", c.text, c.flags, got, c.want)
		}
		out := filepath.Join(t.TempDir(), "x.npy")
		lloyd(append([]string{"convert", data, out}, c.flags...)...).done(t)
	}
	lloyd("fit", textFile(t, "x.csv", "1;2\n3;4\n"), "-k", "1").failed(t, exitFailed, `"3;4" is not a number.*see --delimiter`)
	lloyd("fit", textFile(t, "x.csv", "x,y\n3,4\n"), "-k", "1", "--header", "no").failed(t, exitFailed, `line 1, column 1: "x" is not a number`)
}
