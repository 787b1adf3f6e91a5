package main

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"

	kernels "github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/bench"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

var dtypes = []string{"float32", "float64"}

// unknown is a rate that was not measured: null in JSON.
var unknown = number(math.NaN())

// benchShapes are rows, columns and clusters of everyday data, small to large: none
// takes longer than about a tenth of a second.
var benchShapes = [][3]int{
	{1797, 64, 10}, {400_000, 2, 8}, {100_000, 16, 64}, {50_000, 64, 100}, {10_000, 128, 1024}, {5_000, 768, 256},
}

// measureMachine makes all measurements, each of which takes about the given time or
// some runs, and puts the level in use back.
func measureMachine(ctx context.Context, level kernel.Level, each time.Duration, line *progress) (benchReport, error) {
	r := benchReport{
		Version: version(), Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH,
		CPU: bench.CPU(), CPUs: runtime.NumCPU(), Threads: runtime.GOMAXPROCS(0),
		Levels: names(kernel.Supported()), Kernel: level.String(),
	}
	defer kernel.Use(level)
	for _, l := range kernel.Supported() {
		line.say("measuring the kernels at " + l.String())
		if _, err := kernel.Use(l); err != nil {
			return r, err
		}
		if err := measureLevel[float32](ctx, &r, l, each, "float32"); err != nil {
			return r, err
		}
		if err := measureLevel[float64](ctx, &r, l, each, "float64"); err != nil {
			return r, err
		}
	}
	line.say("measuring the E-step")
	if _, err := kernel.Use(level); err != nil {
		return r, err
	}
	for _, shape := range benchShapes {
		if err := measureEStep[float32](ctx, &r, level, shape, each, "float32"); err != nil {
			return r, err
		}
		if err := measureEStep[float64](ctx, &r, level, shape, each, "float64"); err != nil {
			return r, err
		}
	}
	r.share()
	return r, nil
}

// probe measures the peak of one thread once more, and keeps the greatest: less is the
// work of other programs.
func (r *benchReport) probe(l kernel.Level, dtype string, size int, took time.Duration) {
	flops := number(bench.Peak(l, size, took))
	if flops == 0 { // a build without assembly
		flops = unknown
	}
	for i, p := range r.Peaks {
		if p.Level == l.String() && p.Dtype == dtype {
			r.Peaks[i].Flops = max(p.Flops, flops)
			return
		}
	}
	r.Peaks = append(r.Peaks, peakRate{l.String(), dtype, flops})
}

// peak returns the peak of one thread.
func (r *benchReport) peak(level, dtype string) number {
	for _, p := range r.Peaks {
		if p.Level == level && p.Dtype == dtype {
			return p.Flops
		}
	}
	return unknown
}

// share puts everything beside the peaks.
func (r *benchReport) share() {
	for i, k := range r.Kernels {
		r.Kernels[i].Share = k.Flops / r.peak(k.Level, k.Dtype)
	}
	for i, e := range r.ESteps {
		r.ESteps[i].Share = e.Flops / r.peak(r.Kernel, e.Dtype) / number(r.Threads)
	}
}

func sizeOf[T kernels.Float]() int {
	if _, narrow := any(T(0)).(float32); narrow {
		return 4
	}
	return 8
}

// normal returns n rows of d normal numbers, which come again after a prime number of
// them: to draw them all would take longer than to measure.
func normal[T kernels.Float](n, d int) kernels.Matrix[T] {
	const different = 65521
	r := rand.New(rand.NewPCG(1, uint64(d)))
	x := make([]T, n*d)
	for i := range x[:min(len(x), different)] {
		x[i] = T(r.NormFloat64())
	}
	for i := different; i < len(x); i += different {
		copy(x[i:], x[:different])
	}
	return kernels.Dense(x, n, d)
}

