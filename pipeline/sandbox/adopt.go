package sandbox

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// adopt takes a compiled form over from another cache of the same user, which `plan`
// and `extract` fill: an archive that is made afterwards need not compile it again.
// What others could have written there is not taken, since it is run. What goes wrong
// costs a compilation, and the mark of the form says whether it went right.
func adopt(from, to string, careful bool) {
	if from == "" || from == to || !isWarm(from, careful) {
		return
	}
	root := filepath.Dir(warmMark(from, careful))
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if !ownAlone(info) {
			return errors.New("others may write to " + path)
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		target := filepath.Join(filepath.Dir(warmMark(to, careful)), rel)
		switch {
		case e.IsDir():
			return os.MkdirAll(target, 0o700)
		case filepath.Dir(rel) == ".": // marks: what is not copied yet must not be said to be there
			return nil
		}
		return copyOnce(path, target)
	})
	if err == nil {
		_ = os.WriteFile(warmMark(to, careful), nil, 0o600)
	}
}

// copyOnce copies a file that is not there yet; it is there whole or not at all.
func copyOnce(from, to string) (err error) {
	if _, err := os.Lstat(to); err == nil {
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.CreateTemp(filepath.Dir(to), ".adopt-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(out.Name()))
		}
	}()
	if _, err = io.Copy(out, in); err != nil {
		return errors.Join(err, out.Close())
	}
	if err = out.Close(); err != nil {
		return err
	}
	return os.Rename(out.Name(), to)
}
