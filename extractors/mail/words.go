package mail

import (
	"encoding/base64"
	"strings"

	"guidang/extractors/charset"
)

// decodeText gives the text of a header value: unfolded, raw bytes of the charset
// hint (what the mail's body says it is in) or of any other, encoded words
// decoded, control characters made blanks.
func decodeText(value []byte, hint string) string {
	return decodeWords(rawText(unfold(value), hint), hint)
}

// rawText decodes what is not ASCII in a header, which encoded words always are.
//
// QUIRK: RFC 5322 2.2 allows ASCII only, RFC 6532 UTF-8; Chinese mailers of twenty
// years write raw GBK and Big5. That is undone before anything is parsed, because
// in both the second byte of a character can be @, \ or |.
func rawText(value []byte, hint string) string {
	plain := true
	for _, c := range value {
		if c >= 0x80 || c == 0x1b {
			plain = false
			break
		}
	}
	if plain {
		// QUIRK: RFC 1843 and RFC 2152 are charsets of seven bits; they stand in
		// headers as they are, told by their shifts only.
		if s := string(value); charset.Shifted(s, hint) {
			if charset.Name(hint) != "utf-7" {
				hint = ""
			}
			s, _, _ = charset.Decode(value, hint)
			return s
		}
		return string(value)
	}
	if isLatin(hint) {
		// A Western label on the body says little about a raw Chinese subject, and a
		// raw Western one is told by its letters.
		hint = ""
	}
	s, _, _ := charset.Decode(value, hint)
	return s
}

func isLatin(label string) bool {
	switch strings.ToLower(label) {
	case "iso-8859-1", "windows-1252", "us-ascii", "latin1", "ascii":
		return true
	}
	return false
}

// decodeWords decodes RFC 2047 encoded words. The bytes of adjacent words of one
// charset are joined before they are decoded.
//
// QUIRK: RFC 2047 5: each word holds whole characters; mailers cut at a length in
// bytes, so half of a long Chinese subject's words end within a character.
func decodeWords(s, hint string) string {
	at := strings.Index(s, "=?")
	if at < 0 {
		return oneLine(s)
	}
	d := words{hint: hint}
	for at >= 0 {
		w, n := wordAt(s[at:])
		if n == 0 {
			at = next(s, at+2)
			continue
		}
		d.plain(s[:at])
		d.word(w)
		s = s[at+n:]
		at = next(s, 0)
	}
	d.plain(s)
	d.flush()
	return oneLine(d.out.String())
}

func next(s string, from int) int {
	if from > len(s) {
		return -1
	}
	if at := strings.Index(s[from:], "=?"); at >= 0 {
		return from + at
	}
	return -1
}

// words gathers encoded words of one charset.
type words struct {
	hint  string
	out   strings.Builder
	label string
	bytes []byte
	quad  []byte // base64 characters that make no whole group yet
	open  bool   // words are being gathered
}

// word is one encoded word, not yet decoded.
type word struct {
	label, text string
	base64      bool
}

// wordAt parses the encoded word at the beginning of s and returns its length, or
// zero when there is none.
func wordAt(s string) (w word, n int) {
	rest := s[2:]
	end := strings.IndexByte(rest, '?')
	if end <= 0 || end > 60 || end+2 >= len(rest) || strings.ContainsAny(rest[:end], " \t\"<>@") {
		return w, 0
	}
	w.label = rest[:end]
	// RFC 2231 5: a language may follow the charset. canonical labels drop it.
	switch rest[end+1] | 0x20 {
	case 'b':
		w.base64 = true
	case 'q':
	default:
		return w, 0
	}
	if rest[end+2] != '?' {
		return w, 0
	}
	text := rest[end+3:]
	stop := strings.Index(text, "?=")
	if stop < 0 {
		// QUIRK: RFC 2047 2 wants ?= at the end; subjects cut at a length have none.
		if strings.ContainsAny(text, "<>@") {
			return w, 0
		}
		w.text = strings.TrimSuffix(text, "?")
		return w, len(s)
	}
	for !w.base64 && stop+4 <= len(text) && unhex(text[stop+2]) >= 0 && unhex(text[stop+3]) >= 0 {
		// QUIRK: RFC 2047 4.2: a ? within the text is written =3F; where it is
		// not, "?=20" looks like the end.
		more := strings.Index(text[stop+2:], "?=")
		if more < 0 || strings.ContainsAny(text[stop:stop+2+more], " \t") {
			break
		}
		stop += 2 + more
	}
	if again := strings.Index(text[:stop], "=?"); again >= 0 && strings.Count(text[again:stop], "?") >= 3 {
		return w, 0 // a word that was cut short, and a whole one after it
	}
	w.text = text[:stop]
	return w, len(s) - len(text) + stop + 2
}

