package dataset

import (
	"encoding/binary"
	"math"

	"gorgonia.org/tensor"
)

// Element is the type of the numbers in the files of vector-search benchmarks.
type Element int

// The element types, with the endings of the files that hold them.
const (
	Float32 Element = iota // .fvecs, .fbin
	Int32                  // .ivecs
	Uint8                  // .bvecs, .u8bin
	Int8                   // .i8bin
)

// String is the name of the type: float32, int32, uint8 or int8.
func (e Element) String() string {
	switch e {
	case Float32, Int32, Uint8, Int8:
		return e.stored().String()
	}
	return "unknown"
}

// stored is how the files hold it.
func (e Element) stored() element {
	switch e {
	case Int32:
		return element{'i', 4, binary.LittleEndian}
	case Uint8:
		return element{'u', 1, binary.LittleEndian}
	case Int8:
		return element{'i', 1, binary.LittleEndian}
	}
	return element{'f', 4, binary.LittleEndian}
}

func (e Element) check() error {
	if e < Float32 || e > Int8 {
		return failure(ErrConfig, "Element is %d; Float32, Int32, Uint8 or Int8 was expected", e)
	}
	return nil
}

// VectorOptions says how [ReadVecs] and [ReadBin] read.
type VectorOptions struct {
	// Element is the type of the numbers in the file, which does not tell it.
	Element Element
	// Dtype is tensor.Float32 or tensor.Float64. The zero value means Float64
	// for Int32 and Float32 for the others, which holds them exactly.
	Dtype tensor.Dtype
}

// check returns the dtype asked for.
func (o VectorOptions) check() (tensor.Dtype, error) {
	if err := o.Element.check(); err != nil {
		return tensor.Dtype{}, err
	}
	return checkDtype(o.Dtype, tensor.Dtype{})
}

// appendStored appends the numbers of row as e stores them. It returns the
// index of the first one that e cannot hold, or -1.
func appendStored[T float](out []byte, row []T, e Element) ([]byte, int) {
	for j, v := range row {
		switch e {
		case Float32:
			narrow := float32(v)
			if math.IsInf(float64(narrow), 0) && !math.IsInf(float64(v), 0) {
				return out, j
			}
			out = binary.LittleEndian.AppendUint32(out, math.Float32bits(narrow))
			continue
		case Int32:
			if v >= math.MinInt32 && float64(v) <= math.MaxInt32 && v == T(int32(v)) {
				out = binary.LittleEndian.AppendUint32(out, uint32(int32(v)))
				continue
			}
		case Uint8:
			if v >= 0 && v <= math.MaxUint8 && v == T(uint8(v)) {
				out = append(out, uint8(v))
				continue
			}
		case Int8:
			if v >= math.MinInt8 && v <= math.MaxInt8 && v == T(int8(v)) {
				out = append(out, uint8(int8(v)))
				continue
			}
		}
		return out, j
	}
	return out, -1
}
