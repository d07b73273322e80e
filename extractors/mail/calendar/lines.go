package calendar

import (
	"bytes"
	"encoding/base64"
	"strings"

	"guidang/extractors/charset"
)

// Limits of one file of content lines.
const (
	MaxLines  = 2_000_000
	maxLine   = 64 << 20 // an attachment is one line
	maxParams = 100
)

// Line is one content line (RFC 5545 3.1, RFC 6350 3.2), unfolded. Its value is
// still bytes, because in vCards each line has a charset of its own.
type Line struct {
	Group  string // vCard: item1 of item1.TEL
	Name   string // upper case
	Params []Param
	Value  []byte
	Number int // of the line in the file, from 1
}

// Param is a parameter; those of vCard 2.1 without a name have only a value.
type Param struct{ Name, Value string } // Name in upper case

// Get returns the parameter's first value, or "".
func (l *Line) Get(name string) string {
	for _, p := range l.Params {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// Is tells whether a value stands among the parameter's values, or alone, as
// vCard 2.1 has it. The value is in upper case.
func (l *Line) Is(name, value string) bool {
	for _, p := range l.Params {
		if p.Name != name && p.Name != "" {
			continue
		}
		for v := range strings.SplitSeq(p.Value, ",") {
			if strings.EqualFold(strings.TrimSpace(v), value) {
				return true
			}
		}
	}
	return false
}

// Text is the value as UTF-8, by the charset that the line names or else label.
func (l *Line) Text(label string) string {
	if own := l.Get("CHARSET"); charset.Known(own) {
		label = own
	}
	text, _, _ := charset.Decode(l.Value, label)
	return text
}

// Plain makes data ready for Lines: UTF-16 becomes UTF-8, a byte order mark goes.
func Plain(data []byte) []byte {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) || bytes.IndexByte(data[:min(len(data), 64)], 0) >= 0 {
		text, _, _ := charset.Decode(data, "")
		return []byte(text)
	}
	return bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
}

// Unfold joins folded lines, for a look at the bytes of a file: a fold within a
// character would make it one of another charset.
func Unfold(data []byte) []byte {
	for _, fold := range []string{"\n ", "\n\t"} {
		if bytes.Contains(data, []byte(fold)) {
			data = bytes.ReplaceAll(bytes.ReplaceAll(data, []byte("\r"+fold), nil), []byte(fold), nil)
		}
	}
	return data
}

// Lines cuts a file into content lines and hands them to yield until that returns
// false. Quoted-printable values (vCard 2.1) come with their soft breaks joined
// and their encoding undone.
//
// QUIRK: RFC 5545 3.1 lets a line be folded between any two octets, so that a
// character of UTF-8 or GBK may be cut by it: lines are joined as bytes.
func Lines(data []byte, yield func(*Line) bool) {
	number, read := 0, 0
	for at := 0; at < len(data) && read < MaxLines; read++ {
		first := number + 1
		line, next := physical(data, at)
		number++
		at = next
		var joined []byte
		for at < len(data) && (data[at] == ' ' || data[at] == '\t') {
			more, next := physical(data, at)
			number++
			if joined == nil {
				joined = append(make([]byte, 0, len(line)+2*len(more)), line...)
			}
			if len(joined) < maxLine {
				joined = append(joined, more[1:]...)
			}
			at = next
		}
		if joined != nil {
			line = joined
		}
		l, ok := parse(line)
		if !ok {
			continue
		}
		l.Number = first
		if quoted(&l) {
			owned := false // the value is a copy that may grow
			for bytes.HasSuffix(bytes.TrimRight(l.Value, " \t"), []byte("=")) && at < len(data) {
				more, next := physical(data, at)
				number++
				at = next
				kept := bytes.TrimRight(l.Value, " \t=")
				if !owned {
					kept, owned = append(make([]byte, 0, 2*len(kept)+len(more)), kept...), true
				}
				kept = append(kept, more...)
				l.Value = kept
				if len(l.Value) > maxLine {
					break
				}
			}
			l.Value = unquote(l.Value)
		}
		if !yield(&l) {
			return
		}
	}
}

// physical is one line as it stands, without its end. CR alone ends one too.
func physical(data []byte, at int) (line []byte, next int) {
	end := bytes.IndexAny(data[at:], "\r\n")
	if end < 0 {
		return data[at:], len(data)
	}
	next = at + end + 1
	// QUIRK: RFC 5545 3.1 ends lines in CR LF; text converted twice has CR CR LF.
	for next < len(data) && data[next-1] == '\r' && (data[next] == '\n' || data[next] == '\r' && next+1 < len(data) && data[next+1] == '\n') {
		next++
	}
	return data[at : at+end], next
}

// parse splits group.NAME;PARAM=value:value.
func parse(line []byte) (l Line, ok bool) {
	at := bytes.IndexAny(line, ":;")
	if at <= 0 || at > 200 {
		return l, false
	}
	name := strings.TrimSpace(string(line[:at]))
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		l.Group, name = name[:dot], name[dot+1:]
	}
	l.Name = strings.ToUpper(name)
	for _, c := range []byte(l.Name) {
		if !(c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '/') {
			return l, false
		}
	}
	for line[at] == ';' {
		from := at + 1
		quote := false
		for at = from; at < len(line); at++ {
			if line[at] == '"' {
				quote = !quote
			}
			if !quote && (line[at] == ';' || line[at] == ':') {
				break
			}
		}
		if at == len(line) && quote {
			// QUIRK: RFC 5545 3.2: quotes come in pairs; a lone one is a character.
			if at = bytes.IndexAny(line[from:], ";:"); at < 0 {
				return l, false
			}
			at += from
		}
		if at == len(line) {
			return l, false
		}
		if len(l.Params) < maxParams {
			l.Params = append(l.Params, param(line[from:at]))
		}
	}
	l.Value = line[at+1 : len(line) : len(line)]
	return l, true
}

