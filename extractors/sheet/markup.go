package sheet

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"guidang/extractors/ooxml"
)

// markup reads XML as fast as a sheet needs: 5 times as fast as encoding/xml,
// which a workbook of millions of cells is. It checks no more than a reader of
// cells has to: names and values are given as they stand, within one buffer.
//
// It refuses a document type and stops beyond a depth and a number of bytes, as
// ooxml.Walk does.
type markup struct {
	r        io.Reader
	buf      []byte
	pos, end int
	left     int64 // bytes that may still come
	failed   error // of r
	depth    int

	name  []byte // of the tag, without its prefix
	space []byte // the prefix
	attrs []byte // the rest of the tag
	text  []byte // of a piece of text, still escaped unless raw
	raw   bool
}

// kinds of what next finds.
type kind byte

const (
	ended kind = iota
	opening
	closing
	lone // an element without content
	words
)

const (
	markupBuffer = 64 << 10
	longestTag   = 4 << 20
	deepest      = 1024
)

var errTag = errors.New("a tag does not end")

// newMarkup reads r, at most limit bytes.
func newMarkup(r io.Reader, limit int64) *markup {
	return &markup{r: r, buf: make([]byte, markupBuffer), left: limit}
}

// fill brings more bytes behind those not yet used. false: there are none.
func (m *markup) fill() bool {
	if m.failed != nil {
		return false
	}
	if m.pos > 0 {
		copy(m.buf, m.buf[m.pos:m.end])
		m.end, m.pos = m.end-m.pos, 0
	}
	if m.end == len(m.buf) {
		if len(m.buf) >= longestTag {
			m.failed = errTag
			return false
		}
		m.buf = append(m.buf, make([]byte, len(m.buf))...)
	}
	for range 100 {
		n, err := m.r.Read(m.buf[m.end:])
		m.end += n
		if m.left -= int64(n); m.left < 0 {
			m.failed = ooxml.ErrTooBig
			m.end = max(m.end+int(m.left), m.pos)
			return n > 0
		}
		if err != nil {
			m.failed = err
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
	m.failed = io.ErrNoProgress
	return false
}

// next finds the next tag or piece of text. Its bytes are valid until the one
// after. At the end the error says whether it is one: nil for a whole file.
func (m *markup) next() (kind, error) {
	for {
		if m.pos == m.end && !m.fill() {
			return ended, m.finish()
		}
		if m.buf[m.pos] != '<' {
			if m.piece() {
				return words, nil
			}
			continue
		}
		k, err := m.tag()
		if k != ended || err != nil {
			return k, err
		}
	}
}

func (m *markup) finish() error {
	switch {
	case m.failed != io.EOF: //nolint:errorlint // only a bare one is the end
		return m.failed
	case m.depth > 0:
		return io.ErrUnexpectedEOF
	}
	return nil
}

// piece takes text up to the next tag, or what of it is there. An entity at the
// end of the buffer waits for its rest.
func (m *markup) piece() bool {
	for {
		b := m.buf[m.pos:m.end]
		at := bytes.IndexByte(b, '<')
		if at < 0 {
			at = len(b)
			if amp := bytes.LastIndexByte(b, '&'); amp >= 0 && len(b)-amp < 12 && bytes.IndexByte(b[amp:], ';') < 0 && m.fill() {
				continue
			}
		}
		m.text, m.raw = m.buf[m.pos:m.pos+at], false
		m.pos += at
		return at > 0
	}
}

// tag takes what begins with <. ended without an error: nothing that counts.
func (m *markup) tag() (kind, error) {
	at, err := m.until(">")
	if err != nil {
		return ended, err
	}
	b := m.buf[m.pos:]
	switch {
	case bytes.HasPrefix(b, []byte("<!--")):
		return ended, m.skip("-->")
	case bytes.HasPrefix(b, []byte("<![CDATA[")):
		at, err := m.until("]]>")
		if err != nil {
			return ended, err
		}
		m.text, m.raw = m.buf[m.pos+len("<![CDATA["):m.pos+at], true
		m.pos += at + 3
		return words, nil
	case bytes.HasPrefix(b, []byte("<?")):
		return ended, m.skip("?>")
	case bytes.HasPrefix(b, []byte("<!")):
		return ended, ooxml.ErrDTD
	}
	// A > may stand in a value.
	for quoted(m.buf[m.pos : m.pos+at]) {
		rest := bytes.IndexByte(m.buf[m.pos+at+1:m.end], '>')
		switch {
		case rest >= 0:
			at += rest + 1
		case !m.fill():
			return ended, m.broken()
		}
	}
	b = m.buf[m.pos+1 : m.pos+at]
	m.pos += at + 1
	k := opening
	switch {
	case len(b) > 0 && b[0] == '/':
		k, b = closing, b[1:]
	case len(b) > 0 && b[len(b)-1] == '/':
		k, b = lone, b[:len(b)-1]
	}
	stop := bytes.IndexAny(b, " \t\r\n")
	if stop < 0 {
		stop = len(b)
	}
	m.name, m.attrs, m.space = b[:stop], b[stop:], nil
	if colon := bytes.IndexByte(m.name, ':'); colon >= 0 {
		m.space, m.name = m.name[:colon], m.name[colon+1:]
	}
	switch k { //nolint:exhaustive // the others do not nest
	case opening:
		if m.depth++; m.depth > deepest {
			return ended, ooxml.ErrTooDeep
		}
	case closing:
		m.depth--
	}
	return k, nil
}

// until finds where a mark begins, reading on as it must.
func (m *markup) until(mark string) (int, error) {
	from := 0
	for {
		if at := bytes.Index(m.buf[m.pos+from:m.end], []byte(mark)); at >= 0 {
			return from + at, nil
		}
		from = max(m.end-m.pos-len(mark), 0)
		if !m.fill() {
			return 0, m.broken()
		}
	}
}

func (m *markup) skip(mark string) error {
	at, err := m.until(mark)
	m.pos += at + len(mark)
	m.pos = min(m.pos, m.end)
	return err
}

func (m *markup) broken() error {
	if m.failed == io.EOF { //nolint:errorlint // as above
		return io.ErrUnexpectedEOF
	}
	return m.failed
}

// quoted says whether a value is still open at the end of b.
func quoted(b []byte) bool {
	var open byte
	for _, c := range b {
		switch {
		case open != 0:
			if c == open {
				open = 0
			}
		case c == '"' || c == '\'':
			open = c
		}
	}
	return open != 0
}

// attr is a value of the tag by its name without prefix, nil where it has none.
func (m *markup) attr(name string) []byte {
	b := m.attrs
	for {
		eq := bytes.IndexByte(b, '=')
		if eq < 0 {
			return nil
		}
		key := bytes.TrimSpace(b[:eq])
		b = bytes.TrimLeft(b[eq+1:], " \t\r\n")
		if len(b) == 0 || b[0] != '"' && b[0] != '\'' {
			return nil
		}
		end := bytes.IndexByte(b[1:], b[0])
		if end < 0 {
			return nil
		}
		value := b[1 : 1+end]
		b = b[end+2:]
		if colon := bytes.IndexByte(key, ':'); colon >= 0 {
			key = key[colon+1:]
		}
		if string(key) == name {
			return value
		}
	}
}

// value is an attribute as text.
func (m *markup) value(name string) string { return string(unescape(nil, m.attr(name))) }

// number is an attribute as a number, or otherwise.
func (m *markup) number(name string, otherwise int) int {
	n, err := strconv.Atoi(string(m.attr(name)))
	if err != nil {
		return otherwise
	}
	return n
}

// add appends the piece of text that was found.
func (m *markup) add(to []byte) []byte {
	if m.raw {
		return append(to, m.text...)
	}
	return unescape(to, m.text)
}

var entities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}

// unescape appends b with its entities resolved; an unknown one stays as it is.
func unescape(to, b []byte) []byte {
	for {
		amp := bytes.IndexByte(b, '&')
		if amp < 0 {
			return append(to, b...)
		}
		to = append(to, b[:amp]...)
		b = b[amp:]
		semi := bytes.IndexByte(b[:min(len(b), 12)], ';')
		if semi < 0 {
			to, b = append(to, '&'), b[1:]
			continue
		}
		name := string(b[1:semi])
		if s, ok := entities[name]; ok {
			to, b = append(to, s...), b[semi+1:]
			continue
		}
		if r, ok := charOf(name); ok {
			to, b = utf8.AppendRune(to, r), b[semi+1:]
			continue
		}
		to, b = append(to, '&'), b[1:]
	}
}

// charOf reads #65 or #x41.
func charOf(name string) (rune, bool) {
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	base, digits := 10, name[1:]
	if digits[0] == 'x' || digits[0] == 'X' {
		base, digits = 16, digits[1:]
	}
	n, err := strconv.ParseUint(digits, base, 21)
	if err != nil || n == 0 {
		return 0, false
	}
	return rune(n), true
}

// utf8Of gives UTF-8 of a part that may be in UTF-16, as ECMA-376 part 2, 6.2.5
// allows.
func utf8Of(r io.Reader) io.Reader {
	head := make([]byte, 2)
	n, err := io.ReadFull(r, head)
	switch {
	case err != nil:
		return io.MultiReader(bytes.NewReader(head[:n]), r)
	case head[0] == 0xff && head[1] == 0xfe, head[0] == '<' && head[1] == 0:
		return &utf16Reader{r: io.MultiReader(bytes.NewReader(head), r)}
	case head[0] == 0xfe && head[1] == 0xff, head[0] == 0 && head[1] == '<':
		return &utf16Reader{r: io.MultiReader(bytes.NewReader(head), r), big: true}
	}
	return io.MultiReader(bytes.NewReader(head), r)
}

type utf16Reader struct {
	r    io.Reader
	big  bool
	high uint16
	out  []byte
}

// Read is io.Reader.
func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.out) == 0 {
		var b [4096]byte
		n, err := io.ReadFull(u.r, b[:])
		if n < 2 {
			return 0, err
		}
		for i := 0; i+1 < n; i += 2 {
			c := uint16(b[i]) | uint16(b[i+1])<<8
			if u.big {
				c = uint16(b[i])<<8 | uint16(b[i+1])
			}
			switch {
			case c >= 0xd800 && c < 0xdc00:
				u.high = c
				continue
			case u.high != 0:
				u.out = utf8.AppendRune(u.out, utf16.DecodeRune(rune(u.high), rune(c)))
				u.high = 0
			case c != 0xfeff:
				u.out = utf8.AppendRune(u.out, rune(c))
			}
		}
	}
	n := copy(p, u.out)
	u.out = u.out[n:]
	return n, nil
}
