package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// payloadChunk is the most that is read, converted or written at once, in
// bytes; a multiple of every element size.
const payloadChunk = 1 << 18

// streamError wraps an error of the reader or writer underneath; one that is
// about the data, from unpacking it, needs no more words.
func streamError(doing string, err error) error {
	if errors.Is(err, ErrFormat) {
		return err
	}
	return fmt.Errorf("dataset: %s: %w", doing, err)
}

// cutShort turns the end of the input into ErrFormat and passes on the rest.
func cutShort(err error, message string) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return failure(ErrFormat, "%s; copy or write the file anew", message)
	}
	return streamError("reading", err)
}

// bytesLeft is how much r still has, when r can tell.
func bytesLeft(r io.Reader) (int64, bool) {
	switch r := r.(type) {
	case *bytes.Reader:
		return int64(r.Len()), true
	case *bytes.Buffer:
		return int64(r.Len()), true
	case *os.File:
		info, err := r.Stat()
		if err != nil || info.Mode()&fs.ModeType != 0 {
			return 0, false
		}
		at, err := r.Seek(0, io.SeekCurrent)
		// Files of /proc and the like have size 0 and content all the same.
		if err != nil || info.Size() == 0 {
			return 0, false
		}
		return max(info.Size()-at, 0), true
	}
	return 0, false
}

// readerAt makes what r still has readable at any place. Unless r can do that,
// everything is read into memory.
func readerAt(r io.Reader) (io.ReaderAt, int64, error) {
	if at, ok := r.(interface {
		io.ReaderAt
		io.Seeker
	}); ok {
		if left, known := bytesLeft(r); known {
			from, err := at.Seek(0, io.SeekCurrent)
			if err != nil {
				return nil, 0, streamError("reading", err)
			}
			return io.NewSectionReader(at, from, left), left, nil
		}
	}
	if r == nil {
		return nil, 0, failure(ErrConfig, "the reader is nil")
	}
	all, err := io.ReadAll(r)
	if err != nil {
		return nil, 0, streamError("reading", err)
	}
	return bytes.NewReader(all), int64(len(all)), nil
}
