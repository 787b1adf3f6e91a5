package main

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

// FuzzPixels: no content of an image file makes the reader panic, and what it reads has
// the pixels that it says, no more than the content can hold.
func FuzzPixels(f *testing.F) {
	img := image.NewPaletted(image.Rect(0, 0, 5, 3), color.Palette{color.Black, color.White, color.Transparent})
	img.SetColorIndex(2, 1, 1)
	for _, encode := range []func(b *bytes.Buffer) error{
		func(b *bytes.Buffer) error { return png.Encode(b, img) },
		func(b *bytes.Buffer) error { return jpeg.Encode(b, img, nil) },
		func(b *bytes.Buffer) error { return gif.Encode(b, img, nil) },
	} {
		var b bytes.Buffer
		if err := encode(&b); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Add([]byte("GIF89a\xff\x7f\xff\x7f\x00\x00\x00")) // a claim of a billion pixels
	f.Fuzz(func(t *testing.T, content []byte) {
		p, err := decodePixels(standardInput, bytes.NewReader(content), 1)
		if err != nil {
			if len(p.packed) != 0 {
				t.Fatalf("%d pixels with the error %v", len(p.packed), err)
			}
			return
		}
		if len(p.packed) != p.width*p.height || len(p.packed) > len(content)*mostRatio {
			t.Fatalf("%d pixels of %d×%d, from %d bytes", len(p.packed), p.width, p.height, len(content))
		}
	})
}
