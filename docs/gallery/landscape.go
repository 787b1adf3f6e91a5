package main

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
)

// landscape draws a picture like a photograph: an evening sky with clouds, a sun,
// ranges of hills in haze, a lake that mirrors them, and the noise of a sensor, or a
// share of it.
func landscape(width, height int, grain float64) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	var group sync.WaitGroup
	bands := runtime.GOMAXPROCS(0)
	for band := range bands {
		group.Go(func() {
			for y := height * band / bands; y < height*(band+1)/bands; y++ {
				r := rand.New(rand.NewPCG(1, uint64(y)))
				for x := range width {
					c := scene(float64(x)/float64(width), float64(y)/float64(height))
					noise := func(deviation float64) float64 { return grain * deviation * r.NormFloat64() }
					all := noise(0.02)
					img.SetNRGBA(x, y, c.with(all+noise(0.010), all+noise(0.008), all+noise(0.012)))
				}
			}
		})
	}
	group.Wait()
	return img
}

// light is red, green and blue from 0 to 1.
type light [3]float64

func (l light) mixed(o light, share float64) light {
	share = min(max(share, 0), 1)
	for i := range l {
		l[i] += share * (o[i] - l[i])
	}
	return l
}

func (l light) with(r, g, b float64) color.NRGBA {
	whole := func(v float64) uint8 { return uint8(255*min(max(v, 0), 1) + 0.5) }
	return color.NRGBA{R: whole(l[0] + r), G: whole(l[1] + g), B: whole(l[2] + b), A: 0xff}
}

const shore = 0.68 // where the lake begins

// scene is the light at a place, both sides from 0 to 1, y downwards.
func scene(x, y float64) light {
	if y <= shore {
		return land(x, y)
	}
	depth := (y - shore) / (1 - shore)
	ripple := (clouds(x*3, y*90, 3) - 0.5) * 0.05 * (0.3 + depth)
	mirrored := land(x+ripple, shore-(y-shore)*1.6-math.Abs(ripple))
	return mirrored.mixed(light{0.05, 0.13, 0.20}, 0.25+0.5*depth)
}

func land(x, y float64) light {
	c := sky(x, y)
	for i, hills := range []struct {
		base, relief, scale float64
		color               light
	}{
		{0.50, 0.16, 3.0, light{0.52, 0.47, 0.58}},
		{0.57, 0.13, 4.3, light{0.34, 0.35, 0.46}},
		{0.64, 0.10, 6.1, light{0.16, 0.24, 0.24}},
		{0.70, 0.09, 9.0, light{0.10, 0.20, 0.10}},
	} {
		top := hills.base - hills.relief*(clouds(x*hills.scale, float64(7*i), 6)-0.35)
		if y > top {
			texture := 0.28 * (clouds(x*70, y*70+float64(9*i), 4) - 0.5) * float64(i+1) / 4
			c = hills.color.mixed(light{0.98, 0.72, 0.52}, 0.35*(1-min(1, (y-top)*9))/float64(i+1))
			for j := range c {
				c[j] *= 1 + texture
			}
		}
	}
	return c
}

func sky(x, y float64) light {
	c := light{0.16, 0.28, 0.55}.mixed(light{0.98, 0.74, 0.46}, math.Pow(min(1, max(0, y)/0.55), 1.4))
	sun := math.Hypot(x-0.68, (y-0.40)*0.75)
	c = c.mixed(light{1, 0.93, 0.75}, 0.9*math.Exp(-sun*sun/0.012))
	if sun < 0.03 {
		c = light{1, 0.98, 0.88}
	}
	cover := clouds(x*3.2, y*9+3, 6)
	return c.mixed(light{0.95, 0.58, 0.48}.mixed(light{0.45, 0.42, 0.55}, 1.4-2*y), 2.2*(cover-0.52))
}

// clouds is fractal noise from 0 to 1: smooth noise, plus that of half the size and
// half the height, and so on.
func clouds(x, y float64, octaves int) float64 {
	sum, height, all := 0.0, 1.0, 0.0
	for o := range octaves {
		sum += height * smooth(x, y+float64(131*o))
		all += height
		x, y, height = 2*x, 2*y, height/2
	}
	return sum / all
}

// smooth is noise that is drawn at whole numbers and smooth between them.
func smooth(x, y float64) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	u, v := x-fx, y-fy
	u, v = u*u*(3-2*u), v*v*(3-2*v)
	i, j := int64(fx), int64(fy)
	top := drawn(i, j)*(1-u) + drawn(i+1, j)*u
	bottom := drawn(i, j+1)*(1-u) + drawn(i+1, j+1)*u
	return top*(1-v) + bottom*v
}

// drawn is a number from 0 to 1 that the place determines (SplitMix64).
func drawn(i, j int64) float64 {
	h := uint64(i)*0x9e3779b97f4a7c15 + uint64(j)*0xd1b54a32d192ed03
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return float64((h^h>>31)>>11) / (1 << 53)
}
