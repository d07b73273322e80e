//go:build unix && !linux

package engines

import (
	"os/exec"
	"syscall"
)

func attributes(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// memory is not watched here: there is no /proc.
func memory(int) (int64, bool) { return 0, false }
