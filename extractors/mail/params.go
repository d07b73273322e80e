package mail

import (
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"guidang/extractors/charset"
)

// maxSegments bounds the pieces of one parameter (RFC 2231 3).
const maxSegments = 200

// params is a value such as Content-Type, taken apart: `text/plain; charset=gbk`.
type params struct {
	value string // lower case
	list  []param
}

type param struct{ name, value string }

// parseParams takes a structured value apart. It accepts whatever it can: a
// missing semicolon, blanks in an unquoted value, a quote that never closes.
func parseParams(raw []byte, hint string) params {
	s := rawText(unfold(raw), hint)
	var p params
	main, rest, _ := strings.Cut(s, ";")
	// QUIRK: RFC 2045 5.1 wants a semicolon before parameters: `text/plain charset=gbk`.
	main = strings.TrimSpace(main)
	if at := strings.IndexAny(main, " \t\""); at >= 0 && strings.IndexByte(main[at:], '=') >= 0 {
		rest = main[at:] + ";" + rest
		main = main[:at]
	}
	p.value = strings.ToLower(strings.Trim(stripComment(main), " \t\"'"))
	for rest != "" && len(p.list) < 4*maxSegments {
		rest = strings.TrimLeft(rest, " \t;,")
		at := strings.IndexByte(rest, '=')
		if at < 0 {
			break
		}
		name := rest[:at]
		if semi := strings.LastIndexByte(name, ';'); semi >= 0 {
			name = name[semi+1:]
		}
		name = strings.ToLower(strings.Trim(name, " \t\""))
		var value string
		value, rest = cutValue(strings.TrimLeft(rest[at+1:], " \t"))
		p.list = append(p.list, param{name, value})
	}
	return p
}

// cutValue takes one value off the front of s.
func cutValue(s string) (value, rest string) {
	if !strings.HasPrefix(s, `"`) {
		value, rest, _ = strings.Cut(s, ";")
		return strings.TrimSpace(value), rest
	}
	if at := strings.IndexAny(s[1:], `"\`); at >= 0 && s[1+at] == '"' {
		return s[1 : 1+at], s[at+2:]
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return b.String(), s[i+1:]
		case c == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			// QUIRK: RFC 5322 3.2.4: a backslash quotes any character; Windows
			// mailers write paths with plain ones.
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), ""
}

// stripComment drops (comments).
func stripComment(s string) string {
	at := strings.IndexByte(s, '(')
	if at < 0 {
		return s
	}
	end := strings.LastIndexByte(s, ')')
	if end < at {
		return s[:at]
	}
	return s[:at] + s[end+1:]
}

// get gives a parameter as it stands, without decoding.
func (p params) get(name string) string {
	for _, x := range p.list {
		if x.name == name {
			return x.value
		}
	}
	return ""
}

// text gives a parameter that people read, decoded: RFC 2231 with a charset or in
// pieces, and everything that is written in its place.
func (p params) text(name, hint string) string {
	if s := p.extended(name, hint); s != "" {
		return s
	}
	s := p.get(name)
	if s == "" {
		return ""
	}
	// QUIRK: RFC 2231 4 marks the form with a star in the name; without it
	// `filename="utf-8''%E5%90%88"` is as frequent.
	if label, rest, ok := cutLabel(s); ok {
		return oneLine(percent(rest, label))
	}
	// QUIRK: RFC 2047 5 forbids encoded words in parameters; Outlook and every
	// Chinese mailer write them there.
	if strings.Contains(s, "=?") {
		return decodeWords(s, hint)
	}
	// QUIRK: web mailers percent-encode a plain filename.
	if strings.Count(s, "%") >= 3 {
		if d := percent(s, ""); d != s && strings.IndexFunc(d, func(r rune) bool { return r > 0x7f }) >= 0 && !strings.ContainsRune(d, utf8.RuneError) {
			return oneLine(d)
		}
	}
	return oneLine(s)
}

// segment is one piece of a parameter: name*3*="…".
type segment struct {
	n       int
	encoded bool
	value   string
}

func (p params) extended(name, hint string) string {
	var pieces []segment
	for _, x := range p.list {
		rest, ok := strings.CutPrefix(x.name, name+"*")
		if !ok || len(pieces) >= maxSegments {
			continue
		}
		s := segment{value: x.value}
		if rest == "" {
			s.encoded = true
		} else {
			digits, star := strings.CutSuffix(rest, "*")
			n, err := strconv.Atoi(digits)
			if err != nil {
				continue
			}
			s.n, s.encoded = n, star
		}
		pieces = append(pieces, s)
	}
	if len(pieces) == 0 {
		return ""
	}
	sort.SliceStable(pieces, func(i, j int) bool { return pieces[i].n < pieces[j].n })
	label, labelled := "", false
	var raw []byte
	for i, s := range pieces {
		if i > 0 && s.n == pieces[i-1].n {
			continue // the same piece twice
		}
		if !s.encoded {
			raw = append(raw, s.value...)
			continue
		}
		if !labelled {
			labelled = true
			if l, rest, ok := cutLabel(s.value); ok {
				label, s.value = l, rest
			}
		}
		raw = appendPercent(raw, s.value)
	}
	if strings.Contains(string(raw), "=?") {
		return decodeWords(string(raw), hint) // encoded words, cut into pieces
	}
	if !charset.Known(label) {
		label = hint
	}
	text, _, _ := charset.DecodeWithin(raw, label, hint)
	return oneLine(text)
}

// cutLabel splits charset'language'text. The charset may be left out only where
// the star stood; here it must be one.
func cutLabel(s string) (label, rest string, ok bool) {
	a := strings.IndexByte(s, '\'')
	if a < 0 || a > 40 {
		return "", s, false
	}
	b := strings.IndexByte(s[a+1:], '\'')
	if b < 0 || b > 20 {
		return "", s, false
	}
	if a > 0 && !charset.Known(s[:a]) && (strings.IndexFunc(s[:a], notLabel) >= 0 || strings.IndexByte(s[a+1+b+1:], '%') < 0) {
		return "", s, false
	}
	return s[:a], s[a+1+b+1:], a > 0 || strings.Contains(s, "%")
}

func notLabel(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
}

func percent(s, label string) string {
	text, _, _ := charset.Decode(appendPercent(nil, s), label)
	return text
}

func appendPercent(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && unhex(s[i+1]) >= 0 && unhex(s[i+2]) >= 0 {
			dst = append(dst, byte(unhex(s[i+1])<<4|unhex(s[i+2]))) //nolint:gosec // two hex digits fill a byte
			i += 2
			continue
		}
		dst = append(dst, s[i])
	}
	return dst
}
