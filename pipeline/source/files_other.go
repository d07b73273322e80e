//go:build !linux

package source

import (
	"io/fs"
	"os"
	"path/filepath"
)

// pathFolder is a folder known by its path, for systems other than Linux.
// Inodes are not told there.
type pathFolder string

func openRoot(path string) (folder, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return pathFolder(path), f.Close()
}

func (d pathFolder) children() ([]child, error) {
	entries, err := os.ReadDir(string(d))
	if err != nil {
		return nil, err
	}
	out := make([]child, 0, len(entries))
	for _, e := range entries {
		out = append(out, child{e.Name(), kindOf(e.Type())})
	}
	return out, nil
}

func (d pathFolder) stat(name string) (stat, error) {
	info, err := os.Lstat(filepath.Join(string(d), name))
	if err != nil {
		return stat{}, err
	}
	return stat{kind: kindOf(info.Mode()), size: info.Size(), modified: info.ModTime()}, nil
}

func (d pathFolder) folder(name string) (folder, error) {
	st, err := d.stat(name)
	path := filepath.Join(string(d), name)
	switch {
	case err != nil:
		return nil, err
	case st.kind == symlink:
		return nil, &fs.PathError{Op: "open", Path: path, Err: errSymlink}
	}
	return openRoot(path)
}

func (d pathFolder) file(name string) (File, error) {
	st, err := d.stat(name)
	path := filepath.Join(string(d), name)
	switch {
	case err != nil:
		return nil, err
	case st.kind == symlink:
		return nil, &fs.PathError{Op: "open", Path: path, Err: errSymlink}
	case st.kind != plainFile:
		return nil, &fs.PathError{Op: "open", Path: path, Err: errNotPlain}
	}
	return os.Open(path)
}

func (d pathFolder) id() fileID   { return fileID{} }
func (d pathFolder) close() error { return nil }

func idOf(fs.FileInfo) fileID { return fileID{} }

func kindOf(m fs.FileMode) kind {
	switch {
	case m.IsRegular():
		return plainFile
	case m.IsDir():
		return directory
	case m&fs.ModeSymlink != 0:
		return symlink
	}
	return special
}
