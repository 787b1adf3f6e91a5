package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// The same rows in every format give the same labels, as files and, where the
// first bytes tell the format, on standard input.
func TestEveryFormatIsRead(t *testing.T) {
	whole := make([]float32, 60)
	for i := range whole {
		whole[i] = float32(i/20*40 + i%7)
	}
	x := tensor.New(tensor.WithShape(30, 2), tensor.WithBacking(whole))
	dir := t.TempDir()
	want := []int32(nil)
	for _, f := range dataset.Formats() {
		if !f.Writes {
			continue
		}
		endings := []string{f.Ending}
		if f.Packs {
			endings = append(endings, f.Ending+".gz", f.Ending+".zst")
		}
		for _, ending := range endings {
			data, labels := filepath.Join(dir, "x"+ending), filepath.Join(dir, "labels.npy")
			if err := dataset.WriteFile(data, x); err != nil {
				t.Fatal(err)
			}
			lloyd("fit", data, "-k", "3", "--seed", "1", "--dtype", "float32", "--labels", labels).done(t)
			got := labelsIn(t, labels)
			if want == nil {
				want = got
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: labels %v, want %v", ending, got, want)
			}
			content, err := os.ReadFile(data)
			if err != nil {
				t.Fatal(err)
			}
			table, err := dataset.Read(bytes.NewReader(content), dataset.FileOptions{Dtype: tensor.Float32})
			if err != nil {
				continue // no mark
			}
			if !table.X.Eq(x) {
				continue // taken for text
			}
			lloydWith(bytes.NewReader(content), "fit", "-", "-k", "3", "--seed", "1", "--dtype", "float32", "--labels", labels).done(t)
			if got := labelsIn(t, labels); !slices.Equal(got, want) {
				t.Errorf("%s on standard input: labels %v, want %v", ending, got, want)
			}
		}
	}
}

// An image has one row a pixel, and a Parquet file of embeddings one a list.
func TestFilesOfOthersAreRead(t *testing.T) {
	for name, want := range map[string][2]float64{"rgb.png": {12, 3}, "rgb.jpg": {64 * 48, 3}, "list.parquet": {5, 3}, "x.npz": {5, 3}} {
		got := lloyd("fit", filepath.Join("../../testdata/formats", name), "-k", "2", "--json").done(t).object(t)
		if got["n"] != want[0] || got["d"] != want[1] || got["dtype"] != "float32" {
			t.Errorf("%s: %v rows of %v columns, %v", name, got["n"], got["d"], got["dtype"])
		}
	}
}
