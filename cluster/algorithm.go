package cluster

import "fmt"

// Algorithm is how an E-step finds the nearest centers. All give the same labels,
// centers, inertia and number of iterations, to the bit.
type Algorithm uint8

const (
	// Auto ranks centers by integers of 8 or 16 bits where that is faster, skips the rows that
	// Hamerly's bounds settle, or the pairs that Elkan's or those of tiles do, when these are
	// many, and contracts rows of many columns where that leaves few distances. In small fits it
	// keeps the rows' integers, and later skips groups of rows by the gap between their two
	// nearest centers. It measures.
	Auto Algorithm = iota
	// Lloyd gives every row to the floating-point kernel in every iteration.
	Lloyd
	// Hamerly keeps bounds for each row from the first iteration on (Hamerly, "Making
	// k-means even faster", 2010): 8 bytes a row.
	Hamerly
	// Elkan keeps a bound for each row and center from the second iteration on (Elkan,
	// "Using the triangle inequality to accelerate k-means", 2003): K + 8 bytes a row.
	Elkan
	// Tiles keeps a bound for each center and each tile of 16 rows (in float64 8) that lie near
	// each other, from the second iteration on, as Yinyang k-means (Ding et al., 2015) does for
	// each row and group of centers: a copy of the rows, and K/16 + 12 bytes a row (in float64
	// K/8 + 16). It pays where rows have few columns or clusters are apart, and K is large.
	Tiles
)

var algorithmNames = [...]string{"auto", "lloyd", "hamerly", "elkan", "tiles"}

// String returns the algorithm's name in lower case.
func (a Algorithm) String() string {
	if int(a) < len(algorithmNames) {
		return algorithmNames[a]
	}
	return fmt.Sprintf("Algorithm(%d)", uint8(a))
}
