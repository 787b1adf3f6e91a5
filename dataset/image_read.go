package dataset

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"gorgonia.org/tensor"
)

const (
	pngMagic  = "\x89PNG"
	jpegMagic = "\xff\xd8\xff"
	// mostPixels bounds an image; a quarter of a billion.
	mostPixels = 1 << 28
	// deflateRatio is the most that the compression of PNG can save.
	deflateRatio = 1032
	// jpegRatio is more pixels than a byte of JPEG can stand for: a block of
	// 8×8 takes one bit at least.
	jpegRatio = 8 * 64 * 2
)

// ReadImage reads a PNG or JPEG image as a matrix with one row a pixel, from
// left to right and top to bottom, and three columns red, green and blue, 0 to
// 255 as they are stored (in sRGB, as a rule; 16-bit channels are divided by
// 257). Gray becomes three equal columns; transparency is left out, and so is
// the orientation that a camera notes. Width and Height of the table tell the
// size; [WritePNG] writes pixels back. dt is tensor.Float32, which the zero
// Dtype means too, or tensor.Float64.
//
// Errors wrap [ErrFormat] for content that is no such image or is damaged,
// [ErrShape] for one of more than 2^28 pixels, [ErrDtype] for dt, and the error
// of r.
func ReadImage(r io.Reader, dt tensor.Dtype) (*Table, error) {
	dt, err := checkDtype(dt, tensor.Float32)
	if err != nil {
		return nil, err
	}
	in, err := openImage(r)
	if err != nil {
		return nil, err
	}
	return in.table(dt)
}

// openImage reads the file, which stays compressed until pixels are asked for.
func openImage(r io.Reader) (*input, error) {
	if r == nil {
		return nil, failure(ErrConfig, "the reader is nil")
	}
	content, err := io.ReadAll(r)
	if err != nil {
		return nil, streamError("reading", err)
	}
	p := &imageReader{content: content}
	var size image.Config
	var most int64 // as many units as content can hold
	var claimed func() int64
	switch {
	case bytes.HasPrefix(content, []byte(pngMagic)):
		p.decode, p.name = png.Decode, "PNG"
		size, err = png.DecodeConfig(bytes.NewReader(content))
		most, claimed = int64(len(content))*deflateRatio, func() int64 { return pngBytes(content) }
	case bytes.HasPrefix(content, []byte(jpegMagic)):
		p.decode, p.name = jpeg.Decode, "JPEG"
		size, err = jpeg.DecodeConfig(bytes.NewReader(content))
		most, claimed = int64(len(content))*jpegRatio, func() int64 { return int64(size.Width) * int64(size.Height) }
	default:
		return nil, failure(ErrFormat, "the input starts with %s; a PNG or JPEG image was expected", shorten(string(content[:min(8, len(content))])))
	}
	if err != nil {
		return nil, p.failed(err)
	}
	if size.Width < 1 || size.Height < 1 || size.Width > mostPixels/size.Height {
		return nil, failure(ErrShape, "the %s image claims %d×%d pixels; 1 to %d were expected", p.name, size.Width, size.Height, mostPixels)
	}
	if claimed() > most {
		return nil, failure(ErrFormat, "the %s image claims %d×%d pixels, more than %d bytes can hold; it is cut short: copy it anew", p.name, size.Width, size.Height, len(content))
	}
	p.width, p.height = size.Width, size.Height
	return &input{
		rows: p.width * p.height, cols: 3,
		dtype:    tensor.Float32,
		width:    p.width,
		elements: p,
	}, nil
}

// pngBytes is the length of the pixels that a PNG claims, before compression.
// Its first chunk has been found to be sound.
func pngBytes(content []byte) int64 {
	const size, depth, kind = 16, 24, 25
	channels := map[byte]int64{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[content[kind]]
	width := int64(binary.BigEndian.Uint32(content[size:]))
	height := int64(binary.BigEndian.Uint32(content[size+4:]))
	return height * (1 + (width*channels*int64(content[depth])+7)/8)
}

// imageReader reads the pixels of an image.
type imageReader struct {
	content       []byte
	decode        func(io.Reader) (image.Image, error)
	name          string
	width, height int
	pixel         func(x, y int) [3]float32 // nil until the first is asked for
	at            int                       // element
	rgb           [3]float32
}

func (p *imageReader) failed(err error) error {
	return failure(ErrFormat, "the %s image is broken (%v); copy or write it anew", p.name, err)
}

func (p *imageReader) read32(dst []float32) (int, error) { return readPixels(p, dst) }
func (p *imageReader) read64(dst []float64) (int, error) { return readPixels(p, dst) }

func readPixels[T float](p *imageReader, dst []T) (int, error) {
	if p.pixel == nil {
		img, err := p.decode(bytes.NewReader(p.content))
		if err != nil {
			return 0, p.failed(err)
		}
		if b := img.Bounds(); b.Dx() != p.width || b.Dy() != p.height {
			return 0, failure(ErrFormat, "the %s image has %d×%d pixels and claimed %d×%d; write it anew", p.name, b.Dx(), b.Dy(), p.width, p.height)
		}
		p.pixel, p.content = pixelsOf(img), nil
	}
	for i := range dst {
		pixel, channel := p.at/3, p.at%3
		if channel == 0 {
			p.rgb = p.pixel(pixel%p.width, pixel/p.width)
		}
		dst[i] = T(p.rgb[channel])
		p.at++
	}
	return len(dst), nil
}

// pixelsOf gives the colors of an image, counted from its corner.
func pixelsOf(img image.Image) func(x, y int) [3]float32 {
	corner := img.Bounds().Min
	switch img := img.(type) { // the usual ones, fast
	case *image.NRGBA:
		return func(x, y int) [3]float32 {
			at := y*img.Stride + 4*x
			return rgb8(img.Pix[at], img.Pix[at+1], img.Pix[at+2])
		}
	case *image.RGBA:
		if img.Opaque() {
			return func(x, y int) [3]float32 {
				at := y*img.Stride + 4*x
				return rgb8(img.Pix[at], img.Pix[at+1], img.Pix[at+2])
			}
		}
	case *image.Gray:
		return func(x, y int) [3]float32 {
			v := img.Pix[y*img.Stride+x]
			return rgb8(v, v, v)
		}
	case *image.YCbCr:
		return func(x, y int) [3]float32 {
			c := img.YCbCrAt(corner.X+x, corner.Y+y)
			return rgb8(color.YCbCrToRGB(c.Y, c.Cb, c.Cr))
		}
	}
	return func(x, y int) [3]float32 {
		switch c := img.At(corner.X+x, corner.Y+y).(type) {
		case color.NRGBA: // may be transparent
			return rgb8(c.R, c.G, c.B)
		default:
			wide := color.NRGBA64Model.Convert(c).(color.NRGBA64)
			return [3]float32{float32(wide.R) / 257, float32(wide.G) / 257, float32(wide.B) / 257}
		}
	}
}

func rgb8(r, g, b uint8) [3]float32 { return [3]float32{float32(r), float32(g), float32(b)} }
