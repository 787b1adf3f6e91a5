package main

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// sample returns the numbers of most of n rows, drawn without replacement, or of
// all of them if they are no more; ascending.
func sample(n, most int, seed uint64) []int {
	if n <= most {
		all := make([]int, n)
		for i := range all {
			all[i] = i
		}
		return all
	}
	r := rand.New(rand.NewPCG(seed, uint64(n)))
	// Floyd's sampling (Bentley and Floyd, "Programming Pearls: a sample of
	// brilliance", 1987): as many draws as rows are wanted.
	seen := make(map[int]bool, most)
	chosen := make([]int, 0, most)
	for i := n - most; i < n; i++ {
		row := r.IntN(i + 1)
		if seen[row] {
			row = i
		}
		seen[row] = true
		chosen = append(chosen, row)
	}
	slices.Sort(chosen)
	return chosen
}

// rowsAt returns some rows of a matrix, as it was read, as a matrix; x itself for
// all.
func rowsAt(x *tensor.Dense, chosen []int) *tensor.Dense {
	n, d := x.Shape()[0], x.Shape()[1]
	if len(chosen) == n {
		return x
	}
	shape := tensor.WithShape(len(chosen), d)
	if data, ok := x.Data().([]float32); ok {
		return tensor.New(shape, tensor.WithBacking(gathered(data, d, x.Strides()[0], chosen)))
	}
	return tensor.New(shape, tensor.WithBacking(gathered(x.Data().([]float64), d, x.Strides()[0], chosen)))
}

func gathered[T float32 | float64](data []T, d, stride int, chosen []int) []T {
	out := make([]T, 0, d*len(chosen))
	for _, row := range chosen {
		out = append(out, data[row*stride:][:d]...)
	}
	return out
}

// plane is the two principal components of rows of more than two columns.
type plane struct {
	mean  []float64
	axes  [2][]float64 // of length 1
	share [2]float64   // of the variance
	rows  int          // that it was found from
}

// planeWork bounds the singular value decomposition, in multiplications.
const planeWork = 5e8

// planeOf finds the plane of rows, or of a sample of them where all are too much
// work.
func planeOf(x *tensor.Dense, seed uint64) (*plane, error) {
	n, d := x.Shape()[0], x.Shape()[1]
	// It takes about n·d·min(n, d).
	most := int(math.Sqrt(planeWork / float64(d)))
	if most > d {
		most = int(planeWork / float64(d) / float64(d))
	}
	most = min(n, max(most, 100))
	rows := rowsAt(x, sample(n, most, seed+1))
	m := dense64(rows)
	for i, v := range m.RawMatrix().Data {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("%w: %v in column %d; finite numbers were expected", cluster.ErrInput, v, i%d)
		}
	}
	p := &plane{mean: make([]float64, d), rows: most}
	for j := range d {
		p.mean[j] = stat.Mean(mat.Col(nil, j, m), nil)
	}
	var pc stat.PC
	if most < 2 || !pc.PrincipalComponents(m, nil) {
		return nil, errors.New("the rows have no principal components; at least 2 different rows were expected")
	}
	variances := pc.VarsTo(nil)
	var all float64
	for _, v := range variances {
		all += v
	}
	var vectors mat.Dense
	pc.VectorsTo(&vectors)
	for k := range p.axes {
		p.axes[k] = make([]float64, d)
		if k < len(variances) {
			mat.Col(p.axes[k], k, &vectors)
			if all > 0 {
				p.share[k] = variances[k] / all
			}
		}
		upright(p.axes[k])
	}
	return p, nil
}

// upright turns an axis such that its largest element is positive: the sign that
// comes out of a decomposition is arbitrary.
func upright(axis []float64) {
	var most float64
	for _, v := range axis {
		if math.Abs(v) > math.Abs(most) {
			most = v
		}
	}
	if most < 0 {
		for i := range axis {
			axis[i] = -axis[i]
		}
	}
}

// project returns the places of rows in the plane, N×2.
func (p *plane) project(x *tensor.Dense) *tensor.Dense {
	m := dense64(x)
	n, _ := m.Dims()
	out := make([]float64, 0, 2*n)
	for i := range n {
		row := m.RawRowView(i)
		for _, axis := range p.axes {
			var sum float64
			for j, v := range row {
				sum += axis[j] * (v - p.mean[j])
			}
			out = append(out, sum)
		}
	}
	return tensor.New(tensor.WithShape(n, 2), tensor.WithBacking(out))
}

// dense64 is a copy of a matrix, as it was read or fitted.
func dense64(x *tensor.Dense) *mat.Dense {
	n, d := x.Shape()[0], x.Shape()[1]
	values := make([]float64, 0, n*d)
	stride := x.Strides()[0]
	for i := range n {
		switch data := x.Data().(type) {
		case []float32:
			for _, v := range data[i*stride:][:d] {
				values = append(values, float64(v))
			}
		case []float64:
			values = append(values, data[i*stride:][:d]...)
		}
	}
	return mat.NewDense(n, d, values)
}
