package charset

import (
	"strings"
	"unicode/utf8"
)

// commonLatin are the accented letters of German, French, Spanish, Portuguese,
// Italian and the northern languages in windows-1252.
const commonLatin = "\xe4\xf6\xfc\xdf\xe9\xe8\xea\xe0\xe7\xf1\xf3\xed\xe1\xe3\xf5\xe2\xee\xf4\xfb\xf9\xef\xeb\xfa\xf8\xe5\xe6\xf2\xec"

// The fifteen letters that make up four fifths of Russian text.
const (
	commonKOI8 = "\xcf\xc5\xc1\xc9\xce\xd4\xd3\xd2\xd7\xcc\xcb\xcd\xc4\xd0\xd5"
	common1251 = "\xee\xe5\xe0\xe8\xed\xf2\xf1\xf0\xe2\xeb\xea\xec\xe4\xef\xf3"
)

// scoreLatin weighs what windows-1252 would have made of the bytes: accented
// letters stand alone or in twos beside plain letters, signs stand alone, and
// nothing stands in long runs.
func scoreLatin(data []byte) int {
	score := 0
	for i := 0; i < len(data); {
		if data[i] < 0x80 {
			i++
			continue
		}
		end := i
		for end < len(data) && data[end] >= 0x80 {
			end++
		}
		run := data[i:end]
		before := i > 0 && isLetter(data[i-1])
		after := end < len(data) && isLetter(data[end])
		for n, c := range run {
			switch {
			case len(run) > 3:
				score -= 3
			case strings.IndexByte("\x81\x8d\x8f\x90\x9d", c) >= 0:
				score += isInvalid
			case c >= 0xc0 && c <= 0xde && c != 0xd7:
				if (after && n == len(run)-1) || before && i > 1 && data[i-1] < 'a' {
					score += 2
				} else {
					score -= 2
				}
			case c >= 0xdf && c != 0xf7:
				switch {
				case !before && !after:
				case strings.IndexByte(commonLatin, c) >= 0:
					score += 4
				default:
					score++
				}
			case strings.IndexByte("\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa3\xa7\xa9\xab\xae\xb0\xb2\xb3\xb4\xb5\xb7\xba\xbb\xbf\xa1", c) >= 0:
				score += 2
			default:
				score -= 2
			}
		}
		i = end
	}
	return score
}

// The most frequent letters of Greek and Arabic, four fifths of their texts.
const (
	common1253 = "\xe1\xef\xe9\xf4\xe5\xed\xf3\xf2\xe7\xf1\xf0\xea\xeb\xec\xf5\xfc\xdf\xdd"
	common1256 = "\xc7\xe1\xed\xe3\xe6\xe4\xd1\xca\xe5\xc8\xda\xcf\xdd\xd3\xcd\xde\xdf\xc9"
)

// scoreLetters counts frequent letters of an alphabet of one byte each; it starts
// behind, so that it speaks only for a sentence. Words of such an alphabet have no
// Latin letter in them, and marks are the letters that stand below C0.
func scoreLetters(data []byte, common, marks string) int {
	score, letters := -8, 0
	for i, c := range data {
		switch {
		case c < 0x80:
			if isLetter(c) && i > 0 && data[i-1] >= 0xc0 {
				score -= 4
			}
		case c < 0xc0:
			if strings.IndexByte(marks, c) < 0 {
				score -= 4
			}
		case strings.IndexByte(common, c) >= 0:
			score += 2
			letters++
		default:
			letters++
		}
	}
	if letters < 8 {
		return -1 << 20
	}
	return score
}

// chance is true for bytes that are valid UTF-8 though they are GBK. It can
// happen only where every character would have two bytes: the two characters of
// 通知 (CD A8 D6 AA) are such, and so are some other frequent words.
func chance(data []byte, name string) bool {
	if name == UTF8 || isUTF16(name) || len(data) > 256 {
		return false
	}
	odd, pairs, frequent, latin := 0, 0, 0, 0
	for i := 0; i < len(data); {
		if data[i] < 0x80 {
			i++
			continue
		}
		r, n := utf8.DecodeRune(data[i:])
		if n != 2 {
			return false
		}
		pairs++
		switch s := gbScores()[uint16(data[i])<<8|uint16(data[i+1])]; {
		case s == isCommon:
			frequent++
		case s < isLevel1:
			return false
		}
		switch {
		case r >= 0xc0 && r <= 0x17f && (i > 0 && isLetter(data[i-1]) || i+2 < len(data) && isLetter(data[i+2])):
			latin++
		case r >= 0xa0 && r <= 0x17f, r >= 0x391 && r <= 0x3c9, r >= 0x410 && r <= 0x44f, r >= 0x5d0 && r <= 0x5ea, r >= 0x621 && r <= 0x64a:
		default:
			odd++
		}
		i += n
	}
	// A GB label needs only that it may be so; without one, UTF-8 must make no
	// sense and GB must.
	if name == GB18030 {
		return pairs > 0 && latin == 0 && frequent*2 >= pairs && (odd > 0 || pairs <= 4)
	}
	return name == "" && latin == 0 && odd > 0 && frequent*2 >= pairs
}

func isLetter(c byte) bool { c |= 0x20; return c >= 'a' && c <= 'z' }
