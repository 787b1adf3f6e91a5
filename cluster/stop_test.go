package cluster

import (
	"errors"
	"math"
	"testing"

	"gorgonia.org/tensor"
)

// TestStopsByItself is vector 5: without a tolerance, a run converges before
// MaxIter on data without structure.
func TestStopsByItself(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 10, noise(random(5), 5000, 10)...)
		m := mustFit(t, KMeans{K: 5, Tol: -1, Init: Given{pick(x, upTo(5)...)}}, x, nil)
		if m.Stopped != Converged || m.Iterations >= 300 || m.Iterations < 5 {
			t.Errorf("%v: %v after %d iterations", dt, m.Stopped, m.Iterations)
		}
		t.Logf("%v: %d iterations", dt, m.Iterations)
	}
}

// TestMaxIter is vectors 20 and 32: exactly MaxIter iterations, and more of them
// are better.
func TestMaxIter(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 4, noise(random(20), 2000, 4)...)
		last := math.Inf(1)
		for _, n := range []int{1, 2, 5, 10} {
			calls := 0
			km := KMeans{K: 10, MaxIter: n, Tol: -1, Init: Given{pick(x, upTo(10)...)}, Observer: func(i Iteration) {
				if calls++; i.Iteration != calls {
					t.Errorf("iteration %d was reported as %d", calls, i.Iteration)
				}
			}}
			m := mustFit(t, km, x, nil)
			if m.Iterations != n || m.Stopped != MaxIterations || m.Converged() || calls != n {
				t.Errorf("%v, MaxIter %d: %d iterations, %d reported, %v, Converged() %v", dt, n, m.Iterations, calls, m.Stopped, m.Converged())
			}
			if !(m.Inertia < last) {
				t.Errorf("%v, MaxIter %d: inertia %v, %v with fewer", dt, n, m.Inertia, last)
			}
			last = m.Inertia
			coherent(t, m, x, nil)
		}
	}
}

// TestAbsTol: a run ends with the first iteration whose shift is at most AbsTol, in squared
// units of the data, with or without Tol.
func TestAbsTol(t *testing.T) {
	x := matrix(4, noise(random(21), 2000, 4)...)
	var shifts []float64
	km := KMeans{K: 10, Tol: -1, Init: Given{pick(x, upTo(10)...)}, Observer: func(i Iteration) { shifts = append(shifts, i.Shift) }}
	mustFit(t, km, x, nil)
	all := shifts
	for _, at := range []int{2, 5} {
		km.AbsTol, shifts = all[at], nil
		m := mustFit(t, km, x, nil)
		first := 0
		for all[first] > all[at] {
			first++
		}
		if m.Stopped != WithinTol || m.Iterations != first+1 {
			t.Errorf("AbsTol %v: %v after %d iterations, want %d", km.AbsTol, m.Stopped, m.Iterations, first+1)
		}
	}
	km.AbsTol, km.Tol, shifts = 1e-300, 1e3, nil // Tol holds first
	if m := mustFit(t, km, x, nil); m.Stopped != WithinTol || m.Iterations != 1 {
		t.Errorf("%v after %d iterations", m.Stopped, m.Iterations)
	}
	for _, tol := range []float64{-1, math.NaN(), math.Inf(1)} {
		if _, err := (KMeans{K: 2, AbsTol: tol}).Fit(t.Context(), x); !errors.Is(err, ErrParameter) {
			t.Errorf("AbsTol %v: %v", tol, err)
		}
	}
}

// TestFittedCentersStay is vector 28: to start from the result changes nothing.
func TestFittedCentersStay(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 6, blobs(random(28), 1000, 6, 7, 3)...)
		m := mustFit(t, KMeans{K: 7, Tol: -1}, x, nil)
		if m.Stopped != Converged {
			t.Fatalf("%v", m.Stopped)
		}
		again := mustFit(t, KMeans{K: 7, Tol: -1, Init: Given{m.Centers}}, x, nil)
		if again.Iterations != 1 || again.Stopped != Converged {
			t.Errorf("%v: %d iterations, %v; want 1, converged", dt, again.Iterations, again.Stopped)
		}
		again.Iterations = m.Iterations
		sameModel(t, "from the result", again, m)
	}
}

