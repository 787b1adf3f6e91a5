package cluster

import (
	"math"
	"slices"
	"testing"

	"gorgonia.org/tensor"
)

// TestTreeTransform: the distances to the leaves' centers, of rows of either dtype.
func TestTreeTransform(t *testing.T) {
	const n, d = 300, 3
	rows := blobs(random(150), n, d, 5, 4)
	for _, dt := range dtypes {
		x := matrixOf(dt, d, rows...)
		for _, b := range []Bisecting{{K: 6}, {K: 6, Spherical: true}} {
			tree := mustBisect(t, b, x, nil)
			got, err := tree.Transform(t.Context(), x)
			if err != nil {
				t.Fatal(err)
			}
			y := numbers(t, x)
			if b.Spherical {
				y = numbers(t, units(t, x))
			}
			if got.Dtype() != dt || !got.Shape().Eq(tensor.Shape{n, 6}) {
				t.Errorf("%v of shape %v", got.Dtype(), got.Shape())
			}
			nearNumbers(t, "distances", numbers(t, got), pairDistances(y, numbers(t, tree.Centers), d), 2e-5)

			// The inertia is the sum of the squares to the leaf that Predict says.
			var inertia float64
			distances := numbers(t, got)
			for i, l := range tree.Labels {
				v := distances[i*6+int(l)]
				inertia += v * v
			}
			if math.Abs(inertia/tree.Inertia-1) > 1e-5 {
				t.Errorf("inertia %v, the tree's is %v", inertia, tree.Inertia)
			}
		}
	}
	for _, c := range []struct {
		tree *Tree
		x    *tensor.Dense
		part string
	}{
		{nil, matrix(1, 1.), "no nodes"},
		{mustBisect(t, Bisecting{K: 2}, matrix(1, 1., 2), nil), matrix(2, 1., 2), "2 columns"},
		{mustBisect(t, Bisecting{K: 2}, matrix(1, 1., 2), nil), matrix(1, math.NaN()), "NaN"},
	} {
		_, err := c.tree.Transform(t.Context(), c.x)
		refused(t, "Transform", err, ErrInput, c.part)
	}
}

// TestTreeModel: the nearest leaf, of copies of the centers.
func TestTreeModel(t *testing.T) {
	x := matrix(1, 0., 0, 0, 0, 8, 8, 12, 13, 13, 13)
	tree := mustBisect(t, Bisecting{K: 3, Init: ends, Restarts: 1}, x, nil)
	tree.Threads = 2
	m, err := tree.Model()
	if err != nil {
		t.Fatal(err)
	}
	y := matrix(1, 5.) // of the root's parts at 0 and 11.2 the left one, of the leaves that at 8
	if walked, nearest := mustDescend(t, tree, y), mustPredict(t, m, y); walked[0] != 0 || nearest[0] != 1 {
		t.Errorf("labels %v and %v, want 0 and 1", walked, nearest)
	}
	if !slices.Equal(m.Counts, tree.Counts) || m.Threads != 2 || m.Labels != nil || m.Spherical {
		t.Errorf("%+v", *m)
	}
	m.Centers.Set(0, 77.)
	m.Counts[0] = 77
	if tree.Counts[0] == 77 || numbers(t, tree.Centers)[0] == 77 {
		t.Error("the model shares memory with the tree")
	}
	// A spherical one, which MiniBatch goes on with.
	z := matrix(2, 1., 0, 100, 1, 0, 2, 3, 90)
	round := mustBisect(t, Bisecting{K: 2, Spherical: true}, z, nil)
	if m, err = round.Model(); err != nil || !m.Spherical {
		t.Fatalf("%v", err)
	}
	sameLabels(t, "labels", mustPredict(t, m, z), round.Labels)
	coherentSpherical(t, mustPartialFit(t, MiniBatch{K: 2, Spherical: true}, m, z, nil), z, nil)

	_, err = (*Tree)(nil).Model()
	refused(t, "Model", err, ErrInput, "no nodes")
	_, err = (&Tree{}).Model()
	refused(t, "Model", err, ErrInput, "nil")
	_, err = (&Tree{Centers: matrix(1, 1.), Counts: []int64{-1}}).Model()
	refused(t, "Model", err, ErrInput, "-1 rows")
}
