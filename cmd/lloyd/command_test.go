package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/dataset"
)

// asCommand in the environment turns the test binary into the command.
const asCommand = "LLOYD_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// outcome is what a user sees of one command.
type outcome struct {
	status         int
	stdout, stderr string
}

// lloyd runs the command within this process.
func lloyd(args ...string) outcome { return lloydWith(strings.NewReader(""), args...) }

func lloydWith(stdin io.Reader, args ...string) outcome {
	var stdout, stderr bytes.Buffer
	status := run(context.Background(), args, stdin, &stdout, &stderr)
	return outcome{status, stdout.String(), stderr.String()}
}

// process prepares the command as a process of its own.
func process(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(append(os.Environ(), asCommand+"=1"), env...)
	return cmd
}

// lloydProcess runs the command as a process of its own.
func lloydProcess(t *testing.T, env []string, args ...string) outcome {
	t.Helper()
	cmd := process(t, env, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// done demands status 0.
func (o outcome) done(t *testing.T) outcome {
	t.Helper()
	if o.status != exitDone {
		t.Fatalf("status %d, stderr:\n%s", o.status, o.stderr)
	}
	return o
}

// object decodes standard output, which must be one JSON object on one line.
func (o outcome) object(t *testing.T) map[string]any {
	t.Helper()
	if strings.Count(o.stdout, "\n") != 1 || !strings.HasSuffix(o.stdout, "\n") {
		t.Fatalf("not one line on standard output: %q", o.stdout)
	}
	var object map[string]any
	if err := json.Unmarshal([]byte(o.stdout), &object); err != nil {
		t.Fatalf("standard output is no JSON object: %v: %q", err, o.stdout)
	}
	return object
}

// blobs are the rows most tests work on: three groups in four columns.
func blobs(t testing.TB, n int, dtype tensor.Dtype) *tensor.Dense {
	t.Helper()
	set, err := dataset.Blobs(dataset.BlobsConfig{N: n, Centers: 3, D: 4, Seed: 7, Dtype: dtype})
	if err != nil {
		t.Fatal(err)
	}
	return set.X
}

// tableFile writes x into a new folder and returns the path.
func tableFile(t *testing.T, name string, x *tensor.Dense) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := dataset.WriteFile(path, x); err != nil {
		t.Fatal(err)
	}
	return path
}

// textFile writes text into a new folder and returns the path.
func textFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func contents(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func labelsIn(t *testing.T, path string) []int32 {
	t.Helper()
	labels, err := dataset.ReadLabelsFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return labels
}

func matrixIn(t *testing.T, path string) *tensor.Dense {
	t.Helper()
	table, err := dataset.ReadFile(path, dataset.FileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return table.X
}

// npyText is an NPY file with the given header entries and data.
func npyText(descr, shape, data string) string {
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", descr, shape)
	header += strings.Repeat(" ", 117-len(header)) + "\n"
	return "\x93NUMPY\x01\x00" + string([]byte{byte(len(header)), 0}) + header + data
}
