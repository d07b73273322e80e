//go:build unix && !linux

package sandbox

import (
	"os/exec"
	"syscall"
)

// attributes put a child into a group of its own. A child finds out by itself
// that its parent is gone.
func attributes(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
