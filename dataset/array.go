package dataset

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"unsafe"

	"gorgonia.org/tensor"
)

// arrayHeader is what a file says about the array that follows.
type arrayHeader struct {
	format  string // for messages: NPY, fbin, …
	elem    element
	fortran bool // column by column
	shape   []int
}

// element is the type of a stored number: a kind letter of NumPy ('f', 'i', 'u',
// 'b'), a size in bytes and the byte order.
type element struct {
	kind  byte
	size  int
	order binary.ByteOrder
}

func (e element) String() string {
	switch {
	case e.kind == 'b':
		return "bool"
	case e.kind == 'u':
		return fmt.Sprintf("uint%d", 8*e.size)
	case e.kind == 'i':
		return fmt.Sprintf("int%d", 8*e.size)
	}
	return fmt.Sprintf("float%d", 8*e.size)
}

// dtype is the narrower of float32 and float64 that holds every such number;
// float64 for integers of 64 bits, which no float holds.
func (e element) dtype() tensor.Dtype {
	if e.size <= 2 || (e.size == 4 && e.kind == 'f') {
		return tensor.Float32
	}
	return tensor.Float64
}

// elements is the number of elements of the array.
func (h arrayHeader) elements() int {
	count := 1
	for _, n := range h.shape {
		count *= n
	}
	return count
}

// bytes is their length in the file.
func (h arrayHeader) bytes() int64 { return int64(h.elements()) * int64(h.elem.size) }

// position is the place of the i-th stored element, in words.
func (h arrayHeader) position(i int) string {
	switch {
	case len(h.shape) != 2:
		return fmt.Sprintf("index %d", i)
	case h.fortran:
		return fmt.Sprintf("row %d, column %d (from 0)", i%h.shape[0], i/h.shape[0])
	}
	return fmt.Sprintf("row %d, column %d (from 0)", i/h.shape[1], i%h.shape[1])
}

func (h arrayHeader) truncated(came int64) error {
	return failure(ErrFormat, "the %s array of shape %s and %s needs %d bytes of data, and %d came; the file is cut short: copy or write it anew", h.format, shapeText(h.shape), h.elem, h.bytes(), came)
}

// openArray makes the input of the N×D array that h describes and that begins
// at the next byte of r.
func openArray(r io.Reader, h arrayHeader) (*input, error) {
	left, known := bytesLeft(r)
	if known && left < h.bytes() {
		return nil, h.truncated(left)
	}
	return &input{
		rows: h.shape[0], cols: h.shape[1],
		sure:        known,
		dtype:       h.elem.dtype(),
		columnMajor: h.fortran && h.shape[0] > 1 && h.shape[1] > 1,
		elements:    &arrayReader{r: r, h: h},
	}, nil
}

// arrayReader reads the elements of an array in the order of the file.
type arrayReader struct {
	r      io.Reader
	h      arrayHeader
	done   int // elements
	buffer []byte
}

func (a *arrayReader) read32(dst []float32) (int, error) { return readArray(a, dst, decodeFloats) }
func (a *arrayReader) read64(dst []float64) (int, error) { return readArray(a, dst, decodeFloats) }

// readArray reads len(dst) elements, no more than are left. decode turns raw
// bytes into elements and returns the index of the first one that does not fit,
// or -1.
func readArray[T float | int32](a *arrayReader, dst []T, decode func(dst []T, raw []byte, e element) int) (int, error) {
	size, direct := a.h.elem.size, sameBits[T](a.h.elem)
	for n := 0; n < len(dst); {
		part := dst[n:min(len(dst), n+payloadChunk/size)]
		var raw []byte
		if direct {
			raw = bytesOf(part)
		} else {
			if len(a.buffer) < len(part)*size {
				a.buffer = make([]byte, len(part)*size)
			}
			raw = a.buffer[:len(part)*size]
		}
		if came, err := io.ReadFull(a.r, raw); err != nil {
			if err == io.EOF || err == io.ErrUnexpectedEOF {
				return n, a.h.truncated(int64(a.done)*int64(size) + int64(came))
			}
			return n, streamError("reading", err)
		}
		if !direct {
			if bad := decode(part, raw, a.h.elem); bad >= 0 {
				return n, failure(ErrDtype, "the %s array of %s has at %s a number beyond the range of %T; scale it or ask for a wider dtype", a.h.format, a.h.elem, a.h.position(a.done+bad), dst[0])
			}
		}
		n += len(part)
		a.done += len(part)
	}
	return len(dst), nil
}

// sameBits: do elements of type T on this machine have the bytes of e?
func sameBits[T float | int32](e element) bool {
	var v T
	kind := byte('f')
	if _, integer := any(v).(int32); integer {
		kind = 'i'
	}
	return e.kind == kind && e.size == int(unsafe.Sizeof(v)) && sameOrder(e.order)
}

// sameOrder compares a byte order with the machine's.
func sameOrder(order binary.ByteOrder) bool {
	probe := []byte{1, 0}
	return order.Uint16(probe) == binary.NativeEndian.Uint16(probe)
}

// bytesOf shows the memory of s as bytes.
func bytesOf[T float | int32](s []T) []byte {
	if len(s) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&s[0])), len(s)*int(unsafe.Sizeof(s[0])))
}

// shapeText writes a shape as Python does: (3, 2), (3,), ().
func shapeText(shape []int) string {
	if len(shape) == 1 {
		return fmt.Sprintf("(%d,)", shape[0])
	}
	return "(" + strings.Trim(strings.ReplaceAll(fmt.Sprint(shape), " ", ", "), "[]") + ")"
}
