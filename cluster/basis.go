package cluster

import (
	"context"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/seed-fbf9ce71/lloyd"
)

// sampleRows is the number of rows from which directions are taken, flatRows that from
// which it is seen whether there are any.
const sampleRows, flatRows = 2048, 512

// sample is some rows of the data, evenly spread, less their mean, and the same
// transposed.
type sample[T element] struct {
	rows, columns lloyd.Matrix[T] // n×D, D×n
	mean          []T
	energy        float64 // Σ‖row‖²
}

// newSample takes a sample of at most n rows of x.
func newSample[T element](c *crew, x lloyd.Matrix[T], n int) *sample[T] {
	const some = 64 // rows that are taken at a time
	n = min(x.N, n)
	parts := (n + some - 1) / some
	s := &sample[T]{
		rows: lloyd.Dense(make([]T, n*x.D), n, x.D), columns: lloyd.Dense(make([]T, n*x.D), x.D, n), mean: make([]T, x.D),
	}
	sums, energies := lloyd.Dense(make([]float64, parts*x.D), parts, x.D), make([]float64, parts)
	c.eachOf(parts, some*x.D, func(i int) {
		sum := sums.Row(i)
		for at := i * some; at < min(n, (i+1)*some); at++ {
			row := x.Row(at * x.N / n)
			copy(s.rows.Row(at), row)
			for j, v := range row {
				sum[j] += float64(v)
			}
		}
	})
	for j := range s.mean {
		var sum float64
		for i := range parts {
			sum += sums.Row(i)[j]
		}
		s.mean[j] = T(sum / float64(n))
	}
	c.eachOf(parts, some*x.D, func(i int) {
		from, to := i*some, min(n, (i+1)*some)
		var energy float64
		for at := from; at < to; at++ {
			row := s.rows.Row(at)
			for j, m := range s.mean {
				row[j] -= m
				energy += float64(row[j]) * float64(row[j])
			}
		}
		energies[i] = energy
		transpose(lloyd.Matrix[T]{Data: s.columns.Data[from:], N: x.D, D: to - from, LD: n}, s.rows.Rows(from, to))
	})
	for _, e := range energies {
		s.energy += e
	}
	return s
}

// principal returns about the m first principal directions of the sample (m×D, rows of
// norm 1), about in the order of their energy: randomised subspace iteration (Halko,
// Martinsson and Tropp, "Finding structure with randomness", SIAM Review 2011, algorithm
// 4.4), which begins with rows of the sample. The first of them span about the space of as
// many principal directions, as each is orthogonal to those before it.
func (s *sample[T]) principal(ctx context.Context, c *crew, m, turns int) (lloyd.Matrix[T], error) {
	n, d := s.rows.N, s.rows.D
	v, y := lloyd.Dense(make([]T, m*d), m, d), lloyd.Dense(make([]T, n*m), n, m)
	turned, w := lloyd.Dense(make([]T, m*n), m, n), lloyd.Dense(make([]T, d*m), d, m)
	for i := range m {
		copy(v.Row(i), s.rows.Row(i*n/m))
	}
	for turn := range turns {
		if err := multiply(ctx, c, y, s.rows, v); err != nil {
			return v, err
		}
		transpose(turned, y)
		if err := multiply(ctx, c, w, s.columns, turned); err != nil {
			return v, err
		}
		transpose(v, w)
		passes := 1 // enough to go on with
		if turn == turns-1 {
			passes = 2
		}
		orthonormalise(v, passes)
	}
	return v, nil
}

// flat reports whether the sample has no principal directions, like noise, of which the first
// ones of a sample hold up to (1 + √(D/n))² times their part of the energy (Marchenko and
// Pastur, "Distribution of eigenvalues for some sets of random matrices", 1967).
func (s *sample[T]) flat(ctx context.Context, c *crew) (bool, error) {
	const few, margin = 8, 1.2
	d := float64(s.rows.D)
	first, err := s.principal(ctx, c, few, 2)
	if err != nil {
		return false, err
	}
	share, err := s.share(ctx, c, first)
	edge := 1 + math.Sqrt(d/float64(s.rows.N))
	return share < margin*edge*edge*few/d, err
}

// share returns the share of the sample's energy in the space that the rows of v, which are
// orthonormal, span.
func (s *sample[T]) share(ctx context.Context, c *crew, v lloyd.Matrix[T]) (float64, error) {
	y := lloyd.Dense(make([]T, s.rows.N*v.N), s.rows.N, v.N)
	if err := multiply(ctx, c, y, s.rows, v); err != nil {
		return 0, err
	}
	var sum float64
	for _, e := range y.Data {
		sum += float64(e) * float64(e)
	}
	return sum / s.energy, nil
}

// orthonormalise makes the rows of v (m×D, m ≤ D) orthonormal, as far as its dtype goes,
// each with the ones before it, in the space that they span: in two passes by the Cholesky
// factor of their products (Fukaya et al., "CholeskyQR2", 2014), or about so in one. Rows
// that hardly differ are left as they are.
func orthonormalise[T element](v lloyd.Matrix[T], passes int) {
	m := v.N
	a, columns := float64s(v), lloyd.Dense(make([]float64, m*v.D), v.D, m)
	inverse := lloyd.Dense(make([]float64, m*m), m, m)
	for range passes {
		var cholesky mat.Cholesky
		if !cholesky.Factorize(mat.NewSymDense(m, products(a, a).Data)) {
			return
		}
		var l, inverted mat.TriDense
		cholesky.LTo(&l)
		if inverted.InverseTri(&l) != nil {
			return
		}
		for i := range m {
			for k := range i + 1 {
				inverse.Row(i)[k] = inverted.At(i, k)
			}
		}
		transpose(columns, a)
		a = products(inverse, columns)
	}
	for i := range m {
		for j, e := range a.Row(i) {
			v.Row(i)[j] = T(e)
		}
	}
}

// products returns the inner products of the rows of x (N×D) and v (M×D), N×M.
func products[T element](x, v lloyd.Matrix[T]) lloyd.Matrix[T] {
	dst := lloyd.Dense(make([]T, x.N*v.N), x.N, v.N)
	p, err := lloyd.NewProjection(v, make([]T, v.D))
	must(err)
	must(p.Apply(dst, x, nil))
	return dst
}

// transpose sets dst (M×N) to x (N×M) transposed.
func transpose[T element](dst, x lloyd.Matrix[T]) {
	const side = 16 // of the squares that are transposed one by one
	for from := 0; from < x.N; from += side {
		to := min(from+side, x.N)
		for left := 0; left < x.D; left += side {
			for k := left; k < min(left+side, x.D); k++ {
				out := dst.Row(k)
				for i := from; i < to; i++ {
					out[i] = x.Data[i*x.LD+k]
				}
			}
		}
	}
}

// float64s is a copy of x in float64.
func float64s[T element](x lloyd.Matrix[T]) lloyd.Matrix[float64] {
	a := lloyd.Dense(make([]float64, x.N*x.D), x.N, x.D)
	for i := range x.N {
		row := a.Row(i)
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
// of VVᵀ − I, computed in float64.
func deviation[T element](v lloyd.Matrix[T]) float64 {
	a := float64s(v)
	gram := products(a, a)
	var sum, trace float64
	for i := range v.N {
		trace += gram.Row(i)[i]
		for j, e := range gram.Row(i) {
			if i == j {
				e--
			}
			sum += e * e
		}
	}
	// The rounding of all products: Projection.Rounding, at most, times the norms.
	return math.Sqrt(sum)*(1+1e-9) + float64(v.D+16)*0x1p-52*(trace+1)
}
