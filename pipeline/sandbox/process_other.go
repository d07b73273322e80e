//go:build !linux

package sandbox

import "os"

func selfProgram() (string, error) { return os.Executable() }
