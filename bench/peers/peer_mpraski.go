package main

import (
	"errors"
	"time"

	"github.com/mpraski/clusters"
)

// mpraski is github.com/mpraski/clusters. It seeds by itself, by a distance that
// the caller may provide: one that is 1 for the row that is to be the next
// center, and 0 for the others, makes it take that one (but for the first, which
// it draws). From then on it is the squared Euclidean distance.
type mpraski struct {
	task
	rows [][]float64
}

func newMpraski(t task) (subject, error) {
	m := &mpraski{t, doubles(t)}
	return subject{turn: m.turn}, nil
}

func (m *mpraski) turn(few, many int) (float64, outcome, error) {
	n, k := len(m.rows), m.k()
	restore(m.rows, m.task)
	seeding := n * k * (k - 1) / 2
	mark := seeding + few*n*k + 1
	var begin time.Time
	calls, center, row, earlier := 0, 1, 0, 0
	learner, err := clusters.KMeans(many, k, func(a, b []float64) float64 {
		calls++
		if calls <= seeding { // for each center, for each row, the earlier centers
			var d float64
			if row == center {
				d = 1
			}
			if earlier++; earlier == center {
				earlier = 0
				if row++; row == n {
					row = 0
					center++
				}
			}
			return d
		}
		if calls == mark {
			begin = time.Now()
		}
		var sum float64
		b = b[:len(a)]
		for j, v := range a {
			e := v - b[j]
			sum += e * e
		}
		return sum
	})
	if err != nil {
		return 0, outcome{}, err
	}
	if err := learner.Learn(m.rows); err != nil {
		return 0, outcome{}, err
	}
	spent := time.Since(begin)
	done := (calls - seeding) / (n * k)
	if done <= few {
		return 0, outcome{}, errors.New("it stops before the iterations that were to be timed")
	}
	o := outcome{iterations: done, centers: m.centers(learner.Guesses())}
	return spent.Seconds() / float64(done-few), o, nil
}

// centers are the means of the rows by their labels, which count from 1: the
// package does not show its own.
func (m *mpraski) centers(labels []int) []float32 {
	d := m.x.D
	sums, counts := make([]float64, m.k()*d), make([]float64, m.k())
	for i, l := range labels {
		counts[l-1]++
		for j, v := range m.x.Row(i) {
			sums[(l-1)*d+j] += float64(v)
		}
	}
	c := make([]float32, len(sums))
	for i, v := range sums {
		c[i] = m.task.centers.Data[i] // an empty cluster
		if n := counts[i/d]; n > 0 {
			c[i] = float32(v / n)
		}
	}
	return c
}
