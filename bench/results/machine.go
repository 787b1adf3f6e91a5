package results

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Machine describes the machine and the date in one sentence: the CPU's name and
// family, its cores, the memory, the Go version and the kernel levels.
func Machine() string {
	cpu := runtime.GOARCH
	info := firstValues("/proc/cpuinfo")
	if name := info["model name"]; name != "" {
		cpu = name
	}
	if family := info["cpu family"]; family != "" {
		cpu += fmt.Sprintf(" (family %s model %s)", family, info["model"])
	}
	var levels []string
	for _, l := range kernel.Supported() {
		levels = append(levels, l.String())
	}
	memory := ""
	var kib int64
	if n, _ := fmt.Sscanf(firstValues("/proc/meminfo")["MemTotal"], "%d kB", &kib); n == 1 {
		memory = fmt.Sprintf(", %.0f GiB", float64(kib)/(1<<20))
	}
	return fmt.Sprintf("Measured on %s: %d cores of %s%s, %s/%s, %s; kernel levels %s.",
		time.Now().UTC().Format(time.DateOnly), runtime.NumCPU(), cpu, memory,
		runtime.GOOS, runtime.GOARCH, runtime.Version(), strings.Join(levels, ", "))
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
