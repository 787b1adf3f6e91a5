package main

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gorgonia.org/tensor"
)

// A streamed fit prints and writes what one in memory does, in every byte, for formats
// that know their number of rows and those that do not.
func TestStreamedFitIsTheSame(t *testing.T) {
	for _, name := range []string{"data.fbin", "data.npy", "data.csv", "data.npy.gz", "data.parquet"} {
		data := tableFile(t, name, blobs(t, 700, tensor.Float32))
		dir := t.TempDir()
		var objects []map[string]any
		file := func(kind, ending string) string { return filepath.Join(dir, kind+ending) }
		for kind, flags := range map[string][]string{
			"memory": nil,
			"stream": {"--stream"},
		} {
			flags = append([]string{"fit"}, flags...)
			flags = append(flags, data, "-k", "4", "--seed", "5", "--n-init", "2", "--json",
				"--labels", file(kind, ".npy"), "--model", file(kind, ".lloyd"), "--centers", file(kind, ".csv"))
			object := lloyd(flags...).done(t).object(t)
			delete(object, "seconds")
			objects = append(objects, object)
		}
		if !reflect.DeepEqual(objects[0], objects[1]) {
			t.Errorf("%s: %v, %v", name, objects[0], objects[1])
		}
		for _, ending := range []string{".npy", ".lloyd", ".csv"} {
			if contents(t, file("memory", ending)) != contents(t, file("stream", ending)) {
				t.Errorf("%s: what is written to %s differs", name, ending)
			}
		}
		object := lloyd("fit", data, "-k", "4", "--seed", "5", "--n-init", "2", "--json", "--stream").done(t).object(t)
		delete(object, "seconds")
		if !reflect.DeepEqual(object, objects[0]) {
			t.Errorf("%s, without labels: %v, want %v", name, object, objects[0])
		}
	}
}

func TestStreamedFitSummary(t *testing.T) {
	data := tableFile(t, "data.csv", blobs(t, 200, tensor.Float64))
	out := lloyd("fit", data, "-k", "3", "--stream", "--init-size", "50").done(t)
	for _, want := range []string{"200 rows of 4 columns, float64", "3 clusters", "nothing was written"} {
		if !strings.Contains(out.stderr, want) {
			t.Errorf("the summary lacks %q:\n%s", want, out.stderr)
		}
	}
}

func TestStreamedFitFails(t *testing.T) {
	data := tableFile(t, "data.csv", blobs(t, 200, tensor.Float64))
	holes := textFile(t, "holes.csv", "1,2\n3,NaN\n5,6\n")
	cut := textFile(t, "cut.csv", "1,2\n3\n5,6\n")
	for _, c := range []struct {
		status  int
		pattern string
		args    []string
	}{
		{exitUsage, "--stream.*standard input", []string{"fit", "-", "-k", "3", "--stream"}},
		{exitUsage, "--init-size 10 is for --stream", []string{"fit", data, "-k", "3", "--init-size", "10"}},
		{exitFailed, "K is 201, but there are only 200 rows", []string{"fit", data, "-k", "201", "--stream"}},
		{exitFailed, "InitSize is 2, but K is 3", []string{"fit", data, "-k", "3", "--stream", "--init-size", "2"}},
		{exitFailed, "holes.csv: .*NaN at row 1, column 1", []string{"fit", holes, "-k", "2", "--stream"}},
		{exitFailed, "cut.csv.*line 2", []string{"fit", cut, "-k", "2", "--stream"}},
		{exitFailed, "no-such.csv", []string{"fit", "no-such.csv", "-k", "2", "--stream"}},
	} {
		lloyd(c.args...).failed(t, c.status, c.pattern)
	}
}
