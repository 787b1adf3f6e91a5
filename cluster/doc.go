// Package cluster is k-means clustering of the rows of a tensor: the E-step and
// the M-step as functions ([EStep], [MStep]), and the [KMeans] estimator that
// runs them from seeded centers until nothing changes, at once or one step at a time
// ([KMeans.Steps]). [MiniBatch] takes random batches of the rows, or batches as they
// come; [Bisecting] splits one cluster after another in two; [Hierarchical] is for
// thousands of clusters; [Streaming] is KMeans of rows that do not fit in memory; [KScan]
// helps to choose K. KMeans, MiniBatch, Bisecting and Streaming cluster rows by their
// distances or, if Spherical is set, by their directions. The package builds on
// the kernels of package lloyd and knows no file format but the model's, and no
// plot.
//
//	model, err := cluster.KMeans{K: 10, Seed: 42}.Fit(ctx, x) // x: N×D *tensor.Dense
//	labels, err := model.Predict(ctx, y)
//
// # Data
//
// Rows are the N×D elements of a *tensor.Dense of float32 or float64. Row-major
// tensors, and views of some of their rows or columns, are read in place; any
// other layout (transposed, column-major, stepped) is copied once and gives the
// same result. Centers have the dtype of the rows. Nothing that is passed in is
// changed. Beyond the data, a fit takes about 16 bytes a row, some copies of the
// centers for each thread (where these are large, one and 8 to 24 bytes a row more instead),
// and what KMeans.Memory allows.
//
// [Streaming] reads the rows of a [Source], such as a file of package dataset, anew in
// every iteration, and gives the same bits as KMeans. It takes 4 bytes a row for the label,
// or none without labels. [MiniBatch.FitBlocks] takes rows that come only once.
//
// # Algorithms
//
// [KMeans.Algorithm] chooses how labels are found, not which: [Lloyd] takes every row to
// the floating-point kernel in every iteration, [Hamerly] skips the rows that bounds
// settle, [Elkan] the pairs of a row and a center, [Tiles] those of 16 rows that lie near each
// other and a center, and [Auto], the default, does what pays, by measuring:
//
//   - 16-bit integers in front of the kernel where K and D are large;
//   - bounds of rows, 8 bytes each, or of pairs of a row and a center, K + 8 bytes a row,
//     or of tiles of rows, a copy of the rows and K/16 + 12 bytes a row (K/8 + 16 in float64),
//     both within KMeans.Memory, from when a sample of the rows says that they leave little
//     to compute;
//   - till then, from the second iteration on, a contraction of rows of 128 columns and more,
//     if the principal directions of a sample say that it leaves few distances. It takes
//     within KMeans.Memory what bounds leave of that.
//
// All give the same bits.
//
// # What a fit promises
//
//   - The same data, settings and seed give the same labels, centers and inertia
//     to the bit, for any number of threads and on every kernel level.
//   - Labels are what Predict returns for the rows, and Inertia is minus what
//     Score returns; Predict of distinct centers is 0, 1, …, K−1.
//   - Distances come from differences, and the sums of the M-step are integers
//     that resolve about 2⁻¹⁰⁰ of the largest element (2⁻⁸⁵ for a million rows),
//     so that a large common offset or many rows do not degrade the result. Only
//     float64 data with an outlier more than 2⁴⁹ times as large as the rest (a
//     sentinel such as 1e30 for "missing") loses digits; remove such rows.
//   - A cluster that loses its rows gets the row farthest from its own center;
//     labels, counts and inertia follow. If no such row is left (fewer distinct
//     rows than K), it stays empty, and Model.Empty says so.
//   - Why a run ended, after how many iterations, is in the Model; nothing is
//     printed.
//
// # The stop rules
//
// A run is over when an E-step moves no row (Converged), when an M-step moves no
// center (Converged), when Σ‖c_new − c_old‖² over the centers is at most
// Tol · mean over the columns of their variance (WithinTol), after MaxIter
// iterations (MaxIterations), or when the context is done (Canceled). Except in
// the first two cases, one more E-step labels the rows by the last centers. The
// variance is the weighted population variance.
//
// # Random numbers
//
// Every draw comes from math/rand/v2's PCG, seeded with (Seed, number of the
// run, of the split or the part, or minus that of the step of a MiniBatch), whose output
// Go keeps stable. Draws are made on one goroutine, those of the rounds of
// [KMeansParallel] by a source for each block of rows, so they do not depend on Threads.
//
// # Models
//
// A [Model], and the [Tree] of a Bisecting, label, measure and score rows that were not
// in the fit, on as many threads as their field Threads says; [Model.PredictInto] is for
// servers. Save, [Load] and [LoadTree] keep them in files that other languages can read,
// and with which [MiniBatch.PartialFit] goes on where it was. Models are also JSON, and
// [FromCenters] makes one of centers that come from elsewhere.
//
// # Parts
//
// [Statistics] are the one currency of the M-step: blocks, threads and machines
// fill their own ([NewStatistics], Add) and Merge them in any order.
package cluster
