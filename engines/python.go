package engines

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"runtime"
	"time"
)

// Python is an interpreter that can carry the engine.
type Python struct {
	Path    string `json:"path"`
	Version string `json:"version"`
}

// interpreters are tried in this order: the system's own first, because each try
// costs the start of a Python, then those that systems have beside an older one.
func interpreters() []string {
	names := []string{"python3", "python3.12", "python3.13", "python3.11", "python3.14", "python3.10", "python"}
	if runtime.GOOS == "windows" {
		names = append([]string{"py"}, names...)
	}
	return names
}

// probe tells an interpreter's version, and whether it can make a venv with pip
// in it: Debian's lacks ensurepip until python3-venv is installed.
const probe = `import json, sys, struct
try:
    import venv, ensurepip
    ok = True
except ImportError:
    ok = False
print(json.dumps({"path": sys.executable, "version": list(sys.version_info[:3]), "venv": ok, "bits": struct.calcsize("P") * 8}))`

// FindPython gives the interpreter that the settings name, or the best one that
// is found. The error says what is there and what it lacks.
func FindPython(ctx context.Context, named string) (Python, error) {
	names := interpreters()
	if named != "" {
		names = []string{named}
	}
	said := ""
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		p, lacks, err := ask(ctx, path)
		switch {
		case err != nil: // pyenv's shims stand for versions that are not there
			if named != "" {
				lacks = fmt.Sprintf("%s does not run: %v", path, err)
			}
		case lacks == "":
			return p, nil
		}
		if said == "" {
			said = lacks
		}
	}
	if said == "" {
		return Python{}, ErrNoPython
	}
	return Python{}, fmt.Errorf("%w: %s", ErrNoPython, said)
}

// ask runs an interpreter; lacks says why it cannot be used.
func ask(ctx context.Context, path string) (_ Python, lacks string, _ error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "-I", "-c", probe) //nolint:gosec // the interpreter that was found, or that the settings name
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return Python{}, "", err
	}
	var got struct {
		Path    string `json:"path"`
		Version [3]int `json:"version"`
		Venv    bool   `json:"venv"`
		Bits    int    `json:"bits"`
	}
	if err := json.Unmarshal(out, &got); err != nil {
		return Python{}, "", err
	}
	p := Python{Path: got.Path, Version: fmt.Sprintf("%d.%d.%d", got.Version[0], got.Version[1], got.Version[2])}
	switch {
	case got.Version[0] != 3 || got.Version[1] < 10:
		return p, fmt.Sprintf("%s is version %s", path, p.Version), nil
	case !got.Venv:
		return p, fmt.Sprintf("%s has no venv (Debian and Ubuntu: apt install python3-venv)", path), nil
	case got.Bits != 64:
		return p, fmt.Sprintf("%s is a 32-bit build", path), nil
	}
	return p, "", nil
}
