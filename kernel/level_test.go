package kernel

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, l := range Supported() {
		for _, name := range []string{l.String(), strings.ToUpper(l.String())} {
			if got, err := Parse(name); err != nil || got != l {
				t.Errorf("Parse(%q) is %v, %v", name, got, err)
			}
		}
	}
	for _, name := range []string{"", "avx", "sse2", "avx2 ", "Level(0)"} {
		_, err := Parse(name)
		if !errors.Is(err, ErrLevel) {
			t.Errorf("Parse(%q): %v, want an error that wraps ErrLevel", name, err)
			continue
		}
		for _, l := range Supported() {
			if !strings.Contains(err.Error(), l.String()) {
				t.Errorf("Parse(%q): %v does not list %s", name, err, l)
			}
		}
	}
	foreign := NEON
	if runtime.GOARCH == "arm64" {
		foreign = AVX2
	}
	if _, err := Parse(foreign.String()); !errors.Is(err, ErrLevel) || !strings.Contains(err.Error(), "does not support") {
		t.Errorf("Parse(%q) on %s: %v", foreign, runtime.GOARCH, err)
	}
}

// TestLevelsAreCumulative: the best level comes last, and each one that is
// supported is one that was built.
func TestLevelsAreCumulative(t *testing.T) {
	all, supported := All(), Supported()
	if all[0] != Generic || supported[0] != Generic {
		t.Fatalf("generic does not come first in %v, %v", all, supported)
	}
	for i, l := range supported {
		if all[i] != l {
			t.Errorf("supported %v is not a beginning of %v", supported, all)
		}
	}
}

func TestUse(t *testing.T) {
	before, err := Active()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range Supported() {
		previous, err := Use(l)
		if err != nil {
			t.Fatal(err)
		}
		if now, err := Active(); now != l || err != nil {
			t.Errorf("after Use(%v) the level is %v, %v", l, now, err)
		}
		if _, err := Use(previous); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Use(Level(99)); !errors.Is(err, ErrLevel) {
		t.Errorf("Use of no level: %v", err)
	}
	if now, _ := Active(); now != before {
		t.Errorf("the level is %v, was %v", now, before)
	}
}

// TestEnvironment starts this test again with LLOYD_KERNEL set, because the
// variable is read at start-up.
func TestEnvironment(t *testing.T) {
	if os.Getenv("LLOYD_TEST_CHILD") != "" {
		l, err := Active()
		os.Stdout.WriteString("level " + l.String() + "\n")
		if err != nil {
			os.Stdout.WriteString("error " + err.Error() + "\n")
		}
		return
	}
	supported := Supported()
	for value, want := range map[string]string{
		"":         "level " + supported[len(supported)-1].String(),
		"generic":  "level generic",
		"GENERIC":  "level generic",
		"nonsense": `error LLOYD_KERNEL=nonsense: kernel: level not available: "nonsense" is not the name of a kernel level; choose one of ` + names(supported),
	} {
		child := exec.Command(os.Args[0], "-test.run", "^TestEnvironment$")
		child.Env = append(os.Environ(), "LLOYD_TEST_CHILD=1", EnvVar+"="+value)
		out, err := child.CombinedOutput()
		if err != nil {
			t.Skipf("cannot start this test again (%v), as under an emulator", err)
		}
		if !strings.Contains(string(out), want+"\n") {
			t.Errorf("%s=%s: got %q, want %q", EnvVar, value, out, want)
		}
	}
}
