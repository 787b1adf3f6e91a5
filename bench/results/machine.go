package results

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/seed-fbf9ce71/lloyd/bench"
	"github.com/seed-fbf9ce71/lloyd/kernel"
)

// Machine describes the machine and the date in one sentence: the CPU's name and
// family, its cores, the memory, the Go version and the kernel levels.
func Machine() string {
	var levels []string
	for _, l := range kernel.Supported() {
		levels = append(levels, l.String())
	}
	memory := ""
	if bytes := bench.Memory(); bytes > 0 {
		memory = fmt.Sprintf(", %.0f GiB", float64(bytes)/(1<<30))
	}
	return fmt.Sprintf("Measured on %s: %d cores of %s%s, %s/%s, %s; kernel levels %s.",
		time.Now().UTC().Format(time.DateOnly), runtime.NumCPU(), bench.CPU(), memory,
		runtime.GOOS, runtime.GOARCH, runtime.Version(), strings.Join(levels, ", "))
}
