package dataset

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"
)

// names lists a folder.
func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestFilesRoundTrip(t *testing.T) {
	folder := t.TempDir()
	x := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float32{0.1, -2, 3, 4e-20}))
	for _, name := range []string{"x.csv", "x.TSV", "x.npy", "X.Npy"} {
		path := filepath.Join(folder, name)
		if err := WriteFile(path, x); err != nil {
			t.Fatal(err)
		}
		got, err := ReadFile(path, FileOptions{Dtype: tensor.Float32})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(elementsOf(t, got.X), elementsOf(t, x)) || got.Header != nil {
			t.Errorf("%s: %v", name, got)
		}
		labels := []int32{4, -1}
		if err := WriteLabelsFile(path, labels); err != nil {
			t.Fatal(err)
		}
		if back, err := ReadLabelsFile(path); err != nil || !slices.Equal(back, labels) {
			t.Errorf("%s: labels %v, %v", name, back, err)
		}
	}
	if all := names(t, folder); len(all) != 4 {
		t.Errorf("the folder holds %q", all)
	}
	if err := WriteFile(filepath.Join(folder, "t.tsv"), x); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(filepath.Join(folder, "t.tsv")); string(text) != "0.1\t-2\n3\t4e-20\n" {
		t.Errorf("tsv: %q", text)
	}
}

func TestReadFileOptions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.tsv")
	if err := os.WriteFile(path, []byte("1;2\n3;4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := ReadFile(path, FileOptions{Comma: ';', Header: HeaderPresent})
	if err != nil || !slices.Equal(got.Header, []string{"1", "2"}) || got.X.Dtype() != tensor.Float64 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestFilesRefuse(t *testing.T) {
	folder := t.TempDir()
	x := tensor.New(tensor.WithShape(1, 1), tensor.WithBacking([]float64{1}))
	in := func(name string) string { return filepath.Join(folder, name) }
	if err := os.Mkdir(in("folder.csv"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(in("bad.csv"), []byte("1\nx\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(in("empty.npy"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	before := names(t, folder)
	for name, c := range map[string]struct {
		read, write error // nil: not tried
	}{
		"absent.csv":   {fs.ErrNotExist, nil},
		"absent/x.npy": {fs.ErrNotExist, fs.ErrNotExist},
		"folder.csv":   {ErrNotFile, ErrNotFile},
		"x.hdf5":       {ErrUnknownFormat, ErrUnknownFormat},
		"x":            {ErrUnknownFormat, ErrUnknownFormat},
		"":             {ErrUnknownFormat, ErrUnknownFormat},
		"bad.csv":      {ErrFormat, nil},
		"empty.npy":    {ErrFormat, nil},
	} {
		path := in(name)
		if name == "" {
			path = ""
		}
		if c.read != nil {
			if got, err := ReadFile(path, FileOptions{}); !errors.Is(err, c.read) || got != nil || !strings.Contains(err.Error(), path) {
				t.Errorf("ReadFile %q: %v, want %v", name, err, c.read)
			}
			if got, err := ReadLabelsFile(path); !errors.Is(err, c.read) || got != nil {
				t.Errorf("ReadLabelsFile %q: %v, want %v", name, err, c.read)
			}
		}
		if c.write != nil {
			if err := WriteFile(path, x); !errors.Is(err, c.write) || !strings.Contains(err.Error(), path) {
				t.Errorf("WriteFile %q: %v, want %v", name, err, c.write)
			}
			if err := WriteLabelsFile(path, []int32{1}); !errors.Is(err, c.write) {
				t.Errorf("WriteLabelsFile %q: %v, want %v", name, err, c.write)
			}
		}
	}
	// A path through a file, whatever error the system has for it.
	if err := WriteFile(in("bad.csv/x.csv"), x); err == nil {
		t.Error("a path through a file was written")
	}
	if err := WriteFile(in("new.csv"), nil); !errors.Is(err, ErrShape) {
		t.Errorf("nil tensor: %v", err)
	}
	if after := names(t, folder); !slices.Equal(before, after) {
		t.Errorf("failures left files behind: %q, before %q", after, before)
	}
}

func TestUnwritableFolder(t *testing.T) {
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("permissions do not bind this user")
	}
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o500); err != nil {
		t.Fatal(err)
	}
	if err := WriteLabelsFile(filepath.Join(folder, "x.csv"), []int32{1}); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("%v", err)
	}
}

func TestWriteAtomicKeepsTheFormerFile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "model.bin")
	put := func(text string, end error) func(io.Writer) error {
		return func(w io.Writer) error {
			if _, err := io.WriteString(w, text); err != nil {
				return err
			}
			return end
		}
	}
	content := func() string {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if err := WriteAtomic(path, put("first", nil)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := WriteAtomic(path, put("half of the sec", errFull)); !errors.Is(err, errFull) || content() != "first" {
		t.Errorf("%v; the file holds %q", err, content())
	}
	func() {
		defer func() {
			if recover() != "stop" {
				t.Error("the panic of write did not come through")
			}
		}()
		_ = WriteAtomic(path, func(io.Writer) error { panic("stop") })
	}()
	if content() != "first" {
		t.Errorf("after a panic the file holds %q", content())
	}
	if err := WriteAtomic(path, put("second", nil)); err != nil || content() != "second" {
		t.Errorf("%v; the file holds %q", err, content())
	}
	if info, err := os.Stat(path); runtime.GOOS != "windows" && (err != nil || info.Mode().Perm() != 0o640) {
		t.Errorf("permissions %v, %v; 0640 was there before", info.Mode(), err)
	}
	if all := names(t, folder); !slices.Equal(all, []string{"model.bin"}) {
		t.Errorf("the folder holds %q", all)
	}
	if err := WriteAtomic("", put("", nil)); !errors.Is(err, ErrConfig) {
		t.Errorf("no path: %v", err)
	}
	if err := WriteAtomic(path, nil); !errors.Is(err, ErrConfig) {
		t.Errorf("no function: %v", err)
	}
}

func TestWriteAtomicFollowsLinksAndRefusesDevices(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links and devices are other things there")
	}
	folder := t.TempDir()
	path, link := filepath.Join(folder, "x.csv"), filepath.Join(folder, "link.csv")
	if err := WriteLabelsFile(path, []int32{1}); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("x.csv", link); err != nil {
		t.Skip(err)
	}
	if err := WriteLabelsFile(link, []int32{2}); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadLabelsFile(path); err != nil || !slices.Equal(got, []int32{2}) {
		t.Errorf("the linked file holds %v, %v", got, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link became %v, %v", info.Mode(), err)
	}
	if err := WriteAtomic(os.DevNull, func(io.Writer) error { return nil }); !errors.Is(err, ErrNotFile) {
		t.Errorf("device: %v", err)
	}
}
