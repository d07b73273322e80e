package index

import "strings"

// numeralOf gives a Han numeral's worth: 1 to 9 for digits, 10, 100, 1000 and so
// on for units, -1 for zero and 0 for what is no numeral. Financial forms are
// numerals too; traditional ones are simplified by then.
func numeralOf(r rune) int64 {
	switch r {
	case '〇', '零':
		return -1
	case '一', '壹':
		return 1
	case '二', '贰', '两':
		return 2
	case '三', '叁':
		return 3
	case '四', '肆':
		return 4
	case '五', '伍':
		return 5
	case '六', '陆':
		return 6
	case '七', '柒':
		return 7
	case '八', '捌':
		return 8
	case '九', '玖':
		return 9
	case '十', '拾':
		return 10
	case '百', '佰':
		return 100
	case '千', '仟':
		return 1000
	case '万':
		return 1e4
	case '亿':
		return 1e8
	}
	return 0
}

// numerals says of each character from U+3000 to U+9FFF whether it is a numeral:
// every character of every text is asked.
var numerals = func() (is [0x7000]bool) {
	for i := range is {
		is[i] = numeralOf(rune(0x3000+i)) != 0
	}
	return is
}()

// mayBeNumeral says whether the character at i is a numeral.
func mayBeNumeral(s string, i int) bool {
	if s[i] < 0xe3 || s[i] > 0xe9 || i+2 >= len(s) {
		return false
	}
	return numerals[(int(s[i])<<12&0xf000|int(s[i+1])<<6&0xfc0|int(s[i+2])&0x3f)-0x3000]
}

func numeralEnd(s string, i int) int {
	for i < len(s) {
		r, size := decode(s, i)
		if numeralOf(r) == 0 {
			break
		}
		i += size
	}
	return i
}

// numeral reads a whole number in Han numerals: 三十五万, 叁拾伍万, 一百零五, 二〇二五.
// ok is false for what only looks like one: 万一, 三三两两, a lone character.
func numeral(s string) (n int64, ok bool) {
	if strings.Count(s, "")-1 < 2 {
		return 0, false
	}
	var whole, section, digit int64 // 亿 and 万 close a section; a digit waits for its unit
	units, digits := 0, 0
	have, zero := false, false
	lastUnit := int64(1e16)
	for _, r := range s {
		w := numeralOf(r)
		switch {
		case w < 0:
			digits++
			zero = true
			if units == 0 { // a digit among digits; after a unit it only says that one is left out
				digit, have = digit*10, true
			}
		case w < 10:
			digits++
			switch {
			case units == 0 && have: // digit after digit: 二〇二五
				digit = digit*10 + w
			case have:
				return 0, false
			default:
				digit = w
			}
			have = true
			if digit > 1e15 {
				return 0, false
			}
		case w >= 1e4:
			if units == 0 && digits > 1 || !have && section == 0 && whole == 0 {
				return 0, false
			}
			section += digit
			if w == 1e8 {
				whole, section = (whole+section)*w, 0
			} else {
				whole, section = whole+section*w, 0
			}
			if whole > 1e15 {
				return 0, false
			}
			digit, have, lastUnit = 0, false, 1e16
			units++
		default:
			if units == 0 && digits > 1 && !zero || w >= lastUnit {
				return 0, false
			}
			if !have {
				if w != 10 { // 十五 is a number, 百五 is none
					return 0, false
				}
				digit = 1
			}
			section += digit * w
			digit, have, lastUnit = 0, false, w
			units++
		}
	}
	if units == 0 && digits < 3 { // 一二 and 七八 are guesses, 二〇二五 is a year
		return 0, false
	}
	return whole + section + digit, true
}
