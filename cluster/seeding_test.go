package cluster

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// firstRows is an InitFunc that takes the first k rows.
var firstRows InitFunc = func(_ context.Context, x *tensor.Dense, k int, _ *rand.Rand) (*tensor.Dense, error) {
	return pick(x, upTo(k)...), nil
}

// seedsOf returns the initial centers that km chooses for x.
func seedsOf[T element](t testing.TB, km KMeans, x *tensor.Dense, weights []float64) lloyd.Matrix[T] {
	t.Helper()
	f, err := newFit[T](t.Context(), testCrew(t), km, x, weights)
	if err != nil {
		t.Fatal(err)
	}
	c, err := f.seeds(t.Context(), source(km.Seed, 0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// rowsAmong returns which row of x each center is; it fails when one is none.
func rowsAmong[T element](t testing.TB, c, x lloyd.Matrix[T]) []int {
	t.Helper()
	var at []int
	for k := range c.N {
		i := 0
		for i < x.N && !slices.Equal(x.Row(i), c.Row(k)) {
			i++
		}
		if i == x.N {
			t.Fatalf("center %d, %v, is not a row", k, c.Row(k))
		}
		at = append(at, i)
	}
	return at
}

// TestSeedsAreRows is vector 38 and the second half of 42: the chosen centers
// are rows, all different while the rows are, and never one of weight 0.
func TestSeedsAreRows(t *testing.T) {
	t.Run("float32", seedsAreRows[float32])
	t.Run("float64", seedsAreRows[float64])
}

func seedsAreRows[T element](t *testing.T) {
	for _, n := range []int{1, 2, 7, 260, 700} {
		for _, d := range []int{1, 2, 17} {
			r := random(uint64(n), uint64(d))
			v := make([]T, n*d)
			for i := range v {
				v[i] = T(r.NormFloat64())
			}
			x := matrix(d, v...)
			weights := each(n, func(i int) float64 { return float64(i % 3) })
			weights[0] = 1
			for _, init := range []Init{KMeansPlusPlus{}, KMeansPlusPlus{Candidates: 1}, KMeansPlusPlus{Candidates: 20}, Random{}, KMeansParallel{}, KMeansParallel{Oversampling: 2}, KMeansParallel{Oversampling: .1, Rounds: 1}, AFKMC2{}, AFKMC2{Chain: 1}} {
				for _, w := range [][]float64{nil, weights} {
					positive := n
					if w != nil {
						positive = n - (n-1)/3
					}
					for _, k := range []int{1, (positive + 1) / 2, positive} {
						if k > 100 && (d > 1 || testing.Short()) {
							continue
						}
						at := rowsAmong(t, seedsOf[T](t, KMeans{K: k, Init: init, Seed: uint64(k)}, x, w), viewOf[T](t, x))
						if len(at) != k {
							t.Fatalf("N=%d D=%d K=%d %#v: %d centers", n, d, k, init, len(at))
						}
						slices.Sort(at)
						if len(slices.Compact(slices.Clone(at))) != k {
							t.Fatalf("N=%d D=%d K=%d %#v: a row was chosen twice: %v", n, d, k, init, at)
						}
						for _, i := range at {
							if w != nil && w[i] == 0 {
								t.Fatalf("N=%d D=%d K=%d %#v: row %d of weight 0 was chosen", n, d, k, init, i)
							}
						}
					}
				}
			}
		}
	}
}

// TestSeedingFollowsWeights is vector 42: each row is the first center as often
// as its weight says (all inits choose the first of one center by weight).
func TestSeedingFollowsWeights(t *testing.T) {
	const draws = 4000
	n := 600 // more than two blocks
	x := matrix(1, each(n, func(i int) float64 { return float64(i) })...)
	// Three heavy rows in different blocks, many light ones, a third absent.
	weights := each(n, func(i int) float64 { return float64(i%3) / 400 })
	weights[3], weights[300], weights[599] = 1, 2, 3
	var total float64
	for _, w := range weights {
		total += w
	}
	for _, init := range []Init{KMeansPlusPlus{}, Random{}, KMeansParallel{}, AFKMC2{}} {
		f, err := newFit[float64](t.Context(), testCrew(t), KMeans{K: 1, Init: init}, x, weights)
		if err != nil {
			t.Fatal(err)
		}
		count := make([]int, n)
		for s := range uint64(draws) {
			c, err := f.seeds(t.Context(), source(s, 0))
			if err != nil {
				t.Fatal(err)
			}
			count[int(c.Data[0])]++
		}
		for _, i := range []int{3, 300, 599} {
			p := weights[i] / total
			want, sigma := draws*p, math.Sqrt(draws*p*(1-p))
			if math.Abs(float64(count[i])-want) > 5*sigma {
				t.Errorf("%T: row %d was chosen %d times of %d, expected %.0f ± %.0f", init, i, count[i], draws, want, sigma)
			}
		}
		for i, c := range count {
			if weights[i] == 0 && c > 0 {
				t.Errorf("%T: row %d of weight 0 was chosen", init, i)
			}
		}
	}
}

// TestPlusPlusFollowsDistances: the second center of the plain form is drawn by
// weight × squared distance to the first.
func TestPlusPlusFollowsDistances(t *testing.T) {
	const draws = 4000
	x := matrix(1, 0., 1, 3, 10)
	weights := []float64{1e9, 2, 1, .1} // the first center is row 0
	want := []float64{0, 2, 9, 10}
	f, err := newFit[float64](t.Context(), testCrew(t), KMeans{K: 2, Init: KMeansPlusPlus{Candidates: 1}}, x, weights)
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
			t.Errorf("row %d was chosen %v times of %d, expected %.0f", i, got, draws, draws*p)
		}
	}
}

// TestRandomIsUniform: without weights each row has the same chance.
func TestRandomIsUniform(t *testing.T) {
	const draws, n, k = 3000, 10, 4
	x := matrix(1, each(n, func(i int) float64 { return float64(i) })...)
	f, err := newFit[float64](t.Context(), testCrew(t), KMeans{K: k, Init: Random{}}, x, nil)
	if err != nil {
		t.Fatal(err)
	}
	var first, chosen [n]int
	for s := range uint64(draws) {
		rows := f.sample(source(s, 0))
		first[rows[0]]++
		for _, i := range rows {
			chosen[i]++
		}
	}
	for i := range n {
		for _, c := range []struct {
			what string
			got  int
			p    float64
		}{{"chosen", chosen[i], float64(k) / n}, {"first", first[i], 1. / n}} {
			if math.Abs(float64(c.got)-draws*c.p) > 5*math.Sqrt(draws*c.p*(1-c.p)) {
				t.Errorf("row %d was %s %d times of %d, expected %.0f", i, c.what, c.got, draws, draws*c.p)
			}
		}
	}
}

// TestMoreCandidatesSeedBetter: the greedy form lowers the potential.
func TestMoreCandidatesSeedBetter(t *testing.T) {
	x := matrix(2, blobs(random(4), 600, 2, 12, 8)...)
	mean := func(candidates int) (s float64) {
		for seed := range uint64(30) {
			c := seedsOf[float64](t, KMeans{K: 12, Seed: seed, Init: KMeansPlusPlus{Candidates: candidates}}, x, nil)
			a, err := EStep(t.Context(), x, tensorOf(c), 0)
			if err != nil {
				t.Fatal(err)
			}
			s += a.Inertia / 30
		}
		return s
	}
	plain, greedy, many := mean(1), mean(0), mean(30)
	t.Logf("mean inertia of 30 seedings: 1 candidate %.0f, default %.0f, 30 candidates %.0f", plain, greedy, many)
	if !(greedy < plain*.9) {
		t.Errorf("the default gives %v, one candidate %v", greedy, plain)
	}
	if explicit := mean(2 + int(math.Log(12))); explicit != greedy {
		t.Errorf("0 candidates give %v, 2+⌊ln K⌋ of them %v", greedy, explicit)
	}
}

// TestSeedMatters: one seed gives one result, another seed another seeding.
func TestSeedMatters(t *testing.T) {
	x := matrix(3, noise(random(6), 500, 3)...)
	for _, init := range []Init{KMeansPlusPlus{}, Random{}, KMeansParallel{}, AFKMC2{}} {
		first := seedsOf[float64](t, KMeans{K: 5, Init: init, Seed: 1}, x, nil)
		again := seedsOf[float64](t, KMeans{K: 5, Init: init, Seed: 1}, x, nil)
		other := seedsOf[float64](t, KMeans{K: 5, Init: init, Seed: 2}, x, nil)
		if !slices.Equal(first.Data, again.Data) {
			t.Errorf("%T: one seed, two seedings", init)
		}
		if slices.Equal(first.Data, other.Data) {
			t.Errorf("%T: two seeds, one seeding", init)
		}
		sameModel(t, "one seed", mustFit(t, KMeans{K: 5, Init: init, Seed: 1}, x, nil), mustFit(t, KMeans{K: 5, Init: init, Seed: 1}, x, nil))
	}
}

// TestEveryInitFindsBlobs is vector 7: three blobs in five columns.
func TestEveryInitFindsBlobs(t *testing.T) {
	for _, dt := range dtypes {
		truth := []float64{0, 0, 0, 0, 0, 30, 0, 0, 30, 0, 0, 30, 0, 0, 30}
		r := random(77)
		v := each(100*3*5, func(i int) float64 { return truth[i/5%3*5+i%5] + r.NormFloat64() })
		x := matrixOf(dt, 5, v...)
		for _, init := range inits(x, 3) {
			m := mustFit(t, KMeans{K: 3, Init: init}, x, nil)
			for i, l := range m.Labels {
				if l != m.Labels[i%3] {
					t.Fatalf("%v %#v: row %d has label %d, its blob %d", dt, init, i, l, m.Labels[i%3])
				}
			}
			if m.Distinct != 3 || m.Empty != 0 || !(m.Inertia > 0) || m.Counts[0] != 100 || m.Counts[1] != 100 || m.Counts[2] != 100 {
				t.Errorf("%v %#v: %d distinct, %d empty, inertia %v, counts %v", dt, init, m.Distinct, m.Empty, m.Inertia, m.Counts)
			}
		}
	}
}

// TestInitFuncIsCalledRight: with the rows that came in, K, and a source of its
// own for each run.
func TestInitFuncIsCalledRight(t *testing.T) {
	x := matrix(2, noise(random(9), 50, 2)...)
	type key struct{}
	ctx := context.WithValue(t.Context(), key{}, "mine")
	var draws []uint64
	km := KMeans{K: 3, Seed: 5, Init: InitFunc(func(ctx context.Context, got *tensor.Dense, k int, r *rand.Rand) (*tensor.Dense, error) {
		if got != x || k != 3 || ctx.Value(key{}) != "mine" {
			t.Errorf("called with %p, %d and a context with %v; want %p, 3, mine", got, k, ctx.Value(key{}), x)
		}
		draws = append(draws, r.Uint64())
		return pick(x, 0, 1, 2), nil
	})}
	if _, err := km.Fit(ctx, x); err != nil {
		t.Fatal(err)
	}
	if len(draws) != 10 || len(slices.Compact(slices.Sorted(slices.Values(draws)))) != 10 {
		t.Errorf("%d calls, with first random numbers %v", len(draws), draws)
	}
	if want := source(5, 3).Uint64(); draws[3] != want {
		t.Errorf("run 3 has the random number %d, want %d whatever runs were before", draws[3], want)
	}
}
