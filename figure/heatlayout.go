package figure

import (
	"fmt"
	"strconv"

	"gonum.org/v1/plot/vg"
)

const (
	smallestCount = 4 * vg.Length(1)   // letter size of a readable count, points
	longestName   = 130 * vg.Length(1) // of a class, before it is shrunk and cut
	smallestMap   = 20 * vg.Length(1)  // side of the map
	tickLength    = 3 * vg.Length(1)
	tickGap       = 3 * vg.Length(1) // between a tick and its name
	labelGap      = 6 * vg.Length(1) // between names and axis label
)

// heatLayout is the place of everything in a confusion matrix, in points.
type heatLayout struct {
	page        page
	cell        vg.Length // the side of a cell
	left, upper vg.Length // upper left corner of the map
	upright     bool      // names along x are turned to read upwards
	nameSize    vg.Length // letter size of the names
	nameRoom    vg.Length // width of the longest name
	underRoom   vg.Length // height that the names along x take
	countSize   vg.Length // letter size of the counts, 0 for none
}

// at returns the cell of true class t and predicted class p.
func (l heatLayout) at(t, p int) vg.Rectangle {
	return box(l.left+l.cell*vg.Length(t), l.upper-l.cell*vg.Length(p+1), l.cell, l.cell)
}

// arrangeHeat settles page, cells and letters. A page side of 0 follows from
// the number of classes.
func arrangeHeat(asked page, names []lettering, most int, titled bool) (heatLayout, error) {
	classes := vg.Length(len(names))
	number := letters(strconv.Itoa(most), 1).width() // of the longest count, per point of letter size

	// The usual cell is large for few classes and wide enough for its number,
	// but all together stay below 12 inches.
	usual := max(min(max(380/classes, 22), 60), 9*number+4)
	usual = min(usual, 12*vg.Inch/classes)

	// Cells depend on the room that names leave, and the way names are set on
	// the cells: letters only shrink and names only turn, so this ends.
	l := heatLayout{page: asked, nameSize: tickSize}
	for range 6 {
		l.measure(names)
		if err := l.place(asked, usual, classes, titled); err != nil {
			return heatLayout{}, err
		}
		size, turn := min(l.nameSize, 0.9*l.cell), l.upright || l.nameRoom > l.cell-3
		if size == l.nameSize && turn == l.upright {
			break
		}
		l.nameSize, l.upright = size, turn
	}
	var err error
	if l.page, err = l.page.checked(); err != nil {
		return heatLayout{}, err
	}
	l.countSize = min(labelSize, 0.5*l.cell, (l.cell-2)/number, 0.85*l.cell/number)
	if l.countSize < smallestCount {
		l.countSize = 0
	}
	return l, nil
}

// measure finds the room that names of the present size and direction take.
func (l *heatLayout) measure(names []lettering) {
	l.nameRoom = 0
	for _, name := range names {
		name.size = l.nameSize
		l.nameRoom = max(l.nameRoom, min(name.width(), longestName))
	}
	l.underRoom = l.nameSize
	if l.upright {
		l.underRoom = l.nameRoom
	}
}

// place settles the cells and the page around them for measured names.
func (l *heatLayout) place(asked page, usual, classes vg.Length, titled bool) error {
	beside := labelSize + labelGap + tickGap + tickLength
	left, right := margin+beside+l.nameRoom, margin
	below, above := margin+beside+l.underRoom, margin
	if titled {
		above += titleHeight
	}
	wide, high := (asked.width-left-right)/classes, (asked.height-below-above)/classes
	switch {
	case asked.width == 0 && asked.height == 0:
		l.cell = usual
	case asked.height == 0:
		l.cell = wide
	case asked.width == 0:
		l.cell = high
	default:
		l.cell = min(wide, high)
	}
	if l.cell*classes < smallestMap {
		return fmt.Errorf("%w: names and labels leave %.0f points (1/72 inch) of the page for the map, expected at least %.0f; make Width and Height larger or leave them 0",
			ErrSize, max(0, l.cell*classes), smallestMap)
	}
	l.cell = asked.floored(l.cell)
	l.page = asked
	if asked.width == 0 {
		l.page.width = left + right + l.cell*classes
	}
	if asked.height == 0 {
		l.page.height = below + above + l.cell*classes
	}
	l.left = l.page.snapped(left + (l.page.width-left-right-l.cell*classes)/2)
	l.upper = l.page.snapped(l.page.height - above - (l.page.height-below-above-l.cell*classes)/2)
	return nil
}
