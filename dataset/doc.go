// Package dataset brings rows into and out of a k-means fit: two reference
// data sets, the usual file formats, and rows that come block by block from
// files larger than the memory.
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
// contiguous, row-major, and shared with nobody (but see [Source.Blocks] and
// [Map]). What it takes may be a transposed, column-major or sliced tensor:
// elements are found through shape and strides, and the written file has the
// rows as the tensor shows them. Labels are a []int32 with one entry a row.
// Arguments are never changed.
//
// # Files
//
// [ReadFile], [WriteFile], [ReadLabelsFile] and [WriteLabelsFile] choose the
// format by the ending of the name; [Formats] is the table of them. Each format
// also has functions of its own, for any stream:
//
//	.csv .tsv               ReadCSV      WriteCSV      text, with or without a header
//	.npy                    ReadNPY      WriteNPY      NumPy
//	.npz                    ReadNPZ      WriteNPZ      NumPy, several arrays
//	.parquet                ReadParquet  WriteParquet  a column each, or lists
//	.fvecs .ivecs .bvecs    ReadVecs     WriteVecs     TEXMEX
//	.fbin .u8bin .i8bin     ReadBin      WriteBin      big-ann-benchmarks
//	.png .jpg .jpeg         ReadImage    WritePNG      a row each pixel
//	labels in .csv .tsv     ReadLabelsCSV  WriteLabelsCSV
//	labels in .npy          ReadLabelsNPY  WriteLabelsNPY
//
// Text, NPY and vectors may be compressed: the endings .gz (gzip) and .zst
// (zstd) after the first one are written and read, and for text and NPY the
// first bytes tell it too. [Read] takes any stream and tells the format by its
// first bytes.
//
// Writing goes to a temporary file in the same folder that is synced and
// renamed ([WriteAtomic]), so an interrupted write leaves the former file as it
// was.
//
// Numbers survive a round trip exactly in CSV, NPY, NPZ and Parquet, and in the
// other formats as far as their element type goes: whole numbers are refused
// where they do not fit, and float64 is rounded to float32. The binary formats
// are some fifty times faster to read than text.
//
// # Dtypes
//
// If no dtype is asked for, a file is read as the narrower of float32 and
// float64 that holds every number of its type: float32 for float16, float32,
// integers of 8 and 16 bits, booleans and images; float64 for the others and
// for text. Numbers are converted piece by piece on their way: there is never a
// second matrix of another type.
//
// # Block by block
//
// [Open] looks at the beginning of a file and gives a [Source], whose Blocks
// are ranged over as often as wanted, without ever holding the whole matrix:
//
//	source, err := dataset.Open("base.fbin", dataset.FileOptions{})
//	for block, err := range source.Blocks(10_000) { … }
//
// [Source.WriteFile] writes such a file in another format, block by block too.
//
// [Map] maps a file into memory instead: the system reads the pages that are
// touched.
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
// Reading takes the matrix and a little more: a binary file is read into its
// final place when the length of the source is known (a file, a bytes.Reader),
// and grows with what really arrives otherwise, so that a header that promises
// more rows than the file has cannot exhaust the memory. Column-major NPY and
// text need up to twice the matrix for a moment, an image and each page of a
// Parquet file is unpacked as a whole (1 GiB at most), and unpacking zstd takes
// up to 128 MiB. What compressed files hold is bounded by nothing but their
// contents.
//
// # Errors
//
// Errors say what came, what was expected and what to do, and wrap one of
// [ErrFormat], [ErrDtype], [ErrShape], [ErrConfig], [ErrUnknownFormat],
// [ErrNotFile], or the error of the file system or stream, for errors.Is. No
// input makes this package panic.
package dataset
