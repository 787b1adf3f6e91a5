package graph

import (
	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// The gradients of Σ g_ik ‖x_i − c_k‖² are 2 Σ_k g_ik (x_i − c_k) by row i and
// 2 Σ_i g_ik (c_k − x_i) by center k. The sums of products that they are made of are
// inner products, for the kernel of lloyd.DotRows, and about the mean of the centers,
// which keeps the digits that a distance from the origin would cost.

// gradientParts is the number of parts into which rows are divided for sums over them,
// each a run of blocks. It is the same for any number of threads, and so are the sums.
const gradientParts = 32

// distancesInput is what the two gradients begin with.
type distancesInput[T lloyd.Float] struct {
	x, c, g lloyd.Matrix[T]
	origin  []T
	dst     lloyd.Matrix[T]
}

func newDistancesInput[T lloyd.Float](out *tensor.Dense, in []*tensor.Dense) (d distancesInput[T], err error) {
	if d.x, d.c, err = matrices[T](in); err != nil {
		return d, err
	}
	if d.g, err = cluster.Rows[T](in[2]); err != nil {
		return d, err
	}
	d.origin = make([]T, d.c.D)
	for j := range d.origin {
		var sum float64
		for k := range d.c.N {
			sum += float64(d.c.Row(k)[j])
		}
		d.origin[j] = T(sum / float64(d.c.N))
	}
	d.dst = lloyd.Dense(out.Data().([]T), out.Shape()[0], out.Shape()[1])
	return d, nil
}

// columnsInto sets the rows of dst to the columns of m, less the origin, and the last
// row, which m has no column for, to ones, if dst has it.
func columnsInto[T lloyd.Float](dst, m lloyd.Matrix[T], origin []T) {
	for i := range m.N {
		at := i
		for j, v := range m.Row(i) {
			if origin != nil {
				v -= origin[j]
			}
			dst.Data[at] = v
			at += dst.LD
		}
		if dst.N > m.D {
			dst.Data[at] = 1
		}
	}
}

func distancesByRows[T lloyd.Float](out *tensor.Dense, in []*tensor.Dense) error {
	d, err := newDistancesInput[T](out, in)
	if err != nil {
		return err
	}
	columns := lloyd.Dense(make([]T, (d.c.D+1)*d.c.N), d.c.D+1, d.c.N)
	columnsInto(columns, d.c, d.origin)
	eachBlock(d.x.N, d.c.N*d.c.D, func(from, to int) {
		x, g := d.x.Rows(from, to), d.g.Rows(from, to)
		var products, sums [blockRows]T
		must(lloyd.DotRows(sums[:], g, columns.Row(d.c.D)))
		for j, origin := range d.origin {
			must(lloyd.DotRows(products[:], g, columns.Row(j)))
			for i := range x.N {
				d.dst.Row(from + i)[j] = 2 * (sums[i]*(x.Row(i)[j]-origin) - products[i])
			}
		}
	})
	return nil
}

func distancesByCenters[T lloyd.Float](out *tensor.Dense, in []*tensor.Dense) error {
	d, err := newDistancesInput[T](out, in)
	if err != nil {
		return err
	}
	// totals[j·K+k] is Σ g_ik (x_ij − origin_j), and with j = D it is Σ g_ik.
	blocks := (d.x.N + blockRows - 1) / blockRows
	size := blockRows * ((blocks + gradientParts - 1) / gradientParts) // rows of a part
	parts := make([][]float64, (d.x.N+size-1)/size)
	each(len(parts), size*d.c.N*d.c.D, func(part int) {
		totals := make([]float64, (d.c.D+1)*d.c.N)
		columns := lloyd.Dense(make([]T, (d.c.D+1)*blockRows), d.c.D+1, blockRows)
		weights := lloyd.Dense(make([]T, d.c.N*blockRows), d.c.N, blockRows)
		products := make([]T, d.c.N)
		for from := part * size; from < min(d.x.N, (part+1)*size); from += blockRows {
			to := min(d.x.N, from+blockRows)
			weights.D = to - from
			columnsInto(columns, d.x.Rows(from, to), d.origin)
			columnsInto(weights, d.g.Rows(from, to), nil)
			for j := range columns.N {
				must(lloyd.DotRows(products, weights, columns.Row(j)[:to-from]))
				for k, v := range products {
					totals[j*d.c.N+k] += float64(v)
				}
			}
		}
		parts[part] = totals
	})
	totals := parts[0]
	for _, p := range parts[1:] {
		for i, v := range p {
			totals[i] += v
		}
	}
	for k := range d.c.N {
		weight := totals[d.c.D*d.c.N+k]
		for j, v := range d.c.Row(k) {
			d.dst.Row(k)[j] = T(2 * (weight*float64(v-d.origin[j]) - totals[j*d.c.N+k]))
		}
	}
	return nil
}
