package dataset

import "encoding/binary"

// thriftWalk goes through data of Thrift's compact protocol, in which Parquet
// keeps what it says about itself, and checks that all lengths are covered by
// the bytes that are there: the decoder that comes after it allocates whatever
// they claim.
type thriftWalk struct {
	data []byte
	at   int
	// visit gets the integers and booleans of the structure and of those right inside it:
	// the field's number, that of the field around it (0 at the top), and the value. May be
	// nil.
	visit func(around, field int, value int64)
}

// Types of the compact protocol.
const (
	thriftStop   = 0
	thriftTrue   = 1
	thriftFalse  = 2
	thriftByte   = 3
	thriftI16    = 4
	thriftI32    = 5
	thriftI64    = 6
	thriftDouble = 7
	thriftBinary = 8
	thriftList   = 9
	thriftSet    = 10
	thriftMap    = 11
	thriftStruct = 12
)

// mostThriftDepth is far more than Parquet nests.
const mostThriftDepth = 32

// structure passes one structure and reports whether it is whole.
func (w *thriftWalk) structure(around, depth int) bool {
	if depth > mostThriftDepth {
		return false
	}
	for field := 0; ; {
		head, ok := w.next()
		if !ok {
			return false
		}
		kind := int(head & 15)
		if kind == thriftStop {
			return true
		}
		if head>>4 != 0 {
			field += int(head >> 4)
		} else {
			id, ok := w.integer()
			if !ok {
				return false
			}
			field = int(int16(id))
		}
		if kind == thriftTrue || kind == thriftFalse {
			w.found(around, field, depth, int64(thriftFalse-kind)) // the type is the value
			continue
		}
		if !w.value(kind, around, field, depth) {
			return false
		}
	}
}

// found tells visit. Further inside, as in the statistics of a page, the number of the
// field around does not say what a field is.
func (w *thriftWalk) found(around, field, depth int, v int64) {
	if w.visit != nil && depth <= 1 {
		w.visit(around, field, v)
	}
}

// value passes one value.
func (w *thriftWalk) value(kind, around, field, depth int) bool {
	switch kind {
	case thriftTrue, thriftFalse, thriftByte: // booleans in a list
		return w.skip(1)
	case thriftI16, thriftI32, thriftI64:
		v, ok := w.integer()
		if ok {
			w.found(around, field, depth, v)
		}
		return ok
	case thriftDouble:
		return w.skip(8)
	case thriftBinary:
		n, ok := w.length()
		return ok && w.skip(n)
	case thriftList, thriftSet:
		head, ok := w.next()
		if !ok {
			return false
		}
		n := uint64(head >> 4)
		if n == 15 {
			if n, ok = w.length(); !ok {
				return false
			}
		}
		return w.values(n, depth, int(head&15))
	case thriftMap:
		n, ok := w.length()
		if !ok || n == 0 {
			return ok
		}
		kinds, ok := w.next()
		return ok && w.values(n, depth, int(kinds>>4), int(kinds&15))
	case thriftStruct:
		return w.structure(field, depth+1)
	}
	return false
}

// values passes n times one value of each kind; each takes a byte at least.
func (w *thriftWalk) values(n uint64, depth int, kinds ...int) bool {
	if n > uint64(len(w.data)-w.at) || depth > mostThriftDepth {
		return false
	}
	for range n {
		for _, kind := range kinds {
			if !w.value(kind, 0, 0, depth+1) {
				return false
			}
		}
	}
	return true
}

func (w *thriftWalk) next() (byte, bool) {
	if w.at >= len(w.data) {
		return 0, false
	}
	w.at++
	return w.data[w.at-1], true
}

func (w *thriftWalk) skip(n uint64) bool {
	if n > uint64(len(w.data)-w.at) {
		return false
	}
	w.at += int(n)
	return true
}

func (w *thriftWalk) length() (uint64, bool) {
	v, n := binary.Uvarint(w.data[w.at:])
	w.at += max(n, 0)
	return v, n > 0
}

func (w *thriftWalk) integer() (int64, bool) {
	v, n := binary.Varint(w.data[w.at:])
	w.at += max(n, 0)
	return v, n > 0
}
