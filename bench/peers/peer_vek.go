package main

import "github.com/viterin/vek/vek32"

// newVek is the E-step by the distances of github.com/viterin/vek.
func newVek(t task) (subject, error) {
	return subject{assign: func(labels []int32) error {
		inBlocks(t.x.N, 256, t.threads, func(_, from, to int) {
			for i := from; i < to; i++ {
				x := t.x.Row(i)
				best, label := vek32.Distance(x, t.centers.Row(0)), 0
				for k := 1; k < t.k(); k++ {
					if d := vek32.Distance(x, t.centers.Row(k)); d < best {
						best, label = d, k
					}
				}
				labels[i] = int32(label)
			}
		})
		return nil
	}}, nil
}
