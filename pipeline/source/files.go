package source

import "time"

// folder is an open folder, the little of a file system that a walk needs.
// Tests put faults into it. It is used by one goroutine at a time.
type folder interface {
	// children lists the names within, in any order, without "." and "..".
	children() ([]child, error)

	// stat looks at one child without following links.
	stat(name string) (stat, error)

	// folder opens a child folder, file a child that is a plain file. Neither
	// follows a link, and neither waits for a device or a pipe.
	folder(name string) (folder, error)
	file(name string) (File, error)

	id() fileID
	close() error
}

// child is a name within a folder and what it names.
type child struct {
	name string
	kind kind
}

// kind is what a name of the file system stands for.
type kind uint8

const (
	plainFile kind = iota
	directory
	symlink
	special // device, socket, pipe
	unknown // the file system does not say without a stat
)

// stat is what is known of a file without opening it.
type stat struct {
	kind     kind
	size     int64
	modified time.Time
	inode    uint64
}

// fileID tells files apart whatever path leads to them. The zero fileID means
// that the system does not tell.
type fileID struct{ device, inode uint64 }
