package cluster

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gorgonia.org/tensor"
)

func mustBisect(t testing.TB, b Bisecting, x *tensor.Dense, weights []float64) *Tree {
	t.Helper()
	tree, err := b.FitWeighted(t.Context(), x, weights)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func mustDescend(t testing.TB, tree *Tree, x *tensor.Dense) []int32 {
	t.Helper()
	labels, err := tree.Predict(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	return labels
}

// sameTree fails unless the two agree in every bit.
func sameTree(t testing.TB, what string, got, want *Tree) {
	t.Helper()
	sameLabels(t, what+": labels", got.Labels, want.Labels)
	sameNumbers(t, what+": centers", got.Centers, want.Centers)
	sameNumbers(t, what+": centers of nodes", got.NodeCenters, want.NodeCenters)
	if got.Inertia != want.Inertia || !slices.Equal(got.Counts, want.Counts) || !slices.Equal(got.Nodes, want.Nodes) {
		t.Fatalf("%s: inertia %v, counts %v, nodes %v; want %v, %v, %v", what, got.Inertia, got.Counts, got.Nodes, want.Inertia, want.Counts, want.Nodes)
	}
}

// coherentTree checks what holds after every fit.
func coherentTree(t testing.TB, tree *Tree, x *tensor.Dense, weights []float64) {
	t.Helper()
	k := tree.K()
	if tree.Centers.Dtype() != x.Dtype() || len(tree.Nodes) != 2*k-1 || tree.NodeCenters.Shape()[0] != 2*k-1 {
		t.Fatalf("%v centers of %v rows, %d nodes for %d leaves", tree.Centers.Dtype(), x.Dtype(), len(tree.Nodes), k)
	}
	sameLabels(t, "Labels against Predict(train)", tree.Labels, mustDescend(t, tree, x))
	if weights == nil {
		score, err := tree.Score(t.Context(), x)
		if err != nil {
			t.Fatal(err)
		}
		if tree.Inertia != -score {
			t.Fatalf("Inertia %v, −Score(train) %v", tree.Inertia, -score)
		}
	}
	counts := make([]int64, k)
	for _, l := range tree.Labels {
		counts[l]++
	}
	if !slices.Equal(counts, tree.Counts) {
		t.Fatalf("Counts %v, from the labels %v", tree.Counts, counts)
	}
	var inertia float64
	seen := 0
	for i, n := range tree.Nodes {
		if !n.Leaf() {
			if sum := tree.Nodes[n.Left].Rows + tree.Nodes[n.Right].Rows; sum != n.Rows {
				t.Fatalf("node %d of %d rows has parts with %d", i, n.Rows, sum)
			}
			continue
		}
		seen++
		inertia += n.Inertia
		if int64(n.Rows) != counts[n.Label] {
			t.Fatalf("leaf %d has %d rows, label %d has %d", i, n.Rows, n.Label, counts[n.Label])
		}
		sameNumbers(t, "center of a leaf", pick(tree.NodeCenters, i), pick(tree.Centers, int(n.Label)))
	}
	if seen != k || math.Abs(inertia-tree.Inertia) > 1e-9*tree.Inertia {
		t.Fatalf("%d leaves of inertia %v, want %d of %v", seen, inertia, k, tree.Inertia)
	}
}

// TestScikitLearnBisecting: from the first and the last row of each cluster, scikit-learn
// makes the same splits.
func TestScikitLearnBisecting(t *testing.T) {
	for _, c := range []struct {
		name     string
		strategy Strategy
	}{{"biggest inertia", BiggestInertia}, {"biggest inertia weighted", BiggestInertia}, {"largest cluster", LargestCluster}} {
		want, x, weights := familyOf(t, c.name)
		if c.name != "biggest inertia weighted" {
			weights = nil
		}
		tree := mustBisect(t, Bisecting{K: want.K, Strategy: c.strategy, Init: ends, Restarts: 1, Tol: -1}, x, weights)
		sameLabels(t, c.name, tree.Labels, want.Labels)
		nearNumbers(t, c.name, numbers(t, tree.Centers), want.Centers, 1e-12)
		if math.Abs(tree.Inertia/want.Inertia-1) > 1e-12 {
			t.Errorf("%s: inertia %v, scikit-learn has %v", c.name, tree.Inertia, want.Inertia)
		}
		coherentTree(t, tree, x, weights)
	}
}

// ends starts from the first and the last row.
var ends = InitFunc(func(_ context.Context, x *tensor.Dense, _ int, _ *rand.Rand) (*tensor.Dense, error) {
	return pick(x, 0, x.Shape()[0]-1), nil
})

// ninePoints are three groups of three.
var ninePoints = []float64{1, 1, 10, 1, 3, 1, 10, 0, 2, 1, 10, 2, 10, 8, 10, 9, 10, 10}

// TestBisectingThreeGroups is vector 1 of part 2.2.
func TestBisectingThreeGroups(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 2, ninePoints...)
		for _, strategy := range []Strategy{BiggestInertia, LargestCluster} {
			for _, init := range []Init{nil, KMeansPlusPlus{Candidates: 1}, Random{}} {
				for seed := range uint64(5) {
					tree := mustBisect(t, Bisecting{K: 3, Strategy: strategy, Init: init, Seed: seed}, x, nil)
					if !samePartition(tree.Labels, []int32{0, 1, 0, 1, 0, 1, 2, 2, 2}, 3) || tree.Inertia != 6 {
						t.Errorf("%v %v %T: labels %v, inertia %v", dt, strategy, init, tree.Labels, tree.Inertia)
					}
					for _, want := range [][]float64{{2, 1}, {10, 1}, {10, 9}} {
						c, found := numbers(t, tree.Centers), false
						for k := range 3 {
							found = found || slices.Equal(c[2*k:2*k+2], want)
						}
						if !found {
							t.Errorf("%v %v %T: no center at %v: %v", dt, strategy, init, want, c)
						}
					}
					coherentTree(t, tree, x, nil)
				}
			}
		}
	}
}

