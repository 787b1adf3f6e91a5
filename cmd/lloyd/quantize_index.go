package main

import (
	"maps"
	"slices"
)

// colorIndex holds a number for each color of an image: the pixels of that color
// at first, its place in the palette later. It has a table of all opaque colors,
// 64 MiB.
type colorIndex struct {
	solid []uint32          // by red, green and blue
	clear map[uint32]uint32 // by packed color, of those that are not opaque
}

// count counts the pixels of each color.
func (x *colorIndex) count(p pixels) {
	x.solid, x.clear = make([]uint32, 1<<24), map[uint32]uint32{}
	for _, c := range p.packed {
		if c >= opaque {
			x.solid[c&^uint32(opaque)]++
		} else {
			x.clear[c]++
		}
	}
}

// distinct returns the colors that have pixels, and how many: the opaque ones in
// the order of their packed values, then the others.
func (x *colorIndex) distinct() (packed []uint32, pixels []float64) {
	for c, n := range x.solid {
		if n > 0 {
			packed, pixels = append(packed, uint32(c)|opaque), append(pixels, float64(n))
		}
	}
	for _, c := range slices.Sorted(maps.Keys(x.clear)) {
		packed, pixels = append(packed, c), append(pixels, float64(x.clear[c]))
	}
	return packed, pixels
}

func (x *colorIndex) set(c, number uint32) {
	if c >= opaque {
		x.solid[c&^uint32(opaque)] = number
	} else {
		x.clear[c] = number
	}
}

// at returns the number of a color. It may be called by several goroutines while
// none sets.
func (x *colorIndex) at(c uint32) uint32 {
	if c >= opaque {
		return x.solid[c&^uint32(opaque)]
	}
	return x.clear[c]
}
