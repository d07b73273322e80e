package engines

import (
	"bytes"
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// attributes put the engine into a group of its own, so that Ctrl-C reaches
// only us, and bind its life to the thread that starts it, which stays for as
// long as the engine lives: a server that is not ours may not watch its
// standard input.
func attributes(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// memory is what a process holds that is not a mapped file.
func memory(pid int) (int64, bool) {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0, false
	}
	_, rest, found := bytes.Cut(status, []byte("\nRssAnon:"))
	if !found {
		return 0, false
	}
	number, _, _ := bytes.Cut(bytes.TrimSpace(rest[:min(len(rest), 40)]), []byte(" "))
	kib, err := strconv.ParseInt(string(number), 10, 64)
	return kib << 10, err == nil
}
