// Command init is process 1 of the throwaway Linux guest which
// avx512-emulate.sh starts inside Bochs. It mounts the usual file systems,
// runs the program described by /job/args (NUL-separated) with its output on
// the second serial port, reports the exit status there in a final trailer
// line and asks Bochs to stop.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

func fields(path string) []string {
	b, err := os.ReadFile(path)
	if err != nil || len(b) == 0 {
		return nil
	}
	var out []string
	for _, f := range bytes.Split(bytes.TrimSuffix(b, []byte{0}), []byte{0}) {
		out = append(out, string(f))
	}
	return out
}

// raw turns off output processing (no \n -> \r\n) and asks for 115200 baud.
func raw(f *os.File) {
	var t syscall.Termios
	if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), syscall.TCGETS, uintptr(unsafe.Pointer(&t))); e != 0 {
		return
	}
	t.Iflag, t.Oflag, t.Lflag = 0, 0, 0
	t.Cflag = syscall.CS8 | syscall.CREAD | syscall.CLOCAL | syscall.B115200
	syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), syscall.TCSETS, uintptr(unsafe.Pointer(&t)))
}

func drain(f *os.File) {
	const tcsbrk = 0x5409 // TCSBRK with a non-zero argument is tcdrain
	syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), tcsbrk, 1)
}

func main() {
	for _, m := range [][2]string{{"proc", "/proc"}, {"sysfs", "/sys"}, {"devtmpfs", "/dev"}, {"tmpfs", "/tmp"}} {
		os.MkdirAll(m[1], 0o755)
		if err := syscall.Mount(m[0], m[1], m[0], 0, ""); err != nil {
			fmt.Fprintln(os.Stderr, "init: mount", m[1], err)
		}
	}
	os.Chmod("/tmp", 0o1777)
	out, err := os.OpenFile("/dev/ttyS1", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		fmt.Fprintln(os.Stderr, "init:", err)
		poweroff()
	}
	raw(out)

	uptime, _ := os.ReadFile("/proc/uptime")
	fmt.Fprintf(os.Stderr, "init: guest uptime %s", uptime)

	code := run(out)
	drain(out)
	fmt.Fprintf(out, "\n@@avx512-emulate exit %d\n", code)
	drain(out)
	poweroff()
}

func run(out *os.File) int {
	args := fields("/job/args")
	if len(args) == 0 {
		fmt.Fprintln(out, "init: /job/args is empty")
		return 125
	}
	cmd := exec.Command("/job/bin")
	cmd.Args = args
	cmd.Env = append([]string{"HOME=/tmp", "PATH=/job", "TMPDIR=/tmp"}, fields("/job/env")...)
	cmd.Dir = "/job/dir"
	cmd.Stdout, cmd.Stderr = out, out
	start := time.Now()
	err := cmd.Run()
	fmt.Fprintf(os.Stderr, "init: program took %v of guest time\n", time.Since(start))
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		ws := exit.Sys().(syscall.WaitStatus)
		if ws.Signaled() {
			fmt.Fprintln(out, "init: killed by", ws.Signal())
			return 128 + int(ws.Signal())
		}
		return ws.ExitStatus()
	}
	fmt.Fprintln(out, "init:", strings.TrimSpace(err.Error()))
	return 126
}

// outb writes one byte to an I/O port.
func outb(port uint16, v uint8)

// poweroff writes Bochs's shutdown word to its magic port 0x8900, and should
// that not work, takes the ordinary way (ACPI).
func poweroff() {
	syscall.Sync()
	runtime.LockOSThread() // the permission is the thread's
	if _, _, e := syscall.RawSyscall(syscall.SYS_IOPERM, 0x8900, 1, 1); e == 0 {
		for _, c := range []byte("Shutdown") {
			outb(0x8900, c)
		}
	}
	syscall.Reboot(syscall.LINUX_REBOOT_CMD_POWER_OFF)
	for {
		time.Sleep(time.Hour)
	}
}
