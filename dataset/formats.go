package dataset

import (
	"io"
	"path/filepath"
	"slices"
	"strings"

	"gorgonia.org/tensor"
)

// Format is a file format, which the ending of a file's name chooses.
type Format struct {
	Ending string // ".csv"
	Name   string // in words
	Writes bool   // [WriteFile] writes it; [ReadFile] reads every format
	Labels bool   // [ReadLabelsFile] and [WriteLabelsFile] know it
	Packs  bool   // .gz (gzip) or .zst (zstd) may follow the ending

	magic       string // how its files begin, where that tells them from others
	open        func(io.Reader, FileOptions) (*input, error)
	write       func(io.Writer, *tensor.Dense) error
	readLabels  func(io.Reader) ([]int32, error)
	writeLabels func(io.Writer, []int32) error
}

// Formats lists all formats.
func Formats() []Format {
	vectors := func(e Element, open func(io.Reader, Element) (*input, error)) func(io.Reader, FileOptions) (*input, error) {
		return func(r io.Reader, _ FileOptions) (*input, error) { return open(r, e) }
	}
	writing := func(e Element, write func(io.Writer, *tensor.Dense, Element) error) func(io.Writer, *tensor.Dense) error {
		return func(w io.Writer, x *tensor.Dense) error { return write(w, x, e) }
	}
	text := func(comma rune) (func(io.Reader, FileOptions) (*input, error), func(io.Writer, *tensor.Dense) error) {
		return func(r io.Reader, o FileOptions) (*input, error) {
				if o.Comma == 0 {
					o.Comma = comma
				}
				return openCSV(r, CSVOptions{Comma: o.Comma, Header: o.Header})
			}, func(w io.Writer, x *tensor.Dense) error {
				return writeCSV(w, x, nil, comma)
			}
	}
	openComma, writeComma := text(',')
	openTab, writeTab := text('\t')
	all := []Format{
		{Ending: ".csv", Name: "comma-separated text", Packs: true, open: openComma, write: writeComma, readLabels: ReadLabelsCSV, writeLabels: WriteLabelsCSV},
		{Ending: ".tsv", Name: "tab-separated text", Packs: true, open: openTab, write: writeTab, readLabels: ReadLabelsCSV, writeLabels: WriteLabelsCSV},
		{Ending: ".npy", Name: "NumPy array", Packs: true, magic: npyMagic, open: func(r io.Reader, _ FileOptions) (*input, error) { return openNPY(r) }, write: WriteNPY, readLabels: ReadLabelsNPY, writeLabels: WriteLabelsNPY},
		{Ending: ".npz", Name: "NumPy archive with one matrix", magic: "PK", open: func(r io.Reader, o FileOptions) (*input, error) {
			at, size, err := readerAt(r)
			if err != nil {
				return nil, err
			}
			return openNPZ(at, size, o.Array)
		}, write: func(w io.Writer, x *tensor.Dense) error { return WriteNPZ(w, NPZArray{"arr_0", x}) }},
		{Ending: ".parquet", Name: "Parquet: a column each, or one column of lists", magic: parquetMagic, open: func(r io.Reader, o FileOptions) (*input, error) {
			at, size, err := readerAt(r)
			if err != nil {
				return nil, err
			}
			return openParquet(at, size, o.Columns)
		}, write: func(w io.Writer, x *tensor.Dense) error { return WriteParquet(w, x, nil) }},
		{Ending: ".fvecs", Name: "TEXMEX vectors of float32", Packs: true, open: vectors(Float32, openVecs), write: writing(Float32, WriteVecs)},
		{Ending: ".ivecs", Name: "TEXMEX vectors of int32", Packs: true, open: vectors(Int32, openVecs), write: writing(Int32, WriteVecs)},
		{Ending: ".bvecs", Name: "TEXMEX vectors of uint8", Packs: true, open: vectors(Uint8, openVecs), write: writing(Uint8, WriteVecs)},
		{Ending: ".fbin", Name: "big-ann-benchmarks, float32", Packs: true, open: vectors(Float32, openBin), write: writing(Float32, WriteBin)},
		{Ending: ".u8bin", Name: "big-ann-benchmarks, uint8", Packs: true, open: vectors(Uint8, openBin), write: writing(Uint8, WriteBin)},
		{Ending: ".i8bin", Name: "big-ann-benchmarks, int8", Packs: true, open: vectors(Int8, openBin), write: writing(Int8, WriteBin)},
		{Ending: ".png", Name: "image, a row each pixel", magic: pngMagic, open: openPixels},
		{Ending: ".jpg", Name: "image, a row each pixel", magic: jpegMagic, open: openPixels},
		{Ending: ".jpeg", Name: "image, a row each pixel", open: openPixels},
	}
	for i := range all {
		all[i].Writes, all[i].Labels = all[i].write != nil, all[i].readLabels != nil
	}
	return all
}

func openPixels(r io.Reader, _ FileOptions) (*input, error) { return openImage(r) }

// FormatOf chooses a format by the ending of a file's name, whatever its case.
// The error wraps [ErrUnknownFormat] and lists the endings that there are.
func FormatOf(path string) (Format, error) {
	f, _, err := formatOf(path)
	return f, err
}

func formatOf(path string) (Format, packing, error) {
	all := Formats()
	name := strings.ToLower(path)
	ending := filepath.Ext(name)
	pack := unpacked
	if p := packing(ending); p == packingGzip || p == packingZstd {
		pack = p
		name = strings.TrimSuffix(name, ending)
		ending = filepath.Ext(name) + ending
	}
	at := slices.IndexFunc(all, func(f Format) bool { return f.Ending == filepath.Ext(name) })
	switch {
	case at >= 0 && (pack == unpacked || all[at].Packs):
		return all[at], pack, nil
	case at >= 0:
		return Format{}, "", failure(ErrUnknownFormat, "the file name %q ends in %s; %s files are compressed themselves: unpack the %s around it", path, ending, all[at].Ending, string(pack))
	case ending == "":
		return Format{}, "", failure(ErrUnknownFormat, "the file name %q has no ending; %s was expected", path, endings(all))
	}
	return Format{}, "", failure(ErrUnknownFormat, "the file name %q ends in %s; %s was expected", path, ending, endings(all))
}

// endings lists those of some formats in words.
func endings(some []Format) string {
	var text strings.Builder
	for i, f := range some {
		switch {
		case i > 0 && i == len(some)-1:
			text.WriteString(" or ")
		case i > 0:
			text.WriteString(", ")
		}
		text.WriteString(f.Ending)
	}
	return text.String()
}
