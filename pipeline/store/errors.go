package store

import (
	"errors"
	"fmt"
	"io/fs"
)

// Errors of the place where originals are kept, as opposed to the original's
// own. Both stop a run: no item is to blame for them.
var (
	ErrDiskFull = errors.New("the disk is full")
	ErrWrite    = errors.New("the store cannot be written")
)

// writing marks an error met while writing into a store, so that callers can
// tell it from one of the reader they handed in. A full disk or a used-up quota
// is ErrDiskFull, anything else ErrWrite.
func writing(err error) error {
	switch {
	case err == nil:
		return nil
	case isDiskFull(err):
		return fmt.Errorf("%w: %w", ErrDiskFull, err)
	default:
		return fmt.Errorf("%w: %w", ErrWrite, err)
	}
}

// reading sorts an error met while reading stored bytes: a file that is gone
// or a bad sector is the original's damage, everything else (too many open
// files, no permission) is not.
func reading(err error) error {
	if errors.Is(err, fs.ErrNotExist) || isBadSector(err) {
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return err
}