// plain writes what stands between words; blanks between two words are nothing.
func (d *words) plain(s string) {
	if d.open && strings.TrimLeft(s, " \t\r\n") == "" {
		return
	}
	d.flush()
	d.out.WriteString(s)
}

func (d *words) word(w word) {
	if !d.open || !strings.EqualFold(w.label, d.label) {
		d.flush()
		d.label, d.open = w.label, true
	}
	if !w.base64 {
		d.drain()
		d.bytes = appendQ(d.bytes, w.text)
		return
	}
	for i := range len(w.text) {
		switch c := w.text[i]; {
		case isBase64(c):
			d.quad = append(d.quad, c)
		case c == '-':
			d.quad = append(d.quad, '+')
		case c == '_':
			d.quad = append(d.quad, '/')
		case c == '=':
			d.drain()
		}
	}
	// QUIRK: RFC 2047 5: a word is base64 of its own; some mailers cut the text
	// after encoding it, so a group may go on in the next word.
	whole := len(d.quad) &^ 3
	d.bytes = appendBase64(d.bytes, d.quad[:whole])
	d.quad = append(d.quad[:0], d.quad[whole:]...)
}

// drain ends a base64 text, padded or not.
func (d *words) drain() {
	d.bytes = appendBase64(d.bytes, d.quad)
	d.quad = d.quad[:0]
}

func (d *words) flush() {
	if !d.open {
		return
	}
	d.drain()
	label := d.label
	if !charset.Known(label) {
		label = d.hint
	}
	text, _, _ := charset.DecodeWithin(d.bytes, label, d.hint)
	d.out.WriteString(text)
	d.bytes, d.open, d.label = d.bytes[:0], false, ""
}

func appendQ(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '_':
			dst = append(dst, ' ')
		case c == '=' && i+2 < len(s) && unhex(s[i+1]) >= 0 && unhex(s[i+2]) >= 0:
			dst = append(dst, byte(unhex(s[i+1])<<4|unhex(s[i+2]))) //nolint:gosec // two hex digits fill a byte
			i += 2
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

func appendBase64(dst, s []byte) []byte {
	if len(s)%4 == 1 {
		s = s[:len(s)-1] // six bits make no byte
	}
	n := len(dst)
	dst = append(dst, make([]byte, base64.RawStdEncoding.DecodedLen(len(s)))...)
	got, _ := base64.RawStdEncoding.Decode(dst[n:], s)
	return dst[:n+got]
}

func isBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/'
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}

// oneLine makes control characters blanks, so that an encoded line end adds no
// header, and drops marks that turn the writing direction, so that a name reads
// as it is.
func oneLine(s string) string {
	if printable(s) || strings.IndexFunc(s, unwanted) < 0 {
		return strings.TrimSpace(s)
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x2028 || r == 0x2029:
			return ' '
		case unwanted(r):
			return -1
		}
		return r
	}, s))
}

// printable is true for nothing but printable ASCII, which most values are.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

func unwanted(r rune) bool {
	return r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0xfeff || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x2028 || r == 0x2029
}
