package charset

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// FileName decodes the name of a file or a folder on a disk for people.
//
// QUIRK: POSIX.1-2017 3.170 lets a file name be any bytes but "/" and NUL. Names
// written by Chinese Windows machines and old archivers stand in GBK on disks
// that speak UTF-8 otherwise. Those that decode cleanly are taken for GB18030,
// of which GBK is a part; in all others the odd bytes become U+FFFD. So do they
// in UTF-8 that a limit of 255 bytes cut off within a character.
func FileName(name string) string {
	if utf8.ValidString(name) {
		return name
	}
	if nameCutOff(name) {
		return strings.ToValidUTF8(name, "\uFFFD")
	}
	decoded, err := simplifiedchinese.GB18030.NewDecoder().String(name)
	if err == nil && !strings.ContainsRune(decoded, utf8.RuneError) {
		return decoded
	}
	return strings.ToValidUTF8(name, "\uFFFD")
}

// FilePath decodes a path of folders, name by name.
func FilePath(path string) string {
	if utf8.ValidString(path) {
		return path
	}
	parts := strings.Split(path, "/")
	for i := range parts {
		parts[i] = FileName(parts[i])
	}
	return strings.Join(parts, "/")
}

// nameCutOff says that a name is UTF-8 but for one incomplete character: Han
// characters of three bytes, and at most three bad bytes, all in one place. In
// GBK such triples need characters beyond those in use.
func nameCutOff(name string) bool {
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
