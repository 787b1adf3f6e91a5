package docs_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"log"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// The example of model-format.md.

// What is in the file of a model, and the model that it gives back.
func Example_modelFile() {
	ctx := context.Background()
	x := tensor.New(tensor.WithShape(5, 2), tensor.WithBacking([]float32{0, 0, 0, 2, 8, 8, 8, 9, 8, 10}))
	model, err := cluster.KMeans{K: 2, Seed: 1}.Fit(ctx, x)
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer // or an *os.File
	if err := model.Save(&file); err != nil {
		log.Fatal(err)
	}

	b := file.Bytes()
	version, h := binary.LittleEndian.Uint32(b[8:]), binary.LittleEndian.Uint32(b[12:])
	fmt.Printf("%q, version %d, %d bytes\n", b[:8], version, len(b))
	fmt.Printf("%s\n", bytes.TrimRight(b[16:16+h], " "))

	loaded, err := cluster.Load(&file)
	if err != nil {
		log.Fatal(err)
	}
	labels, err := loaded.Predict(ctx, x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(labels)
	// Output:
	// "\x89LLOYD\r\n", version 2, 276 bytes
	// {"kind":"model","inertia":4,"iterations":2,"stopped":"converged","arrays":[{"name":"centers","dtype":"float32","shape":[2,2]},{"name":"counts","dtype":"int64","shape":[2]}]}
	// [0 0 1 1 1]
}
