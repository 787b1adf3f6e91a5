package figure

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Save writes the figure into a file, as a PNG or an SVG according to the
// ending of its name (.png or .svg, in any case). The picture is written to a
// new file in the same folder that takes the name at the end, so nobody meets
// half a picture and a failure leaves an older file as it was.
//
// It returns ErrFormat for another ending, the errors of [Figure.WritePNG]
// and [Figure.WriteSVG], and wraps those of the file system.
func (f *Figure) Save(path string) error {
	if err := f.check(); err != nil {
		return err
	}
	var write func(io.Writer) error
	switch ending := strings.ToLower(filepath.Ext(path)); ending {
	case ".png":
		write = f.WritePNG
	case ".svg":
		write = f.WriteSVG
	default:
		return fmt.Errorf("%w: %q ends in %q, expected .png or .svg; rename it", ErrFormat, path, ending)
	}

	file, err := besides(path)
	if err != nil {
		return fmt.Errorf("figure: saving %q: %w", path, err)
	}
	err = write(file)
	if err == nil {
		err = file.Sync()
	}
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("figure: saving %q: %w", path, errors.Join(err, os.Remove(file.Name())))
	}
	return nil
}

// besides creates a new, empty file in the folder of path. Unlike
// os.CreateTemp it leaves the permissions to the umask, as the finished
// picture is to have ordinary ones.
func besides(path string) (*os.File, error) {
	for try := 0; ; try++ {
		name := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%d-%d.tmp", filepath.Base(path), os.Getpid(), try))
		file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, fs.ErrExist) && try < 10_000 {
			continue
		}
		return file, err
	}
}