func param(raw []byte) Param {
	text, _, _ := charset.Decode(raw, "")
	name, value, ok := strings.Cut(text, "=")
	if !ok {
		return Param{Value: strings.TrimSpace(text)}
	}
	value = strings.ReplaceAll(strings.TrimSpace(value), `"`, "")
	// RFC 6868: ^n ^' ^^ stand for what a parameter cannot hold.
	if strings.IndexByte(value, '^') >= 0 {
		value = caret.Replace(value)
	}
	return Param{strings.ToUpper(strings.TrimSpace(name)), value}
}

var caret = strings.NewReplacer("^n", "\n", "^N", "\n", "^'", `"`, "^^", "^")

func quoted(l *Line) bool {
	return l.Is("ENCODING", "QUOTED-PRINTABLE") || l.Is("ENCODING", "Q")
}

func unquote(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '=' && i+2 < len(b) {
			hi, lo := unhex(b[i+1]), unhex(b[i+2])
			if hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo)) //nolint:gosec // two hex digits fill a byte
				i += 2
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// Binary undoes the base64 of a value, in a line (b, BASE64) or as a data URL.
// ok is false when the value is neither.
func (l *Line) Binary() (data []byte, mediaType string, ok bool) {
	raw := l.Value
	if bytes.HasPrefix(raw, []byte("data:")) {
		head, body, found := bytes.Cut(raw[5:], []byte(","))
		if !found || !bytes.HasSuffix(head, []byte(";base64")) {
			return nil, "", false
		}
		mediaType, _, _ = strings.Cut(string(head), ";")
		raw = body
	} else if !l.Is("ENCODING", "BASE64") && !l.Is("ENCODING", "B") {
		return nil, "", false
	}
	clean := make([]byte, 0, len(raw))
	for _, c := range raw {
		if c > ' ' && c != '=' {
			clean = append(clean, c)
		}
	}
	data = make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
	n, err := base64.RawStdEncoding.Decode(data, clean)
	if n == 0 || err != nil && n < len(data)/2 {
		return nil, "", false
	}
	if m := l.Get("FMTTYPE"); m != "" {
		mediaType = m
	}
	return data[:n], mediaType, true
}

// Unescape undoes \n, \, \; and \\ of a text value (RFC 5545 3.3.11).
func Unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n', 'N':
			b.WriteByte('\n')
		case ',', ';', ':', '"', '\\':
			b.WriteByte(s[i])
		default:
			// QUIRK: RFC 5545 3.3.11 knows no other escapes; paths of Windows are
			// written without any.
			b.WriteByte('\\')
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
