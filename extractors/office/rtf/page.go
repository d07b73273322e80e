package rtf

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"

	"guidang/extractors/charset"
)

// byCharset are the code pages of \fcharset ([MS-WMF] 2.1.1.5), those that differ
// from the document's own.
var byCharset = map[int]string{
	77: "macintosh", 78: charset.ShiftJS, 79: charset.EUCKR, 80: charset.GB18030, 81: charset.Big5,
	128: charset.ShiftJS, 129: charset.EUCKR, 134: charset.GB18030, 136: charset.Big5,
	161: "windows-1253", 162: "windows-1254", 163: "windows-1258", 177: "windows-1255", 178: "windows-1256", 186: "windows-1257",
	204: "windows-1251", 222: "windows-874", 238: "windows-1250",
}

// byPage are the code pages of \ansicpg.
var byPage = map[int]string{
	874: "windows-874", 932: charset.ShiftJS, 936: charset.GB18030, 949: charset.EUCKR, 950: charset.Big5, 54936: charset.GB18030, 65001: charset.UTF8,
	1250: "windows-1250", 1251: "windows-1251", 1252: charset.Latin, 1253: "windows-1253", 1254: "windows-1254", 1255: "windows-1255",
	1256: "windows-1256", 1257: "windows-1257", 1258: "windows-1258", 10000: "macintosh", 10008: charset.GB18030, 10002: charset.Big5, 20866: "koi8-r",
}

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
