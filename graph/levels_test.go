package graph_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Gradients have the same bits at every kernel level.
func TestLevels(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		var want [][]float64
		for _, level := range kernel.Supported() {
			previous, err := kernel.Use(level)
			if err != nil {
				t.Fatal(err)
			}
			p := newProblem(dt, 300, 40, 30, 0, builds["all"])
			values := p.tape(t, p.wrt("all"))
			if _, err := kernel.Use(previous); err != nil {
				t.Fatal(err)
			}
			if want == nil {
				for _, v := range values {
					want = append(want, floats(v))
				}
			}
			for i, v := range values {
				if !slices.Equal(floats(v), want[i]) {
					t.Errorf("%v, %v: gradient %d differs", level, dt, i)
				}
			}
		}
	}
}

// TestUnknownKernelName starts this test binary again with LLOYD_KERNEL set to what is
// no level: a run says so.
func TestUnknownKernelName(t *testing.T) {
	const child = "LLOYD_GRAPH_TEST_CHILD"
	if os.Getenv(child) != "" {
		for name, b := range builds {
			p := newProblem(tensor.Float64, 3, 2, 2, 0, b)
			var contextual interface{ Err() error }
			err := gorgonia.NewTapeMachine(p.g).RunAll()
			fmt.Printf("%s %v\n", name, errors.As(err, &contextual) && errors.Is(contextual.Err(), kernel.ErrLevel))
		}
		return
	}
	if testing.Short() {
		t.Skip("starts a process")
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestUnknownKernelName$")
	cmd.Env = append(os.Environ(), child+"=1", kernel.EnvVar+"=avx9")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for name := range builds {
		if !strings.Contains(string(out), name+" true\n") {
			t.Errorf("%s does not report the level:\n%s", name, out)
		}
	}
}
