package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"guidang/extractors/document"
)

var (
	errSymlink  = errors.New("it is a symbolic link, and those are not followed")
	errNotPlain = errors.New("it is not a plain file")
	errTooDeep  = fmt.Errorf("it lies below %d folders; what is in it is not walked", maxDepth)
)

// FolderOptions describe a folder to pull from.
type FolderOptions struct {
	Name    string
	Path    string   // a folder, or one file
	Marker  string   // a name that must lie in the root
	Skip    []string // globs of the user
	Trees   bool     // walk into source trees
	Exclude []string // absolute paths that are not walked and not mentioned
	Entries int      // how many entries the last complete walk gave
}

// Folder is a source that lies in the file system.
type Folder struct {
	o     FolderOptions
	path  string
	globs []glob
	root  func(path string) (folder, error)
}

// NewFolder makes a source of a folder or of one file. Nothing is touched yet.
func NewFolder(o FolderOptions) *Folder {
	path := filepath.Clean(o.Path)
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return &Folder{o: o, path: path, globs: compileGlobs(o.Skip), root: openRoot}
}

var _ Source = (*Folder)(nil)

// Name implements Source.
func (f *Folder) Name() string { return f.o.Name }

// Check implements Source. A share that is not mounted leaves an empty folder
// behind: a root that holds nothing now and held something before counts as
// lost, unless the marker proves that it is the true one.
func (f *Folder) Check(ctx context.Context) error {
	root, _, _, err := f.reach(ctx)
	if root != nil {
		_ = root.close() // read only: nothing can be lost
	}
	return err
}

// reach opens the root and lists it. A source that is one file has no root.
func (f *Folder) reach(ctx context.Context) (root folder, names []child, info fs.FileInfo, err error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, nil, err
	}
	info, err = os.Stat(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, nil, f.unreachable(fmt.Sprintf("%s does not exist; is the disk or share mounted?", f.path), nil)
	case err != nil:
		return nil, nil, nil, f.unreachable(fmt.Sprintf("%s cannot be looked at", f.path), err)
	case !info.IsDir():
		return nil, nil, info, nil
	}
	if err := f.marked(); err != nil {
		return nil, nil, nil, err
	}
	if root, err = f.root(f.path); err != nil {
		return nil, nil, nil, f.unreachable(fmt.Sprintf("%s cannot be opened", f.path), err)
	}
	if names, err = root.children(); err != nil {
		_ = root.close()
		return nil, nil, nil, f.unreachable(fmt.Sprintf("%s cannot be read", f.path), err)
	}
	if f.o.Marker == "" && f.o.Entries > len(names) && bare(names) {
		_ = root.close()
		return nil, nil, nil, f.unreachable(fmt.Sprintf("%s is empty now and had %d entries at the last walk; is the disk or share mounted? "+
			"(If it was emptied on purpose, put a file into it and name that as the source's marker.)", f.path, f.o.Entries), nil)
	}
	return root, names, info, nil
}

// marked says whether the marker lies in the root.
func (f *Folder) marked() error {
	if f.o.Marker == "" {
		return nil
	}
	_, err := os.Lstat(filepath.Join(f.path, f.o.Marker))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return f.unreachable(fmt.Sprintf("the marker file %s is not in %s; is the disk or share mounted?", f.o.Marker, f.path), nil)
	case err != nil:
		return f.unreachable(fmt.Sprintf("the marker file %s in %s cannot be looked at", f.o.Marker, f.path), err)
	}
	return nil
}

// bare says that nothing lies there but what a system leaves by itself: a mount
// point can hold a lost+found or a .DS_Store.
func bare(names []child) bool {
	for _, c := range names {
		v := fileRule(c.name, 0)
		if c.kind == directory {
			v = folderRule(c.name, signs{})
		}
		if v.rule != ruleSystem {
			return false
		}
	}
	return true
}

func (f *Folder) unreachable(why string, err error) error {
	return &UnreachableError{Source: f.o.Name, Why: why, Err: err}
}

// Open implements Source. No part of the way below the root may be a link, as
// the walk follows none.
func (f *Folder) Open(ctx context.Context, locator string) (File, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	file, err := f.open(locator)
	if err != nil {
		return nil, fmt.Errorf("open %s of source %s: %w", locator, f.o.Name, err)
	}
	return file, nil
}

func (f *Folder) open(locator string) (File, error) {
	steps, err := splitLocator(locator)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(f.path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return f.openSingle(locator)
	}
	d, err := f.root(f.path)
	if err != nil {
		return nil, err
	}
	for _, s := range steps[:len(steps)-1] {
		next, err := d.folder(s)
		_ = d.close() // read only: nothing can be lost
		if err != nil {
			return nil, err
		}
		d = next
	}
	file, err := d.file(steps[len(steps)-1])
	_ = d.close()
	return file, err
}

// openSingle opens a source that is one file. As with a folder, the path that
// the user set may lead over links.
func (f *Folder) openSingle(locator string) (File, error) {
	if locator != escapeName(filepath.Base(f.path), false) {
		return nil, fs.ErrNotExist
	}
	path, err := filepath.EvalSymlinks(f.path)
	if err != nil {
		return nil, err
	}
	d, err := f.root(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	file, err := d.file(filepath.Base(path))
	_ = d.close()
	return file, err
}

// splitLocator gives the names of the way to an item and refuses what could
// lead out of the root.
func splitLocator(locator string) ([]string, error) {
	if strings.Contains(locator, document.Separator) {
		return nil, fmt.Errorf("it lies within a container and not in the file system: %w", fs.ErrInvalid)
	}
	steps := strings.Split(locator, "/")
	for i, s := range steps {
		s = document.UnescapeStep(s)
		if s == "" || s == "." || s == ".." || strings.ContainsAny(s, "/\x00") || filepath.Separator != '/' && strings.ContainsRune(s, filepath.Separator) {
			return nil, fmt.Errorf("it is not a way within the source: %w", fs.ErrInvalid)
		}
		steps[i] = s
	}
	return steps, nil
}
