//go:build !light

package pdf

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"
)

// fontPlaces are where the engine looks for fonts within its own file system.
var fontPlaces = []string{"usr/share/fonts", "usr/local/share/fonts"}

// fontFiles is the file system that an engine with fonts sees: folders of fonts at the
// places where it looks for them, and nothing else.
//
// The engine asks for . and .. of each folder that it lists, and lists no more when it
// is told that one is not there. So the folders around the places are there too, and
// empty: with the places alone, mounted one by one, it found no font.
type fontFiles struct{ folders []fs.FS }

// newFontFiles opens folders. A link that leads out of its folder is not followed.
func newFontFiles(folders []string) fontFiles {
	f := fontFiles{}
	for _, dir := range folders[:min(len(folders), len(fontPlaces))] {
		var in fs.FS
		if root, err := os.OpenRoot(dir); err == nil { // else it holds nothing
			in = root.FS()
		}
		f.folders = append(f.folders, in)
	}
	return f
}

// Open is fs.FS.
func (f fontFiles) Open(name string) (fs.File, error) {
	for i, in := range f.folders {
		switch rest, below := strings.CutPrefix(name, fontPlaces[i]); {
		case in == nil:
		case below && rest == "":
			return in.Open(".")
		case below && rest[0] == '/':
			return in.Open(rest[1:])
		case name == "." || strings.HasPrefix(fontPlaces[i], name+"/"):
			return folder(path.Base(name)), nil
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// folder is an empty folder of that name.
type folder string

var errFolder = errors.New("it is a folder")

// Stat is fs.File.
func (f folder) Stat() (fs.FileInfo, error) { return f, nil }

// Read is fs.File.
func (f folder) Read([]byte) (int, error) { return 0, errFolder }

// Close is fs.File.
func (f folder) Close() error { return nil }

// ReadDir is fs.ReadDirFile.
func (f folder) ReadDir(int) ([]fs.DirEntry, error) { return nil, nil }

// Name is fs.FileInfo, and so are the others.
func (f folder) Name() string { return string(f) }

// Size of a folder is 0.
func (f folder) Size() int64 { return 0 }

// Mode is that of a folder that may be read.
func (f folder) Mode() fs.FileMode { return fs.ModeDir | 0o555 }

// ModTime is not known.
func (f folder) ModTime() time.Time { return time.Time{} }

// IsDir is true.
func (f folder) IsDir() bool { return true }

// Sys is nil.
func (f folder) Sys() any { return nil }
