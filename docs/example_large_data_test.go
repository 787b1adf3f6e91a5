package docs_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"slices"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// writeRows writes 5000×8 rows of 20 groups to rows.fbin and rows.csv.
func writeRows() {
	set, err := dataset.Blobs(dataset.BlobsConfig{N: 5_000, Centers: 20, D: 8, Dtype: tensor.Float32})
	if err != nil {
		log.Fatal(err)
	}
	for _, path := range []string{"rows.fbin", "rows.csv"} {
		if err := dataset.WriteFile(path, set.X); err != nil {
			log.Fatal(err)
		}
	}
}

func Example_largeStreaming() {
	defer inNewFolder()()
	writeRows()
	ctx := context.Background()
	rows, err := dataset.Open("rows.fbin", dataset.FileOptions{})
	if err != nil {
		log.Fatal(err)
	}
	km := cluster.KMeans{K: 20, Seed: 1}
	s := cluster.Streaming{KMeans: km} // InitSize: seeds from a sample; WithoutLabels
	streamed, err := s.Fit(ctx, rows)
	if err != nil {
		log.Fatal(err)
	}
	table, err := dataset.ReadFile("rows.fbin", dataset.FileOptions{})
	if err != nil {
		log.Fatal(err)
	}
	inMemory, err := km.Fit(ctx, table.X)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(streamed.Inertia == inMemory.Inertia, slices.Equal(streamed.Labels, inMemory.Labels))
	// Output:
	// true true
}

func Example_largeMapped() {
	defer inNewFolder()()
	writeRows()
	ctx := context.Background()
	rows, err := dataset.Map("rows.fbin", dataset.FileOptions{})
	if err != nil {
		log.Fatal(err)
	}
	defer rows.Close()
	model, err := cluster.MiniBatch{K: 20}.Fit(ctx, rows.X)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(model.K(), model.D(), model.Stopped)
	// Output:
	// 20 8 no improvement
}

func Example_largeBlocks() {
	defer inNewFolder()()
	writeRows()
	ctx := context.Background()
	file, err := os.Open("rows.csv") // or a pipe, a connection: any io.Reader
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	blocks := dataset.ReadBlocks(file, dataset.FileOptions{}, 0)
	model, err := cluster.MiniBatch{K: 20, InitSize: 2000}.FitBlocks(ctx, blocks)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(model.Iterations, "batches;", model.Stopped)
	// Output:
	// 5 batches; end of the rows
}

func Example_largeK() {
	ctx := context.Background()
	set, err := dataset.Blobs(dataset.BlobsConfig{N: 10_000, Centers: 200, D: 8, Dtype: tensor.Float32})
	if err != nil {
		log.Fatal(err)
	}
	x := set.X
	seeded, err := cluster.KMeans{K: 200, Init: cluster.KMeansParallel{}}.Fit(ctx, x)
	if err != nil {
		log.Fatal(err)
	}
	levels, err := cluster.Hierarchical{K: 200}.Fit(ctx, x)
	if err != nil {
		log.Fatal(err)
	}
	tree, err := cluster.Bisecting{K: 200}.Fit(ctx, x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(seeded.K(), levels.K(), len(tree.Nodes))
	// Output:
	// 200 200 399
}

func Example_largeBounds() {
	ctx := context.Background()
	set, err := dataset.Blobs(dataset.BlobsConfig{N: 5_000, Centers: 20, D: 8, Dtype: tensor.Float32})
	if err != nil {
		log.Fatal(err)
	}
	x := set.X
	var inertias []float64
	for _, km := range []cluster.KMeans{
		{K: 20},                           // Auto: what pays, by measuring
		{K: 20, Memory: 256 << 20},        // Auto, with up to 256 MiB for bounds
		{K: 20, Memory: -1},               // Auto, with none for bounds of pairs
		{K: 20, Algorithm: cluster.Elkan}, // K + 8 bytes a row
		{K: 20, Algorithm: cluster.Lloyd}, // every distance, every time
	} {
		model, err := km.Fit(ctx, x)
		if err != nil {
			log.Fatal(err)
		}
		inertias = append(inertias, model.Inertia)
	}
	fmt.Println(len(slices.Compact(inertias)), "inertia for all")
	// Output:
	// 1 inertia for all
}
