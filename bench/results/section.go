package results

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Replace returns text with what stands between the markers of the named part
//
//	<!-- name: begin -->
//	<!-- name: end -->
//
// replaced by body. It is an error if each of them is not there exactly once, in
// this order.
func Replace(text, name, body string) (string, error) {
	begin, end := fmt.Sprintf("<!-- %s: begin -->", name), fmt.Sprintf("<!-- %s: end -->", name)
	if strings.Count(text, begin) != 1 || strings.Count(text, end) != 1 {
		return "", fmt.Errorf("results: the markers %q and %q must each be there once", begin, end)
	}
	from, to := strings.Index(text, begin)+len(begin), strings.Index(text, end)
	if to < from {
		return "", fmt.Errorf("results: %q stands before %q", end, begin)
	}
	return text[:from] + "\n\n" + strings.TrimSpace(body) + "\n\n" + text[to:], nil
}

// ReplaceFile does so in the file at path, which is either changed completely
// or not at all.
func ReplaceFile(path, name, body string) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text, err := Replace(string(old), name, body)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".results-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.WriteString(text); err != nil {
		f.Close()
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
