package main

import (
	"time"

	"github.com/biogo/cluster/cluster"
	"github.com/biogo/cluster/kmeans"
)

// biogo is github.com/biogo/cluster/kmeans. It runs until no row moves, however
// long that takes. With weights of 1 for the first K rows, which are the initial
// centers, and 0 for all others, the means are the initial centers again: then
// it ends after an E-step, an M-step and an E-step.
type biogo struct {
	task
	rows [][]float64
}

func newBiogo(t task) (subject, error) {
	b := &biogo{t, doubles(t)}
	return subject{turn: b.turn}, nil
}

func (b *biogo) Len() int               { return len(b.rows) }
func (b *biogo) Values(i int) []float64 { return b.rows[i] }
func (b *biogo) Weight(i int) float64 {
	if i < b.k() {
		return 1
	}
	return 0
}

func (b *biogo) turn(few, many int) (float64, outcome, error) {
	km, err := b.cluster()
	if err != nil {
		return 0, outcome{}, err
	}
	begin := time.Now()
	err = km.Cluster()
	return time.Since(begin).Seconds() / 2, outcome{iterations: 1}, err
}

// cluster is ready to run.
func (b *biogo) cluster() (*kmeans.Kmeans, error) {
	km, err := kmeans.New(b)
	if err != nil {
		return nil, err
	}
	centers := make([]cluster.Center, b.k())
	for k := range centers {
		centers[k] = center(b.rows[k])
	}
	km.SetCenters(centers)
	return km, nil
}

type center []float64

func (c center) V() []float64             { return c }
func (c center) Members() cluster.Indices { return nil }
