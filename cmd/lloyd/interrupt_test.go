package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"gorgonia.org/tensor"
)

// Ctrl-C in the middle of an endless fit leaves the best model so far.
func TestInterruptedFitWritesTheBestSoFar(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no process can be interrupted from outside there")
	}
	data := tableFile(t, "data.npy", blobs(t, 2000, tensor.Float64))
	dir := t.TempDir()
	model, labels := filepath.Join(dir, "model"), filepath.Join(dir, "labels.csv")
	for _, patience := range []time.Duration{300 * time.Millisecond, 2 * time.Second, 15 * time.Second} {
		cmd := process(t, nil, "fit", data, "-k", "50", "--n-init", "1000000000", "--model", model, "--labels", labels, "--json")
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(patience)
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		if strings.Contains(stderr.String(), "nothing was written") || cmd.ProcessState.ExitCode() < 0 {
			continue // a slow machine: it came before the first iteration or the handler
		}
		out := outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
		if out.status != exitInterrupted || out.stderr != "lloyd: interrupted; the best state so far was written\n" {
			t.Errorf("status %d, standard error %q", out.status, out.stderr)
		}
		if stopped := out.object(t)["stopped"]; stopped != "canceled" {
			t.Errorf("stopped is %v", stopped)
		}
		predicted := lloyd("predict", data, "--model", model).done(t)
		if predicted.stdout != contents(t, labels) {
			t.Error("the model and the labels written do not belong together")
		}
		return
	}
	t.Error("no model after 15 seconds")
}

func TestInterruptedBeforeTheResult(t *testing.T) {
	data := tableFile(t, "data.csv", blobs(t, 50, tensor.Float64))
	model := filepath.Join(t.TempDir(), "model")
	ctx := contextDone(t)
	for _, args := range [][]string{
		{"fit", data, "-k", "3", "--model", model},
		{"fit", data, "-k", "3", "--model", model, "--minibatch"},
		{"fit", data, "-k", "3", "--model", model, "--bisect"},
		{"demo", "--out", t.TempDir()},
	} {
		var stdout, stderr bytes.Buffer
		status := run(ctx, args, strings.NewReader(""), &stdout, &stderr)
		outcome{status, stdout.String(), stderr.String()}.failed(t, exitInterrupted, `^lloyd: interrupted`)
	}
	if _, err := os.Stat(model); err == nil {
		t.Error("a model was written")
	}
}

// Standard input that never ends does not keep Ctrl-C from working.
func TestInterruptedWhileReading(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	var stdout, stderr bytes.Buffer
	status := run(ctx, []string{"fit", "-", "-k", "3"}, r, &stdout, &stderr)
	outcome{status, stdout.String(), stderr.String()}.failed(t, exitInterrupted, `^lloyd: interrupted`)
}

// Labels that nobody takes do not keep Ctrl-C from working.
func TestInterruptedWhilePrinting(t *testing.T) {
	data, model := tableFile(t, "data.csv", blobs(t, 50, tensor.Float64)), filepath.Join(t.TempDir(), "model")
	lloyd("fit", data, "-k", "3", "--model", model).done(t)
	r, w := io.Pipe()
	defer r.Close()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	var stderr bytes.Buffer
	status := run(ctx, []string{"predict", data, "--model", model}, strings.NewReader(""), w, &stderr)
	outcome{status, "", stderr.String()}.failed(t, exitInterrupted, `^lloyd: interrupted`)
}

// The second Ctrl-C ends at once what the first one does not end: a summary that
// nobody takes.
func TestSecondInterruptEndsAtOnce(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no process can be interrupted from outside there")
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if err := w.SetWriteDeadline(time.Now().Add(20 * time.Millisecond)); err != nil {
		t.Skip(err)
	}
	if _, err := w.Write(make([]byte, 4<<20)); err == nil {
		t.Skip("pipes are never full here")
	}
	model := filepath.Join(t.TempDir(), "model")
	cmd := process(t, nil, "fit", tableFile(t, "data.csv", blobs(t, 50, tensor.Float64)), "-k", "3", "--model", model)
	cmd.Stderr = w
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) { // the summary comes after the model
		if _, err := os.Stat(model); err == nil || time.Now().After(end) {
			break
		}
	}
	for press := range 2 {
		time.Sleep(100 * time.Millisecond)
		select {
		case <-ended:
			t.Fatalf("it ended after %s: %v", counted(press, "interrupt"), cmd.ProcessState)
		default:
		}
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case <-ended:
		if code := cmd.ProcessState.ExitCode(); code != -1 {
			t.Errorf("it ended by itself: %v", cmd.ProcessState)
		}
	case <-time.After(20 * time.Second):
		_ = cmd.Process.Kill()
		t.Error("it does not end")
	}
}

// contextDone is the context after Ctrl-C.
func contextDone(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
