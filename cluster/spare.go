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
	workers     []worker[T] // as good as new, but for the memory of their kernels
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
		s.workers = r.workers
		for i := range s.workers {
			s.workers[i].renew()
		}
		sparesOf[T]().Put(s)
	}
}

// workersOf returns n workers, those of a run before if there are any.
func (s *spare[T]) workersOf(n int) []worker[T] {
	if s == nil || cap(s.workers) < n {
		return make([]worker[T], n)
	}
	return s.workers[:n]
}

// room returns n elements, which may be anything, in s if it has room for them.
func room[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n)
	}
	return s[:n]
}
