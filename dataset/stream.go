package dataset

import "fmt"

// streamError wraps an error of the reader or writer underneath.
func streamError(doing string, err error) error {
	return fmt.Errorf("dataset: %s: %w", doing, err)
}
