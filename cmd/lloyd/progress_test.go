package main

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// drawn collects what is drawn on a terminal of so many columns, with the
// redraws apart and without escape sequences.
func drawn(b *bytes.Buffer) []string {
	text := regexp.MustCompile("\x1b\\[[0-9]*[a-zA-Z]").ReplaceAllString(b.String(), "")
	return strings.Split(text, "\r")
}

func TestProgressOfSeveralRuns(t *testing.T) {
	var b bytes.Buffer
	p := drawProgress(&b, 4, 80, "choosing initial centers")
	for run := range 4 {
		time.Sleep(100 * time.Millisecond) // beyond the pace of drawing
		p.observe(cluster.Iteration{Restart: run, Iteration: 17, Inertia: 1165148.25, Moved: 1})
	}
	p.done()
	text := b.String()
	for _, want := range []string{"choosing initial centers", "run 2/4, iteration 17, inertia 1.16515e+06, 1 row moved", " 75%"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q was not drawn: %q", want, text)
		}
	}
	if !strings.HasSuffix(text, "\x1b[2K\r") {
		t.Errorf("the line is left there: %q", text)
	}
}

func TestProgressStaysOnItsLine(t *testing.T) {
	for _, runs := range []int{1, 1000} {
		for _, width := range []int{80, 50, 20, 3} {
			var b bytes.Buffer
			p := drawProgress(&b, runs, width, "reading a file with a rather long name, much too long for a terminal of this width")
			p.done()
			// The library's bar has a width of its own where it does not know
			// that of the terminal: 12 columns.
			most := max(width-1, 12)
			if runs > 1 {
				most += 12
			}
			for _, line := range drawn(&b) {
				if n := len([]rune(line)); n > most {
					t.Errorf("%d columns, %d runs: %d drawn: %q", width, runs, n, line)
				}
			}
		}
	}
}

func TestNoProgressWithoutATerminal(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/stderr")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if p := newProgress(file, 3, "x"); p != nil {
		t.Error("a file is taken for a terminal")
	}
	p := newProgress(new(bytes.Buffer), 3, "x")
	if p != nil || p.observer() != nil {
		t.Error("a buffer is taken for a terminal")
	}
	p.say("nothing")
	p.done()
}

func TestWordsForNumbers(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 999: "999ns", 12345: "12.3µs", 1234567: "1.23ms", 59994 * time.Millisecond: "1m0s", 1500 * time.Millisecond: "1.5s",
	} {
		if got := brief(d); got != want {
			t.Errorf("brief(%d) = %s, want %s", d, got, want)
		}
	}
	if a, b := counted(1, "row"), counted(0, "row"); a != "1 row" || b != "0 rows" {
		t.Error(a, b)
	}
	many := make([]int64, 13)
	many[3], many[7] = 5, 2
	if a, b := spread([]int64{3, 0, 4}), spread(many); a != "3 0 4" || b != "0 to 5" {
		t.Error(a, b)
	}
}
