package graph

import (
	"context"
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// Nearest returns two nodes: the index of the center nearest to each row of x, the
// lowest one on ties, and the squared Euclidean distance to it. x is N×D, centers K×D,
// both float32 or both float64. The labels are N elements of Int, which is what
// gorgonia.ByIndices takes (for the centers themselves); the distances are N elements
// of the dtype of x. Both have the bits of cluster.EStep.
//
// The distances ‖x_i − c_l‖² have the gradients 2(x_i − c_l) by row i and 2(c_l − x_i),
// summed over its rows, by center l, which take the labels as given; the labels have
// none. A row without a center at a finite distance (NaN, infinity, overflow) is an
// error of the run.
//
// The error wraps ErrInput.
func Nearest(x, centers *gorgonia.Node) (label, distance *gorgonia.Node, err error) {
	if label, err = nearest.apply(x, centers); err != nil {
		return nil, nil, err
	}
	if distance, err = distanceTo.apply(x, centers, label); err != nil {
		return nil, nil, err
	}
	return label, distance, nil
}

var (
	nearest = &operation{
		name: "Nearest", in: []operand{matrix, matrix}, out: labels,
		shape:  labelShape,
		single: label[float32], double: label[float64],
		derivatives: []*operation{nil, nil},
	}
	distanceTo = &operation{
		name: "NearestDistance", in: []operand{matrix, matrix, labels}, out: vector,
		shape:  distanceToShape,
		single: distanceToLabel[float32], double: distanceToLabel[float64],
		derivatives: []*operation{{
			name: "NearestDistance/rows", in: []operand{matrix, matrix, labels, vector}, out: matrix,
			shape:  shapeOf(0, 3, distanceToShape),
			single: distanceToByRows[float32], double: distanceToByRows[float64],
		}, {
			name: "NearestDistance/centers", in: []operand{matrix, matrix, labels, vector}, out: matrix,
			shape:  shapeOf(1, 3, distanceToShape),
			single: distanceToByCenters[float32], double: distanceToByCenters[float64],
		}, nil},
	}
)

// pairShape checks rows and centers, and returns N and K.
func pairShape(in []tensor.Shape) (n, k int, err error) {
	x, c := in[0], in[1]
	if len(x) != 2 || len(c) != 2 || min(x[0], x[1], c[0], c[1]) < 1 {
		return 0, 0, fmt.Errorf("%w: the rows have shape %v, the centers %v; expected two matrices, N×D and K×D", ErrInput, x, c)
	}
	if x[1] != c[1] {
		return 0, 0, fmt.Errorf("%w: the rows have %d columns, the centers have %d; both must have the same", ErrInput, x[1], c[1])
	}
	return x[0], c[0], nil
}

func labelShape(in []tensor.Shape) (tensor.Shape, error) {
	n, _, err := pairShape(in)
	return tensor.Shape{n}, err
}

func distanceToShape(in []tensor.Shape) (tensor.Shape, error) {
	n, _, err := pairShape(in)
	if err == nil && !in[2].Eq(tensor.Shape{n}) {
		err = fmt.Errorf("%w: there are %d rows, and labels of shape %v", ErrInput, n, in[2])
	}
	return tensor.Shape{n}, err
}

func label[T lloyd.Float](out *tensor.Dense, in []*tensor.Dense) error {
	a, err := cluster.EStep(context.Background(), in[0], in[1], 0)
	if err != nil {
		return err
	}
	dst := out.Data().([]int)
	for i, l := range a.Labels {
		dst[i] = int(l)
	}
	return nil
}

// labeled returns the rows, the centers and the labels that distanceTo and its
// derivatives begin with.
func labeled[T lloyd.Float](in []*tensor.Dense) (x, c lloyd.Matrix[T], l []int32, err error) {
	if x, c, err = matrices[T](in); err == nil {
		l, err = labelsOf(in[2], c.N)
	}
	return x, c, l, err
}

func distanceToLabel[T lloyd.Float](out *tensor.Dense, in []*tensor.Dense) error {
	x, c, l, err := labeled[T](in)
	if err != nil {
		return err
	}
	return lloyd.SquaredL2Pairs(out.Data().([]T), x, c, l)
}

// distanceToByRows sets row i of out to 2g_i(x_i − c_l).
func distanceToByRows[T lloyd.Float](out *tensor.Dense, in []*tensor.Dense) error {
	x, c, l, err := labeled[T](in)
	if err != nil {
		return err
	}
	g, err := elements[T](in[3])
	if err != nil {
		return err
	}
	dst := lloyd.Dense(out.Data().([]T), x.N, x.D)
	eachBlock(x.N, x.D, func(from, to int) {
		for i := from; i < to; i++ {
			row, center, by := x.Row(i), c.Row(int(l[i])), dst.Row(i)
			for j := range by {
				by[j] = 2 * g[i] * (row[j] - center[j])
			}
		}
	})
	return nil
}

// distanceToByCenters sets row l of out to the sum of 2g_i(c_l − x_i) over the rows of
// label l, in their order and in float64. It divides the work by columns, so that the
// sums do not depend on the number of threads.
func distanceToByCenters[T lloyd.Float](out *tensor.Dense, in []*tensor.Dense) error {
	x, c, l, err := labeled[T](in)
	if err != nil {
		return err
	}
	g, err := elements[T](in[3])
	if err != nil {
		return err
	}
	const columns = 16
	dst := out.Data().([]T)
	each((x.D+columns-1)/columns, x.N*columns, func(part int) {
		from, to := part*columns, min(x.D, (part+1)*columns)
		sums := make([]float64, c.N*columns)
		for i, at := range l {
			row, center, sum := x.Row(i)[from:to], c.Row(int(at))[from:to], sums[int(at)*columns:]
			weight := float64(g[i])
			for j, v := range row {
				sum[j] += weight * float64(center[j]-v)
			}
		}
		for k := range c.N {
			for j := from; j < to; j++ {
				dst[k*x.D+j] = T(2 * sums[k*columns+j-from])
			}
		}
	})
	return nil
}
