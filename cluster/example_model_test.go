package cluster_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// What a model is, in a few lines.
func ExampleModel_String() {
	digits, err := dataset.Digits(tensor.Float32)
	if err != nil {
		log.Fatal(err)
	}
	model, err := cluster.KMeans{K: 30, MaxIter: 2, Seed: 42}.Fit(context.Background(), digits.X)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(model)
	// Output:
	// model       30×64 centers, float32
	// inertia     865954.4331
	// iterations  2, maximum of iterations reached
	// rows        1797
	// of each     112 38 79 46 74 55 84 91 47 52 79 58 65 39 43 22 63 … from 22 to 112
}

// For a program in another language, and back.
func ExampleModel_MarshalJSON() {
	model, err := cluster.KMeans{K: 2, Seed: 1}.Fit(context.Background(), points())
	if err != nil {
		log.Fatal(err)
	}
	text, err := json.Marshal(model)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))

	var back cluster.Model
	if err := json.Unmarshal(text, &back); err != nil {
		log.Fatal(err)
	}
	fmt.Println(back.K(), back.D(), back.Counts)
	// Output:
	// {"k":2,"d":2,"dtype":"float64","inertia":2.6666666666666665,"iterations":2,"stopped":"converged","counts":[3,3],"centers":[[1.3333333333333333,1.3333333333333333],[8.333333333333334,8.333333333333334]]}
	// 2 2 [3 3]
}

// The centers as NumPy reads them, and a model of centers that NumPy wrote.
func ExampleFromCenters_npy() {
	model, err := cluster.KMeans{K: 2, Seed: 1}.Fit(context.Background(), points())
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer // or an os.File: numpy.load("centers.npy")
	if err := dataset.WriteNPY(&file, model.Centers); err != nil {
		log.Fatal(err)
	}

	centers, err := dataset.ReadNPY(&file, dataset.NPYOptions{})
	if err != nil {
		log.Fatal(err)
	}
	back, err := cluster.FromCenters(centers)
	if err != nil {
		log.Fatal(err)
	}
	labels, err := back.Predict(context.Background(), points())
	fmt.Println(labels, err)
	// Output: [0 0 0 1 1 1] <nil>
}

// A stream of rows whose model is kept in a file between two parts.
func ExampleModel_Save_partialFit() {
	ctx := context.Background()
	mb := cluster.MiniBatch{K: 2}
	var file bytes.Buffer
	for i, rows := range [][]float64{{0, 10}, {1, 11, 12}, {2}} {
		var model *cluster.Model // none in the beginning
		var err error
		if i > 0 {
			if model, err = cluster.Load(&file); err != nil {
				log.Fatal(err)
			}
		}
		x := tensor.New(tensor.WithShape(len(rows), 1), tensor.WithBacking(rows))
		if model, err = mb.PartialFit(ctx, model, x, nil); err != nil {
			log.Fatal(err)
		}
		fmt.Println(model.Centers.Data())
		file.Reset()
		if err := model.Save(&file); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// [10 0]
	// [11 0.5]
	// [11 1]
}
