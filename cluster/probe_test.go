package cluster

import (
	"testing"
	"time"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Tests say what Auto does on some data at the usual rates.
func init() { probing = false }

// TestProbe: at every level, rates are measured once, quickly, within their limits, and
// without assembly the kernel takes longer; and whatever they are, Auto has the bits of Lloyd.
func TestProbe(t *testing.T) {
	probing = true
	defer func() { probing = false }()
	x := matrixOf(tensor.Float32, 16, blobs(random(81), 6000, 16, 60, 0.1)...)
	km := KMeans{K: 60, Seed: 2, MaxIter: 8, Tol: -1, Algorithm: Lloyd}
	want := mustFit(t, km, x, nil)
	km.Algorithm = Auto
	forEachLevel(t, func(t *testing.T) {
		probed.Lock()
		probed.rates = nil
		probed.Unlock()
		start := time.Now()
		single, double := ratesOf[float32](), ratesOf[float64]()
		took := time.Since(start)
		if again := ratesOf[float32](); again != single {
			t.Errorf("%+v, then %+v", single, again)
		}
		level, err := lloyd.Level()
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%+v and %+v in %v; %+v and %+v", single, double, took, probeTimes[float32](), probeTimes[float64]())
		for _, r := range []rates{single, double} {
			for _, v := range []float64{r.product, r.integer, r.coarse, r.single, r.tile} {
				if !(v >= 1./ratesMost && v <= ratesMost) {
					t.Errorf("%+v", r)
				}
			}
			if level == kernel.Generic && r.product < 2 {
				t.Errorf("generic: %+v", r)
			}
		}
		sameModel(t, "Auto", mustFit(t, km, x, nil), want)
	})
}
