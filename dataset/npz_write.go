package dataset

import (
	"archive/zip"
	"io"
	"strings"

	"gorgonia.org/tensor"
)

// NPZArray is a matrix with the name that it has in an archive.
type NPZArray struct {
	Name string
	X    *tensor.Dense // N×D, float32 or float64, any layout
}

// WriteNPZ writes matrices into one archive in NumPy's NPZ format, not
// compressed, as numpy.savez does; numpy.load gives them by their names.
//
// Errors wrap [ErrShape] or [ErrDtype] for a matrix, [ErrConfig] for no
// matrices at all, a name that is empty or comes twice, or one that holds a
// slash, a backslash, a colon or NUL; and the error of w.
func WriteNPZ(w io.Writer, arrays ...NPZArray) error {
	if w == nil {
		return failure(ErrConfig, "the writer is nil")
	}
	if len(arrays) == 0 {
		return failure(ErrConfig, "there are no arrays; at least one was expected")
	}
	seen := map[string]bool{}
	for _, a := range arrays {
		if a.Name == "" || seen[a.Name] || strings.ContainsAny(a.Name, "/\\:\x00") {
			return failure(ErrConfig, "an array has the name %s; a name was expected that no other array has, without slashes, colons and NUL", shorten(a.Name))
		}
		seen[a.Name] = true
		if _, err := matrixOf(a.X); err != nil {
			return err
		}
	}
	archive := zip.NewWriter(w)
	for _, a := range arrays {
		entry, err := beginEntry(archive, a.Name)
		if err != nil {
			return err
		}
		if err := WriteNPY(entry, a.X); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return streamError("writing", err)
	}
	return nil
}

// beginNPZ writes the beginning of an archive with one matrix.
func beginNPZ(w io.Writer, h heading) (output, error) {
	archive := zip.NewWriter(w)
	entry, err := beginEntry(archive, "arr_0")
	if err != nil {
		return nil, err
	}
	array, err := beginNPY(entry, h)
	return npzOutput{array, archive}, err
}

// beginEntry begins the file of an array.
func beginEntry(archive *zip.Writer, name string) (io.Writer, error) {
	entry, err := archive.CreateHeader(&zip.FileHeader{Name: name + ".npy", Method: zip.Store})
	if err != nil {
		return nil, streamError("writing", err)
	}
	return entry, nil
}

type npzOutput struct {
	output
	archive *zip.Writer
}

func (n npzOutput) end() error {
	if err := n.archive.Close(); err != nil {
		return streamError("writing", err)
	}
	return nil
}
