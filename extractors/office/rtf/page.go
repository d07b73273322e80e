package rtf

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"

	"guidang/extractors/charset"
)

// decode gives the text of a run of bytes of one page. The page of a run is
// believed where the run is whole in it: charset.Decode alone would take many a
// pair of GBK for UTF-8, because runs are as short as one character.
func decode(data []byte, page string) string {
	if isASCII(data) {
		return string(data)
	}
	if page != charset.Latin {
		if e, err := htmlindex.Get(page); err == nil {
			out, err := e.NewDecoder().Bytes(data)
			if err == nil && !bytes.ContainsRune(out, utf8.RuneError) {
				return string(out)
			}
		}
	} else if len(data) < 4 {
		e, _ := htmlindex.Get(charset.Latin)
		out, _ := e.NewDecoder().Bytes(data)
		return string(out)
	}
	out, _, _ := charset.Decode(data, page)
	return out
}

func isASCII(data []byte) bool {
	for _, c := range data {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
