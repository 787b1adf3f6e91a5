package metrics

import (
	"slices"
	"strconv"
	"strings"
)

// MaxClasses is the most distinct labels that [ConfusionMatrix] takes: the
// matrix has a cell for every pair of them, and at this size 128 MiB.
const MaxClasses = 4096

// Confusion counts rows by true and predicted class.
type Confusion struct {
	// Classes has the K distinct labels of either list, ascending.
	Classes []int32
	// Counts is K×K: Counts[i][j] rows are of true class Classes[i] and were
	// predicted to be of class Classes[j].
	Counts [][]int
}

// ConfusionMatrix counts how often each true class was predicted to be which:
// rows are true classes, columns predicted ones, over the sorted union of both
// (as scikit-learn's confusion_matrix does). Both lists have N entries, one a
// row; labels are any integers. Give clusters their classes first, with
// [Matching.Apply].
//
// Errors wrap [ErrLength], [ErrEmpty], or [ErrTooManyClasses].
func ConfusionMatrix(truth, predicted []int32) (*Confusion, error) {
	if err := samePairs(truth, predicted); err != nil {
		return nil, err
	}
	at := map[int32]int{}
	for _, list := range [][]int32{truth, predicted} {
		for _, label := range list {
			at[label] = 0
		}
	}
	if len(at) > MaxClasses {
		return nil, failure(ErrTooManyClasses, "there are %d distinct labels; at most %d make a matrix: check that these are labels, or join rare classes", len(at), MaxClasses)
	}
	c := &Confusion{Classes: make([]int32, 0, len(at)), Counts: make([][]int, len(at))}
	for label := range at {
		c.Classes = append(c.Classes, label)
	}
	slices.Sort(c.Classes)
	for i, label := range c.Classes {
		at[label] = i
		c.Counts[i] = make([]int, len(at))
	}
	for i, t := range truth {
		c.Counts[at[t]][at[predicted[i]]]++
	}
	return c, nil
}

// String is the matrix as a text table: one line for each true class, one
// right-aligned column for each predicted class, a line end after each line.
func (c *Confusion) String() string {
	if c == nil {
		return ""
	}
	return counted(`true \ predicted`, c.Classes, c.Classes, c.Counts)
}

// counted sets a matrix of counts as a table, with the labels of its lines and
// columns around it. Lines may be longer or more than there are labels.
func counted(corner string, lines, columns []int32, counts [][]int) string {
	cells := [][]string{{corner}}
	for _, label := range columns {
		cells[0] = append(cells[0], strconv.Itoa(int(label)))
	}
	for i, row := range counts {
		name := ""
		if i < len(lines) {
			name = strconv.Itoa(int(lines[i]))
		}
		line := []string{name}
		for _, count := range row {
			line = append(line, strconv.Itoa(count))
		}
		cells = append(cells, line)
	}
	return aligned(cells)
}

// aligned sets the cells of a table right-aligned, two blanks between columns.
func aligned(lines [][]string) string {
	var widths []int
	for _, line := range lines {
		for j, text := range line {
			if j == len(widths) {
				widths = append(widths, 0)
			}
			widths[j] = max(widths[j], len(text))
		}
	}
	var b strings.Builder
	for _, line := range lines {
		for j, text := range line {
			if j > 0 {
				b.WriteString("  ")
			}
			b.WriteString(strings.Repeat(" ", widths[j]-len(text)))
			b.WriteString(text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
