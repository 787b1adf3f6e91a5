package dataset

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
)

// WriteAtomic writes the file at path so that at every moment path is either
// the complete former file (or absent) or the complete new one, also when write
// fails, the program ends or the machine stops: write fills a temporary file in
// the same folder, which is flushed to the disk and renamed. The temporary file
// is removed on failure; after a crash it may stay, named .<name>.<digits>.tmp.
//
// The writer is buffered. An existing file keeps its permissions; a symbolic
// link is followed and stays. The folder must exist and be writable.
//
// Errors name the path and wrap [ErrNotFile] when path is a folder or a device,
// [ErrConfig] for an empty path or nil write, the error of write, or that of
// the file system (fs.ErrNotExist, fs.ErrPermission, …).
func WriteAtomic(path string, write func(io.Writer) error) (err error) {
	if path == "" || write == nil {
		return failure(ErrConfig, "a path and a function that writes were expected; path %q, function given: %t", path, write != nil)
	}
	target := path
	perm, known := fs.FileMode(0), false
	if info, err := os.Stat(path); err == nil {
		if err := regular(path, info.Mode()); err != nil {
			return err
		}
		perm, known = info.Mode().Perm(), true
		if target, err = filepath.EvalSymlinks(path); err != nil {
			return fmt.Errorf("dataset: %q cannot be resolved: %w", path, err)
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("dataset: the file to write cannot be looked at: %w", err)
	}
	f, err := createBeside(target)
	if err != nil {
		return fmt.Errorf("dataset: nothing can be written to %q; its folder must exist and be writable: %w", path, err)
	}
	done := false
	defer func() { // also when write panics
		if !done {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	out := bufio.NewWriterSize(f, 1<<16)
	if err := write(out); err != nil {
		return fmt.Errorf("%q was not written: %w", path, err)
	}
	if err := finish(f, out, perm, known); err != nil {
		return fmt.Errorf("dataset: %q was not written: %w", path, err)
	}
	if err := os.Rename(f.Name(), target); err != nil {
		return fmt.Errorf("dataset: %q was not written: %w", path, err)
	}
	done = true
	syncFolder(filepath.Dir(target))
	return nil
}

// createBeside makes a new file in the folder of target, with the permissions
// that a new file gets there (os.CreateTemp would shut out other users).
func createBeside(target string) (*os.File, error) {
	folder, name := filepath.Split(target)
	if len(name) > 200 { // leave room within the usual 255 bytes
		name = name[:200]
	}
	for try := 0; ; try++ {
		temporary := fmt.Sprintf("%s.%s.%d.tmp", folder, name, rand.Uint64())
		f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err == nil || !errors.Is(err, fs.ErrExist) || try == 100 {
			return f, err
		}
	}
}

// finish brings everything to the disk and closes the file.
func finish(f *os.File, out *bufio.Writer, perm fs.FileMode, known bool) error {
	if err := out.Flush(); err != nil {
		return err
	}
	if known {
		if err := f.Chmod(perm); err != nil {
			return err
		}
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close()
}

// syncFolder makes the new name durable where the system can. A failure is not
// reported: the file is complete and in place, and some file systems refuse to
// sync a folder.
func syncFolder(path string) {
	if runtime.GOOS == "windows" {
		return
	}
	if folder, err := os.Open(path); err == nil {
		_ = folder.Sync()
		folder.Close()
	}
}
