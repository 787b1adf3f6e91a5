package graph

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// blockRows is the number of rows that are worked on at a time.
const blockRows = 256

// workGrain is about the number of elementary operations that are worth a goroutine.
const workGrain = 1 << 17

// each calls do for 0 to n−1, each of about the given number of operations, in any
// order and in parallel if that is worth it.
func each(n, operations int, do func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n, 1+int(float64(n)*float64(operations)/workGrain))
	var next atomic.Int64
	work := func() {
		for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
			do(int(i))
		}
	}
	var group sync.WaitGroup
	for range workers - 1 {
		group.Go(work)
	}
	work()
	group.Wait()
}

// eachBlock calls do for every block of n rows, each row of about the given number of
// operations: from and to are its first row and the one past its last.
func eachBlock(n, operations int, do func(from, to int)) {
	each((n+blockRows-1)/blockRows, blockRows*operations, func(i int) {
		do(i*blockRows, min(n, (i+1)*blockRows))
	})
}

// must is for errors that can only come from a mistake in this package.
func must(err error) {
	if err != nil {
		panic("graph: " + err.Error())
	}
}
