package cluster

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// TestUnknownKernelName starts this test binary again with LLOYD_KERNEL set to
// what is no level: every function says so, none panics.
func TestUnknownKernelName(t *testing.T) {
	if os.Getenv("LLOYD_CLUSTER_TEST_CHILD") != "" {
		x, c := matrix(2, 1., 2, 3, 4, 5, 6), matrix(2, 1., 2)
		for _, init := range inits(x, 2) {
			for _, tol := range []float64{0, -1} {
				_, err := KMeans{K: 2, Init: init, Tol: tol}.Fit(t.Context(), x)
				fmt.Printf("Fit %T %v: %v\n", init, errors.Is(err, kernel.ErrLevel), err)
			}
		}
		for name, use := range uses(c) {
			err := use(x)
			fmt.Printf("%s %v: %v\n", name, errors.Is(err, kernel.ErrLevel), err)
		}
		return
	}
	if testing.Short() {
		t.Skip("starts a process")
	}
	for _, name := range []string{"avx9", "neon, please"} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestUnknownKernelName$")
		cmd.Env = append(os.Environ(), "LLOYD_CLUSTER_TEST_CHILD=1", kernel.EnvVar+"="+name)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s=%s: %v\n%s", kernel.EnvVar, name, err, out)
		}
		lines := 0
		for line := range strings.Lines(string(out)) {
			if strings.HasPrefix(line, "PASS") || strings.HasPrefix(line, "coverage") {
				continue
			}
			lines++
			for _, part := range []string{" true: ", kernel.EnvVar + "=" + name, "choose one of generic"} {
				if !strings.Contains(line, part) {
					t.Errorf("%q does not say %q", strings.TrimSpace(line), part)
				}
			}
		}
		if lines != 22 {
			t.Errorf("%d answers, want 22:\n%s", lines, out)
		}
	}
}
