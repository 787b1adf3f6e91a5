package kernel

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
)

// Level is an instruction set for which kernels exist. The zero value is
// Generic.
type Level uint8

// The levels, worst first within an architecture.
const (
	Generic    Level = iota // pure Go
	AVX2                    // amd64: AVX2 and FMA
	AVX512                  // amd64: AVX2 level and AVX-512 F, VL, DQ, BW
	AVX512VNNI              // amd64: AVX512 level and AVX-512 VNNI
	NEON                    // arm64: Advanced SIMD
	NEONDot                 // arm64: NEON level and the dot product extension
)

var levelNames = [...]string{Generic: "generic", AVX2: "avx2", AVX512: "avx512", AVX512VNNI: "avx512vnni", NEON: "neon", NEONDot: "neondot"}

// EnvVar is the environment variable that lowers the level: it holds the name
// of a level that this CPU supports. It is read once, at start-up.
const EnvVar = "LLOYD_KERNEL"

// ErrLevel is wrapped by errors about a level that does not exist or that this
// machine cannot run.
var ErrLevel = errors.New("kernel: level not available")

// String returns the level's name, the one that LLOYD_KERNEL takes.
func (l Level) String() string {
	if int(l) < len(levelNames) {
		return levelNames[l]
	}
	return fmt.Sprintf("Level(%d)", uint8(l))
}

// Supported returns the levels that this build can run on this CPU, worst
// first; the first is always Generic. The slice is the caller's.
func Supported() []Level {
	return append([]Level{Generic}, detected()...)
}

// All returns every level that has kernels on the architecture of this build,
// whether this CPU runs it or not, worst first. Tests use it to report what
// they could not run.
func All() []Level {
	return append([]Level{Generic}, built()...)
}

// Parse returns the level named name, in any case. The error wraps ErrLevel and
// lists the levels that this machine supports when name is unknown or not
// supported here.
func Parse(name string) (Level, error) {
	supported := Supported()
	for _, l := range supported {
		if strings.EqualFold(name, l.String()) {
			return l, nil
		}
	}
	known := "is not the name of a kernel level"
	for _, n := range levelNames {
		if strings.EqualFold(name, n) {
			known = "is a kernel level that this CPU or build does not support"
		}
	}
	return Generic, fmt.Errorf("%w: %q %s; choose one of %s", ErrLevel, name, known, names(supported))
}

func names(levels []Level) string {
	s := make([]string, len(levels))
	for i, l := range levels {
		s[i] = l.String()
	}
	return strings.Join(s, ", ")
}

var (
	active     atomic.Uint32
	overridden atomic.Bool // Use was called: startErr no longer speaks of the level in use
	startErr   error       // set by init only
)

func init() {
	supported := Supported()
	active.Store(uint32(supported[len(supported)-1]))
	if name := os.Getenv(EnvVar); name != "" {
		l, err := Parse(name)
		if err != nil {
			startErr = fmt.Errorf("%s=%s: %w", EnvVar, name, err)
			return
		}
		active.Store(uint32(l))
	}
}

// Active returns the level in use. The error, which wraps ErrLevel, says that
// LLOYD_KERNEL named a level that is unknown or not supported here; every
// exported function of package lloyd returns it then, because going on with
// another level than the one asked for would mislead a measurement.
func Active() (Level, error) {
	if startErr != nil && !overridden.Load() {
		return Generic, startErr
	}
	return Level(active.Load()), nil
}

// Use makes l the level in use for the whole process, from the next call of a
// kernel on, and returns the one it replaces. It is meant for tests and
// benchmarks that compare levels; results do not depend on it. The error wraps
// ErrLevel when this CPU or build does not support l.
func Use(l Level) (previous Level, err error) {
	for _, s := range Supported() {
		if s == l {
			overridden.Store(true)
			return Level(active.Swap(uint32(l))), nil
		}
	}
	return Level(active.Load()), fmt.Errorf("%w: %s is not supported here; choose one of %s", ErrLevel, l, names(Supported()))
}
