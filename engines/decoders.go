package engines

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A decoder is a package that decodes what this program does not. The engine
// works without any of them.
type decoder struct {
	name  string
	list  string // of packages
	there string // a file of it, below the folder of packages
	found string // a program that makes it needless
}

// decoders are all of them. imageio-ffmpeg carries a whole ffmpeg for each
// platform (70 MB to fetch, 170 MB on the disk), which is left out where there
// is one; silk-python is Skype's own decoder (0.5 MB), which ffmpeg has not.
var decoders = []decoder{
	{"ffmpeg", "requirements-ffmpeg.txt", "imageio_ffmpeg/binaries/ffmpeg-*", "ffmpeg"},
	{"silk", "requirements-silk.txt", "pysilk/__init__.py", ""},
}

// path is the file by which a decoder is there, "" if it is not.
func (d decoder) path(dir string) string {
	// Linux and macOS have lib/python3.12, Windows has Lib.
	for _, lib := range []string{"lib/python3*", "Lib"} {
		found, err := filepath.Glob(filepath.Join(dir, venvDir, filepath.FromSlash(lib), "site-packages", filepath.FromSlash(d.there)))
		if err == nil && len(found) > 0 {
			return found[0]
		}
	}
	return ""
}

// bringDecoders installs the decoders that are missing. One that cannot be had
// (a platform without its package, a bundle of an earlier version) is told, and
// costs nothing else.
func bringDecoders(ctx context.Context, o Options, bundle string, say func(Progress)) error {
	temp, err := os.MkdirTemp(o.Dir, ".lists-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	for _, d := range decoders {
		if d.found != "" {
			if _, err := exec.LookPath(d.found); err == nil {
				continue
			}
		}
		if d.path(o.Dir) != "" {
			continue
		}
		say(Progress{StepPackages, d.name})
		list, err := listFile(temp, d.list)
		if err != nil {
			return err
		}
		err = pip(ctx, o, bundle, say, venvPython(filepath.Join(o.Dir, venvDir)), "install", "--no-deps", "--no-compile", "-r", list)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			say(Progress{StepWithout, d.name})
			say(Progress{StepDetail, err.Error()})
		}
	}
	return nil
}

// Decoder is where a decoder lies that was installed with the engine in a folder
// (ffmpeg, silk); "" if it was not.
func Decoder(dir, name string) string {
	for _, d := range decoders {
		if d.name == name {
			return d.path(dir)
		}
	}
	return ""
}

// SilkDecoder is the command that decodes Silk: it finds the recording open
// under descriptor 3 and writes a wave file of 16 kHz. It needs to read the
// files and folders named. nil: it is not installed.
func SilkDecoder(dir string) (command, reads []string, err error) {
	if Decoder(dir, "silk") == "" {
		return nil, nil, nil
	}
	server, err := writeServer(dir)
	if err != nil {
		return nil, nil, err
	}
	venv := filepath.Join(dir, venvDir)
	python := venvPython(venv)
	reads = []string{venv, server}
	if target, err := filepath.EvalSymlinks(python); err == nil {
		reads = append(reads, target)
	}
	if home := pythonHome(venv); home != "" {
		reads = append(reads, home)
	}
	return []string{python, "-I", "-B", filepath.Join(server, serverPackage), "silk"}, reads, nil
}

// pythonHome is where the Python lies of which a venv was made, with its
// libraries: pyvenv.cfg names the folder of its programs (PEP 405).
func pythonHome(venv string) string {
	f, err := os.Open(filepath.Join(venv, "pyvenv.cfg"))
	if err != nil {
		return ""
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		key, value, ok := strings.Cut(s.Text(), "=")
		if ok && strings.TrimSpace(key) == "home" {
			bin := strings.TrimSpace(value)
			if home := filepath.Dir(bin); home != filepath.Dir(home) {
				return home
			}
			return bin // /bin: what lies beside it is the whole system
		}
	}
	return ""
}
