package cluster

import (
	"context"
	"fmt"
	"slices"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// Tree is the result of a fit of Bisecting: a binary tree, whose leaves are the
// clusters. It is safe for concurrent use as long as its fields are not changed.
//
// Predict goes down the tree, so that a row need not get the label of the nearest of all
// leaves; that is what Tree.Model does.
type Tree struct {
	// Centers is K×D: the centers of the leaves, with the dtype of the rows.
	Centers *tensor.Dense
	// Labels is the cluster of each row that the tree was fitted to, equal to what
	// Predict returns for them; nil for a loaded tree.
	Labels []int32
	// Counts is the number of rows with each label, rows of weight 0 included.
	Counts []int64
	// Spherical says that rows are brought to length 1, by Predict, Transform and
	// Score too, before distances are taken; the centers have length 1.
	Spherical bool
	// Inertia is Σ w·‖x−c‖² over the rows, c the center of the row's label.
	Inertia float64
	// Nodes are the root, and after it the two parts of each split, in the order of
	// the splits: 2K−1 nodes.
	Nodes []Node
	// NodeCenters is (2K−1)×D: the centers of the nodes. The root's is the mean of all
	// rows, brought to length 1 if Spherical is set.
	NodeCenters *tensor.Dense
	// Threads is the number of threads that Predict, Transform and Score use; 0 is
	// GOMAXPROCS. A fit leaves it 0, and Save does not keep it.
	Threads int
}

// Node is a node of a Tree.
type Node struct {
	// Left and Right are the indices of its parts, both 0 for a leaf.
	Left, Right int
	// Label is the label of a leaf. Labels count the leaves from left to right.
	Label int32
	// Rows is the number of rows, those of weight 0 included.
	Rows int
	// Inertia is Σ w·‖x−c‖² over these rows, c the center of the node.
	Inertia float64

	whole bool // it cannot be split
}

// Leaf reports whether the node is a leaf.
func (n Node) Leaf() bool { return n.Left == 0 }

// leaves returns the indices of the leaves from left to right.
func leaves(nodes []Node) []int {
	var found []int
	for stack := []int{0}; len(stack) > 0; {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if n := nodes[i]; n.Leaf() {
			found = append(found, i)
		} else {
			stack = append(stack, n.Right, n.Left)
		}
	}
	return found
}

// K returns the number of clusters.
func (t *Tree) K() int { return t.Centers.Shape()[0] }

// D returns the number of columns.
func (t *Tree) D() int { return t.Centers.Shape()[1] }

// Predict returns the label of the leaf for each row of x (N×D): at each node it goes on
// to the part with the nearer center, the left one on ties. The rows may be float32 or
// float64, whatever the centers are; if they differ, distances are computed in float64.
// Threads says how many threads are used.
//
// The error wraps ErrInput: x is not a float matrix, has another number of columns than
// the tree, or has a number that is not finite (the first is named), or the tree is not
// one; or it wraps ErrParameter (Threads < 0) or kernel.ErrLevel; or it is ctx's.
func (t *Tree) Predict(ctx context.Context, x *tensor.Dense) ([]int32, error) {
	labels, _, err := t.assign(ctx, x)
	return labels, err
}

// Score returns −Σ‖x−c‖², c the center of the leaf that Predict gives the row of x, so
// that more is better. Rows and errors are those of Predict.
func (t *Tree) Score(ctx context.Context, x *tensor.Dense) (float64, error) {
	_, inertia, err := t.assign(ctx, x)
	return 0 - inertia, err
}

// Transform returns the Euclidean (not squared) distances of the rows of x (N×D) to the
// centers of the leaves, N×K, in the dtype of the rows and centers, float64 if they
// differ. The least of a row need not be that to the leaf that Predict says. Rows and
// errors are those of Predict.
func (t *Tree) Transform(ctx context.Context, x *tensor.Dense) (*tensor.Dense, error) {
	if err := t.check(x); err != nil {
		return nil, err
	}
	m, err := t.Model()
	if err != nil {
		return nil, err
	}
	return m.Transform(ctx, x)
}

// Model returns a model of the leaves, with copies of their centers, that gives a row the
// label of the nearest of all of them, without the way through the tree: for Predict that
// is as fast as a KMeans's, for MiniBatch.PartialFit, Given, and what else takes a Model.
// It has the tree's Counts, Spherical and Threads; its Labels are nil, and its Inertia 0,
// because they are those of the way through the tree. The error wraps ErrInput: the tree
// has no centers.
func (t *Tree) Model() (*Model, error) {
	if t == nil {
		return nil, errNoNodes
	}
	m, err := FromCenters(t.Centers)
	if err != nil {
		return nil, err
	}
	m.Spherical, m.Threads = t.Spherical, t.Threads
	if len(t.Counts) == m.K() {
		if err := m.setCounts(slices.Clone(t.Counts)); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrInput, err)
		}
	}
	return m, nil
}

// errNoNodes is the error about a tree that was not fitted.
var errNoNodes = fmt.Errorf("%w: the tree has no nodes; fit it with Bisecting or read it with LoadTree", ErrInput)

