package dataset_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// inFolder is a name in a folder of its own, and what removes it.
func inFolder(name string) (path string, remove func()) {
	folder, err := os.MkdirTemp("", "dataset")
	if err != nil {
		log.Fatal(err)
	}
	return filepath.Join(folder, name), func() { os.RemoveAll(folder) }
}

// Rows that come down a pipe, three at a time.
func ExampleReadBlocks() {
	pipe := strings.NewReader("1,2\n3,4\n5,6\n7,8\n")
	for block, err := range dataset.ReadBlocks(pipe, dataset.FileOptions{}, 3) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(block.Data())
	}
	// Output:
	// [1 2 3 4 5 6]
	// [7 8]
}

// A file that does not fit the memory is read in blocks, again and again.
func ExampleSource_Blocks() {
	path, remove := inFolder("base.u8bin")
	defer remove()
	x := tensor.New(tensor.WithShape(5, 2), tensor.WithBacking([]float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}))
	if err := dataset.WriteFile(path, x); err != nil {
		log.Fatal(err)
	}

	source, err := dataset.Open(path, dataset.FileOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(source.Rows(), source.Columns(), source.Dtype(), source.Header())
	for range 2 {
		for block, err := range source.Blocks(2) {
			if err != nil {
				log.Fatal(err)
			}
			fmt.Println(block.Data())
		}
	}
	// Output:
	// 5 2 float32 []
	// [1 2 3 4]
	// [5 6 7 8]
	// [9 10]
	// [1 2 3 4]
	// [5 6 7 8]
	// [9 10]
}

// The system brings in what is touched of a mapped file.
func ExampleMap() {
	path, remove := inFolder("base.fbin")
	defer remove()
	x := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float32{1, 2, 3, 4}))
	if err := dataset.WriteFile(path, x); err != nil {
		log.Fatal(err)
	}

	m, err := dataset.Map(path, dataset.FileOptions{})
	if err != nil {
		log.Fatal(err)
	}
	defer m.Close()
	fmt.Println(m.X.Shape(), m.X.Data())
	// Output:
	// (2, 2) [1 2 3 4]
}

func ExampleMapped_InFile() {
	path, remove := inFolder("x.csv")
	defer remove()
	if err := os.WriteFile(path, []byte("1,2\n"), 0o600); err != nil {
		log.Fatal(err)
	}
	m, err := dataset.Map(path, dataset.FileOptions{})
	if err != nil {
		log.Fatal(err)
	}
	defer m.Close()
	fmt.Println(m.InFile()) // text has to be read
	// Output:
	// false
}

// The format of a stream shows in its first bytes, compressed or not.
func ExampleRead() {
	table, err := dataset.Read(strings.NewReader("x,y\n1,2\n3,4\n"), dataset.FileOptions{Dtype: tensor.Float32})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(table.Header, table.X.Data())
	// Output:
	// [x y] [1 2 3 4]
}

func ExampleFormats() {
	for _, f := range dataset.Formats() {
		if f.Labels {
			fmt.Println(f.Ending, f.Name)
		}
	}
	// Output:
	// .csv comma-separated text
	// .tsv tab-separated text
	// .npy NumPy array
}

func ExampleFormatOf() {
	f, err := dataset.FormatOf("embeddings.fvecs.gz")
	fmt.Println(f.Ending, f.Writes, err)
	_, err = dataset.FormatOf("embeddings.h5")
	fmt.Println(errors.Is(err, dataset.ErrUnknownFormat))
	// Output:
	// .fvecs true <nil>
	// true
}

func ExampleWriteVecs() {
	x := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float32{1, 2, 3, 4, 5, 6}))
	var file bytes.Buffer
	if err := dataset.WriteVecs(&file, x, dataset.Uint8); err != nil { // .bvecs
		log.Fatal(err)
	}
	fmt.Println(file.Bytes())
	// Output:
	// [3 0 0 0 1 2 3 3 0 0 0 4 5 6]
}

func ExampleReadVecs() {
	file := []byte{3, 0, 0, 0, 1, 2, 3, 3, 0, 0, 0, 4, 5, 6}
	x, err := dataset.ReadVecs(bytes.NewReader(file), dataset.VectorOptions{Element: dataset.Uint8})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(x.Shape(), x.Dtype(), x.Data())
	_, err = dataset.ReadVecs(bytes.NewReader(file[:10]), dataset.VectorOptions{Element: dataset.Uint8})
	fmt.Println(errors.Is(err, dataset.ErrFormat))
	// Output:
	// (2, 3) float32 [1 2 3 4 5 6]
	// true
}

func ExampleWriteBin() {
	x := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float64{1, 2, 3, 4, 5, 6}))
	var file bytes.Buffer
	if err := dataset.WriteBin(&file, x, dataset.Uint8); err != nil { // .u8bin
		log.Fatal(err)
	}
	fmt.Println(file.Bytes())
	x.Set(5, 6.5)
	fmt.Println(dataset.WriteBin(io.Discard, x, dataset.Uint8))
	// Output:
	// [2 0 0 0 3 0 0 0 1 2 3 4 5 6]
	// dataset: row 1, column 2 (from 0) holds 6.5, which uint8 cannot hold exactly; scale or round it, or write float32 or .npy: unsupported dtype
}

