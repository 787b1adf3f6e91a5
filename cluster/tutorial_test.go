package cluster_test

import (
	"context"
	"math"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
	"github.com/seed-fbf9ce71/lloyd/metrics"
)

// TestDigits is the tutorial's main result: the digits in ten clusters, without
// labels. scikit-learn's best of ten runs is 1 165 148 to 1 165 750 for eight
// seeds.
func TestDigits(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		digits, err := dataset.Digits(dt)
		if err != nil {
			t.Fatal(err)
		}
		best := math.Inf(1)
		for seed := range uint64(8) {
			m, err := cluster.KMeans{K: 10, Seed: seed, Restarts: 10}.Fit(context.Background(), digits.X)
			if err != nil {
				t.Fatal(err)
			}
			accuracy, err := metrics.MajorityAccuracy(digits.Labels, m.Labels, 10)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%v seed %d: inertia %.1f, %d iterations, %v, accuracy %.4f", dt, seed, m.Inertia, m.Iterations, m.Stopped, accuracy)
			if m.Inertia > 1165800 {
				t.Errorf("%v, seed %d: inertia %.1f, expected at most 1165800", dt, seed, m.Inertia)
			}
			if accuracy < 0.785 || accuracy > 0.80 {
				t.Errorf("%v, seed %d: majority accuracy %.4f, expected 0.785 to 0.80", dt, seed, accuracy)
			}
			best = min(best, m.Inertia)
		}
		if best > 1165200 {
			t.Errorf("%v: best inertia %.1f, expected one of at most 1165200", dt, best)
		}
	}
}

// TestBlobs is the tutorial's first figure.
func TestBlobs(t *testing.T) {
	blobs, err := dataset.Blobs(dataset.BlobsConfig{N: 300, Centers: 4, Std: 0.60})
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range map[int]float64{1: 2812.1375953, 4: 212.0059962} {
		m, err := cluster.KMeans{K: k}.Fit(context.Background(), blobs.X)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(m.Inertia/want-1) > 1e-9 {
			t.Errorf("K=%d: inertia %.7f, want %.7f", k, m.Inertia, want)
		}
		if k == 4 {
			if a, err := metrics.MajorityAccuracy(blobs.Labels, m.Labels, 4); err != nil || a != 1 {
				t.Errorf("accuracy %v, %v; want all 300 points in the right group", a, err)
			}
		}
	}
}
