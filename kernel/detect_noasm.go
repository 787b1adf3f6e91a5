//go:build (!amd64 && !arm64) || purego

package kernel

func built() []Level    { return nil }
func detected() []Level { return nil }
