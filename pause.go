package lloyd

// pause is how long a filter is left out after it did not pay: twice as long each time, in
// rows, until it pays again.
type pause struct {
	idle, wait int // rows to go without, and how many there were last time
}

// due says whether the next n rows are to go through the filter.
func (p *pause) due(n int) bool {
	if p.idle > 0 {
		p.idle -= n
		return false
	}
	return true
}

// learn takes note of whether it paid.
func (p *pause) learn(paid bool) {
	if paid {
		p.wait = 0
		return
	}
	p.wait = min(max(2*p.wait, 1<<13), 1<<20)
	p.idle = p.wait
}
