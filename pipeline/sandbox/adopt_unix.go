//go:build unix

package sandbox

import (
	"io/fs"
	"os"
	"syscall"
)

// ownAlone says that a file or folder is this user's, and that nobody else may write
// to it.
func ownAlone(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == os.Getuid() && info.Mode().Perm()&0o022 == 0 && (info.IsDir() || info.Mode().IsRegular())
}
