package figure

import (
	"fmt"
	"image/color"
)

// Theme is the colors of a figure's paper, ink and labels.
type Theme uint8

const (
	// Light is dark ink on white paper, as for print.
	Light Theme = iota
	// Dark is light ink on the near-black #0d1117, for pages of that kind. Colors of
	// labels and shades are others than in Light, so that they stand out there.
	Dark
)

// String returns the theme's name in lower case.
func (t Theme) String() string {
	switch t {
	case Light:
		return "light"
	case Dark:
		return "dark"
	}
	return fmt.Sprintf("Theme(%d)", uint8(t))
}

// inks are the colors of a theme.
type inks struct {
	paper  color.NRGBA
	ink    color.NRGBA // letters and axes
	rule   color.NRGBA // frames
	grid   color.NRGBA
	center color.NRGBA // of clusters, translucent
	accent color.NRGBA // a line that marks something
	wheel  *[10]color.NRGBA
	heat   *[5]color.NRGBA
}

// themes holds the colors of Light and Dark.
var themes = [...]inks{
	Light: {
		paper:  color.NRGBA{R: 0xff, G: 0xff, B: 0xff, A: 0xff},
		ink:    color.NRGBA{R: 0x22, G: 0x22, B: 0x22, A: 0xff},
		rule:   color.NRGBA{R: 0x88, G: 0x88, B: 0x88, A: 0xff},
		grid:   color.NRGBA{R: 0xe4, G: 0xe4, B: 0xe4, A: 0xff},
		center: color.NRGBA{A: 0x80},
		accent: color.NRGBA{R: 0xc0, G: 0x26, B: 0x1a, A: 0xff},
		wheel:  &wheel,
		heat:   &heatStops,
	},
	Dark: {
		paper:  color.NRGBA{R: 0x0d, G: 0x11, B: 0x17, A: 0xff},
		ink:    color.NRGBA{R: 0xe6, G: 0xe8, B: 0xeb, A: 0xff},
		rule:   color.NRGBA{R: 0x76, G: 0x7d, B: 0x86, A: 0xff},
		grid:   color.NRGBA{R: 0x28, G: 0x2e, B: 0x36, A: 0xff},
		center: color.NRGBA{R: 0xff, G: 0xff, B: 0xff, A: 0xa0},
		accent: color.NRGBA{R: 0xff, G: 0x7b, B: 0x6b, A: 0xff},
		wheel:  &darkWheel,
		heat:   &darkHeatStops,
	},
}

// inks returns the colors of a theme; an unknown one was refused before.
func (t Theme) inks() inks { return themes[min(int(t), len(themes)-1)] }
