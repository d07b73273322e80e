package sandbox

import (
	"os/exec"
	"syscall"
)

// selfPath is this program, also after an update has put another one into its
// place: parent and child have to be the same version.
const selfPath = "/proc/self/exe"

func selfProgram() (string, error) { return selfPath, nil }

// attributes put a child into a group of its own, so that Ctrl-C reaches only
// the parent and a kill reaches all of it, and bind its life to the thread that
// started it.
func attributes(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
