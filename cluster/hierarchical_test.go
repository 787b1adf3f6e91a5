package cluster

import (
	"context"
	"math"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

func mustFitLevels(t testing.TB, h Hierarchical, x *tensor.Dense, weights []float64) *Model {
	t.Helper()
	m, err := h.FitWeighted(t.Context(), x, weights)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestHierarchicalIsNearlyFlat: on blobs and on noise, the inertia is not far above that
// of KMeans, and falls with iterations at the end.
func TestHierarchicalIsNearlyFlat(t *testing.T) {
	n := 6000
	if testing.Short() {
		n = 3000
	}
	for _, dt := range dtypes {
		for name, c := range map[string]struct {
			rows []float64
			most float64 // of the inertia of KMeans
		}{
			"blobs": {blobs(random(140), n, 8, 90, 1), 1.05},
			"noise": {noise(random(141), n, 8), 1.04},
		} {
			x := matrixOf(dt, 8, c.rows...)
			flat := mustFit(t, KMeans{K: 256, MaxIter: 25, Seed: 1}, x, nil)
			last := math.Inf(1)
			for _, global := range []int{-1, 1, 0} {
				m := mustFitLevels(t, Hierarchical{K: 256, Global: global, Seed: 1}, x, nil)
				coherent(t, m, x, nil)
				t.Logf("%v %s: Global %d: inertia %.5g, KMeans %.5g: %+.2f %%", dt, name, global, m.Inertia, flat.Inertia, 100*(m.Inertia/flat.Inertia-1))
				if m.K() != 256 || m.Inertia > last {
					t.Errorf("%v %s: %d centers of inertia %v, with fewer iterations %v", dt, name, m.K(), m.Inertia, last)
				}
				last = m.Inertia
			}
			if last > c.most*flat.Inertia {
				t.Errorf("%v %s: inertia %v, KMeans %v", dt, name, last, flat.Inertia)
			}
		}
	}
}

// TestHierarchicalInvariants: rows of every kind, every Init but Given, weights, K from 1
// to the number of rows, and any number of threads.
func TestHierarchicalInvariants(t *testing.T) {
	for _, dt := range dtypes {
		for i, kind := range kinds {
			for j, k := range []int{1, 2, 5, 37, 60} {
				r := random(142, uint64(i), uint64(k))
				n := 60 + 240*(j%2)
				x := matrixOf(dt, 3, kind.fill(r, n, 3)...)
				all := inits(x, k)
				h := Hierarchical{K: k, Init: all[(i+j)%len(all)], Seed: uint64(j), Global: j%3 - 1, Coarse: []int{0, 1, k}[r.IntN(3)]}
				if _, given := h.Init.(Given); given {
					h.Init = nil
				}
				var weights []float64
				if n > 60 && i%2 == 1 {
					weights = each(n, func(i int) float64 { return float64(i%4) / 2 })
				}
				var parts []Part
				h.Observer = func(p Part) { parts = append(parts, p) }
				m := mustFitLevels(t, h, x, weights)
				coherent(t, m, x, weights)
				if m.K() != k {
					t.Fatalf("%s K=%d: %d centers", kind.name, k, m.K())
				}
				seen(t, parts, m, h)
				h.Threads, h.Observer = 3, nil
				sameModel(t, "with other threads", mustFitLevels(t, h, x, weights), m)
			}
		}
	}
}

// seen checks what the observer was told.
func seen(t *testing.T, parts []Part, m *Model, h Hierarchical) {
	t.Helper()
	last := len(parts) - 1
	n, k := 0, 0
	for i, p := range parts {
		if p.Part != i || p.Parts != last-1 || p.Elapsed <= 0 {
			t.Fatalf("note %d of %d: %+v", i, len(parts), p)
		}
		if i > 0 && i < last {
			n, k = n+p.Rows, k+p.K
			if p.K > p.Rows {
				t.Fatalf("%d centers of %d rows", p.K, p.Rows)
			}
		}
	}
	if end := parts[last]; k != h.K || end.K != h.K || n > end.Rows || end.Inertia != m.Inertia || end.Stopped != m.Stopped ||
		end.Iterations+parts[0].Iterations != m.Iterations {
		t.Fatalf("%+v after %d rows and %d centers; the model has inertia %v, %d iterations, %v", end, n, k, m.Inertia, m.Iterations, m.Stopped)
	}
}

// TestShares: in proportion to the rows or weights, one at least, as many as rows at
// most, and K in all.
func TestShares(t *testing.T) {
	for _, c := range []struct {
		k       int
		rows    []int // of each part
		weights []float64
		want    []int
	}{
		{10, []int{10, 30, 60}, nil, []int{1, 3, 6}},
		{3, []int{1, 1, 1000}, nil, []int{1, 1, 1}},
		{6, []int{1, 1, 1000}, nil, []int{1, 1, 4}},
		{9, []int{8, 0, 2}, nil, []int{7, 0, 2}},
		{10, []int{8, 0, 2}, nil, []int{8, 0, 2}},
		{5, []int{4, 4, 4}, nil, []int{2, 2, 1}},
		{6, []int{4, 4}, []float64{1, 1, 1, 1, 5, 5, 5, 5}, []int{2, 4}},
		{7, []int{4, 4}, []float64{1, 1, 1, 1, 5, 5, 5, 5}, []int{3, 4}},
	} {
		l := &levels[float64]{fit: &fit[float64]{k: c.k, weights: c.weights}}
		at := 0
		for _, n := range c.rows {
			rows := make([]int, n)
			for i := range rows {
				rows[i] = at
				at++
			}
			if l.parts = append(l.parts, rows); n > 0 {
				l.note.Parts++
			}
		}
		if got := l.shares(); !slices.Equal(got, c.want) {
			t.Errorf("%d centers for %v rows: %v, want %v", c.k, c.rows, got, c.want)
		}
	}
}

func TestHierarchicalLevels(t *testing.T) {
	x := matrixOf(tensor.Float32, 17, blobs(random(143), 2000, 17, 20, 2)...)
	var want *Model
	forEachLevel(t, func(t *testing.T) {
		m := mustFitLevels(t, Hierarchical{K: 100, Seed: 5}, x, nil)
		if want == nil {
			want = m
		}
		sameModel(t, "on another level", m, want)
	})
}

// TestHierarchicalCanceled: wherever it stops, the model is a coherent one, with as many
// centers as were found.
func TestHierarchicalCanceled(t *testing.T) {
	const k = 30
	x := matrix(3, blobs(random(144), 900, 3, 6, 2)...)
	h := Hierarchical{K: k, Threads: 1, Global: 3, Tol: -1}
	whole := mustFitLevels(t, h, x, nil)
	found := map[int]bool{}
	for left := int64(0); ; left += 1 + left/40 {
		ctx := &countdown{Context: t.Context()}
		ctx.left.Store(left)
		m, err := h.Fit(ctx, x)
		if err == nil {
			sameModel(t, "at last", m, whole)
			break
		}
		canceled(t, "Fit", err)
		if m == nil {
			continue
		}
		coherent(t, m, x, nil)
		if m.Stopped != Canceled || m.K() < 6 || m.K() > k {
			t.Fatalf("%d centers, %v", m.K(), m.Stopped)
		}
		found[m.K()] = true
	}
	if len(found) < 5 || !found[6] || !found[k] {
		t.Errorf("canceled with %v centers", found)
	}
	// After the first level, by the observer: its clusters are whole.
	ctx, cancel := context.WithCancel(t.Context())
	h.Observer = func(Part) { cancel() }
	m, err := h.Fit(ctx, x)
	canceled(t, "Fit", err)
	first := mustFit(t, KMeans{K: 6, Init: KMeansParallel{}, MaxIter: defaultPartMaxIter, Tol: -1}, x, nil)
	sameNumbers(t, "centers", m.Centers, first.Centers)
}

func TestHierarchicalErrors(t *testing.T) {
	x := matrix(2, noise(random(1), 20, 2)...)
	for _, c := range []struct {
		h        Hierarchical
		x        *tensor.Dense
		sentinel error
		part     string
	}{
		{Hierarchical{}, x, ErrParameter, "K is 0"},
		{Hierarchical{K: 21}, x, ErrParameter, "only 20 rows"},
		{Hierarchical{K: 4, Coarse: 5}, x, ErrParameter, "Coarse is 5"},
		{Hierarchical{K: 4, Coarse: -1}, x, ErrParameter, "Coarse is -1"},
		{Hierarchical{K: 2, Init: Given{pick(x, 0, 1)}}, x, ErrParameter, "Given"},
		{Hierarchical{K: 2, MaxIter: -1}, x, ErrParameter, "MaxIter is -1"},
		{Hierarchical{K: 2, Tol: math.NaN()}, x, ErrParameter, "Tol is NaN"},
		{Hierarchical{K: 2, Threads: -1}, x, ErrParameter, "Threads is -1"},
		{Hierarchical{K: 2}, nil, ErrInput, "nil"},
		{Hierarchical{K: 2}, matrix(2, 1, math.Inf(1), 2, 3), ErrInput, "row 0, column 1"},
		{Hierarchical{K: 9, Init: firstOnly}, x, ErrInput, "1×2"},
	} {
		m, err := c.h.Fit(t.Context(), c.x)
		refused(t, "Fit", err, c.sentinel, c.part)
		if m != nil {
			t.Errorf("%+v: a model", c.h)
		}
	}
}

// TestHierarchicalParts: a part is the fit of KMeans to its rows.
func TestHierarchicalParts(t *testing.T) {
	x := matrix(2, blobs(random(145), 400, 2, 5, 20)...)
	var parts []Part
	h := Hierarchical{K: 16, Global: -1, Observer: func(p Part) { parts = append(parts, p) }}
	m := mustFitLevels(t, h, x, nil)
	first := mustFit(t, KMeans{K: 4, Init: KMeansParallel{}, MaxIter: defaultPartMaxIter}, x, nil)
	if parts[0].Inertia != first.Inertia || parts[0].K != 4 {
		t.Errorf("%+v, want inertia %v", parts[0], first.Inertia)
	}
	centers := viewOf[float64](t, m.Centers)
	at := 0
	for c := range 4 {
		var rows []int
		for i, l := range first.Labels {
			if int(l) == c {
				rows = append(rows, i)
			}
		}
		p := parts[1+c]
		seed := seedOfPart(0, c)
		want := mustFit(t, KMeans{K: p.K, Init: KMeansParallel{}, MaxIter: defaultPartMaxIter, Seed: seed}, pick(x, rows...), nil)
		if p.Rows != len(rows) || p.Inertia != want.Inertia {
			t.Errorf("part %d: %+v, want %d rows of inertia %v", c, p, len(rows), want.Inertia)
		}
		got := compact(lloyd.Matrix[float64]{Data: centers.Data[2*at:], N: p.K, D: 2, LD: 2})
		sameNumbers(t, "centers of a part", tensorOf(got), want.Centers)
		at += p.K
	}
}
