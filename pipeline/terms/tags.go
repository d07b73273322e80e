package terms

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the rules that come with the program
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"guidang/extractors/document"
)

//go:embed tags.yaml
var ownRules []byte

// Rule sets a tag on documents whose title or text holds one of Any elsewhere
// than within one of Not. Words are compared in lower case.
type Rule struct {
	Tag      string          `yaml:"tag"`
	Any      []string        `yaml:"any"`
	Not      []string        `yaml:"not"`
	Kinds    []document.Kind `yaml:"kinds"` // none: all
	Examples struct {
		Yes []string `yaml:"yes"`
		No  []string `yaml:"no"`
	} `yaml:"examples"`
}

// Bounds of a file of rules.
const (
	maxRules   = 500
	maxTagName = 40 // characters; a tag stands beside a title
)

// DefaultRules are the tags of a software firm's daily mail. The file is a part
// of the program, and a test reads it.
func DefaultRules() []Rule {
	rules, err := parse(bytes.NewReader(ownRules))
	if err != nil {
		return nil
	}
	return rules
}

// ReadRules reads a file of rules in the form of tags.yaml. A rule whose tag the
// program has one for replaces that; without words it takes the tag away. The
// other rules of the program stay.
func ReadRules(r io.Reader) ([]Rule, error) {
	own, err := parse(r)
	if err != nil {
		return nil, err
	}
	out := []Rule{}
	for _, d := range DefaultRules() {
		if !slices.ContainsFunc(own, func(o Rule) bool { return o.Tag == d.Tag }) {
			out = append(out, d)
		}
	}
	for _, o := range own {
		if len(o.Any) > 0 {
			out = append(out, o)
		}
	}
	return out, nil
}

func parse(r io.Reader) ([]Rule, error) {
	d := yaml.NewDecoder(r)
	d.KnownFields(true) // a word misspelt in a key would make a rule that does something else
	var rules []Rule
	if err := d.Decode(&rules); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("rules of tags: %w", err)
	}
	if len(rules) > maxRules {
		return nil, fmt.Errorf("rules of tags: %d rules; at most %d are taken", len(rules), maxRules)
	}
	seen := map[string]bool{}
	for i := range rules {
		rule := &rules[i]
		rule.Tag = strings.TrimSpace(rule.Tag)
		switch {
		case rule.Tag == "" || utf8.RuneCountInString(rule.Tag) > maxTagName || strings.ContainsAny(rule.Tag, "\n\r\t"):
			return nil, fmt.Errorf("rules of tags: rule %d: a tag has 1 to %d characters, on one line; not %q", i+1, maxTagName, rule.Tag)
		case seen[rule.Tag]:
			return nil, fmt.Errorf("rules of tags: two rules set %s; put their words into one", rule.Tag)
		}
		seen[rule.Tag] = true
		for _, words := range [][]string{rule.Any, rule.Not} {
			for n, w := range words {
				if words[n] = strings.ToLower(strings.TrimSpace(w)); words[n] == "" {
					return nil, fmt.Errorf("rules of tags: %s: an empty word is in every text", rule.Tag)
				}
			}
		}
		for _, k := range rule.Kinds {
			if !slices.Contains(document.Kinds, k) {
				return nil, fmt.Errorf("rules of tags: %s: %q is no kind; those are %v", rule.Tag, k, document.Kinds)
			}
		}
	}
	return rules, nil
}

// Try tries a rule's examples and gives those that it gets wrong.
func (r *Rule) Try() (wrong []string) {
	for _, text := range r.Examples.Yes {
		if !r.sets(strings.ToLower(text)) {
			wrong = append(wrong, text)
		}
	}
	for _, text := range r.Examples.No {
		if r.sets(strings.ToLower(text)) {
			wrong = append(wrong, text)
		}
	}
	return wrong
}

// RulesFingerprint names what sets the tags; equal fingerprints give equal tags.
func RulesFingerprint(rules []Rule) string {
	text := []byte("tags-2")
	for _, r := range rules {
		text = fmt.Appendf(text, "\n%q %q %q %q", r.Tag, r.Any, r.Not, r.Kinds)
	}
	return document.ID(sha256.Sum256(text))
}

// Tags gives the tags of a text (see TextOf) of a kind in the order of the rules.
func Tags(text string, kind document.Kind, rules []Rule) []string {
	text = strings.ToLower(text)
	var out []string
	for i := range rules {
		r := &rules[i]
		if (len(r.Kinds) == 0 || slices.Contains(r.Kinds, kind)) && r.sets(text) {
			out = append(out, r.Tag)
		}
	}
	return out
}

// sets tells whether a text in lower case gets the tag.
func (r *Rule) sets(text string) bool {
	return holds(text, r.Any) && (len(r.Not) == 0 || holds(without(text, r.Not), r.Any))
}

// without cuts the phrases out of a text.
func without(text string, phrases []string) string {
	for _, p := range phrases {
		text = strings.ReplaceAll(text, p, " ")
	}
	return text
}

func holds(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
