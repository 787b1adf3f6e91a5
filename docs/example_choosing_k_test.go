package docs_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
	"github.com/seed-fbf9ce71/lloyd/figure"
	"github.com/seed-fbf9ce71/lloyd/metrics"
)

func Example_chooseK() {
	defer inNewFolder()()
	ctx := context.Background()
	blobs, err := dataset.Blobs(dataset.BlobsConfig{N: 300, Centers: 4, Std: 0.60})
	if err != nil {
		log.Fatal(err)
	}
	scan := cluster.KScan{
		Ks:     cluster.KRange(2, 12, 1),
		KMeans: cluster.KMeans{Restarts: 10},
	}
	result, err := scan.Fit(ctx, blobs.X)
	if err != nil {
		log.Fatal(err)
	}
	var ks []int
	var inertia, silhouette []float64
	for _, s := range result.Scores {
		fmt.Printf("%-2d %7.1f %6.3f %7.1f %6.3f\n", s.K, s.Inertia, s.Silhouette, s.CalinskiHarabasz, s.DaviesBouldin)
		ks, inertia, silhouette = append(ks, s.K), append(inertia, s.Inertia), append(silhouette, s.Silhouette)
	}
	fmt.Println("elbow", result.Elbow, "silhouette", result.BestSilhouette,
		"Calinski-Harabasz", result.BestCalinskiHarabasz, "Davies-Bouldin", result.BestDaviesBouldin)
	elbow := figure.Elbow{Suggested: result.Elbow, Scores: silhouette, ScoreLabel: "silhouette"}
	f, err := elbow.Draw(ks, inertia)
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("elbow.png"); err != nil {
		log.Fatal(err)
	}
	// Output:
	// 2   1190.8  0.543   405.8  0.561
	// 3    546.9  0.589   615.1  0.626
	// 4    212.0  0.682  1210.1  0.438
	// 5    188.8  0.592  1024.9  0.699
	// 6    170.0  0.499   914.0  0.894
	// 7    152.5  0.402   851.9  1.058
	// 8    136.0  0.330   820.6  1.151
	// 9    123.6  0.339   791.0  1.065
	// 10   112.2  0.340   775.2  0.998
	// 11   100.9  0.353   776.6  0.932
	// 12    91.1  0.354   782.2  0.901
	// elbow 4 silhouette 4 Calinski-Harabasz 4 Davies-Bouldin 4
}

func Example_chooseKSilhouettes() {
	defer inNewFolder()()
	ctx := context.Background()
	set, err := dataset.Blobs(dataset.BlobsConfig{N: 500, Centers: 4, Std: 1, Box: [2]float64{-8, 8}, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	model, err := cluster.KMeans{K: 6, Restarts: 10}.Fit(ctx, set.X)
	if err != nil {
		log.Fatal(err)
	}
	rows, err := cluster.Rows[float64](set.X)
	if err != nil {
		log.Fatal(err)
	}
	s, err := metrics.Silhouette(ctx, rows, model.Labels, metrics.SilhouetteOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("mean %.3f\n", s.Mean)
	f, err := figure.Silhouette{Title: "6 clusters of 4 groups"}.Draw(s.Values, model.Labels)
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("silhouette.png"); err != nil {
		log.Fatal(err)
	}
	// Output:
	// mean 0.402
}
