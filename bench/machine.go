package bench

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strings"
)

// CPU returns the name of the processor, with its family and model where Linux tells
// them; the architecture where nothing is known.
func CPU() string {
	info := firstValues("/proc/cpuinfo")
	name := info["model name"]
	if name == "" {
		return runtime.GOARCH
	}
	if family := info["cpu family"]; family != "" {
		name += fmt.Sprintf(" (family %s model %s)", family, info["model"])
	}
	return name
}

// Memory returns the bytes of memory that Linux tells of; 0 elsewhere.
func Memory() int64 {
	var kib int64
	if n, _ := fmt.Sscanf(firstValues("/proc/meminfo")["MemTotal"], "%d kB", &kib); n != 1 {
		return 0
	}
	return kib << 10
}

// firstValues reads lines "name : value" and keeps the first value of each name.
// A file that is not there has none.
func firstValues(path string) map[string]string {
	values := make(map[string]string)
	f, err := os.Open(path)
	if err != nil {
		return values
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		name, value, ok := strings.Cut(lines.Text(), ":")
		name = strings.TrimSpace(name)
		if _, known := values[name]; ok && !known {
			values[name] = strings.TrimSpace(value)
		}
	}
	return values
}
