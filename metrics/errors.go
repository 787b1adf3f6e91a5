package metrics

import (
	"errors"
	"fmt"
)

// Sentinel errors; test for them with errors.Is.
var (
	// ErrLength: two lists that describe the same rows differ in length.
	ErrLength = errors.New("lengths differ")
	// ErrEmpty: there are no labels.
	ErrEmpty = errors.New("no labels")
	// ErrLabel: a cluster label lies outside 0…k-1.
	ErrLabel = errors.New("label out of range")
	// ErrClusters: the number of clusters k is not positive.
	ErrClusters = errors.New("invalid number of clusters")
	// ErrTooManyClasses: more than MaxClasses distinct labels.
	ErrTooManyClasses = errors.New("too many classes")
)

// failure builds "metrics: <message>: <sentinel>", wrapping the sentinel.
func failure(sentinel error, format string, args ...any) error {
	return fmt.Errorf("metrics: %s: %w", fmt.Sprintf(format, args...), sentinel)
}

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

// inRange checks that every label is a cluster 0…k-1.
func inRange(clusters []int32, k int) error {
	for i, c := range clusters {
		if c < 0 || int(c) >= k {
			return failure(ErrLabel, "row %d (from 0) is in cluster %d; 0 to %d was expected: pass the number of clusters of the fit", i, c, k-1)
		}
	}
	return nil
}
