package figure

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gorgonia.org/tensor"
)

// CenterImages draws centers that are pictures, one cell for each: dark ink
// on white, the larger a value the darker (in the Dark theme light on dark, the
// larger the lighter). Its zero value is ready to use for
// square pictures.
type CenterImages struct {
	// Title stands above the grid. Empty takes no room.
	Title string

	// Captions stand above the pictures, one per center, for example the
	// digit that the cluster holds. Nil draws none.
	Captions []string

	// PixelRows and PixelCols are the height and width of a picture in
	// pixels; their product is D. Zeros mean square pictures; one zero
	// follows from the other.
	PixelRows, PixelCols int

	// Rows and Cols are the grid of cells, filled row by row. Zeros choose:
	// one row for up to 5 centers, 2×5 for 10, in general about 2.5 times as
	// many columns as rows. One zero follows from the other.
	Rows, Cols int

	// Low and High are the values drawn as bare paper and as full ink; values beyond
	// them are cut off. Both zero take the least and greatest value of all
	// centers, so that shades compare between cells.
	Low, High float64

	// OwnScale spreads the shades over each picture's own values instead,
	// which shows faint pictures better. Low and High must then be zero.
	OwnScale bool

	// Width and Height are the size of the figure in inches; the grid is as
	// large as both allow. Zeros follow from the grid, with pictures about an
	// inch large, smaller where many would not fit 12 inches.
	Width, Height float64

	// DPI is the number of pixels per inch of a PNG. Zero means 150.
	DPI int

	// Theme is Light, unless set.
	Theme Theme
}

// gallery is a checked grid of pictures, ready to paint.
type gallery struct {
	CenterImages
	page    page
	centers matrix
	place   tiling
}

// tiling says where the cells are. Lengths are in points.
type tiling struct {
	pixel       vg.Length // the side of one picture pixel
	width       vg.Length // of a picture
	height      vg.Length
	gap         vg.Length // between cells
	caption     vg.Length // room above a picture, 0 without captions
	letters     vg.Length // letter size of the captions
	left, upper vg.Length // upper left corner of the grid
}

// Draw draws the centers (K×D, float32 or float64, any memory order), row k
// in cell k, its D values being the picture's pixels row by row from the
// upper left. Nothing passed in is changed or kept.
//
// It returns ErrShape when centers is not 2-D or D is not the number of
// pixels (for zero PixelRows and PixelCols: not a square number), ErrDtype
// and ErrLayout for tensors that cannot be read, ErrValue for NaN or
// infinite values and a wrong Low or High, ErrNames when Captions is neither
// nil nor K long, and ErrSize for a grid with too few cells, negative
// numbers, or an impossible page or resolution.
func (s CenterImages) Draw(centers *tensor.Dense) (*Figure, error) {
	s.Captions = slices.Clone(s.Captions)
	g := &gallery{CenterImages: s}
	var err error
	if g.centers, err = readMatrix("centers", centers); err != nil {
		return nil, err
	}
	if err := g.checkPixels(); err != nil {
		return nil, err
	}
	if err := g.checkGrid(); err != nil {
		return nil, err
	}
	if err := g.checkScale(); err != nil {
		return nil, err
	}
	if s.Captions != nil && len(s.Captions) != g.centers.rows {
		return nil, fmt.Errorf("%w: %d captions for %d centers, expected one each; pass nil to draw none", ErrNames, len(s.Captions), g.centers.rows)
	}
	if err := g.arrange(); err != nil {
		return nil, err
	}
	return &Figure{page: g.page, draw: g.paint}, nil
}

