package dataset

import (
	"bytes"
	"compress/gzip"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/testdata"
)

// Labeled is a matrix whose true classes are known.
type Labeled struct {
	X      *tensor.Dense // N×D, row-major
	Labels []int32       // N, the class of each row
}

// Digits returns the 1797 handwritten digits: X is 1797×64 of dtype dt
// (tensor.Float32 or tensor.Float64; the zero Dtype means Float64), the pixels
// of an 8×8 image row by row, values 0 (paper) to 16 (ink); Labels are the
// digits 0 to 9. The order is that of scikit-learn's load_digits. Each call
// returns a fresh copy.
//
// The error wraps [ErrDtype] for another dtype.
//
// Source: test part of "Optical Recognition of Handwritten Digits",
// E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, 1998,
// CC BY 4.0, https://doi.org/10.24432/C50P49.
func Digits(dt tensor.Dtype) (*Labeled, error) {
	dt, err := checkDtype(dt, tensor.Float64)
	if err != nil {
		return nil, err
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(testdata.Digits))
	if err != nil {
		return nil, failure(ErrFormat, "the embedded digits cannot be unpacked (%v); restore testdata/digits.csv.gz", err)
	}
	if dt == tensor.Float32 {
		return digitsOf[float32](unpacked)
	}
	return digitsOf[float64](unpacked)
}

func digitsOf[T float](unpacked *gzip.Reader) (*Labeled, error) {
	const pixels = 64
	in, err := openCSV(unpacked, CSVOptions{Header: HeaderAbsent})
	if err != nil {
		return nil, err
	}
	if in.cols != pixels+1 {
		return nil, failure(ErrFormat, "the embedded digits have %d columns, %d were expected; restore testdata/digits.csv.gz", in.cols, pixels+1)
	}
	all, err := collect(nil, -1, false, func(dst []T) (int, error) { return readElements(in.elements, dst) })
	if err != nil {
		return nil, err
	}
	rows := len(all) / in.cols
	x := make([]T, 0, rows*pixels)
	labels := make([]int32, rows)
	for i := range labels {
		row := all[i*in.cols : (i+1)*in.cols]
		x = append(x, row[:pixels]...)
		labels[i] = int32(row[pixels])
	}
	return &Labeled{X: denseOf(rows, pixels, x), Labels: labels}, nil
}
