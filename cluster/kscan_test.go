package cluster

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/metrics"
)

func mustScan(t testing.TB, s KScan, x *tensor.Dense) *KScanResult {
	t.Helper()
	r, err := s.Fit(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestKScanScores: models and scores are those of KMeans and of package metrics, to the
// bit, for a sample too.
func TestKScanScores(t *testing.T) {
	t.Run("float32", kScanScores[float32])
	t.Run("float64", kScanScores[float64])
}

func kScanScores[T element](t *testing.T) {
	const n, d = 700, 5
	v := make([]T, n*d)
	for i, b := range blobs(random(120), n, d, 4, 6) {
		v[i] = T(b)
	}
	x := matrix(d, v...)
	for _, sample := range []int{0, 90, n, -1} {
		for _, spherical := range []bool{false, true} {
			seen := 0
			s := KScan{
				Ks: []int{1, 2, 4, 7}, KMeans: KMeans{Seed: 3, Spherical: spherical, Threads: 2}, Sample: sample, Models: true,
				Observer: func(KScore) { seen++ },
			}
			r := mustScan(t, s, x)
			if len(r.Scores) != 4 || seen != 4 {
				t.Fatalf("%d scores, %d seen", len(r.Scores), seen)
			}
			if want := map[int]int{0: n, 90: 90, n: n, -1: 0}[sample]; r.Measured != want {
				t.Errorf("sample %d: %d rows measured, want %d", sample, r.Measured, want)
			}
			rows := viewOf[T](t, x)
			if spherical {
				rows = viewOf[T](t, units(t, x))
			}
			for i, score := range r.Scores {
				km := KMeans{K: s.Ks[i], Seed: 3, Spherical: spherical}
				m := mustFit(t, km, x, nil)
				sameModel(t, "alone", score.Model, m)
				want := KScore{K: s.Ks[i], Inertia: m.Inertia, Iterations: m.Iterations, Stopped: m.Stopped, Empty: m.Empty}
				want.Silhouette, want.StandardError, want.SimplifiedSilhouette = math.NaN(), math.NaN(), math.NaN()
				want.CalinskiHarabasz, want.DaviesBouldin = math.NaN(), math.NaN()
				if want.K > 1 {
					scoresOf(t, &want, rows, m, sample)
				}
				if score.FitTime <= 0 || score.ScoreTime < 0 {
					t.Errorf("K=%d: %v and %v", score.K, score.FitTime, score.ScoreTime)
				}
				score.FitTime, score.ScoreTime, score.Model = 0, 0, nil
				if got, want := fmt.Sprintf("%+v", score), fmt.Sprintf("%+v", want); got != want {
					t.Errorf("sample %d, spherical %v, K=%d: %s, want %s", sample, spherical, score.K, got, want)
				}
			}
		}
	}
}

// scoresOf sets the scores of m that KScan is to give it.
func scoresOf[T element](t *testing.T, s *KScore, x lloyd.Matrix[T], m *Model, sample int) {
	t.Helper()
	simplified, err := metrics.SimplifiedSilhouette(t.Context(), x, m.Labels, viewOf[T](t, m.Centers), 1)
	if err != nil {
		t.Fatal(err)
	}
	s.SimplifiedSilhouette = simplified.Mean
	if sample >= 0 {
		o := metrics.SilhouetteOptions{Seed: 3}
		if sample > 0 && sample < x.N {
			o.Limit, o.Sample = 1, sample
		}
		whole, err := metrics.Silhouette(t.Context(), x, m.Labels, o)
		if err != nil {
			t.Fatal(err)
		}
		s.Silhouette, s.StandardError = whole.Mean, whole.StandardError
	}
	if s.CalinskiHarabasz, err = metrics.CalinskiHarabasz(t.Context(), x, m.Labels); err != nil {
		t.Fatal(err)
	}
	if s.DaviesBouldin, err = metrics.DaviesBouldin(t.Context(), x, m.Labels); err != nil {
		t.Fatal(err)
	}
}

// TestKScanFindsK: every rule finds the number of blobs that are equally far from each
// other, whatever the threads are.
func TestKScanFindsK(t *testing.T) {
	const d = 7
	for _, dt := range dtypes {
		for _, blobs := range []int{3, 6} {
			r := random(122, uint64(blobs))
			x := matrixOf(dt, d, each(900*d, func(i int) float64 {
				if i/d%blobs == i%d {
					return 10 + r.NormFloat64()
				}
				return r.NormFloat64()
			})...)
			s := KScan{Ks: KRange(1, 10, 1), KMeans: KMeans{Restarts: 2}, Sample: 300}
			result := mustScan(t, s, x)
			got := []int{result.Elbow, result.BestSilhouette, result.BestSimplifiedSilhouette, result.BestCalinskiHarabasz, result.BestDaviesBouldin}
			if !slices.Equal(got, []int{blobs, blobs, blobs, blobs, blobs}) {
				t.Errorf("%v: %d blobs, suggested %v", dt, blobs, got)
			}
			s.KMeans.Threads = 3
			if again := mustScan(t, s, x); timeless(t, again) != timeless(t, result) {
				t.Errorf("%v: with other threads %s, want %s", dt, timeless(t, again), timeless(t, result))
			}
			for _, score := range result.Scores {
				if score.Model != nil {
					t.Fatal("a model was kept")
				}
			}
		}
	}
}

// timeless is r in JSON without the times.
func timeless(t *testing.T, r *KScanResult) string {
	t.Helper()
	c := *r
	c.Scores = slices.Clone(r.Scores)
	for i := range c.Scores {
		c.Scores[i].FitTime, c.Scores[i].ScoreTime = 0, 0
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestKScanUndefined: clusters that have no scores, and what JSON says then.
func TestKScanUndefined(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 1, 0, 0, 5, 5, 9) // K=1: one cluster; K=5: more than different rows
		r := mustScan(t, KScan{Ks: []int{1, 2, 3, 5}}, x)
		for _, s := range r.Scores {
			undefined := math.IsNaN(s.Silhouette) && math.IsNaN(s.SimplifiedSilhouette) && math.IsNaN(s.CalinskiHarabasz) && math.IsNaN(s.DaviesBouldin)
			if undefined != (s.K == 1) {
				t.Errorf("%v K=%d: %+v", dt, s.K, s)
			}
		}
		text := timeless(t, r)
		want := `{"k":1,"inertia":` // and the scores of K = 1 are null
		if !strings.HasPrefix(text, `{"scores":[`+want) || strings.Count(text, "null") != 5 ||
			!strings.Contains(text, `"stopped":"converged","empty":0,"silhouette":null,"standard_error":null,"simplified_silhouette":null,"calinski_harabasz":null,"davies_bouldin":null,"fit_seconds":0,"score_seconds":0}`) {
			t.Errorf("%s", text)
		}
		distinct := matrixOf(dt, 1, 0, 1, 5)
		r = mustScan(t, KScan{Ks: []int{3}}, distinct)
		if s := r.Scores[0]; !math.IsNaN(s.SimplifiedSilhouette) || r.BestSilhouette != 0 || r.BestDaviesBouldin != 0 || r.Elbow != 0 {
			t.Errorf("a cluster for each row: %+v", r)
		}
	}
}

// TestKScanCanceled: the Ks that are done come with the error, wherever it stops.
func TestKScanCanceled(t *testing.T) {
	x := matrix(2, blobs(random(121), 600, 2, 4, 5)...)
	s := KScan{Ks: []int{2, 3, 4, 5, 6}, KMeans: KMeans{Threads: 1}}
	whole := mustScan(t, s, x)
	partly := map[int]bool{}
	for left, step := int64(0), int64(1); ; left += step {
		ctx := &countdown{Context: t.Context()}
		ctx.left.Store(left)
		r, err := s.Fit(ctx, x)
		if err == nil {
			break
		}
		canceled(t, "Fit", err)
		if r == nil {
			continue
		}
		if step = 17; len(r.Scores) == 0 || len(r.Scores) > 4 {
			t.Fatalf("%d scores", len(r.Scores))
		}
		part := KScanResult{Scores: slices.Clone(whole.Scores[:len(r.Scores)]), Measured: whole.Measured}
		part.choose()
		if timeless(t, r) != timeless(t, &part) {
			t.Fatalf("after %d: %s, want %s", left, timeless(t, r), timeless(t, &part))
		}
		partly[len(r.Scores)] = true
	}
	if len(partly) != 4 {
		t.Errorf("canceled only after %v", partly)
	}
}

func TestKScanErrors(t *testing.T) {
	x := matrix(2, noise(random(1), 20, 2)...)
	two := []int{2, 3}
	for _, c := range []struct {
		s        KScan
		x        *tensor.Dense
		sentinel error
		part     string
	}{
		{KScan{}, x, ErrParameter, "Ks is empty"},
		{KScan{Ks: []int{0, 1}}, x, ErrParameter, "Ks[0] is 0"},
		{KScan{Ks: []int{2, 2}}, x, ErrParameter, "Ks[1] is 2, after 2"},
		{KScan{Ks: []int{2, 21}}, x, ErrParameter, "only 20 rows"},
		{KScan{Ks: two, KMeans: KMeans{K: 3}}, x, ErrParameter, "KMeans.K is 3"},
		{KScan{Ks: two, KMeans: KMeans{Init: Given{pick(x, 0, 1)}}}, x, ErrParameter, "Given"},
		{KScan{Ks: two, KMeans: KMeans{Init: firstRows, Frozen: []int{2}}}, x, ErrParameter, "Frozen[0] is 2"},
		{KScan{Ks: two, KMeans: KMeans{Init: firstRows, Frozen: []int{-1}}}, x, ErrParameter, "Frozen[0] is -1"},
		{KScan{Ks: two, KMeans: KMeans{Threads: -1}}, x, ErrParameter, "Threads is -1"},
		{KScan{Ks: two, KMeans: KMeans{Init: firstOnly}}, x, ErrInput, "K = 2: "},
		{KScan{Ks: two}, nil, ErrInput, "nil"},
		{KScan{Ks: two[:1]}, matrix(2, 1, math.NaN(), 2, 3), ErrInput, "row 0, column 1"},
	} {
		r, err := c.s.Fit(t.Context(), c.x)
		refused(t, "Fit", err, c.sentinel, c.part)
		if r != nil {
			t.Errorf("%+v: a result", c.s)
		}
	}
	// An Init that fails later leaves what was done.
	r, err := KScan{Ks: []int{1, 2}, KMeans: KMeans{Init: firstOnly}}.Fit(t.Context(), x)
	if !errors.Is(err, ErrInput) || r == nil || len(r.Scores) != 1 || r.Scores[0].K != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	// Frozen centers stay in every fit.
	r = mustScan(t, KScan{Ks: []int{2, 3}, KMeans: KMeans{Init: firstRows, Frozen: []int{1}}, Models: true}, x)
	for _, s := range r.Scores {
		sameNumbers(t, "frozen", pick(s.Model.Centers, 1), pick(x, 1))
	}
}

func TestKRange(t *testing.T) {
	for _, c := range []struct {
		from, to, step int
		want           []int
	}{
		{2, 5, 1, []int{2, 3, 4, 5}}, {2, 6, 3, []int{2, 5}}, {4, 4, 9, []int{4}}, {5, 4, 1, nil}, {1, 3, 0, nil}, {1, 3, -1, nil},
		{math.MaxInt - 1, math.MaxInt, 1, []int{math.MaxInt - 1, math.MaxInt}},
	} {
		if got := KRange(c.from, c.to, c.step); !slices.Equal(got, c.want) {
			t.Errorf("%d to %d by %d: %v, want %v", c.from, c.to, c.step, got, c.want)
		}
	}
}

// TestKnee: figure 2 of the Kneedle paper, 5 − 1/(x+0.1) at ten points, whose knee is at
// 0.22, turned upside down; and curves with no knee, with two, with a dent that is
// too small to count, and with Ks at uneven distances.
func TestKnee(t *testing.T) {
	tenth := each(10, func(i int) float64 { return float64(i) / 9 })
	figure := each(10, func(i int) float64 { return 1/(tenth[i]+0.1) - 5 })
	one := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}
	for _, c := range []struct {
		name string
		x, y []float64
		want int
	}{
		{"the paper's", tenth, figure, 2},
		{"a line", one, []float64{9, 8, 7, 6, 5, 4, 3, 2, 1}, -1},
		{"constant", one, []float64{4, 4, 4, 4, 4, 4, 4, 4, 4}, -1},
		{"concave", one, []float64{9, 8.9, 8.7, 8.3, 7.7, 7, 6, 4, 0}, -1},
		{"one corner", one, []float64{100, 70, 40, 10, 8, 6, 4, 2, 0}, 3},
		{"two corners", one, []float64{100, 60, 59, 58, 57, 56, 2, 1, 0}, 1},
		{"a dent", one, []float64{100, 70, 61, 40, 10, 8, 6, 4, 0}, 4},
		{"it rises once", one, []float64{100, 70, 40, 10, 12, 6, 4, 2, 3}, 3},
		{"two points", []float64{1, 2}, []float64{5, 1}, -1},
		{"one point", []float64{1}, []float64{5}, -1},
		{"uneven", []float64{1, 2, 4, 8, 16, 32, 64}, []float64{100, 80, 50, 10, 8, 6, 0}, 3},
	} {
		if got := knee(c.x, c.y); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
