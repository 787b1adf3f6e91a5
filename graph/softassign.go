package graph

import (
	"fmt"
	"math"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// SoftAssign returns the node of the soft assignment of the rows x (N×D) to the centers
// (K×D) at a temperature T > 0, a scalar of their dtype, float32 or float64:
//
//	p_ik = exp(−‖x_i − c_k‖²/T) / Σ_l exp(−‖x_i − c_l‖²/T)
//
// N×K, with rows that sum to 1. It has gradients by rows, centers and, unless that is a
// constant, the temperature. As T goes to 0 it becomes the hard assignment of Nearest.
// It is Softmin of Distances, and shares the node with any other Distances of the same
// nodes in the graph, as the loss Σ p·‖x − c‖² of soft k-means needs.
//
// The error wraps ErrInput.
func SoftAssign(x, centers, temperature *gorgonia.Node) (*gorgonia.Node, error) {
	d, err := Distances(x, centers)
	if err != nil {
		return nil, err
	}
	return Softmin(d, temperature)
}

// Softmin returns the node of softmax(−d/T) over each row of d, an N×K matrix of
// float32 or float64 such as that of Distances, with gradients by d and, unless that is
// a constant, by the temperature T, a scalar of the same dtype. A temperature that is
// not above 0 is an error of the run.
//
// The error wraps ErrInput.
func Softmin(distances, temperature *gorgonia.Node) (*gorgonia.Node, error) {
	if temperature != nil {
		if _, constant := temperature.Op().(interface{ Value() gorgonia.Value }); constant {
			return softminConstant.apply(distances, temperature)
		}
	}
	return softmin.apply(distances, temperature)
}

var (
	softmin         = newSoftmin(softminByTemperature)
	softminConstant = newSoftmin(nil)

	softminByDistances = &operation{
		name: "Softmin/distances", in: []operand{matrix, scalar, matrix, matrix}, out: matrix,
		shape:  shapeOf(0, 2, softminShape),
		single: softminDistancesGradient[float32], double: softminDistancesGradient[float64],
	}
	softminByTemperature = &operation{
		name: "Softmin/temperature", in: []operand{matrix, scalar, matrix, matrix}, out: scalar,
		shape:  softminTemperatureShape,
		single: softminTemperatureGradient[float32], double: softminTemperatureGradient[float64],
	}
)

func newSoftmin(byTemperature *operation) *operation {
	return &operation{
		name: "Softmin", in: []operand{matrix, scalar}, out: matrix,
		shape:  softminShape,
		single: softminOf[float32], double: softminOf[float64],
		derivatives: []*operation{softminByDistances, byTemperature}, ofOutput: true,
	}
}

func softminShape(in []tensor.Shape) (tensor.Shape, error) {
	if d := in[0]; len(d) != 2 || min(d[0], d[1]) < 1 {
		return nil, fmt.Errorf("%w: the distances have shape %v; expected a matrix, N×K", ErrInput, d)
	}
	return in[0].Clone(), nil
}

func softminTemperatureShape(in []tensor.Shape) (tensor.Shape, error) {
	_, err := softminByDistances.shape(in)
	return tensor.ScalarShape(), err
}

// temperatureOf returns the temperature, which must be above 0.
func temperatureOf[T lloyd.Float](t *tensor.Dense) (float64, error) {
	v, err := elements[T](t)
	if err != nil {
		return 0, err
	}
	if !(v[0] > 0) || math.IsInf(float64(v[0]), 0) {
		return 0, fmt.Errorf("%w: the temperature is %v; it must be above 0 and finite", ErrInput, v[0])
	}
	return float64(v[0]), nil
}

// expOperations is about the number of elementary operations in an exponential.
const expOperations = 16

func softminOf[T lloyd.Float](out *tensor.Dense, in []*tensor.Dense) error {
	d, err := cluster.Rows[T](in[0])
	if err != nil {
		return err
	}
	temperature, err := temperatureOf[T](in[1])
	if err != nil {
		return err
	}
	dst := lloyd.Dense(out.Data().([]T), d.N, d.D)
	eachBlock(d.N, expOperations*d.D, func(from, to int) {
		for i := from; i < to; i++ {
			row, p := d.Row(i), dst.Row(i)
			least := row[0]
			for _, v := range row {
				least = min(least, v)
			}
			var sum float64
			for k, v := range row {
				e := math.Exp(float64(least-v) / temperature)
				p[k] = T(e)
				sum += e
			}
			for k := range p {
				p[k] = T(float64(p[k]) / sum)
			}
		}
	})
	return nil
}

// softminGradient is what the two gradients of Softmin begin with.
type softminGradient[T lloyd.Float] struct {
	d, p, g     lloyd.Matrix[T]
	temperature float64
}

func newSoftminGradient[T lloyd.Float](in []*tensor.Dense) (s softminGradient[T], err error) {
	if s.d, s.p, err = matrices[T]([]*tensor.Dense{in[0], in[2]}); err != nil {
		return s, err
	}
	if s.g, err = cluster.Rows[T](in[3]); err != nil {
		return s, err
	}
	s.temperature, err = temperatureOf[T](in[1])
	return s, err
}

// mean returns Σ_k p_ik g_ik: with g less that, derivatives of a softmax are products.
func (s *softminGradient[T]) mean(i int) float64 {
	var sum float64
	g := s.g.Row(i)
	for k, p := range s.p.Row(i) {
		sum += float64(p) * float64(g[k])
	}
	return sum
}

// softminDistancesGradient is p_ik (Σ_l p_il g_il − g_ik)/T.
func softminDistancesGradient[T lloyd.Float](out *tensor.Dense, in []*tensor.Dense) error {
	s, err := newSoftminGradient[T](in)
	if err != nil {
		return err
	}
	dst := lloyd.Dense(out.Data().([]T), s.d.N, s.d.D)
	eachBlock(s.d.N, 4*s.d.D, func(from, to int) {
		for i := from; i < to; i++ {
			mean, g, by := s.mean(i), s.g.Row(i), dst.Row(i)
			for k, p := range s.p.Row(i) {
				by[k] = T(float64(p) * (mean - float64(g[k])) / s.temperature)
			}
		}
	})
	return nil
}

// softminTemperatureGradient is Σ_ik p_ik (g_ik − Σ_l p_il g_il) d_ik/T², in which the
// least distance of a row may be taken away from all of them.
func softminTemperatureGradient[T lloyd.Float](out *tensor.Dense, in []*tensor.Dense) error {
	s, err := newSoftminGradient[T](in)
	if err != nil {
		return err
	}
	sums := make([]float64, (s.d.N+blockRows-1)/blockRows)
	eachBlock(s.d.N, 4*s.d.D, func(from, to int) {
		for i := from; i < to; i++ {
			mean, g, d := s.mean(i), s.g.Row(i), s.d.Row(i)
			least := d[0]
			for _, v := range d {
				least = min(least, v)
			}
			for k, p := range s.p.Row(i) {
				sums[from/blockRows] += float64(p) * (float64(g[k]) - mean) * float64(d[k]-least)
			}
		}
	})
	var total float64
	for _, v := range sums {
		total += v
	}
	out.Data().([]T)[0] = T(total / (s.temperature * s.temperature))
	return nil
}
