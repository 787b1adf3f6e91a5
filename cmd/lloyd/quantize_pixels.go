package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/gif"
	_ "image/jpeg"
	"io"
	"os"
	"runtime"
	"sync"
)

// mostPixels bounds an image; a quarter of a billion.
const mostPixels = 1 << 28

// mostRatio is more pixels than a byte of any of the formats can stand for: of a PNG of
// one bit a pixel, compressed as far as deflate goes.
const mostRatio = 8 * 1032

// pixels is an image as quantize works on it: a packed color a pixel, line by
// line, red in the lowest byte, then green, blue and alpha, not premultiplied;
// 0 for all that is fully transparent.
type pixels struct {
	width, height int
	packed        []uint32
}

const opaque = 0xff << 24 // the alpha of a packed color

func pack(r, g, b, a uint8) uint32 {
	if a == 0 {
		return 0
	}
	return uint32(r) | uint32(g)<<8 | uint32(b)<<16 | uint32(a)<<24
}

func unpack(c uint32) color.NRGBA {
	return color.NRGBA{R: uint8(c), G: uint8(c >> 8), B: uint8(c >> 16), A: uint8(c >> 24)}
}

// readPixels reads an image from a file or standard input.
func readPixels(ctx context.Context, path string, stdin io.Reader, threads int) (pixels, error) {
	var read pixels
	err := orDone(ctx, func() error {
		p, err := decodePixels(path, stdin, threads)
		if err != nil {
			return fmt.Errorf("%s: %w", nameOf(path), err)
		}
		read = p
		return nil
	})
	if err != nil {
		return pixels{}, err // read may still be set
	}
	return read, nil
}

func decodePixels(path string, stdin io.Reader, threads int) (pixels, error) {
	from := stdin
	if path != standardInput {
		f, err := os.Open(path)
		if err != nil {
			return pixels{}, plainPathError(err)
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return pixels{}, errors.New("that is a folder; an image file was expected")
		}
		from = f
	}
	content, err := io.ReadAll(bufio.NewReaderSize(from, 1<<20))
	if err != nil {
		return pixels{}, plainPathError(err)
	}
	size, kind, err := image.DecodeConfig(bytes.NewReader(content))
	switch {
	case errors.Is(err, image.ErrFormat):
		return pixels{}, errors.New("that is no PNG, JPEG or GIF image; convert it first")
	case err != nil:
		return pixels{}, fmt.Errorf("the image is broken (%v); copy or write it anew", err)
	case size.Width < 1 || size.Height < 1 || size.Width > mostPixels/size.Height:
		return pixels{}, fmt.Errorf("the image claims %d×%d pixels; 1 to %d were expected", size.Width, size.Height, mostPixels)
	case size.Width*size.Height > len(content)*mostRatio:
		return pixels{}, fmt.Errorf("the image claims %d×%d pixels, more than %d bytes can hold; it is cut short: copy it anew", size.Width, size.Height, len(content))
	}
	img, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		return pixels{}, fmt.Errorf("the image is broken (%v); copy or write it anew", err)
	}
	p := packed(img, threads)
	if kind == "jpeg" {
		p = p.turned(orientation(content))
	}
	return p, nil
}

// plainPathError is an error of the file system without the path, which is said
// beside it.
func plainPathError(err error) error {
	if at := (*os.PathError)(nil); errors.As(err, &at) {
		return fmt.Errorf("it cannot be read: %w", at.Err)
	}
	return err
}

// packed takes the colors out of an image.
func packed(img image.Image, threads int) pixels {
	b := img.Bounds()
	p := pixels{width: b.Dx(), height: b.Dy(), packed: make([]uint32, b.Dx()*b.Dy())}
	p.lines(threads, func(y int, line []uint32) {
		switch img := img.(type) { // the usual ones, fast
		case *image.YCbCr:
			for x := range line {
				at := img.YCbCrAt(b.Min.X+x, b.Min.Y+y)
				r, g, b := color.YCbCrToRGB(at.Y, at.Cb, at.Cr)
				line[x] = pack(r, g, b, 0xff)
			}
		case *image.NRGBA:
			from := img.Pix[y*img.Stride:]
			for x := range line {
				v := from[4*x : 4*x+4 : 4*x+4]
				line[x] = pack(v[0], v[1], v[2], v[3])
			}
		case *image.Gray:
			for x, v := range img.Pix[y*img.Stride:][:len(line)] {
				line[x] = pack(v, v, v, 0xff)
			}
		default:
			for x := range line {
				c := color.NRGBAModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.NRGBA)
				line[x] = pack(c.R, c.G, c.B, c.A)
			}
		}
	})
	return p
}

// lines calls f for each line, on threads that share them.
func (p pixels) lines(threads int, f func(y int, line []uint32)) {
	var group sync.WaitGroup
	for t := range min(threads, p.height) {
		group.Go(func() {
			for y := p.height * t / min(threads, p.height); y < p.height*(t+1)/min(threads, p.height); y++ {
				f(y, p.packed[y*p.width:][:p.width])
			}
		})
	}
	group.Wait()
}

// image is the pixels as the standard library has them.
func (p pixels) image() *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, p.width, p.height))
	for i, c := range p.packed {
		v := unpack(c)
		img.Pix[4*i], img.Pix[4*i+1], img.Pix[4*i+2], img.Pix[4*i+3] = v.R, v.G, v.B, v.A
	}
	return img
}

// orAll is the number of threads, all CPUs if none was given.
func (c count) orAll() int {
	if c == 0 {
		return runtime.GOMAXPROCS(0)
	}
	return int(c)
}
