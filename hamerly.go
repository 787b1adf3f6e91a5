package lloyd

import (
	"fmt"
	"math"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Drift is what a center did since the bounds of its rows were true, for Unsettled.
// All are distances in the unit of the bounds, rounded to the safe side.
type Drift struct {
	Own   float32 // the least by which the center may have moved, at least
	Other float32 // the most that any other center moved
	Half  float32 // less than half the distance to the nearest other center; 0: not known
	_     float32 // to 16 bytes
}

// Unsettled lists the rows whose bounds do not prove their label (Hamerly, "Making
// k-means even faster", SIAM Data Mining 2010): it sets the first elements of rows to
// their numbers, in order, and returns how many they are. upper[i] is at least the
// distance of row i to the center of its label, lower[i] at most that to every other
// center; both first drift with the centers, and are left like that:
//
//	upper ← (upper + Own)·(1+2⁻²¹),  lower ← (lower − Other)·(1−2⁻²¹)
//
// A row is settled if upper < keep·lower or upper < Half. NaN settles nothing. All
// slices need as many elements as labels, and labels are those of drifts. The error
// wraps ErrShape.
func Unsettled(rows []int32, upper, lower []float32, labels []int32, drifts []Drift, keep float32) (int, error) {
	level, err := kernel.Active()
	if err != nil {
		return 0, err
	}
	n := len(labels)
	for _, s := range []struct {
		name string
		len  int
	}{{"rows", len(rows)}, {"upper", len(upper)}, {"lower", len(lower)}} {
		if err := kernel.CheckLength(s.name, s.len, n); err != nil {
			return 0, err
		}
	}
	if err := checkLabels("labels", labels, n, 0, len(drifts)); err != nil {
		return 0, err
	}
	if level != kernel.Generic {
		whole := n / 8 * 8
		found := asmUnsettled(ptr(rows), ptr(upper), ptr(lower), ptr(labels), ptr(drifts), whole, keep)
		return found + unsettledGeneric(rows[found:], upper[whole:n], lower[whole:n], labels[whole:], drifts, keep, whole), nil
	}
	return unsettledGeneric(rows, upper, lower, labels, drifts, keep, 0), nil
}

// The factors that make a float32 result of one or two roundings an upper or a lower
// bound.
const (
	boundUp   = 1 + 0x1p-21
	boundDown = 1 - 0x1p-21
)

// unsettledGeneric is Unsettled for rows from first on, whose bounds and labels are
// given.
func unsettledGeneric(rows []int32, upper, lower []float32, labels []int32, drifts []Drift, keep float32, first int) int {
	found := 0
	upper, lower = upper[:len(labels)], lower[:len(labels)]
	for i, l := range labels {
		d := &drifts[l]
		u, o := float32((upper[i]+d.Own)*boundUp), float32((lower[i]-d.Other)*boundDown)
		upper[i], lower[i] = u, o
		if !(u < float32(keep*o) || u < d.Half) {
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
