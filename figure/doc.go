// Package figure draws what one looks at after a k-means fit, with
// gonum.org/v1/plot, as PNG and SVG:
//
//   - [Scatter]: 2-D points in the colors of their labels, with the centers
//     as large translucent discs on top, and the regions of the centers (the
//     Voronoi diagram) below if asked for;
//   - [CenterImages]: centers that are pictures (D = height·width pixels), as
//     a grid of cells, dark ink on white;
//   - [ConfusionMatrix]: counts of true against predicted labels as an
//     annotated heat map;
//   - [Elbow]: inertia over the number of clusters, the one to take marked;
//   - [Silhouette]: silhouette values as sorted bars of each cluster;
//   - [Convergence]: inertia and moved rows over the iterations of a fit.
//
// Each is a struct of settings whose zero value is ready to use, with a Draw
// method that takes the data and returns a [Figure]:
//
//	f, err := figure.Scatter{Title: "Four blobs"}.Draw(x, model.Labels, model.Centers)
//	if err != nil {
//		return err
//	}
//	return f.Save("blobs.png") // or .svg, or f.WritePNG(w), f.WriteSVG(w), f.Image()
//
// # Data
//
// Points and centers are 2-D *tensor.Dense of float32 or float64 in any
// memory order: row-major, column-major, transposed, or a view into a larger
// tensor. They are read through their strides and copied, so a Figure does
// not change with them, and nothing passed in is ever changed. Values must be
// finite. Labels are 0 or more; they need not be dense and need not fit the
// number of centers, so true classes can be drawn under found centers.
//
// # Sizes
//
// Width and Height are inches; zero sides follow from the contents. DPI is the
// number of pixels per inch of a PNG, 150 unless set. Letters have 10 to 14
// points (1/72 inch) and shrink where there is no room, down to 5 points for
// titles, labels and captions, after which those are cut with an ellipsis. In
// a PNG the cells of the grid and of the heat map lie exactly on whole pixels
// as long as they are at least one pixel large.
//
// # Colors
//
// There are two themes, [Light] and [Dark], for white and near-black pages; a
// figure has the paper of its theme as its background.
//
// [LabelColor] and [Theme.LabelColor] give the colors of labels. The first ten
// stay apart under the three kinds of full color blindness; further labels get
// darker and lighter variants and other shapes of marks. The heat map darkens
// steadily (brightens in Dark) and so reads in grey as well; its numbers are
// black or white, whichever has the higher contrast (at least 4.5 to 1).
//
// # Output
//
// The same data gives the same bytes, every time and on any number of
// goroutines. Letters are painted as outlines of Liberation Sans, which comes
// with gonum/plot: no font needs to be installed, and an SVG looks the same in
// every viewer. Characters that the font lacks appear as boxes.
//
// A scatter plot takes roughly 7 seconds and an SVG of 100 MB for a million
// points; a random sample of some ten thousand shows the same picture.
//
// # Errors
//
// Every error wraps one of the exported sentinels ([ErrShape], [ErrDtype],
// [ErrLayout], [ErrValue], [ErrLabel], [ErrNames], [ErrSize], [ErrTheme],
// [ErrFormat], [ErrFigure], [ErrRender]) or comes from the writer or the file
// system, and says what came, what was expected and what to do. Nothing panics:
// should the drawing library do so, that is ErrRender. Draw finds every fault of
// the data and the settings, so writing fails only where the drawing library or
// the place to write to does.
package figure
