// Package results writes measured tables into bench/RESULTS.md. The text there
// is partly by hand: a generated part stands between two markers, and only that
// part is replaced ([Replace]).
//
// The command update does so for the output of go test -bench, the program in
// bench/peers for the comparison with other libraries.
package results
