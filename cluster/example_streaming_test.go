package cluster_test

import (
	"context"
	"fmt"
	"iter"
	"log"
	"os"
	"path/filepath"
	"strings"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// A file is read again in every iteration, and is never in memory as a whole.
func ExampleStreaming_Fit() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "points.fbin")
	if err := dataset.WriteFile(path, points()); err != nil {
		log.Fatal(err)
	}

	source, err := dataset.Open(path, dataset.FileOptions{})
	if err != nil {
		log.Fatal(err)
	}
	s := cluster.Streaming{KMeans: cluster.KMeans{K: 2, Seed: 1}}
	model, err := s.Fit(context.Background(), source)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(model.Labels, model.Counts, model.Stopped)
	// Output: [0 0 0 1 1 1] [3 3] converged
}

// The last row counts ten times.
func ExampleStreaming_FitWeighted() {
	x := tensor.New(tensor.WithShape(4, 1), tensor.WithBacking([]float64{0, 2, 10, 21}))
	start := tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]float64{0, 10}))
	s := cluster.Streaming{KMeans: cluster.KMeans{K: 2, Init: cluster.Given{Centers: start}}, WithoutLabels: true}
	model, err := s.FitWeighted(context.Background(), cluster.SourceOf(x), []float64{1, 1, 1, 10})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(model.Centers.Data(), model.Labels, model.Counts)
	// Output: [4 21] [] [3 1]
}

// A matrix that is mapped into memory may be larger than it.
func ExampleSourceOf() {
	source := cluster.SourceOf(points())
	fmt.Println(source.Rows(), source.Columns(), source.Dtype())
	// Output: 6 2 float64
}

// squares is a source that computes its rows: 1, 4, 9, ….
type squares int

func (s squares) Rows() int           { return int(s) }
func (s squares) Columns() int        { return 1 }
func (s squares) Dtype() tensor.Dtype { return tensor.Float64 }
func (s squares) Blocks(int) iter.Seq2[*tensor.Dense, error] {
	return func(yield func(*tensor.Dense, error) bool) {
		for i := 1; i <= int(s); i++ {
			row := []float64{float64(i * i)}
			if !yield(tensor.New(tensor.WithShape(1, 1), tensor.WithBacking(row)), nil) {
				return
			}
		}
	}
}

// Everything that gives blocks of rows again and again is a Source.
func ExampleSource() {
	s := cluster.Streaming{KMeans: cluster.KMeans{K: 2, Seed: 2}}
	model, err := s.Fit(context.Background(), squares(6))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(model.Counts)
	// Output: [3 3]
}

// Rows of a pipe, which can be read only once, one step for each batch.
func ExampleMiniBatch_FitBlocks() {
	pipe := strings.NewReader(strings.Repeat("0,1\n10,11\n1,0\n11,10\n", 100))
	blocks := dataset.ReadBlocks(pipe, dataset.FileOptions{}, 50)
	mb := cluster.MiniBatch{K: 2, BatchSize: 100}
	model, err := mb.FitBlocks(context.Background(), blocks)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(model.Iterations, model.Stopped, model.K(), model.D())
	// Output: 4 end of the rows 2 2
}

// Rows of a channel, with weights.
func ExampleMiniBatch_FitWeightedBlocks() {
	rows := make(chan cluster.WeightedRows)
	go func() {
		defer close(rows)
		for _, v := range [][]float64{{0, 4}, {100, 100}, {4, 104}} {
			x := tensor.New(tensor.WithShape(2, 1), tensor.WithBacking(v))
			rows <- cluster.WeightedRows{X: x, Weights: []float64{3, 1}}
		}
	}()
	blocks := func(yield func(cluster.WeightedRows, error) bool) {
		for b := range rows {
			if !yield(b, nil) {
				return
			}
		}
	}
	start := tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]float64{0, 100}))
	mb := cluster.MiniBatch{K: 2, Init: cluster.Given{Centers: start}, BatchSize: 2, Reassign: -1}
	model, err := mb.FitWeightedBlocks(context.Background(), blocks)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.1f\n", model.Centers.Data())
	// Output: [2.3 100.8]
}
