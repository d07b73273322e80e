package pipeline

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// LockFile locks f for as long as it is open, without waiting. held says that
// another process has it.
func LockFile(f *os.File) (held bool, err error) {
	const one = 1 // byte: a file may be locked beyond its end, and this one is empty
	err = windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, one, 0, &windows.Overlapped{})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return true, nil
	}
	return false, err
}

// unlockFile does nothing: the lock ends with the handle, which no child gets.
func unlockFile(*os.File) error { return nil }
