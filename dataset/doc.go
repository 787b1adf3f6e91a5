// Package dataset brings rows into and out of a k-means fit: two reference
// data sets and the file formats CSV and NumPy's NPY.
//
// # Reference data
//
// [Digits] gives the 1797 handwritten digits (8×8 pixels) with their labels;
// they are inside the binary, nothing is downloaded. [Blobs] draws Gaussian
// clusters and gives, for the same seed, the rows that scikit-learn's
// make_blobs gives, in the same order.
//
// # Tensors
//
// A matrix is a *tensor.Dense of shape N×D: N rows (one observation each), D
// columns, dtype tensor.Float32 or tensor.Float64. What this package returns is
// contiguous, row-major, and shared with nobody. What it takes may be a
// transposed, column-major or sliced tensor: elements are found through shape
// and strides, and the written file has the rows as the tensor shows them.
// Labels are a []int32 with one entry a row. Arguments are never changed.
//
// # Files
//
// [ReadFile], [ReadLabelsFile], [WriteFile] and [WriteLabelsFile] choose the
// format by the ending of the name: .csv, .tsv or .npy. Writing goes to a
// temporary file in the same folder that is synced and renamed ([WriteAtomic]),
// so an interrupted write leaves the former file as it was. The same formats
// work on any stream: [ReadCSV], [WriteCSV], [ReadNPY], [WriteNPY], and
// [ReadLabelsCSV], [WriteLabelsCSV], [ReadLabelsNPY], [WriteLabelsNPY].
//
// Numbers survive a round trip exactly in both formats. NPY is some
// fifty times faster to read than CSV, and smaller for most data.
//
// # NaN and infinity
//
// The readers accept NaN and infinite values (in CSV the texts NaN, Inf, +Inf,
// -Inf, Infinity in any case), because a file may be read for more than a fit.
// A fit refuses them and names row and column. A finite number that does not
// fit the dtype asked for is refused here, and never becomes an infinity.
//
// # Memory
//
// Reading takes the matrix and a little more: NPY is read into its final place
// when the length of the source is known (a file, a bytes.Reader), and grows
// with what really arrives otherwise, so that a header that promises more rows
// than the file has cannot exhaust the memory. Column-major NPY and CSV need up
// to twice the matrix for a moment.
//
// # Errors
//
// Errors say what came, what was expected and what to do, and wrap one of
// [ErrFormat], [ErrDtype], [ErrShape], [ErrConfig], [ErrUnknownFormat],
// [ErrNotFile], or the error of the file system or stream, for errors.Is. No
// input makes this package panic.
package dataset
