package lloyd

import (
	"math"
	"math/bits"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// largestFinite returns the largest finite number of type T.
func largestFinite[T Float]() float64 {
	if elemSize[T]() == 4 {
		return math.MaxFloat32
	}
	return math.MaxFloat64
}

// precisionOf returns the unit roundoff and the smallest normal number of type T.
func precisionOf[T Float]() (u, tiny float64) {
	if elemSize[T]() == 4 {
		return 0x1p-24, 0x1p-126
	}
	return 0x1p-53, 0x1p-1022
}

// boundOf returns the coefficients p0 p1 a b e e2 tiny most of the test that
// settles a row (doc.go, "How a label is proven"). largest is the greatest
// ½‖c‖² of the shifted centers. exact is true when the numbers are too large
// for the bound to hold: then every distance is computed directly. closer holds
// the coefficients of mayBeCloser.
//
// With u the unit roundoff and m the longest chain of roundings of a score, a
// score s = ½‖c‖² − x·c is off by at most E(c) = (m+34)·u·(‖x‖‖c‖ + ½‖c‖²)
// (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., §3.1; 4 of
// the 34 are for the two shifts, the norm and the subtraction of two scores, 30
// for the place in the group that replaces the 4 lowest bits of a score: at most
// 15 units in its last place, of 2u each). Two scores further
// apart than 2E order their centers correctly. ‖c‖ is at most the largest norm
// C, and, for any center that could still be the nearest, at most ‖x‖ + d with
// d² = ‖x‖² + 2s the squared distance of the best one. So 2E is at most
//
//	2(m+34)u·(‖x‖·C + ½C²)  and  2(m+34)u·(5/2·‖x‖² + 3/2·d²) = 2(m+34)u·(4‖x‖² + 3s).
//
// The label is that of the least computed distance, which is itself off by a
// factor 1 ± ε; for its order to be that of the exact distances the scores must
// be ε·d² further apart.
func boundOf[T Float](p kernel.Plan, d int, largest float64) (bound [8]T, closer [3]float64, exact bool) {
	const slack = 1.05 // second-order terms, and the rounding of the test itself
	u, tiny := precisionOf[T]()
	if !(largest <= largestFinite[T]()/64) {
		return bound, closer, true
	}
	m := float64(min(p.Depth, p.Chunk) + (p.Depth+p.Chunk-1)/p.Chunk)
	if (m+34)*u > 0x1p-9 { // the slack no longer covers the second order
		return bound, closer, true
	}
	twoE := 2 * (m + 34) * u * slack
	w := lanes[T]()
	eps := float64(d+4) * u * slack
	if d >= w {
		eps = float64((d+w-1)/w+bits.Len(uint(w))+4) * u * slack
	}
	gamma := (max(m, float64(d)) + 70) * u * slack
	closer = [3]float64{1 + 2*eps + 4*u, 2*gamma*(1+2*gamma) - 1, 4*gamma*largest + tiny*float64(d+64)}
	if gamma > 0x1p-9 {
		closer[2] = math.Inf(1)
	}
	norm := 1 + 2*float64(d)*u // the squared norms of rows are rounded, too
	c := math.Sqrt(2*largest) * (1 + 4*u)
	return [8]T{
		T(twoE * c * c / 2 * norm),
		T(twoE * c * norm),
		T(twoE * 4 * norm),
		T(twoE * 3),
		T(eps * norm),
		T(2 * eps),
		T(tiny * float64(d+64)),   // underflow
		T(largestFinite[T]() / 8), // with ‖c‖² ≤ 1/32 of it, no distance of such a row overflows
	}, closer, false
}
