package lloyd

import "github.com/seed-fbf9ce71/lloyd/kernel"

// Rows of fewer columns than a cache line holds, by differences: panels of 64
// bytes a column, without a shift, of which the direct routine takes many.

// splitMost is the largest D of the split routine.
const splitMost = 4

// narrowPanels is the most panels that are filled before they are used.
const narrowPanels = 16

// narrowSize is the number of elements of that many panels of d columns, of
// which only one is filled when d is above splitMost.
func narrowSize[T Float](d int) int {
	if d > splitMost {
		return (d + 15) / 16 * 16 * lanes[T]()
	}
	return narrowPanels * 4 * lanes[T]()
}

// narrow fills panels with the rows of x from row i on, at most the given
// number, and returns how many. Rows past the last repeat it.
func (x Matrix[T]) narrow(level kernel.Level, panel []T, i, panels int) int {
	tile := lanes[T]()
	if n := min(panels, (x.N-i)/tile); n > 0 && x.LD == x.D && x.D <= splitMost {
		asmSplit[T](ptr(panel), ptr(x.Data[i*x.D:]), n, x.D)
		return n
	}
	var norms [16]T
	var zeros [32]T
	asmPack[T](narrowLevel(level), ptr(panel), ptr(norms[:]), ptr(x.Data[i*x.LD:]), ptr(zeros[:]), min(tile, x.N-i), x.LD, x.D)
	return 1
}

// directPanels computes every distance, Σ(x−c)²: panel by panel for D below the
// lane count, row by row otherwise.
func (c *Centers[T]) directPanels(labels []int32, dist, second []T, x Matrix[T], ws *Workspace[T]) {
	if x.D >= lanes[T]() {
		for i := range x.N {
			c.directRow(labels, dist, second, x, i, ws)
		}
		return
	}
	ws.narrow = grow(ws.narrow, narrowSize[T](x.D))
	ws.labels, ws.next = grow(ws.labels, narrowPanels*lanes[T]()), grow(ws.next, narrowPanels*lanes[T]())
	if second != nil {
		ws.seconds = grow(ws.seconds, narrowPanels*lanes[T]())
	}
	ws.Direct += int64(x.N)
	tile := lanes[T]()
	panels := max(1, min(narrowPanels, kernel.MaxMultiplyAdds/(tile*x.D*c.plain.N)))
	for i := 0; i < x.N; {
		n := x.narrow(c.level, ws.narrow, i, panels)
		rows := min(n*tile, x.N-i)
		l, d, next := ws.labels, ws.next, ws.seconds
		if rows == n*tile {
			l = labels[i : i+rows]
			if dist != nil {
				d = dist[i : i+rows]
			}
			if second != nil {
				next = second[i : i+rows]
			}
		}
		if second == nil {
			next = nil
		}
		asmDirect[T](ptr(l), ptr(d), ptr(next), ptr(ws.narrow), ptr(c.plain.Data), c.plain.N, x.D, n)
		if rows < n*tile {
			copy(labels[i:i+rows], l)
			if dist != nil {
				copy(dist[i:i+rows], d)
			}
			if second != nil {
				copy(second[i:i+rows], next)
			}
		}
		i += rows
	}
}

// narrowRows sets out[i·ldo] to the distance of row i of x and q for D below the
// lane count, with q as the only center of the direct routine.
func narrowRows[T Float](level kernel.Level, out []T, ldo int, x Matrix[T], q []T) {
	const most = narrowPanels * 16 // rows
	var (
		panel  [most * splitMost]T // or one of 16 columns
		dist   [most]T
		labels [most]int32
	)
	tile := lanes[T]()
	for i := 0; i < x.N; {
		n := x.narrow(level, panel[:], i, narrowPanels)
		rows := min(n*tile, x.N-i)
		asmDirect[T](ptr(labels[:]), ptr(dist[:]), nil, ptr(panel[:]), ptr(q), 1, x.D, n)
		for j, d := range dist[:rows] {
			if labels[j] < 0 { // not a finite distance: which, the kernel does not say
				d = squaredL2Generic(x.Row(i+j), q)
			}
			out[(i+j)*ldo] = d
		}
		i += rows
	}
}

// narrowPairs sets out[i·ldo] to the distance of row i of x and row idx[i] of y for
// D below the lane count: squaredL2Generic without a call for each row.
func narrowPairs[T Float](out []T, ldo int, x, y Matrix[T], idx []int32) {
	for i, k := range idx[:x.N] {
		a, b := x.Data[i*x.LD:][:x.D], y.Data[int(k)*y.LD:][:x.D]
		var s T
		for j, v := range a {
			d := v - b[j]
			s += T(d * d)
		}
		out[i*ldo] = s
	}
}
