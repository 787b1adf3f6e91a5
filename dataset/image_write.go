package dataset

import (
	"image"
	"image/png"
	"io"
	"math"

	"gorgonia.org/tensor"
)

// WritePNG writes the pixels x (N×3, float32 or float64, any layout; red, green
// and blue from 0 to 255, as [ReadImage] gives them) as a PNG image of the
// given width. Numbers are rounded to whole ones. Being lossless, it writes no
// other color than those of x; JPEG would.
//
// Errors wrap [ErrShape] if x has not three columns or its rows do not fill
// lines of that width, [ErrDtype] for x or a number that is not from 0 to 255,
// and the error of w.
func WritePNG(w io.Writer, x *tensor.Dense, width int) error {
	m, err := matrixOf(x)
	if err != nil {
		return err
	}
	if w == nil {
		return failure(ErrConfig, "the writer is nil")
	}
	if m.cols != 3 || width < 1 || m.rows%width != 0 || m.rows > mostPixels {
		return failure(ErrShape, "the pixels have shape (%d, %d) and the image the width %d; three columns were expected, and rows for whole lines, at most %d", m.rows, m.cols, width, mostPixels)
	}
	img := image.NewNRGBA(image.Rect(0, 0, width, m.rows/width))
	if m.f32 != nil {
		err = fillPixels(img.Pix, m, m.f32)
	} else {
		err = fillPixels(img.Pix, m, m.f64)
	}
	if err != nil {
		return err
	}
	if err := png.Encode(w, img); err != nil {
		return streamError("writing", err)
	}
	return nil
}

func fillPixels[T float](pix []uint8, m matrix, data []T) error {
	var rgb [3]T
	for i := range m.rows {
		gather(m, data, rgb[:], i)
		for j, v := range rgb {
			whole := math.RoundToEven(float64(v))
			if !(whole >= 0 && whole <= math.MaxUint8) {
				return failure(ErrDtype, "row %d, column %d (from 0) holds %g; a color from 0 to 255 was expected: scale the colors", i, j, float64(v))
			}
			pix[4*i+j] = uint8(whole)
		}
		pix[4*i+3] = math.MaxUint8
	}
	return nil
}
