package ooxml

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// errSyntax says that XML ends within a tag, or holds what is none.
var errSyntax = errors.New("the XML is damaged")

// maxInterned bounds the names and short values that are kept for reuse.
const maxInterned = 8192

// scanner cuts XML into tokens. encoding/xml goes byte by byte and took four fifths
// of the time of reading Word files: 109 of 203 real ones a second, on one busy
// processor. This one looks for the next bracket and keeps names: 208 a second, with
// the same text out of all of them. It checks neither names nor nesting: its callers
// read what they know and pass over the rest.
type scanner struct {
	r      *bufio.Reader
	buf    []byte // what lies in more than one piece
	names  map[string]xml.Name
	values map[string]string
	attrs  []xml.Attr
	inTag  bool      // the bracket of the next tag is read already
	closed *xml.Name // of an element without content: its end comes next
}

func newScanner(r io.Reader) *scanner {
	s := &scanner{names: map[string]xml.Name{}, values: map[string]string{}}
	s.r = bufio.NewReaderSize(r, 16<<10)
	// ECMA-376 part 2, 6.2.5 allows UTF-16, and says that a mark stands before it.
	if mark, _ := s.r.Peek(2); len(mark) == 2 && (mark[0] == 0xff && mark[1] == 0xfe || mark[0] == 0xfe && mark[1] == 0xff) {
		s.r = bufio.NewReaderSize(transform.NewReader(s.r, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()), 16<<10)
	}
	return s
}

// next gives the next token: a start, an end, text, or a directive. A token is
// valid until the next one is asked for.
func (s *scanner) next() (xml.Token, error) {
	if s.closed != nil {
		name := *s.closed
		s.closed = nil
		return xml.EndElement{Name: name}, nil
	}
	for {
		if !s.inTag {
			text, err := s.until('<')
			if err == nil {
				text, s.inTag = text[:len(text)-1], true
			} else if !errors.Is(err, io.EOF) {
				return nil, err
			}
			if len(text) > 0 {
				return xml.CharData(unescape(text)), nil
			}
			if err != nil {
				return nil, err
			}
		}
		s.inTag = false
		tok, err := s.tag()
		if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			err = errSyntax
		}
		if tok != nil || err != nil {
			return tok, err
		}
	}
}

// until reads to a byte, with it. At the end of the XML it gives what is left, with
// io.EOF.
func (s *scanner) until(c byte) ([]byte, error) {
	part, err := s.r.ReadSlice(c)
	if err != bufio.ErrBufferFull { //nolint:errorlint // bufio gives it bare
		return part, err
	}
	s.buf = append(s.buf[:0], part...)
	for err == bufio.ErrBufferFull { //nolint:errorlint // as above
		part, err = s.r.ReadSlice(c)
		s.buf = append(s.buf, part...)
	}
	return s.buf, err
}

// tag reads what stands behind a bracket. It gives nil for what is passed over.
func (s *scanner) tag() (xml.Token, error) {
	head, err := s.r.Peek(8)
	switch {
	case bytes.HasPrefix(head, []byte("!--")):
		_, err = s.through("-->")
		return nil, err
	case bytes.HasPrefix(head, []byte("![CDATA[")):
		b, err := s.through("]]>")
		if err != nil {
			return nil, err
		}
		return xml.CharData(b[8 : len(b)-3]), nil
	case bytes.HasPrefix(head, []byte("?")):
		_, err = s.through("?>")
		return nil, err
	case bytes.HasPrefix(head, []byte("!")):
		b, err := s.through(">")
		if err != nil {
			return nil, err
		}
		return xml.Directive(b[1 : len(b)-1]), nil
	case len(head) == 0:
		return nil, err
	}
	b, err := s.element()
	if err != nil {
		return nil, err
	}
	b = b[:len(b)-1]
	if len(b) > 0 && b[0] == '/' {
		return xml.EndElement{Name: s.name(bytes.TrimSpace(b[1:]))}, nil
	}
	return s.start(b)
}

// through reads to a mark, with it.
func (s *scanner) through(mark string) ([]byte, error) {
	var out []byte
	for {
		part, err := s.r.ReadSlice('>')
		out = append(out, part...)
		switch {
		case err == bufio.ErrBufferFull: //nolint:errorlint // bufio gives it bare
		case err != nil:
			return nil, err
		case len(out) >= len(mark) && string(out[len(out)-len(mark):]) == mark:
			return out, nil
		}
	}
}

