package engines

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// serverFiles are the server, the lists of its packages and the sentence of its
// check, as this version of the program has them.
//
//go:embed python/guidang_engine/*.py python/*.txt python/check.ogg
var serverFiles embed.FS

const serverPackage = "guidang_engine"

// ServerVersion tells versions of the server apart: the beginning of the hash of
// its files.
func ServerVersion() string {
	h := sha256.New()
	err := eachServerFile(func(name string, data []byte) error {
		fmt.Fprintf(h, "%s %d\n", name, len(data))
		_, err := h.Write(data)
		return err
	})
	if err != nil { // embedded files can always be read
		return "unknown"
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

func eachServerFile(fn func(name string, data []byte) error) error {
	return fs.WalkDir(serverFiles, "python/"+serverPackage, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := serverFiles.ReadFile(p)
		if err != nil {
			return err
		}
		return fn(path.Base(p), data)
	})
}

// writeServer writes the server's files into a folder of their version, once,
// and gives that folder. Versions never mix: an update of the program takes
// another folder, and the old one goes.
func writeServer(dir string) (string, error) {
	target := filepath.Join(dir, "server-"+ServerVersion())
	if _, err := os.Stat(target); err == nil {
		return target, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	part, err := os.MkdirTemp(dir, ".server-*")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(part)
	if err := os.Mkdir(filepath.Join(part, serverPackage), 0o700); err != nil {
		return "", err
	}
	err = eachServerFile(func(name string, data []byte) error {
		return os.WriteFile(filepath.Join(part, serverPackage, name), data, 0o600)
	})
	if err != nil {
		return "", err
	}
	if old, err := filepath.Glob(filepath.Join(dir, "server-*")); err == nil {
		for _, o := range old {
			_ = os.RemoveAll(o)
		}
	}
	if err := os.Rename(part, target); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	return target, nil
}

// listFile is one of the lists of packages, to be handed to pip.
func listFile(dir, name string) (string, error) {
	data, err := serverFiles.ReadFile("python/" + name)
	if err != nil {
		return "", err
	}
	p := filepath.Join(dir, name)
	return p, os.WriteFile(p, data, 0o600)
}