func ExampleReadBin() {
	file := []byte{1, 0, 0, 0, 2, 0, 0, 0, 0, 255}
	x, err := dataset.ReadBin(bytes.NewReader(file), dataset.VectorOptions{Element: dataset.Int8, Dtype: tensor.Float64})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(x.Shape(), x.Dtype(), x.Data())
	// Output:
	// (1, 2) float64 [0 -1]
}

func ExampleElement_String() {
	fmt.Println(dataset.Float32, dataset.Int32, dataset.Uint8, dataset.Int8)
	// Output:
	// float32 int32 uint8 int8
}

func ExampleWriteNPZ() {
	x := tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]float32{1, 2}))
	y := tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float64{3, 4}))
	var file bytes.Buffer
	if err := dataset.WriteNPZ(&file, dataset.NPZArray{Name: "x", X: x}, dataset.NPZArray{Name: "y", X: y}); err != nil {
		log.Fatal(err)
	}
	back, err := dataset.ReadNPZ(bytes.NewReader(file.Bytes()), int64(file.Len()), dataset.NPZOptions{Name: "y"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(back.Shape(), back.Data())
	// Output:
	// (1, 2) [3 4]
}

func ExampleReadNPZ() {
	x := tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float32{1, 2}))
	var file bytes.Buffer
	if err := dataset.WriteNPZ(&file, dataset.NPZArray{Name: "a", X: x}, dataset.NPZArray{Name: "b", X: x}); err != nil {
		log.Fatal(err)
	}
	_, err := dataset.ReadNPZ(bytes.NewReader(file.Bytes()), int64(file.Len()), dataset.NPZOptions{})
	fmt.Println(err)
	// Output:
	// dataset: the NPZ archive has the arrays "a" (1, 2), "b" (1, 2); name the one to read, or keep one N×D matrix in it: invalid option
}

func ExampleWriteParquet() {
	x := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float32{1, 2, 3, 4}))
	for _, header := range [][]string{{"width", "height"}, nil} {
		var file bytes.Buffer
		if err := dataset.WriteParquet(&file, x, header); err != nil {
			log.Fatal(err)
		}
		table, err := dataset.ReadParquet(bytes.NewReader(file.Bytes()), int64(file.Len()), dataset.ParquetOptions{})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(table.Header, table.X.Data())
	}
	// Output:
	// [width height] [1 2 3 4]
	// [] [1 2 3 4]
}

func ExampleReadParquet() {
	x := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float32{1, 2, 3, 4, 5, 6}))
	var file bytes.Buffer
	if err := dataset.WriteParquet(&file, x, []string{"id", "width", "height"}); err != nil {
		log.Fatal(err)
	}
	table, err := dataset.ReadParquet(bytes.NewReader(file.Bytes()), int64(file.Len()),
		dataset.ParquetOptions{Columns: []string{"height", "width"}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(table.Header, table.X.Data())
	// Output:
	// [height width] [3 2 6 5]
}

func ExampleWritePNG() {
	pixels := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float32{255, 0, 0, 0, 0, 254.6}))
	var file bytes.Buffer
	if err := dataset.WritePNG(&file, pixels, 2); err != nil {
		log.Fatal(err)
	}
	image, err := dataset.ReadImage(&file, tensor.Float32)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(image.Width, image.Height, image.X.Data())
	// Output:
	// 2 1 [255 0 0 0 0 255]
}

// A picture in fewer colors: read it, put a center in the place of each pixel,
// write it back. The clustering is left out here.
func ExampleReadImage() {
	picture, err := os.Open("../testdata/formats/rgb.png")
	if err != nil {
		log.Fatal(err)
	}
	defer picture.Close()
	image, err := dataset.ReadImage(picture, tensor.Float32)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(image.X.Shape(), image.Width, image.Height)

	pixels := image.X.Data().([]float32)
	for i, v := range pixels {
		if pixels[i] = 0; v > 100 {
			pixels[i] = 255
		}
	}
	path, remove := inFolder("fewer.png")
	defer remove()
	err = dataset.WriteAtomic(path, func(w io.Writer) error { return dataset.WritePNG(w, image.X, image.Width) })
	fmt.Println(err)
	// Output:
	// (12, 3) 4 3
	// <nil>
}

// From one format to another, block by block, with the names of the columns.
func ExampleSource_WriteFile() {
	dir, err := os.MkdirTemp("", "lloyd")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	people := &dataset.Table{
		X:      tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{1.75, 30, 1.5, 40})),
		Header: []string{"height", "age"},
	}
	if err := people.WriteFile(filepath.Join(dir, "people.csv")); err != nil {
		log.Fatal(err)
	}
	source, err := dataset.Open(filepath.Join(dir, "people.csv"), dataset.FileOptions{})
	if err != nil {
		log.Fatal(err)
	}
	rows, err := source.WriteFile(filepath.Join(dir, "people.parquet"), nil)
	if err != nil {
		log.Fatal(err)
	}
	ages, err := dataset.ReadColumnFile(filepath.Join(dir, "people.parquet"), dataset.FileOptions{Columns: []string{"age"}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rows, ages)
	// Output: 2 [30 40]
}