// TestStrategies: which cluster is split, on rows made for it: six that are close, two
// far apart, by their inertia, their number and their weight.
func TestStrategies(t *testing.T) {
	x := matrix(1, 0., 1, 2, 3, 4, 5, 100, 120)
	for _, c := range []struct {
		b       Bisecting
		weights []float64
		want    []int32
		split   int // rows of the second cluster that is split
	}{
		{Bisecting{}, nil, []int32{0, 0, 0, 0, 0, 0, 1, 2}, 2},
		{Bisecting{Strategy: LargestCluster}, nil, []int32{0, 0, 0, 1, 1, 1, 2, 2}, 6},
		{Bisecting{Strategy: LargestCluster}, []float64{1, 1, 1, 1, 1, 1, 4, 4}, []int32{0, 0, 0, 0, 0, 0, 1, 2}, 2},
		{Bisecting{}, []float64{40, 40, 40, 40, 40, 40, 1, 1}, []int32{0, 0, 0, 1, 1, 1, 2, 2}, 6},
	} {
		c.b.K, c.b.Init, c.b.Restarts = 3, ends, 1
		var seen []Split
		c.b.Observer = func(s Split) { s.Elapsed = 0; seen = append(seen, s) }
		tree := mustBisect(t, c.b, x, c.weights)
		sameLabels(t, c.b.Strategy.String(), tree.Labels, c.want)
		coherentTree(t, tree, x, c.weights)
		if len(seen) != 2 || seen[0].Rows != 8 || seen[1].Rows != c.split ||
			seen[0].Split != 1 || seen[1].Split != 2 || seen[0].Node != 0 || math.Abs(seen[1].Inertia-tree.Inertia) > 1e-12 || seen[0].Inertia <= tree.Inertia || seen[0].Iterations < 1 {
			t.Errorf("observed %+v", seen)
		}
	}
}

// TestTreeIsWalked: a row may belong to a leaf that is not the nearest one.
func TestTreeIsWalked(t *testing.T) {
	x := matrix(1, 0., 0, 0, 0, 8, 8, 12, 13, 13, 13)
	tree := mustBisect(t, Bisecting{K: 3, Init: ends, Restarts: 1}, x, nil)
	coherentTree(t, tree, x, nil)
	// The root's parts have their centers at 0 and 11.2; the right one's leaves at 8
	// and 12.75.
	y := matrix(1, 5.)
	walked, nearest := mustDescend(t, tree, y), mustPredict(t, fromCentersOf(t, tree.Centers), y)
	if walked[0] != 0 || nearest[0] != 1 {
		t.Errorf("label %d, of the nearest leaf %d; want 0 and 1", walked[0], nearest[0])
	}
}

