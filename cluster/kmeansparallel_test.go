package cluster

import (
	"math"
	"slices"
	"testing"

	"gorgonia.org/tensor"
)

// gaussMixture are the rows that Bahmani et al. measure k-means|| on: k centers of 15
// normal columns of variance r, and rows of variance 1 around them.
func gaussMixture(dt tensor.Dtype, n, k int, r float64) *tensor.Dense {
	const d = 15
	source := random(130, uint64(r))
	centers := each(k*d, func(int) float64 { return math.Sqrt(r) * source.NormFloat64() })
	return matrixOf(dt, d, each(n*d, func(i int) float64 { return centers[i/d%k*d+i%d] + source.NormFloat64() })...)
}

// TestLargeSeedings: on well separated clusters, both seedings for large K are far better
// than random rows, and k-means|| is as good as greedy k-means++.
func TestLargeSeedings(t *testing.T) {
	seeds := uint64(5)
	if testing.Short() {
		seeds = 2
	}
	x := gaussMixture(tensor.Float32, 3000, 50, 100)
	mean := func(init Init) (inertia float64) {
		for seed := range seeds {
			c := seedsOf[float32](t, KMeans{K: 50, Seed: seed, Init: init}, x, nil)
			a, err := EStep(t.Context(), x, tensorOf(c), 0)
			if err != nil {
				t.Fatal(err)
			}
			inertia += a.Inertia / float64(seeds)
		}
		return inertia
	}
	random, plain, greedy := mean(Random{}), mean(KMeansPlusPlus{Candidates: 1}), mean(KMeansPlusPlus{})
	parallel, many, chains := mean(KMeansParallel{}), mean(KMeansParallel{Oversampling: 2}), mean(AFKMC2{})
	t.Logf("inertia of the initial centers: random %.3g, ++ %.3g, greedy ++ %.3g, || %.3g, || with more candidates %.3g, AFK-MC² %.3g", random, plain, greedy, parallel, many, chains)
	for _, c := range []struct {
		name string
		got  float64
		most float64
	}{
		{"k-means||, random", parallel, random / 8},
		{"k-means||, k-means++", parallel, plain * .8},
		{"k-means||, greedy k-means++", parallel, greedy * 1.1},
		{"k-means|| with more candidates, greedy k-means++", many, greedy * 1.05},
		{"AFK-MC², random", chains, random / 4},
		{"AFK-MC², k-means++", chains, plain * 1.8},
	} {
		if c.got > c.most {
			t.Errorf("%s: %v, want at most %v", c.name, c.got, c.most)
		}
	}
}

// TestRoundFollowsDistances: a round takes each row with the probability scale × weight ×
// distance, or always if that is above 1, in all blocks.
func TestRoundFollowsDistances(t *testing.T) {
	const draws, n = 2000, 600
	x := matrix(1, each(n, func(i int) float64 { return float64(i) })...)
	weights := each(n, func(i int) float64 { return float64(i % 4) })
	for _, w := range [][]float64{nil, weights} {
		f, err := newFit[float64](t.Context(), testCrew(t), KMeans{K: 1}, x, w)
		if err != nil {
			t.Fatal(err)
		}
		least := each(n, func(i int) float64 { return float64(i%7) / 7 })
		count := make([]int, n)
		for s := range uint64(draws) {
			o := &oversampling[float64]{fit: f, least: least, chosen: make([]uint64, markWords*blocks(n))}
			if err := o.round(t.Context(), .7, s); err != nil {
				t.Fatal(err)
			}
			if !slices.IsSorted(o.rows) {
				t.Fatalf("rows %v", o.rows)
			}
			for _, i := range o.rows {
				count[i]++
			}
		}
		for i, got := range count {
			p := .7 * least[i]
			if w != nil {
				p = min(1, p*w[i])
			}
			if math.Abs(float64(got)-draws*p) > 5*math.Sqrt(draws*p*(1-p)) {
				t.Errorf("row %d was taken %d times of %d, expected %.0f", i, got, draws, draws*p)
			}
		}
	}
}

// TestCandidates: they are different rows, with the weight of the rows that are nearest
// to them.
func TestCandidates(t *testing.T) {
	x := matrix(1, 0., 1, 10, 10, 11, 50, 50, 0)
	f, err := newFit[float64](t.Context(), testCrew(t), KMeans{K: 2}, x, []float64{1, 2, 4, 0, 8, .5, .25, 3})
	if err != nil {
		t.Fatal(err)
	}
	o := &oversampling[float64]{
		fit: f, least: each(8, func(int) float64 { return math.Inf(1) }), nearest: make([]int32, 8),
		potential: make([]float64, 1), workers: make([]scratch[float64], 1), rows: []int{2},
	}
	for _, more := range [][]int{nil, {5, 6}, {0, 7, 4}} {
		first := len(o.rows)
		if more == nil {
			first = 0
		}
		o.rows = append(o.rows, more...)
		if err := o.approach(t.Context(), first); err != nil {
			t.Fatal(err)
		}
	}
	c := o.candidates()
	nearNumbers(t, "candidates", c.x.Data, []float64{10, 50, 0, 11}, 0)
	nearNumbers(t, "weights", c.weights, []float64{4, .75, 6, 8}, 0)
	if o.different() != 4 || o.potential[0] != 2 {
		t.Errorf("%d different candidates, potential %v", o.different(), o.potential[0])
	}
}

