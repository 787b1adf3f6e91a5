package metrics

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// share has the numbers 0…n−1 done, each by one of at most the given number of
// goroutines (0 or less: GOMAXPROCS), this one included, for each of which begin
// is called once to get its function with its memory. It returns when all are done, or when one
// fails, with its error, or when caller is done, with an error that wraps
// caller.Err().
func share(caller context.Context, threads, n int, begin func() func(ctx context.Context, i int) error) error {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	ctx, stop := context.WithCancelCause(caller)
	defer stop(nil)
	var next atomic.Int64
	var group sync.WaitGroup
	work := func() {
		do := begin()
		for ctx.Err() == nil {
			i := int(next.Add(1)) - 1
			if i >= n {
				return
			}
			if err := do(ctx, i); err != nil {
				stop(err)
			}
		}
	}
	for range min(threads, n) - 1 {
		group.Go(work)
	}
	work()
	group.Wait()
	if err := caller.Err(); err != nil {
		return wrapped(err)
	}
	return context.Cause(ctx)
}
