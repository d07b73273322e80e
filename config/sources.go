package config

import (
	"path/filepath"
	"strconv"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// sources reads the list of sources. A source may be a path alone.
func (l *loader) sources(n *yaml.Node) {
	switch {
	case isNull(n):
		return
	case n.Kind != yaml.SequenceNode:
		l.problemf(l.place(n.Line), "sources is a list: each begins with \"- path: …\"")
		return
	}
	for _, one := range n.Content {
		s := Source{}
		where := l.place(one.Line)
		switch one = follow(one); one.Kind {
		case yaml.ScalarNode:
			s.Path = one.Value
		case yaml.MappingNode:
			l.source(&s, one)
		default:
			l.problemf(where, "a source is a path, or keys of which one is path")
			continue
		}
		l.resolve(&s.Path, l.base)
		if s.Name == "" && s.Path != "" {
			s.Name = filepath.Base(s.Path)
		}
		l.cfg.Sources = append(l.cfg.Sources, s)
		l.cfg.origins[sourceKey(len(l.cfg.Sources)-1)] = where
	}
}

// sourceKey is under what a source's origin is remembered.
func sourceKey(i int) string { return "sources." + strconv.Itoa(i) }

func (l *loader) source(s *Source, n *yaml.Node) {
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], follow(n.Content[i+1])
		where, name := l.place(key.Line), normal(key.Value)
		if at, twice := seen[name]; twice {
			l.problemf(where, "%s of the source is set twice; the first time in line %d", name, at)
			continue
		}
		seen[name] = key.Line
		o := find(sourceOptions(), name)
		if o == nil {
			var keys []string
			for _, k := range sourceOptions() {
				keys = append(keys, k.key)
			}
			l.problemf(where, "unknown key %q of a source; the nearest known key is %q", key.Value, nearest(name, keys, nil))
			continue
		}
		text, err := scalar(o, s, value)
		if err == nil && text != nil {
			if err = o.set(s, *text); err != nil {
				l.refuse("sources."+o.key, *text, where, o.secret, err)
			}
		} else if err != nil {
			l.problemf(where, "sources.%s: %v", o.key, err)
		}
	}
}

// validateSources checks the sources against each other.
func (l *loader) validateSources() {
	first := map[string]string{}
	for i, s := range l.cfg.Sources {
		where := l.cfg.origins[sourceKey(i)]
		switch {
		case s.Path == "":
			l.problemf(where, "the source %q has no path", s.Name)
			continue
		case strings.ContainsRune(s.Name, '/') || strings.ContainsFunc(s.Name, unicode.IsControl) || strings.TrimSpace(s.Name) != s.Name || s.Name == "":
			// A path given by hand is a source whose name is that path: no other
			// may look like one.
			l.problemf(where, "the name %q of a source is not possible: allowed is text without \"/\" and without spaces at its ends", s.Name)
		}
		if at, taken := first[s.Name]; taken {
			l.problemf(where, "two sources are called %q, the other one at %s; give one of them a name of its own", s.Name, at)
		}
		first[s.Name] = where
		if strings.ContainsAny(s.Marker, `/\`) || s.Marker == "." || s.Marker == ".." {
			l.problemf(where, "sources.marker: %q is not possible: allowed is the name of a file in the source's folder", s.Marker)
		}
		for _, other := range l.cfg.Sources[:i] {
			if within(s.Path, other.Path) || within(other.Path, s.Path) {
				l.cfg.warnings = append(l.cfg.warnings, "the sources "+other.Name+" and "+s.Name+" lie within each other: what is in both is found twice")
			}
		}
	}
}

func within(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, strings.TrimSuffix(folder, string(filepath.Separator))+string(filepath.Separator))
}
