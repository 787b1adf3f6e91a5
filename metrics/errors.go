package metrics

import (
	"errors"
	"fmt"
	"math"
)

// Sentinel errors; test for them with errors.Is.
var (
	// ErrLength: two lists that describe the same rows differ in length.
	ErrLength = errors.New("lengths differ")
	// ErrEmpty: there are no labels.
	ErrEmpty = errors.New("no labels")
	// ErrLabel: a cluster label lies outside 0…k-1.
	ErrLabel = errors.New("label out of range")
	// ErrClusters: the number of clusters k is not positive, or one for which a
	// score is not defined.
	ErrClusters = errors.New("invalid number of clusters")
	// ErrTooManyClasses: more than MaxClasses distinct labels.
	ErrTooManyClasses = errors.New("too many classes")
	// ErrOption: a setting is none of those there are, or out of its range.
	ErrOption = errors.New("invalid option")
	// ErrNotFinite: there is a NaN or an infinity in the data, or a distance is
	// too large for the element type.
	ErrNotFinite = errors.New("not finite")
)

// failure builds "metrics: <message>: <sentinel>", wrapping the sentinel.
func failure(sentinel error, format string, args ...any) error {
	return fmt.Errorf("metrics: %s: %w", fmt.Sprintf(format, args...), sentinel)
}

// wrapped names the package in an error that came from below it.
func wrapped(err error) error { return fmt.Errorf("metrics: %w", err) }

// samePairs checks that there are labels and that both lists are as long.
func samePairs(truth, other []int32) error {
	if len(truth) != len(other) {
		return failure(ErrLength, "%d true labels and %d others; one of each a row was expected", len(truth), len(other))
	}
	if len(truth) == 0 {
		return failure(ErrEmpty, "both lists are empty; at least one row was expected")
	}
	return nil
}

// checkClusters checks that truth and clusters describe the same rows, in
// clusters 0…k-1.
func checkClusters(truth, clusters []int32, k int) error {
	if k < 1 || int64(k) > math.MaxInt32 {
		return failure(ErrClusters, "k is %d; 1 to %d was expected", k, math.MaxInt32)
	}
	if err := samePairs(truth, clusters); err != nil {
		return err
	}
	return inRange(clusters, k)
}

// inRange checks that every label is a cluster 0…k-1.
func inRange(clusters []int32, k int) error {
	for i, c := range clusters {
		if c < 0 || int(c) >= k {
			return failure(ErrLabel, "row %d (from 0) is in cluster %d; 0 to %d was expected: pass the number of clusters of the fit", i, c, k-1)
		}
	}
	return nil
}
