package bench

import (
	"testing"
	"time"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// TestPeak: the probe gives a rate that a CPU can have, and float32 does at
// least half as much as float64, if not at once, when other work (in CI an emulator's own)
// took one of the two for a moment.
func TestPeak(t *testing.T) {
	for _, l := range kernel.Supported() {
		var single, double float64
		for try := 0; try < 5 && (try == 0 || single < double/2); try++ {
			single, double = Peak(l, 4, 20*time.Millisecond), Peak(l, 8, 20*time.Millisecond)
		}
		t.Logf("%s: float32 %.1f, float64 %.1f GFLOP/s", l, single/1e9, double/1e9)
		if len(kernel.Supported()) == 1 {
			if single != 0 {
				t.Errorf("%s: %v without a probe", l, single)
			}
			continue
		}
		if single < 1e6 || single > 1e13 || single < double/2 {
			t.Errorf("%s: float32 %v and float64 %v FLOP/s are not credible", l, single, double)
		}
	}
}
