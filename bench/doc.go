// Package bench measures the kernels on the machine it runs on: the peak rate of
// fused multiply-adds, which everything else is held against ([Peak]), and, in
// its benchmarks, the kernels and whole iterations at every level, with GFLOP/s
// and the share of that peak as metrics that benchstat reads:
//
//	go test -bench . ./bench
//
// RESULTS.md has the numbers that were measured, in parts that make bench and make
// peers write (package results), NOTES.md the log of what was tried. The program
// in peers, a module of its own, measures other implementations beside Lloyd.
package bench
