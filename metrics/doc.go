// Package metrics says how good labels are: how well those of a clustering, or
// of any prediction, agree with the true ones, and how well they suit the rows.
//
// Labels are plain []int32 slices with one entry a row, so the package works
// with any clustering. True labels are class names: any integers. So are the
// labels of clusters, except where the number k of clusters is asked for: then
// they are 0…k-1. Numbers of clusters mean nothing, which is why they cannot be
// compared with classes directly.
//
// # With true labels: clusters given a class
//
//   - [Majority] names each cluster after the most frequent class in it;
//     [Hungarian] gives each cluster a class of its own, in the best way. Apply of
//     the [Matching] that they return turns clusters into predicted classes.
//   - [Accuracy] is the share of rows whose labels are equal.
//     [MajorityAccuracy], known as purity, and [HungarianAccuracy], known as
//     clustering accuracy, do both at once.
//   - [ConfusionMatrix] counts the rows of each true class by predicted class,
//     and prints as a table.
//
// Purity never falls when clusters are split, and is 1 with a cluster for
// every row: compare it between clusterings of the same k only.
//
// # With true labels: partitions compared
//
// These do not depend on what labels are called.
//
//   - [AdjustedRand] and [AdjustedMutualInformation] are 1 for equal partitions
//     and about 0 for random ones, for any number of clusters: they may be compared
//     between clusterings of different k. The first is decided by large clusters,
//     the second heeds small ones.
//   - [Rand], [FowlkesMallows], [MutualInformation], [NormalizedMutualInformation]
//     and [VMeasure] are not adjusted for chance: random labels score the higher
//     the more clusters there are.
//   - [Homogeneity] and [Completeness], whose mean VMeasure is, say on which side
//     the clusters fail: rows of other classes in them, or classes torn apart.
//   - [ContingencyMatrix] and [PairConfusion] have the counts behind these.
//
// # Without true labels
//
// These take the rows, and so serve to choose the number of clusters. A higher
// [Silhouette], [SimplifiedSilhouette] or [CalinskiHarabasz] is better, and a
// lower [DaviesBouldin].
//
//   - [Silhouette] compares every row with every other, in time O(N²·D) on the
//     kernels of package lloyd: a minute or two for 100 000 rows of 64 columns on
//     one core, less on more. Of more rows it measures a sample.
//   - [SimplifiedSilhouette] compares rows with centers, in time O(N·K·D).
//   - CalinskiHarabasz takes time O(N·D), DaviesBouldin O(N·D + K²·D). Both like
//     compact round clusters, as k-means does.
//
// # Rows
//
// Rows are a [github.com/seed-fbf9ce71/lloyd.Matrix] of float32 or float64, a
// view that costs nothing, so this package does not link the tensor library. The
// rows of an N×D *tensor.Dense x of float64, as package cluster takes and gives
// them, are
//
//	lloyd.Matrix[float64]{Data: x.Data().([]float64), N: x.Shape()[0], D: x.Shape()[1], LD: x.Strides()[0]}
//
// if x.Strides()[1] is 1: row-major, without a copy, also some columns of a wider
// tensor. Copy other layouts, such as a transposed one, with x.At.
//
// # Agreement with scikit-learn
//
// Every score equals that of scikit-learn 1.9.1, to 10⁻⁹ in the tests, and has
// its value where the formula has none: the functions say which. There are
// three differences. Without rows, where scikit-learn gives 1, there is an error
// here. Where it divides rounding errors by each other, or compares distances
// with a fixed 10⁻⁸, the functions here go by the limit
// ([AdjustedMutualInformation], [CalinskiHarabasz], [DaviesBouldin]). And a
// sampled [Silhouette] measures its rows against all rows.
//
// # Errors
//
// Errors say what came, what was expected and what to do, and wrap [ErrLength],
// [ErrEmpty], [ErrLabel], [ErrClusters], [ErrTooManyClasses], [ErrOption] or
// [ErrNotFinite], or lloyd.ErrShape, for errors.Is. Functions that read rows
// take a context, and return an error that wraps ctx.Err() soon after it is done.
// Arguments are never changed, and no labels and no rows make this package panic.
package metrics
