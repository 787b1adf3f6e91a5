package cluster_test

import (
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// TestStreamingFiles: files of bytes are converted on their way, and those that do not
// know how many rows they have are counted: the result is that of the matrix.
func TestStreamingFiles(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	data := make([]float32, 4000*5)
	for i := range data {
		data[i] = float32(r.IntN(40) + i/5%3*80)
	}
	x := tensor.New(tensor.WithShape(4000, 5), tensor.WithBacking(data))
	km := cluster.KMeans{K: 9, Seed: 4}
	for _, name := range []string{"x.u8bin", "x.bvecs.gz", "x.csv.zst"} {
		path := filepath.Join(t.TempDir(), name)
		if err := dataset.WriteFile(path, x); err != nil {
			t.Fatal(err)
		}
		src, err := dataset.Open(path, dataset.FileOptions{})
		if err != nil {
			t.Fatal(err)
		}
		table, err := dataset.ReadFile(path, dataset.FileOptions{})
		if err != nil {
			t.Fatal(err)
		}
		want, err := km.Fit(t.Context(), table.X)
		if err != nil {
			t.Fatal(err)
		}
		got, err := cluster.Streaming{KMeans: km, Window: 1}.Fit(t.Context(), src)
		if err != nil {
			t.Fatal(err)
		}
		if got.Inertia != want.Inertia || got.Iterations != want.Iterations || !slices.Equal(got.Labels, want.Labels) {
			t.Errorf("%s: inertia %v after %d iterations, in memory %v after %d", name, got.Inertia, got.Iterations, want.Inertia, want.Iterations)
		}
	}
}
