package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// There and back again through every format leaves the bytes of an .npy as they were.
func TestConvertThroughEveryFormat(t *testing.T) {
	whole := make([]float32, 90)
	for i := range whole {
		whole[i] = float32(i)
	}
	dir := t.TempDir()
	npy := filepath.Join(dir, "x.npy")
	if err := dataset.WriteFile(npy, tensor.New(tensor.WithShape(30, 3), tensor.WithBacking(whole))); err != nil {
		t.Fatal(err)
	}
	for _, f := range dataset.Formats() {
		if !f.Writes {
			continue
		}
		endings := []string{f.Ending}
		if f.Packs {
			endings = append(endings, f.Ending+".gz", f.Ending+".zst")
		}
		for _, ending := range endings {
			there, back := filepath.Join(dir, "there"+ending), filepath.Join(dir, "back.npy")
			object := lloyd("convert", npy, there, "--json").done(t).object(t)
			if object["n"] != 30.0 || object["d"] != 3.0 || object["dtype"] != "float32" || object["written"] != there {
				t.Errorf("%s: %v", ending, object)
			}
			out := lloyd("convert", there, back, "--dtype", "float32").done(t)
			if out.stdout != "" || !strings.Contains(out.stderr, "30 rows of 3 columns, float32") {
				t.Errorf("%s: says %q and %q", ending, out.stdout, out.stderr)
			}
			if contents(t, back) != contents(t, npy) {
				t.Errorf("%s: other rows came back", ending)
			}
		}
	}
}

func TestConvertStandardInput(t *testing.T) {
	out := filepath.Join(t.TempDir(), "x.parquet")
	lloydWith(strings.NewReader("a,b\n1,2\n3,4.5\n"), "convert", "-", out, "--quiet").done(t)
	back := filepath.Join(t.TempDir(), "x.tsv")
	if said := lloyd("convert", out, back, "-q", "--columns", "b,a").done(t).stderr; said != "" {
		t.Errorf("--quiet says %q", said)
	}
	if got := contents(t, back); got != "b\ta\n2\t1\n4.5\t3\n" {
		t.Errorf("%q", got)
	}
}

func TestConvertImages(t *testing.T) {
	out := filepath.Join(t.TempDir(), "x.u8bin")
	object := lloyd("convert", "../../testdata/formats/rgb.png", out, "--json").done(t).object(t)
	if object["n"] != 12.0 || object["d"] != 3.0 {
		t.Errorf("%v", object)
	}
}

// A conversion that fails leaves what was there.
func TestConvertFailures(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out.bvecs")
	if err := os.WriteFile(out, []byte("precious"), 0o666); err != nil {
		t.Fatal(err)
	}
	text := textFile(t, "x.csv", "1,2\n3,x\n")
	lloyd("convert", textFile(t, "y.csv", "1,2\n3,4.5\n"), out).failed(t, exitFailed, `row 1, column 1.*4\.5, which uint8 cannot hold`)
	lloyd("convert", text, out).failed(t, exitFailed, `line 2, column 2: "x" is not a number`)
	lloyd("convert", "nowhere.csv", out).failed(t, exitFailed, `nowhere\.csv: no such file`)
	lloyd("convert", text, filepath.Join(dir, "nowhere", "x.npy")).failed(t, exitFailed, `OUT.*nowhere`)
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 || contents(t, out) != "precious" {
		t.Errorf("%v, %v, %q", entries, err, contents(t, out))
	}
}

func TestInterruptedConversion(t *testing.T) {
	in, out := tableFile(t, "x.npy", blobs(t, 50, tensor.Float64)), filepath.Join(t.TempDir(), "x.csv")
	var stdout, stderr bytes.Buffer
	status := run(contextDone(t), []string{"convert", in, out}, strings.NewReader(""), &stdout, &stderr)
	outcome{status, stdout.String(), stderr.String()}.failed(t, exitInterrupted, `^lloyd: interrupted; nothing was written`)
	if _, err := os.Stat(out); err == nil {
		t.Error("a file was written")
	}
}
