package main

import (
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// find returns the numbers that the groups of pattern match in text.
func find(t *testing.T, text, pattern string) []float64 {
	t.Helper()
	match := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if match == nil {
		t.Fatalf("no %q in:\n%s", pattern, text)
	}
	var values []float64
	for _, m := range match[1:] {
		v, err := strconv.ParseFloat(m, 64)
		if err != nil {
			t.Fatal(err)
		}
		values = append(values, v)
	}
	return values
}

func TestDemo(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new", "folder")
	out := lloyd("demo", "--out", folder).done(t)
	if out.stderr != "" {
		t.Errorf("standard error: %q", out.stderr)
	}
	blobs, digits, both := strings.Cut(out.stdout, "\n\n")
	if !both {
		t.Fatalf("not two parts:\n%s", out.stdout)
	}

	if v := find(t, blobs, `inertia ([0-9.]+);`)[0]; v < 212.0059960 || v > 212.0059964 {
		t.Errorf("blobs: inertia %v", v)
	}
	find(t, blobs, `300 of 300 points in the right group \(100\.0 %\)`)
	if n := strings.Count(blobs, "  75\n"); n != 4 {
		t.Errorf("blobs: %d clusters of 75 points:\n%s", n, blobs)
	}

	if v := find(t, digits, `inertia ([0-9.]+);`)[0]; v < 1165140 || v > 1165800 {
		t.Errorf("digits: inertia %v", v)
	}
	if v := find(t, digits, `([0-9.]+) of 1797 right \(([0-9.]+) %\)`); v[1] < 78.5 || v[1] > 80 || v[0] != float64(int(1797*v[1]/100+0.5)) {
		t.Errorf("digits: %v right", v)
	}

	for _, name := range []string{"blobs-points.png", "blobs-clusters.png", "digits-centers.png", "digits-confusion.png"} {
		path := filepath.Join(folder, name)
		if !strings.Contains(out.stdout, "wrote "+path+"\n") {
			t.Errorf("%s is not told", name)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Error(err)
			continue
		}
		picture, err := png.Decode(f)
		f.Close()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if size := picture.Bounds().Size(); size.X < 400 || size.Y < 300 {
			t.Errorf("%s has only %v pixels", name, size)
		}
	}
	if entries, _ := os.ReadDir(folder); len(entries) != 4 {
		t.Errorf("the folder has %v", entries)
	}
}

func TestDemoOfOneDataSet(t *testing.T) {
	for _, name := range []string{"blobs", "digits"} {
		folder := t.TempDir()
		out := lloyd("demo", name, "--out", folder).done(t)
		if !strings.HasPrefix(strings.ToLower(out.stdout), name) {
			t.Errorf("demo %s tells:\n%s", name, out.stdout)
		}
		entries, err := os.ReadDir(folder)
		if err != nil || len(entries) != 2 {
			t.Errorf("demo %s leaves %v, %v", name, entries, err)
		}
		for _, e := range entries {
			if !strings.HasPrefix(e.Name(), name+"-") {
				t.Errorf("demo %s leaves %s", name, e.Name())
			}
		}
	}
}

func TestDemoFitsATerminal(t *testing.T) {
	for i, line := range strings.Split(lloyd("demo", "--out", t.TempDir()).done(t).stdout, "\n") {
		if n := len([]rune(line)); n > 80 && !strings.Contains(line, "wrote") {
			t.Errorf("line %d has %d columns: %s", i+1, n, line)
		}
	}
}
