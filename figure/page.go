package figure

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/vg"
)

const (
	defaultDPI  = 150
	maxDPI      = 2400
	maxInches   = 200
	maxPixels   = 200_000_000
	margin      = 10 * vg.Length(1) // white rim around a figure, points
	titleSize   = 14 * vg.Length(1) // letter sizes, points
	labelSize   = 12 * vg.Length(1)
	tickSize    = 10 * vg.Length(1)
	titleHeight = titleSize + 8*vg.Length(1) // a title and the gap below it
)

// page is the paper of a figure.
type page struct {
	width, height vg.Length // points
	dpi           int
	inks          inks
}

// asked checks the theme and the size fields of a configuration, in inches and
// dots per inch. Zero stands for "choose one" and stays zero, except for dpi.
func asked(width, height float64, dpi int, theme Theme) (page, error) {
	for _, side := range []struct {
		name   string
		inches float64
	}{{"Width", width}, {"Height", height}} {
		if !(side.inches >= 0 && side.inches <= maxInches) {
			return page{}, fmt.Errorf("%w: %s is %v inches, expected 0 (choose one) up to %d", ErrSize, side.name, side.inches, maxInches)
		}
	}
	if dpi < 0 || dpi > maxDPI {
		return page{}, fmt.Errorf("%w: DPI is %d, expected 0 (meaning %d) up to %d", ErrSize, dpi, defaultDPI, maxDPI)
	}
	if dpi == 0 {
		dpi = defaultDPI
	}
	if int(theme) >= len(themes) {
		return page{}, fmt.Errorf("%w: Theme is %d, expected Light (%d) or Dark (%d)", ErrTheme, theme, Light, Dark)
	}
	return page{width: vg.Length(width) * vg.Inch, height: vg.Length(height) * vg.Inch, dpi: dpi, inks: themes[theme]}, nil
}

// checked returns the page when both of its sides are known and the picture
// is of a sane size.
func (p page) checked() (page, error) {
	w, h := p.pixels()
	if w < 1 || h < 1 || w > maxPixels/h {
		return page{}, fmt.Errorf("%w: the picture would be %d×%d pixels, expected 1 up to %d in all; change Width, Height or DPI", ErrSize, w, h, maxPixels)
	}
	return p, nil
}

// pixels returns the size of the page as a raster picture.
func (p page) pixels() (width, height int) {
	dots := func(l vg.Length) int { return int(float64(l/vg.Inch)*float64(p.dpi) + 0.5) }
	return dots(p.width), dots(p.height)
}

// snapped rounds a position to the raster's grid, so that straight edges come
// out sharp.
func (p page) snapped(l vg.Length) vg.Length {
	return vg.Length(math.Round(float64(l)*float64(p.dpi)/72)) * 72 / vg.Length(p.dpi)
}

// floored rounds a length down to whole raster dots, or leaves it alone if
// nothing would remain of it.
func (p page) floored(l vg.Length) vg.Length {
	dots := math.Floor(float64(l)*float64(p.dpi)/72 + 1e-9)
	if dots < 1 {
		return l
	}
	return vg.Length(dots) * 72 / vg.Length(p.dpi)
}

// box is the rectangle with its lower left corner at (x, y).
func box(x, y, width, height vg.Length) vg.Rectangle {
	return vg.Rectangle{Min: vg.Point{X: x, Y: y}, Max: vg.Point{X: x + width, Y: y + height}}
}

// lap is how far a tile reaches under its right and lower neighbours, which
// are painted after it, so that no white seams show in an SVG where edges fall
// between two dots of the screen.
func lap(side vg.Length) vg.Length { return min(side/2, 0.5) }
