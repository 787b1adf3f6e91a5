package figure

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
)

func TestTicksAreRound(t *testing.T) {
	for _, tt := range []struct {
		low, high float64
		most      int
		want      []string
	}{
		{0, 10, 6, []string{"0", "2", "4", "6", "8", "10"}},
		{-0.3, 0.32, 7, []string{"-0.3", "-0.2", "-0.1", "0", "0.1", "0.2", "0.3"}},
		{3.4, 9.4, 3, []string{"4", "6", "8"}},
		{1.6e9, 1.6e9 + 4e4, 3, []string{"1.6e9", "1.60002e9", "1.60004e9"}},
		{0, 3e-7, 3, []string{"0", "2e-7"}},
		{0, 2e-8, 3, []string{"0", "1e-8", "2e-8"}},
	} {
		var got []string
		for _, tick := range (roundTicks{tt.most}).Ticks(tt.low, tt.high) {
			got = append(got, tick.Label)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("ticks of %v to %v, at most %d: %q, want %q", tt.low, tt.high, tt.most, got, tt.want)
		}
	}
}

func TestTicksOfAnyRange(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	check := func(low, high float64, most int) {
		t.Helper()
		ticks := roundTicks{most}.Ticks(low, high)
		if len(ticks) == 0 && most > 2 || len(ticks) > max(most, 1) {
			t.Fatalf("%v to %v: %d ticks, at most %d wanted", low, high, len(ticks), most)
		}
		labels := map[string]bool{}
		for _, tick := range ticks {
			slack := (high - low) * 1e-9
			if !(tick.Value >= low-slack && tick.Value <= high+slack) {
				t.Fatalf("%v to %v: tick %v lies outside", low, high, tick.Value)
			}
			v, err := strconv.ParseFloat(tick.Label, 64)
			if err != nil {
				t.Fatalf("%v to %v: label %q: %v", low, high, tick.Label, err)
			}
			if math.Abs(v-tick.Value) > (high-low)*1e-3 {
				t.Fatalf("%v to %v: label %q stands at %v", low, high, tick.Label, tick.Value)
			}
			if labels[tick.Label] {
				t.Fatalf("%v to %v: label %q twice", low, high, tick.Label)
			}
			labels[tick.Label] = true
		}
	}
	for range 20000 {
		width := math.Pow(10, 600*r.Float64()-300)
		low := (r.Float64() - 0.5) * width * math.Pow(10, 8*r.Float64())
		if high := low + width; high > low && !math.IsInf(low, 0) && !math.IsInf(high, 0) {
			check(low, high, 1+r.IntN(12))
		}
	}
	check(-math.MaxFloat64/16, math.MaxFloat64/16, 10)
	check(0, 5e-324, 10)
}
