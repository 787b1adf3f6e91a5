// Peers measures Lloyd beside other k-means implementations, and writes the
// numbers to bench/peers.csv, the tables to bench/RESULTS.md and the figures to
// bench/plots:
//
//	make peers                                  # everything, about 40 minutes on 2 cores
//	bench/out/peers -only 100000,64,100         # one shape; the tables go to standard output
//	bench/out/peers -batches                    # mini-batch fits alone, about 6 minutes
//	bench/out/peers -quick                      # a try-out: few rows, two repeats
//
// # How
//
// Each implementation runs in a process of its own for each shape and number of
// threads, either this program again (Go) or peers.py (Python). All read the same
// rows and start from the same centers, the first K rows. The processes stay
// alive and take turns, in an order that rotates and turns round from repeat to
// repeat. An answer comes when the process is at rest: the threads of OpenBLAS and
// OpenMP spin for a while after their work, and their settings are not touched.
//
// The time of one iteration is that of a fit of MANY iterations less that of a fit
// of FEW, divided by the difference, which leaves out reading, checking and the
// final labels. MANY and FEW depend on the shape alone. Where an implementation
// can do no such thing, its note says what was timed. At fewer than 10^5
// multiply-adds (the tutorial's blobs) an iteration is below what a clock sees: a
// whole fit of MANY iterations is timed there and divided by MANY.
//
// The inertia is that of the centers after MANY iterations, summed over the rows
// in the same way for all of them, relative to Lloyd's centers after as many.
// Peak memory is that of the process (VmHWM) since it read its rows.
//
// An implementation that needs more than the limit (-limit) for an iteration is not
// run on that shape. One that is slow, though within it, has three turns only,
// unless it is one of the main ones.
package main
