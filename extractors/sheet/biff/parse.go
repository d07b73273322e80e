package biff

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// generals are the words for Excel's own choice of a format.
// QUIRK: ECMA-376 18.8.30 has only the English one; the Chinese Excel writes its
// own into the file.
var generals = []string{"general", "g/通用格式", "g/標準", "g/标准", "standard"}

// halfDays are the words for the half of a day.
var halfDays = []string{"am/pm", "a/p", "上午/下午"}

// parseSection reads one part of a format.
func parseSection(format string) section {
	s := section{}
	plainText := func(text string) {
		if text != "" {
			s.tokens = append(s.tokens, token{literal, text})
		}
	}
	lastDigit := -1 // among the tokens
	for i := 0; i < len(format); {
		rest := format[i:]
		lower := strings.ToLower(rest[:min(len(rest), 32)])
		if n := prefixOf(lower, generals); n > 0 && len(lower) >= n {
			s.tokens = append(s.tokens, token{general, ""})
			i += n
			continue
		}
		if n := prefixOf(lower, halfDays); n > 0 {
			s.tokens = append(s.tokens, token{halfDay, rest[:n]})
			s.twelve, s.date = true, true
			i += n
			continue
		}
		c := format[i]
		switch {
		case c == '"':
			end := strings.IndexByte(format[i+1:], '"')
			if end < 0 {
				end = len(format) - i - 1
			}
			plainText(format[i+1 : i+1+end])
			i += end + 2
		case c == '\\' || c == '!':
			_, n := utf8.DecodeRuneInString(format[i+1:])
			plainText(format[i+1 : i+1+n])
			i += 1 + n
		case c == '_' || c == '*': // room as wide as a letter, and filling
			_, n := utf8.DecodeRuneInString(format[i+1:])
			i += 1 + n
		case c == '[':
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				i++
				continue
			}
			s.bracket(rest[1:end])
			i += end + 1
		case c == '0' || c == '#' || c == '?':
			lastDigit = len(s.tokens)
			s.tokens = append(s.tokens, token{digit, string(c)})
			i++
		case c == '.':
			s.tokens = append(s.tokens, token{point, "."})
			i++
		case c == ',':
			// Among digits it parts thousands; behind the last one it takes them away.
			s.tokens = append(s.tokens, token{literal, ","})
			i++
		case c == '%':
			s.percents++
			s.tokens = append(s.tokens, token{percent, "%"})
			i++
		case c == '@':
			s.tokens = append(s.tokens, token{textMark, "@"})
			i++
		case (c == 'E' || c == 'e') && len(rest) > 1 && (rest[1] == '+' || rest[1] == '-') && lastDigit >= 0:
			s.tokens = append(s.tokens, token{exponent, ""})
			i += 2
		case c == '/' && lastDigit == len(s.tokens)-1 && lastDigit >= 0 && !s.date:
			n := 1
			for n < len(rest) && strings.IndexByte("0#?123456789", rest[n]) >= 0 {
				n++
			}
			s.tokens = append(s.tokens, token{fraction, rest[1:n]})
			i += n
		case strings.IndexByte("yYmMdDhHsSeEgGaAbB", c) >= 0:
			n := 1
			for n < len(rest) && rest[n]|0x20 == c|0x20 {
				n++
			}
			i += n
			switch letter := c | 0x20; {
			case letter == 'a' && n < 3, letter == 'b' && n < 2:
				plainText(rest[:n])
			case letter == 'g', letter == 'b': // the name of an era; years are shown as they are counted in the West
			default:
				s.date = true
				s.tokens = append(s.tokens, token{clock, strings.Repeat(string(letter), min(n, 6))})
			}
		default:
			_, n := utf8.DecodeRuneInString(rest)
			plainText(rest[:n])
			i += n
		}
	}
	s.measure()
	return s
}

// measure counts digits and takes out the commas that are no text.
func (s *section) measure() {
	if s.date {
		return
	}
	last, first := -1, -1
	for i, t := range s.tokens {
		if t.kind == digit {
			last = i
			if first < 0 {
				first = i
			}
		}
	}
	behind, power := false, false
	kept := s.tokens[:0]
	for i, t := range s.tokens {
		switch {
		case t.kind == point && behind:
			t.kind = literal
		case t.kind == point:
			behind = true
		case t.kind == exponent:
			power = true
		case t.kind == digit && power:
		case t.kind == digit && behind:
			s.decimals++
		case t.kind == digit:
			s.whole++
		case t.kind == literal && t.text == "," && first >= 0 && i > first && i < last && !behind:
			s.thousands = true
			continue
		case t.kind == literal && t.text == "," && last >= 0 && i > last && onlyCommas(s.tokens[last+1:i]):
			s.scale++
			continue
		}
		kept = append(kept, t)
	}
	s.tokens = kept
	s.decimals, s.scale, s.percents = min(s.decimals, 30), min(s.scale, 5), min(s.percents, 3)
}

func onlyCommas(tokens []token) bool {
	for _, t := range tokens {
		if t.text != "," {
			return false
		}
	}
	return true
}

// bracket reads what stands in brackets: a colour, a condition, a currency and
// language, time that goes on beyond a day.
func (s *section) bracket(text string) {
	lower := strings.ToLower(text)
	switch {
	case lower == "":
	case strings.Trim(lower, "h") == "" || strings.Trim(lower, "m") == "" || strings.Trim(lower, "s") == "":
		s.date = true
		s.tokens = append(s.tokens, token{elapsed, lower})
	case lower[0] == '$':
		sign, language, _ := strings.Cut(text[1:], "-")
		if sign != "" {
			s.tokens = append(s.tokens, token{literal, sign})
		}
		switch language = strings.ToUpper(strings.TrimLeft(language, "0")); language {
		case "804", "404", "C04", "1004", "1404":
			s.chinese = true
		}
	case strings.IndexByte("<>=", lower[0]) >= 0:
		op, rest := lower[0], lower[1:]
		if rest != "" && (rest[0] == '=' || rest[0] == '>') {
			switch {
			case op == '<' && rest[0] == '=':
				op = 'l'
			case op == '<':
				op = 'n'
			case op == '>':
				op = 'g'
			}
			rest = rest[1:]
		}
		if v, err := strconv.ParseFloat(rest, 64); err == nil {
			s.condition, s.than = op, v
		}
	}
}

// prefixOf gives how long the word is that text begins with, or 0.
func prefixOf(text string, words []string) int {
	for _, w := range words {
		if strings.HasPrefix(text, w) {
			return len(w)
		}
	}
	return 0
}
