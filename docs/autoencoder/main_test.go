package main

import (
	"bytes"
	"io"
	"testing"
)

// A short training makes clusters of the digits that k-means finds neither in the pixels
// nor in the untrained embedding, and the centers that are trained along with it better
// ones.
func TestAutoencoder(t *testing.T) {
	if testing.Short() {
		t.Skip("trains a network for seconds")
	}
	s := settings{seed: 1, reconstructing: 120, clustering: 60}
	r, err := s.run(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if r.reconstructing <= max(r.pixels, r.untrained) || r.clustering <= r.reconstructing {
		t.Errorf("adjusted Rand indices do not rise: %+v", r)
	}
}

// Two runs of the same seed print the same.
func TestSameNumbers(t *testing.T) {
	var out [2]bytes.Buffer
	for i := range out {
		if _, err := (settings{seed: 2, reconstructing: 3, clustering: 3}).run(&out[i]); err != nil {
			t.Fatal(err)
		}
	}
	if out[0].String() != out[1].String() {
		t.Errorf("first\n%s\nthen\n%s", &out[0], &out[1])
	}
}
