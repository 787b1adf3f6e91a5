package dataset_test

import (
	"bytes"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/dataset"
)

func ExampleDigits() {
	digits, err := dataset.Digits(tensor.Float32)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(digits.X.Shape(), digits.X.Dtype())
	fmt.Println("first row is a", digits.Labels[0])
	pixels := digits.X.Data().([]float32)
	for y := range 8 {
		for x := range 8 {
			fmt.Printf("%3.0f", pixels[8*y+x])
		}
		fmt.Println()
	}
	// Output:
	// (1797, 64) float32
	// first row is a 0
	//   0  0  5 13  9  1  0  0
	//   0  0 13 15 10 15  5  0
	//   0  3 15  2  0 11  8  0
	//   0  4 12  0  0  8  8  0
	//   0  5  8  0  0  9  8  0
	//   0  4 11  0  1 12  7  0
	//   0  2 14  5 10 12  0  0
	//   0  0  6 13 10  0  0  0
}

// The 300 points that scikit-learn's make_blobs(n_samples=300, centers=4,
// cluster_std=0.60, random_state=0) gives.
func ExampleBlobs() {
	blobs, err := dataset.Blobs(dataset.BlobsConfig{N: 300, Centers: 4, Std: 0.60})
	if err != nil {
		log.Fatal(err)
	}
	x := blobs.X.Data().([]float64)
	centers := blobs.Centers.Data().([]float64)
	fmt.Println(blobs.X.Shape(), blobs.Centers.Shape())
	fmt.Printf("row 0: (%.6f, %.6f) of cluster %d\n", x[0], x[1], blobs.Labels[0])
	fmt.Printf("center 1: (%.6f, %.6f)\n", centers[2], centers[3])
	// Output:
	// (300, 2) (4, 2)
	// row 0: (0.836857, 2.136359) of cluster 1
	// center 1: (2.055268, 0.897664)
}

func ExampleReadCSV() {
	const file = "length,width\n5.1,3.5\n4.9,3.0\n"
	table, err := dataset.ReadCSV(strings.NewReader(file), dataset.CSVOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(table.Header, table.X.Shape(), table.X.Data())
	_, err = dataset.ReadCSV(strings.NewReader("5.1,3.5\n4.9,\n"), dataset.CSVOptions{})
	fmt.Println(errors.Is(err, dataset.ErrFormat))
	fmt.Println(err)
	// Output:
	// [length width] (2, 2) [5.1 3.5 4.9 3]
	// true
	// dataset: CSV line 2, column 2 is empty; a number was expected: fill in or drop missing values: malformed data
}

func ExampleWriteCSV() {
	x := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float32{0.1, 2, 3, 4e-9}))
	if err := dataset.WriteCSV(os.Stdout, x, []string{"a", "b"}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// a,b
	// 0.1,2
	// 3,4e-09
}

func ExampleWriteNPY() {
	x := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float32{1, 2, 3, 4, 5, 6}))
	if err := x.T(); err != nil { // written as the 3×2 matrix it shows
		log.Fatal(err)
	}
	var file bytes.Buffer
	if err := dataset.WriteNPY(&file, x); err != nil {
		log.Fatal(err)
	}
	y, err := dataset.ReadNPY(&file, dataset.NPYOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(y.Shape(), y.Dtype(), y.Data())
	// Output:
	// (3, 2) float32 [1 4 2 5 3 6]
}

func ExampleWriteFile() {
	folder, err := os.MkdirTemp("", "dataset")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "rows.npy")
	x := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{1, 2, 3, 4}))
	if err := dataset.WriteFile(path, x); err != nil {
		log.Fatal(err)
	}
	table, err := dataset.ReadFile(path, dataset.FileOptions{Dtype: tensor.Float32})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(table.X.Shape(), table.X.Dtype())
	// Output:
	// (2, 2) float32
}

func ExampleReadLabelsCSV() {
	labels, err := dataset.ReadLabelsCSV(strings.NewReader("3\n0\n2\n"))
	fmt.Println(labels, err)
	_, err = dataset.ReadLabelsCSV(strings.NewReader("3\nzero\n"))
	fmt.Println(err)
	// Output:
	// [3 0 2] <nil>
	// dataset: label on line 2: "zero" is not an integer; one integer a line was expected, no header: malformed data
}

// Whether a table of numbers has column names may have to be said.
func ExampleHeaderMode() {
	const file = "2019,2020\n1,2\n3,4\n"
	for _, mode := range []dataset.HeaderMode{dataset.HeaderAuto, dataset.HeaderPresent} {
		table, err := dataset.ReadCSV(strings.NewReader(file), dataset.CSVOptions{Header: mode})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(table.Header, table.X.Shape())
	}
	// Output:
	// [] (3, 2)
	// [2019 2020] (2, 2)
}

func ExampleWriteLabelsCSV() {
	if err := dataset.WriteLabelsCSV(os.Stdout, []int32{3, 0, 2}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// 3
	// 0
	// 2
}

func ExampleWriteLabelsNPY() {
	var file bytes.Buffer
	if err := dataset.WriteLabelsNPY(&file, []int32{3, 0, 2}); err != nil {
		log.Fatal(err)
	}
	labels, err := dataset.ReadLabelsNPY(&file)
	fmt.Println(labels, err)
	// Output: [3 0 2] <nil>
}

// The ending of the name chooses the format, also of labels.
func ExampleWriteLabelsFile() {
	path, remove := inFolder("labels.csv.gz")
	defer remove()
	if err := dataset.WriteLabelsFile(path, []int32{3, 0, 2}); err != nil {
		log.Fatal(err)
	}
	labels, err := dataset.ReadLabelsFile(path)
	fmt.Println(labels, err)
	// Output: [3 0 2] <nil>
}
