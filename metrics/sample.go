package metrics

import (
	"math"
	"math/rand/v2"
	"slices"
)

// sample returns m of the numbers 0…n−1, ascending, each set of them as likely
// as any other: Floyd's algorithm (J. Bentley, R. Floyd, A sample of brilliance,
// Communications of the ACM 30, 1987).
func sample(n, m int, seed uint64) []int {
	r := rand.New(rand.NewPCG(seed, 0))
	taken := make(map[int]bool, m)
	drawn := make([]int, 0, m)
	for last := n - m; last < n; last++ {
		i := r.IntN(last + 1)
		if taken[i] {
			i = last
		}
		taken[i] = true
		drawn = append(drawn, i)
	}
	slices.Sort(drawn)
	return drawn
}

// estimate returns the mean of values, and its standard error as an estimate of
// the mean of n values of which they are a sample without replacement: 0 when
// they are all.
func estimate(values []float64, n int) (mean, standardError float64) {
	m := float64(len(values))
	for _, v := range values {
		mean += v
	}
	mean /= m
	if len(values) == n {
		return mean, 0
	}
	if len(values) == 1 {
		return mean, math.Inf(1) // one value says nothing of the spread
	}
	var squares float64
	for _, v := range values {
		squares += float64((v - mean) * (v - mean))
	}
	return mean, math.Sqrt(squares / (m - 1) / m * (1 - m/float64(n)))
}
