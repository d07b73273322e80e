package source

import (
	"strings"
	"unicode/utf8"

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
