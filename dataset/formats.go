package dataset

import (
	"io"
	"path/filepath"
	"slices"
	"strings"
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
	begin       func(io.Writer, heading) (output, error)
	counted     bool // begin has to know the number of rows
	readLabels  func(io.Reader) ([]int32, error)
	writeLabels func(io.Writer, []int32) error
}

// Formats lists all formats.
func Formats() []Format {
	vectors := func(e Element, open func(io.Reader, Element) (*input, error)) func(io.Reader, FileOptions) (*input, error) {
		return func(r io.Reader, _ FileOptions) (*input, error) { return open(r, e) }
	}
	writing := func(e Element, begin func(io.Writer, heading, Element) (output, error)) func(io.Writer, heading) (output, error) {
		return func(w io.Writer, h heading) (output, error) { return begin(w, h, e) }
	}
	text := func(comma rune) (func(io.Reader, FileOptions) (*input, error), func(io.Writer, heading) (output, error)) {
		return func(r io.Reader, o FileOptions) (*input, error) {
				if o.Comma == 0 {
					o.Comma = comma
				}
				return openCSV(r, CSVOptions{Comma: o.Comma, Header: o.Header, Columns: o.Columns})
			}, func(w io.Writer, h heading) (output, error) {
				return beginCSV(w, h, comma)
			}
	}
	openComma, beginComma := text(',')
	openTab, beginTab := text('\t')
	all := []Format{
		{Ending: ".csv", Name: "comma-separated text", Packs: true, open: openComma, begin: beginComma, readLabels: ReadLabelsCSV, writeLabels: WriteLabelsCSV},
		{Ending: ".tsv", Name: "tab-separated text", Packs: true, open: openTab, begin: beginTab, readLabels: ReadLabelsCSV, writeLabels: WriteLabelsCSV},
		{Ending: ".npy", Name: "NumPy array", Packs: true, magic: npyMagic, open: func(r io.Reader, o FileOptions) (*input, error) { return openNPY(r, o.column) }, begin: beginNPY, counted: true, readLabels: ReadLabelsNPY, writeLabels: WriteLabelsNPY},
		{Ending: ".npz", Name: "NumPy archive with one matrix", magic: "PK", open: func(r io.Reader, o FileOptions) (*input, error) {
			at, size, err := readerAt(r)
			if err != nil {
				return nil, err
			}
			return openNPZ(at, size, o.Array, o.column)
		}, begin: beginNPZ, counted: true},
		{Ending: ".parquet", Name: "Parquet: a column each, or one column of lists", magic: parquetMagic, open: func(r io.Reader, o FileOptions) (*input, error) {
			at, size, err := readerAt(r)
			if err != nil {
				return nil, err
			}
			return openParquet(at, size, o.Columns)
		}, begin: beginParquet},
		{Ending: ".fvecs", Name: "TEXMEX vectors of float32", Packs: true, open: vectors(Float32, openVecs), begin: writing(Float32, beginVecs)},
		{Ending: ".ivecs", Name: "TEXMEX vectors of int32", Packs: true, open: vectors(Int32, openVecs), begin: writing(Int32, beginVecs)},
		{Ending: ".bvecs", Name: "TEXMEX vectors of uint8", Packs: true, open: vectors(Uint8, openVecs), begin: writing(Uint8, beginVecs)},
		{Ending: ".fbin", Name: "big-ann-benchmarks, float32", Packs: true, open: vectors(Float32, openBin), begin: writing(Float32, beginBin), counted: true},
		{Ending: ".u8bin", Name: "big-ann-benchmarks, uint8", Packs: true, open: vectors(Uint8, openBin), begin: writing(Uint8, beginBin), counted: true},
		{Ending: ".i8bin", Name: "big-ann-benchmarks, int8", Packs: true, open: vectors(Int8, openBin), begin: writing(Int8, beginBin), counted: true},
		{Ending: ".png", Name: "image, a row each pixel", magic: pngMagic, open: openPixels},
		{Ending: ".jpg", Name: "image, a row each pixel", magic: jpegMagic, open: openPixels},
		{Ending: ".jpeg", Name: "image, a row each pixel", open: openPixels},
	}
	for i := range all {
		all[i].Writes, all[i].Labels = all[i].begin != nil, all[i].readLabels != nil
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

// input opens r in this format, and refuses options that it has no use for.
func (f Format) input(r io.Reader, o FileOptions) (*input, error) {
	if o.Array != "" && f.Ending != ".npz" {
		return nil, failure(ErrConfig, "the array %s was asked for; only .npz files have arrays with names", shorten(o.Array))
	}
	if len(o.Columns) > 0 && !slices.Contains([]string{".csv", ".tsv", ".parquet"}, f.Ending) {
		return nil, failure(ErrConfig, "the column %s was asked for; only .csv, .tsv and .parquet files have columns with names", shorten(o.Columns[0]))
	}
	return f.open(r, o)
}
