package main

import (
	"bytes"
	"encoding/xml"
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/dataset"
	"github.com/seed-fbf9ce71/lloyd/figure"
)

// showing demands a picture in a file, of which more than a few pixels or elements
// are of each of the colors.
func showing(t *testing.T, path string, colors ...string) {
	t.Helper()
	content := contents(t, path)
	if strings.HasSuffix(path, ".svg") {
		decoder := xml.NewDecoder(strings.NewReader(content))
		for {
			if _, err := decoder.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
		}
		for _, c := range colors {
			if n := strings.Count(strings.ToLower(content), c); n < 2 {
				t.Errorf("%s has %d elements of %s", path, n, c)
			}
		}
		return
	}
	img, err := png.Decode(strings.NewReader(content))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	counts := map[string]int{}
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			r, g, b, _ := img.At(x, y).RGBA()
			counts[hexOf(r, g, b)]++
		}
	}
	for _, c := range colors {
		if counts[c] < 30 {
			t.Errorf("%s has %d pixels of %s", path, counts[c], c)
		}
	}
}

func hexOf(r, g, b uint32) string {
	const digits = "0123456789abcdef"
	out := []byte{'#'}
	for _, v := range []uint32{r, g, b} {
		out = append(out, digits[v>>12], digits[v>>8&15])
	}
	return string(out)
}

