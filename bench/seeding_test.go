package bench

import (
	"context"
	"flag"
	"math"
	"slices"
	"testing"
	"time"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// large is for what takes minutes.
var large = flag.Bool("large", false, "run the benchmarks of large K, too: BenchmarkSeedings, BenchmarkHierarchical")

// seedings are the ways to choose initial centers.
var seedings = []struct {
	name string
	init cluster.Init
}{
	{"random", cluster.Random{}},
	{"plain", cluster.KMeansPlusPlus{Candidates: 1}},
	{"greedy", cluster.KMeansPlusPlus{}},
	{"parallel", cluster.KMeansParallel{}},
	{"parallel_2", cluster.KMeansParallel{Oversampling: 2}},
	{"afkmc2", cluster.AFKMC2{}},
}

// BenchmarkSeedings is a fit of at most 20 iterations from each seeding, on all threads, in
// turns with the same from greedy k-means++, one seed an operation: how much faster it is
// (×greedy), and its medians of the inertia of the initial centers and after the fit, per
// row and beside the other. The GaussMixture is that of "Scalable K-Means++", with R the
// variance of the centers.
func BenchmarkSeedings(b *testing.B) {
	sets := []fitted{
		{"set=gaussmixture_R1_10000×15/k=50", 50, mixture(10_000, 15, 50, 1)},
		{"set=gaussmixture_R10_10000×15/k=50", 50, mixture(10_000, 15, 50, math.Sqrt(10))},
		{"set=gaussmixture_R100_10000×15/k=50", 50, mixture(10_000, 15, 50, 10)},
	}
	if *large {
		sets = append(sets,
			fitted{"set=blobs_200000×64/k=1000", 1000, mixture(200_000, 64, 1000, 1)},
			fitted{"set=spectrum_200000×64/k=1000", 1000, spectrum(200_000, 64)},
		)
	}
	for _, f := range sets {
		var x *tensor.Dense
		for _, s := range seedings {
			b.Run(f.name+"/init="+s.name, func(b *testing.B) {
				if x == nil {
					x = f.rows(b)
				}
				var took, first, last [2][]float64
				for b.Loop() {
					for i, init := range []cluster.Init{s.init, cluster.KMeansPlusPlus{}} {
						km := cluster.KMeans{K: f.k, Init: init, Restarts: 1, MaxIter: 20, Seed: uint64(len(took[i]))}
						km.Observer = func(it cluster.Iteration) {
							if it.Iteration == 1 {
								first[i] = append(first[i], it.Inertia)
							}
						}
						m, err := km.Fit(context.Background(), x)
						if err != nil {
							b.Fatal(err)
						}
						took[i], last[i] = append(took[i], m.SeedTime.Seconds()), append(last[i], m.Inertia)
					}
				}
				n := float64(x.Shape()[0])
				b.ReportMetric(1e3*median(took[0]), "ms/seeding")
				b.ReportMetric(median(took[1])/median(took[0]), "×greedy")
				b.ReportMetric(median(first[0])/n, "seeded/row")
				b.ReportMetric(median(first[0])/median(first[1]), "seeded/greedy")
				b.ReportMetric(median(last[0])/n, "fitted/row")
				b.ReportMetric(median(last[0])/median(last[1]), "fitted/greedy")
			})
		}
	}
}

// median returns the median of v, which it sorts.
func median(v []float64) float64 {
	slices.Sort(v)
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// BenchmarkHierarchical is a fit in two levels, of at most 10 iterations each, and the
// given number of iterations with all centers, in turns with KMeans of 10 iterations from
// k-means||, on all threads: how much faster it is (×flat), and its inertia beside the
// other.
func BenchmarkHierarchical(b *testing.B) {
	if !*large {
		b.Skip("takes minutes: give -large")
	}
	for _, f := range []fitted{
		{"set=blobs_200000×64/k=4096", 4096, mixture(200_000, 64, 4096, 1)},
		{"set=overlapping_200000×64/k=4096", 4096, mixture(200_000, 64, 4096, 0.3)},
		{"set=spectrum_200000×64/k=4096", 4096, spectrum(200_000, 64)},
	} {
		b.Run(f.name, func(b *testing.B) {
			x := f.rows(b)
			var took, inertia [4][]float64
			for b.Loop() {
				seed := uint64(len(took[0]))
				for i, fit := range []interface {
					Fit(context.Context, *tensor.Dense) (*cluster.Model, error)
				}{
					cluster.KMeans{K: f.k, Init: cluster.KMeansParallel{}, MaxIter: 10, Tol: -1, Seed: seed},
					cluster.Hierarchical{K: f.k, MaxIter: 10, Tol: -1, Global: -1, Seed: seed},
					cluster.Hierarchical{K: f.k, MaxIter: 10, Tol: -1, Global: 1, Seed: seed},
					cluster.Hierarchical{K: f.k, MaxIter: 10, Tol: -1, Global: 2, Seed: seed},
				} {
					start := time.Now()
					m, err := fit.Fit(context.Background(), x)
					if err != nil {
						b.Fatal(err)
					}
					took[i], inertia[i] = append(took[i], time.Since(start).Seconds()), append(inertia[i], m.Inertia)
				}
			}
			b.ReportMetric(median(took[0]), "s/flat")
			for i, name := range []string{"", "global=none", "global=1", "global=2"} {
				if i > 0 {
					b.ReportMetric(median(took[0])/median(took[i]), "×flat:"+name)
					b.ReportMetric(median(inertia[i])/median(inertia[0]), "inertia/flat:"+name)
				}
			}
		})
	}
}
