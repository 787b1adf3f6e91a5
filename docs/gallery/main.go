// Gallery draws the pictures of docs/gallery: each kind of figure on light and on
// dark paper, and a picture in few colors.
//
//	go run ./docs/gallery
//
// With -photo it writes one large picture like a photograph instead, 4000×3000 in
// full color, for measurements:
//
//	go run ./docs/gallery -photo photo.jpg
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"

	"github.com/seed-fbf9ce71/lloyd/dataset"
	"github.com/seed-fbf9ce71/lloyd/figure"
)

const folder = "docs/gallery"

func main() {
	photo := flag.String("photo", "", "write a picture like a photograph to `FILE` (.png, .jpg) and nothing else")
	flag.Parse()
	var err error
	if *photo != "" {
		err = save(*photo, landscape(4000, 3000, 1))
	} else {
		err = errors.Join(figures(context.Background()), quantized(context.Background()))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gallery:", err)
		os.Exit(1)
	}
}

// save writes an image as a JPEG or a PNG, by the ending of its name.
func save(path string, img image.Image) error {
	return dataset.WriteAtomic(path, func(w io.Writer) error {
		switch filepath.Ext(path) {
		case ".jpg", ".jpeg":
			return jpeg.Encode(w, img, &jpeg.Options{Quality: 92})
		case ".png":
			return (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(w, img)
		}
		return fmt.Errorf("%q: a name that ends in .png or .jpg was expected", path)
	})
}

// both draws a figure in both themes, and saves it as name.png and name-dark.png.
func both(name string, draw func(figure.Theme) (*figure.Figure, error)) error {
	for _, theme := range []figure.Theme{figure.Light, figure.Dark} {
		f, err := draw(theme)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		img, err := f.Image()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		path := filepath.Join(folder, name+".png")
		if theme == figure.Dark {
			path = filepath.Join(folder, name+"-dark.png")
		}
		if err := save(path, img); err != nil {
			return err
		}
	}
	return nil
}
