package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-fbf9ce71/lloyd/kernel"
)

func newInfo() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "info [flags]",
		Short: "Tell the CPU, the compute kernels and which one runs",
		Long: `Info tells what lloyd found out about this machine: the CPU's features that
matter, the kernels of this build and those that run here, the one in use, and
how it tiles the search for the nearest center for some shapes of data.

LLOYD_KERNEL=NAME in the environment takes one of the slower kernels; results
are the same with each.`,
		Example: `  lloyd info
  LLOYD_KERNEL=generic lloyd info --json`,
		Args: noArguments,
		RunE: action(func(cmd *cobra.Command, _ []string) error {
			level, err := kernel.Active()
			if err != nil {
				return err
			}
			machine := survey(level)
			if asJSON {
				return writeJSON(cmd.OutOrStdout(), machine)
			}
			return machine.print(cmd.OutOrStdout())
		}),
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

// machine is what "lloyd info" tells.
type machine struct {
	Version  string   `json:"version"`
	Go       string   `json:"go"`
	OS       string   `json:"os"`
	Arch     string   `json:"arch"`
	CPUs     int      `json:"cpus"`
	Threads  int      `json:"threads"`
	Features []string `json:"features"`
	Built    []string `json:"built"`
	Runs     []string `json:"runs"`
	Kernel   string   `json:"kernel"`
	Asked    string   `json:"asked"` // LLOYD_KERNEL
	Plans    []plan   `json:"plans"`
}

// plan is how the kernel in use tiles one shape.
type plan struct {
	D          int    `json:"d"`
	K          int    `json:"k"`
	Dtype      string `json:"dtype"`
	Method     string `json:"method"`
	RowTile    int    `json:"row_tile"`
	CenterTile int    `json:"center_tile"`
	Groups     int    `json:"groups"`
}

// exampleShapes are columns and clusters of everyday data, small to large.
var exampleShapes = [][2]int{{2, 8}, {16, 64}, {64, 10}, {64, 100}, {128, 1024}, {768, 256}}

func survey(level kernel.Level) machine {
	m := machine{
		Version: version(), Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH,
		CPUs: runtime.NumCPU(), Threads: runtime.GOMAXPROCS(0),
		Features: append([]string{}, kernel.Features()...),
		Built:    names(kernel.All()), Runs: names(kernel.Supported()),
		Kernel: level.String(), Asked: os.Getenv(kernel.EnvVar),
	}
	for _, shape := range exampleShapes {
		for _, dtype := range []struct {
			name string
			size int
		}{{"float32", 4}, {"float64", 8}} {
			p := kernel.PlanFor(level, dtype.size, shape[1], shape[0])
			m.Plans = append(m.Plans, plan{shape[0], shape[1], dtype.name, p.Method.String(), p.RowTile, p.CenterTile, p.Groups})
		}
	}
	return m
}

func names(levels []kernel.Level) []string {
	var s []string
	for _, l := range levels {
		s = append(s, l.String())
	}
	return s
}

func (m machine) print(w io.Writer) error {
	var b strings.Builder
	say := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-12s%s\n", name, fmt.Sprintf(format, args...))
	}
	say("lloyd", "%s, %s", m.Version, m.Go)
	say("machine", "%s/%s, %s, %s in use", m.OS, m.Arch, counted(m.CPUs, "CPU"), counted(m.Threads, "thread"))
	features := strings.Join(m.Features, " ")
	if features == "" {
		features = "none that matters"
	}
	say("features", "%s", features)
	say("kernels", "%s in this build", strings.Join(m.Built, " "))
	say("", "%s on this CPU", strings.Join(m.Runs, " "))
	why := "the best here"
	if m.Asked != "" {
		why = kernel.EnvVar + "=" + m.Asked
	}
	say("in use", "%s (%s)", m.Kernel, why)
	b.WriteString("\nHow the nearest center is found, and the register tile of rows × centers:\n\n")
	fmt.Fprintf(&b, "%6s %6s   %-22s%s\n", "D", "K", "float32", "float64")
	for i := 0; i < len(m.Plans); i += 2 {
		p := m.Plans[i]
		fmt.Fprintf(&b, "%6d %6d   %-22s%s\n", p.D, p.K, p.text(), m.Plans[i+1].text())
	}
	return writeText(w, b.String())
}

func (p plan) text() string {
	return fmt.Sprintf("%-7s %2d × %d", p.Method, p.RowTile, p.CenterTile)
}