// planeFiles are rows of two columns with a model of three clusters.
func planeFiles(t *testing.T) (data, model, labels string) {
	t.Helper()
	set, err := dataset.Blobs(dataset.BlobsConfig{N: 90, Centers: 3, Std: 0.5, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	data = tableFile(t, "data.csv", set.X)
	model, labels = filepath.Join(filepath.Dir(data), "model"), filepath.Join(filepath.Dir(data), "labels.csv")
	lloyd("fit", data, "-k", "3", "--model", model, "--labels", labels).done(t)
	return data, model, labels
}

func TestPlot(t *testing.T) {
	data, model, labels := planeFiles(t)
	raw, err := os.ReadFile(data)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	first, third := hex(figure.LabelColor(0)), hex(figure.LabelColor(2))
	for _, c := range []struct {
		name   string
		flags  []string
		colors []string
	}{
		{"rows.svg", nil, []string{first}},
		{"rows.png", nil, []string{first}},
		{"clusters.png", []string{"--model", model}, []string{first, third}},
		{"clusters.svg", []string{"--model", model, "--title", "a <b> & c"}, []string{first, third}},
		{"regions.png", []string{"--model", model, "--voronoi"}, []string{first, third}},
		{"labels.png", []string{"--labels", labels}, []string{first, third}},
		{"dark.png", []string{"--labels", labels, "--dark"}, []string{hex(figure.Dark.LabelColor(2)), "#0d1117"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(dir, c.name)
			out := lloyd(append([]string{"plot", data, "-o", path}, c.flags...)...).done(t)
			if out.stdout != "" || !strings.Contains(out.stderr, "written     "+path) || strings.Contains(out.stderr, "sample") {
				t.Errorf("it says %q and\n%s", out.stdout, out.stderr)
			}
			showing(t, path, c.colors...)
			piped := filepath.Join(dir, "piped-"+c.name)
			lloydWith(bytes.NewReader(raw), append([]string{"plot", "-", "-o", piped}, c.flags...)...).done(t)
			if contents(t, piped) != contents(t, path) {
				t.Error("through a pipe comes another picture")
			}
		})
	}
	if contents(t, filepath.Join(dir, "regions.png")) == contents(t, filepath.Join(dir, "clusters.png")) {
		t.Error("--voronoi changes nothing")
	}
}

// Rows of many columns are drawn in the plane of their principal components, and
// many rows by a sample.
func TestPlotInThePlane(t *testing.T) {
	data := tableFile(t, "data.npy", blobs(t, 300, tensor.Float32))
	model := filepath.Join(t.TempDir(), "model")
	lloyd("fit", data, "-k", "3", "--model", model).done(t)
	path := filepath.Join(t.TempDir(), "plane.png")
	out := lloyd("plot", data, "--model", model, "-o", path, "--rows", "100").done(t)
	for _, want := range []string{"300 rows of 4 columns", "a random sample of 100; --rows", "2 principal components of these rows, ", " % of the variance\n"} {
		if !strings.Contains(out.stderr, want) {
			t.Errorf("no %q in:\n%s", want, out.stderr)
		}
	}
	showing(t, path, hex(figure.LabelColor(0)))
	for line := range strings.Lines(out.stderr) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 80 && !strings.Contains(line, os.TempDir()) {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

// The plane is that of the covariance's greatest eigenvectors: the variances along
// its axes are those of the rows made here, and projecting keeps the centers where
// their rows are.
func TestPlaneHasTheGreatestVariance(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	const n, d = 4000, 5
	deviations := [d]float64{1, 7, 0.5, 3, 0.1}
	values := make([]float64, 0, n*d)
	for range n {
		for j := range d {
			values = append(values, 1000+deviations[j]*r.NormFloat64())
		}
	}
	x := tensor.New(tensor.WithShape(n, d), tensor.WithBacking(values))
	p, err := planeOf(x, 0)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(p.axes[0][1]) < 0.99 || math.Abs(p.axes[1][3]) < 0.99 || p.axes[0][1] < 0 {
		t.Errorf("the axes are %v", p.axes)
	}
	if all := 49 + 9 + 1 + 0.25 + 0.01; math.Abs(p.share[0]-49/all) > 0.02 || math.Abs(p.share[1]-9/all) > 0.02 {
		t.Errorf("the shares are %v", p.share)
	}
	at := p.project(x).Data().([]float64)
	var sum, squares float64
	for i := 0; i < len(at); i += 2 {
		sum += at[i]
		squares += at[i] * at[i]
	}
	if math.Abs(sum/n) > 1e-6 || math.Abs(math.Sqrt(squares/n)-7) > 0.3 {
		t.Errorf("along the first axis the mean is %v, the deviation %v", sum/n, math.Sqrt(squares/n))
	}
	// Rows of a single value have a plane too.
	same := tensor.New(tensor.WithShape(3, 3), tensor.WithBacking(make([]float32, 9)))
	if p, err := planeOf(same, 0); err != nil || slices.ContainsFunc(p.project(same).Data().([]float64), func(v float64) bool { return v != 0 }) {
		t.Errorf("equal rows: %v", err)
	}
}

func TestSampleIsWithoutReplacement(t *testing.T) {
	hits := make([]int, 20)
	for seed := range uint64(2000) {
		chosen := sample(20, 5, seed)
		if len(chosen) != 5 || !slices.IsSorted(chosen) || len(slices.Compact(slices.Clone(chosen))) != 5 {
			t.Fatalf("the sample is %v", chosen)
		}
		for _, i := range chosen {
			hits[i]++
		}
	}
	for i, n := range hits {
		if n < 400 || n > 600 { // 500 ± 5 standard deviations
			t.Errorf("row %d is in %d of 2000 samples, want about 500", i, n)
		}
	}
	if got := sample(3, 5, 1); !slices.Equal(got, []int{0, 1, 2}) {
		t.Errorf("the sample of all is %v", got)
	}
}

func TestPlotFailures(t *testing.T) {
	data, model, _ := planeFiles(t)
	dir := t.TempDir()
	wide, narrow := textFile(t, "wide.csv", "1,2,3\n4,5,6\n7,8,10\n"), textFile(t, "narrow.csv", "1\n2\n")
	wideModel := filepath.Join(dir, "wide.model")
	lloyd("fit", wide, "-k", "2", "--model", wideModel).done(t)
	for _, c := range []struct {
		name, pattern string
		args          []string
	}{
		{"no such file", `nowhere.*no such file`, []string{"nowhere.csv", "-o", dir + "/x.svg"}},
		{"one column", `narrow\.csv has 1 column; at least 2`, []string{narrow, "-o", dir + "/x.svg"}},
		{"one row of three columns", `no principal components`, []string{textFile(t, "one.csv", "1,2,3\n"), "-o", dir + "/x.svg"}},
		{"NaN", `nan\.csv.*NaN.*column 2`, []string{textFile(t, "nan.csv", "1,2,3\n1,2,nan\n3,4,5\n"), "-o", dir + "/x.svg"}},
		{"NaN in the plane", `NaN`, []string{textFile(t, "nan.csv", "1,2\n1,nan\n"), "-o", dir + "/x.svg"}},
		{"no such model", `model cannot be opened`, []string{data, "--model", "nowhere", "-o", dir + "/x.svg"}},
		{"model of other columns", `wide\.csv.*3 columns.*2|3 columns`, []string{wide, "--model", model, "-o", dir + "/x.svg"}},
		{"too few labels", `narrow\.csv has 2 labels, .*data\.csv has 90 rows`, []string{data, "--labels", narrow, "-o", dir + "/x.svg"}},
		{"negative label", `row 1 has label -1`, []string{wide, "--labels", textFile(t, "l.csv", "0\n-1\n0\n"), "-o", dir + "/x.svg"}},
		{"regions in space", `--voronoi with 3 columns`, []string{wide, "--model", wideModel, "--voronoi", "-o", dir + "/x.svg"}},
		{"out without a folder", `--out.*nowhere`, []string{data, "-o", "nowhere/x.svg"}},
	} {
		t.Run(c.name, func(t *testing.T) { lloyd(append([]string{"plot"}, c.args...)...).failed(t, exitFailed, c.pattern) })
	}
	for line, pattern := range map[string]string{
		"":                               `DATA is missing`,
		"DATA":                           `-o is missing`,
		"DATA -o x.pdf":                  `-o "x.pdf": a name that ends in .png or .svg`,
		"DATA -o x.png --voronoi":        `--voronoi shades the regions of centers: give them by --model`,
		"DATA -o x.png --rows 0":         `--rows "0"`,
		"DATA -o x.png --labels x":       `--labels "x"`,
		"DATA DATA -o x.png":             `2 arguments came`,
		"DATA -o x.png --dark=sometimes": `--dark "sometimes": true or false`,
	} {
		lloyd(strings.Fields(strings.ReplaceAll("plot "+line, "DATA", data))...).failed(t, exitUsage, pattern)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("the folder has %v", entries)
	}
}

// A model of standardized columns colors the rows as predict labels them, and its
// centers are drawn among them, in their units.
func TestPlotOfAStandardizedModel(t *testing.T) {
	set, err := dataset.Blobs(dataset.BlobsConfig{N: 90, Centers: 3, Std: 0.5, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	values := set.X.Data().([]float64)
	for i := 0; i < len(values); i += 2 {
		values[i] = 1e6 + 1000*values[i]
	}
	data := tableFile(t, "data.csv", set.X)
	model, labels := filepath.Join(t.TempDir(), "model"), filepath.Join(t.TempDir(), "labels.csv")
	lloyd("fit", data, "-k", "3", "--standardize", "--model", model, "--labels", labels).done(t)
	s := &scene{flags: &plotFlags{model: fileName(model), most: 1000}}
	if err := s.read(t.Context(), data, strings.NewReader("")); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(s.labels, labelsIn(t, labels)) {
		t.Error("the labels drawn are not those of the fit")
	}
	if v := s.x.Data().([]float64)[0]; v != values[0] {
		t.Errorf("the first row is drawn at %v, want %v", v, values[0])
	}
	if v := s.centers.Data().([]float64)[0]; v < 9e5 {
		t.Errorf("the first center is drawn at %v, among rows of 1e6", v)
	}
	lloyd("plot", data, "--model", model, "--voronoi", "-o", filepath.Join(t.TempDir(), "x.svg")).failed(t, exitFailed, `--voronoi with a model of standardized columns`)
	out := lloyd("evaluate", data, "--model", model, "--truth", labels, "--json").done(t).object(t)
	if out["adjusted_rand"] != 1.0 {
		t.Errorf("evaluate finds other clusters: %v", out)
	}
}

// A text of many kinds of columns is drawn by some of them, under their names.
func TestPlotOfNamedColumns(t *testing.T) {
	data := textFile(t, "d.csv", "name,width,height\nann,1,2\nben,3,4\ncid,5,9\n")
	path := filepath.Join(t.TempDir(), "x.svg")
	lloyd("plot", data, "--columns", "width,height", "-o", path).done(t)
	s := &scene{flags: &plotFlags{most: 10, data: dataFlags{columns: []string{"width", "height"}}}}
	if err := s.read(t.Context(), data, nil); err != nil || !slices.Equal(s.rows.Header, []string{"width", "height"}) {
		t.Errorf("the columns are %v, %v", s.rows.Header, err)
	}
}

// The plane of rows with more columns than there are rows.
func TestPlaneOfFewRows(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	const n, d = 120, 300
	values := make([]float32, 0, n*d)
	for range n {
		far := 20 * r.NormFloat64()
		for j := range d {
			v := 0.1 * r.NormFloat64()
			if j == 17 || j == 200 {
				v += far
			}
			values = append(values, float32(v))
		}
	}
	p, err := planeOf(tensor.New(tensor.WithShape(n, d), tensor.WithBacking(values)), 0)
	if err != nil {
		t.Fatal(err)
	}
	if a := p.axes[0]; math.Abs(a[17]-math.Sqrt2/2) > 0.01 || math.Abs(a[200]-math.Sqrt2/2) > 0.01 || p.share[0] < 0.99 {
		t.Errorf("the axis has %v and %v, of %v of the variance", a[17], a[200], p.share[0])
	}
}
