package lloyd

import "github.com/seed-fbf9ce71/lloyd/kernel"

// Moved lists the rows whose label is not the old one: it sets the first
// elements of rows to their numbers, in order, and returns how many they are.
// rows and old need as many elements as labels. The error wraps ErrShape.
func Moved(rows, labels, old []int32) (int, error) {
	level, err := kernel.Active()
	if err != nil {
		return 0, err
	}
	if err := kernel.CheckLength("rows", len(rows), len(labels)); err != nil {
		return 0, err
	}
	if err := kernel.CheckLength("old", len(old), len(labels)); err != nil {
		return 0, err
	}
	if level != kernel.Generic {
		return asmMoved(ptr(rows), ptr(labels), ptr(old), len(labels)), nil
	}
	n := 0
	old = old[:len(labels)]
	for i, l := range labels { // without a branch on which ones do
		rows[n] = int32(i)
		if l != old[i] {
			n++
		}
	}
	return n, nil
}
