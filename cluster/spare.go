package cluster

import (
	"sync"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd"
)

// spare is memory of a small fit that the next one takes over: made anew it costs about as much
// as a tenth of the fit, and the collector would have to run every few fits.
type spare[T element] struct {
	kept        *lloyd.QuantizedRows[T]
	bytes       []uint8
	base, upper []float32
}

// spares are pools of *spare[float32] and *spare[float64].
var spares [2]sync.Pool

func sparesOf[T element]() *sync.Pool { return &spares[unsafe.Sizeof(T(0))/4-1] }

// takeSpare returns memory that a fit before has left, or nothing to begin with.
func takeSpare[T element]() *spare[T] {
	if s, ok := sparesOf[T]().Get().(*spare[T]); ok {
		return s
	}
	return new(spare[T])
}

// leaveSpare leaves the run's memory to the fits to come. The run is at its end.
func (r *run[T]) leaveSpare() {
	if s := r.spare; s != nil {
		if r.kept != nil {
			s.kept = r.kept
		}
		if e := r.elkan; e != nil && e.bytes != nil {
			s.bytes, s.base, s.upper = e.bytes, e.base, e.upper
		}
		sparesOf[T]().Put(s)
	}
}

// zeros returns n zeros, in s if it has room for them.
func zeros[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n)
	}
	s = s[:n]
	clear(s)
	return s
}