// TestTolFormula: a run ends at the first iteration whose shift is at most Tol
// times the mean over the columns of their (weighted, population) variance.
func TestTolFormula(t *testing.T) {
	for _, weighted := range []bool{false, true} {
		r := random(22)
		n, d := 3000, 3
		x := matrix(d, each(n*d, func(i int) float64 { return r.NormFloat64() * float64(1+i%d) })...)
		var weights []float64
		if weighted {
			weights = each(n, func(int) float64 { return float64(r.IntN(3)) })
		}
		variance := meanVariance(numbers(t, x), weights, d)
		var shifts []float64
		km := KMeans{K: 8, Tol: -1, Init: Given{pick(x, upTo(8)...)}, Observer: func(i Iteration) { shifts = append(shifts, i.Shift) }}
		mustFit(t, km, x, weights)
		km.Observer = nil
		for _, at := range []int{0, 3, 10} {
			for _, factor := range []float64{1 + 1e-9, 1 - 1e-9} { // just enough, just too little
				km.Tol = shifts[at] / variance * factor
				want := 0
				for shifts[want] > km.Tol*variance {
					want++
				}
				m := mustFit(t, km, x, weights)
				if m.Iterations != want+1 || m.Stopped != WithinTol || !m.Converged() {
					t.Errorf("weighted %v, Tol %g: %d iterations, %v; want %d, within tolerance", weighted, km.Tol, m.Iterations, m.Stopped, want+1)
				}
				coherent(t, m, x, weights)
			}
		}
		km.Tol = 0
		standard := mustFit(t, km, x, weights)
		km.Tol = 1e-4
		sameModel(t, "Tol 0 and 1e-4", mustFit(t, km, x, weights), standard)
	}
}

// meanVariance is the mean over the columns of their weighted population
// variance.
func meanVariance(rows, weights []float64, d int) float64 {
	n := len(rows) / d
	var mean float64
	for j := range d {
		var total, sum float64
		for i := range n {
			w := 1.0
			if weights != nil {
				w = weights[i]
			}
			total += w
			sum += w * rows[i*d+j]
		}
		center, squares := sum/total, 0.0
		for i := range n {
			w := 1.0
			if weights != nil {
				w = weights[i]
			}
			squares += w * (rows[i*d+j] - center) * (rows[i*d+j] - center)
		}
		mean += squares / total / float64(d)
	}
	return mean
}

// TestConstantRows: data without variance has a tolerance of 0 and stops too.
func TestConstantRows(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 2, 3, 4, 3, 4, 3, 4)
		for _, init := range inits(x, 2) {
			m := mustFit(t, KMeans{K: 2, Init: init}, x, nil)
			if m.Iterations != 1 || m.Stopped != Converged || m.Inertia != 0 || m.Distinct != 1 || m.Empty != 1 {
				t.Errorf("%v %T: %d iterations, %v, inertia %v, %d distinct, %d empty", dt, init, m.Iterations, m.Stopped, m.Inertia, m.Distinct, m.Empty)
			}
		}
	}
}

func TestStopReasonNames(t *testing.T) {
	seen := map[string]bool{}
	for s := Converged; s <= NoImprovement; s++ {
		if seen[s.String()] || s.String() == "" || s.String() == StopReason(99).String() {
			t.Errorf("StopReason %d is called %q", s, s)
		}
		seen[s.String()] = true
	}
}

// TestOneRowOneCluster: the smallest fits there are.
func TestOneRowOneCluster(t *testing.T) {
	for _, dt := range dtypes {
		for _, d := range []int{1, 2, 3, 64} {
			x := matrixOf(dt, d, noise(random(1), 1, d)...)
			for _, init := range inits(x, 1) {
				m := mustFit(t, KMeans{K: 1, Init: init}, x, nil)
				sameNumbers(t, "center", m.Centers, x)
				if m.Inertia != 0 || m.Labels[0] != 0 || m.Counts[0] != 1 {
					t.Errorf("%v D=%d: inertia %v, labels %v", dt, d, m.Inertia, m.Labels)
				}
			}
		}
		x := matrixOf(dt, 3, noise(random(1), 500, 3)...)
		m := mustFit(t, KMeans{K: 1}, x, nil)
		want := meanVariance(numbers(t, x), nil, 3) * 3 * 500
		if relative := map[tensor.Dtype]float64{tensor.Float32: 1e-6, tensor.Float64: 1e-13}[dt]; math.Abs(m.Inertia/want-1) > relative {
			t.Errorf("%v K=1: inertia %v, want %v", dt, m.Inertia, want)
		}
	}
}
