package biff

import (
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"

	"guidang/extractors/charset"
)

// pages names the code pages of the CODEPAGE record and of property sets. Every
// GB page is read as GB18030, which contains them all.
var pages = map[int]string{
	874: "windows-874", 932: charset.ShiftJS, 936: charset.GB18030, 949: charset.EUCKR, 950: charset.Big5,
	1250: "windows-1250", 1251: "windows-1251", 1252: charset.Latin, 1253: "windows-1253", 1254: "windows-1254",
	1255: "windows-1255", 1256: "windows-1256", 1257: "windows-1257", 1258: "windows-1258", 1361: charset.EUCKR,
	10000: "macintosh", 10001: charset.ShiftJS, 10002: charset.Big5, 10003: charset.EUCKR, 10007: "x-mac-cyrillic", 10008: charset.GB18030,
	20866: "koi8-r", 20936: charset.GB18030, 28591: charset.Latin, 28592: "iso-8859-2", 28595: "iso-8859-5", 51932: "euc-jp", 51936: charset.GB18030, 54936: charset.GB18030,
	65001: charset.UTF8,
	// QUIRK: [MS-XLS] 2.4.52 knows only code pages; Excel 2 to 5 wrote these two for
	// the Macintosh and for Windows.
	0x8000: "macintosh", 0x8001: charset.Latin,
}

// dosPages are the code pages that no label of a web page names.
var dosPages = map[int]encoding.Encoding{
	437: charmap.CodePage437, 850: charmap.CodePage850, 852: charmap.CodePage852, 855: charmap.CodePage855,
	858: charmap.CodePage858, 860: charmap.CodePage860, 862: charmap.CodePage862, 863: charmap.CodePage863,
	865: charmap.CodePage865, 866: charmap.CodePage866,
}

// fontPages names the charset of a font by its number ([MS-XLS] 2.4.122, bCharSet).
// Those that say nothing (ANSI, default, symbol) are left out.
var fontPages = map[byte]string{
	77: "macintosh", 128: charset.ShiftJS, 129: charset.EUCKR, 130: charset.EUCKR, 134: charset.GB18030, 136: charset.Big5, 161: "windows-1253",
	162: "windows-1254", 163: "windows-1258", 177: "windows-1255", 178: "windows-1256", 186: "windows-1257",
	204: "windows-1251", 222: "windows-874", 238: "windows-1250",
}

// decoder turns the bytes of a workbook older than BIFF8 into text.
type decoder struct {
	name string
	main encoding.Encoding
	// others are the charsets of fonts that were met.
	others map[string]encoding.Encoding
}

// newDecoder decides on the charset by what the workbook says and by a sample of
// its text.
// QUIRK: [MS-XLS] 2.4.52 makes the code page binding. Workbooks that were carried
// through an English Excel say 1252 about GBK, so Chinese by the frequency of its
// characters overrules it.
func newDecoder(page int, sample []byte) decoder {
	d := decoder{name: pages[page], main: dosPages[page], others: map[string]encoding.Encoding{}}
	label := d.name
	if d.main != nil {
		label = charset.Latin // any that can be overruled
	}
	if len(sample) > 0 {
		if _, used, _ := charset.Decode(sample, label); used != label && (d.main == nil || used == charset.GB18030 || used == charset.Big5) {
			d.name, d.main = used, nil
		}
	}
	if d.main == nil {
		if d.name == "" {
			d.name = charset.Latin
		}
		d.main = encodingOf(d.name)
	}
	return d
}

func encodingOf(name string) encoding.Encoding {
	if e, err := htmlindex.Get(name); err == nil {
		return e
	}
	return charmap.Windows1252
}

// text decodes bytes in the charset of their font, or in the workbook's where the
// font says nothing or lies.
func (d *decoder) text(b []byte, font string) string {
	ascii := true
	for _, c := range b {
		if c >= 0x80 {
			ascii = false
			break
		}
	}
	if ascii {
		return string(b)
	}
	if font != "" && font != d.name {
		e := d.others[font]
		if e == nil {
			e = encodingOf(font)
			d.others[font] = e
		}
		if out, err := e.NewDecoder().Bytes(b); err == nil && !strings.Contains(string(out), "\uFFFD") {
			return string(out)
		}
	}
	if d.main == nil {
		return latin(b)
	}
	out, err := d.main.NewDecoder().Bytes(b)
	if err != nil {
		return latin(b)
	}
	return string(out)
}
