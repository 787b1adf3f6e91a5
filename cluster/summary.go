package cluster

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// summaryWidth is the number of columns of the text of a Model or a Tree.
const summaryWidth = 80

// String returns a few lines about the model: how many centers there are, of what, and
// of a fitted one the inertia, the number of iterations, why they ended and how many rows
// each cluster has, as far as they fit in 80 columns.
func (m *Model) String() string {
	if m == nil || m.Centers == nil || m.Centers.Dims() != 2 {
		return "a model without centers"
	}
	s := summary{}
	s.add("model", "%d×%d centers, %v%s", m.K(), m.D(), m.Centers.Dtype(), spherical(m.Spherical))
	if m.Iterations > 0 {
		s.add("inertia", "%.10g", m.Inertia)
		s.add("iterations", "%d, %v", m.Iterations, m.Stopped)
	}
	s.sizes(m.Counts)
	if m.Empty > 0 {
		s.add("empty", "%d clusters", m.Empty)
	}
	if m.Distinct > 0 && m.Distinct < m.K() {
		s.add("distinct", "%d centers", m.Distinct)
	}
	return s.String()
}

// String returns a few lines about the tree: how many nodes and leaves there are, of what,
// how deep they lie, the inertia, and how many rows each leaf has, as far as they fit in 80
// columns.
func (t *Tree) String() string {
	if t.checkNodes() != nil || t.NodeCenters.Dims() != 2 {
		return "a tree without nodes"
	}
	s := summary{}
	s.add("tree", "%d×%d centers of leaves, %d nodes, %v%s",
		(len(t.Nodes)+1)/2, t.NodeCenters.Shape()[1], len(t.Nodes), t.NodeCenters.Dtype(), spherical(t.Spherical))
	depth := make([]int, len(t.Nodes)) // parts come after their node
	least, most := len(t.Nodes), 0
	for i, n := range t.Nodes {
		if n.Leaf() {
			least, most = min(least, depth[i]), max(most, depth[i])
		} else {
			depth[n.Left], depth[n.Right] = depth[i]+1, depth[i]+1
		}
	}
	s.add("depth", "%d to %d splits above a leaf", least, most)
	s.add("inertia", "%.10g", t.Inertia)
	s.sizes(t.Counts)
	return s.String()
}

func spherical(yes bool) string {
	if yes {
		return ", spherical"
	}
	return ""
}

// summary is lines of a name and what is said about it, aligned.
type summary struct{ lines []string }

const summaryIndent = 12

func (s *summary) add(name, format string, args ...any) {
	s.lines = append(s.lines, fmt.Sprintf("%-*s", summaryIndent, name)+fmt.Sprintf(format, args...))
}

func (s *summary) String() string { return strings.Join(s.lines, "\n") }

// sizes adds the numbers of rows of the clusters; if they do not fit in the line, the
// first ones and their range.
func (s *summary) sizes(counts []int64) {
	if len(counts) == 0 {
		return
	}
	var total int64
	for _, n := range counts {
		total += n
	}
	s.add("rows", "%d", total)
	room := summaryWidth - summaryIndent
	all := strings.Trim(fmt.Sprint(counts), "[]")
	if utf8.RuneCountInString(all) > room {
		end := fmt.Sprintf(" … from %d to %d", slices.Min(counts), slices.Max(counts))
		all = all[:room-utf8.RuneCountInString(end)+1] // a space may follow
		all = strings.TrimSpace(all[:max(0, strings.LastIndexByte(all, ' '))] + end)
	}
	s.add("of each", "%s", all)
}
