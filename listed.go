package lloyd

import "github.com/seed-fbf9ce71/lloyd/kernel"

// SquaredL2Listed sets dst[i] to the squared Euclidean distance of row rows[i] of x
// (N×D) and row idx[i] of y (K×D): pairs in any order, one by one. dst and idx need as
// many elements as rows. The error wraps ErrShape, also when a number is not that of a
// row.
func SquaredL2Listed[T Float](dst []T, x Matrix[T], rows []int32, y Matrix[T], idx []int32) error {
	level, err := kernel.Active()
	if err != nil {
		return err
	}
	if err := checkRows(x, y, "y"); err != nil {
		return err
	}
	n := len(rows)
	if err := kernel.CheckLength("dst", len(dst), n); err != nil {
		return err
	}
	if err := kernel.CheckLength("idx", len(idx), n); err != nil {
		return err
	}
	if err := checkLabels("rows", rows, n, 0, x.N); err != nil {
		return err
	}
	if err := checkLabels("idx", idx, n, 0, y.N); err != nil {
		return err
	}
	squaredL2Listed(level, dst, x, rows, y, idx)
	return nil
}

// squaredL2Listed is SquaredL2Listed without the checks.
func squaredL2Listed[T Float](level kernel.Level, dst []T, x Matrix[T], rows []int32, y Matrix[T], idx []int32) {
	n := len(rows)
	if level == kernel.Generic || x.D < lanes[T]() || !listedPairs {
		for i, row := range rows {
			pairs(level, squaredL2, dst[i:], 1, x.Rows(int(row), int(row)+1), y, idx[i:i+1])
		}
		return
	}
	most := max(2, kernel.MaxMultiplyAdds/x.D)
	for i := 0; i < n; i += most {
		asmSquaredL2Listed[T](ptr(dst[i:]), x.ptr(), ptr(rows[i:]), y.ptr(), ptr(idx[i:]), min(most, n-i), x.D, x.LD, y.LD)
	}
}
