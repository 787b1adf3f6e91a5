package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// progress is a line at the foot of a terminal that says how far a command is.
// A nil progress shows nothing.
type progress struct {
	bar   *progressbar.ProgressBar
	parts int // of the bar; 1: there is none
	width int // columns of the terminal
	runs  int
	most  int // iterations of a run; 0: not known
	begin time.Time

	mutex sync.Mutex
	over  bool
}

// newProgress starts the line with text, when w is a terminal that can redraw a line;
// otherwise it returns nil. Something of so many parts, such as the runs of a fit, has
// a bar; something of one part has a sign of life.
func newProgress(w io.Writer, parts int, text string) *progress {
	width := terminalWidth(w)
	if width == 0 {
		return nil
	}
	return drawProgress(w, parts, width, text)
}

// newFitProgress is newProgress for so many runs of at most so many iterations.
func newFitProgress(w io.Writer, runs, most int, text string) *progress {
	parts := runs
	if runs <= 1 {
		parts = most
	}
	p := newProgress(w, parts, text)
	if p != nil {
		p.runs, p.most = runs, most
	}
	return p
}

// terminalWidth is the number of columns of the terminal that w is, or 0 if it is none,
// or one that cannot redraw a line.
func terminalWidth(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || os.Getenv("TERM") == "dumb" {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		return 80
	}
	return width
}

func drawProgress(w io.Writer, parts, width int, text string) *progress {
	parts = max(parts, 1)
	length := parts
	if parts == 1 {
		length = -1
	}
	p := &progress{parts: parts, runs: parts, width: width, begin: time.Now()}
	p.bar = progressbar.NewOptions(length,
		progressbar.OptionSetWriter(w),
		progressbar.OptionUseANSICodes(true),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(80*time.Millisecond),
		progressbar.OptionSetElapsedTime(false),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSpinnerType(14),
		progressbar.OptionSetWidth(12),
		progressbar.OptionShowDescriptionAtLineEnd(),
	)
	p.say(text)
	return p
}

// say changes the text of the line.
func (p *progress) say(text string) {
	if p == nil {
		return
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.over {
		return
	}
	const beside = 12 // columns for the sign of life, or the bar at its narrowest
	shown := []rune(text)
	p.bar.Describe(string(shown[:min(len(shown), max(p.width-beside, 0))]))
}

// reach fills the bar as far as so many parts, but not to the end: done does that, and
// a full bar is gone.
func (p *progress) reach(parts int) {
	if p != nil && p.parts > 1 {
		_ = p.bar.Set(min(parts, p.parts-1)) // a line that cannot be drawn is no reason to stop
	}
}

// observe shows an iteration.
func (p *progress) observe(it cluster.Iteration) {
	where, rest := fmt.Sprintf("iteration %d", it.Iteration), ""
	if p.runs > 1 {
		p.reach(it.Restart)
		rest = left("", it.Restart, p.runs, time.Since(p.begin)-it.Elapsed)
		where = fmt.Sprintf("run %d/%d, %s", it.Restart+1, p.runs, where)
	} else {
		p.reach(it.Iteration)
		rest = left("<", it.Iteration, p.most, it.Elapsed)
	}
	p.say(fmt.Sprintf("%s%s, inertia %.6g, %s moved", where, rest, it.Inertia, counted(int(it.Moved), "row")))
}

// observeBatch shows a step of MiniBatch.
func (p *progress) observeBatch(it cluster.Iteration) {
	p.reach(it.Iteration)
	p.say(fmt.Sprintf("step %d%s, inertia of the batch %.6g", it.Iteration, left("<", it.Iteration, p.most, it.Elapsed), it.Inertia))
}

// observeSplit shows a split of Bisecting.
func (p *progress) observeSplit(s cluster.Split) {
	if p == nil {
		return
	}
	p.reach(s.Split)
	p.say(fmt.Sprintf("split %d/%d%s, inertia %.6g", s.Split, p.most, left("", s.Split, p.most, time.Since(p.begin)), s.Inertia))
}

// left says how long it will take if it goes on as it did, when so many parts took so
// long; most is "<" if there may be fewer parts. It says nothing before anything is
// done, and within the last second.
func left(most string, done, parts int, took time.Duration) string {
	if done == 0 || parts <= done {
		return ""
	}
	rest := time.Duration(float64(took) / float64(done) * float64(parts-done))
	if rest < time.Second {
		return ""
	}
	return fmt.Sprintf(", %s%s left", most, rest.Round(time.Second))
}

// observer is observe for a fit, or nil where nobody looks.
func (p *progress) observer() func(cluster.Iteration) {
	if p == nil {
		return nil
	}
	return p.observe
}

// batchObserver is observeBatch for a fit, or nil where nobody looks.
func (p *progress) batchObserver() func(cluster.Iteration) {
	if p == nil {
		return nil
	}
	return p.observeBatch
}

// done removes the line.
func (p *progress) done() {
	if p == nil {
		return
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.over = true
	_ = p.bar.Finish()
}