// checkNodes checks that the nodes make a tree, with a center for each.
func (t *Tree) checkNodes() error {
	if t == nil || t.NodeCenters == nil || len(t.Nodes) == 0 {
		return errNoNodes
	}
	if err := checkTensor("the matrix of the tree's centers", t.NodeCenters); err != nil {
		return err
	}
	if rows := t.NodeCenters.Shape()[0]; rows != len(t.Nodes) {
		return fmt.Errorf("%w: the tree has %d nodes and %d centers; it takes one for each", ErrInput, len(t.Nodes), rows)
	}
	isPart := make([]bool, len(t.Nodes))
	parts := 0
	for i, n := range t.Nodes {
		if n.Left == 0 && n.Right == 0 {
			continue
		}
		if min(n.Left, n.Right) <= i || max(n.Left, n.Right) >= len(t.Nodes) || n.Left == n.Right || isPart[n.Left] || isPart[n.Right] {
			return fmt.Errorf("%w: the parts of node %d of the tree are %d and %d; they must come after it, be below %d, and be parts of no other node", ErrInput, i, n.Left, n.Right, len(t.Nodes))
		}
		isPart[n.Left], isPart[n.Right] = true, true
		parts += 2
	}
	if parts != len(t.Nodes)-1 {
		return fmt.Errorf("%w: only %d of the %d nodes of the tree are the root or parts of others", ErrInput, parts+1, len(t.Nodes))
	}
	return nil
}

// check checks the tree and that it can take the rows of x.
func (t *Tree) check(x *tensor.Dense) error {
	if err := t.checkNodes(); err != nil {
		return err
	}
	if err := checkThreads(t.Threads); err != nil {
		return err
	}
	if err := checkTensor("x", x); err != nil {
		return err
	}
	if got, want := x.Shape()[1], t.NodeCenters.Shape()[1]; got != want {
		return fmt.Errorf("%w: x has %d columns, the tree was fitted to %d; give rows with the same columns", ErrInput, got, want)
	}
	return nil
}

func (t *Tree) assign(ctx context.Context, x *tensor.Dense) ([]int32, float64, error) {
	if err := t.check(x); err != nil {
		return nil, 0, err
	}
	single, singleRows := t.NodeCenters.Dtype() == tensor.Float32, x.Dtype() == tensor.Float32
	switch {
	case single && singleRows:
		return descend[float32, float32, float32](ctx, t, x)
	case single:
		return descend[float64, float32, float64](ctx, t, x)
	case singleRows:
		return descend[float64, float64, float32](ctx, t, x)
	}
	return descend[float64, float64, float64](ctx, t, x)
}

// descend labels rows of dtype S by a tree with centers of dtype C, computing in T.
func descend[T, C, S element](ctx context.Context, t *Tree, xt *tensor.Dense) ([]int32, float64, error) {
	if _, err := lloyd.Level(); err != nil {
		return nil, 0, err
	}
	x, err := rowsOf[S]("x", xt)
	if err != nil {
		return nil, 0, err
	}
	const name = "the matrix of the tree's centers"
	stored, err := rowsOf[C](name, t.NodeCenters)
	if err != nil {
		return nil, 0, err
	}
	if err := notFinite(name, stored, 0); err != nil {
		return nil, 0, err
	}
	c := newCrew(t.Threads)
	defer c.close()
	operations := 4 * x.D
	labels, sums, lost := make([]int32, x.N), make([]float64, blocks(x.N)), make([]bool, blocks(x.N))
	walkers := make([]walker[T], c.workers(x.N, operations))
	for i := range walkers {
		walkers[i].nodes, walkers[i].centers = t.Nodes, convert[T](stored)
	}
	err = c.each(ctx, x.N, operations, func(worker, from, to int) {
		w, n := &walkers[worker], to-from
		w.x = blockOf(&w.scratch, x, from, to, t.Spherical)
		for i := range n {
			w.rows[i] = int32(i)
		}
		must(lloyd.SquaredL2At(w.dist[:n], w.x, w.rows[:n], w.centers.Row(0)))
		w.walk(0, w.rows[:n])
		copy(labels[from:to], w.labels[:n])
		sums[from/blockRows] = sumDistances(w.dist[:n], nil)
		lost[from/blockRows] = slices.Contains(w.labels[:n], -1)
	})
	if err != nil {
		return nil, 0, err
	}
	if slices.Contains(lost, true) {
		return nil, 0, lostRow(x, labels, t.Spherical)
	}
	return labels, sumBlocks(sums), nil
}

// walker leads the rows of a block through a tree.
type walker[T element] struct {
	scratch[T]
	nodes   []Node
	centers lloyd.Matrix[T]
	x       lloyd.Matrix[T]
	rows    [blockRows]int32 // of the block, by node
	right   [blockRows]int32
	near    [2][blockRows]T // distances to the two parts
}

// walk sets the label of the listed rows that have come to a node, and their distance to
// the center of the leaf; −1 if there is no finite one.
func (w *walker[T]) walk(node int, rows []int32) {
	for len(rows) > 0 {
		n := w.nodes[node]
		if n.Leaf() {
			for _, row := range rows {
				w.labels[row] = n.Label
				if d := w.dist[row]; d-d != 0 {
					w.labels[row] = -1
				}
			}
			return
		}
		left, right := w.near[0][:len(rows)], w.near[1][:len(rows)]
		must(lloyd.SquaredL2At(left, w.x, rows, w.centers.Row(n.Left)))
		must(lloyd.SquaredL2At(right, w.x, rows, w.centers.Row(n.Right)))
		l, r := 0, 0
		for i, row := range rows {
			if right[i] < left[i] {
				w.dist[row], w.right[r] = right[i], row
				r++
			} else {
				w.dist[row], rows[l] = left[i], row
				l++
			}
		}
		copy(rows[l:], w.right[:r])
		w.walk(n.Left, rows[:l])
		node, rows = n.Right, rows[l:]
	}
}
