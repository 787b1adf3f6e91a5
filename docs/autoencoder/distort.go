package main

import (
	"math"
	"math/rand/v2"
)

const side = 8 // pixels

// distort turns, scales and shifts an image a little, at random: a digit stays what it
// is, and so should its embedding (X. Guo, E. Zhu, X. Liu, J. Yin, Deep Embedded
// Clustering with Data Augmentation, ACML 2018).
func distort(dst, image []float32, r *rand.Rand) {
	random := func(most float64) float64 { return most * (2*r.Float64() - 1) }
	sin, cos := math.Sincos(random(0.25))
	scale, dx, dy := 1+random(0.15), random(1), random(1)
	const center = (side - 1) / 2.
	for y := range side {
		for x := range side {
			u, v := scale*(float64(x)-center), scale*(float64(y)-center)
			dst[y*side+x] = interpolate(image, cos*u-sin*v+center+dx, sin*u+cos*v+center+dy)
		}
	}
}

// interpolate returns the image at a point between its pixels; there is paper around it.
func interpolate(image []float32, x, y float64) float32 {
	left, top := math.Floor(x), math.Floor(y)
	right, down := x-left, y-top
	pixel := func(column, row float64) float64 {
		if column < 0 || column >= side || row < 0 || row >= side {
			return 0
		}
		return float64(image[int(row)*side+int(column)])
	}
	return float32((1-down)*((1-right)*pixel(left, top)+right*pixel(left+1, top)) +
		down*((1-right)*pixel(left, top+1)+right*pixel(left+1, top+1)))
}
