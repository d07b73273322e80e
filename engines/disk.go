package engines

import (
	"archive/tar"
	"archive/zip"
	"compress/bzip2"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

const (
	wheelsDir = "wheels"
	// The largest model known, Whisper large-v3, has 3.1 GB.
	maxModelBytes = 16 << 30
	maxMembers    = 10_000
)

// bundleOf says whether From names a folder that Bundle made.
func bundleOf(from string) string {
	if from != "" && isDir(filepath.Join(from, wheelsDir)) {
		return from
	}
	return ""
}

// Bundle brings everything that a wish needs into a folder that can be carried
// to a machine of the same kind without a network; Install takes it as From.
func Bundle(ctx context.Context, o Options, w Wish, to string, say func(Progress)) error {
	o = o.filled()
	in, err := Install(ctx, o, w, say)
	if err != nil {
		return err
	}
	wheels := filepath.Join(to, wheelsDir)
	if err := os.MkdirAll(wheels, 0o755); err != nil { //nolint:gosec // to be carried about and read by others
		return err
	}
	temp, err := os.MkdirTemp(o.Dir, ".lists-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	say(Progress{StepPackages, to})
	for _, l := range lists(in.Engines) {
		list, err := listFile(temp, l)
		if err != nil {
			return err
		}
		if err := pip(ctx, o, "", say, venvPython(filepath.Join(o.Dir, venvDir)), "download", "--dest", wheels, "-r", list); err != nil {
			return err
		}
	}
	for _, d := range decoders { // whether the other machine has an ffmpeg is not known
		list, err := listFile(temp, d.list)
		if err != nil {
			return err
		}
		if err := pip(ctx, o, "", say, venvPython(filepath.Join(o.Dir, venvDir)), "download", "--no-deps", "--dest", wheels, "-r", list); err != nil {
			return err
		}
	}
	if in.Speakers {
		if err := fetchSpeakers(ctx, o, "", temp, wheels, say); err != nil {
			return err
		}
	}
	m, ok := in.Find("")
	if !ok {
		return fmt.Errorf("the model %s is gone", in.Model)
	}
	target := filepath.Join(to, modelsDir, m.Name)
	if err := os.MkdirAll(target, 0o755); err != nil { //nolint:gosec // as above
		return err
	}
	say(Progress{StepModel, m.Name})
	return copyModel(ctx, filepath.Join(o.Dir, modelsDir, m.Name), target, m.Kind)
}

// fromDisk is the model that lies in a folder or an archive: its kind is told by
// its files, and where they leave it open, by names.
func fromDisk(w Wish) (Known, error) {
	info, err := os.Stat(w.From)
	if err != nil {
		return Known{}, err
	}
	base := filepath.Base(filepath.Clean(w.From))
	name := w.Model
	if name == "" {
		name = base
		for _, end := range []string{".tar.bz2", ".tar.gz", ".tgz", ".zip", ".tar"} {
			name = strings.TrimSuffix(name, end)
		}
	}
	k, known := lookUp(name)
	if !known {
		if !plainName(name) {
			return Known{}, fmt.Errorf("the name %q cannot be a model's; give it one of letters, digits, - and _ with --model", name)
		}
		k = Known{Name: name, Kind: kindByName(name + " " + base)}
	}
	if info.IsDir() && k.Kind == KindWhisper {
		if _, err := os.Stat(filepath.Join(w.From, "tokens.txt")); err == nil {
			return Known{}, fmt.Errorf("this is a model for sherpa-onnx; say with --model whether it is sense-voice or paraformer")
		}
	}
	return k, nil
}

// unpackModel takes the files of a model out of a folder or an archive, wherever
// in it they lie. Others are left.
func unpackModel(ctx context.Context, from, to, kind string) error {
	if isDir(from) {
		return copyModel(ctx, from, to, kind)
	}
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	left := int64(maxModelBytes)
	take := func(name string, r io.Reader) error {
		base := path.Base(strings.ReplaceAll(name, `\`, "/"))
		if !isWanted(base, kind) {
			return nil
		}
		out, err := os.OpenFile(filepath.Join(to, base), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
		if err != nil {
			return err
		}
		n, err := io.Copy(out, io.LimitReader(reader{ctx, r}, left+1))
		if left -= n; left < 0 {
			err = errors.New("the archive unpacks to more than any model has")
		}
		return errors.Join(err, out.Close())
	}
	switch name := strings.ToLower(from); {
	case strings.HasSuffix(name, ".zip"):
		info, err := f.Stat()
		if err != nil {
			return err
		}
		return eachZipped(f, info.Size(), take)
	case strings.HasSuffix(name, ".tar.bz2"):
		return eachTarred(bzip2.NewReader(f), take)
	case strings.HasSuffix(name, ".tar.gz"), strings.HasSuffix(name, ".tgz"):
		z, err := gzip.NewReader(f)
		if err != nil {
			return err
		}
		return eachTarred(z, take)
	case strings.HasSuffix(name, ".tar"):
		return eachTarred(f, take)
	}
	return fmt.Errorf("%s is no folder and no archive (.tar.bz2 .tar.gz .tar .zip)", from)
}

func eachTarred(r io.Reader, take func(string, io.Reader) error) error {
	t := tar.NewReader(r)
	for range maxMembers {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if h.Typeflag == tar.TypeReg {
			if err := take(h.Name, t); err != nil {
				return err
			}
		}
	}
	return errors.New("the archive has too many members")
}

func eachZipped(f io.ReaderAt, size int64, take func(string, io.Reader) error) error {
	z, err := zip.NewReader(f, size)
	if err != nil {
		return err
	}
	for i, m := range z.File {
		if i >= maxMembers {
			return errors.New("the archive has too many members")
		}
		if !m.Mode().IsRegular() {
			continue
		}
		r, err := m.Open()
		if err != nil {
			return err
		}
		err = take(m.Name, r)
		if err = errors.Join(err, r.Close()); err != nil {
			return err
		}
	}
	return nil
}

func copyModel(ctx context.Context, from, to, kind string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, d := range entries {
		if !d.IsDir() && isWanted(d.Name(), kind) {
			if err := appendFile(ctx, filepath.Join(to, d.Name()), filepath.Join(from, d.Name()), true); err != nil {
				return err
			}
		}
	}
	return nil
}

func isWanted(name, kind string) bool {
	needed, welcome := wanted(kind)
	return slices.Contains(welcome, name) || slices.ContainsFunc(needed, func(one []string) bool { return slices.Contains(one, name) })
}
