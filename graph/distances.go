package graph

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
)

// Distances returns the node of the squared Euclidean distances of each row of x (N×D)
// to each of the centers (K×D): N×K of their dtype, float32 or float64. It has
// gradients by both. Differences are taken first, as everywhere in Lloyd, so that rows
// far from the origin cost no digits; NaN and infinities pass through.
//
// The error wraps ErrInput.
func Distances(x, centers *gorgonia.Node) (*gorgonia.Node, error) { return distances.apply(x, centers) }

var distances = &operation{
	name: "Distances", in: []operand{matrix, matrix}, out: matrix,
	shape:  distancesShape,
	single: distancesOf[float32], double: distancesOf[float64],
	derivatives: []*operation{{
		name: "Distances/rows", in: []operand{matrix, matrix, matrix}, out: matrix,
		shape:  shapeOf(0, 2, distancesShape),
		single: distancesByRows[float32], double: distancesByRows[float64],
	}, {
		name: "Distances/centers", in: []operand{matrix, matrix, matrix}, out: matrix,
		shape:  shapeOf(1, 2, distancesShape),
		single: distancesByCenters[float32], double: distancesByCenters[float64],
	}},
}

func distancesShape(in []tensor.Shape) (tensor.Shape, error) {
	n, k, err := pairShape(in)
	return tensor.Shape{n, k}, err
}

func distancesOf[T lloyd.Float](out *tensor.Dense, in []*tensor.Dense) error {
	x, c, err := matrices[T](in)
	if err != nil {
		return err
	}
	dst := out.Data().([]T)
	eachBlock(x.N, c.N*c.D, func(from, to int) {
		must(lloyd.SquaredL2Matrix(dst[from*c.N:to*c.N], c.N, x.Rows(from, to), c))
	})
	return nil
}
