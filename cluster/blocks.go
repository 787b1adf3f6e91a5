package cluster

import (
	"context"
	"math"
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
// worker gets which block is left to chance. When ctx is done, no further block
// is begun and its error is returned.
func (c *crew) each(ctx context.Context, n, operations int, do func(worker, from, to int)) error {
	return c.eachFrom(ctx, 0, n, operations, do)
}

// eachFrom is each for the n rows from row first on, which begins a block.
func (c *crew) eachFrom(ctx context.Context, first, n, operations int, do func(worker, from, to int)) error {
	workers := c.workers(n, operations)
	run := max(4, workGrain/blockRows/max(operations, 1)) // the next block is fetched ahead
	run = min(run, max(1, blocks(n)/(16*workers)))
	c.job = job{ctx: ctx, first: first, n: n, run: run, block: do}
	c.next.Store(0)
	c.pass(workers, c.blocks)
	return ctx.Err()
}

// eachOf calls do for 0 to n−1, each of the given number of operations, in any
// order and in parallel if that is worth it.
func (c *crew) eachOf(n, operations int, do func(i int)) {
	workers := max(1, min(c.threads, n, pieces(n, operations)))
	run := max(1, min(workGrain/4/max(operations, 1), n/(4*workers)))
	c.job = job{n: n, run: run, item: do}
	c.next.Store(0)
	c.pass(workers, c.items)
}

// job is what each and eachOf hand to the workers.
type job struct {
	ctx   context.Context
	first int // row
	n     int
	run   int // blocks or items taken at a time
	block func(worker, from, to int)
	item  func(i int)
}

func (c *crew) workBlocks(worker int) {
	j := &c.job
	total := blocks(j.n)
	for j.ctx.Err() == nil {
		first := int(c.next.Add(int64(j.run))) - j.run
		if first >= total {
			return
		}
		for b := first; b < min(first+j.run, total) && j.ctx.Err() == nil; b++ {
			j.block(worker, j.first+b*blockRows, j.first+min(j.n, (b+1)*blockRows))
		}
	}
}

func (c *crew) workItems(int) {
	j := &c.job
	for {
		first := int(c.next.Add(int64(j.run))) - j.run
		if first >= j.n {
			return
		}
		for i := first; i < min(first+j.run, j.n); i++ {
			j.item(i)
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