// checkPixels settles PixelRows and PixelCols.
func (g *gallery) checkPixels() error {
	d := g.centers.cols
	if g.PixelRows < 0 || g.PixelCols < 0 {
		return fmt.Errorf("%w: pictures of %d×%d pixels, expected 0 (choose) or more", ErrSize, g.PixelRows, g.PixelCols)
	}
	switch {
	case g.PixelRows == 0 && g.PixelCols == 0:
		side := int(math.Sqrt(float64(d)) + 0.5)
		if side*side != d {
			return fmt.Errorf("%w: centers have %d columns, which is no square number; set PixelRows and PixelCols", ErrShape, d)
		}
		g.PixelRows, g.PixelCols = side, side
	case g.PixelCols == 0:
		g.PixelCols = d / g.PixelRows
	case g.PixelRows == 0:
		g.PixelRows = d / g.PixelCols
	}
	if g.PixelRows == 0 || g.PixelCols == 0 || d%g.PixelRows != 0 || d/g.PixelRows != g.PixelCols {
		return fmt.Errorf("%w: centers have %d columns, expected PixelRows·PixelCols = %d·%d of them; set the two to the size of the pictures", ErrShape, d, g.CenterImages.PixelRows, g.CenterImages.PixelCols)
	}
	return nil
}

// checkGrid settles Rows and Cols.
func (g *gallery) checkGrid() error {
	k := g.centers.rows
	if g.Rows < 0 || g.Cols < 0 {
		return fmt.Errorf("%w: a grid of %d×%d cells, expected 0 (choose) or more", ErrSize, g.Rows, g.Cols)
	}
	over := func(cells, by int) int { return (cells-1)/by + 1 }
	switch {
	case g.Rows == 0 && g.Cols == 0:
		g.Cols = k
		if k > 5 {
			g.Rows = over(k, int(math.Ceil(math.Sqrt(2.5*float64(k)))))
			g.Cols = over(k, g.Rows)
		}
		g.Rows = over(k, g.Cols)
	case g.Cols == 0:
		g.Cols = over(k, g.Rows)
	case g.Rows == 0:
		g.Rows = over(k, g.Cols)
	}
	if g.Rows < over(k, g.Cols) {
		return fmt.Errorf("%w: a grid of %d×%d cells for %d centers, expected at least as many cells; set Rows or Cols to 0 to let it follow", ErrSize, g.Rows, g.Cols, k)
	}
	// Cells that stay empty are not worth more than a page.
	if g.Rows > 10*k+10 || g.Cols > 10*k+10 {
		return fmt.Errorf("%w: a grid of %d×%d cells for %d centers, expected at most %d rows and columns; make it smaller", ErrSize, g.Rows, g.Cols, k, 10*k+10)
	}
	return nil
}

// checkScale settles Low and High.
func (g *gallery) checkScale() error {
	for _, v := range []float64{g.Low, g.High} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%w: the scale goes from Low = %v to High = %v, expected finite numbers", ErrValue, g.Low, g.High)
		}
	}
	if g.Low == 0 && g.High == 0 {
		if !g.OwnScale {
			g.Low, g.High = bounds(g.centers.values)
		}
		return nil
	}
	if g.OwnScale {
		return fmt.Errorf("%w: OwnScale together with Low = %v and High = %v, expected one or the other; set both to 0", ErrValue, g.Low, g.High)
	}
	if g.Low >= g.High {
		return fmt.Errorf("%w: the scale goes from Low = %v to High = %v, expected Low below High; values below Low are bare paper, above High full ink", ErrValue, g.Low, g.High)
	}
	return nil
}

const (
	pictureSize = 72 * vg.Length(1) // the usual longer side of a picture, points
	widestPage  = 12 * vg.Inch      // of a page whose size is ours to choose
	gapShare    = 0.1               // the gap between cells, over a picture's width
)

