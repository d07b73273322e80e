package outlook

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"guidang/extractors/charset"
)

// labels are the charsets of Windows code pages.
var labels = map[int64]string{
	874: "windows-874", 932: charset.ShiftJS, 936: charset.GB18030, 949: charset.EUCKR, 950: charset.Big5, 1200: "utf-16le",
	1250: "windows-1250", 1251: "windows-1251", 1252: charset.Latin, 1253: "windows-1253", 1254: "windows-1254", 1255: "windows-1255", 1256: "windows-1256", 1257: "windows-1257", 1258: "windows-1258",
	20127: "us-ascii", 20866: "koi8-r", 20936: charset.GB18030, 21866: "koi8-u", 28591: "iso-8859-1", 28592: "iso-8859-2", 28595: "iso-8859-5", 28597: "iso-8859-7", 28599: "iso-8859-9", 28605: "iso-8859-15",
	50220: "iso-2022-jp", 50221: "iso-2022-jp", 50222: "iso-2022-jp", 50225: "iso-2022-kr", 51932: "euc-jp", 51936: charset.GB18030, 51949: charset.EUCKR, 52936: "hz-gb-2312", 54936: charset.GB18030, 65000: "utf-7", 65001: charset.UTF8,
}

// languages are the code pages of locales, by the primary language; Chinese has two.
var languages = map[int64]int64{
	0x01: 1256, 0x02: 1251, 0x05: 1250, 0x08: 1253, 0x0D: 1255, 0x0E: 1250, 0x11: 932, 0x12: 949, 0x15: 1250, 0x18: 1250, 0x19: 1251, 0x1A: 1250, 0x1B: 1250, 0x1E: 874, 0x1F: 1254,
	0x22: 1251, 0x23: 1251, 0x24: 1250, 0x25: 1257, 0x26: 1257, 0x27: 1257, 0x29: 1256, 0x2A: 1258,
}

// ofLocale is the code page of a Windows locale: 0x0804 and 0x1004 write simplified
// Chinese, 0x0404, 0x0C04 and 0x1404 traditional.
func ofLocale(locale int64) int64 {
	switch locale & 0xFFFF {
	case 0x0804, 0x1004, 0x0004:
		return 936
	case 0x0404, 0x0C04, 0x1404:
		return 950
	}
	if page, ok := languages[locale&0x3FF]; ok {
		return page
	}
	return 1252
}

// pages decides what the strings of one item are in.
type pages struct {
	label    string // of PT_STRING8
	html     string // of PR_HTML
	decided  bool   // by all strings of the item together
	mistaken bool   // the file named another
	repaired bool   // UTF-16 held bytes of another charset
}

// decide takes the code page that the item names, unless its strings together say
// otherwise.
//
// QUIRK: [MS-OXPROPS] 2.772: PidTagMessageCodepage is the one of the strings, else
// the locale's; PidTagInternetCodepage is the HTML's alone. Chinese mails of old
// programs name 1252 and hold GBK; single names and subjects are too short to
// tell, so all strings are looked at as one.
func (p *pages) decide(named, locale, internet int64, sample []byte) {
	p.html = labels[internet]
	switch {
	case named != 0 && labels[named] != "" && named != 1200:
		p.label = labels[named]
	case locale != 0:
		p.label = labels[ofLocale(locale)]
	}
	if len(sample) == 0 {
		return
	}
	_, used, _ := charset.Decode(sample, p.label)
	if used == charset.Latin && (p.label == charset.Latin || p.label == "") {
		// What is too little to be sure of is enough when the HTML's page agrees.
		if _, other, lossy := charset.Decode(sample, ""); !lossy && other != charset.Latin && other == p.html {
			used = other
		}
	}
	p.mistaken = p.label != "" && used != p.label && used != charset.UTF8 && p.label != "us-ascii"
	p.label, p.decided = used, true
}

func (p *pages) decode(data []byte) string {
	// QUIRK: [MS-OXCDATA] 2.11.1.2: a string ends at its first zero byte; buffers
	// are written with what stood behind.
	text, _, _ := charset.Decode(cutNull(data), p.label)
	return text
}

// repair gives UTF-16 its meaning back when each of its units is one byte of
// another charset.
//
// QUIRK: [MS-OXCMAIL] 2.2.3: raw GBK in the header of a mail has no charset; Outlook
// imports it byte by byte as Latin, so that 需求 becomes ÐèÇó for good.
func (p *pages) repair(s string) string {
	high := 0
	for _, r := range s {
		if r < 0x80 {
			continue
		}
		if r > 0xff {
			if _, ok := charmap.Windows1252.EncodeRune(r); !ok {
				return s
			}
		}
		high++
	}
	if high < 6 || len(s) > 1<<20 {
		return s
	}
	raw := make([]byte, 0, utf8.RuneCountInString(s))
	for _, r := range s {
		if c, ok := charmap.Windows1252.EncodeRune(r); ok {
			raw = append(raw, c)
		} else {
			raw = append(raw, byte(r)) //nolint:gosec // below 0x100
		}
	}
	text, used, lossy := charset.Decode(raw, charset.Latin)
	if lossy || used != charset.GB18030 && used != charset.Big5 && (used != charset.UTF8 || !hasHan(text)) {
		return s
	}
	p.repaired = true
	return text
}

func hasHan(s string) bool {
	for _, r := range s {
		if r >= 0x4e00 && r <= 0x9fff {
			return true
		}
	}
	return false
}

// clean makes one line of a name or a subject.
func clean(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }), " ")
}
