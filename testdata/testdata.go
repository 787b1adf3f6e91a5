// Package testdata carries the reference data of this module: the digits,
// embedded in the binary of whoever imports the package, and the golden files
// that the tests of the other packages read from disk.
//
// README.md in this folder says where each file comes from and under which
// terms; golden.py writes the golden files anew. Programs do not import this
// package: package dataset gives the digits as a tensor.
package testdata

import _ "embed"

// Digits is the gzip-compressed CSV table of the 1797 handwritten digits, no
// header, 65 columns: 64 pixels of an 8×8 image row by row (integers 0 to 16),
// then the digit 0 to 9. Nobody is to write into it.
//
// Source: test part of "Optical Recognition of Handwritten Digits",
// E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, 1998, CC BY 4.0.
//
//go:embed digits.csv.gz
var Digits []byte
