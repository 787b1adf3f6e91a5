package figure

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"gorgonia.org/tensor"
)

// TestSamples draws realistic pictures to look at, into the folder named by
// LLOYD_FIGURE_SAMPLES; without it the test is skipped.
func TestSamples(t *testing.T) {
	folder := os.Getenv("LLOYD_FIGURE_SAMPLES")
	if folder == "" {
		t.Skip("set LLOYD_FIGURE_SAMPLES to a folder to draw sample pictures")
	}
	save := func(name string) func(*Figure, error) {
		return func(f *Figure, err error) {
			t.Helper()
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			for _, ending := range []string{".png", ".svg"} {
				if err := f.Save(filepath.Join(folder, name+ending)); err != nil {
					t.Error(err)
				}
			}
		}
	}

	blobs := func(k, n int, spread float64) (*tensor.Dense, []int32, *tensor.Dense) {
		r := rand.New(rand.NewPCG(1, 2))
		var xs, cs []float64
		for range k {
			cs = append(cs, spread*r.Float64(), spread*r.Float64())
		}
		labels := make([]int32, n)
		for i := range n {
			labels[i] = int32(i % k)
			xs = append(xs, cs[2*(i%k)]+0.6*r.NormFloat64(), cs[2*(i%k)+1]+0.6*r.NormFloat64())
		}
		return tensor.New(tensor.WithShape(n, 2), tensor.WithBacking(xs)), labels, tensor.New(tensor.WithShape(k, 2), tensor.WithBacking(cs))
	}
	x, labels, centers := blobs(4, 300, 10)
	save("blobs4")(Scatter{Title: "Four blobs, K = 4", XLabel: "feature 0", YLabel: "feature 1"}.Draw(x, labels, centers))
	save("blobs-plain")(Scatter{}.Draw(x, nil, nil))
	save("blobs-small")(Scatter{Width: 3, Height: 2.2, Title: "A rather long title for such a small picture, is it not"}.Draw(x, labels, centers))
	x, labels, centers = blobs(10, 1500, 20)
	save("blobs10")(Scatter{Title: "Ten clusters"}.Draw(x, labels, centers))
	x, labels, centers = blobs(32, 3200, 40)
	save("blobs32")(Scatter{Title: "Thirty-two clusters"}.Draw(x, labels, centers))
	x, labels, _ = blobs(150, 15000, 100)
	save("blobs150")(Scatter{}.Draw(x, labels, nil))
	r := rand.New(rand.NewPCG(3, 3))
	big := make([]float64, 200)
	for i := range big {
		big[i] = 1.6e9 + 2e4*r.NormFloat64() + float64(i%2)*-3.2e9
	}
	save("far")(Scatter{XLabel: "seconds", YLabel: "minus seconds"}.Draw(tensor.New(tensor.WithShape(100, 2), tensor.WithBacking(big)), nil, nil))

	x, labels, centers = blobs(9, 600, 12)
	bars, bands := make([]float64, 600), make([]int32, 600)
	for i := range bars {
		bands[i] = int32(i % 9)
		bars[i] = min(0.9, max(-0.4, 0.15+0.05*float64(i%9)+0.2*r.NormFloat64()))
	}
	ks, inertias, scores := []int{2, 3, 4, 5, 6, 7, 8, 9, 10}, []float64{9.1e6, 6e6, 4.2e6, 2.1e6, 1.9e6, 1.8e6, 1.7e6, 1.65e6, 1.6e6}, []float64{0.4, 0.5, 0.55, 0.61, 0.5, 0.45, 0.4, 0.38, 0.35}
	var falling []float64
	var moved []int64
	for i := range 80 {
		falling = append(falling, 1.1651e6+4e5*math.Exp(-float64(i)/4))
		moved = append(moved, int64(2e5*math.Exp(-float64(i)/6)))
	}
	for _, theme := range []Theme{Light, Dark} {
		name := func(s string) string { return s + "-" + theme.String() }
		save(name("regions"))(Scatter{Title: "Nine regions", Regions: true, Theme: theme}.Draw(x, labels, centers))
		save(name("scatter"))(Scatter{Title: "Nine clusters", XLabel: "x", YLabel: "y", Theme: theme}.Draw(x, labels, centers))
		save(name("elbow"))(Elbow{Title: "Inertia over K", Suggested: 5, Theme: theme}.Draw(ks, inertias))
		save(name("elbow-scores"))(Elbow{Title: "Inertia over K", Suggested: 5, Scores: scores, ScoreLabel: "silhouette", Theme: theme}.Draw(ks, inertias))
		save(name("convergence"))(Convergence{Title: "A fit", Theme: theme}.Draw(falling, moved))
		save(name("convergence-short"))(Convergence{Title: "A short fit", Theme: theme}.Draw(falling[:3], moved[77:]))
		save(name("silhouette"))(Silhouette{Title: "Nine clusters", Theme: theme}.Draw(bars, bands))
		many, spread := make([]int32, 6000), make([]float64, 6000)
		for i := range many {
			many[i], spread[i] = int32(i%100), 0.3+0.1*r.Float64()
		}
		save(name("silhouette-100"))(Silhouette{Theme: theme}.Draw(spread, many))
		counts := [][]int{{50, 0, 0}, {0, 47, 3}, {0, 14, 36}}
		save(name("confusion"))(ConfusionMatrix{Title: "Iris", Theme: theme}.Draw(counts, []string{"setosa", "versicolor", "virginica"}))
	}

	means, counts := digits(t)
	save("digits-dark")(CenterImages{Title: "Cluster centers of the digits", Theme: Dark}.Draw(means))
	save("digits")(CenterImages{Title: "Cluster centers of the digits"}.Draw(means))
	save("digits-captions")(CenterImages{Title: "Cluster centers of the digits", Captions: []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "nine, a longer caption"}}.Draw(means))
	save("digits-row")(CenterImages{Rows: 1, Width: 8, Captions: []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}}.Draw(means))
	save("digits-both")(CenterImages{Width: 6, Height: 6, Title: "Both sides given"}.Draw(means))
	many := make([]float32, 100*28*28)
	for i := range many {
		k, p := i/784, i%784
		many[i] = float32(math.Exp(-math.Pow(math.Hypot(float64(p/28)-14, float64(p%28)-14)-float64(k)/10, 2) / 4))
	}
	save("rings100")(CenterImages{Title: "A hundred rings"}.Draw(tensor.New(tensor.WithShape(100, 784), tensor.WithBacking(many))))

	save("confusion-digits")(ConfusionMatrix{Title: "Digits by majority label"}.Draw(counts, nil))
	save("confusion3")(ConfusionMatrix{Title: "Iris"}.Draw([][]int{{50, 0, 0}, {0, 47, 3}, {0, 14, 36}}, []string{"setosa", "versicolor", "virginica"}))
	twenty := make([][]int, 20)
	var groups []string
	for i := range twenty {
		twenty[i] = make([]int, 20)
		for j := range 20 {
			twenty[i][j] = r.IntN(30)
		}
		twenty[i][i] = 250 + r.IntN(150)
		groups = append(groups, []string{"talk.religion.misc", "comp.sys.ibm.pc.hardware", "sci.space", "alt.atheism"}[i%4])
	}
	save("confusion20")(ConfusionMatrix{Title: "Newsgroups"}.Draw(twenty, groups))
	hundred := make([][]int, 100)
	for i := range hundred {
		hundred[i] = make([]int, 100)
		for range 20 {
			hundred[i][r.IntN(100)] += r.IntN(40)
		}
		hundred[i][i] = 400
	}
	save("confusion100")(ConfusionMatrix{}.Draw(hundred, nil))
	save("confusion-wide")(ConfusionMatrix{Width: 8, Height: 4, Title: "A wide page"}.Draw([][]int{{1234567, 89}, {0, 7654321}}, []string{"no", "yes"}))
}

