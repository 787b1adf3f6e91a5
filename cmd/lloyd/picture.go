package main

import (
	"errors"
	"fmt"
	"image/color"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-fbf9ce71/lloyd/dataset"
	"github.com/seed-fbf9ce71/lloyd/figure"
)

// pictureFile is a flag that names a file to draw a figure into, a PNG or an SVG
// by its ending.
type pictureFile string

func (p *pictureFile) String() string { return string(*p) }
func (p *pictureFile) Type() string   { return "FILE" }
func (p *pictureFile) Set(text string) error {
	switch strings.ToLower(filepath.Ext(text)) {
	case ".png", ".svg":
		*p = pictureFile(text)
		return nil
	}
	return errors.New("a name that ends in .png or .svg was expected")
}

// output is the file of a figure, to be drawn in the end; flag named it.
func (p pictureFile) output(flag string, drawn func() (*figure.Figure, error)) output {
	return output{flag, string(p), func() error {
		f, err := drawn()
		if err != nil {
			return err
		}
		write := f.WritePNG
		if strings.EqualFold(filepath.Ext(string(p)), ".svg") {
			write = f.WriteSVG
		}
		return dataset.WriteAtomic(string(p), write)
	}}
}

// completeEndings offers files of these endings as the value of a flag.
func completeEndings(cmd *cobra.Command, flag string, endings ...string) {
	complete(cmd, flag, cobra.FixedCompletions(endings, cobra.ShellCompDirectiveFilterFileExt))
}

// themeOf is the theme of --dark.
func themeOf(dark bool) figure.Theme {
	if dark {
		return figure.Dark
	}
	return figure.Light
}

const darkUsage = "draw light on dark"

// hex is a color as the web writes it, with its alpha where it is not opaque.
func hex(c color.NRGBA) string {
	if c.A == 0xff {
		return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B)
	}
	return fmt.Sprintf("#%02x%02x%02x%02x", c.R, c.G, c.B, c.A)
}
