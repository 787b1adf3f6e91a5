package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
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

// Whatever is wrong with a file of any format, there is one line that names it.
func TestBadFilesOfEveryFormat(t *testing.T) {
	dir := t.TempDir()
	x := tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float32{1, 2, 3, 4, 5, 6}))
	var endings []string
	for _, f := range dataset.Formats() {
		endings = append(endings, f.Ending)
		if f.Packs {
			endings = append(endings, f.Ending+".gz", f.Ending+".zst")
		}
	}
	for _, ending := range endings {
		f, err := dataset.FormatOf("x" + ending)
		if err != nil {
			t.Fatal(err)
		}
		packed := f.Ending != ending
		text := f.Ending == ".csv" || f.Ending == ".tsv"
		path := filepath.Join(dir, "bad"+ending)
		refuse := func(what string, content []byte) {
			t.Helper()
			if err := os.WriteFile(path, content, 0o666); err != nil {
				t.Fatal(err)
			}
			commands := [][]string{{"fit", path, "-k", "1"}}
			if what == "an empty" {
				commands = append(commands, []string{"convert", path, filepath.Join(dir, "out.npy")})
			}
			for _, args := range commands {
				out := lloyd(args...)
				if out.status == exitDone {
					t.Errorf("%s %s: %v succeeds", what, ending, args)
					continue
				}
				out.failed(t, exitFailed, regexp.QuoteMeta("bad"+ending))
			}
		}
		var good []byte
		if f.Writes {
			if err := dataset.WriteFile(path, x); err != nil {
				t.Fatal(err)
			}
			good, err = os.ReadFile(path)
		} else { // an image
			good, err = os.ReadFile("../../testdata/formats/rgb" + strings.Replace(f.Ending, "jpeg", "jpg", 1))
		}
		if err != nil {
			t.Fatal(err)
		}
		refuse("an empty", nil)
		refuse("a foreign", []byte("%PDF-1.7 this is something else altogether, of some length"))
		if packed || !text {
			cuts := []int{1, len(good)/3 + 1, len(good) / 2, len(good) - 1}
			if f.Ending == ".jpg" || f.Ending == ".jpeg" { // ends in padding
				cuts = cuts[:3]
			}
			for _, n := range cuts {
				refuse("a truncated", good[:n])
			}
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		lloyd("fit", path, "-k", "1").failed(t, exitFailed, regexp.QuoteMeta("bad"+ending)+": no such file")
		if err := os.Mkdir(path, 0o777); err != nil {
			t.Fatal(err)
		}
		lloyd("fit", path, "-k", "1").failed(t, exitFailed, "folder.*"+regexp.QuoteMeta("bad"+ending)+"|"+regexp.QuoteMeta("bad"+ending)+".*folder")
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if os.Getuid() > 0 {
			if err := os.WriteFile(path, good, 0); err != nil {
				t.Fatal(err)
			}
			lloyd("fit", path, "-k", "1").failed(t, exitFailed, regexp.QuoteMeta("bad"+ending)+": permission denied")
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
		if holds := !strings.Contains(f.Ending, "8bin") && !slices.Contains([]string{".ivecs", ".bvecs", ".png", ".jpg", ".jpeg"}, f.Ending); holds {
			bad := tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float32{1, 2, 3, float32(math.NaN()), 5, 6}))
			if err := dataset.WriteFile(path, bad); err != nil {
				t.Fatal(err)
			}
			lloyd("fit", path, "-k", "1").failed(t, exitFailed, regexp.QuoteMeta("bad"+ending)+".*NaN at row 1, column 1")
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v was written, %v", left, err)
	}
}
