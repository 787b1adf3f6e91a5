package dataset

import "math"

// mt19937 is the generator behind NumPy's legacy RandomState: the Mersenne
// Twister of M. Matsumoto and T. Nishimura (ACM TOMACS 8(1), 1998, with the
// 2002 initialisation init_genrand) and, on top, RandomState's frozen ways of
// making uniforms, normals and bounded integers from it (NumPy NEP 19).
type mt19937 struct {
	state    [mtSize]uint32
	next     int
	spare    float64 // the second normal of a pair
	hasSpare bool
}

const (
	mtSize  = 624
	mtShift = 397
)

// newMT19937 seeds as RandomState(seed) does with an integer.
func newMT19937(seed uint32) *mt19937 {
	g := &mt19937{next: mtSize}
	g.state[0] = seed
	for i := 1; i < mtSize; i++ {
		before := g.state[i-1]
		g.state[i] = 1812433253*(before^before>>30) + uint32(i)
	}
	return g
}

// refill advances the whole state by one round of the recurrence.
func (g *mt19937) refill() {
	for i := range g.state {
		joined := g.state[i]&0x80000000 | g.state[(i+1)%mtSize]&0x7fffffff
		twisted := joined >> 1
		if joined&1 != 0 {
			twisted ^= 0x9908b0df
		}
		g.state[i] = g.state[(i+mtShift)%mtSize] ^ twisted
	}
	g.next = 0
}

// bits32 gives the next 32 tempered bits.
func (g *mt19937) bits32() uint32 {
	if g.next == mtSize {
		g.refill()
	}
	y := g.state[g.next]
	g.next++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

// uniform is random_sample: 53 bits out of two draws, in [0, 1).
func (g *mt19937) uniform() float64 {
	high, low := g.bits32()>>5, g.bits32()>>6
	return (float64(high)*(1<<26) + float64(low)) / (1 << 53)
}

// normal is the legacy gauss: G. Marsaglia's polar method, whose first normal
// is kept for the next call. The conversions forbid fused multiply-adds, which
// would change the last bit on some machines.
func (g *mt19937) normal() float64 {
	if g.hasSpare {
		g.hasSpare = false
		return g.spare
	}
	for {
		u := 2*g.uniform() - 1
		v := 2*g.uniform() - 1
		r2 := float64(u*u) + float64(v*v)
		if r2 >= 1 || r2 == 0 {
			continue
		}
		f := math.Sqrt(-2 * math.Log(r2) / r2)
		g.spare, g.hasSpare = f*u, true
		return f * v
	}
}

// below is random_interval: uniform in 0…most, by rejection of masked draws.
func (g *mt19937) below(most uint64) uint64 {
	mask := most
	for shift := 1; shift < 64; shift *= 2 {
		mask |= mask >> shift
	}
	for {
		var value uint64
		if most <= math.MaxUint32 {
			if most == 0 {
				return 0
			}
			value = uint64(g.bits32()) & mask
		} else {
			high := uint64(g.bits32())
			value = (high<<32 | uint64(g.bits32())) & mask
		}
		if value <= most {
			return value
		}
	}
}

// shuffle is RandomState.shuffle of a one-dimensional array.
func (g *mt19937) shuffle(list []int) {
	for i := len(list) - 1; i > 0; i-- {
		j := g.below(uint64(i))
		list[i], list[j] = list[j], list[i]
	}
}
