package cluster

import (
	"context"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/seed-fbf9ce71/lloyd"
)

// sampleRows is the number of rows from which directions are taken.
const sampleRows = 2048

// sample is some rows of the data, evenly spread, less their mean, and the same
// transposed.
type sample[T element] struct {
	rows, columns lloyd.Matrix[T] // n×D, D×n
	mean          []T
	energy        float64 // Σ‖row‖²
}

// newSample takes the sample of x.
func newSample[T element](x lloyd.Matrix[T]) *sample[T] {
	n := min(x.N, sampleRows)
	s := &sample[T]{
		rows: lloyd.Dense(make([]T, n*x.D), n, x.D), columns: lloyd.Dense(make([]T, n*x.D), x.D, n), mean: make([]T, x.D),
	}
	sum := make([]float64, x.D)
	for i := range n {
		for j, v := range x.Row(i * x.N / n) {
			sum[j] += float64(v)
		}
	}
	for j, v := range sum {
		s.mean[j] = T(v / float64(n))
	}
	for i := range n {
		for j, v := range x.Row(i * x.N / n) {
			e := v - s.mean[j]
			s.rows.Row(i)[j], s.columns.Row(j)[i] = e, e
			s.energy += float64(e) * float64(e)
		}
	}
	return s
}

// principal returns about the m first principal directions of the sample (m×D, rows of
// norm 1), the one with most of the energy first, and the share of the energy that each
// has: randomised subspace iteration and Rayleigh–Ritz (Halko, Martinsson and Tropp,
// "Finding structure with randomness", SIAM Review 2011, algorithms 4.4 and 5.3), which
// begins with rows of the sample.
func (s *sample[T]) principal(ctx context.Context, c *crew, m, turns int) (lloyd.Matrix[T], []float64, error) {
	n, d := s.rows.N, s.rows.D
	v, y := lloyd.Dense(make([]T, m*d), m, d), lloyd.Dense(make([]T, n*m), n, m)
	turned, w := lloyd.Dense(make([]T, m*n), m, n), lloyd.Dense(make([]T, d*m), d, m)
	for i := range m {
		copy(v.Row(i), s.rows.Row(i*n/m))
	}
	orthonormalise(v)
	for range turns {
		if err := multiply(ctx, c, y, s.rows, v); err != nil {
			return v, nil, err
		}
		transpose(turned, y)
		if err := multiply(ctx, c, w, s.columns, turned); err != nil {
			return v, nil, err
		}
		transpose(v, w)
		orthonormalise(v)
	}
	if err := multiply(ctx, c, y, s.rows, v); err != nil {
		return v, nil, err
	}
	var gram mat.SymDense
	gram.SymOuterK(1, float64s(y).T())
	var eigen mat.EigenSym
	shares := make([]float64, m)
	if !eigen.Factorize(&gram, true) {
		return v, shares, nil // no order among them, which is no harm
	}
	var vectors, rotated mat.Dense
	eigen.VectorsTo(&vectors)
	rotated.Mul(vectors.T(), float64s(v))
	values := eigen.Values(nil) // ascending
	for k := range m {
		shares[k] = values[m-1-k] / s.energy
		for j, e := range rotated.RawRowView(m - 1 - k) {
			v.Row(k)[j] = T(e)
		}
	}
	return v, shares, nil
}

// orthonormalise makes the rows of v (m×D, m ≤ D) orthonormal, as far as its dtype goes,
// in the space that they span: twice by the Cholesky factor of their products
// (Fukaya et al., "CholeskyQR2", 2014). Rows that hardly differ are left as they are.
func orthonormalise[T element](v lloyd.Matrix[T]) {
	a := float64s(v)
	for range 2 {
		var gram mat.SymDense
		gram.SymOuterK(1, a)
		var cholesky mat.Cholesky
		if !cholesky.Factorize(&gram) {
			return
		}
		var l mat.TriDense
		cholesky.LTo(&l)
		blas64.Trsm(blas.Left, blas.NoTrans, 1, l.RawTriangular(), a.RawMatrix())
	}
	for i := range v.N {
		for j, e := range a.RawRowView(i) {
			v.Row(i)[j] = T(e)
		}
	}
}

// transpose sets dst (M×N) to x (N×M) transposed.
func transpose[T element](dst, x lloyd.Matrix[T]) {
	for i := range x.N {
		for k, e := range x.Row(i) {
			dst.Data[k*dst.LD+i] = e
		}
	}
}

// float64s is a copy of x for gonum.
func float64s[T element](x lloyd.Matrix[T]) *mat.Dense {
	a := mat.NewDense(x.N, x.D, nil)
	for i := range x.N {
		row := a.RawRowView(i)
		for j, e := range x.Row(i) {
			row[j] = float64(e)
		}
	}
	return a
}

// multiply sets dst (N×M) to the inner products of the rows of x (N×D) and v (M×D).
func multiply[T element](ctx context.Context, c *crew, dst, x, v lloyd.Matrix[T]) error {
	p, err := lloyd.NewProjection(v, make([]T, v.D))
	if err != nil {
		return err
	}
	return project(ctx, c, p, dst, x)
}

// project applies a projection to all rows of x.
func project[T element](ctx context.Context, c *crew, p *lloyd.Projection[T], dst, x lloyd.Matrix[T]) error {
	spaces := make([]lloyd.Workspace[T], c.workers(x.N, x.D*p.M()))
	return c.each(ctx, x.N, x.D*p.M(), func(worker, from, to int) {
		must(p.Apply(dst.Rows(from, to), x.Rows(from, to), &spaces[worker]))
	})
}

// deviation is a bound of how far the rows of v are from orthonormal: the Frobenius norm
// of VVᵀ − I.
func deviation[T element](v lloyd.Matrix[T]) float64 {
	var gram mat.SymDense
	gram.SymOuterK(1, float64s(v))
	var sum float64
	for i := range v.N {
		for j := range v.N {
			e := gram.At(i, j)
			if i == j {
				e--
			}
			sum += e * e
		}
	}
	return math.Sqrt(sum)*(1+1e-9) + 1e-13
}
