package config

import (
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// Show writes the effective settings as YAML, with where each came from behind
// it. Secrets are masked. What it writes can be loaded again, but for them.
func (c *Config) Show(w io.Writer) error {
	var b strings.Builder
	if c.file != "" {
		fmt.Fprintf(&b, "# %s\n", c.file)
	}
	section := ""
	for _, o := range options() {
		indent := nest(&b, &section, o.key, "")
		fmt.Fprintf(&b, "%s%s: %s  # %s\n", indent, lastPart(o.key), o.show(c), c.origin(o.key))
	}
	b.WriteString("sources:")
	if len(c.Sources) == 0 {
		b.WriteString(" []")
	}
	b.WriteString("\n")
	for i := range c.Sources {
		lead := "  - "
		for _, o := range sourceOptions() {
			value := o.show(&c.Sources[i])
			if value == `""` || value == "[]" {
				continue
			}
			fmt.Fprintf(&b, "%s%s: %s", lead, o.key, value)
			if lead == "  - " {
				fmt.Fprintf(&b, "  # %s", c.origin(sourceKey(i)))
			}
			b.WriteString("\n")
			lead = "    "
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// String is what Show writes: a Config that gets into a log tells no secrets.
func (c *Config) String() string {
	var b strings.Builder
	_ = c.Show(&b) // a Builder takes everything
	return b.String()
}

// origin is where a setting came from, for people.
func (c *Config) origin(key string) string {
	switch where := c.origins[key]; {
	case where == "" || where == "default":
		return "default"
	case strings.HasPrefix(where, "--"):
		return "flag " + where
	case strings.HasPrefix(where, envPrefix):
		return "env " + where
	default:
		return "file " + filepath.Base(where)
	}
}

// nest writes the lines of the sections that a key stands in and gives the
// key's indent. comment stands before each line.
func nest(b *strings.Builder, section *string, key, comment string) string {
	parts := strings.Split(key, ".")
	parts = parts[:len(parts)-1]
	have := strings.Split(*section, ".")
	for i, p := range parts {
		if i >= len(have) || have[i] != p {
			fmt.Fprintf(b, "%s%s%s:\n", comment, strings.Repeat("  ", i), p)
			have = nil
		}
	}
	*section = strings.Join(parts, ".")
	return strings.Repeat("  ", len(parts))
}

func lastPart(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }

// show writes a setting's value as it would stand in the file.
func (o *option[T]) show(target *T) string {
	switch field := o.field(target).(type) {
	case *string:
		text := *field
		switch {
		case o.secret && text != "":
			text = mask
		case o.kind == kindURL:
			text = withoutPassword(text)
		}
		return yamlValue(&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text})
	case *int:
		return strconv.Itoa(*field)
	case *int64:
		if o.kind == kindSize {
			return formatSize(*field)
		}
		return strconv.FormatInt(*field, 10)
	case *bool:
		if *field {
			return "yes"
		}
		return "no"
	case *time.Duration:
		return field.String()
	case *[]string:
		list := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
		for _, text := range *field {
			if o.secret {
				text = mask
			}
			list.Content = append(list.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text})
		}
		return yamlValue(list)
	}
	return ""
}

// withoutPassword masks the password that an address may carry.
func withoutPassword(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.User == nil {
		return text
	}
	return u.Redacted()
}

func yamlValue(n *yaml.Node) string {
	out, err := yaml.Marshal(n)
	if err != nil {
		return strconv.Quote(n.Value)
	}
	return strings.TrimSuffix(string(out), "\n")
}
