package docs_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/cluster"
	"github.com/seed-fbf9ce71/lloyd/dataset"
	"github.com/seed-fbf9ce71/lloyd/graph"
)

func Example_embedKernels() {
	x := []float32{0, 0, 1, 0, 9, 9, 8, 9} // 4 rows of 2 elements, as they lie in memory
	centers := []float32{0, 0, 9, 9}
	rows := lloyd.Dense(x, 4, 2)
	packed, err := lloyd.PackCenters(lloyd.Dense(centers, 2, 2))
	if err != nil {
		log.Fatal(err)
	}
	labels, distances := make([]int32, 4), make([]float32, 4)
	var scratch lloyd.Workspace[float32] // kept from call to call: nothing is allocated
	if err := packed.Nearest(labels, distances, rows, &scratch); err != nil {
		log.Fatal(err)
	}
	sums, err := lloyd.NewSums(2, 2, 9, 4) // no element is above 9, there are 4 rows
	if err != nil {
		log.Fatal(err)
	}
	if err := lloyd.Accumulate(sums, rows, labels, nil); err != nil {
		log.Fatal(err)
	}
	for k, weight := range []float64{2, 2} {
		if err := lloyd.Mean(centers[2*k:2*k+2], sums, k, weight); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(labels, distances, centers)
	// Output:
	// [0 0 1 1] [0 1 0 1] [0.5 0 8.5 9]
}

func Example_embedTensors() {
	ctx := context.Background()
	digits, err := dataset.Digits(tensor.Float32)
	if err != nil {
		log.Fatal(err)
	}
	x, k := digits.X, 10
	first, err := x.Slice(tensor.S(0, k))
	if err != nil {
		log.Fatal(err)
	}
	centers := first.Materialize().(*tensor.Dense)
	for range 20 {
		a, err := cluster.EStep(ctx, x, centers, 0) // labels, squared distances, inertia
		if err != nil {
			log.Fatal(err)
		}
		s, err := cluster.MStep(ctx, x, a.Labels, nil, k, 0) // sums, weights, counts
		if err != nil {
			log.Fatal(err)
		}
		if centers, err = s.Centers(centers); err != nil {
			log.Fatal(err)
		}
	}
	model, err := cluster.FromCenters(centers) // predicts, transforms, scores, saves
	if err != nil {
		log.Fatal(err)
	}
	score, err := model.Score(ctx, x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("inertia %.0f\n", -score)
	// Output:
	// inertia 1167859
}

func Example_embedParts() {
	ctx := context.Background()
	digits, err := dataset.Digits(tensor.Float32)
	if err != nil {
		log.Fatal(err)
	}
	first, err := digits.X.Slice(tensor.S(0, 10))
	if err != nil {
		log.Fatal(err)
	}
	centers := first.Materialize().(*tensor.Dense)
	// The same bounds for all parts: pixels are 0 to 16, and there are 1797 rows in all.
	bounds := cluster.Bounds{MaxAbs: 16, Rows: 1797}
	part := func(from, to int) *cluster.Statistics {
		rows, err := digits.X.Slice(tensor.S(from, to))
		if err != nil {
			log.Fatal(err)
		}
		x := rows.(*tensor.Dense)
		a, err := cluster.EStep(ctx, x, centers, 0)
		if err != nil {
			log.Fatal(err)
		}
		s, err := cluster.NewStatistics(10, 64, bounds)
		if err != nil {
			log.Fatal(err)
		}
		if err := s.Add(ctx, x, a.Labels, nil, 0); err != nil {
			log.Fatal(err)
		}
		return s
	}
	merged := func(parts ...*cluster.Statistics) []float32 {
		for _, p := range parts[1:] {
			if err := parts[0].Merge(p); err != nil {
				log.Fatal(err)
			}
		}
		c, err := parts[0].Centers(centers)
		if err != nil {
			log.Fatal(err)
		}
		return c.Data().([]float32)
	}
	one := merged(part(0, 1797))
	three := merged(part(1500, 1797), part(0, 400), part(400, 1500))
	fmt.Println("the same bits:", slices.Equal(one, three))
	// Output:
	// the same bits: true
}

func Example_embedServer() {
	ctx := context.Background()
	digits, err := dataset.Digits(tensor.Float32)
	if err != nil {
		log.Fatal(err)
	}
	model, err := cluster.KMeans{K: 10}.Fit(ctx, digits.X) // or cluster.Load(file)
	if err != nil {
		log.Fatal(err)
	}
	model.Threads = 1 // requests run side by side: one thread for each
	handler := func(w http.ResponseWriter, r *http.Request) {
		var rows [][]float32
		if err := json.NewDecoder(r.Body).Decode(&rows); err != nil || len(rows) == 0 {
			http.Error(w, "a list of rows was expected", http.StatusBadRequest)
			return
		}
		if slices.ContainsFunc(rows, func(row []float32) bool { return len(row) != model.D() }) {
			http.Error(w, fmt.Sprintf("rows of %d numbers were expected", model.D()), http.StatusBadRequest)
			return
		}
		x := tensor.New(tensor.WithShape(len(rows), model.D()), tensor.WithBacking(slices.Concat(rows...)))
		labels := make([]int32, len(rows)) // a busy server keeps it in a sync.Pool
		err := model.PredictInto(r.Context(), labels, x)
		switch {
		case errors.Is(err, cluster.ErrInput):
			http.Error(w, err.Error(), http.StatusBadRequest)
		case err != nil:
			http.Error(w, err.Error(), http.StatusInternalServerError)
		default:
			json.NewEncoder(w).Encode(labels)
		}
	}
	// http.ListenAndServe(":8080", http.HandlerFunc(handler)) would serve it.
	row, err := json.Marshal([][]float32{digits.X.Data().([]float32)[:64]})
	if err != nil {
		log.Fatal(err)
	}
	for _, body := range []string{string(row), "[[1, 2]]"} {
		answer := httptest.NewRecorder()
		handler(answer, httptest.NewRequest("POST", "/", strings.NewReader(body)))
		fmt.Print(answer.Code, " ", answer.Body)
	}
	// Output:
	// 200 [4]
	// 400 rows of 64 numbers were expected
}

func Example_embedContext() {
	digits, err := dataset.Digits(tensor.Float32)
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	km := cluster.KMeans{K: 10, Seed: 3, Observer: func(i cluster.Iteration) {
		if i.Iteration == 5 { // as a user who has seen enough would
			cancel()
		}
	}}
	model, err := km.Fit(ctx, digits.X)
	if err != nil && model == nil {
		log.Fatal(err) // nothing was reached
	}
	fmt.Println(errors.Is(err, context.Canceled), model.Iterations, model.Stopped, len(model.Labels))
	// Output:
	// true 5 canceled 1797
}

func Example_embedGraph() {
	digits, err := dataset.Digits(tensor.Float64)
	if err != nil {
		log.Fatal(err)
	}
	first, err := digits.X.Slice(tensor.S(0, 10))
	if err != nil {
		log.Fatal(err)
	}
	g := gorgonia.NewGraph()
	z := gorgonia.NodeFromAny(g, digits.X, gorgonia.WithName("z")) // as a rule: what an encoder computes
	centers := gorgonia.NodeFromAny(g, first.Materialize(), gorgonia.WithName("centers"))
	_, distances, err := graph.Nearest(z, centers)
	if err != nil {
		log.Fatal(err)
	}
	loss := gorgonia.Must(gorgonia.Mean(distances))
	if _, err := gorgonia.Grad(loss, centers); err != nil {
		log.Fatal(err)
	}
	machine := gorgonia.NewTapeMachine(g, gorgonia.BindDualValues(centers))
	defer machine.Close()
	solver := gorgonia.NewVanillaSolver(gorgonia.WithLearnRate(4))
	for range 30 {
		if err := machine.RunAll(); err != nil {
			log.Fatal(err)
		}
		if err := solver.Step(gorgonia.NodesToValueGrads(gorgonia.Nodes{centers})); err != nil {
			log.Fatal(err)
		}
		machine.Reset()
	}
	fmt.Printf("inertia %.0f\n", loss.Value().Data().(float64)*1797)
	// Output:
	// inertia 1176697
}
