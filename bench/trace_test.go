package bench

import (
	"context"
	"fmt"
	"github.com/seed-fbf9ce71/lloyd/cluster"
	"os"
	"strconv"
	"testing"
)

func BenchmarkTrace(b *testing.B) {
	i, _ := strconv.Atoi(os.Getenv("FIT"))
	f := fits[i]
	x := f.rows(b)
	s, _ := cluster.KMeans{K: f.k, MaxIter: 1, Seed: 1}.Fit(context.Background(), x)
	for b.Loop() {
		for _, a := range []cluster.Algorithm{cluster.Lloyd, cluster.Auto, cluster.Hamerly} {
			fmt.Println(f.name, a)
			cluster.KMeans{K: f.k, Init: cluster.Given{Centers: s.Centers}, MaxIter: 60, Tol: -1, Algorithm: a, WithoutInertia: true, Observer: func(i cluster.Iteration) {
				if i.Iteration < 6 || i.Iteration%10 == 0 {
					fmt.Printf("%d assign %v update %v pruned %.3f moved %.4f\n", i.Iteration, i.Assign, i.Update, float64(i.Pruned)/float64(x.Shape()[0]), float64(i.Moved)/float64(x.Shape()[0]))
				}
			}}.Fit(context.Background(), x)
		}
	}
}