// digits returns the mean image of each digit, 10×64, and a confusion matrix
// of assigning every image to the nearest mean.
func digits(t *testing.T) (*tensor.Dense, [][]int) {
	t.Helper()
	file, err := os.Open(os.Getenv("LLOYD_FIGURE_DIGITS"))
	if err != nil {
		t.Skip("set LLOYD_FIGURE_DIGITS to digits.csv.gz: ", err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(unzipped).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	means := make([]float64, 640)
	rows := make([][65]float64, len(records))
	var sizes [10]float64
	for i, record := range records {
		for j, field := range record {
			if rows[i][j], err = strconv.ParseFloat(field, 64); err != nil {
				t.Fatal(fmt.Errorf("row %d: %w", i, err))
			}
		}
		digit := int(rows[i][64])
		sizes[digit]++
		for j := range 64 {
			means[digit*64+j] += rows[i][j]
		}
	}
	for i := range means {
		means[i] /= sizes[i/64]
	}
	counts := make([][]int, 10)
	for i := range counts {
		counts[i] = make([]int, 10)
	}
	for _, row := range rows {
		best, nearest := math.Inf(1), 0
		for k := range 10 {
			sum := 0.0
			for j := range 64 {
				sum += (row[j] - means[k*64+j]) * (row[j] - means[k*64+j])
			}
			if sum < best {
				best, nearest = sum, k
			}
		}
		counts[int(row[64])][nearest]++
	}
	return tensor.New(tensor.WithShape(10, 64), tensor.WithBacking(means)), counts
}
