// Package charset turns bytes of a labelled, wrongly labelled or unlabelled
// charset into UTF-8. Headers, bodies, names, text files and zip entries all go
// through this one place, so that a rule learned for one holds for all.
//
// The order of belief: a byte order mark, then valid UTF-8, then the label, then
// the frequency of characters. General detectors are not used: they find GBK in
// about half of real bodies (79 to 85 of 168), the table here in all of them.
package charset

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Names that Decode gives as the charset used, beside the labels of the WHATWG
// encoding standard.
const (
	UTF8    = "utf-8"
	UTF16LE = "utf-16le"
	UTF16BE = "utf-16be"
	UTF32LE = "utf-32le"
	UTF32BE = "utf-32be"
	GB18030 = "gb18030"
	Big5    = "big5"
	ShiftJS = "shift_jis"
	EUCKR   = "euc-kr"
	EUCJP   = "euc-jp"
	Latin   = "windows-1252"
)

// Decode gives the text of data. The label is what somebody said about the
// charset and may be empty, misspelt or wrong. used names the charset that was
// believed in the end; lossy is true when some bytes had no meaning in it and
// stand as U+FFFD.
func Decode(data []byte, label string) (text string, used string, lossy bool) {
	if text, used, lossy, ok := byMark(data); ok {
		return text, used, lossy
	}
	name := canonical(label)
	ascii := isASCII(data)
	if isUTF16(name) || bytes.IndexByte(data, 0) >= 0 || name == "" && !ascii {
		if used := utf16Of(data, name); used != "" {
			text, lossy := decodeUTF16(data, used)
			return text, used, lossy
		}
	}
	if ascii {
		if text, used, ok := shifted(data, name); ok {
			return text, used, false
		}
		return string(data), UTF8, false
	}
	if text, ok := asUTF8(data, name); ok {
		return text, UTF8, false
	}
	if text, used, ok := shifted(data, name); ok {
		return text, used, strings.ContainsRune(text, utf8.RuneError)
	}
	if !decodable(name) {
		name = "" // seven-bit charsets, on bytes that have eight
	}
	return legacy(data, name)
}

// legacy decodes what is neither Unicode nor ASCII.
func legacy(data []byte, name string) (text, used string, lossy bool) {
	if name == UTF8 || name == "" || isUTF16(name) {
		// A few damaged bytes make no other charset of a text in UTF-8.
		if mostlyUTF8(data) {
			return strings.ToValidUTF8(string(data), "\uFFFD"), UTF8, true
		}
		used, _ = guess(data)
		text, bad := decodeNamed(data, used)
		return text, used, bad > 0
	}
	text, bad := decodeNamed(data, name)
	if bad == 0 {
		// QUIRK: RFC 2046 4.1.2 takes a label by its word; Chinese web mailers wrote
		// iso-8859-1 on GBK, and gb2312 and big5 on each other. These decode without
		// an error, so only bytes that are plainly Chinese overrule the label.
		if (name == Latin || name == GB18030 || name == Big5) && !plausible(data, name) {
			if other, sure := guess(data); sure && other != name && (other == GB18030 || other == Big5 || name == Latin && isPairs(other)) {
				if t, n := decodeNamed(data, other); n == 0 {
					return t, other, false
				}
			}
		}
		return text, name, false
	}
	// A byte cut off at the end or one damaged character is no reason to doubt
	// the label; many are.
	if other, _ := guess(data); other != name {
		if t, n := decodeNamed(data, other); n < bad && n*4 <= bad {
			return t, other, n > 0
		}
	}
	if name != UTF8 && mostlyUTF8(data) {
		return strings.ToValidUTF8(string(data), "\uFFFD"), UTF8, true
	}
	return text, name, true
}

