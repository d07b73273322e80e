package source

import (
	"regexp"
	"strings"
)

// glob is one pattern of the user.
//
//	*.bak         a name, in any folder
//	临时/旧/*     a path from the root of the source
//	**/草稿/**    a folder 草稿 anywhere with all that lies in it
//	old/          folders only
//
// "*" and "?" stay within a name, "**" crosses folders, "[a-z]" and "{a,b}" are
// choices. Upper and lower case are equal: the names come from Windows.
type glob struct {
	text    string
	folders bool // only folders match
	re      *regexp.Regexp
}

// compileGlobs never fails: what is not a pattern is taken as it is written.
func compileGlobs(patterns []string) []glob {
	var out []glob
	for _, p := range patterns {
		if strings.TrimSpace(p) != "" {
			out = append(out, compileGlob(p))
		}
	}
	return out
}

func compileGlob(text string) glob {
	g := glob{text: text}
	p := strings.ToValidUTF8(strings.TrimSpace(text), "\uFFFD")
	p = strings.TrimPrefix(strings.ReplaceAll(p, `\`, "/"), "./")
	rooted := strings.Contains(strings.TrimRight(p, "/"), "/")
	// All that lies in a folder is left out as the folder itself: one entry.
	for strings.HasSuffix(p, "/**") {
		p, g.folders = strings.TrimSuffix(p, "/**"), true
	}
	if strings.HasSuffix(p, "/") {
		p, g.folders = strings.TrimRight(p, "/"), true
	}
	p = strings.TrimLeft(p, "/")
	if !rooted {
		p = "**/" + p
	}
	re, err := regexp.Compile(`(?is)^` + globExpression(p) + `$`)
	if err != nil {
		re = regexp.MustCompile(`(?is)^` + regexp.QuoteMeta(p) + `$`)
	}
	g.re = re
	return g
}

// globExpression writes a pattern as a regular expression, which Go matches in
// time linear in the path, whatever the pattern.
func globExpression(p string) string {
	var b strings.Builder
	braces := 0
	for i := 0; i < len(p); {
		rest := p[i:]
		switch {
		case strings.HasPrefix(rest, "**/"):
			b.WriteString(`(?:.*/)?`)
			i += 3
			continue
		case strings.HasPrefix(rest, "**"):
			b.WriteString(`.*`)
			i += 2
			continue
		case rest[0] == '*':
			b.WriteString(`[^/]*`)
		case rest[0] == '?':
			b.WriteString(`[^/]`)
		case rest[0] == '[':
			if end := strings.IndexByte(rest[1:], ']'); end > 0 {
				class := rest[1 : end+1]
				if class[0] == '!' {
					class = "^" + class[1:]
				}
				b.WriteString("[" + strings.ReplaceAll(class, `[`, `\[`) + "]")
				i += end + 2
				continue
			}
			b.WriteString(`\[`)
		case rest[0] == '{' && strings.Contains(rest, "}"):
			braces++
			b.WriteString(`(?:`)
		case rest[0] == '}' && braces > 0:
			braces--
			b.WriteString(`)`)
		case rest[0] == ',' && braces > 0:
			b.WriteString(`|`)
		default:
			n := 1
			for n < len(rest) && rest[n] >= 0x80 && rest[n] < 0xc0 {
				n++
			}
			b.WriteString(regexp.QuoteMeta(rest[:n]))
			i += n
			continue
		}
		i++
	}
	return b.String()
}

// match says whether a path for people, from the root, is meant.
func (g *glob) match(path string, isFolder bool) bool {
	return (isFolder || !g.folders) && g.re.MatchString(path)
}
