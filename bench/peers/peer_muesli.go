package main

import (
	"errors"
	"time"

	"github.com/muesli/clusters"
	"github.com/muesli/kmeans"
)

// muesli is github.com/muesli/kmeans. It seeds by itself, but calls a plotter
// after each iteration, which may change the centers, see the clock, and end it.
type muesli struct {
	task
	rows clusters.Observations
}

func newMuesli(t task) (subject, error) {
	m := &muesli{task: t}
	for _, row := range doubles(t) {
		m.rows = append(m.rows, clusters.Coordinates(row))
	}
	return subject{turn: m.turn}, nil
}

func (m *muesli) turn(few, many int) (float64, outcome, error) {
	h := &hook{of: m, few: few, many: many}
	k, err := kmeans.NewWithOptions(1e-300, h)
	if err != nil {
		return 0, outcome{}, err
	}
	if _, err := k.Partition(m.rows, m.k()); err != nil && h.done <= few {
		return 0, outcome{}, err
	}
	if h.done <= few {
		return 0, outcome{}, errors.New("it stops before the iterations that were to be timed")
	}
	return h.to.Sub(h.from).Seconds() / float64(h.done-few), outcome{h.done, h.centers}, nil
}

// hook is the plotter. Iteration 0 is the one with muesli's own centers.
type hook struct {
	of        *muesli
	few, many int
	done      int
	from, to  time.Time
	centers   []float32
}

func (h *hook) Plot(c clusters.Clusters, iteration int) error {
	if iteration == 0 {
		for k := range c {
			c[k].Center = make(clusters.Coordinates, h.of.x.D)
			for j, v := range h.of.centers.Row(k) {
				c[k].Center[j] = float64(v)
			}
		}
	}
	h.done, h.to = iteration, time.Now()
	if iteration == h.few {
		h.from = h.to
	}
	if iteration < h.many {
		return nil
	}
	for k := range c {
		for _, v := range c[k].Center {
			h.centers = append(h.centers, float32(v))
		}
	}
	return errors.New("these were enough iterations")
}
