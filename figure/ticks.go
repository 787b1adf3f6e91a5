package figure

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// roundTicks marks an axis at multiples of 1, 2 or 5 times a power of ten,
// at most so many.
type roundTicks struct{ most int }

// Ticks implements plot.Ticker: the finest round step that gives no more
// ticks than allowed. It ends for every finite range.
func (r roundTicks) Ticks(low, high float64) []plot.Tick {
	most := max(r.most, 1)
	step, power := 0.0, 0
	var first, last float64
	for finer := 2.0; finer > 0.1; finer /= 2 {
		step, power = roundStep((high - low) / float64(most) / finer)
		first, last = math.Ceil(low/step-1e-9), math.Floor(high/step+1e-9)
		if last-first < float64(most) {
			break
		}
	}
	if math.IsInf(low, 0) || math.IsNaN(low) {
		return nil
	}
	if !(step > 0) || math.IsInf(step, 0) || !(last-first < float64(most)) {
		return []plot.Tick{{Value: low, Label: tickLabel(low, math.Inf(1), math.MinInt)}}
	}
	greatest := max(math.Abs(low), math.Abs(high))
	var ticks []plot.Tick
	for i := range most {
		if n := first + float64(i); n <= last {
			ticks = append(ticks, plot.Tick{Value: n * step, Label: tickLabel(n*step, greatest, power)})
		}
	}
	return ticks
}

// roundStep returns the least 1, 2 or 5 times a power of ten that is not
// below raw, and that power.
func roundStep(raw float64) (step float64, power int) {
	power = int(math.Floor(math.Log10(raw)))
	unit := math.Pow10(power)
	for _, m := range []float64{1, 2, 5} {
		if m*unit >= raw*(1-1e-12) {
			return m * unit, power
		}
	}
	return math.Pow10(power + 1), power + 1
}

// tickLabel writes a multiple of a step whose leading digit stands at a power
// of ten, with as many digits as tell neighbours apart.
func tickLabel(v, greatest float64, power int) string {
	if v == 0 {
		return "0"
	}
	if greatest < 1e6 && power >= -5 {
		return strconv.FormatFloat(v, 'f', max(0, -power), 64)
	}
	digits := 4
	if power != math.MinInt {
		digits = max(0, int(math.Floor(math.Log10(math.Abs(v))))-power)
	}
	s := strconv.FormatFloat(v, 'e', min(digits, 17), 64)
	mantissa, exponent, _ := strings.Cut(s, "e")
	if strings.Contains(mantissa, ".") {
		mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	}
	sign, size := strings.TrimPrefix(exponent[:1], "+"), strings.TrimLeft(exponent[1:], "0")
	if size == "" {
		return mantissa
	}
	return mantissa + "e" + sign + size
}
