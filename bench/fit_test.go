package bench

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// A fitted data set: rows and initial centers.
type fitted struct {
	name string
	k    int
	rows func(b *testing.B) *tensor.Dense
}

// mixture returns n rows of d columns around k centers that are sep standard
// deviations of the rows from the origin, a column.
func mixture(n, d, k int, sep float64) func(*testing.B) *tensor.Dense {
	return func(*testing.B) *tensor.Dense {
		r := rand.New(rand.NewPCG(3, uint64(n+d)))
		c := make([]float64, k*d)
		for i := range c {
			c[i] = sep * r.NormFloat64()
		}
		x := make([]float32, n*d)
		for i := range n {
			at := r.IntN(k) * d
			for j := range d {
				x[i*d+j] = float32(c[at+j] + r.NormFloat64())
			}
		}
		return tensor.New(tensor.WithShape(n, d), tensor.WithBacking(x))
	}
}

// grid returns n points of the plane around the k crossings of a square grid.
func grid(n, k int) func(*testing.B) *tensor.Dense {
	return func(*testing.B) *tensor.Dense {
		r := rand.New(rand.NewPCG(4, uint64(n)))
		side := int(math.Sqrt(float64(k)))
		x := make([]float32, 2*n)
		for i := range n {
			c := r.IntN(side * side)
			x[2*i] = float32(float64(c%side) + 0.25*r.NormFloat64())
			x[2*i+1] = float32(float64(c/side) + 0.25*r.NormFloat64())
		}
		return tensor.New(tensor.WithShape(n, 2), tensor.WithBacking(x))
	}
}

func digits(b *testing.B) *tensor.Dense {
	d, err := dataset.Digits(tensor.Float32)
	if err != nil {
		b.Fatal(err)
	}
	return d.X
}

// spectrum returns n normal rows of which column j has the variance 1/(1+j), as the
// principal components of embeddings have, more or less.
func spectrum(n, d int) func(*testing.B) *tensor.Dense {
	return func(*testing.B) *tensor.Dense {
		r := rand.New(rand.NewPCG(5, uint64(n+d)))
		x := make([]float32, n*d)
		for i := range x {
			x[i] = float32(r.NormFloat64() / math.Sqrt(float64(1+i%d)))
		}
		return tensor.New(tensor.WithShape(n, d), tensor.WithBacking(x))
	}
}

var fits = []fitted{
	{"set=digits_1797×64/k=10", 10, digits},
	{"set=digits_1797×64/k=100", 100, digits},
	{"set=grid_1000000×2/k=100", 100, grid(1_000_000, 100)},
	{"set=blobs_200000×16/k=256", 256, mixture(200_000, 16, 256, 1)},
	{"set=blobs_100000×32/k=1000", 1000, mixture(100_000, 32, 1000, 1)},
	{"set=overlapping_100000×64/k=100", 100, mixture(100_000, 64, 100, 0.15)},
	{"set=overlapping_50000×768/k=256", 256, mixture(50_000, 768, 256, 0.15)},
	{"set=spectrum_40000×768/k=1000", 1000, spectrum(40_000, 768)},
}

// BenchmarkFit is a whole fit from the same initial centers (k-means++ rows, found
// beforehand) until no row moves, or 100 iterations, on all threads: by Auto, and how
// much faster that is than plain Lloyd in turns with it, medians of the fits. %peak is the
// throughput as if all distances were computed, of the peak of multiply-adds.
func BenchmarkFit(b *testing.B) {
	for _, f := range fits {
		b.Run(f.name, func(b *testing.B) {
			x := f.rows(b)
			seeded, err := cluster.KMeans{K: f.k, MaxIter: 1, Seed: 1}.Fit(context.Background(), x)
			if err != nil {
				b.Fatal(err)
			}
			var times [2][]float64 // seconds
			var iterations int
			for b.Loop() {
				for i, algorithm := range []cluster.Algorithm{cluster.Auto, cluster.Lloyd} {
					m, err := cluster.KMeans{K: f.k, Init: cluster.Given{Centers: seeded.Centers}, MaxIter: 100, Tol: -1, Algorithm: algorithm}.Fit(context.Background(), x)
					if err != nil {
						b.Fatal(err)
					}
					times[i] = append(times[i], m.IterateTime.Seconds())
					if i == 1 && m.Iterations != iterations {
						b.Fatal(fmt.Errorf("%d iterations, %d by Auto", m.Iterations, iterations))
					}
					iterations = m.Iterations
				}
			}
			for i := range times {
				slices.Sort(times[i])
			}
			auto, plain := times[0][len(times[0])/2], times[1][len(times[1])/2]
			b.ReportMetric(auto*1e3, "ms/fit")
			b.ReportMetric(plain/auto, "×lloyd")
			b.ReportMetric(float64(iterations), "iterations")
			level, err := lloyd.Level()
			if err != nil {
				b.Fatal(err)
			}
			n, d := x.Shape()[0], x.Shape()[1]
			operations := 2 * float64(n) * float64(d) * float64(f.k) * float64(iterations)
			b.ReportMetric(100*operations/auto/Peak(level, 4, 10*time.Millisecond)/float64(runtime.GOMAXPROCS(0)), "%peak")
		})
	}
}
