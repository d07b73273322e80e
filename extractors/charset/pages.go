package charset

import (
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
)

// pages names the code pages of Windows and the Macintosh, as Office files number
// them. Every GB page is read as GB18030, which contains them all.
var pages = map[int]string{
	874: "windows-874", 932: ShiftJS, 936: GB18030, 949: EUCKR, 950: Big5, 1200: UTF16LE, 1201: UTF16BE,
	1250: "windows-1250", 1251: "windows-1251", 1252: Latin, 1253: "windows-1253", 1254: "windows-1254",
	1255: "windows-1255", 1256: "windows-1256", 1257: "windows-1257", 1258: "windows-1258", 1361: EUCKR,
	10000: "macintosh", 10001: ShiftJS, 10002: Big5, 10003: EUCKR, 10007: "x-mac-cyrillic", 10008: GB18030,
	20866: "koi8-r", 20936: GB18030, 28591: Latin, 28592: "iso-8859-2", 28595: "iso-8859-5", 51932: "euc-jp", 51936: GB18030, 54936: GB18030,
	65001: UTF8,
	// QUIRK: [MS-XLS] 2.4.52 knows only code pages; Excel 2 to 5 wrote these two for
	// the Macintosh and for Windows.
	0x8000: "macintosh", 0x8001: Latin,
}

// dosPages are the code pages that no label of a web page names.
var dosPages = map[int]encoding.Encoding{
	437: charmap.CodePage437, 850: charmap.CodePage850, 852: charmap.CodePage852, 855: charmap.CodePage855,
	858: charmap.CodePage858, 860: charmap.CodePage860, 862: charmap.CodePage862, 863: charmap.CodePage863,
	865: charmap.CodePage865, 866: charmap.CodePage866,
}

// fontPages are the charsets of fonts by their numbers ([MS-WMF] 2.1.1.5). Those
// that say nothing (ANSI, default, symbol) are left out.
var fontPages = map[byte]string{
	77: "macintosh", 78: ShiftJS, 79: EUCKR, 80: GB18030, 81: Big5, 128: ShiftJS, 129: EUCKR, 130: EUCKR, 134: GB18030, 136: Big5, 161: "windows-1253",
	162: "windows-1254", 163: "windows-1258", 177: "windows-1255", 178: "windows-1256", 186: "windows-1257",
	204: "windows-1251", 222: "windows-874", 238: "windows-1250",
}

// CodePage names the charset of a code page; empty for one of DOS, and for one
// that is not known.
func CodePage(n int) string { return pages[n] }

// DOSPage is the encoding of a code page of DOS, or nil.
func DOSPage(n int) encoding.Encoding { return dosPages[n] }

// FontPage names the charset of a font by its number; empty where that says
// nothing.
func FontPage(n byte) string { return fontPages[n] }

// Encoding is the encoding of one of these charsets; windows-1252 where the name
// is not known.
func Encoding(name string) encoding.Encoding {
	if e, err := htmlindex.Get(name); err == nil {
		return e
	}
	return charmap.Windows1252
}
