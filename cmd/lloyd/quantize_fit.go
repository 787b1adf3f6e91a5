package main

import (
	"cmp"
	"context"
	"image"
	"image/color"
	"image/draw"
	"math"
	"slices"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

const (
	mostPaletted = 256
	// coarse is the number of distinct colors from which a fit of coarser ones
	// finds the initial centers.
	coarse = 1 << 14
	// coarseBits is what a channel keeps there.
	coarseBits = 6
)

// quantization is the result of quantize.
type quantization struct {
	Width    int      `json:"width"`
	Height   int      `json:"height"`
	Distinct int      `json:"distinct"` // colors of the image
	Palette  []string `json:"palette"`
	Counts   []int64  `json:"counts"`  // pixels of each
	Inertia  number   `json:"inertia"` // Σ over the pixels of the squared distance to their color
	Error    number   `json:"error"`   // its root mean square a channel
	Seconds  struct {
		Read    float64 `json:"read"`
		Cluster float64 `json:"cluster"`
		Write   float64 `json:"write"`
	} `json:"seconds"`

	name    string
	asked   int // K
	written []string
	colors  []color.NRGBA // the palette
	index   colorIndex    // place in the palette by color
}

// fit finds the palette and which of its colors each color of the image gets.
func (q *quantization) fit(ctx context.Context, p pixels, f *quantizeFlags, observer func(cluster.Iteration)) error {
	q.Width, q.Height, q.asked = p.width, p.height, int(f.k)
	q.index.count(p)
	packed, weights := q.index.distinct()
	q.Distinct = len(packed)

	labels, counts := make([]int32, len(packed)), make([]int64, 0, q.asked)
	channels := 3
	if len(q.index.clear) > 0 {
		channels = 4
	}
	if len(packed) <= q.asked {
		for i, c := range packed {
			labels[i], counts = int32(i), append(counts, int64(weights[i]))
			q.colors = append(q.colors, unpack(c))
		}
	} else {
		x := vectors(packed, channels)
		km := cluster.KMeans{K: q.asked, Seed: f.seed, Threads: int(f.threads), Observer: observer}
		if err := seedCoarsely(ctx, &km, x, weights); err != nil {
			return err
		}
		m, err := km.FitWeighted(ctx, x, weights)
		if err != nil {
			return err
		}
		labels, counts = m.Labels, make([]int64, q.asked)
		for i, l := range labels {
			counts[l] += int64(weights[i])
		}
		q.colors = colorsOf(m.Centers)
		q.Inertia = number(m.Inertia)
		q.Error = number(math.Sqrt(m.Inertia / float64(channels*len(p.packed))))
	}
	q.order(packed, labels, counts)
	return nil
}

// order puts the most frequent color first.
func (q *quantization) order(packed []uint32, labels []int32, counts []int64) {
	order := make([]int, len(counts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(counts[b], counts[a]) })
	place := make([]uint32, len(order))
	colors := q.colors
	q.colors = nil
	for i, k := range order {
		place[k] = uint32(i)
		q.colors = append(q.colors, colors[k])
		q.Palette = append(q.Palette, hex(colors[k]))
		q.Counts = append(q.Counts, counts[k])
	}
	for i, c := range packed {
		q.index.set(c, place[labels[i]])
	}
}

// seedCoarsely gives km initial centers of a fit to coarser colors: the means of
// those that agree in the first bits of each channel. There are so few of them
// that several runs, and a refinement of the best, take less time than one run of
// all; and what is best for them is close to what is best for all.
func seedCoarsely(ctx context.Context, km *cluster.KMeans, x *tensor.Dense, weights []float64) error {
	km.Tol = 1e-5 // a tenth of the usual: centers creep for long
	first := *km
	first.Refine, first.Observer = 5, nil
	if km.K <= 64 {
		first.Restarts, first.Refine, first.Tol = 4, 12, 1e-6
	}
	if len(weights) <= coarse {
		first.Observer = km.Observer
		*km = first
		return nil
	}
	means, sums := cells(x, weights)
	if len(sums) < 4*km.K {
		return nil
	}
	m, err := first.FitWeighted(ctx, means, sums)
	if err != nil {
		return err
	}
	km.Init = cluster.Given{Centers: m.Centers}
	return nil
}

// cells are the weighted means of colors that share a cell of the grid of coarse
// colors, and their weights.
func cells(x *tensor.Dense, weights []float64) (*tensor.Dense, []float64) {
	d := x.Shape()[1]
	values := x.Data().([]float32)
	at := make(map[uint32]int)
	var sums, totals []float64
	for i, w := range weights {
		row := values[i*d : (i+1)*d]
		var key uint32
		for _, v := range row {
			key = key<<coarseBits | uint32(v)>>(8-coarseBits)
		}
		c, there := at[key]
		if !there {
			c = len(totals)
			at[key] = c
			totals, sums = append(totals, 0), append(sums, make([]float64, d)...)
		}
		totals[c] += w
		for j, v := range row {
			sums[c*d+j] += w * float64(v)
		}
	}
	means := make([]float32, len(sums))
	for i, s := range sums {
		means[i] = float32(s / totals[i/d])
	}
	return tensor.New(tensor.WithShape(len(totals), d), tensor.WithBacking(means)), totals
}

// vectors are colors as rows of red, green and blue, or with 4 channels of these
// times the opacity, and the opacity.
func vectors(packed []uint32, channels int) *tensor.Dense {
	rows := make([]float32, 0, channels*len(packed))
	for _, p := range packed {
		c := unpack(p)
		if channels == 3 {
			rows = append(rows, float32(c.R), float32(c.G), float32(c.B))
			continue
		}
		share := float32(c.A) / 255
		rows = append(rows, share*float32(c.R), share*float32(c.G), share*float32(c.B), float32(c.A))
	}
	return tensor.New(tensor.WithShape(len(packed), channels), tensor.WithBacking(rows))
}

// colorsOf are the centers of vectors as colors.
func colorsOf(centers *tensor.Dense) []color.NRGBA {
	d := centers.Shape()[1]
	values := centers.Data().([]float32)
	whole := func(v float32) uint8 { return uint8(math.Round(float64(min(max(v, 0), 255)))) }
	var colors []color.NRGBA
	for k := 0; k < len(values); k += d {
		c := color.NRGBA{A: 0xff}
		share := float32(1)
		if d == 4 {
			if c.A = whole(values[k+3]); c.A == 0 {
				colors = append(colors, color.NRGBA{})
				continue
			}
			share = values[k+3] / 255
		}
		c.R, c.G, c.B = whole(values[k]/share), whole(values[k+1]/share), whole(values[k+2]/share)
		colors = append(colors, c)
	}
	return colors
}

// paint is the image in the colors of the palette.
func (q *quantization) paint(p pixels, f *quantizeFlags) image.Image {
	frame := image.Rect(0, 0, p.width, p.height)
	if len(q.colors) > mostPaletted {
		img := image.NewNRGBA(frame)
		p.lines(f.threads.orAll(), func(y int, line []uint32) {
			for x, c := range line {
				img.SetNRGBA(x, y, q.colors[q.index.at(c)])
			}
		})
		return img
	}
	palette := make(color.Palette, len(q.colors))
	for i, c := range q.colors {
		palette[i] = c
	}
	img := image.NewPaletted(frame, palette)
	if f.dither {
		draw.FloydSteinberg.Draw(img, frame, p.image(), image.Point{})
		return img
	}
	p.lines(f.threads.orAll(), func(y int, line []uint32) {
		to := img.Pix[y*img.Stride:]
		for x, c := range line {
			to[x] = uint8(q.index.at(c))
		}
	})
	return img
}
