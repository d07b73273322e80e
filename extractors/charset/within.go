package charset

import "strings"

// Name is the canonical name of the charset that a label means, or "" when it says
// nothing.
func Name(label string) string { return canonical(label) }

// DecodeWithin decodes a short text that stands in a longer one: the subject of a
// mail, the name of its attachment. label is what is said of it, around the
// charset that the longer text was found to be in.
//
// QUIRK: RFC 2047 2 makes every word name its charset; a mailer that labels its
// text wrongly labels its subject as wrongly, and two characters of a name are too
// few to show it. So where both readings are possible, the better one in its own
// language is taken.
func DecodeWithin(data []byte, label, around string) (text, used string, lossy bool) {
	text, used, lossy = Decode(data, label)
	other := canonical(around)
	if other != "" && used != UTF8 && canonical(label) == UTF8 {
		// The label is wrong, so it says nothing, and what stands around says more
		// than a guess.
		if t, bad := decodeNamed(data, other); bad == 0 && decodable(other) {
			return t, other, false
		}
	}
	if other == "" || other == used || used != Latin && !isPairs(used) || !isPairs(other) || isASCII(data) {
		return text, used, lossy
	}
	if t, bad := decodeNamed(data, other); bad == 0 && score(data, other) > score(data, used) {
		return t, other, false
	}
	return text, used, lossy
}

// isPairs is true for the charsets of two bytes a character.
func isPairs(name string) bool {
	switch name {
	case GB18030, Big5, EUCKR, ShiftJS, EUCJP:
		return true
	}
	return false
}

func score(data []byte, name string) int {
	switch name {
	case GB18030:
		return scorePairs(data, gbScores(), true)
	case Big5:
		return scorePairs(data, big5Scores(), false)
	case EUCKR:
		return scorePairs(data, koreanScores(), false)
	case ShiftJS:
		return scoreShiftJIS(data)
	case EUCJP:
		return scoreEUCJP(data)
	}
	return scoreLatin(data)
}

// scoreEUCJP lives on kana, as scoreShiftJIS does. Its kana are those of GB2312
// too, but between them stand characters that make no Chinese.
func scoreEUCJP(data []byte) int {
	score := 0
	for i := 0; i < len(data); i++ {
		c := data[i]
		if c < 0x80 {
			continue
		}
		if i+1 == len(data) {
			break
		}
		next := data[i+1]
		switch {
		case c == 0x8e && next >= 0xa1 && next <= 0xdf:
			score -= 2
		case c == 0x8f && next >= 0xa1 && i+2 < len(data):
			score += isRare
			i++
		case c < 0xa1 || c == 0xff || next < 0xa1 || next == 0xff:
			score += isInvalid
			continue
		case c == 0xa4 && next <= 0xf3, c == 0xa5 && next <= 0xf6:
			score += 5
		case c == 0xa1:
			score += isMark
		case c >= 0xb0 && c <= 0xcf:
			score += isLevel1
		case c >= 0xd0 && c <= 0xf4:
			score += isLevel2
		default:
			score += isRare
		}
		i++
	}
	return score
}

// Shifted tells a text of seven bits that is no ASCII: HZ by its shifts, UTF-7
// by its label.
func Shifted(s, label string) bool {
	if strings.IndexByte(s, '+') >= 0 && canonical(label) == "utf-7" {
		return true
	}
	return strings.Contains(s, "~{") && looksHZ([]byte(s))
}
