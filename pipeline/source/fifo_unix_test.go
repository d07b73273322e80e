//go:build unix

package source

import "syscall"

func fifo(path string) error { return syscall.Mkfifo(path, 0o600) }
