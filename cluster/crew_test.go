package cluster

import (
	"context"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"gorgonia.org/tensor"
)

// testCrew returns a crew that the test closes.
func testCrew(t testing.TB) *crew {
	c := newCrew(0)
	t.Cleanup(c.close)
	return c
}

// TestCrewPasses: in each of many passes, short and long, every block is worked
// on exactly once, by workers with numbers of their own, whether the mates are
// awake or asleep.
func TestCrewPasses(t *testing.T) {
	for _, threads := range []int{1, 2, 3, 8} {
		c := newCrew(threads)
		for pass := range 2000 {
			if pass%500 == 499 {
				time.Sleep(time.Millisecond) // the mates fall asleep
			}
			n := 1 + pass%37*100
			done := make([]int32, blocks(n))
			busy := make([]atomic.Bool, c.workers(n, workGrain))
			err := c.each(t.Context(), n, workGrain, func(worker, from, to int) {
				if busy[worker].Swap(true) {
					t.Errorf("two workers have number %d", worker)
				}
				done[from/blockRows]++ // the race detector sees two of them
				if to != min(n, from+blockRows) {
					t.Errorf("block from row %d to %d of %d", from, to, n)
				}
				busy[worker].Store(false)
			})
			if err != nil {
				t.Fatal(err)
			}
			for b, times := range done {
				if times != 1 {
					t.Fatalf("%d threads, pass %d: block %d was worked on %d times", threads, pass, b, times)
				}
			}
			items := make([]int32, pass%100)
			c.eachOf(len(items), workGrain, func(i int) { items[i]++ })
			for i, times := range items {
				if times != 1 {
					t.Fatalf("%d threads, pass %d: item %d was worked on %d times", threads, pass, i, times)
				}
			}
		}
		c.close()
	}
}

// TestCrewEvenly: runs of rows that need not be whole blocks cover all rows once, none is longer than
// a block, and workers have as good as the same number of rows, the same ones in every pass.
func TestCrewEvenly(t *testing.T) {
	for _, threads := range []int{1, 2, 3, 8} {
		c := newCrew(threads)
		for _, n := range []int{1, 63, 64, 65, 256, 1797, 5000} {
			done := make([]int32, n)
			err := c.eachEvenly(t.Context(), n, workGrain, func(_, from, to int) {
				if to-from > blockRows || from%evenRows != 0 || to%evenRows != 0 && to != n {
					t.Errorf("rows from %d to %d of %d", from, to, n)
				}
				for i := from; i < to; i++ {
					done[i]++ // the race detector sees two of them
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			for i, times := range done {
				if times != 1 {
					t.Fatalf("%d threads, %d rows: row %d was worked on %d times", threads, n, i, times)
				}
			}
			units, at := (n+evenRows-1)/evenRows, int64(0)
			for i := range c.dealt {
				c.deal(units, len(c.dealt)) // as at the beginning of a pass
				s := &c.dealt[i]
				if size := s.end - s.next.Load(); s.next.Load() != at || size < int64(units/len(c.dealt)) || size > int64(units/len(c.dealt)+1) {
					t.Errorf("%d threads, %d rows: worker %d has units %d to %d of %d", threads, n, i, s.next.Load(), s.end, units)
				}
				at = s.end
			}
			if at != int64(units) {
				t.Errorf("%d threads, %d rows: %d of %d units are dealt out", threads, n, at, units)
			}
		}
		c.close()
	}
}

// TestCrewEnds: a closed crew leaves no goroutine behind, and one that is never
// given work starts none.
func TestCrewEnds(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 20 {
		c := newCrew(4)
		if got := runtime.NumGoroutine(); got > before+20*(3+1) { // one takes a place only
			t.Fatalf("%d goroutines, %d before", got, before)
		}
		if err := c.each(context.Background(), 10*blockRows, workGrain, func(int, int, int) {}); err != nil {
			t.Fatal(err)
		}
		c.close()
	}
	for range 1000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("%d goroutines are left, %d before", runtime.NumGoroutine(), before)
}

// TestIterationsAllocateNothing: more iterations of a fit do not allocate more.
func TestIterationsAllocateNothing(t *testing.T) {
	x := normalRows(4000, 20)
	of := func(iterations int) float64 {
		f, err := newFit[float64](t.Context(), testCrew(t), KMeans{K: 30, MaxIter: iterations, Tol: -1, Threads: 2}, x, nil)
		if err != nil {
			t.Fatal(err)
		}
		seeds, err := f.seeds(t.Context(), source(1, 0))
		if err != nil {
			t.Fatal(err)
		}
		r, err := f.newRun(0, seeds)
		if err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if n, _, err := r.iterate(t.Context()); err != nil || n != iterations {
			t.Fatalf("%d iterations of %d, %v", n, iterations, err)
		}
		runtime.ReadMemStats(&after)
		return float64(after.Mallocs - before.Mallocs)
	}
	few, many := of(5), of(25)
	if many > few+10 {
		t.Errorf("5 iterations allocate %v times, 25 iterations %v times", few, many)
	}
}

// normalRows returns n rows of d normal numbers.
func normalRows(n, d int) *tensor.Dense {
	r := rand.New(rand.NewPCG(1, 2))
	data := make([]float64, n*d)
	for i := range data {
		data[i] = r.NormFloat64()
	}
	return tensor.New(tensor.WithShape(n, d), tensor.WithBacking(data))
}
