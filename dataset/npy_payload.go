package dataset

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unsafe"
)

// payloadChunk is the most that is read, converted or written at once, in
// bytes; a multiple of every element size.
const payloadChunk = 1 << 18

// readPayload reads the elements of the array that h describes. decode turns
// raw bytes into len(dst) elements and returns the index of the first one that
// does not fit, or -1.
//
// The result is allocated at once when r tells that it has all the bytes;
// otherwise it grows with what arrives, at most doubling, so that a false
// header costs nothing.
func readPayload[T float | int32](r io.Reader, h npyHeader, decode func(dst []T, raw []byte) int) ([]T, error) {
	count, size := h.elements(), h.elem.size
	expected := int64(count) * int64(size)
	left, known := bytesLeft(r)
	if known && left < expected {
		return nil, truncated(h, left, expected)
	}
	capacity := count
	if !known {
		capacity = min(count, payloadChunk/size)
	}
	data := make([]T, 0, capacity)
	direct := sameBits[T](h.elem)
	var buffer []byte
	if !direct {
		buffer = make([]byte, min(int64(payloadChunk), expected))
	}
	for len(data) < count {
		if len(data) == cap(data) {
			grown := make([]T, len(data), min(count, 2*cap(data)))
			copy(grown, data)
			data = grown
		}
		from := len(data)
		data = data[:min(cap(data), from+payloadChunk/size)]
		part := data[from:]
		raw := buffer
		if direct {
			raw = bytesOf(part)
		} else {
			raw = raw[:len(part)*size]
		}
		if n, err := io.ReadFull(r, raw); err != nil {
			if err == io.EOF || err == io.ErrUnexpectedEOF {
				return nil, truncated(h, int64(from)*int64(size)+int64(n), expected)
			}
			return nil, streamError("reading", err)
		}
		if direct {
			continue
		}
		if bad := decode(part, raw); bad >= 0 {
			return nil, failure(ErrDtype, "the NPY array of %s has at %s a number beyond the range of %T; scale it or ask for a wider dtype", h.elem, h.position(from+bad), data[0])
		}
	}
	return data, nil
}

func truncated(h npyHeader, came, expected int64) error {
	return failure(ErrFormat, "the NPY array of shape %s and %s needs %d bytes of data, and %d came; the file is cut short: copy or write it anew", shapeText(h.shape), h.elem, expected, came)
}

// position is the place of the i-th stored element, in words.
func (h npyHeader) position(i int) string {
	switch {
	case len(h.shape) != 2:
		return fmt.Sprintf("index %d", i)
	case h.fortran:
		return fmt.Sprintf("row %d, column %d (from 0)", i%h.shape[0], i/h.shape[0])
	}
	return fmt.Sprintf("row %d, column %d (from 0)", i/h.shape[1], i%h.shape[1])
}

// bytesLeft is how much r still has, when r can tell.
func bytesLeft(r io.Reader) (int64, bool) {
	switch r := r.(type) {
	case *bytes.Reader:
		return int64(r.Len()), true
	case *bytes.Buffer:
		return int64(r.Len()), true
	case *os.File:
		info, err := r.Stat()
		if err != nil || info.Mode()&fs.ModeType != 0 {
			return 0, false
		}
		at, err := r.Seek(0, io.SeekCurrent)
		// Files of /proc and the like have size 0 and content all the same.
		if err != nil || info.Size() == 0 {
			return 0, false
		}
		return max(info.Size()-at, 0), true
	}
	return 0, false
}

// sameBits: do elements of type T on this machine have the bytes of e?
func sameBits[T float | int32](e npyElem) bool {
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
