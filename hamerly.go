package lloyd

import (
	"fmt"
	"math"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Bar is what the bounds of a row with a label are to be beyond to prove it, for Unsettled.
type Bar struct {
	Slack float32 // its slack is to be above this
	Upper float32 // or its upper bound below this
}

// Unsettled lists the rows whose bounds do not prove their label (Hamerly, "Making
// k-means even faster", SIAM Data Mining 2010): it sets the first elements of rows to
// their numbers, in order, and returns how many they are. upper[i] bounds the distance of
// row i to the center of its label, slack[i] is what it is less than that to every other
// center by at least, both as they were when they were taken; what the centers have drifted
// since is in the bars, one for each label. A row is settled if
//
//	slack[i] > bars[labels[i]].Slack or upper[i] < bars[labels[i]].Upper
//
// NaN settles nothing. All slices need as many elements as labels, and labels are those of
// bars. The error wraps ErrShape.
func Unsettled(rows []int32, slack, upper []float32, labels []int32, bars []Bar) (int, error) {
	level, err := kernel.Active()
	if err != nil {
		return 0, err
	}
	n := len(labels)
	for _, s := range []struct {
		name string
		len  int
	}{{"rows", len(rows)}, {"slack", len(slack)}, {"upper", len(upper)}} {
		if err := kernel.CheckLength(s.name, s.len, n); err != nil {
			return 0, err
		}
	}
	if err := checkLabels("labels", labels, n, 0, len(bars)); err != nil {
		return 0, err
	}
	if level != kernel.Generic {
		whole := n / 8 * 8
		found := asmUnsettled(ptr(rows), ptr(slack), ptr(upper), ptr(labels), ptr(bars), whole)
		return found + unsettledGeneric(rows[found:], slack[whole:n], upper[whole:n], labels[whole:], bars, whole), nil
	}
	return unsettledGeneric(rows, slack, upper, labels, bars, 0), nil
}

// unsettledGeneric is Unsettled for rows from first on, whose bounds and labels are
// given.
func unsettledGeneric(rows []int32, slack, upper []float32, labels []int32, bars []Bar, first int) int {
	found := 0
	slack, upper = slack[:len(labels)], upper[:len(labels)]
	for i, l := range labels {
		bar := &bars[l]
		if !(slack[i] > bar.Slack || upper[i] < bar.Upper) {
			rows[found] = int32(first + i)
			found++
		}
	}
	return found
}

// Bounds sets upper[i] and lower[i] to bounds of two distances, of which the squares
// are given, in units of 1/unit: upper[i] is above the root of own[i], which belongs to
// the center of a row's label, and lower[i] below that of other[i]: by a factor of about
// 1 ± (2⁻²⁰ + off), off being how far off a distance may be, relatively, and by slack
// besides, in that unit. All slices need as many elements as own. The error wraps ErrShape.
func Bounds[T Float](upper, lower []float32, own, other []T, unit, off float64, slack float32) error {
	n := len(own)
	if len(upper) < n || len(lower) < n || len(other) < n {
		return fmt.Errorf("%w: there are %d distances, but %d upper and %d lower bounds and %d second distances", ErrShape, n, len(upper), len(lower), len(other))
	}
	upper, lower, other = upper[:n], lower[:n], other[:n]
	if f, ok := any(own).([]float32); ok {
		f2 := any(other).([]float32)[:n]
		up, down := float32(unit*(1+0x1p-20+off)), float32(unit*(1-0x1p-20-off))
		whole := 0
		if level, err := kernel.Active(); err == nil && level != kernel.Generic {
			whole = n / 8 * 8
			asmBounds(ptr(upper), ptr(lower), ptr(f), ptr(f2), whole, up, down, slack)
		}
		for i := whole; i < n; i++ {
			d := f[i]
			upper[i] = float32(sqrt32(d)*up) + slack
			if lower[i] = float32(sqrt32(f2[i])*down) - slack; lower[i] > math.MaxFloat32/2 {
				lower[i] = math.MaxFloat32 / 2
			}
		}
		return nil
	}
	for i, d := range own {
		upper[i] = float32(math.Sqrt(float64(d))*unit*(1+0x1p-20+off)) + slack
		lower[i] = float32(min(math.Sqrt(float64(other[i]))*unit, math.MaxFloat32/2)*(1-0x1p-20-off)) - slack
	}
	return nil
}

func sqrt32(x float32) float32 { return float32(math.Sqrt(float64(x))) } // one instruction