// TestBisectingInvariants fits rows of every kind.
func TestBisectingInvariants(t *testing.T) {
	seeds := uint64(4)
	if testing.Short() {
		seeds = 1
	}
	for _, dt := range dtypes {
		for _, kind := range kinds {
			for seed := range seeds {
				r := random(98, seed)
				n, d := 200+r.IntN(500), []int{1, 2, 3, 17}[r.IntN(4)]
				k := 1 + r.IntN(20)
				x := matrixOf(dt, d, kind.fill(r, n, d)...)
				var weights []float64
				if seed%2 == 1 {
					weights = each(n, func(i int) float64 { return float64(i%3) / 2 })
				}
				b := Bisecting{K: k, Strategy: Strategy(seed / 2 % 2), Init: []Init{nil, Random{}}[seed%2], Seed: seed, Restarts: 1}
				tree := mustBisect(t, b, x, weights)
				coherentTree(t, tree, x, weights)
				different := fromCentersOf(t, x).Distinct
				if weights == nil && kind.name != "one huge outlier" && tree.K() != min(k, different) {
					t.Errorf("%s %v: %d leaves for K = %d and %d different rows", kind.name, dt, tree.K(), k, different)
				}
				for l, n := range tree.Counts {
					if n == 0 {
						t.Errorf("%s: label %d has no row", kind.name, l)
					}
				}
			}
		}
	}
}

// TestBisectingOneCluster, and one column, are vectors 4 and 9 of part 2.2.
func TestBisectingOneCluster(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 1, 1, 2, 6, 7)
		tree := mustBisect(t, Bisecting{K: 1}, x, nil)
		sameLabels(t, "labels", tree.Labels, []int32{0, 0, 0, 0})
		sameNumbers(t, "center", tree.Centers, matrixOf(dt, 1, 4))
		coherentTree(t, tree, x, nil)
		tree = mustBisect(t, Bisecting{K: 1}, x, []float64{3, 0, 0, 1})
		sameNumbers(t, "weighted center", tree.Centers, matrixOf(dt, 1, 2.5))
		if tree.Inertia != 27 {
			t.Errorf("inertia %v, want 27", tree.Inertia)
		}
		tree = mustBisect(t, Bisecting{K: 4}, x, nil)
		if tree.K() != 4 || tree.Inertia != 0 {
			t.Errorf("%d leaves, inertia %v", tree.K(), tree.Inertia)
		}
	}
}

// TestEmptyBranches is vector 8 of part 2.2: rows that leave branches empty, in either
// dtype, and any part of them.
func TestEmptyBranches(t *testing.T) {
	rows := blobs(random(8), 400, 3, 5, 4)
	for _, dt := range dtypes {
		x := matrixOf(dt, 3, rows...)
		tree := mustBisect(t, Bisecting{K: 12, Seed: 1}, x, nil)
		for _, odt := range dtypes {
			far := matrixOf(odt, 3, each(len(rows), func(i int) float64 { return 50 * rows[i] })...)
			labels := mustDescend(t, tree, far)
			sameLabels(t, "one row", mustDescend(t, tree, pick(far, 321)), labels[321:322])
			sameLabels(t, "the other layout", mustDescend(t, tree, columnMajor(odt, 400, 3, numbers(t, far))), labels)
		}
	}
}

// TestBisectingThreads: the same bits for every number of threads, on every level; the
// dtypes give the same labels (vector 7 of part 2.2).
func TestBisectingThreads(t *testing.T) {
	n := 6000
	if testing.Short() {
		n = 1500
	}
	rows := blobs(random(77), n, 9, 12, 3)
	var labels []int32
	for _, dt := range dtypes {
		x := matrixOf(dt, 9, rows...)
		var want *Tree
		forEachLevel(t, func(t *testing.T) {
			for _, threads := range []int{1, 3} {
				tree := mustBisect(t, Bisecting{K: 12, Seed: 3, Threads: threads}, x, nil)
				if want == nil {
					want = tree
					coherentTree(t, tree, x, nil)
				}
				sameTree(t, "with other threads", tree, want)
			}
		})
		sameNumbers(t, "rows", x, matrixOf(dt, 9, rows...))
		if labels == nil {
			labels = want.Labels
		}
		sameLabels(t, "of the other dtype", want.Labels, labels)
	}
}

