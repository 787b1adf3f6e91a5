package metrics

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// gauss returns n rows of d columns, ld apart, with gaps of NaN, and a label
// below k of each, at which the rows lie.
func gauss[T lloyd.Float](seed uint64, n, d, ld, k int) (lloyd.Matrix[T], []int32) {
	r := rand.New(rand.NewPCG(seed, 0))
	x, labels := lloyd.Matrix[T]{Data: make([]T, n*ld), N: n, D: d, LD: ld}, make([]int32, n)
	for i := range x.Data {
		x.Data[i] = T(math.NaN())
	}
	for i := range labels {
		labels[i] = int32(r.IntN(k))
		for j, row := 0, x.Row(i); j < d; j++ {
			row[j] = T(r.NormFloat64() + 1.5*float64(labels[i]))
		}
	}
	return x, labels
}

// defined are the silhouettes by their definition, in float64.
func defined[T lloyd.Float](x lloyd.Matrix[T], labels []int32) []float64 {
	values := make([]float64, x.N)
	for i := range values {
		sums, sizes := map[int32]float64{}, map[int32]float64{}
		for j := range x.N {
			if i == j {
				continue
			}
			var d float64
			for c, v := range x.Row(i) {
				d += (float64(v) - float64(x.Row(j)[c])) * (float64(v) - float64(x.Row(j)[c]))
			}
			sums[labels[j]] += math.Sqrt(d)
			sizes[labels[j]]++
		}
		b := math.Inf(1)
		for label, sum := range sums {
			if label != labels[i] {
				b = min(b, sum/sizes[label])
			}
		}
		if n := sizes[labels[i]]; n > 0 {
			a := sums[labels[i]] / n
			if a != b {
				values[i] = (b - a) / max(a, b)
			}
		}
	}
	return values
}

func TestSilhouetteByDefinition(t *testing.T) {
	t.Run("float32", func(t *testing.T) { silhouetteByDefinition[float32](t, float32Tolerance) })
	t.Run("float64", func(t *testing.T) { silhouetteByDefinition[float64](t, func(int) float64 { return 1e-12 }) })
}

func silhouetteByDefinition[T lloyd.Float](t *testing.T, tolerance func(d int) float64) {
	for _, n := range []int{3, 4, 63, 64, 65, 127, 129, 530} {
		for _, d := range []int{1, 2, 3, 8, 17, 65, 600} {
			if n*n*d > 5_000_000 {
				continue
			}
			for _, k := range []int{2, 5, n / 2} {
				x, labels := gauss[T](uint64(n+d), n, d, d+n%3, max(2, k))
				labels[0], labels[1], labels[2] = 0, 1, 0
				want := defined(x, labels)
				got, err := Silhouette(context.Background(), x, labels, SilhouetteOptions{})
				if err != nil {
					t.Fatal(err)
				}
				var mean float64
				for i, v := range want {
					near(t, fmt.Sprintf("%d×%d, k=%d, row %d", n, d, k, i), got.Values[i], v, tolerance(d))
					mean += v / float64(n)
				}
				near(t, "mean", got.Mean, mean, tolerance(d))
				if t.Failed() {
					t.FailNow()
				}
			}
		}
	}
}

// Values do not depend on threads or kernels, and only the sample's seed draws
// the sample.
func TestSilhouetteIsDeterministic(t *testing.T) {
	t.Run("float32", silhouetteIsDeterministic[float32])
	t.Run("float64", silhouetteIsDeterministic[float64])
}

