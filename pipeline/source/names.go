package source

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guidang/extractors/document"
)

// escapeName makes one name of the file system a part of a locator. It is
// document.EscapeStep with a short way for the names that need nothing, which
// are nearly all: a walk escapes every name, and the long way costs as much as
// the name's stat.
func escapeName(name string, dir bool) string {
	if plain(name) {
		if dir && strings.HasSuffix(name, "!") { // "name!" and "/" would make a separator of steps
			return name[:len(name)-1] + "%21"
		}
		return name
	}
	if dir {
		return strings.TrimSuffix(document.EscapeStep(name+"/"), "/")
	}
	return document.EscapeStep(name)
}

// plain says that EscapeStep would change nothing.
func plain(name string) bool {
	wide := false
	for i := range len(name) {
		switch c := name[i]; {
		case c < 0x20, c == 0x7f, c == '%':
			return false
		case c >= 0x80:
			// U+0080 to U+009F are control characters: C2 80 to C2 9F.
			if c == 0xc2 && i+1 < len(name) && name[i+1] < 0xa0 {
				return false
			}
			wide = true
		}
	}
	return !wide || utf8.ValidString(name)
}

// displayName decodes a name for people.
//
// QUIRK: POSIX.1-2017 3.170 lets a file name be any bytes but "/" and NUL. Names
// written by Chinese Windows machines and old archivers stand in GBK on disks
// that speak UTF-8 otherwise. Those that decode cleanly are taken for GB18030,
// of which GBK is a part; in all others the odd bytes become U+FFFD. So do they
// in UTF-8 that a limit of 255 bytes cut off within a character.
func displayName(name string) string {
	if utf8.ValidString(name) {
		return name
	}
	if cutOff(name) {
		return strings.ToValidUTF8(name, "\uFFFD")
	}
	decoded, err := simplifiedchinese.GB18030.NewDecoder().String(name)
	if err == nil && !strings.ContainsRune(decoded, utf8.RuneError) {
		return decoded
	}
	return strings.ToValidUTF8(name, "\uFFFD")
}

// cutOff says that a name is UTF-8 but for one incomplete character: Han
// characters of three bytes, and at most three bad bytes, all in one place. In
// GBK such triples need characters beyond those in use.
func cutOff(name string) bool {
	han, bad, runs := 0, 0, 0
	for i, good := 0, true; i < len(name); {
		r, n := utf8.DecodeRuneInString(name[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
			if good {
				runs++
			}
		case n == 3 && unicode.Is(unicode.Han, r):
			han++
		case n == 2:
			return false
		}
		good = r != utf8.RuneError || n != 1
		i += n
	}
	return han > 0 && runs == 1 && bad <= 3
}
