package bench

import (
	"slices"
	"time"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Peak returns the number of floating-point operations a second (two for each
// fused multiply-add and element) that one thread reaches at the given level
// with elements of elemSize bytes (4 or 8), in independent multiply-adds on
// registers: the median of several probes that together take about d. For the
// generic level, which has no vector instructions of its own, it is the peak of
// the best level here, 0 if there is none.
func Peak(l kernel.Level, elemSize int, d time.Duration) float64 {
	if l == kernel.Generic {
		supported := kernel.Supported()
		l = supported[len(supported)-1]
	}
	probe, operations := probeOf(l, elemSize)
	if probe == nil {
		return 0
	}
	const probes = 9
	n := 1 << 12
	for { // a probe long enough for the clock
		start := time.Now()
		probe(n)
		if time.Since(start) >= d/probes || n >= 1<<30 {
			break
		}
		n *= 2
	}
	rates := make([]float64, probes)
	for i := range rates {
		start := time.Now()
		probe(n)
		rates[i] = float64(n) * float64(operations) / time.Since(start).Seconds()
	}
	slices.Sort(rates)
	return rates[probes/2]
}
