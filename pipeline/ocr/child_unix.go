//go:build unix

package ocr

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"

	"guidang/pipeline/sandbox"
)

// confines says that a child can confine itself and become another program.
const confines = true

// libraries is where the libraries and models of tesseract lie.
var libraries = []string{"/lib", "/lib64", "/lib32", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64", "/usr/share/tesseract-ocr", "/usr/share/tessdata",
	"/usr/local/share/tessdata", "/opt", "/nix/store", "/gnu/store", "/snap", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld-musl-x86_64.path", "/dev/null", "/dev/urandom"}

// become turns this process into tesseract, confined.
func become(o order) error {
	program, err := filepath.EvalSymlinks(o.Program)
	if err != nil {
		return fmt.Errorf("tesseract: %w", err)
	}
	read := append([]string{program}, libraries...)
	if o.Data != "" {
		read = append(read, o.Data)
	}
	sandbox.Confine(sandbox.Confinement{Memory: o.Memory, CPU: o.CPU, Exec: true, Read: read})
	return unix.Exec(program, append([]string{"tesseract"}, o.Args...), environment)
}

// apart puts a process into a group of its own, so that Ctrl-C reaches only the
// parent, which then ends it.
func apart(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
