package dataset

import "io"

// ReadLabelsNPY reads N labels from a one-dimensional NPY array (or one of
// shape N×1) of any integer type or bool, in either byte order.
//
// Errors wrap [ErrFormat] for content that is not NPY or ends early, [ErrDtype]
// for floats and other types and for a number that int32 cannot hold,
// [ErrShape] for another shape or no labels at all, and the error of r.
func ReadLabelsNPY(r io.Reader) ([]int32, error) {
	h, err := readNPYHeader(r)
	if err != nil {
		return nil, err
	}
	if column := len(h.shape) == 2 && h.shape[1] == 1; len(h.shape) != 1 && !column {
		return nil, failure(ErrShape, "the NPY array has shape %s; a list of labels (N,) was expected", shapeText(h.shape))
	}
	if h.elements() == 0 {
		return nil, failure(ErrShape, "the NPY array has shape %s; at least one label was expected", shapeText(h.shape))
	}
	if h.elem.kind == 'f' {
		return nil, failure(ErrDtype, "the NPY array has dtype %s; labels are integers: convert them with a.astype('int32')", h.elem)
	}
	left, known := bytesLeft(r)
	if known && left < h.bytes() {
		return nil, h.truncated(left)
	}
	a := &arrayReader{r: r, h: h}
	return collect(nil, h.elements(), known, func(dst []int32) (int, error) { return readArray(a, dst, decodeLabels) })
}

// WriteLabelsNPY writes labels as a one-dimensional int32 array in NumPy's NPY
// format: the bytes that numpy.save writes.
//
// Errors wrap [ErrShape] when there are no labels, and the error of w.
func WriteLabelsNPY(w io.Writer, labels []int32) error {
	if err := checkLabels(w, labels); err != nil {
		return err
	}
	if _, err := w.Write(npyHeaderText("<i4", shapeText([]int{len(labels)}))); err != nil {
		return streamError("writing", err)
	}
	if err := writeElements(w, labels); err != nil {
		return streamError("writing", err)
	}
	return nil
}
