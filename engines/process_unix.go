//go:build unix

package engines

import (
	"os/exec"
	"syscall"
)

// killGroup ends a process and what it started.
func killGroup(cmd *exec.Cmd) {
	if cmd.Process.Kill() == nil { // else it is gone, and its number may be another's
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
}
