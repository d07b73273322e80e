//go:build unix

package sandbox

import (
	"os"
	"os/exec"
	"syscall"
)

func killGroup(cmd *exec.Cmd) {
	if cmd.Process.Kill() == nil { // else it is gone, and its number may be another's
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
}

// killed says that a process died by SIGKILL, which no reader can do to itself.
func killed(state *os.ProcessState) bool {
	s, ok := state.Sys().(syscall.WaitStatus)
	return ok && s.Signaled() && s.Signal() == syscall.SIGKILL
}
