package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd"
	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// dataSeed is the seed of all data: PCG(dataSeed, D).
const dataSeed = 1

// files are the rows and the initial centers of a shape, as .npy files.
type files struct{ rows, centers string }

// prepare writes the files of a shape, unless they are there.
func prepare(folder string, s Shape) (files, error) {
	f := files{
		rows:    filepath.Join(folder, fmt.Sprintf("%s-%d-%d-seed%d.npy", s.Data, s.N, s.D, dataSeed)),
		centers: filepath.Join(folder, fmt.Sprintf("%s-%d-%d-seed%d-first%d.npy", s.Data, s.N, s.D, dataSeed, s.K)),
	}
	_, errRows := os.Stat(f.rows)
	_, errCenters := os.Stat(f.centers)
	if errRows == nil && errCenters == nil {
		return f, nil
	}
	if err := errors.Join(errRows, errCenters); !errors.Is(err, fs.ErrNotExist) {
		return f, err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return f, err
	}
	x, err := generate(s)
	if err != nil {
		return f, err
	}
	if err := save(f.rows, x, s.D); err != nil {
		return f, err
	}
	return f, save(f.centers, x[:s.K*s.D], s.D)
}

// generate returns the rows of a shape.
//
//   - blobs and digits are those of package dataset, the blobs those of the
//     tutorial (standard deviation 0.6, seed 0);
//   - normal: independent standard normal numbers, the hardest case for methods
//     that leave out distances;
//   - uniform: independent numbers in [0, 1);
//   - groups: K normal groups, each row in one by chance, with a standard deviation of 1 around
//     standard normal centers whose column j is scaled by 3/√(1+j/8), somewhat as
//     in embeddings;
//   - spectrum: independent normal numbers, with a variance of 1/(1+j) in column j.
func generate(s Shape) ([]float32, error) {
	r := rand.New(rand.NewPCG(dataSeed, uint64(s.D)))
	x := make([]float32, s.N*s.D)
	switch s.Data {
	case "blobs":
		sample, err := dataset.Blobs(dataset.BlobsConfig{N: s.N, D: s.D, Centers: s.K, Std: 0.6, Dtype: tensor.Float32})
		if err != nil {
			return nil, err
		}
		copy(x, sample.X.Data().([]float32))
	case "digits":
		digits, err := dataset.Digits(tensor.Float32)
		if err != nil {
			return nil, err
		}
		copy(x, digits.X.Data().([]float32))
	case "normal":
		for i := range x {
			x[i] = float32(r.NormFloat64())
		}
	case "uniform":
		for i := range x {
			x[i] = r.Float32()
		}
	case "groups":
		groups(x, s, r)
	case "spectrum":
		for i := range x {
			x[i] = float32(r.NormFloat64() / math.Sqrt(float64(1+i%s.D)))
		}
	default:
		return nil, fmt.Errorf("no data of the kind %q", s.Data)
	}
	return x, nil
}

// load reads rows that save wrote.
func load(path string) (lloyd.Matrix[float32], error) {
	f, err := os.Open(path)
	if err != nil {
		return lloyd.Matrix[float32]{}, err
	}
	defer f.Close()
	t, err := dataset.ReadNPY(f, dataset.NPYOptions{Dtype: tensor.Float32})
	if err != nil {
		return lloyd.Matrix[float32]{}, err
	}
	return lloyd.Dense(t.Data().([]float32), t.Shape()[0], t.Shape()[1]), nil
}

// save writes rows of d elements.
func save(path string, x []float32, d int) error {
	return dataset.WriteAtomic(path, func(w io.Writer) error { return dataset.WriteNPY(w, dense(x, d)) })
}

// dense is the tensor over x.
func dense(x []float32, d int) *tensor.Dense {
	return tensor.New(tensor.WithShape(len(x)/d, d), tensor.WithBacking(x))
}
