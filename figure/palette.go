package figure

import (
	"image/color"
	"math"
)

// wheel holds the colors of the first ten labels. They were searched for so
// that every two stay apart for normal sight as well as under full
// protanopia, deuteranopia and tritanopia, and stand out from white paper;
// the tests measure that.
var wheel = [...]color.NRGBA{
	{R: 0x1e, G: 0x8f, B: 0xfe, A: 0xff}, // azure
	{R: 0xb4, G: 0x8a, B: 0x00, A: 0xff}, // ochre
	{R: 0x68, G: 0x00, B: 0x40, A: 0xff}, // wine
	{R: 0xff, G: 0x92, B: 0x9e, A: 0xff}, // pink
	{R: 0x04, G: 0x22, B: 0x97, A: 0xff}, // navy
	{R: 0xc9, G: 0xd7, B: 0x00, A: 0xff}, // lime
	{R: 0xb2, G: 0x4a, B: 0x72, A: 0xff}, // rose
	{R: 0x00, G: 0xd0, B: 0xff, A: 0xff}, // cyan
	{R: 0x6e, G: 0x47, B: 0x00, A: 0xff}, // brown
	{R: 0x5e, G: 0x4b, B: 0xcb, A: 0xff}, // violet
}

// darkWheel holds those for dark paper, searched for in the same way.
var darkWheel = [...]color.NRGBA{
	{R: 0x2d, G: 0xf7, B: 0xff, A: 0xff}, // cyan
	{R: 0xaa, G: 0x1f, B: 0xfe, A: 0xff}, // violet
	{R: 0xf1, G: 0xc6, B: 0x40, A: 0xff}, // amber
	{R: 0x0e, G: 0x93, B: 0x7d, A: 0xff}, // teal
	{R: 0xc0, G: 0xa8, B: 0xff, A: 0xff}, // lavender
	{R: 0xb4, G: 0x76, B: 0x19, A: 0xff}, // ochre
	{R: 0xff, G: 0x39, B: 0xba, A: 0xff}, // magenta
	{R: 0xf6, G: 0xfd, B: 0x27, A: 0xff}, // lemon
	{R: 0xe4, G: 0x95, B: 0x50, A: 0xff}, // apricot
	{R: 0x3e, G: 0xd7, B: 0xb9, A: 0xff}, // mint
}

// LabelColor returns the color in which figures of the Light theme draw a label,
// opaque 8-bit RGB. Labels 0 to 9 have ten colors that stay apart for color-blind
// readers too. Labels 10 to 19 have the same ten darkened, 20 to 29
// lightened; from 30 on the thirty repeat. The shape of the mark changes with
// every ten labels as well (circle, square, triangle, diamond, triangle
// upside down), so 150 labels have a look of their own. A negative label has
// the color of label 0.
func LabelColor(label int32) color.NRGBA { return Light.LabelColor(label) }

// LabelColor returns the color in which figures of a theme draw a label, by the
// rules of the function of that name.
func (t Theme) LabelColor(label int32) color.NRGBA { return t.inks().label(label) }

// label returns the color of a label.
func (k inks) label(label int32) color.NRGBA {
	label = max(label, 0)
	c := k.wheel[int(label)%len(k.wheel)]
	switch int(label) / len(k.wheel) % 3 {
	case 1:
		return mixed(c, black, 0.40)
	case 2:
		return mixed(c, white, 0.45)
	}
	return c
}

var (
	black = color.NRGBA{A: 0xff}
	white = color.NRGBA{R: 0xff, G: 0xff, B: 0xff, A: 0xff}
)

// mixed blends a share of b into a, channel by channel.
func mixed(a, b color.NRGBA, share float64) color.NRGBA {
	blend := func(x, y uint8) uint8 {
		return uint8(math.Round(float64(x)*(1-share) + float64(y)*share))
	}
	return color.NRGBA{R: blend(a.R, b.R), G: blend(a.G, b.G), B: blend(a.B, b.B), A: 0xff}
}

// shade is the scale of the center images: 0 is paper, 1 full ink, black on white
// paper and white on dark.
func (k inks) shade(share float64) color.NRGBA {
	return mixed(k.paper, readable(k.paper), clamped(share))
}

// heatStops are equally spaced colors from nothing to everything, ever
// darker, so that the scale reads in grey print too.
var heatStops = [...]color.NRGBA{
	{R: 0xf5, G: 0xf8, B: 0xfc, A: 0xff},
	{R: 0xb9, G: 0xd4, B: 0xec, A: 0xff},
	{R: 0x62, G: 0x9f, B: 0xd0, A: 0xff},
	{R: 0x24, G: 0x62, B: 0xa6, A: 0xff},
	{R: 0x0a, G: 0x29, B: 0x5e, A: 0xff},
}

// darkHeatStops are those of dark paper, ever brighter.
var darkHeatStops = [...]color.NRGBA{
	{R: 0x16, G: 0x1d, B: 0x27, A: 0xff},
	{R: 0x17, G: 0x3d, B: 0x66, A: 0xff},
	{R: 0x2a, G: 0x6c, B: 0xac, A: 0xff},
	{R: 0x70, G: 0xad, B: 0xe0, A: 0xff},
	{R: 0xd9, G: 0xec, B: 0xfb, A: 0xff},
}

// hot is the scale of the confusion matrix.
func (k inks) hot(share float64) color.NRGBA {
	place := clamped(share) * float64(len(k.heat)-1)
	i := min(int(place), len(k.heat)-2)
	return mixed(k.heat[i], k.heat[i+1], place-float64(i))
}

// readable returns black or white ink, whichever stands out more from the
// background (the contrast ratio of WCAG 2, at least 4.5 for every color).
func readable(background color.NRGBA) color.NRGBA {
	if l := luminance(background); (l+0.05)/0.05 >= 1.05/(l+0.05) {
		return black
	}
	return white
}

// luminance is the relative luminance of an sRGB color, 0 to 1.
func luminance(c color.NRGBA) float64 {
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// linear undoes the sRGB curve of one channel.
func linear(channel uint8) float64 {
	v := float64(channel) / 255
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// clamped brings a share into 0…1.
func clamped(share float64) float64 { return min(max(share, 0), 1) }
