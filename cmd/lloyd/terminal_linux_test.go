package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"gorgonia.org/tensor"
)

// terminal is a terminal of so many columns with a command in it.
type terminal struct {
	cmd    *exec.Cmd
	master *os.File
	done   chan struct{}

	mutex sync.Mutex
	shown bytes.Buffer
}

// inTerminal starts the command in a terminal.
func inTerminal(t *testing.T, columns uint16, env []string, args ...string) *terminal {
	t.Helper()
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no terminals here: ", err)
	}
	term := &terminal{master: os.NewFile(uintptr(fd), "ptmx"), done: make(chan struct{})}
	t.Cleanup(func() { term.master.Close() })
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns})
	}
	if err != nil {
		t.Skip("no terminals here: ", err)
	}
	side, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no terminals here: ", err)
	}
	defer side.Close()
	term.cmd = process(t, append([]string{"TERM=xterm"}, env...), args...)
	term.cmd.Stdin, term.cmd.Stdout, term.cmd.Stderr = side, side, side
	term.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := term.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = term.cmd.Process.Kill() })
	go func() {
		defer close(term.done)
		piece := make([]byte, 4096)
		for {
			n, err := term.master.Read(piece)
			term.mutex.Lock()
			term.shown.Write(piece[:n])
			term.mutex.Unlock()
			if err != nil { // the command has ended
				return
			}
		}
	}()
	return term
}

func (m *terminal) text() string {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return m.shown.String()
}

// until waits until the text is shown.
func (m *terminal) until(t *testing.T, text string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !strings.Contains(m.text(), text); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%q was never shown; %.200q was", text, m.text())
		}
	}
}

// status waits for the end of the command.
func (m *terminal) status() int {
	_ = m.cmd.Wait()
	<-m.done
	return m.cmd.ProcessState.ExitCode()
}

// lines are what was shown, without escape sequences and the ^C that the terminal echoes;
// a line that is drawn anew counts each time.
func (m *terminal) lines() []string {
	text := regexp.MustCompile("\x1b\\[[0-9]*[a-zA-Z]|\\^C").ReplaceAllString(m.text(), "")
	return regexp.MustCompile("[\r\n]+").Split(text, -1)
}

// Somebody fits at a terminal and presses Ctrl-C.
func TestFitAtATerminal(t *testing.T) {
	data := tableFile(t, "data.npy", blobs(t, 2000, tensor.Float64))
	model := filepath.Join(t.TempDir(), "model")
	for _, columns := range []uint16{80, 40} {
		term := inTerminal(t, columns, []string{"NO_COLOR=1"}, "fit", data, "-k", "50", "--n-init", "1000000000", "--model", model)
		term.until(t, "run ")
		if _, err := term.master.WriteString("\x03"); err != nil {
			t.Fatal(err)
		}
		if status := term.status(); status != exitInterrupted {
			t.Errorf("status %d", status)
		}
		lines := term.lines()
		if end := lines[len(lines)-2]; end != "lloyd: interrupted; the best state so far was written" {
			t.Errorf("the last line is %q", end)
		}
		for _, line := range lines {
			if n := len([]rune(strings.TrimRight(line, " "))); n > int(columns) && strings.Contains(line, "|") { // the progress
				t.Errorf("%d columns in a terminal of %d: %q", n, columns, line)
			}
		}
		lloyd("predict", data, "--model", model).done(t)
		if err := os.Remove(model); err != nil {
			t.Error(err)
		}
		if regexp.MustCompile("\x1b\\[[0-9;]*m").MatchString(term.text()) {
			t.Error("there are colors")
		}
	}
}

// --quiet and a terminal that cannot redraw a line have no progress; --json comes
// after it, alone on standard output.
func TestQuietAtATerminal(t *testing.T) {
	data := tableFile(t, "data.npy", blobs(t, 200, tensor.Float64))
	for _, c := range []struct {
		env  []string
		args []string
		want string
	}{
		{nil, []string{"--quiet"}, "^$"},
		{[]string{"TERM=dumb"}, []string{"--json"}, `^\{.*\}\r\n$`},
		{nil, []string{"--json", "-q"}, `^\{.*\}\r\n$`},
		{nil, []string{"--json"}, `\{.*\}\r\n$`},
	} {
		term := inTerminal(t, 80, c.env, append([]string{"fit", data, "-k", "2"}, c.args...)...)
		if status := term.status(); status != exitDone {
			t.Errorf("%v: status %d", c.args, status)
		}
		if !regexp.MustCompile(c.want).MatchString(term.text()) {
			t.Errorf("%v: %q", c.args, term.text())
		}
	}
}
