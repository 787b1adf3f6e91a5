package bench

import (
	"sync"
	"sync/atomic"

	"github.com/seed-fbf9ce71/lloyd"
)

// assignRows is the number of rows that a thread of [Assign] takes at a time, as
// in package cluster.
const assignRows = 256

// Assign is the E-step alone, on as many threads as there are workspaces: the
// threads take blocks of rows until none is left. It sets labels as
// [lloyd.Centers.Nearest] does.
func Assign[T lloyd.Float](c *lloyd.Centers[T], labels []int32, x lloyd.Matrix[T], workspaces []lloyd.Workspace[T]) error {
	var next atomic.Int64
	errs := make([]error, len(workspaces))
	work := func(worker int) {
		for {
			to := int(next.Add(assignRows))
			from := to - assignRows
			if from >= x.N {
				return
			}
			to = min(to, x.N)
			if errs[worker] = c.Nearest(labels[from:to], nil, x.Rows(from, to), &workspaces[worker]); errs[worker] != nil {
				return
			}
		}
	}
	var wg sync.WaitGroup
	for w := 1; w < len(workspaces); w++ {
		wg.Go(func() { work(w) })
	}
	work(0)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