// TestBisectingCanceled cancels at every point at which the context is asked.
func TestBisectingCanceled(t *testing.T) {
	x := matrix(3, blobs(random(2), 600, 3, 6, 2)...)
	trees := 0
	for left := int64(0); ; left++ {
		ctx := &countdown{Context: t.Context()}
		ctx.left.Store(left)
		tree, err := Bisecting{K: 5}.Fit(ctx, x)
		if err == nil {
			break
		}
		canceled(t, "Fit", err)
		if tree != nil {
			trees++
			if tree.K() < 2 || tree.K() > 5 {
				t.Fatalf("%d leaves", tree.K())
			}
			coherentTree(t, tree, x, nil)
		}
	}
	if trees == 0 {
		t.Error("no tree in any canceled fit")
	}
}

func TestBisectingErrors(t *testing.T) {
	x := matrix(2, noise(random(1), 20, 2)...)
	for _, c := range []struct {
		b        Bisecting
		x        *tensor.Dense
		sentinel error
		part     string
	}{
		{Bisecting{}, x, ErrParameter, "K is 0"},
		{Bisecting{K: 21}, x, ErrParameter, "only 20 rows"},
		{Bisecting{K: 2, Init: Given{pick(x, 0, 1)}}, x, ErrParameter, "Given"},
		{Bisecting{K: 2, Strategy: 7}, x, ErrParameter, "Strategy is 7"},
		{Bisecting{K: 2, Tol: math.NaN()}, x, ErrParameter, "Tol is NaN"},
		{Bisecting{K: 2, Threads: -1}, x, ErrParameter, "Threads is -1"},
		{Bisecting{K: 2}, nil, ErrInput, "nil"},
		{Bisecting{K: 2}, matrix(2, 1, math.Inf(1), 2, 3), ErrInput, "row 0, column 1"},
		{Bisecting{K: 2, Init: firstOnly}, x, ErrInput, "1×2"},
	} {
		tree, err := c.b.Fit(t.Context(), c.x)
		refused(t, "Fit", err, c.sentinel, c.part)
		if tree != nil {
			t.Errorf("%+v: a tree", c.b)
		}
	}
	tree := mustBisect(t, Bisecting{K: 3}, x, nil)
	for _, c := range []struct {
		tree *Tree
		x    *tensor.Dense
		part string
	}{
		{nil, x, "no nodes"}, {&Tree{}, x, "no nodes"}, {tree, nil, "nil"}, {tree, matrix(1, 1., 2), "1 columns"},
		{tree, matrix(2, 1, math.NaN()), "row 0, column 1"}, {tree, matrix(2, float32(1), float32(math.Inf(-1))), "row 0, column 1"},
		{tree, matrix(2, 1, math.MaxFloat64), "too far"},
		{&Tree{Nodes: tree.Nodes[:3], NodeCenters: tree.NodeCenters}, x, "3 nodes and 5 centers"},
		{&Tree{Nodes: []Node{{Left: 1, Right: 2}, {Left: 1, Right: 2}, {}, {}, {}}, NodeCenters: tree.NodeCenters}, x, "parts of node 1"},
		{&Tree{Nodes: []Node{{Left: 1, Right: 9}, {}, {}, {}, {}}, NodeCenters: tree.NodeCenters}, x, "1 and 9"},
	} {
		_, err := c.tree.Predict(t.Context(), c.x)
		refused(t, "Predict", err, ErrInput, c.part)
		_, err = c.tree.Score(t.Context(), c.x)
		refused(t, "Score", err, ErrInput, c.part)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := tree.Predict(ctx, x)
	canceled(t, "Predict", err)
}

// firstOnly returns too few centers.
var firstOnly = InitFunc(func(_ context.Context, x *tensor.Dense, _ int, _ *rand.Rand) (*tensor.Dense, error) {
	return pick(x, 0), nil
})

func TestStrategyNames(t *testing.T) {
	if BiggestInertia.String() != "biggest inertia" || LargestCluster.String() != "largest cluster" || Strategy(9).String() != "Strategy(9)" {
		t.Errorf("%v, %v, %v", BiggestInertia, LargestCluster, Strategy(9))
	}
}
