// Package lloyd holds the compute kernels of k-means clustering: squared
// Euclidean distances, the nearest of K centers for each of N rows, the sums of
// rows by cluster, and the mean and variance of columns, for float32 and float64.
// They are hand-written assembly for amd64 (AVX2 with FMA, AVX-512) and arm64
// (NEON), and pure Go elsewhere; package kernel says which one runs. The package
// depends on nothing but golang.org/x/sys, which makes it what a pipeline embeds.
// Package cluster builds the k-means estimators on it; it cannot be re-exported
// here, because it imports this package.
//
// # Rows
//
// A [Matrix] is a view of N rows of D elements in a slice, with a leading
// dimension, so that columns of a wider matrix are used without a copy. All
// exported functions check lengths and dimensions and return an error that wraps
// [ErrShape]; none changes its inputs, and none allocates when it is given its
// scratch memory. Slices need no alignment.
//
// # The distance
//
// There is one squared distance, and every kernel on every CPU returns its exact
// bits: the differences x−c, their squares and the sums are each rounded to the
// element type, without fused multiply-add, and added
//
//   - in the order of the columns when D is less than W,
//   - as W partial sums otherwise, element j in sum j mod W, which are then added
//     in halves: sum i and sum i+W/2, and so on down to one.
//
// W is 16 for float32 and 8 for float64: one cache line. Because differences are
// taken first, nothing is lost on rows far from the origin; the relative error
// is at most about (D/W + 8) units in the last place.
//
// The label of a row is the lowest index of a center at the least such distance.
// So labels do not depend on the kernel level, the tiling, the threads, or on
// which rows came in the same call. A row that has no center at a finite
// distance gets the label −1.
//
// # How a label is proven
//
// Computing every distance as defined costs three operations an element. For D
// above a few columns [Centers.Nearest] therefore ranks the centers by
// ½‖c‖² − x·c, one fused multiply-add an element, on rows and centers shifted by
// the mean of some centers. It keeps the best and the second-best rank of each
// row; the lowest bits of a rank hold the center's place among those ranked
// together, which saves keeping its number apart and counts as rounding. If the
// two are further apart than rounding can explain, the best one is the label; the
// bound is rigorous and holds for any input. The other rows, usually
// far less than one in a hundred, go through the distances. On data where the
// proof often fails (tight groups very far apart), the ranking is given up.
// [Workspace] counts the rows that took the long way.
//
// Where K and D are large enough for it to pay, a cheaper ranking comes first: of rows
// and centers rounded to 16-bit integers, whose products are exact in 32 bits and twice
// as many an instruction as those of float32. What rounding took away is measured for
// each row and center, and bounds by Cauchy and Schwarz how far off a rank is. Where the
// two best are further apart than that, the label is proven; where the third is, two
// distances decide; the others, about one in a hundred, go on to floating point.
//
// Where they are larger still, 8-bit integers come first, twice as many an instruction
// again. What rounding took is too much to decide by, but makes the scores lower bounds of
// the distances: once that of the center with the least score is known, few others are
// left, one to six of a thousand, whose distances decide. Rows that leave many go on.
// [Centers.UseIntegers] switches both off.
//
// The ranks but those of 8 bits serve [Centers.NearestTwo], which bounds the distance to the
// second nearest center, and [Centers.Closer], which rules out the rows that a
// candidate of k-means++ is not closer to.
//
// # Bounds from iteration to iteration
//
// [Bounds], [Bar] and [Unsettled] are the arithmetic of Hamerly's algorithm: bounds of
// the distances of each row, and how far the centers have drifted since, tell which rows
// need a look at all. [Centers.LowerBounds], [Centers.RoughLowerBounds], [OpenRows], [OpenPairs] and
// [ShiftBounds] are that of Elkan's: a byte for each row and center tells which pairs do.
// [Tiles], [TileBounds] and [Rebase] do that for tiles of rows that lie near each other, whose
// distances to a center are computed at once. [Estimates] are lower bounds of the distances of
// listed pairs, in integers, for those that all these leave. Package cluster uses them.
//
// # Projections
//
// [Projection] multiplies rows by a few directions, at the rate of the E-step, with a bound
// on the rounding: package cluster contracts rows of many columns with it.
// [Centers.Candidates] lists the centers that may be within a distance of a row, of contracted
// ones those that may be nearer than the present one.
//
// # The sums
//
// [Sums] adds rows as integers of about 100 bits. Integer addition is exact and
// associative, so the M-step of k-means gives the same bits for any order of
// rows, blocks, threads or machines, and rows can be moved from cluster to
// cluster without drift: only rows whose label changed need to be read again.
//
// # The moments
//
// [Moments] is what a fit asks of its rows before it begins: the mean and the
// variance of each column and the largest magnitude, which also tells whether
// all numbers are finite, in one pass. Its float64 sums are in the order of the
// rows and have the same bits at every level.
//
// # Assembly and the Go runtime
//
// A call into assembly cannot be preempted; each is bounded to about 4 million
// multiply-adds, some 100 µs, so that the garbage collector is not held up. (Only
// more than 30 000 centers of up to four columns, or rows of more than 20 000,
// make one panel of rows take longer.) The race detector does not see what
// assembly reads and writes.
package lloyd
