package dataset

import (
	"io"

	"gorgonia.org/tensor"
)

// input is an open matrix: what its format says at the start has been read and
// checked, the elements are still to come.
type input struct {
	rows   int // -1 when only the end tells
	cols   int
	sure   bool         // all the bytes that rows and cols promise are there
	dtype  tensor.Dtype // the narrower of float32 and float64 that holds every element
	header []string     // column names, or nil
	width  int          // of an image: pixels in one of its lines; else 0

	columnMajor bool // the elements come column by column
	elements    elementReader
	end         func() error // checks what comes after the last element; nil: nothing to check
}

// elementReader reads the elements of a matrix in the order of the file. Both
// methods fill dst and return len(dst), or say why they could not: io.EOF after
// the last row of an input that does not know its number of rows.
type elementReader interface {
	read32(dst []float32) (int, error)
	read64(dst []float64) (int, error)
}

func readElements[T float](r elementReader, dst []T) (int, error) {
	switch dst := any(dst).(type) {
	case []float32:
		return r.read32(dst)
	case []float64:
		return r.read64(dst)
	}
	panic("unreachable")
}

// table reads everything, as dt; the zero dt means the input's own.
func (in *input) table(dt tensor.Dtype) (*Table, error) {
	if dt.Type == nil {
		dt = in.dtype
	}
	var x *tensor.Dense
	var err error
	if dt == tensor.Float32 {
		x, err = readAll[float32](in)
	} else {
		x, err = readAll[float64](in)
	}
	if err != nil {
		return nil, err
	}
	t := &Table{X: x, Header: in.header}
	if in.width > 0 {
		t.Width, t.Height = in.width, in.rows/in.width
	}
	return t, nil
}

func readAll[T float](in *input) (*tensor.Dense, error) {
	count := -1
	if in.rows >= 0 {
		count = in.rows * in.cols
	}
	data, err := collect(nil, count, in.sure, func(dst []T) (int, error) { return readElements(in.elements, dst) })
	if err != nil {
		return nil, err
	}
	if in.end != nil {
		if err := in.end(); err != nil {
			return nil, err
		}
	}
	rows := len(data) / in.cols
	if in.columnMajor {
		data = transposed(data, in.cols, rows)
	}
	return denseOf(rows, in.cols, data), nil
}

// collect reads count elements, or all up to io.EOF if that comes earlier or if
// count is negative, into the memory of buffer while that suffices.
//
// If sure, the result is allocated at once; otherwise it grows with what
// arrives, at most doubling, so that a false header costs nothing.
func collect[T float | int32](buffer []T, count int, sure bool, read func([]T) (int, error)) ([]T, error) {
	const first = payloadChunk / 8
	data := buffer[:0]
	for count < 0 || len(data) < count {
		if len(data) == cap(data) {
			length := 2 * max(len(data), first)
			switch {
			case sure && count >= 0:
				length = count
			case count >= 0:
				length = min(length, count)
			case len(data) > 16*first: // half of it may stay unused in the end
				length = len(data) + len(data)/4
			}
			data = append(make([]T, 0, length), data...)
		}
		end := cap(data)
		if count >= 0 {
			end = min(end, count)
		}
		n, err := read(data[len(data):end])
		data = data[:len(data)+n]
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	return data, nil
}
