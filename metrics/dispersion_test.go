package metrics

import (
	"context"
	"math"
	"testing"

	"github.com/seed-fbf9ce71/lloyd"
)

// Rows may be moved and scaled, and be far from the origin.
func TestScoresOfMovedAndScaledRows(t *testing.T) {
	ctx := context.Background()
	x, labels := gauss[float64](8, 300, 4, 4, 5)
	for i := range x.Data { // coordinates that can be moved and scaled without rounding
		x.Data[i] = math.Round(x.Data[i]*1024) / 1024
	}
	scores := func(x lloyd.Matrix[float64]) [3]float64 {
		t.Helper()
		s, err := Silhouette(ctx, x, labels, SilhouetteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		ch, err := CalinskiHarabasz(ctx, x, labels)
		if err != nil {
			t.Fatal(err)
		}
		db, err := DaviesBouldin(ctx, x, labels)
		if err != nil {
			t.Fatal(err)
		}
		return [3]float64{s.Mean, ch, db}
	}
	want := scores(x)
	for name, f := range map[string]func(float64) float64{
		"far":   func(v float64) float64 { return v + 1e10 },
		"large": func(v float64) float64 { return v * 0x1p400 },
		"tiny":  func(v float64) float64 { return v * 0x1p-400 },
	} {
		moved := lloyd.Dense(make([]float64, len(x.Data)), x.N, x.D)
		for i, v := range x.Data {
			moved.Data[i] = f(v)
		}
		if got := scores(moved); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

// Rows at the means of their clusters up to rounding are at them: means of 0.1
// and the like are not exact.
func TestScoresOfRowsAtTheirMeans(t *testing.T) {
	ctx := context.Background()
	var data []float64
	var labels []int32
	for k := range 5 {
		for range 3 + 2*k {
			data = append(data, 0.1+float64(k*k)/3, -0.7*float64(k))
			labels = append(labels, int32(k))
		}
	}
	x := lloyd.Dense(data, len(labels), 2)
	if v, err := CalinskiHarabasz(ctx, x, labels); err != nil || v != 1 {
		t.Errorf("Calinski-Harabasz: %v, %v; want 1", v, err)
	}
	if v, err := DaviesBouldin(ctx, x, labels); err != nil || v > 1e-12 {
		t.Errorf("Davies-Bouldin: %v, %v; want 0", v, err)
	}
	s, err := Silhouette(ctx, x, labels, SilhouetteOptions{})
	if err != nil || s.Mean != 1 {
		t.Errorf("silhouette: %v, %v; want 1", s, err)
	}
	// No columns: all rows are the same.
	none := lloyd.Matrix[float64]{N: len(labels)}
	if v, err := CalinskiHarabasz(ctx, none, labels); err != nil || v != 1 {
		t.Errorf("no columns: %v, %v", v, err)
	}
	if v, err := DaviesBouldin(ctx, none, labels); err != nil || v != 0 {
		t.Errorf("no columns: %v, %v", v, err)
	}
	if s, err := Silhouette(ctx, none, labels, SilhouetteOptions{}); err != nil || s.Mean != 0 {
		t.Errorf("no columns: %v, %v", s, err)
	}
}
