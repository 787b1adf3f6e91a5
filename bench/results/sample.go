package results

import (
	"fmt"
	"slices"
)

// Sample is some measurements of one thing.
type Sample []float64

// Median returns the middle value, the mean of the two middle ones when their
// number is even, and 0 of none.
func (s Sample) Median() float64 {
	n := len(s)
	if n == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// Range returns the least and the greatest value.
func (s Sample) Range() (least, greatest float64) {
	if len(s) == 0 {
		return 0, 0
	}
	return slices.Min(s), slices.Max(s)
}

// String returns the median and the range: "1.8 (1.6–2.1)".
func (s Sample) String() string {
	least, greatest := s.Range()
	if len(s) == 1 {
		return Number(least)
	}
	return fmt.Sprintf("%s (%s–%s)", Number(s.Median()), Number(least), Number(greatest))
}

// Number returns v with about two or three digits and no exponent, where that
// is short.
func Number(v float64) string {
	switch a := max(v, -v); {
	case a == 0:
		return "0"
	case a < 1e-4 || a >= 1e6:
		return fmt.Sprintf("%.1e", v)
	case a < 0.01:
		return fmt.Sprintf("%.4f", v)
	case a < 0.1:
		return fmt.Sprintf("%.3f", v)
	case a < 1:
		return fmt.Sprintf("%.2f", v)
	case a < 100:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}
