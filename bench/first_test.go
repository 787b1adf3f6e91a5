package bench

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// BenchmarkFirst is the E-step of the first iteration on rows of a decaying spectrum, with
// the first rows as centers, so that nothing is known yet and no center is a mean, on all
// threads: by Auto, and how much faster that is than plain Lloyd in turns with it (×dense). In
// the phase turned the rows are turned, so that no column says more than another.
func BenchmarkFirst(b *testing.B) {
	level, err := lloyd.Level()
	if err != nil {
		b.Fatal(err)
	}
	for _, s := range []struct {
		shape
		turned bool
	}{
		{shape{100_000, 768, 1000}, false}, {shape{100_000, 1536, 1000}, false},
		{shape{100_000, 768, 4096}, false}, {shape{100_000, 1536, 4096}, false},
		{shape{100_000, 768, 1000}, true},
	} {
		phase := "as they are"
		if s.turned {
			phase = "turned"
		}
		b.Run(fmt.Sprintf("level=%s/dtype=float32/%s/phase=%s", level, s, phase), func(b *testing.B) {
			x := spectrum(s.n, s.d)(b)
			rows := x.Data().([]float32)
			if s.turned {
				turn(rows, s.d)
			}
			centers := tensor.New(tensor.WithShape(s.k, s.d), tensor.WithBacking(rows[:s.k*s.d]))
			var times [2]time.Duration
			for b.Loop() {
				for i, algorithm := range []cluster.Algorithm{cluster.Auto, cluster.Lloyd} {
					_, err := cluster.KMeans{
						K: s.k, Init: cluster.Given{Centers: centers}, MaxIter: 1, Algorithm: algorithm, WithoutInertia: true,
						Observer: func(it cluster.Iteration) { times[i] += it.Assign },
					}.Fit(context.Background(), x)
					if err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(times[0].Seconds()/float64(b.N)*1e3, "ms/E-step")
			b.ReportMetric(times[1].Seconds()/times[0].Seconds(), "×dense")
		})
	}
}

// turn turns rows of d columns by an orthogonal matrix, in place: columns are dealt to blocks
// of 256, to each of which the matrix of Hadamard is applied.
func turn(x []float32, d int) {
	const size = 256
	order := rand.New(rand.NewPCG(11, uint64(d))).Perm(d)
	dealt := make([]float32, d)
	for i := 0; i < len(x); i += d {
		for j, from := range order {
			dealt[j] = x[i+from]
		}
		for block := 0; block < d; block += size {
			v := dealt[block : block+size]
			for half := 1; half < size; half *= 2 {
				for at := 0; at < size; at += 2 * half {
					for j := at; j < at+half; j++ {
						v[j], v[j+half] = v[j]+v[j+half], v[j]-v[j+half]
					}
				}
			}
		}
		for j, v := range dealt {
			x[i+j] = v / float32(math.Sqrt(size))
		}
	}
}
