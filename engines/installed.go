package engines

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

const (
	venvDir      = "venv"
	modelsDir    = "models"
	installFile  = "installed.json"
	modelFile    = "model.json"
	maxModelJSON = 1 << 16
)

// Installation is what lies in the engines folder.
type Installation struct {
	Python   string    `json:"python"`   // version
	Engines  []string  `json:"engines"`  // kinds that can be run: whisper, sherpa
	Packages string    `json:"packages"` // beginning of the hash of the lists
	Model    string    `json:"model"`    // taken when a request names none
	Time     time.Time `json:"time"`
	Check    *Check    `json:"check,omitempty"`
	Models   []Model   `json:"models"`   // found in the folder, by name
	Speakers bool      `json:"speakers"` // voices can be told apart
}

// Model is one installed model.
type Model struct {
	Name   string            `json:"name"`
	Kind   string            `json:"kind"` // whisper, sense-voice or paraformer
	From   string            `json:"from"` // where it came from
	SHA256 map[string]string `json:"sha256"`
	Bytes  int64             `json:"bytes"`
}

// Fingerprint tells what a model is, whatever it is called: the beginning of the
// hash of its weights.
func (m Model) Fingerprint() string {
	for _, name := range []string{"model.bin", "model.int8.onnx", "model.onnx"} {
		if h := m.SHA256[name]; len(h) >= 16 {
			return h[:16]
		}
	}
	return ""
}

// Installed reads what is installed; ErrNotInstalled if nothing is.
func Installed(dir string) (*Installation, error) {
	data, err := os.ReadFile(filepath.Join(dir, installFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w; `guidang engines install` brings one", ErrNotInstalled)
	}
	if err != nil {
		return nil, err
	}
	in := &Installation{}
	if err := json.Unmarshal(data, in); err != nil {
		return nil, fmt.Errorf("%w: %s is damaged; `guidang engines install` writes it anew", ErrNotInstalled, installFile)
	}
	if _, err := os.Stat(venvPython(filepath.Join(dir, venvDir))); err != nil {
		return nil, fmt.Errorf("%w: its Python is gone; `guidang engines install` brings it back", ErrNotInstalled)
	}
	in.Speakers = Speakers(dir)
	if in.Models, err = models(dir); err != nil {
		return nil, err
	}
	if len(in.Models) == 0 {
		return nil, fmt.Errorf("%w: there is no model; `guidang engines install` brings one", ErrNotInstalled)
	}
	return in, nil
}

// Find gives an installed model by name; "" is the one taken by default.
func (in *Installation) Find(name string) (Model, bool) {
	if name == "" {
		name = in.Model
	}
	i := slices.IndexFunc(in.Models, func(m Model) bool { return m.Name == name })
	if i < 0 {
		return Model{}, false
	}
	return in.Models[i], true
}

// models are those in the folder. What is half brought lies under names that
// begin with a dot.
func models(dir string) ([]Model, error) {
	entries, err := os.ReadDir(filepath.Join(dir, modelsDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []Model
	for _, d := range entries {
		if !d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, modelsDir, d.Name(), modelFile))
		var m Model
		if err != nil || len(data) > maxModelJSON || json.Unmarshal(data, &m) != nil {
			continue
		}
		m.Name = d.Name()
		out = append(out, m)
	}
	return out, nil
}

// venvPython is the interpreter of a venv.
func venvPython(venv string) string {
	if runtime.GOOS == "windows" {
		return filepath.Join(venv, "Scripts", "python.exe")
	}
	return filepath.Join(venv, "bin", "python")
}

// writeJSON writes a file whole or not at all.
func writeJSON(path string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	part := path + ".part"
	if err := os.WriteFile(part, append(data, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(part, path)
}
