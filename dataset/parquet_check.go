package dataset

import (
	"encoding/binary"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
)

const (
	parquetMagic = "PAR1"
	// What one page may claim; writers make pages of about 1 MiB.
	mostPageBytes    = 1 << 30
	mostPageElements = 1 << 28
	// mostPageHeader bounds the description of a page of numbers, which has
	// about 100 bytes.
	mostPageHeader = 1 << 12
)

// checkParquetFooter checks the two ends of the file and that the lengths in
// its footer can be true.
func checkParquetFooter(r io.ReaderAt, size int64) error {
	var start [4]byte
	var end [8]byte
	if size < int64(len(start)+len(end)) {
		return failure(ErrFormat, "the Parquet input has %s, less than the smallest file; copy or write it anew", countOf(size, "byte"))
	}
	if err := readWhole(r, start[:], 0); err != nil {
		return err
	}
	if err := readWhole(r, end[:], size-int64(len(end))); err != nil {
		return err
	}
	if string(start[:]) != parquetMagic {
		return failure(ErrFormat, "the input starts with %q, not with %q as Parquet does; encrypted files are not read", start, parquetMagic)
	}
	if string(end[4:]) != parquetMagic {
		return failure(ErrFormat, "the Parquet input ends with %q, not with %q; it is cut short: copy or write it anew", end[4:], parquetMagic)
	}
	length := int64(binary.LittleEndian.Uint32(end[:]))
	if length > size-int64(len(start)+len(end)) {
		return failure(ErrFormat, "the Parquet footer claims %d bytes and the whole input has %d; write it anew", length, size)
	}
	footer := make([]byte, length)
	if err := readWhole(r, footer, size-int64(len(end))-length); err != nil {
		return err
	}
	if w := (thriftWalk{data: footer}); !w.structure(0, 0) {
		return failure(ErrFormat, "the Parquet footer is broken at its byte %d of %d; write the file anew", w.at, length)
	}
	return nil
}

// checkPages checks what the pages of a column chunk claim.
func checkPages(r io.ReaderAt, size int64, chunk *format.ColumnChunk) error {
	start, length := chunk.MetaData.DataPageOffset, chunk.MetaData.TotalCompressedSize
	if dictionary := chunk.MetaData.DictionaryPageOffset; dictionary != 0 {
		start = dictionary
	}
	if start < 0 || length < 0 || start > size || length > size-start {
		return failure(ErrFormat, "the Parquet footer puts %d bytes of a column at byte %d of an input that has %d; write it anew", length, start, size)
	}
	codec := chunk.MetaData.Codec
	if codec == format.Lz4Raw {
		return failure(ErrFormat, "the Parquet pages are compressed by LZ4, which is not read: broken pages of it cannot be told in time; write the file with zstd, snappy or gzip")
	}
	for at, end := start, start+length; at < end; {
		head := make([]byte, min(mostPageHeader, end-at))
		if err := readWhole(r, head, at); err != nil {
			return err
		}
		page := pageClaims{compressed: true}
		w := thriftWalk{data: head, visit: page.visit}
		whole := w.structure(0, 0)
		at += int64(w.at)
		if !whole || page.packed < 0 || page.packed > end-at || page.bytes < 0 || page.bytes > mostPageBytes || page.elements < 0 || page.elements > mostPageElements || page.levels < 0 || page.levels > page.packed {
			return failure(ErrFormat, "the Parquet page before byte %d claims %d bytes, %d when unpacked, and %d elements; its column has %d bytes left, and at most %d bytes and %d elements are read: write the file anew", at, page.packed, page.bytes, page.elements, end-at, mostPageBytes, mostPageElements)
		}
		if page.compressed {
			if err := page.checkBody(r, at, codec); err != nil {
				return err
			}
		}
		at += page.packed
	}
	return nil
}

// pageClaims is what a page says about itself.
type pageClaims struct {
	packed, bytes, elements int64
	levels                  int64 // bytes before what is compressed
	compressed              bool
}

// visit takes the fields of Parquet's PageHeader.
func (p *pageClaims) visit(around, field int, v int64) {
	const (
		data, dictionary, dataV2 = 5, 7, 8
	)
	switch {
	case around == 0 && field == 2:
		p.bytes = v
	case around == 0 && field == 3:
		p.packed = v
	case (around == data || around == dictionary || around == dataV2) && field == 1:
		p.elements = v
	case around == dataV2 && (field == 5 || field == 6):
		p.levels += v
	case around == dataV2 && field == 7:
		p.compressed = v != 0
	}
}

// checkBody checks the length that the compressed data itself claims.
func (p *pageClaims) checkBody(r io.ReaderAt, at int64, codec format.CompressionCodec) error {
	if codec != format.Snappy && codec != format.Zstd {
		return nil // these say nothing
	}
	start := make([]byte, min(zstd.HeaderMaxSize, p.packed-p.levels))
	if err := readWhole(r, start, at+p.levels); err != nil {
		return err
	}
	claim := uint64(0)
	if codec == format.Snappy {
		claim, _ = binary.Uvarint(start)
	} else {
		var h zstd.Header
		if len(start) > 0 && (h.Decode(start) != nil || h.Skippable) {
			return failure(ErrFormat, "the Parquet page at byte %d is no zstd data; write the file anew", at)
		}
		claim = h.FrameContentSize
	}
	if claim > uint64(p.bytes) {
		return failure(ErrFormat, "the Parquet page at byte %d claims %d bytes when unpacked, and its compressed data %d; write the file anew", at, p.bytes, claim)
	}
	return nil
}

// readWhole fills p.
func readWhole(r io.ReaderAt, p []byte, at int64) error {
	n, err := r.ReadAt(p, at)
	switch {
	case n == len(p):
		return nil
	case err == io.EOF:
		return failure(ErrFormat, "the Parquet input ends at byte %d; %d more were expected: copy it anew", at+int64(n), len(p)-n)
	}
	return streamError("reading", err)
}