// element reads a tag to its bracket; one within quotes is none.
func (s *scanner) element() ([]byte, error) {
	b, err := s.until('>')
	if err != nil {
		return nil, err
	}
	quote := quoted(b, 0)
	if quote == 0 {
		return b, nil
	}
	s.buf = append(s.buf[:0], b...)
	for {
		part, err := s.r.ReadSlice('>')
		s.buf = append(s.buf, part...)
		if err != nil && err != bufio.ErrBufferFull { //nolint:errorlint // bufio gives it bare
			return nil, err
		}
		if quote = quoted(part, quote); quote == 0 && err == nil {
			return s.buf, nil
		}
	}
}

// quoted says which quote is open behind b, if one is.
func quoted(b []byte, quote byte) byte {
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quote == 0 && (c == '"' || c == '\''):
			n := bytes.IndexByte(b[i+1:], c)
			if n < 0 {
				return c
			}
			i += n + 1
		case quote != 0:
			n := bytes.IndexByte(b[i:], quote)
			if n < 0 {
				return quote
			}
			i, quote = i+n, 0
		}
	}
	return quote
}

// start reads a start tag without its brackets.
func (s *scanner) start(b []byte) (xml.Token, error) {
	empty := len(b) > 0 && b[len(b)-1] == '/'
	if empty {
		b = b[:len(b)-1]
	}
	n := 0
	for n < len(b) && b[n] > ' ' {
		n++
	}
	if n == 0 || b[0] < 'A' && b[0] != ':' {
		return nil, errSyntax
	}
	e := xml.StartElement{Name: s.name(b[:n])}
	s.attrs = s.attrs[:0]
	for b = bytes.TrimLeft(b[n:], " \t\r\n"); len(b) > 0; b = bytes.TrimLeft(b, " \t\r\n") {
		eq := bytes.IndexByte(b, '=')
		if eq <= 0 {
			break // a word without a value
		}
		name := s.name(bytes.TrimRight(b[:eq], " \t\r\n"))
		b = bytes.TrimLeft(b[eq+1:], " \t\r\n")
		var value []byte
		if len(b) > 0 && (b[0] == '"' || b[0] == '\'') {
			end := bytes.IndexByte(b[1:], b[0])
			if end < 0 {
				return nil, errSyntax
			}
			value, b = b[1:1+end], b[2+end:]
		} else {
			end := bytes.IndexAny(b, " \t\r\n")
			if end < 0 {
				end = len(b)
			}
			value, b = b[:end], b[end:]
		}
		s.attrs = append(s.attrs, xml.Attr{Name: name, Value: s.value(value)})
	}
	e.Attr = s.attrs
	if empty {
		s.closed = &e.Name
	}
	return e, nil
}

// name splits a name at its prefix.
func (s *scanner) name(b []byte) xml.Name {
	if n, ok := s.names[string(b)]; ok {
		return n
	}
	n := xml.Name{Local: string(b)}
	if i := bytes.IndexByte(b, ':'); i > 0 && i+1 < len(b) {
		n = xml.Name{Space: n.Local[:i], Local: n.Local[i+1:]}
	}
	if len(s.names) < maxInterned {
		s.names[string(b)] = n
	}
	return n
}

func (s *scanner) value(b []byte) string {
	if bytes.IndexByte(b, '&') >= 0 {
		return string(unescape(b))
	}
	if len(b) > 16 {
		return string(b)
	}
	v, ok := s.values[string(b)]
	if !ok {
		if v = string(b); len(s.values) < maxInterned {
			s.values[v] = v
		}
	}
	return v
}

var entities = map[string]byte{"lt": '<', "gt": '>', "amp": '&', "quot": '"', "apos": '\''}

// unescape replaces references to characters, and the line ends that XML 1.0, 2.11
// makes one. Unknown references stay as they are.
func unescape(b []byte) []byte {
	at := bytes.IndexAny(b, "&\r")
	if at < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for ; at >= 0; at = bytes.IndexAny(b, "&\r") {
		out = append(out, b[:at]...)
		if b[at] == '\r' {
			if b = b[at+1:]; len(b) == 0 || b[0] != '\n' {
				out = append(out, '\n')
			}
			continue
		}
		b = b[at:]
		end := bytes.IndexByte(b[:min(len(b), 16)], ';')
		if end < 0 {
			out, b = append(out, '&'), b[1:]
			continue
		}
		word := string(b[1:end])
		if c, ok := entities[word]; ok {
			out = append(out, c)
		} else if r, ok := reference(word); ok {
			out = utf8.AppendRune(out, r)
		} else {
			out = append(out, b[:end+1]...)
		}
		b = b[end+1:]
	}
	return append(out, b...)
}

// reference reads the number of a character.
func reference(word string) (rune, bool) {
	if len(word) < 2 || word[0] != '#' {
		return 0, false
	}
	digits, base := word[1:], 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseInt(digits, base, 32)
	if err != nil || n < 0 {
		return 0, false
	}
	return rune(n), true // what is no character becomes U+FFFD
}
