//go:build unix

package sound

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"

	"guidang/pipeline/sandbox"
)

// become turns this process into another decoder, confined. The recording stays
// open under its descriptor, and its path through /proc is how ffmpeg opens it: its
// pipe protocol cannot go back, and the fd protocol came only with version 6.
func become(o order) error {
	input := descriptor(fileFD)
	words := o.words("file:" + input)
	program, err := filepath.EvalSymlinks(words[0])
	if err != nil {
		return fmt.Errorf("decoder: %w", err)
	}
	sandbox.Confine(sandbox.Confinement{Memory: o.Memory, CPU: o.CPU, Exec: true, Read: slices.Concat([]string{program, input}, o.Program.Read, libraries)})
	// The name stays what it was: Python finds its environment by it.
	return unix.Exec(program, words, []string{"PATH=/nonexistent", "HOME=/nonexistent"})
}

// descriptor is the path by which an open descriptor can be opened anew.
func descriptor(n int) string {
	path := fmt.Sprintf("/proc/self/fd/%d", n)
	if _, err := os.Stat(path); err != nil {
		return fmt.Sprintf("/dev/fd/%d", n)
	}
	return path
}

// inputName is how ffmpeg, started without a child between, opens the recording.
func inputName(*os.File) string { return "file:" + descriptor(fileFD) }

// takesFiles says that a child can be given an open file.
const takesFiles = true

func giveFile(cmd *exec.Cmd, f *os.File) { cmd.ExtraFiles = []*os.File{f} }

// apart puts a decoder into a group of its own, so that Ctrl-C reaches only the
// parent. It ends when nobody reads what it writes.
func apart(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// tooLong says that a process was ended by its limit of computing time.
func tooLong(state *os.ProcessState) bool {
	s, ok := state.Sys().(syscall.WaitStatus)
	return ok && s.Signaled() && (s.Signal() == syscall.SIGXCPU || s.Signal() == syscall.SIGKILL)
}
