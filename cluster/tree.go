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
// leaves. FromCenters(tree.Centers) is a Model that does that, and can be saved.
type Tree struct {
	// Centers is K×D: the centers of the leaves, with the dtype of the rows.
	Centers *tensor.Dense
	// Labels is the cluster of each row that the tree was fitted to, equal to what
	// Predict returns for them.
	Labels []int32
	// Counts is the number of rows with each label, rows of weight 0 included.
	Counts []int64
	// Inertia is Σ w·‖x−c‖² over the rows, c the center of the row's label.
	Inertia float64
	// Nodes are the root, and after it the two parts of each split, in the order of
	// the splits: 2K−1 nodes.
	Nodes []Node
	// NodeCenters is (2K−1)×D: the centers of the nodes. The root's is the mean of all
	// rows.
	NodeCenters *tensor.Dense
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
// GOMAXPROCS threads are used.
//
// The error wraps ErrInput: x is not a float matrix, has another number of columns than
// the tree, or has a number that is not finite (the first is named), or the tree is not
// one; or it wraps kernel.ErrLevel; or it is ctx's.
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

func (t *Tree) check(x *tensor.Dense) error {
	if t == nil || t.NodeCenters == nil || len(t.Nodes) == 0 {
		return fmt.Errorf("%w: the tree has no nodes; fit it with Bisecting", ErrInput)
	}
	if err := checkTensor("the matrix of the tree's centers", t.NodeCenters); err != nil {
		return err
	}
	if rows := t.NodeCenters.Shape()[0]; rows != len(t.Nodes) {
		return fmt.Errorf("%w: the tree has %d nodes and %d centers; it takes one for each", ErrInput, len(t.Nodes), rows)
	}
	for i, n := range t.Nodes {
		if !n.Leaf() && (min(n.Left, n.Right) <= i || max(n.Left, n.Right) >= len(t.Nodes)) {
			return fmt.Errorf("%w: the parts of node %d of the tree are %d and %d; they must come after it and be below %d", ErrInput, i, n.Left, n.Right, len(t.Nodes))
		}
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
	c := newCrew(0)
	defer c.close()
	operations := 4 * x.D
	labels, sums, lost := make([]int32, x.N), make([]float64, blocks(x.N)), make([]bool, blocks(x.N))
	walkers := make([]walker[T], c.workers(x.N, operations))
	for i := range walkers {
		walkers[i].nodes, walkers[i].centers = t.Nodes, convert[T](stored)
	}
	err = c.each(ctx, x.N, operations, func(worker, from, to int) {
		w, n := &walkers[worker], to-from
		w.x = blockOf(&w.scratch, x, from, to, false)
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
		return nil, 0, lostRow(x, labels, false)
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
