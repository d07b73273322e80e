// Package sensitive finds what must not get about in a text: identity numbers,
// mobile numbers, bank cards and passwords. It says where they stand and never
// what they are: a finding holds a position and a masked form, so that nothing of
// it can reach a log or an index.
package sensitive

import (
	"strings"
	"unicode/utf8"

	"guidang/extractors/document"
)

// Version is raised when the same text would give other findings.
const Version = 1

// Finding is one of them.
type Finding struct {
	Kind     string            `json:"kind"` // of document.Sensitives
	Position document.Position `json:"position"`
	Section  int               `json:"section"` // from 0
	From     int               `json:"from"`    // bytes of the section's text
	To       int               `json:"to"`
	Masked   string            `json:"masked"` // 138****8000
}

// most is how many findings of a document are kept; a customer list has thousands
// and the first say enough.
const most = 200

// Find finds them in a document, in the order of its text. Its kinds are all that
// there are, even where the list of findings is cut.
func Find(d *document.Document) (found []Finding, kinds []string) {
	seen := map[string]bool{}
	for n := range d.Sections {
		s := &d.Sections[n]
		scan(s.Text, func(kind string, from, to int) {
			seen[kind] = true
			if len(found) < most {
				found = append(found, Finding{Kind: kind, Position: s.Position, Section: n, From: from, To: to, Masked: mask(kind, s.Text[from:to])})
			}
		})
	}
	for _, k := range document.Sensitives {
		if seen[k] {
			kinds = append(kinds, k)
		}
	}
	return found, kinds
}

// mask keeps what tells one from another and hides the rest.
func mask(kind, s string) string {
	if kind == document.SensitivePassword {
		return "******"
	}
	var digits []byte
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' || s[i] == 'X' || s[i] == 'x' {
			digits = append(digits, s[i])
		}
	}
	const head, tail = 3, 4
	if len(digits) <= head+tail {
		return strings.Repeat("*", len(digits))
	}
	return string(digits[:head]) + strings.Repeat("*", len(digits)-head-tail) + string(digits[len(digits)-tail:])
}

// scan walks a text once: numbers where digits begin, passwords where a word for
// them stands.
func scan(s string, found func(kind string, from, to int)) {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case isLetter(c) && c|0x20 != 'p': // no word for a password begins so
			i = skip(s, i)
		case c >= '0' && c <= '9' || c == '+' && i+1 < len(s) && isDigit(s[i+1]):
			end, digits := run(s, i)
			if kind, from, to := number(s, i, end, digits); kind != "" {
				found(kind, from, to)
			}
			i = max(end, i+1)
		case isLetter(c) || c == 0xe5 || c == 0xe7 || c == 0xef: // 密 is e5 af 86, 口 e5 8f a3, 登 e7 99 bb
			from, to, after := password(s, i)
			if to > from {
				found(document.SensitivePassword, from, to)
			}
			i = max(after, i+1)
		default:
			i++
			for i < len(s) && !utf8.RuneStart(s[i]) {
				i++
			}
		}
	}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// run takes digits with single blanks or dashes between groups of them, as people
// write cards and phones: 6222 0212 3456 7894, 138-0013-8000.
func run(s string, at int) (end int, digits string) {
	var b strings.Builder
	i := at
	for i < len(s) && b.Len() < 24 {
		switch {
		case isDigit(s[i]):
			b.WriteByte(s[i])
			i++
			continue
		case s[i] == '+' && i == at:
			i++
			continue
		case (s[i] == ' ' || s[i] == '-') && i+1 < len(s) && isDigit(s[i+1]) && i > at && isDigit(s[i-1]):
			i++
			continue
		case (s[i] == 'X' || s[i] == 'x') && b.Len() == 17 && (i+1 == len(s) || !isLetter(s[i+1]) && !isDigit(s[i+1])):
			b.WriteByte('X')
			i++
		}
		break
	}
	return i, b.String()
}

// number says what a run of digits is. Identity numbers come first: one may pass
// as a card, a card cannot pass as one.
func number(s string, from, end int, digits string) (kind string, start, to int) {
	if from > 0 {
		before := s[from-1]
		if isLetter(before) || before == '_' || before == '.' || before == '/' || before == '-' && from > 1 && (isLetter(s[from-2]) || isDigit(s[from-2])) {
			return "", 0, 0 // a part of a file's name, an address, a serial number
		}
	}
	if end < len(s) && (isLetter(s[end]) || isDigit(s[end]) || s[end] == '_') {
		return "", 0, 0
	}
	if len(digits) == 18 && Identity(digits) {
		return document.SensitiveIdentity, from, end
	}
	if isMobile(digits) {
		return document.SensitiveMobile, from, end
	}
	if isCard(digits) && (strings.HasPrefix(digits, "62") && len(digits) != 17 && len(digits) != 18 || grouped(s[from:end]) || near(s, from, "卡", "账号", "帐号", "银行", "card", "account")) {
		return document.SensitiveCard, from, end
	}
	// Two numbers written one behind the other with a blank between.
	for _, first := range []int{18, 11} {
		if part, cut := leading(s[from:end], first); part != "" {
			if first == 18 && Identity(part) {
				return document.SensitiveIdentity, from, from + cut
			}
			if first == 11 && isMobile(part) {
				return document.SensitiveMobile, from, from + cut
			}
		}
	}
	return "", 0, 0
}

// leading gives the first group of a run if it has so many digits.
func leading(s string, n int) (digits string, cut int) {
	if len(s) > n && (s[n] == ' ' || s[n] == '-') && strings.Trim(s[:n-1], "0123456789") == "" {
		return s[:n], n
	}
	return "", 0
}

// grouped says that a number is written in groups of four.
func grouped(s string) bool {
	groups := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '-' })
	if len(groups) < 4 {
		return false
	}
	for _, g := range groups[:len(groups)-1] {
		if len(g) != 4 {
			return false
		}
	}
	return true
}

// near says that one of some words stands a little before a place.
func near(s string, at int, words ...string) bool {
	before := strings.ToLower(strings.ToValidUTF8(s[max(0, at-40):at], ""))
	for _, w := range words {
		if strings.Contains(before, w) {
			return true
		}
	}
	return false
}
