package cluster

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"time"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/metrics"
)

// KScanResult is what KScan says about its Ks. As JSON it is an object with the keys
// that its fields name.
type KScanResult struct {
	// Scores are those of each K, in the order of KScan.Ks.
	Scores []KScore `json:"scores"`
	// Measured is the number of rows that the silhouettes are the mean of.
	Measured int `json:"measured"`
	// Elbow is the K from which on the inertia falls much more slowly, by the rule of
	// Kneedle (Satopää, Albrecht, Irwin and Raghavan, "Finding a 'Kneedle' in a
	// Haystack", ICDCS workshops 2011) with sensitivity 1, without smoothing; 0 if there
	// is none. It depends on the range of the Ks: give one that goes well beyond the K
	// that is looked for.
	Elbow int `json:"elbow"`
	// The K with the best of each score: the largest, but the least of Davies and
	// Bouldin; the least K on ties, 0 if there is no score.
	BestSilhouette           int `json:"best_silhouette"`
	BestSimplifiedSilhouette int `json:"best_simplified_silhouette"`
	BestCalinskiHarabasz     int `json:"best_calinski_harabasz"`
	BestDaviesBouldin        int `json:"best_davies_bouldin"`
}

// KScore is what KScan says about one K. A score is NaN, and null as JSON, if it is not
// defined (fewer than 2 clusters with rows, or one for each row) or was left out.
type KScore struct {
	K int
	// Inertia is Σ‖x−c‖², Iterations, Stopped and Empty are those of the Model.
	Inertia    float64
	Iterations int
	Stopped    StopReason
	Empty      int
	// Silhouette is the mean of metrics.Silhouette, of all rows or a sample of which
	// StandardError is the error. As all Ks have the same sample, the difference of two
	// Ks is more certain than that.
	Silhouette, StandardError float64
	// SimplifiedSilhouette is the mean of metrics.SimplifiedSilhouette, of all rows.
	SimplifiedSilhouette float64
	// CalinskiHarabasz and DaviesBouldin are those of package metrics.
	CalinskiHarabasz, DaviesBouldin float64
	// FitTime and ScoreTime are the time that the fit and its scores took.
	FitTime, ScoreTime time.Duration
	// Model is the result of the fit; nil unless KScan.Models is set, or for an observer.
	Model *Model
}

// MarshalJSON returns an object with the keys k, inertia, iterations, stopped, empty,
// silhouette, standard_error, simplified_silhouette, calinski_harabasz, davies_bouldin,
// fit_seconds and score_seconds.
func (s KScore) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		K                    int      `json:"k"`
		Inertia              float64  `json:"inertia"`
		Iterations           int      `json:"iterations"`
		Stopped              string   `json:"stopped"`
		Empty                int      `json:"empty"`
		Silhouette           *float64 `json:"silhouette"`
		StandardError        *float64 `json:"standard_error"`
		SimplifiedSilhouette *float64 `json:"simplified_silhouette"`
		CalinskiHarabasz     *float64 `json:"calinski_harabasz"`
		DaviesBouldin        *float64 `json:"davies_bouldin"`
		FitSeconds           float64  `json:"fit_seconds"`
		ScoreSeconds         float64  `json:"score_seconds"`
	}{
		s.K, s.Inertia, s.Iterations, s.Stopped.String(), s.Empty, finite(s.Silhouette), finite(s.StandardError),
		finite(s.SimplifiedSilhouette), finite(s.CalinskiHarabasz), finite(s.DaviesBouldin), s.FitTime.Seconds(), s.ScoreTime.Seconds(),
	})
}

// finite returns v, or nil if JSON has no number for it.
func finite(v float64) *float64 {
	if v-v != 0 {
		return nil
	}
	return &v
}

// judge sets the scores of m, a model of the rows x, of sample of which it measures the
// silhouette.
func judge[T element](ctx context.Context, s *KScore, m *Model, x lloyd.Matrix[T], sample, threads int, seed uint64) (err error) {
	none := math.NaN()
	s.Silhouette, s.StandardError, s.SimplifiedSilhouette, s.CalinskiHarabasz, s.DaviesBouldin = none, none, none, none, none
	if full := m.K() - m.Empty; full < 2 || full == x.N {
		return nil
	}
	centers, err := rowsOf[T]("the matrix of the model's centers", m.Centers)
	must(err)
	simplified, err := metrics.SimplifiedSilhouette(ctx, x, m.Labels, centers, threads)
	if err != nil {
		return err
	}
	s.SimplifiedSilhouette = simplified.Mean
	if sample > 0 {
		whole, err := metrics.Silhouette(ctx, x, m.Labels, metrics.SilhouetteOptions{Threads: threads, Limit: sample, Sample: sample, Seed: seed})
		if err != nil {
			return err
		}
		s.Silhouette, s.StandardError = whole.Mean, whole.StandardError
	}
	if s.CalinskiHarabasz, err = metrics.CalinskiHarabasz(ctx, x, m.Labels); err != nil {
		return err
	}
	s.DaviesBouldin, err = metrics.DaviesBouldin(ctx, x, m.Labels)
	return err
}

// choose sets the Ks that are suggested.
func (r *KScanResult) choose() {
	best := func(of func(s KScore) float64) (k int) {
		most := math.Inf(-1)
		for _, s := range r.Scores {
			if v := of(s); v > most {
				k, most = s.K, v
			}
		}
		return k
	}
	r.BestSilhouette = best(func(s KScore) float64 { return s.Silhouette })
	r.BestSimplifiedSilhouette = best(func(s KScore) float64 { return s.SimplifiedSilhouette })
	r.BestCalinskiHarabasz = best(func(s KScore) float64 { return s.CalinskiHarabasz })
	r.BestDaviesBouldin = best(func(s KScore) float64 { return -s.DaviesBouldin })
	ks, inertia := make([]float64, len(r.Scores)), make([]float64, len(r.Scores))
	for i, s := range r.Scores {
		ks[i], inertia[i] = float64(s.K), s.Inertia
	}
	if i := knee(ks, inertia); i >= 0 {
		r.Elbow = r.Scores[i].K
	}
}

// knee returns the index of the knee of a convex curve that falls, −1 if there is none:
// the first one that Kneedle finds (see KScanResult.Elbow). Both axes are brought to
// 0…1. The knee is where the curve is farthest below the line from (0, 1) to (1, 0), if
// it comes nearer to it again by more than the mean step of x before it goes away from
// it once more.
func knee(x, y []float64) int {
	last := len(x) - 1
	most, least := slices.Max(y), slices.Min(y)
	if last < 2 || !(most > least) {
		return -1
	}
	below := make([]float64, len(x))
	for i := range x {
		below[i] = (most-y[i])/(most-least) - (x[i]-x[0])/(x[last]-x[0])
	}
	found, threshold := -1, 0.
	for i := 1; i <= last; i++ {
		switch {
		case found >= 0 && below[i] < threshold:
			return found
		case i == last:
		case below[i] > below[i-1] && below[i] >= below[i+1]:
			found, threshold = i, below[i]-1/float64(last)
		case below[i] < below[i-1] && below[i] <= below[i+1]:
			threshold = 0
		}
	}
	return -1
}
