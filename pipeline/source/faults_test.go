package source

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"guidang/extractors/document"
)

func documentEscape(s string) string { return document.EscapeStep(s) }

// faults is a file system that fails for some paths. The tests may run as root,
// whom no permission stops.
type faults struct {
	real folder
	path string
	bad  map[string]error // path below the root, with "open:", "list:" or "stat:" before it
	hook func(path string)
}

func withFaults(f *Folder, bad map[string]error, hook func(string)) *Folder {
	f.root = func(path string) (folder, error) {
		d, err := openRoot(path)
		if err != nil {
			return nil, err
		}
		return &faults{d, "", bad, hook}, nil
	}
	return f
}

func (d *faults) children() ([]child, error) {
	if err := d.bad["list:"+d.path]; err != nil {
		return nil, err
	}
	return d.real.children()
}

func (d *faults) stat(name string) (stat, error) {
	path := strings.TrimPrefix(d.path+"/"+name, "/")
	if d.hook != nil {
		d.hook(path)
	}
	if err := d.bad["stat:"+path]; err != nil {
		return stat{}, err
	}
	return d.real.stat(name)
}

func (d *faults) folder(name string) (folder, error) {
	path := strings.TrimPrefix(d.path+"/"+name, "/")
	if err := d.bad["open:"+path]; err != nil {
		return nil, err
	}
	in, err := d.real.folder(name)
	if err != nil {
		return nil, err
	}
	return &faults{in, path, d.bad, d.hook}, nil
}

func (d *faults) file(name string) (File, error) { return d.real.file(name) }
func (d *faults) id() fileID                     { return d.real.id() }
func (d *faults) close() error                   { return d.real.close() }

func TestWalkFaults(t *testing.T) {
	t.Parallel()
	root := plant(t, "a/x", "locked/y", "locked.txt", "unlisted/z", "gone.txt", "bad.txt", "end")
	f := withFaults(NewFolder(FolderOptions{Path: root}), map[string]error{
		"stat:gone.txt": fs.ErrNotExist, "stat:bad.txt": syscall.EIO, "open:locked": fs.ErrPermission, "list:unlisted": syscall.EACCES,
	}, nil)
	got := map[string]error{}
	var order []string
	for _, e := range walkAll(t, f) {
		got[e.Locator] = e.Err
		order = append(order, e.Locator)
	}
	// A folder that cannot be read is an entry at its own name, before "locked.txt".
	equal(t, "entries", order, []string{"a/x", "bad.txt", "end", "locked", "locked.txt", "unlisted"})
	for l, want := range map[string]error{"a/x": nil, "bad.txt": syscall.EIO, "locked": fs.ErrPermission, "unlisted": syscall.EACCES, "end": nil} {
		if !errors.Is(got[l], want) {
			t.Errorf("%s: %v, want %v", l, got[l], want)
		}
	}
}

// A share that goes away during the walk must not look like deleted files, nor
// like failed ones.
func TestWalkLosesRoot(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  error
		lose func(root string) error
	}{
		"unmounted, files seem deleted": {fs.ErrNotExist, os.RemoveAll},
		"unmounted, files fail":         {syscall.EIO, os.RemoveAll},
		"another root in its place": {fs.ErrNotExist, func(root string) error {
			return errors.Join(os.Rename(root, root+".old"), os.Mkdir(root, 0o755))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := plant(t, "a", "b", "c", "d/e")
			root = filepath.Join(root, "d")
			f := withFaults(NewFolder(FolderOptions{Name: "share", Path: root}), map[string]error{"stat:e": c.err}, func(path string) {
				if path == "e" {
					if err := c.lose(root); err != nil {
						t.Error(err)
					}
				}
			})
			err := f.Walk(context.Background(), func(e Entry) error {
				t.Errorf("entry %+v", e)
				return nil
			})
			var u *UnreachableError
			if !errors.As(err, &u) || u.Source != "share" {
				t.Errorf("Walk: %v", err)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	full, empty := plant(t, "a", ".mounted"), plant(t)
	bareRoot := plant(t, "lost+found/", ".DS_Store")
	for name, c := range map[string]struct {
		o   FolderOptions
		why string // "": reachable
	}{
		"there":                      {FolderOptions{Path: full}, ""},
		"there, walked before":       {FolderOptions{Path: full, Entries: 100}, ""},
		"missing":                    {FolderOptions{Path: filepath.Join(full, "no")}, "does not exist"},
		"marker there":               {FolderOptions{Path: full, Marker: ".mounted"}, ""},
		"marker missing":             {FolderOptions{Path: empty, Marker: ".mounted"}, "marker file .mounted is not in"},
		"empty from the beginning":   {FolderOptions{Path: empty}, ""},
		"suddenly empty":             {FolderOptions{Path: empty, Entries: 7}, "had 7 entries"},
		"suddenly bare":              {FolderOptions{Path: bareRoot, Entries: 7}, "had 7 entries"},
		"bare as before":             {FolderOptions{Path: bareRoot, Entries: 2}, ""},
		"emptied, marker vouches":    {FolderOptions{Path: plant(t, ".mounted"), Marker: ".mounted", Entries: 7}, ""},
		"one file":                   {FolderOptions{Path: filepath.Join(full, "a"), Entries: 7}, ""},
		"below a file, so not there": {FolderOptions{Path: filepath.Join(full, "a", "b")}, "cannot be looked at"},
	} {
		c.o.Name = "资料"
		f := NewFolder(c.o)
		err := f.Check(context.Background())
		var u *UnreachableError
		switch {
		case c.why == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.why != "" && (!errors.As(err, &u) || !strings.Contains(err.Error(), c.why) || u.Source != "资料"):
			t.Errorf("%s: %v", name, err)
		}
		walkErr := f.Walk(context.Background(), func(Entry) error { return nil })
		if (walkErr == nil) != (err == nil) {
			t.Errorf("%s: Check says %v, Walk %v", name, err, walkErr)
		}
	}
}

func TestCheckUnreadableRoot(t *testing.T) {
	t.Parallel()
	f := withFaults(NewFolder(FolderOptions{Name: "x", Path: plant(t, "a")}), map[string]error{"list:": syscall.EACCES}, nil)
	var u *UnreachableError
	if err := f.Check(context.Background()); !errors.As(err, &u) || !errors.Is(err, syscall.EACCES) {
		t.Errorf("Check: %v", err)
	}
}