func silhouetteIsDeterministic[T lloyd.Float](t *testing.T) {
	ctx := context.Background()
	x, labels := gauss[T](1, 700, 19, 19, 6)
	data := slices.Clone(x.Data)
	want, err := Silhouette(ctx, x, labels, SilhouetteOptions{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	sampled, err := Silhouette(ctx, x, labels, SilhouetteOptions{Threads: 1, Limit: 699, Sample: 100, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	if len(sampled.Rows) != 100 || !slices.IsSorted(sampled.Rows) || len(slices.Compact(slices.Clone(sampled.Rows))) != 100 {
		t.Fatalf("rows %v", sampled.Rows)
	}
	for i, row := range sampled.Rows {
		if sampled.Values[i] != want.Values[row] {
			t.Fatalf("row %d has %v in the sample, %v among all", row, sampled.Values[i], want.Values[row])
		}
	}
	if off := math.Abs(sampled.Mean - want.Mean); off == 0 || off > 4*sampled.StandardError || sampled.StandardError > 0.05 {
		t.Errorf("mean %v of a sample, standard error %v; of all %v", sampled.Mean, sampled.StandardError, want.Mean)
	}
	other, err := Silhouette(ctx, x, labels, SilhouetteOptions{Limit: 1, Sample: 100, Seed: 4})
	if err != nil || slices.Equal(other.Rows, sampled.Rows) {
		t.Errorf("another seed: %v, %v", other, err)
	}
	for _, level := range kernel.Supported() {
		previous, err := kernel.Use(level)
		if err != nil {
			t.Fatal(err)
		}
		for _, threads := range []int{0, 1, 2, 3, 7, 64} {
			got, err := Silhouette(ctx, x, labels, SilhouetteOptions{Threads: threads})
			if err != nil || got.Mean != want.Mean || !slices.Equal(got.Values, want.Values) {
				t.Errorf("%v, %d threads: mean %v, %v; want %v", level, threads, got, err, want.Mean)
			}
			got, err = Silhouette(ctx, x, labels, SilhouetteOptions{Threads: threads, Limit: 500, Sample: 100, Seed: 3})
			if err != nil || got.Mean != sampled.Mean || got.StandardError != sampled.StandardError || !slices.Equal(got.Rows, sampled.Rows) {
				t.Errorf("%v, %d threads, sampled: mean %v, %v; want %v", level, threads, got, err, sampled.Mean)
			}
		}
		if _, err := kernel.Use(previous); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(data, x.Data) {
		t.Error("the rows were changed")
	}
}

// Options that ask for every row, and for one.
func TestSilhouetteSampleSizes(t *testing.T) {
	x, labels := gauss[float64](2, 50, 2, 2, 3)
	for _, o := range []SilhouetteOptions{{}, {Limit: 50, Sample: 1}, {Limit: 1, Sample: 50}, {Limit: 1}, {Limit: math.MaxInt, Sample: math.MaxInt}} {
		s, err := Silhouette(context.Background(), x, labels, o)
		if err != nil || s.Rows != nil || len(s.Values) != 50 || s.StandardError != 0 {
			t.Errorf("%+v: %+v, %v", o, s, err)
		}
	}
	s, err := Silhouette(context.Background(), x, labels, SilhouetteOptions{Limit: 49, Sample: 1})
	if err != nil || len(s.Rows) != 1 || len(s.Values) != 1 || s.Mean != s.Values[0] || !math.IsInf(s.StandardError, 1) {
		t.Errorf("%+v, %v", s, err)
	}
}

// Each number is drawn as often as the others, and the standard error is right.
func TestSample(t *testing.T) {
	const n, m, times = 20, 7, 6000
	drawn := make([]float64, n)
	values := make([]float64, n)
	var mean float64
	for i := range values {
		values[i] = float64(i * i)
		mean += values[i] / n
	}
	var spread, claimed float64
	for seed := range uint64(times) {
		var taken []float64
		for _, i := range sample(n, m, seed) {
			drawn[i]++
			taken = append(taken, values[i])
		}
		got, standardError := estimate(taken, n)
		spread += (got - mean) * (got - mean) / times
		claimed += standardError * standardError / times
	}
	for i, count := range drawn {
		if expected := float64(times) * m / n; math.Abs(count-expected) > 5*math.Sqrt(expected) {
			t.Errorf("%d was drawn %v times, expected %v", i, count, expected)
		}
	}
	near(t, "variance", claimed/spread, 1, 0.1)
	if got := sample(5, 5, 1); !slices.Equal(got, []int{0, 1, 2, 3, 4}) {
		t.Errorf("all: %v", got)
	}
}

func TestSilhouetteIsCancelled(t *testing.T) {
	x, labels := gauss[float32](3, 60_000, 64, 64, 4) // takes half a minute on one core
	for name, o := range map[string]SilhouetteOptions{"one": {Threads: 1}, "many": {Threads: 4}} {
		ctx, cancel := context.WithCancelCause(context.Background())
		time.AfterFunc(30*time.Millisecond, func() { cancel(errors.New("enough")) })
		begin := time.Now()
		s, err := Silhouette(ctx, x, labels, o)
		if s != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, %v", name, s, err)
		}
		if took := time.Since(begin); took > 5*time.Second {
			t.Errorf("%s: it took %v", name, took)
		}
	}
}

func TestSimplifiedSilhouette(t *testing.T) {
	t.Run("float32", func(t *testing.T) { simplified[float32](t, float32Tolerance(9)) })
	t.Run("float64", func(t *testing.T) { simplified[float64](t, 1e-12) })
}

func simplified[T lloyd.Float](t *testing.T, tolerance float64) {
	x, labels := gauss[T](5, 600, 9, 11, 4)
	centers, _ := gauss[T](6, 5, 9, 9, 1)
	distance := func(i, k int) float64 {
		var d float64
		for j, v := range centers.Row(k) {
			d += (float64(v) - float64(x.Row(i)[j])) * (float64(v) - float64(x.Row(i)[j]))
		}
		return math.Sqrt(d)
	}
	var first *Silhouettes
	for _, threads := range []int{0, 1, 3} {
		s, err := SimplifiedSilhouette(context.Background(), x, labels, centers, threads)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = s
		}
		if s.Mean != first.Mean || !slices.Equal(s.Values, first.Values) || s.Rows != nil || s.StandardError != 0 {
			t.Errorf("%d threads: %v, want %v", threads, s.Mean, first.Mean)
		}
	}
	var mean float64
	for i, got := range first.Values {
		a, b := distance(i, int(labels[i])), math.Inf(1)
		for k := range centers.N {
			if k != int(labels[i]) {
				b = min(b, distance(i, k))
			}
		}
		near(t, fmt.Sprintf("row %d", i), got, (b-a)/max(a, b), tolerance)
		mean += got / float64(x.N)
	}
	near(t, "mean", first.Mean, mean, 1e-12)
	// At its center, at two centers, and at another's.
	at := lloyd.Dense([]T{1, 2, 2, 3}, 4, 1)
	s, err := SimplifiedSilhouette(context.Background(), at, []int32{0, 1, 2, 0}, lloyd.Dense([]T{1, 2, 2, 3}, 4, 1), 0)
	if err != nil || !slices.Equal(s.Values, []float64{1, 0, 0, -1}) {
		t.Errorf("%+v, %v", s, err)
	}
}
