package cluster

import (
	"math"
	"testing"
	"time"
)

// TestObserverTimes: the times of an iteration's steps are positive and fit into
// the time that has passed; without inertia nothing else of the fit changes.
func TestObserverTimes(t *testing.T) {
	x := normalRows(3000, 10)
	var with, without []Iteration
	for _, notes := range []*[]Iteration{&with, &without} {
		km := KMeans{K: 20, MaxIter: 6, Tol: -1, WithoutInertia: notes == &without, Observer: func(i Iteration) { *notes = append(*notes, i) }}
		if _, err := km.Fit(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		var spent time.Duration
		for i, n := range *notes {
			if n.Assign <= 0 || n.Update <= 0 {
				t.Errorf("iteration %d: %v for the E-step, %v for the M-step", i, n.Assign, n.Update)
			}
			if spent += n.Assign + n.Update; spent > n.Elapsed {
				t.Errorf("iteration %d: steps of %v in %v", i, spent, n.Elapsed)
			}
		}
	}
	for i, n := range without {
		if !math.IsNaN(n.Inertia) || math.IsNaN(with[i].Inertia) || n.Shift != with[i].Shift || n.Moved != with[i].Moved {
			t.Errorf("iteration %d: %+v without inertia, %+v with it", i, n, with[i])
		}
	}
}
