package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-fbf9ce71/lloyd/dataset"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// quantizeFlags is what "lloyd quantize" is told.
type quantizeFlags struct {
	k       count
	out     pngFile
	dither  bool
	seed    uint64
	threads count
	json    bool
}

func newQuantize() *cobra.Command {
	var f quantizeFlags
	cmd := &cobra.Command{
		Use:   "quantize IMAGE -k K -o FILE [flags]",
		Short: "Paint an image in K colors",
		Long: `Quantize finds the K colors that come closest to the pixels of IMAGE, by the sum
of the squared errors, and writes the image in these colors as a PNG: with a
palette, and so a small file, for up to 256 colors. IMAGE is a PNG, JPEG or GIF
file, or "-" for standard input.

It counts the distinct colors and clusters these by k-means, each with the
weight of its pixels, which is the same as to cluster all pixels. It starts from
centers that a fit of coarser colors found. Colors are red, green and blue from
0 to 255 as the file stores them, in sRGB as a rule; where pixels are
transparent, these times the opacity, and the opacity. The orientation that a
camera notes in a JPEG is carried out.

The summary goes to standard error, with --json one object with the palette to
standard output and nothing else. Palettes begin with the most frequent color.`,
		Example: `  lloyd quantize photo.jpg -k 16 -o photo16.png
  lloyd quantize logo.png -k 8 -o logo8.png --dither
  lloyd quantize photo.jpg -k 5 --json | jq -r '.palette[]'`,
		Args: imageArgument,
		RunE: action(func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), args[0], cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		}),
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.VarP(&f.k, "colors", "k", "number of colors `K`; must be given")
	flags.VarP(&f.out, "out", "o", "write the image to `FILE` (.png); must be given unless --json is")
	flags.BoolVar(&f.dither, "dither", false, "spread the error of each pixel to its neighbors (Floyd-Steinberg): no bands, but grain, and a larger file; up to 256 colors")
	flags.Uint64Var(&f.seed, "seed", 0, "`S` determines every random choice")
	flags.Var(&f.threads, "threads", "`N` threads to compute with (default all CPUs)")
	flags.BoolVar(&f.json, "json", false, "print the result as one JSON object")
	completeEndings(cmd, "out", "png")
	cmd.ValidArgsFunction = cobra.FixedCompletions([]cobra.Completion{"png", "jpg", "jpeg", "gif"}, cobra.ShellCompDirectiveFilterFileExt)
	return cmd
}

// imageArgument demands IMAGE.
func imageArgument(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usagef("IMAGE is missing: name a PNG, JPEG or GIF file, or - for standard input")
	}
	return oneArgument("IMAGE")(cmd, args)
}

func (f *quantizeFlags) run(ctx context.Context, path string, stdin io.Reader, stdout, stderr io.Writer) error {
	if err := f.check(); err != nil {
		return err
	}
	if _, err := kernel.Active(); err != nil {
		return err
	}
	var painted image.Image
	var files outputs
	if f.out != "" {
		files = outputs{{"--out", string(f.out), func() error {
			return dataset.WriteAtomic(string(f.out), func(w io.Writer) error { return encoder(painted).Encode(w, painted) })
		}}}
	}
	if err := files.check(path); err != nil {
		return err
	}

	result := quantization{name: nameOf(path)}
	begin := time.Now()
	lap := func() float64 {
		now := time.Now()
		defer func() { begin = now }()
		return now.Sub(begin).Seconds()
	}
	line := newProgress(stderr, 1, "reading "+result.name)
	p, err := readPixels(ctx, path, stdin, f.threads.orAll())
	if err == nil {
		result.Seconds.Read = lap()
		line.say("clustering colors")
		err = result.fit(ctx, p, f, line.observer())
		result.Seconds.Cluster = lap()
	}
	line.done()
	if err != nil {
		return err
	}
	if f.out != "" {
		painted = result.paint(p, f)
		if result.written, err = files.write(); err != nil {
			return err
		}
		result.Seconds.Write = lap()
	}
	if f.json {
		return writeJSON(stdout, &result)
	}
	_, _ = io.WriteString(stderr, result.summary())
	return nil
}

// encoder packs small images well, and large ones fast: in a tenth of the time, to
// files about a fifth larger.
func encoder(img image.Image) *png.Encoder {
	if size := img.Bounds().Size(); size.X*size.Y > 1<<20 {
		return &png.Encoder{CompressionLevel: png.BestSpeed}
	}
	return &png.Encoder{}
}

// check refuses flags that do not go together.
func (f *quantizeFlags) check() error {
	switch {
	case f.k == 0:
		return usagef("-k is missing: give the number of colors, for example -k 16")
	case f.out == "" && !f.json:
		return usagef("-o is missing: name the PNG file to write, or ask for the palette alone by --json")
	case f.dither && f.k > mostPaletted:
		return usagef("--dither with -k %d: up to %d colors were expected", f.k, mostPaletted)
	case f.dither && f.out == "":
		return usagef("--dither without -o: there is no image to dither")
	}
	return nil
}

// pngFile is a flag that names a PNG file to write.
type pngFile string

func (p *pngFile) String() string { return string(*p) }
func (p *pngFile) Type() string   { return "FILE" }
func (p *pngFile) Set(text string) error {
	if !strings.EqualFold(filepath.Ext(text), ".png") {
		return errors.New("a name that ends in .png was expected")
	}
	*p = pngFile(text)
	return nil
}

// summary is the result of quantize for the reader at a terminal.
func (q *quantization) summary() string {
	var b strings.Builder
	say := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-12s%s\n", name, fmt.Sprintf(format, args...))
	}
	say("image", "%s: %d × %d pixels in %s", q.name, q.Width, q.Height, counted(q.Distinct, "color"))
	say("inertia", "%.10g, an error of %.3g of 255 a channel (RMS)", float64(q.Inertia), float64(q.Error))
	for i := 0; i < len(q.Palette); i += 7 {
		name := ""
		if i == 0 {
			name = "palette"
		}
		if i >= 7*8 {
			say(name, "… and %d more, see --json", len(q.Palette)-i)
			break
		}
		say(name, "%s", strings.Join(q.Palette[i:min(i+7, len(q.Palette))], " "))
	}
	took := func(seconds float64) string { return brief(time.Duration(seconds * float64(time.Second))) }
	say("time", "%s read, %s cluster, %s write", took(q.Seconds.Read), took(q.Seconds.Cluster), took(q.Seconds.Write))
	if len(q.written) > 0 {
		say("written", "%s", strings.Join(q.written, ", "))
	}
	if len(q.Palette) < q.asked {
		say("note", "the image has no more than %s; -k %d was asked for", counted(len(q.Palette), "color"), q.asked)
	}
	return b.String()
}
