package cluster

import (
	"context"
	"runtime"
	"sync"
	"testing"

	"gorgonia.org/tensor"
)

// TestThreadsAndLevels is vector 34 done properly: labels, centers and inertia
// have the same bits for every number of threads, and on every kernel level
// those of every other, on many more rows than blocks of work.
func TestThreadsAndLevels(t *testing.T) {
	n, d, k, most := 50_000, 33, 29, 12
	threads := []int{1, 2, 3, 7, 16}
	if testing.Short() {
		n, most, threads = 4_500, 3, []int{1, 3, 16}
	}
	r := random(34)
	rows := blobs(r, n, d, k+3, 1)
	weights := each(n, func(int) float64 { return r.ExpFloat64() })
	for _, dt := range dtypes {
		t.Run(dt.String(), func(t *testing.T) {
			x := matrixOf(dt, d, rows...)
			given := Given{pick(x, upTo(k)...)}
			for _, c := range []struct {
				name    string
				km      KMeans
				weights []float64
			}{
				{"given", KMeans{K: k, Init: given, MaxIter: most, Tol: -1}, nil},
				{"k-means++, weighted", KMeans{K: k, Seed: 1, MaxIter: min(most, 4)}, weights},
			} {
				t.Run(c.name, func(t *testing.T) {
					var want *Model
					forEachLevel(t, func(t *testing.T) {
						for _, threads := range threads {
							c.km.Threads = threads
							m := mustFit(t, c.km, x, c.weights)
							if want == nil {
								want = m
								t.Logf("%d iterations, inertia %v", m.Iterations, m.Inertia)
							}
							sameModel(t, "with other threads or another level", m, want)
						}
						coherent(t, want, x, c.weights)
					})
				})
			}
		})
	}
}

// TestGOMAXPROCS: nor do they depend on the processors that the program may use.
func TestGOMAXPROCS(t *testing.T) {
	n := 20_000
	if testing.Short() {
		n = 6_000
	}
	x := matrixOf(tensor.Float32, 33, blobs(random(35), n, 33, 29, 1)...)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var want *Model
	var labels []int32
	var distances *tensor.Dense
	var score float64
	for _, procs := range []int{1, 2, 5} {
		runtime.GOMAXPROCS(procs)
		m := mustFit(t, KMeans{K: 29, Seed: 2, MaxIter: 3}, x, nil)
		l, d, s := mustPredict(t, m, x), mustTransform(t, m, x), mustScore(t, m, x)
		if want == nil {
			want, labels, distances, score = m, l, d, s
		}
		sameModel(t, "fit", m, want)
		sameLabels(t, "predict", l, labels)
		sameNumbers(t, "transform", d, distances)
		if s != score {
			t.Errorf("score %v with %d processors, %v with 1", s, procs, score)
		}
	}
}

// TestStepsAndThreads: the steps by themselves, too.
func TestStepsAndThreads(t *testing.T) {
	for _, dt := range dtypes {
		r := random(36)
		x := matrixOf(dt, 17, noise(r, 30_000, 17)...)
		centers := pick(x, upTo(19)...)
		weights := each(30_000, func(int) float64 { return r.Float64() })
		var labels []int32
		var inertia float64
		var means *tensor.Dense
		for _, threads := range []int{1, 2, 7, 0} {
			a, err := EStep(t.Context(), x, centers, threads)
			if err != nil {
				t.Fatal(err)
			}
			s, err := MStep(t.Context(), x, a.Labels, weights, 19, threads)
			if err != nil {
				t.Fatal(err)
			}
			c, err := s.Centers(centers)
			if err != nil {
				t.Fatal(err)
			}
			if labels == nil {
				labels, inertia, means = a.Labels, a.Inertia, c
			}
			sameLabels(t, "labels", a.Labels, labels)
			sameNumbers(t, "centers", c, means)
			if a.Inertia != inertia {
				t.Errorf("inertia %v with %d threads, %v with 1", a.Inertia, threads, inertia)
			}
		}
	}
}

// TestConcurrentFits: any number of fits, and of calls of one model, at a time.
func TestConcurrentFits(t *testing.T) {
	for _, dt := range dtypes {
		x := matrixOf(dt, 9, blobs(random(37), 6000, 9, 8, 2)...)
		km := KMeans{K: 8, Seed: 4, Threads: 3, MaxIter: 5}
		want := mustFit(t, km, x, nil)
		distances, score := mustTransform(t, want, x), mustScore(t, want, x)
		shared := fromCentersOf(t, want.Centers) // with nothing packed yet
		other := matrixOf(map[tensor.Dtype]tensor.Dtype{tensor.Float32: tensor.Float64, tensor.Float64: tensor.Float32}[dt], 9, numbers(t, x)...)
		otherLabels := mustPredict(t, fromCentersOf(t, want.Centers), other)
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				ctx := context.Background()
				switch i % 4 {
				case 0, 1:
					m, err := km.Fit(ctx, x)
					if err != nil {
						t.Error(err)
						return
					}
					if m.Inertia != want.Inertia {
						t.Errorf("inertia %v, alone %v", m.Inertia, want.Inertia)
					}
					labels, err := shared.Predict(ctx, x)
					if err != nil || !samePartition(labels, want.Labels, 8) || labels[0] != want.Labels[0] {
						t.Errorf("other labels, %v", err)
					}
				case 2:
					labels, err := shared.Predict(ctx, other)
					if err != nil || !samePartition(labels, otherLabels, 8) {
						t.Errorf("other labels for the other dtype, %v", err)
					}
				case 3:
					d, err := shared.Transform(ctx, x)
					if err != nil || d.Shape()[0] != distances.Shape()[0] {
						t.Errorf("%v", err)
					}
					if s, err := shared.Score(ctx, x); err != nil || s != score {
						t.Errorf("score %v, alone %v, %v", s, score, err)
					}
				}
			})
		}
		wg.Wait()
	}
}
