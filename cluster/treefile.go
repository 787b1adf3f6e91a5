package cluster

import (
	"fmt"
	"io"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// Save writes the tree: its nodes with their centers, rows and inertia; not the labels
// of the rows. The format is that of Model.Save. The error is w's, or wraps ErrInput when
// the tree is not one.
func (t *Tree) Save(w io.Writer) error {
	if err := t.checkNodes(); err != nil {
		return err
	}
	centers, err := centersArray("the matrix of the tree's centers", t.NodeCenters)
	if err != nil {
		return err
	}
	n := len(t.Nodes)
	parts, rows, inertia := make([]int32, 0, 2*n), make([]int64, n), make([]float64, n)
	for i, node := range t.Nodes {
		parts = append(parts, int32(node.Left), int32(node.Right))
		rows[i], inertia[i] = int64(node.Rows), node.Inertia
	}
	return writeFile(w, fileHeader{
		Kind: treeKind, Inertia: t.Inertia, Spherical: t.Spherical,
		Arrays: []fileArray{centers, arrayOf("parts", parts, n, 2), arrayOf("rows", rows, n), arrayOf("inertia", inertia, n)},
	})
}

// LoadTree reads a tree that Tree.Save wrote, from the first byte of r to its end. The
// tree has no Labels. Errors are those of Load.
func LoadTree(r io.Reader) (*Tree, error) {
	h, err := readFile(r, treeKind)
	if err != nil {
		return nil, err
	}
	t, err := decodeTree(h)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrModel, err)
	}
	return t, nil
}

// decodeTree returns the tree of a file.
func decodeTree(h fileHeader) (*Tree, error) {
	centers, err := storedCenters(h)
	if err != nil {
		return nil, err
	}
	n := centers.Shape()[0]
	array := func(name string) fileArray { a, _ := h.array(name); return a }
	parts, err := valuesOf[int32](array("parts"), n, 2)
	if err != nil {
		return nil, err
	}
	rows, err := valuesOf[int64](array("rows"), n)
	if err != nil {
		return nil, err
	}
	inertia, err := valuesOf[float64](array("inertia"), n)
	if err != nil {
		return nil, err
	}
	t := &Tree{NodeCenters: centers, Inertia: h.Inertia, Spherical: h.Spherical, Nodes: make([]Node, n)}
	for i := range t.Nodes {
		t.Nodes[i] = Node{Left: int(parts[2*i]), Right: int(parts[2*i+1]), Rows: int(rows[i]), Inertia: inertia[i]}
		if rows[i] < 0 || inertia[i]-inertia[i] != 0 {
			return nil, fmt.Errorf("node %d has %d rows of inertia %v", i, rows[i], inertia[i])
		}
	}
	if err := t.checkNodes(); err != nil {
		return nil, err
	}
	if centers.Dtype() == tensor.Float32 {
		err = setLeaves[float32](t)
	} else {
		err = setLeaves[float64](t)
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

// setLeaves sets what follows from the nodes and their centers: the labels of the leaves,
// from left to right, their centers and counts.
func setLeaves[T element](t *Tree) error {
	const name = "the matrix of the tree's centers"
	all, err := rowsOf[T](name, t.NodeCenters)
	if err != nil {
		return err
	}
	if err := notFinite(name, all, 0); err != nil {
		return err
	}
	order := leaves(t.Nodes)
	centers := lloyd.Dense(make([]T, len(order)*all.D), len(order), all.D)
	t.Counts = make([]int64, len(order))
	for label, i := range order {
		t.Nodes[i].Label, t.Counts[label] = int32(label), int64(t.Nodes[i].Rows)
		copy(centers.Row(label), all.Row(i))
	}
	t.Centers = tensorOf(centers)
	return nil
}
