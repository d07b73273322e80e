package bag

import (
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxName bounds a file's name in bytes of UTF-8: file systems end at 255, and
// the number stands before it.
const maxName = 180

// SafeName makes a name that every file system takes and that hides nothing:
// no separators, no control or direction characters, no names of devices, not
// too long. The ending stays.
func SafeName(name string) string {
	name = norm.NFC.String(strings.ToValidUTF8(name, "�"))
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		case strings.ContainsRune(`<>:"/\|?*`, r):
			return '_'
		case r == '%': // BagIt encodes it in manifests, and not every reader decodes it
			return '％'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, name)
	ext := path.Ext(name)
	if len(ext) > 16 {
		ext = ""
	}
	stem := strings.Trim(strings.TrimSuffix(name, ext), ". ")
	ext = strings.TrimRight(ext, ". ")
	for len(stem)+len(ext) > maxName {
		_, n := utf8.DecodeLastRuneInString(stem)
		stem = stem[:len(stem)-n]
	}
	stem = strings.TrimRight(stem, ". ")
	if stem == "" || device(stem) {
		stem = "_" + stem
	}
	return stem + ext
}

// device says whether Windows takes a name for a device, whatever its ending.
func device(stem string) bool {
	stem, _, _ = strings.Cut(strings.ToUpper(stem), ".")
	switch stem = strings.TrimSpace(stem); stem {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	return len(stem) == 4 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")) && stem[3] >= '0' && stem[3] <= '9'
}

// numbered is a record's number within its package, wide enough to sort.
func numbered(n int) string { return fmt.Sprintf("%04d", n) }
