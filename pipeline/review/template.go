package review

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"guidang/extractors/document"
)

//go:embed requirements.yaml
var defaultTemplate []byte

// Template says which documents projects must have.
type Template struct {
	Kinds []Kind `yaml:"kinds"`
}

// Kind is one kind of project.
type Kind struct {
	Kind   string          `yaml:"kind"`
	Names  []string        `yaml:"names"`
	Phases []Phase         `yaml:"phases"` // in the order of a project's life
	Signed []document.Type `yaml:"signed"` // need not be there, but must be signed where they are
}

// Phase is a stretch of a project's life.
type Phase struct {
	Phase  string   `yaml:"phase"`
	Names  []string `yaml:"names"`
	States []string `yaml:"states"` // of projects that have come so far, where their phase is not known
	Need   []Need   `yaml:"need"`
}

// Need is a document that must be there.
type Need struct {
	Type   document.Type `yaml:"type"`
	Signed bool          `yaml:"signed"`
}

// DefaultTemplate is the one that comes with the program.
func DefaultTemplate() *Template {
	t, err := ParseTemplate(bytes.NewReader(defaultTemplate))
	if err != nil {
		panic(err) // a test reads it
	}
	return t
}

// LoadTemplate reads an office's own template; an empty path means the default.
func LoadTemplate(path string) (*Template, error) {
	if path == "" {
		return DefaultTemplate(), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("template of required documents: %w", err)
	}
	defer f.Close()
	t, err := ParseTemplate(f)
	if err != nil {
		return nil, fmt.Errorf("template of required documents %s: %w", path, err)
	}
	return t, nil
}

// ParseTemplate reads a template and refuses what it does not know: a misspelt
// type would never be missed.
func ParseTemplate(r io.Reader) (*Template, error) {
	t := &Template{}
	d := yaml.NewDecoder(r)
	d.KnownFields(true)
	if err := d.Decode(t); err != nil {
		return nil, err
	}
	if len(t.Kinds) == 0 {
		return nil, errors.New("it names no kind of project")
	}
	for _, k := range t.Kinds {
		types := slices.Clone(k.Signed)
		for _, p := range k.Phases {
			for _, n := range p.Need {
				types = append(types, n.Type)
			}
			for _, s := range p.States {
				if !slices.Contains([]string{"running", "delivered", "in-service", "closed"}, s) {
					return nil, fmt.Errorf("kind %s, phase %s: there is no state %q", k.Kind, p.Phase, s)
				}
			}
		}
		for _, typ := range types {
			if !slices.Contains(document.Types, typ) {
				return nil, fmt.Errorf("kind %s: there is no type %q", k.Kind, typ)
			}
		}
	}
	return t, nil
}

// kind finds a project's kind; the first of the template stands for unknown ones.
func (t *Template) kind(name string) *Kind {
	for i := range t.Kinds {
		if k := &t.Kinds[i]; k.Kind == name || named(k.Names, name) {
			return k
		}
	}
	return &t.Kinds[0]
}

// reached is how many of its phases a project has come to. Where its phase is
// not known, its state and its papers tell: a project with a test report has been
// designed. One of which nothing is known has begun.
func (k *Kind) reached(p Project, byType map[document.Type][]Paper) int {
	for i := len(k.Phases) - 1; i >= 0; i-- {
		if phase := &k.Phases[i]; p.Phase != "" && phase.Phase == p.Phase || named(phase.Names, p.Phase) {
			return i + 1
		}
	}
	n := min(1, len(k.Phases))
	for i := range k.Phases {
		phase := &k.Phases[i]
		if slices.Contains(phase.States, p.State) || slices.ContainsFunc(phase.Need, func(need Need) bool { return len(byType[need.Type]) > 0 }) {
			n = i + 1
		}
	}
	return n
}

// named says whether a person's word holds one of the names: 二期开发阶段.
func named(names []string, word string) bool {
	word = strings.ToLower(word)
	return word != "" && slices.ContainsFunc(names, func(n string) bool { return n != "" && strings.Contains(word, strings.ToLower(n)) })
}
