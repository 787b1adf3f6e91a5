package cluster

import (
	"bytes"
	"context"
	"math"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// mustFit fits, with weights unless they are nil.
func mustFit(t testing.TB, km KMeans, x *tensor.Dense, weights []float64) *Model {
	t.Helper()
	m, err := km.FitWeighted(t.Context(), x, weights)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func mustPredict(t testing.TB, m *Model, x *tensor.Dense) []int32 {
	t.Helper()
	labels, err := m.Predict(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	return labels
}

// sameModel fails unless the two results agree in every bit (the times apart).
func sameModel(t testing.TB, what string, got, want *Model) {
	t.Helper()
	sameLabels(t, what+": labels", got.Labels, want.Labels)
	sameNumbers(t, what+": centers", got.Centers, want.Centers)
	if math.Float64bits(got.Inertia) != math.Float64bits(want.Inertia) {
		t.Fatalf("%s: inertia %v, want %v", what, got.Inertia, want.Inertia)
	}
	type rest struct {
		iterations, empty, distinct, restart int
		stopped                              StopReason
	}
	g := rest{got.Iterations, got.Empty, got.Distinct, got.Restart, got.Stopped}
	w := rest{want.Iterations, want.Empty, want.Distinct, want.Restart, want.Stopped}
	if g != w {
		t.Fatalf("%s: %+v, want %+v", what, g, w)
	}
	if !slices.Equal(got.Counts, want.Counts) {
		t.Fatalf("%s: counts %v, want %v", what, got.Counts, want.Counts)
	}
}

func sameLabels(t testing.TB, what string, got, want []int32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d of them, want %d", what, len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("%s: row %d has %d, want %d", what, i, got[i], want[i])
		}
	}
}

// coherent checks what holds after every fit, however it ended: the labels, the
// counts, the inertia and the numbers of empty and distinct clusters are those
// of the centers and the rows.
func coherent(t testing.TB, m *Model, x *tensor.Dense, weights []float64) {
	t.Helper()
	k, d := m.K(), m.D()
	if m.Centers.Dtype() != x.Dtype() {
		t.Fatalf("the centers are %v, the rows %v", m.Centers.Dtype(), x.Dtype())
	}
	sameLabels(t, "Labels against Predict(train)", m.Labels, mustPredict(t, m, x))
	if weights == nil {
		score, err := m.Score(context.Background(), x)
		if err != nil {
			t.Fatal(err)
		}
		if m.Inertia != -score {
			t.Fatalf("Inertia %v, −Score(train) %v", m.Inertia, -score)
		}
	}

	rows, centers := numbers(t, x), numbers(t, m.Centers)
	var inertia float64
	counts := make([]int64, k)
	for i, l := range m.Labels {
		counts[l]++
		var s float64
		for j := range d {
			diff := rows[i*d+j] - centers[int(l)*d+j]
			s += diff * diff
		}
		if weights != nil {
			s *= weights[i]
		}
		inertia += s
	}
	tolerance := 1e-12
	if x.Dtype() == tensor.Float32 {
		tolerance = 1e-5
	}
	if !(math.Abs(m.Inertia-inertia) <= tolerance*inertia) {
		t.Fatalf("Inertia %v, from labels and centers %v", m.Inertia, inertia)
	}
	if !slices.Equal(m.Counts, counts) {
		t.Fatalf("Counts %v, from the labels %v", m.Counts, counts)
	}
	empty := 0
	for _, n := range counts {
		if n == 0 {
			empty++
		}
	}
	if m.Empty != empty {
		t.Fatalf("Empty %d, from the labels %d", m.Empty, empty)
	}
	different := map[string]bool{}
	for c := range k {
		var b bytes.Buffer
		for _, v := range centers[c*d : (c+1)*d] {
			b.WriteString(floatKey(v))
		}
		different[b.String()] = true
	}
	if m.Distinct != len(different) {
		t.Fatalf("Distinct %d, but %d centers differ", m.Distinct, len(different))
	}
	if m.Distinct == k {
		for i, l := range mustPredict(t, m, m.Centers) {
			if int(l) != i {
				t.Fatalf("Predict(centers): %d for center %d", l, i)
			}
		}
	}
	if m.Converged() != (m.Stopped == Converged || m.Stopped == WithinTol || m.Stopped == NoImprovement) {
		t.Fatalf("Converged() is %v for %q", m.Converged(), m.Stopped)
	}
}

// floatKey is one string for one number; both zeros are one number.
func floatKey(v float64) string {
	b := math.Float64bits(v + 0)
	return string([]byte{byte(b), byte(b >> 8), byte(b >> 16), byte(b >> 24), byte(b >> 32), byte(b >> 40), byte(b >> 48), byte(b >> 56)})
}

// forEachLevel runs f once under every kernel level of this architecture; one
// that the CPU lacks is skipped, and the log says so.
func forEachLevel(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	supported := kernel.Supported()
	for _, l := range kernel.All() {
		t.Run(l.String(), func(t *testing.T) {
			if !slices.Contains(supported, l) {
				t.Skipf("this CPU has no %s", l)
			}
			useLevel(t, l)
			f(t)
		})
	}
}

// useLevel makes l the level for the rest of the test. Tests that call it must
// not run in parallel with others.
func useLevel(t testing.TB, l kernel.Level) {
	t.Helper()
	previous, err := kernel.Use(l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kernel.Use(previous) })
}

// samePartition reports whether two labellings are the same up to the names of
// the clusters.
func samePartition(a, b []int32, k int) bool {
	names := make([]int32, k)
	for i := range names {
		names[i] = -1
	}
	used := make([]bool, k)
	for i, l := range a {
		switch name := names[l]; {
		case name == -1:
			if used[b[i]] {
				return false
			}
			names[l], used[b[i]] = b[i], true
		case name != b[i]:
			return false
		}
	}
	return true
}
