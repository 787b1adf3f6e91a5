// Package metrics says how well labels agree: the labels of a clustering, or of
// any prediction, with the true ones.
//
// Labels are plain []int32 slices with one entry a row, so the package works
// with any clustering, and imports only the standard library. True labels are
// class names: any integers. Clusters are numbered 0…k-1, in no order that
// means anything, which is why they cannot be compared with classes directly:
//
//   - [Majority] names each cluster after the most frequent class in it; its
//     Apply turns clusters into predicted classes.
//   - [Accuracy] is the share of rows whose labels are equal;
//     [MajorityAccuracy] does both at once. The latter is known as purity.
//   - [ConfusionMatrix] counts the rows of each true class by predicted class,
//     and prints as a table.
//
// Purity never falls when clusters are split, and is 1 with a cluster for
// every row: compare it between clusterings of the same k only.
//
// # Errors
//
// Errors say what came, what was expected and what to do, and wrap [ErrLength],
// [ErrEmpty], [ErrLabel], [ErrClusters] or [ErrTooManyClasses], for errors.Is.
// Arguments are never changed, and no input makes this package panic.
package metrics
