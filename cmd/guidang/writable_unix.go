//go:build unix

package main

import "golang.org/x/sys/unix"

// writable says whether a folder may be written to, without writing.
func writable(dir string) error { return unix.Access(dir, unix.W_OK) }
