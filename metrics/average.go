package metrics

import (
	"fmt"
	"math"
)

// Average is the mean of the two entropies H(truth) and H(clusters) by which
// mutual information is normalized: average_method in scikit-learn.
type Average int

// The means, from H1 and H2.
const (
	Arithmetic Average = iota // (H1+H2)/2, the usual one
	Geometric                 // √(H1·H2)
	Minimum                   // the lesser
	Maximum                   // the greater
)

// String is the mean's name in lower case, as scikit-learn has it ("min" and
// "max" for the last two).
func (a Average) String() string {
	switch a {
	case Arithmetic:
		return "arithmetic"
	case Geometric:
		return "geometric"
	case Minimum:
		return "min"
	case Maximum:
		return "max"
	}
	return fmt.Sprintf("Average(%d)", int(a))
}

func (a Average) check() error {
	if a < Arithmetic || a > Maximum {
		return failure(ErrOption, "the mean is %v; Arithmetic, Geometric, Minimum or Maximum was expected", a)
	}
	return nil
}

func (a Average) of(u, v float64) float64 {
	switch a {
	case Geometric:
		return math.Sqrt(u) * math.Sqrt(v)
	case Minimum:
		return min(u, v)
	case Maximum:
		return max(u, v)
	}
	return (u + v) / 2
}