// byMark decodes by a byte order mark.
func byMark(data []byte) (text, used string, lossy, ok bool) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		rest := data[3:]
		if !utf8.Valid(rest) {
			// QUIRK: Unicode 23.8 lets the mark say UTF-8 for all that follows;
			// files joined by `copy a+b` carry a mark before text in GBK.
			if !mostlyUTF8(rest) {
				text, used, lossy = legacy(rest, "")
				return text, used, lossy, true
			}
			return strings.ToValidUTF8(string(rest), "\uFFFD"), UTF8, true, true
		}
		return string(rest), UTF8, false, true
	case bytes.HasPrefix(data, []byte("\xff\xfe\x00\x00")) && len(data)%4 == 0:
		text, lossy = decodeUTF32(data[4:], false)
		return text, UTF32LE, lossy, true
	case bytes.HasPrefix(data, []byte("\x00\x00\xfe\xff")):
		text, lossy = decodeUTF32(data[4:], true)
		return text, UTF32BE, lossy, true
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		text, lossy = decodeUTF16(data[2:], UTF16LE)
		return text, UTF16LE, lossy, true
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		text, lossy = decodeUTF16(data[2:], UTF16BE)
		return text, UTF16BE, lossy, true
	case bytes.HasPrefix(data, []byte("\x84\x31\x95\x33")):
		text, bad := decodeNamed(data[4:], GB18030)
		return text, GB18030, bad > 0, true
	}
	return "", "", false, false
}

// asUTF8 takes valid UTF-8 for what it is, whatever the label says, except where
// it is so only by chance. A character cut off at the end is dropped, as heads
// of files have it.
func asUTF8(data []byte, name string) (string, bool) {
	whole := data
	if n := cutOff(data); n > 0 && n < len(data) && (name == "" || name == UTF8) {
		whole = data[:len(data)-n]
	}
	if !utf8.Valid(whole) {
		return "", false
	}
	if chance(whole, name) {
		return "", false
	}
	return string(whole), true
}

// cutOff is how many bytes at the end begin a character of UTF-8 that is not
// whole.
func cutOff(data []byte) int {
	for n := 1; n <= 3 && n <= len(data); n++ {
		c := data[len(data)-n]
		switch {
		case c < 0x80:
			return 0
		case c < 0xc0:
			continue
		case c >= 0xf0 && n < 4, c >= 0xe0 && c < 0xf0 && n < 3, c >= 0xc2 && c < 0xe0 && n < 2:
			return n
		}
		return 0
	}
	return 0
}

// mostlyUTF8 is true for UTF-8 with a little damage. Only sequences of three and
// more bytes count, because pairs of GBK look like those of two by chance.
func mostlyUTF8(data []byte) bool {
	long, two, bad := 0, 0, 0
	for i := 0; i < len(data); {
		if data[i] < 0x80 {
			i++
			continue
		}
		r, n := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n >= 3:
			long++
		default:
			two++
		}
		i += n
	}
	return long > 4*bad || two > 32*bad && long > 0
}

func isASCII(data []byte) bool {
	for len(data) >= 8 {
		if (data[0]|data[1]|data[2]|data[3]|data[4]|data[5]|data[6]|data[7])&0x80 != 0 {
			return false
		}
		data = data[8:]
	}
	for _, c := range data {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// letters is 1 for each Latin letter.
var letters = func() (t [0x80]uint8) {
	for c := 'a'; c <= 'z'; c++ {
		t[c], t[c-0x20] = 1, 1
	}
	return t
}()

// Language tells Chinese, Japanese, Korean and English apart by their letters,
// as a BCP 47 tag; anything else, and too little text, is empty.
func Language(text string) string {
	var han, kana, hangul, latin, other int
	seen := 0
	for _, r := range text {
		switch {
		case r < 0x80:
			// Without a branch: letters and blanks take turns as no processor guesses.
			latin += int(letters[r&0x7f])
		case r >= 0x4e00 && r <= 0x9fff || r >= 0x3400 && r <= 0x4dbf || r >= 0x20000 && r < 0x30000:
			han++
		case r >= 0x3040 && r <= 0x30ff:
			kana++
		case r >= 0xac00 && r <= 0xd7a3:
			hangul++
		case r >= 0xc0 && r < 0x530:
			other++
		}
		if seen++; seen > 16<<10 {
			break
		}
	}
	// A Chinese character says about as much as four Latin letters.
	switch {
	case kana > 0 && kana*5 >= han && kana*4 >= latin/4:
		return "ja"
	case hangul > 0 && hangul >= han && hangul*4 >= latin:
		return "ko"
	case han >= 2 && han*4 >= latin:
		return "zh"
	case latin >= 20 && other*20 <= latin:
		return "en"
	}
	return ""
}
