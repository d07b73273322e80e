package source

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// fdFolder is a folder held by its descriptor. Measured on 50,000 files in 510
// folders with Chinese names (2 cores, warm cache): this walk with all its rules
// takes 0.21 s, as long as find -printf '%s %T@'; filepath.WalkDir with Info,
// without any rule, takes 0.25 s. More important, a descriptor cannot be led
// elsewhere by someone who swaps a folder for a link while the walk is in it.
type fdFolder struct {
	fd   int
	path string // for messages
	buf  []byte // for directory entries, shared by the folders of one walk
}

// openRoot opens the folder that a source begins with. Here, and only here,
// links are followed: the person who set the path wants what it leads to.
func openRoot(path string) (folder, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	return &fdFolder{fd: fd, path: path, buf: make([]byte, 64<<10)}, nil
}

func (d *fdFolder) children() ([]child, error) {
	var out []child
	for {
		n, err := retry(func() (int, error) { return unix.Getdents(d.fd, d.buf) })
		if err != nil {
			return nil, &fs.PathError{Op: "readdir", Path: d.path, Err: err}
		}
		if n <= 0 {
			return out, nil
		}
		if out, err = d.parse(out, d.buf[:n]); err != nil {
			return nil, err
		}
	}
}

// parse reads struct linux_dirent64: inode, offset, length of the record, type,
// name and a NUL.
func (d *fdFolder) parse(out []child, buf []byte) ([]child, error) {
	const (
		length = int(unsafe.Offsetof(unix.Dirent{}.Reclen))
		kindAt = int(unsafe.Offsetof(unix.Dirent{}.Type))
		nameAt = int(unsafe.Offsetof(unix.Dirent{}.Name))
	)
	for len(buf) > nameAt {
		n := int(binary.NativeEndian.Uint16(buf[length:]))
		if n <= nameAt || n > len(buf) {
			return nil, &fs.PathError{Op: "readdir", Path: d.path, Err: fmt.Errorf("a directory entry of %d bytes", n)}
		}
		name := buf[nameAt:n]
		for i, c := range name {
			if c == 0 {
				name = name[:i]
				break
			}
		}
		c := child{name: string(name), kind: kindOfDirent(buf[kindAt])}
		buf = buf[n:]
		// QUIRK: POSIX.1-2017 4.13 knows no "/" in a name; a damaged disk or a
		// broken FUSE file system can still hand one out, and it must not become
		// a path.
		if c.name == "" || c.name == "." || c.name == ".." || strings.Contains(c.name, "/") {
			continue
		}
		if c.kind == unknown { // old XFS, some network shares
			st, err := d.stat(c.name)
			if err == nil {
				c.kind = st.kind
			} else {
				c.kind = plainFile // its stat will tell the error
			}
		}
		out = append(out, c)
	}
	return out, nil
}

func kindOfDirent(t byte) kind {
	switch t {
	case unix.DT_REG:
		return plainFile
	case unix.DT_DIR:
		return directory
	case unix.DT_LNK:
		return symlink
	case unix.DT_UNKNOWN:
		return unknown
	}
	return special
}

func (d *fdFolder) stat(name string) (stat, error) {
	var st unix.Stat_t
	err := unix.Fstatat(d.fd, name, &st, unix.AT_SYMLINK_NOFOLLOW)
	if errors.Is(err, unix.EINTR) {
		_, err = retry(func() (int, error) { return 0, unix.Fstatat(d.fd, name, &st, unix.AT_SYMLINK_NOFOLLOW) })
	}
	if err != nil {
		return stat{}, &fs.PathError{Op: "stat", Path: d.path + "/" + name, Err: err}
	}
	s := stat{size: st.Size, modified: time.Unix(st.Mtim.Unix()), inode: st.Ino}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFREG:
		s.kind = plainFile
	case unix.S_IFDIR:
		s.kind = directory
	case unix.S_IFLNK:
		s.kind = symlink
	default:
		s.kind = special
	}
	return s, nil
}

func (d *fdFolder) folder(name string) (folder, error) {
	fd, err := d.open(name, unix.O_DIRECTORY)
	if err != nil {
		return nil, err
	}
	return &fdFolder{fd: fd, path: d.path + "/" + name, buf: d.buf}, nil
}

func (d *fdFolder) file(name string) (File, error) {
	path := d.path + "/" + name
	// O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
	fd, err := d.open(name, unix.O_NONBLOCK)
	if err != nil {
		return nil, err
	}
	var st unix.Stat_t
	if err = unix.Fstat(fd, &st); err == nil && st.Mode&unix.S_IFMT != unix.S_IFREG {
		err = errNotPlain
	}
	if err == nil {
		err = unix.SetNonblock(fd, false)
	}
	if err != nil {
		_ = unix.Close(fd)
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	return os.NewFile(uintptr(fd), path), nil
}

func (d *fdFolder) open(name string, flags int) (int, error) {
	fd, err := retry(func() (int, error) {
		return unix.Openat(d.fd, name, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NOFOLLOW|flags, 0)
	})
	if errors.Is(err, unix.ELOOP) {
		err = errSymlink
	}
	if err != nil {
		return -1, &fs.PathError{Op: "open", Path: d.path + "/" + name, Err: err}
	}
	return fd, nil
}

func (d *fdFolder) id() fileID {
	var st unix.Stat_t
	if unix.Fstat(d.fd, &st) != nil {
		return fileID{}
	}
	return fileID{uint64(st.Dev), st.Ino} //nolint:unconvert // not 64 bits everywhere
}

func (d *fdFolder) close() error { return unix.Close(d.fd) }

// idOf gives the fileID of a FileInfo of package os.
func idOf(info fs.FileInfo) fileID {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return fileID{uint64(st.Dev), st.Ino} //nolint:unconvert // not 64 bits everywhere
	}
	return fileID{}
}

// retry calls again what a signal interrupted: Go's scheduler sends signals
// to itself, and system calls on network shares end early by them.
func retry(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if !errors.Is(err, unix.EINTR) {
			return n, err
		}
	}
}
