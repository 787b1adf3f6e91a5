package main

import "slices"

// order returns the order in which n take their turn number turn: it begins one
// further each time and goes backwards every other time, so that none always
// follows the same one.
func order(n, turn int) []int {
	o := make([]int, n)
	for i := range o {
		o[i] = (i + turn) % n
	}
	if turn%2 == 1 {
		slices.Reverse(o)
	}
	return o
}