// arrange settles the page and the place of the cells.
func (g *gallery) arrange() error {
	p, err := asked(g.Width, g.Height, g.DPI, g.Theme)
	if err != nil {
		return err
	}
	across, down := vg.Length(g.PixelCols), vg.Length(g.PixelRows)
	cols, rows := vg.Length(g.Cols), vg.Length(g.Rows)
	// Everything in proportion to the side of a picture's pixel: the grid is
	// unitsX pixels wide and unitsY high.
	gap := gapShare * across
	caption := vg.Length(0)
	if g.Captions != nil {
		caption = 0.24 * max(across, 0.6*down)
	}
	unitsX := cols*across + (cols-1)*gap
	unitsY := rows*(down+caption) + (rows-1)*gap
	frame := 2 * margin
	if g.Title != "" {
		frame += titleHeight
	}

	pixel := pictureSize / max(across, down)
	if p.width == 0 && p.height == 0 {
		pixel = min(pixel, (widestPage-2*margin)/unitsX, (widestPage-frame)/unitsY)
	} else {
		pixel = vg.Length(math.Inf(1))
		if p.width > 0 {
			pixel = (p.width - 2*margin) / unitsX
		}
		if p.height > 0 {
			pixel = min(pixel, (p.height-frame)/unitsY)
		}
	}
	if pixel*min(across, down) < 1 {
		return fmt.Errorf("%w: %d×%d cells of %d×%d pixels do not fit the page, expected room for a point (1/72 inch) per picture; make Width and Height larger or leave them 0", ErrSize, g.Rows, g.Cols, g.PixelRows, g.PixelCols)
	}
	pixel = p.floored(pixel)
	t := tiling{pixel: pixel, width: across * pixel, height: down * pixel, gap: gap * pixel, caption: caption * pixel}
	t.letters = min(12, 0.72*t.caption)
	if p.width == 0 {
		p.width = unitsX*pixel + 2*margin
	}
	if p.height == 0 {
		p.height = unitsY*pixel + frame
	}
	if p, err = p.checked(); err != nil {
		return err
	}
	t.left = (p.width - unitsX*pixel) / 2
	t.upper = p.height - frame + margin - (p.height-frame-unitsY*pixel)/2
	g.page, g.place = p, t
	return nil
}

// cell returns the rectangle of picture k and its raster alignment.
func (g *gallery) cell(k int) vg.Rectangle {
	t := g.place
	row, col := vg.Length(k/g.Cols), vg.Length(k%g.Cols)
	x := t.left + col*(t.width+t.gap)
	y := t.upper - (row+1)*(t.height+t.caption) - row*t.gap
	return box(g.page.snapped(x), g.page.snapped(y), t.width, t.height)
}

func (g *gallery) paint(c draw.Canvas) {
	letters(g.Title, titleSize).within(c.Size().X-2*margin).draw(c, g.page.inks.ink, c.Center().X, g.place.upper+titleHeight-titleSize/2, -0.5)
	for k := range g.centers.rows {
		cell := g.cell(k)
		g.picture(c, cell, g.centers.values[k*g.centers.cols:(k+1)*g.centers.cols])
		c.SetLineStyle(draw.LineStyle{Color: g.page.inks.rule, Width: 0.5})
		c.Stroke(cell.Path())
		if g.Captions != nil {
			letters(g.Captions[k], g.place.letters).within(g.place.width).draw(c, g.page.inks.ink, (cell.Min.X+cell.Max.X)/2, cell.Max.Y+0.42*g.place.caption, -0.5)
		}
	}
}

// picture paints the pixels of a center, neighbours of one shade in a row at
// once.
func (g *gallery) picture(c draw.Canvas, cell vg.Rectangle, values []float64) {
	low, high := g.Low, g.High
	if g.OwnScale {
		low, high = bounds(values)
	}
	side := g.place.pixel
	for row := range g.PixelRows {
		shade := func(col int) color.NRGBA { return g.page.inks.shade(share(values[row*g.PixelCols+col], low, high)) }
		for from := 0; from < g.PixelCols; {
			to := from + 1
			for to < g.PixelCols && shade(to) == shade(from) {
				to++
			}
			run := box(cell.Min.X+vg.Length(from)*side, cell.Max.Y-vg.Length(row+1)*side, vg.Length(to-from)*side, side)
			if to < g.PixelCols {
				run.Max.X += lap(side)
			}
			if row+1 < g.PixelRows {
				run.Min.Y -= lap(side)
			}
			c.SetColor(shade(from))
			c.Fill(run.Path())
			from = to
		}
	}
}

// share returns how far v lies from low to high, 0 where the two are the
// same. It does not overflow.
func share(v, low, high float64) float64 {
	if high <= low {
		return 0
	}
	return (v/2 - low/2) / (high/2 - low/2)
}
