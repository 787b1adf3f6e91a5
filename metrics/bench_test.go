package metrics

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/seed-fbf9ce71/lloyd"
)

// BenchmarkSilhouette reports the time of one distance: 100 000 rows take 10¹⁰.
func BenchmarkSilhouette(b *testing.B) {
	for _, d := range []int{2, 16, 64, 128} {
		for _, k := range []int{10, 500} {
			b.Run(fmt.Sprintf("float32/%dx%d/k=%d", 4096, d, k), func(b *testing.B) { silhouetteBenchmark[float32](b, 4096, d, k) })
			b.Run(fmt.Sprintf("float64/%dx%d/k=%d", 4096, d, k), func(b *testing.B) { silhouetteBenchmark[float64](b, 4096, d, k) })
		}
	}
}

func silhouetteBenchmark[T lloyd.Float](b *testing.B, n, d, k int) {
	r := rand.New(rand.NewPCG(1, 2))
	x, labels := lloyd.Dense(make([]T, n*d), n, d), make([]int32, n)
	for i := range x.Data {
		x.Data[i] = T(r.NormFloat64())
	}
	for i := range labels {
		labels[i] = int32(r.IntN(k))
	}
	for b.Loop() {
		if _, err := Silhouette(context.Background(), x, labels, SilhouetteOptions{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n)/float64(n), "ns/distance")
}

// BenchmarkHungarian has as many classes and clusters as it takes, at random.
func BenchmarkHungarian(b *testing.B) {
	for _, k := range []int{10, 300, MaxClasses} {
		for _, n := range []int{2 * k, 100 * k} {
			b.Run(fmt.Sprintf("k=%d/n=%d", k, n), func(b *testing.B) {
				r := rand.New(rand.NewPCG(1, 2))
				truth, clusters := make([]int32, n), make([]int32, n)
				for i := range truth {
					truth[i], clusters[i] = int32(r.IntN(k)), int32(r.IntN(k))
				}
				for b.Loop() {
					if _, err := Hungarian(truth, clusters, k); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkAdjustedMutualInformation(b *testing.B) {
	for _, k := range []int{10, 1000, 100_000} {
		b.Run(fmt.Sprintf("k=%d", k), func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			truth, clusters := make([]int32, 1_000_000), make([]int32, 1_000_000)
			for i := range truth {
				truth[i], clusters[i] = int32(r.IntN(k)), int32(float64(k)*r.Float64()*r.Float64())
			}
			for b.Loop() {
				if _, err := AdjustedMutualInformation(truth, clusters, Arithmetic); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
