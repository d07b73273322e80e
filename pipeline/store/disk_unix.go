//go:build unix

package store

import (
	"errors"

	"golang.org/x/sys/unix"
)

func isDiskFull(err error) bool {
	return errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT)
}

func isBadSector(err error) bool { return errors.Is(err, unix.EIO) }

// freeBytes is what an ordinary user may still write: the blocks that the file
// system reserves for root do not count.
func freeBytes(dir string) (int64, error) {
	var s unix.Statfs_t
	for {
		err := unix.Statfs(dir, &s)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return 0, err
		}
		return int64(s.Bavail) * int64(s.Bsize), nil //nolint:unconvert,gosec // the field's type differs between systems; no disk has 8 EiB
	}
}
