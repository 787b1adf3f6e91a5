package cluster

import (
	"runtime"
	"sync/atomic"
)

// crew is the goroutine of a fit and its mates, which share the work of each
// pass. The mates are started by the first pass that has work for them and
// wait for the next one, first awake, because an iteration can be shorter than
// the time that waking a goroutine takes (20 to 50 µs on virtual machines), then
// asleep. A pass never waits for a mate that has not come: whoever is there does
// the work.
type crew struct {
	threads int
	work    func(worker int) // of this pass
	size    int              // workers of this pass
	seats   atomic.Int64     // places left in this pass, under its number: see seatBits
	done    atomic.Int64     // mates that have finished this pass
	asleep  atomic.Int64
	wake    chan struct{}
	closed  atomic.Bool
	mates   int

	job           job // of each and eachOf
	shares, dealt []share
	blocks, items func(worker int) // workBlocks and workItems, kept so that a pass allocates nothing
}

// The low seatBits bits of crew.seats count the places that are left, the others
// the passes, so that a mate which comes late does not take a place in the pass
// after the one it saw.
const seatBits = 16

// patience is how often a mate looks for work before it goes to sleep: about
// 50 µs.
const patience = 1 << 16

// newCrew returns a crew of the given number of threads; 0 or less is
// GOMAXPROCS. It must be closed.
func newCrew(threads int) *crew {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	c := &crew{threads: min(threads, 1<<seatBits-1)}
	c.blocks, c.items = c.workBlocks, c.workItems
	return c
}

// close ends the mates. There must be no pass under way.
func (c *crew) close() {
	c.closed.Store(true)
	for range c.mates {
		select {
		case c.wake <- struct{}{}:
		default:
		}
	}
}

// pass calls work with 0 here, and with different numbers from 1 to workers−1
// on the mates that are there in time, and returns when all have returned. work
// must go on until nothing is left to do.
func (c *crew) pass(workers int, work func(worker int)) {
	if workers <= 1 {
		work(0)
		return
	}
	c.summon(workers)
	c.work, c.size = work, workers
	c.done.Store(0)
	c.seats.Store((c.seats.Load()>>seatBits+1)<<seatBits | int64(workers-1))
	for range min(int(c.asleep.Load()), workers-1) {
		select {
		case c.wake <- struct{}{}:
		default: // enough of them are on their way
		}
	}
	work(0)
	// No mate may come in any more; those that did must finish.
	var left int64
	for {
		seats := c.seats.Load()
		left = seats & (1<<seatBits - 1)
		if c.seats.CompareAndSwap(seats, seats-left) {
			break
		}
	}
	for turn := 0; c.done.Load() < int64(workers-1)-left; turn++ {
		if turn > 1000 {
			runtime.Gosched()
		}
	}
	c.work = nil
}

// summon starts the mates of a pass of so many workers, unless they are there. Called some time
// before the first pass, it has them awake then.
func (c *crew) summon(workers int) {
	if c.wake == nil {
		c.wake = make(chan struct{}, c.threads)
	}
	if c.mates >= workers-1 {
		return
	}
	for ; c.mates < workers-1; c.mates++ {
		go c.mate()
	}
	// The goroutine made last is what its processor is to run next: another one takes it only after
	// a sleep of some 100 µs. This one takes that place.
	go func() {}()
}

// mate takes part in passes until the crew is closed.
func (c *crew) mate() {
	awake := patience
	if c.threads > runtime.GOMAXPROCS(0) {
		awake = 1 // the processor is needed
	}
	for turn := 0; !c.closed.Load(); turn++ {
		seats := c.seats.Load()
		if left := seats & (1<<seatBits - 1); left > 0 {
			if c.seats.CompareAndSwap(seats, seats-1) {
				c.work(c.size - int(left))
				c.done.Add(1)
				turn = 0
			}
			continue
		}
		if turn < awake {
			continue
		}
		c.asleep.Add(1)
		if c.seats.Load()&(1<<seatBits-1) == 0 && !c.closed.Load() {
			<-c.wake
		}
		c.asleep.Add(-1)
		turn = 0
	}
}
