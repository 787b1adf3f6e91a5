package main

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// quantized puts a picture in 4, in 16 and in 64 colors side by side, as "lloyd
// quantize" paints it.
func quantized(ctx context.Context) error {
	const width, height, gap = 320, 240, 8
	dir, err := os.MkdirTemp("", "gallery")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	from := filepath.Join(dir, "picture.png")
	if err := save(from, landscape(width, height, 0.25)); err != nil {
		return err
	}
	var palette color.Palette
	var panels []*image.Paletted
	for _, k := range []int{4, 16, 64} {
		to := filepath.Join(dir, fmt.Sprintf("%d.png", k))
		command := exec.CommandContext(ctx, "go", "run", "./cmd/lloyd", "quantize", from, "-k", strconv.Itoa(k), "-o", to)
		if out, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("lloyd quantize: %w: %s", err, out)
		}
		panel, err := paletted(to)
		if err != nil {
			return err
		}
		panels, palette = append(panels, panel), append(palette, panel.Palette...)
	}
	palette = append(palette, color.Transparent)
	sheet := image.NewPaletted(image.Rect(0, 0, len(panels)*(width+gap)-gap, height), palette)
	draw.Draw(sheet, sheet.Bounds(), image.Transparent, image.Point{}, draw.Src)
	for i, panel := range panels {
		at := panel.Bounds().Add(image.Pt(i*(width+gap), 0))
		draw.Draw(sheet, at, panel, image.Point{}, draw.Src)
	}
	return save(filepath.Join(folder, "quantized.png"), sheet)
}

func paletted(path string) (*image.Paletted, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		return nil, err
	}
	p, ok := img.(*image.Paletted)
	if !ok {
		return nil, fmt.Errorf("%s is a %T; an image with a palette was expected", path, img)
	}
	return p, nil
}
