package results

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReplace(t *testing.T) {
	const text = "by hand\n<!-- a: begin -->\nold\n<!-- a: end -->\nby hand\n<!-- b: begin --><!-- b: end -->"
	got, err := Replace(text, "a", "new\n")
	want := "by hand\n<!-- a: begin -->\n\nnew\n\n<!-- a: end -->\nby hand\n<!-- b: begin --><!-- b: end -->"
	if err != nil || got != want {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
	if again, err := Replace(got, "a", "new"); err != nil || again != want {
		t.Errorf("not idempotent: %q, %v", again, err)
	}
	for _, bad := range []string{"", text + "<!-- a: end -->", "<!-- a: end --><!-- a: begin -->"} {
		if got, err := Replace(bad, "a", "x"); err == nil {
			t.Errorf("%q was taken: %q", bad, got)
		}
	}
}

func TestReplaceFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "RESULTS.md")
	if err := os.WriteFile(path, []byte("x\n<!-- a: begin -->\n<!-- a: end -->\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := ReplaceFile(path, "a", "y"); err != nil {
		t.Fatal(err)
	}
	if err := ReplaceFile(path, "b", "y"); err == nil {
		t.Error("a part that is not there was replaced")
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != "x\n<!-- a: begin -->\n\ny\n\n<!-- a: end -->\n" {
		t.Errorf("%q, %v", got, err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("%d files were left", len(entries))
	}
}

func TestSample(t *testing.T) {
	for _, c := range []struct {
		sample Sample
		median float64
		text   string
	}{
		{nil, 0, "0 (0–0)"},
		{Sample{3}, 3, "3.0"},
		{Sample{3, 1, 2}, 2, "2.0 (1.0–3.0)"},
		{Sample{4, 1, 300, 2}, 3, "3.0 (1.0–300)"},
		{Sample{0.5, 0.02}, 0.26, "0.26 (0.020–0.50)"},
	} {
		if got := c.sample.Median(); got != c.median {
			t.Errorf("median of %v: %v", c.sample, got)
		}
		if got := c.sample.String(); got != c.text {
			t.Errorf("%v: %q; want %q", []float64(c.sample), got, c.text)
		}
	}
}

const output = `goos: linux
BenchmarkPeak/level=avx2/dtype=float32-2   	1	 5 ns/op	  102 GFLOP/s
BenchmarkNearest/level=avx2/dtype=float32/n=300/d=2/k=4-2   	100	 9 ns/op	 0 %direct	 6.0 %peak	 5.9 GFLOP/s
BenchmarkNearest/level=avx2/dtype=float32/n=300/d=2/k=4-2   	100	 9 ns/op	 0 %direct	 8.0 %peak	 7.9 GFLOP/s
BenchmarkNearest/level=avx2/dtype=float64/n=1797/d=64/k=10-2   	100	 9 ns/op	 40 %peak	 20 GFLOP/s
BenchmarkAccumulate/level=avx2/dtype=float32/n=300/d=2/k=4-2   	100	 9 ns/op	 2400 MB/s
PASS
`

func TestTables(t *testing.T) {
	all, err := Read(strings.NewReader(output))
	if err != nil || len(all) != 4 {
		t.Fatalf("%d benchmarks, %v", len(all), err)
	}
	if b := all[1]; b.Name != "Nearest" || b.Keys["dtype"] != "float32" || b.shape() != "300×2, 4" {
		t.Errorf("%+v", b)
	}
	got := Tables(all)
	for _, want := range []string{
		"avx2 float32 102.",
		"| 300×2, 4 | 6.9 (5.9–7.9) | 7 (6–8) | | |",
		"| 1797×64, 10 | | | 20.0 | 40 (40–40) |",
		"| 300×2, 4 | 2.4 |",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}
