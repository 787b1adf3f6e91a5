package main

import (
	"io"

	"github.com/cdipaolo/goml/cluster"
)

// goml is github.com/cdipaolo/goml/cluster. It seeds by itself.
type goml struct {
	task
	rows [][]float64
}

func newGoml(t task) (subject, error) {
	g := &goml{t, doubles(t)}
	return subject{turn: g.turn}, nil
}

func (g *goml) turn(few, many int) (float64, outcome, error) {
	fits := map[int]*cluster.KMeans{}
	for _, n := range []int{few, many} {
		restore(g.rows, g.task)
		fits[n] = cluster.NewKMeans(g.k(), n, g.rows)
		fits[n].Output = io.Discard
	}
	seconds, o, err := difference(func(n int) (outcome, error) {
		restore(g.rows, g.task)
		return outcome{iterations: n}, fits[n].Learn()
	}, few, many)
	o.centers = singles(fits[many].Centroids)
	return seconds, o, err
}
