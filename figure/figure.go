package figure

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Figure is one finished drawing. The Draw methods of this package make it; it
// keeps its own copy of what it shows, so later changes to tensors and slices
// do not reach it.
//
// Writing a figure again, in either format, gives the same bytes. A Figure
// does not change and may be used by several goroutines at once.
type Figure struct {
	page page
	draw func(draw.Canvas)
}

// Inches returns the width and height of the figure in inches. A nil or zero
// Figure has no size.
func (f *Figure) Inches() (width, height float64) {
	if f == nil {
		return 0, 0
	}
	return float64(f.page.width / vg.Inch), float64(f.page.height / vg.Inch)
}

// Pixels returns the width and height of the figure as a PNG, in pixels. A
// nil or zero Figure has no size.
func (f *Figure) Pixels() (width, height int) {
	if f == nil {
		return 0, 0
	}
	return f.page.pixels()
}

// Image paints the figure: an opaque picture of Pixels size on the paper of its
// theme.
// It returns ErrFigure for a figure that no Draw method made, and ErrRender
// when the drawing library fails.
func (f *Figure) Image() (image.Image, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	var canvas *vgimg.Canvas
	err := f.paint(func() vg.CanvasSizer {
		canvas = vgimg.NewWith(vgimg.UseWH(f.page.width, f.page.height), vgimg.UseDPI(f.page.dpi), vgimg.UseBackgroundColor(f.page.inks.paper))
		return canvas
	})
	if err != nil {
		return nil, err
	}
	return canvas.Image(), nil
}

// WritePNG writes the figure as a PNG of Pixels size. Besides the errors of
// [Figure.Image] it returns ErrFigure for a nil writer, and wraps the
// writer's own error.
func (f *Figure) WritePNG(w io.Writer) error {
	if err := f.checkWriter(w); err != nil {
		return err
	}
	img, err := f.Image()
	if err != nil {
		return err
	}
	if err := png.Encode(w, img); err != nil {
		return fmt.Errorf("figure: writing the PNG: %w", err)
	}
	return nil
}

// WriteSVG writes the figure as an SVG document. Its letters are outlines, so
// that it looks the same everywhere; it cannot be searched for words.
// Besides the errors of [Figure.Image] it returns ErrFigure for a nil writer,
// and wraps the writer's own error.
func (f *Figure) WriteSVG(w io.Writer) error {
	if err := f.checkWriter(w); err != nil {
		return err
	}
	var canvas *vgsvg.Canvas
	err := f.paint(func() vg.CanvasSizer {
		canvas = vgsvg.New(f.page.width, f.page.height)
		return canvas
	})
	if err != nil {
		return err
	}
	var document bytes.Buffer
	if _, err := canvas.WriteTo(&document); err != nil {
		return fmt.Errorf("%w: closing the SVG document: %v", ErrRender, err)
	}
	if _, err := w.Write(document.Bytes()); err != nil {
		return fmt.Errorf("figure: writing the SVG: %w", err)
	}
	return nil
}

// paint draws the figure on a fresh canvas. The drawing library panics where
// it cannot go on; here that becomes an error.
func (f *Figure) paint(fresh func() vg.CanvasSizer) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: the drawing library stopped with %q; please report the data that led here", ErrRender, fmt.Sprint(r))
		}
	}()
	c := draw.New(fresh())
	c.SetColor(f.page.inks.paper)
	c.Fill(c.Rectangle.Path())
	f.draw(c)
	return nil
}

func (f *Figure) check() error {
	if f == nil || f.draw == nil {
		return fmt.Errorf("%w: the figure is empty, expected one made by a Draw method; check that method's error first", ErrFigure)
	}
	return nil
}

func (f *Figure) checkWriter(w io.Writer) error {
	if err := f.check(); err != nil {
		return err
	}
	if w == nil {
		return fmt.Errorf("%w: the writer is nil, expected an open file or buffer", ErrFigure)
	}
	return nil
}
