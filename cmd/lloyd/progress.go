package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// progress is a line at the foot of a terminal that says how far a command is.
// A nil progress shows nothing.
type progress struct {
	bar   *progressbar.ProgressBar
	runs  int
	width int // columns of the terminal
}

// newProgress starts the line with text, for a fit of so many runs, when w is a
// terminal that can redraw a line; otherwise it returns nil. It shows a bar of
// finished runs, or, for a single run, a sign of life: nobody knows how many
// iterations a run will take.
func newProgress(w io.Writer, runs int, text string) *progress {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || os.Getenv("TERM") == "dumb" {
		return nil
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		width = 80
	}
	return drawProgress(w, runs, width, text)
}

func drawProgress(w io.Writer, runs, width int, text string) *progress {
	length := runs
	if runs <= 1 {
		length = -1
	}
	p := &progress{runs: runs, width: width}
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
	const beside = 12 // columns for the sign of life, or the bar at its narrowest
	if room := max(p.width-beside, 0); len(text) > room {
		text = text[:room]
	}
	p.bar.Describe(text)
}

// observe shows an iteration.
func (p *progress) observe(it cluster.Iteration) {
	text := fmt.Sprintf("iteration %d, inertia %.6g", it.Iteration, it.Inertia)
	if it.Moved >= 0 {
		text += fmt.Sprintf(", %s moved", counted(int(it.Moved), "row"))
	}
	if p.runs > 1 {
		text = fmt.Sprintf("run %d/%d, %s", it.Restart+1, p.runs, text)
		_ = p.bar.Set(it.Restart) // a line that cannot be drawn is no reason to stop
	}
	p.say(text)
}

// observer is observe for a fit, or nil where nobody looks.
func (p *progress) observer() func(cluster.Iteration) {
	if p == nil {
		return nil
	}
	return p.observe
}

// done removes the line.
func (p *progress) done() {
	if p != nil {
		_ = p.bar.Finish()
	}
}
