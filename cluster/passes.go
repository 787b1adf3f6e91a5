package cluster

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"iter"
	"slices"
	"unsafe"

	"github.com/seed-fbf9ce71/lloyd"
)

// each calls do for every block of rows, as crew.each does, for rows that are in memory
// or come from a source. do finds its rows with present.
func (f *fit[T]) each(ctx context.Context, operations int, do func(worker, from, to int)) error {
	if f.source == nil {
		return f.crew.each(ctx, f.x.N, operations, do)
	}
	return f.source.pass(ctx, func(w window[T]) error {
		return f.crew.eachFrom(ctx, w.first, w.x.N, operations, do)
	})
}

// present returns the rows from to to−1 of a block for which each has called.
func (f *fit[T]) present(from, to int) lloyd.Matrix[T] {
	if f.source == nil {
		return f.x.Rows(from, to)
	}
	w := &f.source.present
	return w.x.Rows(from-w.first, to-w.first)
}

// take copies the rows with the given numbers to dst, in the order of the numbers.
func (f *fit[T]) take(ctx context.Context, dst lloyd.Matrix[T], rows []int) error {
	if f.source == nil {
		f.gather(dst, rows)
		return ctx.Err()
	}
	order := make([]int, len(rows)) // by the number of the row
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return rows[a] - rows[b] })
	err := f.source.pass(ctx, func(w window[T]) error {
		for len(order) > 0 && rows[order[0]] < w.first+w.x.N {
			copy(dst.Row(order[0]), w.x.Row(rows[order[0]]-w.first))
			order = order[1:]
		}
		if len(order) == 0 {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// errEnough ends a pass early.
var errEnough = errors.New("enough rows were read")

// passes reads the rows of a source, again and again.
type passes[T element] struct {
	source  Source
	n, d    int      // n < 0: not known before the end of a pass
	unit    bool     // rows are brought to length 1
	size    int      // rows of a window, a multiple of blockRows
	sums    []uint32 // of the windows: what is read again must be the same
	memory  windowMemory[T]
	present window[T] // that do of pass was called with
}

// The usual window is usualWindow bytes large, which is much beside what it takes to hand
// it on, and holds some blocks for each thread if mostWindow allows it.
const usualWindow, mostWindow = 4 << 20, 32 << 20

// newPasses returns passes over the rows of s, in windows of the given number of bytes; 0
// is the usual one for so many threads.
func newPasses[T element](s Source, unit bool, bytes, threads int) *passes[T] {
	p := &passes[T]{source: s, n: s.Rows(), d: s.Columns(), unit: unit}
	block := blockRows * p.d * int(unsafe.Sizeof(T(0)))
	if bytes == 0 {
		bytes = max(usualWindow, min(4*threads*block, mostWindow))
	}
	p.size = blockRows * max(1, bytes/block)
	return p
}

// pass calls do with all rows, window by window; an error of do ends it.
func (p *passes[T]) pass(ctx context.Context, do func(w window[T]) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for w, err := range ahead(p.windows()) {
		if err != nil {
			return err
		}
		p.present = w
		if err := do(w); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// windows gives all rows once. It is an error if they are not those of the pass before.
func (p *passes[T]) windows() iter.Seq2[window[T], error] {
	return func(yield func(window[T], error) bool) {
		rows, number := 0, 0
		for w, err := range windows(withoutWeights(p.source.Blocks(p.size)), p.d, p.size, &p.memory) {
			if err == nil {
				err = p.check(w, number)
			}
			if err != nil {
				yield(w, err)
				return
			}
			rows, number = w.first+w.x.N, number+1
			if !yield(w, nil) {
				return
			}
		}
		if p.n < 0 {
			p.n = rows
		}
		if rows != p.n {
			yield(window[T]{}, p.ended(rows))
		}
	}
}

// ended is the error about a source that ended too early.
func (p *passes[T]) ended(rows int) error {
	return fmt.Errorf("%w: the source ended after %d rows; it has said or given before that there are %d", ErrInput, rows, p.n)
}

// check compares window number i with what it was in the pass before, and brings its
// rows to length 1 if that is wanted.
func (p *passes[T]) check(w window[T], i int) error {
	end := w.first + w.x.N
	switch {
	case p.n >= 0 && end < p.n && w.x.N < p.size:
		return p.ended(end)
	case p.n >= 0 && end > p.n:
		return fmt.Errorf("%w: the source goes on after %d rows, which it has said or given before are all", ErrInput, p.n)
	}
	elements := w.x.Data[:w.x.N*w.x.D]
	sum := crc32.Checksum(unsafe.Slice((*byte)(unsafe.Pointer(&elements[0])), len(elements)*int(unsafe.Sizeof(T(0)))), castagnoli)
	if i == len(p.sums) {
		p.sums = append(p.sums, sum)
	}
	if sum != p.sums[i] {
		return fmt.Errorf("%w: the source has given other numbers than before in rows %d to %d (counting from 0); they must not change during a fit", ErrInput, w.first, end-1)
	}
	if !p.unit {
		return nil
	}
	for i := range w.x.N {
		if row := w.x.Row(i); !unitInto(row, row) {
			if err := notFinite("the source", w.x.Rows(i, i+1), w.first+i); err != nil {
				return err
			}
			return noDirection(w.first + i)
		}
	}
	return nil
}

// moments returns what moments does, for rows that are in memory or come from a source.
func (f *fit[T]) moments(ctx context.Context) (*lloyd.Moments[T], error) {
	if f.source == nil {
		return moments(ctx, f.crew, "x", f.x, f.weights)
	}
	origin := lloyd.Dense(make([]T, f.x.D), 1, f.x.D)
	if err := f.take(ctx, origin, []int{heaviest(f.weights)}); err != nil {
		return nil, err
	}
	m := lloyd.NewMoments(origin.Data)
	size := momentRows(f.x.N)
	parts := make([]*lloyd.Moments[T], (f.x.N+size-1)/size)
	for i := range parts {
		parts[i] = m.Like()
	}
	err := f.source.pass(ctx, func(w window[T]) error {
		end := w.first + w.x.N
		from, to := w.first/size, (end-1)/size // parts
		f.crew.eachOf(to-from+1, size*f.x.D, func(i int) {
			first, last := max(w.first, (from+i)*size), min(end, (from+i+1)*size)
			must(parts[from+i].Add(w.x.Rows(first-w.first, last-w.first), part(f.weights, first, last)))
		})
		for _, p := range parts[from : to+1] {
			if _, top := p.Largest(); top-top != 0 {
				return notFinite("the source", w.x, w.first)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		must(m.Merge(p))
	}
	_, top := m.Largest()
	return m, tooLarge[T]("the source", float64(top), f.x.D)
}
