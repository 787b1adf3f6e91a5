package cluster

import (
	"context"
	"math"
	"sync/atomic"
)

// blockRows is the number of rows in a block. Sums of floating-point numbers
// are formed block by block and then over the blocks in order, so that they do
// not depend on the number of threads.
const blockRows = 256

// blocks is the number of blocks of n rows.
func blocks(n int) int { return (n + blockRows - 1) / blockRows }

// workGrain is about the number of elementary operations of one piece of work:
// large beside the cost of handing it out, small beside a pass over the rows.
const workGrain = 1 << 17

// workers is the number of workers that each will start for n rows of the given
// number of operations a row: no more than there are pieces of work.
func (c *crew) workers(n, operations int) int {
	return max(1, min(c.threads, blocks(n), pieces(n, operations)))
}

// pieces is the number of grains in n times the given number of operations,
// which need not fit an int.
func pieces(n, operations int) int {
	return int(min(float64(n)*float64(max(operations, 1))/workGrain, math.MaxInt32))
}

// each calls do for every block of n rows: from and to are its first row and
// the one past its last. Each worker has a number from 0 to workers()−1. Which
// worker gets which block is up to deal, and to chance. When ctx is done, no further block
// is begun and its error is returned.
func (c *crew) each(ctx context.Context, n, operations int, do func(worker, from, to int)) error {
	return c.eachFrom(ctx, 0, n, operations, do)
}

// eachFrom is each for the n rows from row first on, which begins a block.
func (c *crew) eachFrom(ctx context.Context, first, n, operations int, do func(worker, from, to int)) error {
	return c.eachRows(ctx, first, n, blockRows, operations, do)
}

// evenRows are whole panels of every kernel.
const evenRows = 64

// eachEvenly is each for rows that need not come in whole blocks, but in runs of evenRows, at
// most blockRows of them, so that few rows are shared out evenly, too.
func (c *crew) eachEvenly(ctx context.Context, n, operations int, do func(worker, from, to int)) error {
	return c.eachRows(ctx, 0, n, evenRows, operations, do)
}

// eachRows calls do for the n rows from row first on, in runs of the given number of rows.
func (c *crew) eachRows(ctx context.Context, first, n, unit, operations int, do func(worker, from, to int)) error {
	workers := c.workers(n, operations)
	run := max(4, workGrain/blockRows/max(operations, 1)) // the next block is fetched ahead
	run = min(run, max(1, blocks(n)/(16*workers)))
	c.job = job{ctx: ctx, first: first, n: n, unit: unit, run: run * (blockRows / unit), block: do}
	c.deal((n+unit-1)/unit, workers)
	c.pass(workers, c.blocks)
	return ctx.Err()
}

// eachOf calls do for 0 to n−1, each of the given number of operations, in any
// order and in parallel if that is worth it.
func (c *crew) eachOf(n, operations int, do func(i int)) {
	workers := max(1, min(c.threads, n, pieces(n, operations)))
	if workers == 1 {
		for i := range n {
			do(i)
		}
		return
	}
	run := max(1, min(workGrain/4/max(operations, 1), n/(4*workers)))
	c.job = job{n: n, run: run, item: do}
	c.deal(n, workers)
	c.pass(workers, c.items)
}

// job is what each and eachOf hand to the workers.
type job struct {
	ctx   context.Context
	first int // row
	n     int // rows or items
	unit  int // rows that come together
	run   int // units or items taken at a time
	block func(worker, from, to int)
	item  func(i int)
}

// share is a worker's part of a pass: units or items, the first of which are taken. Each
// fills a line of the cache, as its owner writes to it all the time.
type share struct {
	next atomic.Int64
	end  int64
	_    [48]byte
}

// deal gives each of the workers of the next pass as good as the same number of units or items
// in a row, the same ones as in a pass before it of as many: their rows may still be in its
// processor's cache.
func (c *crew) deal(n, workers int) {
	for len(c.shares) < workers {
		c.shares = append(c.shares, share{})
	}
	c.dealt = c.shares[:workers]
	for i := range c.dealt {
		c.dealt[i].next.Store(int64(i * n / workers))
		c.dealt[i].end = int64((i + 1) * n / workers)
	}
}

// take returns the next units or items for a worker, none if nothing is left: of its own
// share, then of the others'.
func (c *crew) take(worker int) (from, to int) {
	for turn := range c.dealt {
		s := &c.dealt[(worker+turn)%len(c.dealt)]
		if s.next.Load() >= s.end {
			continue
		}
		if from := s.next.Add(int64(c.job.run)) - int64(c.job.run); from < s.end {
			return int(from), int(min(from+int64(c.job.run), s.end))
		}
	}
	return 0, 0
}

func (c *crew) workBlocks(worker int) {
	j := &c.job
	for j.ctx.Err() == nil {
		from, to := c.take(worker)
		if from == to {
			return
		}
		for block := blockRows / j.unit; from < to && j.ctx.Err() == nil; from += block {
			j.block(worker, j.first+from*j.unit, j.first+min(j.n, min(from+block, to)*j.unit))
		}
	}
}

func (c *crew) workItems(worker int) {
	for {
		from, to := c.take(worker)
		if from == to {
			return
		}
		for i := from; i < to; i++ {
			c.job.item(i)
		}
	}
}

// sumBlocks adds up the sums of the blocks in order.
func sumBlocks(s []float64) float64 {
	var total float64
	for _, v := range s {
		total += v
	}
	return total
}