// TestChainFollowsDistances: from a long chain, the second center is drawn by weight ×
// squared distance to the first, as by k-means++; from a chain of one, by the proposal.
func TestChainFollowsDistances(t *testing.T) {
	const draws = 4000
	x := matrix(1, 0., 1, 3, 10)
	weights := []float64{1e9, 2, 1, .1} // the first center is row 0
	total := 21 / (1e9 + 3.1)
	for chain, want := range map[int][]float64{
		60: {0, 2, 9, 10},
		1:  {0, 2 + 2*total, 9 + total, 10 + .1*total}, // row 0, which is a center, is redrawn
	} {
		f, err := newFit[float64](t.Context(), testCrew(t), KMeans{K: 2, Init: AFKMC2{Chain: chain}}, x, weights)
		if err != nil {
			t.Fatal(err)
		}
		count := map[float64]int{}
		for s := range uint64(draws) {
			c, err := f.seeds(t.Context(), source(s, 0))
			if err != nil {
				t.Fatal(err)
			}
			if c.Data[0] != 0 {
				t.Fatalf("seed %d: the first center is %v", s, c.Data[0])
			}
			count[c.Data[1]]++
		}
		for i, w := range want {
			p := w / 21
			if got := float64(count[numbers(t, x)[i]]); math.Abs(got-draws*p) > 5*math.Sqrt(draws*p*(1-p)) {
				t.Errorf("chain of %d: row %d was chosen %v times of %d, expected %.0f", chain, i, got, draws, draws*p)
			}
		}
	}
	// The proposal: without weights, half by distance and half uniform.
	f, err := newFit[float64](t.Context(), testCrew(t), KMeans{K: 2}, x, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &chains[float64]{fit: f, least: []float64{0, 1, 9, 90}}
	c.propose(100, 4)
	nearNumbers(t, "proposal", c.proposal.weights, []float64{.25, .26, .34, 1.15}, 1e-15)
}

// TestLargeSeedingsOnThreadsAndLevels: their centers have the same bits for every number of
// threads and on every level.
func TestLargeSeedingsOnThreadsAndLevels(t *testing.T) {
	const n, d, k = 2000, 19, 30
	counts := []int{1, 3, 16}
	if testing.Short() {
		counts = []int{1, 3}
	}
	r := random(131)
	rows := blobs(r, n, d, 30, 2)
	weights := each(n, func(i int) float64 { return float64(i%5) * r.ExpFloat64() })
	for _, dt := range dtypes {
		x := matrixOf(dt, d, rows...)
		for _, init := range []Init{KMeansParallel{}, AFKMC2{Chain: 70}} {
			for _, w := range [][]float64{nil, weights} {
				var want *Model
				forEachLevel(t, func(t *testing.T) {
					for _, threads := range counts {
						m := mustFit(t, KMeans{K: k, Init: init, Threads: threads, MaxIter: 1, Seed: 4}, x, w)
						if want == nil {
							want = m
						}
						sameModel(t, "with other threads or another level", m, want)
					}
				})
			}
		}
	}
}

// TestLargeSeedingsCanceled: a seeding that is cut off leaves nothing, wherever that is.
func TestLargeSeedingsCanceled(t *testing.T) {
	x := matrix(2, noise(random(132), 600, 2)...)
	for _, init := range []Init{KMeansParallel{}, AFKMC2{Chain: 10}, AFKMC2{Chain: 1}} {
		km := KMeans{K: 300, Init: init, Threads: 1}
		f, err := newFit[float64](t.Context(), testCrew(t), km, x, nil)
		if err != nil {
			t.Fatal(err)
		}
		stops := 0
		for left := int64(0); ; left += 1 + left/8 {
			ctx := &countdown{Context: t.Context()}
			ctx.left.Store(left)
			if _, err := f.seeds(ctx, source(1, 0)); err == nil {
				break
			} else {
				canceled(t, "seeds", err)
			}
			stops++
		}
		if stops < 10 {
			t.Errorf("%T was canceled %d times", init, stops)
		}
	}
}

func TestLargeSeedingsErrors(t *testing.T) {
	x := matrix(2, noise(random(1), 20, 2)...)
	for _, c := range []struct {
		init Init
		part string
	}{
		{KMeansParallel{Rounds: -1}, "Rounds is -1"},
		{KMeansParallel{Oversampling: -.5}, "Oversampling is -0.5"},
		{KMeansParallel{Oversampling: math.NaN()}, "Oversampling is NaN"},
		{KMeansParallel{Oversampling: math.Inf(1)}, "Oversampling is +Inf"},
		{AFKMC2{Chain: -1}, "Chain is -1"},
		{&AFKMC2{}, "*cluster.AFKMC2"},
	} {
		_, err := KMeans{K: 2, Init: c.init}.Fit(t.Context(), x)
		refused(t, "Fit", err, ErrParameter, c.part)
	}
	for _, init := range []Init{KMeansParallel{}, AFKMC2{}} {
		_, err := KMeans{K: 2, Init: init, Frozen: []int{0}}.Fit(t.Context(), x)
		refused(t, "Fit", err, ErrParameter, "Frozen")
	}
}
