package main

import "fmt"

// implementation is one way to do k-means, or its E-step.
type implementation struct {
	Name   string
	Python bool
	Assign bool // the E-step alone is timed
	Lead   bool // is never cut in its repeats
	Serial bool // uses one thread whatever it is allowed
	Series bool // is shown in the scaling series
	// Cost is about how many nanoseconds a multiply-add takes on one thread. It
	// only decides what is not even tried.
	Cost float64
	// Before is about how many nanoseconds a turn takes besides its iterations;
	// nil is none.
	Before func(s Shape) float64
	Note   string // what to know about its numbers
	// Module is that of a Go implementation, if it is not Lloyd's own.
	Module string
	// New prepares the Go implementations.
	New func(t task) (subject, error)
}

const (
	lloydName = "Lloyd"
	denseName = "Lloyd, plain"
)

// implementations are all that are measured, in the order of the tables.
var implementations = []implementation{
	{Name: lloydName, Lead: true, Series: true, Cost: 0.02, New: newLloyd,
		Note: "`cluster.KMeans` as it is: `Algorithm: Auto`."},
	{Name: denseName, Lead: true, Cost: 0.02, New: newDense,
		Note: "`Algorithm: cluster.Lloyd`: every row against every center in floating point, in every iteration."},

	{Name: "scikit-learn", Python: true, Lead: true, Series: true, Cost: 0.03,
		Note: "`KMeans(algorithm=\"lloyd\", tol=0)`."},
	{Name: "scikit-learn elkan", Python: true, Cost: 0.2,
		Before: func(s Shape) float64 { return 2 * s.work() }, // its first iteration
		Note:   "`KMeans(algorithm=\"elkan\", tol=0)`: N×K bounds; its iterations get faster later than the ones timed here."},
	{Name: "scikit-learn-intelex", Python: true, Lead: true, Cost: 0.03,
		Note: "`sklearnex.cluster.KMeans`, which hands over to oneDAL; threads set by `daal4py.daalinit`."},
	{Name: "FAISS", Python: true, Lead: true, Series: true, Cost: 0.04,
		Note: "`faiss.Kmeans` without subsampling."},
	{Name: "SuperKMeans", Python: true, Lead: true, Cost: 0.05,
		Note: "`hierarchical=False`, no sampling, no early stop. Takes no initial centers: own random rows. Its labels are not exact, by design."},
	{Name: "SciPy", Python: true, Cost: 0.04,
		Note: "`scipy.cluster.vq.kmeans2(minit=\"matrix\")`."},

	{Name: "plain Go", Cost: 1, New: newPlain,
		Note: "a loop as anyone would write it, in this repository: flat float32 rows, float64 sums, rows divided among goroutines."},
	{Name: "muesli/kmeans", Serial: true, Cost: 40, New: newMuesli, Module: "github.com/muesli/kmeans",
		Note: "float64 rows behind an interface, `math.Pow`. Takes no initial centers: its plotter hook puts them in after the first iteration, takes the time, and stops it."},
	{Name: "biogo/cluster", Serial: true, Cost: 1.2, New: newBiogo, Module: "github.com/biogo/cluster",
		Note: "float64 rows. Has no limit on iterations: row weights are chosen so that the centers stay where they are, which ends it after exactly two E-steps and one M-step; half of that is shown (half an M-step in its favour), and no inertia."},
	{Name: "mpraski/clusters", Serial: true, Cost: 1.5, New: newMpraski, Module: "github.com/mpraski/clusters",
		Before: func(s Shape) float64 { return 2 * float64(s.N) * float64(s.K) * float64(s.K) },
		Note:   "float64 rows, squared distance by its function parameter, which also puts in the initial centers except the first, a row of its own choice. Overwrites the caller's rows; they are restored before each turn."},
	{Name: "goml", Serial: true, Cost: 1.2, New: newGoml, Module: "github.com/cdipaolo/goml",
		Before: func(s Shape) float64 { return 1.2 * 2 * s.work() * float64(s.K) / 2 },
		Note:   "float64 rows. Takes no initial centers: own seeding, of N·K²/2 distances, which is in both times that are subtracted. Overwrites the caller's rows; they are restored before each turn."},

	{Name: "NumPy sgemm", Python: true, Assign: true, Lead: true, Cost: 0.03,
		Note: "`numpy.matmul(x, c.T, out=…)`, the products alone by NumPy's OpenBLAS: no argmin, no M-step."},
	{Name: "gonum", Assign: true, Cost: 0.4, New: newGonum, Module: "gonum.org/v1/gonum",
		Note: "`blas32.Gemm` and argmin, by blocks of rows divided among goroutines: the E-step alone."},
	{Name: "viterin/vek", Assign: true, Cost: 0.5, New: newVek, Module: "github.com/viterin/vek",
		Note: "`vek32.Distance` of every row and center (AVX2), rows divided among goroutines: the E-step alone."},
	{Name: "tensor", Assign: true, Cost: 0.8, New: newTensor, Module: "gorgonia.org/tensor",
		Note: "`gorgonia.org/tensor`: `MatMul` with the half norms in an added column, and `Argmax`, by blocks of rows: the E-step alone."},
}

// find returns the implementation of a name.
func find(name string) (implementation, error) {
	for _, of := range implementations {
		if of.Name == name {
			return of, nil
		}
	}
	return implementation{}, fmt.Errorf("no implementation is called %q", name)
}

// refuse says why an implementation is not even tried on a shape; empty if it is.
// limit is in seconds an iteration.
func (of implementation) refuse(s Shape, threads int, limit float64) string {
	if of.Serial {
		threads = 1
	}
	if t := of.Cost * s.work() / 1e9 / float64(threads); t > limit {
		return fmt.Sprintf("> %.0f s", limit)
	}
	if of.Before != nil && of.Before(s)/1e9/float64(threads) > 4*limit {
		return "start-up"
	}
	return ""
}
