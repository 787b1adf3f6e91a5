package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// worker is a running process of one implementation.
type worker struct {
	of      implementation
	version string
	cmd     *exec.Cmd
	in      io.WriteCloser
	replies chan reply // closed at the end
	loaded  float64    // resident MiB when its rows were read, 0 if unknown
}

// start starts a worker and waits until it has read its rows.
func start(c config, of implementation, f files, threads int, timeout time.Duration) (*worker, error) {
	arguments := []string{"-worker", of.Name, "-rows", f.rows, "-centers", f.centers, "-threads", strconv.Itoa(threads)}
	program := c.python
	if of.Python {
		arguments = append([]string{"-W", "ignore", filepath.Join(c.source, "peers.py")}, arguments...)
	} else {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		program = self
	}
	cmd := exec.Command(program, arguments...)
	cmd.Env = os.Environ()
	for _, name := range []string{"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "GOMAXPROCS"} {
		cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%d", name, threads))
	}
	var failure strings.Builder
	cmd.Stderr = &failure
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	w := &worker{of: of, cmd: cmd, in: in, replies: make(chan reply)}
	go w.read(out)
	ready, err := w.answer(timeout)
	if err != nil {
		w.stop()
		if last := lastLine(failure.String()); last != "" && errors.Is(err, errEnded) {
			err = errors.New(last)
		}
		return nil, err
	}
	w.version = ready.Version
	w.loaded = memory(cmd.Process.Pid, "VmRSS")
	// From here on the peak is that of the work alone.
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", cmd.Process.Pid), []byte("5"), 0)
	return w, nil
}

// read passes the answers on.
func (w *worker) read(out io.Reader) {
	defer close(w.replies)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var r reply
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			r = reply{Error: fmt.Sprintf("what came is no answer: %v", err)}
		}
		w.replies <- r
	}
}

var errEnded = errors.New("its process ended")

// ask sends a request and waits for the answer.
func (w *worker) ask(r request, timeout time.Duration) (reply, error) {
	line, err := json.Marshal(r)
	if err != nil {
		return reply{}, err
	}
	if _, err := w.in.Write(append(line, '\n')); err != nil {
		return reply{}, errEnded
	}
	return w.answer(timeout)
}

func (w *worker) answer(timeout time.Duration) (reply, error) {
	select {
	case r, ok := <-w.replies:
		if !ok {
			return r, errEnded
		}
		if r.Error != "" {
			return r, errors.New(r.Error)
		}
		return r, nil
	case <-time.After(timeout):
		return reply{}, fmt.Errorf("no answer in %v", timeout)
	}
}

// peak returns the most resident MiB since its rows were read, 0 if unknown.
func (w *worker) peak() float64 { return memory(w.cmd.Process.Pid, "VmHWM") }

// stop ends the process.
func (w *worker) stop() {
	w.in.Close()
	_ = w.cmd.Process.Kill() // it holds nothing that has to be brought to safety
	for range w.replies {
	}
	_ = w.cmd.Wait()
}

// memory reads a size from Linux's account of a process, in MiB.
func memory(pid int, name string) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			var kib float64
			if n, _ := fmt.Sscanf(rest, "%f kB", &kib); n == 1 {
				return kib / 1024
			}
		}
	}
	return 0
}

// lastLine returns the last line of text that is not empty.
func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}
