package figure

import "errors"

// The sentinel errors of this package. Every error that a function returns
// wraps one of them (test with errors.Is) and its text says what came, what
// was expected and what to do about it.
var (
	// ErrShape: a tensor or table has the wrong shape, for example points
	// that are not N×2, centers that are not K×(rows·columns), a ragged or
	// non-square count table, or a label list of another length than the
	// points.
	ErrShape = errors.New("figure: wrong shape")

	// ErrDtype: a tensor holds something other than float32 or float64.
	ErrDtype = errors.New("figure: wrong dtype")

	// ErrLayout: a tensor's values cannot be read: it is masked, lives
	// outside of main memory, or its strides reach outside of its backing
	// slice.
	ErrLayout = errors.New("figure: unreadable tensor layout")

	// ErrValue: a value cannot be drawn: NaN, infinite, beyond ±1e300 in a
	// scatter plot, a negative count, or a scale upside down.
	ErrValue = errors.New("figure: value cannot be drawn")

	// ErrLabel: a label is negative.
	ErrLabel = errors.New("figure: bad label")

	// ErrNames: the number of names or captions does not fit the data.
	ErrNames = errors.New("figure: wrong number of names")

	// ErrSize: the page, the resolution, a marker or the grid of cells has an
	// impossible size.
	ErrSize = errors.New("figure: impossible size")

	// ErrTheme: the theme is neither Light nor Dark.
	ErrTheme = errors.New("figure: unknown theme")

	// ErrFormat: the file name does not end in .png or .svg.
	ErrFormat = errors.New("figure: unknown picture format")

	// ErrFigure: the *Figure is nil or was not made by one of the Draw
	// methods, or there is nowhere to write it to.
	ErrFigure = errors.New("figure: nothing to write")

	// ErrRender: the drawing library gave up while it painted the picture.
	ErrRender = errors.New("figure: drawing failed")
)
