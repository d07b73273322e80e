package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"gopkg.in/yaml.v3"
)

// largestFile bounds a settings file; a real one has some kilobytes.
const largestFile = 1 << 20

func readSmall(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, largestFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > largestFile {
		return nil, fmt.Errorf("%s is larger than 1 MiB", path)
	}
	return data, nil
}

// readFile reads the settings file, if there is one.
func (l *loader) readFile() error {
	if l.cfg.file == "" {
		return nil
	}
	data, err := readSmall(l.cfg.file)
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	l.parse(data)
	if info, err := os.Stat(l.cfg.file); err == nil && info.Mode().Perm()&0o077 != 0 {
		for _, o := range options() {
			if o.secret && l.cfg.origins[o.key] != "default" {
				l.cfg.warnings = append(l.cfg.warnings, fmt.Sprintf("%s holds the secret %s and can be read by others; chmod 600 it, or name a file in %s", l.file, o.key, o.env()+envFile))
			}
		}
	}
	return nil
}

// parse reads YAML.
//
// QUIRK: YAML 1.2.2 section 5.2 knows UTF-8, UTF-16 and UTF-32 only. Editors on
// Chinese Windows save in GBK, and then everything but the Chinese paths would
// be right; what is not UTF-8 is read as GB18030, of which GBK is a part.
func (l *loader) parse(data []byte) {
	utf16 := bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff"))
	if !utf8.Valid(data) && !utf16 {
		if decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data); err == nil {
			data = decoded
		}
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	err := d.Decode(&doc)
	if err == nil {
		if err = d.Decode(&more); err == nil {
			l.problemf(l.at(more.Line), "a second YAML document; settings are one")
			return
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		l.problemf(l.file, "%s", hint(err))
		return
	}
	if len(doc.Content) > 0 {
		l.mapping(doc.Content[0], "")
	}
}

// hint adds to a message of the YAML reader what people most often meant.
func hint(err error) string {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	switch {
	case strings.Contains(text, "unknown anchor"), strings.Contains(text, "alphabetic or numeric"):
		text += " (a value that begins with * stands in quotes: \"*.bak\")"
	case strings.Contains(text, "unknown escape"):
		text += ` (a Windows path stands in single quotes: 'D:\资料')`
	case strings.Contains(text, "cannot start any token"):
		text += " (lines are indented with spaces, not with tabs)"
	}
	return text
}

// mapping reads the keys below prefix.
func (l *loader) mapping(n *yaml.Node, prefix string) {
	if n = follow(n); isNull(n) {
		return
	}
	if n.Kind != yaml.MappingNode {
		what := "the file"
		if prefix != "" {
			what = prefix
		}
		l.problemf(l.place(n.Line), "%s holds settings, key: value; the keys are %s", what, strings.Join(keysBelow(prefix), ", "))
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], follow(n.Content[i+1])
		where, full := l.place(key.Line), join(prefix, normal(key.Value))
		if at, twice := seen[full]; twice {
			l.problemf(where, "%s is set twice; the first time in line %d", full, at)
			continue
		}
		seen[full] = key.Line
		switch o := find(options(), full); {
		case full == "sources":
			l.sources(value)
		case o != nil:
			l.value(o, value, where)
		case len(keysBelow(full)) > 0:
			l.mapping(value, full)
		default:
			l.problemf(where, "unknown key %q; the nearest known key is %q", join(prefix, key.Value), nearestKey(prefix, normal(key.Value)))
		}
	}
}

// value reads one setting.
func (l *loader) value(o *option[Config], n *yaml.Node, where string) {
	text, err := scalar(o, l.cfg, n)
	switch {
	case err != nil:
		l.problemf(where, "%s: %v", o.key, err)
	case text != nil:
		l.set(o, *text, where, l.base)
	case !isNull(n):
		l.cfg.origins[o.key] = where // a list, set already
	}
}

// scalar gives the text of a setting's value as it is written, so that a
// password 007 stays 007. It is nil where nothing is left to set: for nothing,
// and for a list, which is set right away.
func scalar[T any](o *option[T], target *T, n *yaml.Node) (*string, error) {
	list, isList := o.field(target).(*[]string)
	switch {
	case isNull(n):
		return nil, nil
	case n.Kind == yaml.ScalarNode && isList:
		*list = []string{n.Value}
		return nil, nil
	case n.Kind == yaml.ScalarNode:
		return &n.Value, nil
	case n.Kind != yaml.SequenceNode || !isList:
		return nil, fmt.Errorf("one value is wanted here: %s", o.kind)
	}
	*list = make([]string, 0, len(n.Content))
	for _, c := range n.Content {
		if c = follow(c); c.Kind != yaml.ScalarNode {
			return nil, errors.New("a list of plain values is wanted here")
		}
		if o.secret && c.Value == mask {
			return nil, errors.New("this is not the secret but what `guidang config show` prints in its place")
		}
		*list = append(*list, c.Value)
	}
	return nil, nil
}

// place names a line and remembers it, so that problems come in order.
func (l *loader) place(line int) string {
	where := l.at(line)
	l.lines[where] = line
	return where
}

// follow gives what an alias stands for. An alias stands for no alias.
func follow(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// normal lets settle-time stand for settle_time, as flags write it.
func normal(key string) string { return strings.ReplaceAll(key, "-", "_") }

func join(prefix, key string) string {
	if prefix == "" {
		return key
	}
	return prefix + "." + key
}

func find[T any](all []option[T], key string) *option[T] {
	for i := range all {
		if all[i].key == key {
			return &all[i]
		}
	}
	return nil
}

// keysBelow are the keys that may stand below prefix, without it.
func keysBelow(prefix string) []string {
	var out []string
	seen := map[string]bool{}
	for _, o := range options() {
		rest := o.key
		if prefix != "" {
			var ok bool
			if rest, ok = strings.CutPrefix(o.key, prefix+"."); !ok {
				continue
			}
		}
		if rest, _, _ = strings.Cut(rest, "."); !seen[rest] {
			seen[rest] = true
			out = append(out, rest)
		}
	}
	if prefix == "" {
		out = append(out, "sources")
	}
	return out
}

// nearestKey is the known key that is most like an unknown one, in full.
func nearestKey(prefix, key string) string {
	var below, all []string
	for _, k := range keysBelow(prefix) {
		below = append(below, join(prefix, k))
	}
	for _, o := range options() {
		all = append(all, o.key)
	}
	if k := nearest(key, nil, all); k != "" {
		return k
	}
	return nearest(join(prefix, key), below, nil)
}
