package dataset

import "gorgonia.org/tensor"

// ReadColumnFile reads N numbers, such as weights, from the file at path, in any of
// [Formats]: a matrix of one column, or an NPY array of one dimension. o.Columns may
// choose the column. Errors are those of [ReadFile], and wrap [ErrShape] for more
// than one column.
func ReadColumnFile(path string, o FileOptions) ([]float64, error) {
	o.column = true
	o.Dtype = tensor.Float64
	t, err := ReadFile(path, o)
	if err != nil {
		return nil, err
	}
	if d := t.X.Shape()[1]; d != 1 {
		return nil, failure(ErrShape, "%q has %s; one column of numbers was expected", path, countOf(int64(d), "column"))
	}
	return t.X.Float64s(), nil
}
