package lloyd

import "math"

// The pure Go kernels. They run where there is no assembly, and they are the
// definition that every assembly kernel is held to, bit for bit. Explicit
// conversions such as T(d*d) keep the compiler from fusing a multiplication
// into the addition after it, which it otherwise does on some architectures
// only.

// lanes is the number of partial sums of the distance and of the dot product:
// one cache line of elements, 16 for float32 and 8 for float64.
func lanes[T Float]() int { return 64 / elemSize[T]() }

// squaredL2Generic returns Σ(a−b)² in the canonical order of doc.go.
func squaredL2Generic[T Float](a, b []T) T {
	b = b[:len(a)]
	w := lanes[T]()
	if len(a) < w {
		var s T
		for j, v := range a {
			d := v - b[j]
			s += T(d * d)
		}
		return s
	}
	var p [16]T
	for g := 0; g < w; g += 4 { // four partial sums at a time stay in registers
		var s0, s1, s2, s3 T
		j := g
		for ; j+3 < len(a); j += w {
			d0, d1, d2, d3 := a[j]-b[j], a[j+1]-b[j+1], a[j+2]-b[j+2], a[j+3]-b[j+3]
			s0 += T(d0 * d0)
			s1 += T(d1 * d1)
			s2 += T(d2 * d2)
			s3 += T(d3 * d3)
		}
		p[g], p[g+1], p[g+2], p[g+3] = s0, s1, s2, s3
		for ; j < len(a); j++ { // the last, incomplete four
			d := a[j] - b[j]
			p[j%w] += T(d * d)
		}
	}
	return foldLanes(&p, w)
}

// dotGeneric returns Σa·b in the canonical order of doc.go.
func dotGeneric[T Float](a, b []T) T {
	b = b[:len(a)]
	w := lanes[T]()
	if len(a) < w {
		var s T
		for j, v := range a {
			s += T(v * b[j])
		}
		return s
	}
	var p [16]T
	for g := 0; g < w; g += 4 {
		var s0, s1, s2, s3 T
		j := g
		for ; j+3 < len(a); j += w {
			s0 += T(a[j] * b[j])
			s1 += T(a[j+1] * b[j+1])
			s2 += T(a[j+2] * b[j+2])
			s3 += T(a[j+3] * b[j+3])
		}
		p[g], p[g+1], p[g+2], p[g+3] = s0, s1, s2, s3
		for ; j < len(a); j++ {
			p[j%w] += T(a[j] * b[j])
		}
	}
	return foldLanes(&p, w)
}

// foldLanes adds the w partial sums in halves: 16 → 8 → 4 → 2 → 1.
func foldLanes[T Float](p *[16]T, w int) T {
	for h := w / 2; h > 0; h /= 2 {
		for j := range h {
			p[j] += p[j+h]
		}
	}
	return p[0]
}

// pairsGeneric sets out[i·ldo] to the canonical distance (or dot product) of
// row i of x and its partner in y: row idx[i], or row 0 when idx is nil.
func pairsGeneric[T Float](pair func(a, b []T) T, out []T, ldo int, x Matrix[T], y Matrix[T], idx []int32) {
	q := y.Row(0)
	for i := range x.N {
		if idx != nil {
			q = y.Row(int(idx[i]))
		}
		out[i*ldo] = pair(x.Row(i), q)
	}
}

// nearestGeneric sets label to the lowest index of a center at the least
// distance from row, dist to that distance and second to the least one of the
// other centers; −1 and +Inf when no center is at a finite distance.
func nearestGeneric[T Float](row []T, centers Matrix[T]) (label int32, dist, second T) {
	label, dist, second = -1, T(math.Inf(1)), T(math.Inf(1))
	for k := range centers.N {
		if d := squaredL2Generic(row, centers.Row(k)); d < dist {
			label, dist, second = int32(k), d, dist
		} else if d < second {
			second = d
		}
	}
	return label, dist, second
}

// accumulateGeneric adds w·x to the sums of the cluster labels[i], for row i, or
// rows[i] unless rows is nil; a negative label leaves the row out. See Sums for
// the number format. scale carries the sign.
func accumulateGeneric[T Float](hi, lo []int64, ld int, x Matrix[T], rows, labels []int32, weights []float64, scale, lift float64) {
	d := x.D
	for i, l := range labels {
		k := int(l)
		if k < 0 {
			continue
		}
		row := i
		if rows != nil {
			row = int(rows[i])
		}
		ws := scale
		if weights != nil {
			ws *= weights[i]
		}
		hi, lo := hi[k*ld:k*ld+d], lo[k*ld:k*ld+d]
		for j, v := range x.Row(row) {
			y := float64(v) * ws
			t := float64(y) + roundingMagic // rounds y to an integer
			hi[j] += int64(math.Float64bits(t) - roundingMagicBits)
			r := float64(y) - (t - roundingMagic) // exact
			u := float64(r*lift) + roundingMagic
			lo[j] += int64(math.Float64bits(u) - roundingMagicBits)
		}
	}
}

// roundingMagic, added to a float64 of magnitude up to 2⁵¹, leaves that number
// rounded to the nearest integer (ties to even) in the low bits.
const (
	roundingMagic     = 3 << 51
	roundingMagicBits = 0x4338000000000000
)
