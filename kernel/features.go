package kernel

import (
	"runtime"

	"golang.org/x/sys/cpu"
)

// Features returns the names of the CPU features that matter to the kernels,
// present ones only, in a fixed order.
func Features() []string {
	type feature struct {
		name string
		has  bool
	}
	var all []feature
	switch runtime.GOARCH {
	case "amd64":
		x := &cpu.X86
		all = []feature{
			{"sse4.2", x.HasSSE42}, {"avx", x.HasAVX}, {"avx2", x.HasAVX2}, {"fma", x.HasFMA},
			{"avx512f", x.HasAVX512F}, {"avx512vl", x.HasAVX512VL}, {"avx512dq", x.HasAVX512DQ},
			{"avx512bw", x.HasAVX512BW}, {"avx512vnni", x.HasAVX512VNNI}, {"avx512bf16", x.HasAVX512BF16},
		}
	case "arm64":
		a := &cpu.ARM64
		all = []feature{
			{"asimd", a.HasASIMD}, {"asimdhp", a.HasASIMDHP}, {"asimddp", a.HasASIMDDP}, {"sve", a.HasSVE},
		}
	}
	var names []string
	for _, f := range all {
		if f.has {
			names = append(names, f.name)
		}
	}
	return names
}
