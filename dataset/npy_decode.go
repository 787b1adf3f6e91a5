package dataset

import (
	"math"
)

// decodeFloats turns len(dst) stored elements into floats. It returns the index
// of the first finite number that T cannot hold, or -1.
func decodeFloats[T float](dst []T, raw []byte, e element) int {
	o := e.order
	switch {
	case e.kind == 'f' && e.size == 8:
		for i := range dst {
			v := math.Float64frombits(o.Uint64(raw[8*i:]))
			dst[i] = T(v)
			if math.IsInf(float64(dst[i]), 0) && !math.IsInf(v, 0) {
				return i
			}
		}
	case e.kind == 'f' && e.size == 4:
		for i := range dst {
			dst[i] = T(math.Float32frombits(o.Uint32(raw[4*i:])))
		}
	case e.kind == 'f' && e.size == 2:
		for i := range dst {
			dst[i] = T(halfFloat(o.Uint16(raw[2*i:])))
		}
	case e.kind == 'u' && e.size == 1:
		for i, v := range raw[:len(dst)] {
			dst[i] = T(v)
		}
	case e.kind == 'i' && e.size == 1:
		for i, v := range raw[:len(dst)] {
			dst[i] = T(int8(v))
		}
	case e.kind == 'i':
		decodeInts(raw, e, len(dst), func(i int, v int64) { dst[i] = T(v) })
	case e.kind == 'u' && e.size == 8:
		for i := range dst {
			dst[i] = T(o.Uint64(raw[8*i:]))
		}
	case e.kind == 'u':
		decodeInts(raw, e, len(dst), func(i int, v int64) { dst[i] = T(v) })
	case e.kind == 'b':
		for i := range dst {
			dst[i] = 0
			if raw[i] != 0 {
				dst[i] = 1
			}
		}
	}
	return -1
}

// decodeLabels turns len(dst) stored integers into int32. It returns the index
// of the first one that int32 cannot hold, or -1.
func decodeLabels(dst []int32, raw []byte, e element) int {
	bad := -1
	if e.kind == 'u' && e.size == 8 {
		for i := range dst {
			v := e.order.Uint64(raw[8*i:])
			if v > math.MaxInt32 {
				return i
			}
			dst[i] = int32(v)
		}
		return bad
	}
	decodeInts(raw, e, len(dst), func(i int, v int64) {
		if (v < math.MinInt32 || v > math.MaxInt32) && bad < 0 {
			bad = i
		}
		dst[i] = int32(v)
	})
	return bad
}

// decodeInts gives n stored integers or bools (not uint64) to set, widened to
// int64.
func decodeInts(raw []byte, e element, n int, set func(i int, v int64)) {
	signed := e.kind == 'i'
	for i := range n {
		var v int64
		switch e.size {
		case 1:
			if v = int64(raw[i]); signed {
				v = int64(int8(raw[i]))
			}
		case 2:
			u := e.order.Uint16(raw[2*i:])
			if v = int64(u); signed {
				v = int64(int16(u))
			}
		case 4:
			u := e.order.Uint32(raw[4*i:])
			if v = int64(u); signed {
				v = int64(int32(u))
			}
		case 8:
			v = int64(e.order.Uint64(raw[8*i:]))
		}
		set(i, v)
	}
}

// halfFloat widens an IEEE 754 binary16 number, exactly. (npyio's float16 gets
// the subnormal ones wrong.)
func halfFloat(bits uint16) float32 {
	const bias = 0x1p112 // between the exponents of the two formats
	wide := uint32(bits&0x7fff) << 13
	if bits&0x7c00 == 0x7c00 { // infinite or NaN
		wide |= 0xff << 23
	} else {
		wide = math.Float32bits(math.Float32frombits(wide) * bias)
	}
	return math.Float32frombits(wide | uint32(bits>>15)<<31)
}
