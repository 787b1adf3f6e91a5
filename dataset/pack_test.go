package dataset

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestPackedFilesOfOthers(t *testing.T) {
	for _, name := range []string{"x.npy.gz", "x.npy.zst", "x.csv.gz", "x.tsv.zst"} {
		got, err := ReadFile("../testdata/formats/"+name, FileOptions{})
		if err != nil || !slices.Equal(elementsOf(t, got.X), upTo14(1, 0.5)) {
			t.Errorf("%s: %v", name, err)
		}
		// Without the ending, by the first bytes.
		bare := filepath.Join(t.TempDir(), strings.TrimSuffix(name, filepath.Ext(name)))
		if err := os.WriteFile(bare, goldenFile(t, name), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err = ReadFile(bare, FileOptions{})
		if err != nil || !slices.Equal(elementsOf(t, got.X), upTo14(1, 0.5)) {
			t.Errorf("%s: %v", bare, err)
		}
	}
}

func TestPackedRoundTrip(t *testing.T) {
	folder := t.TempDir()
	x := asTensor(3, 2, []float32{1, 2, 3, 4, 5, 127})
	for _, f := range Formats() {
		for _, pack := range []string{".gz", ".ZST"} {
			path := filepath.Join(folder, "x"+f.Ending+pack)
			if !f.Packs {
				if _, err := FormatOf(path); !errors.Is(err, ErrUnknownFormat) || !strings.Contains(err.Error(), "compressed themselves") {
					t.Errorf("%s: %v", path, err)
				}
				continue
			}
			if err := WriteFile(path, x); err != nil {
				t.Fatal(err)
			}
			content, err := os.ReadFile(path)
			if err != nil || packingOf(content) == unpacked {
				t.Errorf("%s is not packed: %q, %v", path, content, err)
			}
			got, err := ReadFile(path, FileOptions{})
			if err != nil || !slices.Equal(elementsOf(t, got.X), elementsOf(t, x)) {
				t.Errorf("%s: %v", path, err)
			}
			if !f.Labels {
				continue
			}
			if err := WriteLabelsFile(path, []int32{4, 5}); err != nil {
				t.Fatal(err)
			}
			if labels, err := ReadLabelsFile(path); err != nil || !slices.Equal(labels, []int32{4, 5}) {
				t.Errorf("labels of %s: %v, %v", path, labels, err)
			}
		}
	}
}

func TestBrokenPackedFiles(t *testing.T) {
	folder := t.TempDir()
	read := func(name string, content []byte) error {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := ReadFile(path, FileOptions{})
		if err == nil || got != nil {
			t.Errorf("%s: it was read: %v", name, got)
			return nil
		}
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named: %v", name, err)
		}
		return err
	}
	for _, name := range []string{"x.npy.gz", "x.npy.zst", "x.csv.gz", "x.tsv.zst"} {
		whole := goldenFile(t, name)
		for at := range whole {
			if err := read(name, whole[:at]); !errors.Is(err, ErrFormat) {
				t.Errorf("%s cut to %d bytes: %v", name, at, err)
			}
		}
		if strings.HasSuffix(name, ".gz") { // zstandard.compress writes no checksum
			bad := slices.Clone(whole)
			bad[len(bad)-8] ^= 1
			if err := read(name, bad); !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), "checksum") {
				t.Errorf("%s with a wrong checksum: %v", name, err)
			}
		}
		if err := read(name, []byte("1,2\n3,4\n5,6\n7,8\n")); !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), "broken") {
			t.Errorf("%s that is text: %v", name, err)
		}
	}
}

func TestPackedStreamErrorsComeBack(t *testing.T) {
	for _, name := range []string{"x.npy.gz", "x.npy.zst"} {
		whole := goldenFile(t, name)
		for at := range whole {
			broken := io.MultiReader(bytes.NewReader(whole[:at]), iotest.ErrReader(io.ErrClosedPipe))
			in, done, err := packing(filepath.Ext(name)).reader(broken)
			if err == nil {
				_, err = io.Copy(io.Discard, in)
				done()
			}
			if !errors.Is(err, io.ErrClosedPipe) {
				t.Errorf("%s broken after %d bytes: %v", name, at, err)
			}
		}
	}
	for _, pack := range []packing{packingGzip, packingZstd} {
		for _, room := range []int{0, 12} {
			err := pack.writer(&fullDisk{room}, func(w io.Writer) error {
				return WriteNPY(w, asTensor(1, 2, []float64{1, 2}))
			})
			if !errors.Is(err, errFull) {
				t.Errorf("%s with room for %d bytes: %v", pack, room, err)
			}
		}
	}
}

// byteWriter writes content.
func byteWriter(content []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	}
}
