package rtf

import "bytes"

// maxGroups is how deep groups may lie in one another. Deeper ones are still
// counted, so that their ends match, but keep no state of their own.
const maxGroups = 2000

// Magic begins every RTF file.
const Magic = "{\\rtf"

// what a token is.
type what byte

const (
	open   what = iota // {
	end                // }
	word               // \name123
	symbol             // \~ \* \'hh
	text               // bytes of text
	done
)

// token is one piece of RTF. Its slices are the input's.
type token struct {
	what   what
	name   []byte // of a word; of a symbol its one character
	text   []byte // of text; the one byte of \'hh
	number int
	given  bool // a number stands behind the word
}

// scanner cuts RTF into tokens. It copies nothing.
type scanner struct {
	data []byte
	at   int
	hex  [1]byte
}

// next gives the next token. Line ends are none of the text.
func (s *scanner) next() token {
	for s.at < len(s.data) {
		switch c := s.data[s.at]; c {
		case '{':
			s.at++
			return token{what: open}
		case '}':
			s.at++
			return token{what: end}
		case '\\':
			return s.control()
		case '\r', '\n', 0:
			s.at++
		default:
			from := s.at
			n := bytes.IndexAny(s.data[from:], "{}\\\r\n\x00")
			if n < 0 {
				n = len(s.data) - from
			}
			s.at = from + n
			return token{what: text, text: s.data[from:s.at]}
		}
	}
	return token{what: done}
}

func (s *scanner) control() token {
	s.at++ // the backslash
	if s.at >= len(s.data) {
		return token{what: done}
	}
	c := s.data[s.at]
	if !isLetter(c) {
		s.at++
		switch c {
		case '\'':
			if s.at+2 <= len(s.data) {
				hi, lo := unhex(s.data[s.at]), unhex(s.data[s.at+1])
				if hi >= 0 && lo >= 0 {
					s.at += 2
					s.hex[0] = byte(hi<<4 | lo) //nolint:gosec // two hex digits fill a byte
					return token{what: symbol, name: []byte{'\''}, text: s.hex[:]}
				}
			}
			// QUIRK: RTF 1.9.1 "Special Characters": two digits follow; where they
			// do not, the mark is dropped and what follows is text.
			return s.next()
		case '\r', '\n':
			// A backslash before a line's end is \par.
			if c == '\r' && s.at < len(s.data) && s.data[s.at] == '\n' {
				s.at++
			}
			return token{what: word, name: []byte("par")}
		}
		return token{what: symbol, name: s.data[s.at-1 : s.at]}
	}
	t := token{what: word}
	from := s.at
	for s.at < len(s.data) && isLetter(s.data[s.at]) {
		s.at++
	}
	t.name = s.data[from:s.at]
	sign := 1
	at := s.at
	if at < len(s.data) && s.data[at] == '-' {
		sign = -1
		at++
	}
	for digits := 0; at < len(s.data) && isDigit(s.data[at]); at++ {
		if digits++; digits <= 9 { // a longer number says nothing sensible
			t.number = t.number*10 + int(s.data[at]-'0')
		}
		t.given = true
	}
	if t.given {
		t.number *= sign
		s.at = at
	}
	if s.at < len(s.data) && s.data[s.at] == ' ' {
		s.at++
	}
	if t.given && string(t.name) == "bin" {
		// Raw bytes follow. The length is believed as far as the file goes.
		s.at += min(max(t.number, 0), len(s.data)-s.at)
		return s.next()
	}
	return t
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }

func unhex(c byte) int {
	switch {
	case isDigit(c):
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
