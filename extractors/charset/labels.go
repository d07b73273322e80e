package charset

import (
	"strings"

	"golang.org/x/text/encoding/htmlindex"
)

// aliases are labels that the WHATWG table does not know, or reads otherwise
// than they are meant. Every GB label means GB18030: it contains the others, and
// the wild writes gb2312 over characters of all three.
var aliases = map[string]string{
	"gb2312": GB18030, "gbk": GB18030, "gb18030": GB18030, "gb18030-2000": GB18030, "gb18030-2005": GB18030, "x-gbk": GB18030,
	"cp936": GB18030, "ms936": GB18030, "936": GB18030, "windows-936": GB18030, "x-cp936": GB18030, "chinese": GB18030,
	"gb_2312-80": GB18030, "gb2312-80": GB18030, "gb_2312": GB18030, "gb": GB18030, "euc-cn": GB18030, "euccn": GB18030, "x-euc-cn": GB18030,
	"eucgb2312_cn": GB18030, "gb2312_charset": GB18030, "gb2312.1980-0": GB18030, "gb-2312": GB18030, "csgb2312": GB18030,
	"gb1988": GB18030, "gbk2312": GB18030, "zh-cn": GB18030, "zh_cn.gb18030": GB18030,
	"hz": "hz-gb-2312", "hz-gb2312": "hz-gb-2312", "hz-gb-2312": "hz-gb-2312",
	"big5": Big5, "big5-hkscs": Big5, "big5hkscs": Big5, "cp950": Big5, "950": Big5, "windows-950": Big5, "ms950": Big5, "x-x-big5": Big5,
	"chinesebig5": Big5, "chinesebig5_charset": Big5, "big-5": Big5, "big5-eten": Big5, "zh-tw": Big5,
	"ks_c_5601": EUCKR, "ks_c_5601-1987": EUCKR, "ks_c_5601-1989": EUCKR, "ksc5601": EUCKR, "ks-c-5601-1987": EUCKR, "cp949": EUCKR, "949": EUCKR, "uhc": EUCKR, "windows-949": EUCKR,
	"cp932": ShiftJS, "932": ShiftJS, "ms932": ShiftJS, "windows-932": ShiftJS, "windows-31j": ShiftJS, "sjis": ShiftJS,
	"utf8": UTF8, "utf-8": UTF8, "unicode-1-1-utf-8": UTF8, "cp65001": UTF8, "65001": UTF8, "utf": UTF8, "utf_8": UTF8, "utf-8-sig": UTF8,
	"utf-16": "utf-16", "utf16": "utf-16", "ucs-2": "utf-16", "unicode": "utf-16", "utf-16le": UTF16LE, "utf-16be": UTF16BE, "utf16le": UTF16LE, "utf16be": UTF16BE,
	"utf-7": "utf-7", "utf7": "utf-7", "unicode-1-1-utf-7": "utf-7", "x-unicode-2-0-utf-7": "utf-7",
	"iso-2022-cn": "iso-2022-cn", "iso-2022-cn-ext": "iso-2022-cn", "iso-2022-kr": "iso-2022-kr", "csiso2022kr": "iso-2022-kr",
	"iso8859-1": Latin, "iso-8859-1": Latin, "latin1": Latin, "latin-1": Latin, "cp1252": Latin, "1252": Latin, "windows-1252": Latin, "iso-8859": Latin,
	"us-ascii": "", "ascii": "", "ansi_x3.4-1968": "", "unknown-8bit": "", "unknown": "", "x-unknown": "", "default": "", "default_charset": "",
	"8bit": "", "7bit": "", "binary": "", "none": "", "x-user-defined": "", "": "", "_autodetect": "", "_autodetect_all": "", "ansi": "", "undefined": "",
}

// canonical gives the charset's name for what a label means, or "" when it says
// nothing.
func canonical(label string) string {
	label = strings.ToLower(strings.TrimSpace(label))
	if name, ok := aliases[label]; ok {
		return name
	}
	// QUIRK: RFC 2231 5 lets a language follow the charset (gb2312*zh-cn); other
	// mailers leave quotes, commas and the next parameter in the label.
	if at := strings.IndexAny(label, "*;,\"' \t()<>\r\n"); at >= 0 {
		label = strings.TrimLeft(label, "\"' =")
		if at = strings.IndexAny(label, "*;,\"' \t()<>\r\n"); at >= 0 {
			label = label[:at]
		}
	}
	if name, ok := aliases[label]; ok {
		return name
	}
	trimmed := strings.TrimPrefix(strings.TrimPrefix(label, "charset="), "x-")
	if name, ok := aliases[trimmed]; ok {
		return name
	}
	if strings.HasPrefix(trimmed, "windows") && !strings.HasPrefix(trimmed, "windows-") {
		trimmed = "windows-" + strings.TrimLeft(trimmed[len("windows"):], "_- ")
	}
	if strings.HasPrefix(trimmed, "cp125") {
		trimmed = "windows-" + trimmed[2:]
	}
	for _, l := range []string{label, trimmed} {
		e, err := htmlindex.Get(l)
		if err != nil {
			continue
		}
		name, err := htmlindex.Name(e)
		if err != nil || name == "replacement" || name == "x-user-defined" {
			continue
		}
		if name == "gbk" {
			return GB18030
		}
		return name
	}
	return ""
}

// Known is true for a label that names a charset.
func Known(label string) bool { return canonical(label) != "" }

func isUTF16(name string) bool { return name == "utf-16" || name == UTF16LE || name == UTF16BE }