// median runs f, which a first run has warmed up, for about the given time, at least
// three times, and returns the median of the seconds that it took.
func median(total time.Duration, f func() error) (float64, error) {
	if err := f(); err != nil {
		return 0, err
	}
	var took []float64
	for begin := time.Now(); len(took) < 3 || time.Since(begin) < total; {
		start := time.Now()
		if err := f(); err != nil {
			return 0, err
		}
		took = append(took, time.Since(start).Seconds())
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}

// The shape that the kernels are measured with: its rows stay in the cache, and those
// for the kernels that memory bounds do not.
const (
	kernelD, kernelK = 128, 256
	cachedN, longN   = 256, 1 << 16
)

// measuredKernel is a kernel to be measured, and what one call does: floating-point
// operations, or else bytes that it reads.
type measuredKernel struct {
	name       string
	operations float64
	bytes      float64
	call       func() error
}

// kernelsOf prepares the kernels at the level in use.
func kernelsOf[T kernels.Float]() ([]measuredKernel, error) {
	x, long := normal[T](cachedN, kernelD), normal[T](longN, kernelD)
	c := x.Rows(0, kernelK)
	labels, dist, scratch := make([]int32, longN), make([]T, longN), make([]T, cachedN*kernelK)
	for i := range labels {
		labels[i] = int32(i % kernelK)
	}
	var plain, quick kernels.Centers[T]
	plain.UseIntegers(false)
	if err := plain.Pack(c); err != nil {
		return nil, err
	}
	if err := quick.Pack(c); err != nil {
		return nil, err
	}
	var ws kernels.Workspace[T]
	found := make([]int32, cachedN)
	const pairs = cachedN * kernelK * kernelD
	bytes := float64(longN * kernelD * sizeOf[T]())
	moments := kernels.NewMoments(long.Row(0))
	// Far more rows than the calls will add.
	sums, err := kernels.NewSums(kernelK, kernelD, 16, 1<<30)
	if err != nil {
		return nil, err
	}
	return []measuredKernel{
		{"nearest center", 2 * pairs, 0, func() error { return plain.Nearest(found, nil, x, &ws) }},
		{"nearest, with integers", 2 * pairs, 0, func() error { return quick.Nearest(found, nil, x, &ws) }},
		{"all distances", 3 * pairs, 0, func() error { return kernels.SquaredL2Matrix(scratch, kernelK, x, c) }},
		{"one distance", 0, bytes, func() error { return kernels.SquaredL2Rows(dist, long, c.Row(0)) }},
		{"sums of clusters", 0, bytes, func() error { return kernels.Accumulate(sums, long, labels, nil) }},
		{"moments", 0, bytes, func() error { return moments.Add(long, nil) }},
	}, nil
}

// measureLevel adds the peak and the kernels at the level in use to the report.
func measureLevel[T kernels.Float](ctx context.Context, r *benchReport, l kernel.Level, each time.Duration, dtype string) error {
	all, err := kernelsOf[T]()
	if err != nil {
		return err
	}
	for _, k := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		seconds, err := median(each, k.call)
		if err != nil {
			return err
		}
		rate := kernelRate{Kernel: k.name, Level: l.String(), Dtype: dtype, Flops: unknown, Bytes: unknown, Share: unknown}
		if k.bytes > 0 {
			rate.Bytes = number(k.bytes / seconds)
		} else {
			rate.Flops = number(k.operations / seconds)
			r.probe(l, dtype, sizeOf[T](), each/2)
		}
		r.Kernels = append(r.Kernels, rate)
	}
	return nil
}

// measureEStep adds the E-step of a shape, N×D and K, to the report.
func measureEStep[T kernels.Float](ctx context.Context, r *benchReport, l kernel.Level, shape [3]int, each time.Duration, dtype string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	n, d, k := shape[0], shape[1], shape[2]
	x := normal[T](n, d)
	c, err := kernels.PackCenters(x.Rows(0, k))
	if err != nil {
		return err
	}
	labels, workspaces := make([]int32, n), make([]kernels.Workspace[T], r.Threads)
	seconds, err := median(2*each, func() error { return bench.Assign(c, labels, x, workspaces) })
	if err != nil {
		return err
	}
	flops := number(2 * float64(n) * float64(d) * float64(k) / seconds)
	r.ESteps = append(r.ESteps, eStepRate{N: n, D: d, K: k, Dtype: dtype, Seconds: number(seconds), Flops: flops, Share: unknown})
	r.probe(l, dtype, sizeOf[T](), each/2)
	return nil
}
