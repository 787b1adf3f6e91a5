package main

import (
	"math"
	"math/rand/v2"
)

// groups fills x with rows around K centers, see generate.
func groups(x []float32, s Shape, r *rand.Rand) {
	centers := make([]float32, s.K*s.D)
	for i := range centers {
		centers[i] = float32(r.NormFloat64() * 3 / math.Sqrt(1+float64(i%s.D)/8))
	}
	for i := range s.N {
		c := centers[r.IntN(s.K)*s.D:]
		for j := range s.D {
			x[i*s.D+j] = c[j] + float32(r.NormFloat64())
		}
	}
}
