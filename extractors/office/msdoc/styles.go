package msdoc

import (
	"strings"

	"guidang/extractors/charset"
)

// style is what is wanted of a style: the level of its heading, and its font.
type style struct {
	base  int16
	level int8
	font  int16
	title bool
}

// maxStyles is Word's own limit (the number has 12 bits).
const maxStyles = 4096

// readStyles reads the style sheet ([MS-DOC] 2.9.271).
func (r *reader) readStyles() {
	b := r.get(fcStyles)
	head := u16(b, 0)
	if head < 4 || len(b) < 2+head || r.fib.version == 2 {
		return
	}
	count, base := min(u16(b, 2), maxStyles), u16(b, 4)
	b = b[2+head:]
	for range count {
		if len(b) < 2 {
			return
		}
		n := u16(b, 0)
		b = b[2:]
		if n > len(b) {
			return
		}
		r.styles = append(r.styles, r.parseStyle(b[:n], base))
		b = b[n:]
	}
}

func (r *reader) parseStyle(b []byte, base int) style {
	s := style{base: -1, font: -1}
	if len(b) < 8 {
		return s
	}
	id := u16(b, 0) & 0xfff
	switch {
	case id >= 1 && id <= 9:
		s.level = int8(id)
	case id == 62:
		s.title = true
	}
	kind, parent := u16(b, 2)&0xf, u16(b, 2)>>4
	if parent != 0xfff {
		s.base = int16(parent) //nolint:gosec // twelve bits
	}
	if kind != 1 || base > len(b) {
		return s
	}
	rest := b[base:]
	// The name, then two lists of properties at even places.
	skip := 0
	if r.fib.version == 8 {
		skip = 2 + 2*u16(rest, 0) + 2
	} else if len(rest) > 0 {
		skip = 1 + int(rest[0]) + 1
	}
	at := base + skip
	for i := range min(u16(b, 4)&0xf, 2) {
		at += at & 1
		n := u16(b, at)
		at += 2
		if at+n > len(b) {
			return s
		}
		list := b[at : at+n]
		at += n
		p := noProps()
		if i == 0 && len(list) >= 2 {
			list = list[2:] // the style's own number
		}
		if r.fib.version == 8 {
			p.apply(list)
		} else {
			p.applyOld(list)
		}
		if i == 0 && p.level > 0 {
			s.level = p.level % 10
		}
		if i == 1 {
			s.font = p.font
		}
	}
	return s
}

// styleOf looks something up in a style and the ones it is based on.
func (r *reader) styleOf(n int16, each func(style) bool) {
	for range 16 {
		if n < 0 || int(n) >= len(r.styles) || each(r.styles[n]) {
			return
		}
		n = r.styles[n].base
	}
}

// levelOf is the level of a paragraph's heading, or Title.
func (r *reader) levelOf(p props) int {
	if p.level > 0 {
		return int(p.level) % 10
	}
	level := 0
	r.styleOf(p.style, func(s style) bool {
		if s.title {
			level = Title
		} else {
			level = int(s.level)
		}
		return level != 0
	})
	return level
}

// readFonts reads the charsets of the fonts (2.9.286; before Word 97 the table has
// another head, and the names are of one byte).
func (r *reader) readFonts() {
	b := r.get(fcFonts)
	if r.fib.version == 8 || r.fib.version == 2 || len(b) < 2 {
		return // Unicode needs no fonts
	}
	b = b[2:]
	for len(b) > 6 && len(r.fonts) < 1<<15 {
		n := int(b[0]) + 1
		if n > len(b) {
			return
		}
		page := charset.FontPage(b[4])
		if page == "" && n > 6 {
			page = pageByName(string(b[6:n]))
		}
		r.fonts = append(r.fonts, page)
		b = b[n:]
	}
}

// pageByName tells the charset of a font by its name.
// QUIRK: the fonts of Windows 3.1 for other scripts carry the charset ANSI, and
// their name tells the script.
func pageByName(name string) string {
	name, _, _ = strings.Cut(name, "\x00")
	words := strings.Fields(strings.ToUpper(name))
	if len(words) == 0 {
		return ""
	}
	switch words[len(words)-1] {
	case "CYR", "CYRILLIC":
		return "windows-1251"
	case "CE":
		return "windows-1250"
	case "GREEK":
		return "windows-1253"
	case "TUR":
		return "windows-1254"
	case "BALTIC":
		return "windows-1257"
	}
	return ""
}

// languages are the code pages of languages whose text is not Western
// ([MS-LCID], by its lower ten bits; Chinese by all of them).
var languages = map[int]int{
	0x11: 932, 0x12: 949, 0x19: 1251, 0x22: 1251, 0x23: 1251, 0x02: 1251, 0x2f: 1251, 0x05: 1250, 0x0e: 1250, 0x15: 1250, 0x18: 1250, 0x1a: 1250, 0x1b: 1250, 0x24: 1250,
	0x08: 1253, 0x1f: 1254, 0x0d: 1255, 0x01: 1256, 0x25: 1257, 0x26: 1257, 0x27: 1257, 0x1e: 874, 0x2a: 1258,
}

// chooseCharset decides how text of one byte is read.
func (r *reader) chooseCharset() {
	if r.fib.version == 8 {
		// 2.9.73: characters of one byte are windows-1252.
		r.text = charset.NewDecoder(1252, nil)
		return
	}
	page := languages[r.fib.lid&0x3ff]
	switch r.fib.lid {
	case 0x0804, 0x1004:
		page = 936
	case 0x0404, 0x0c04, 0x1404:
		page = 950
	}
	if r.fib.chs == 256 { // the Macintosh
		page = 10000
	}
	if page == 0 {
		page = 1252
	}
	var sample []byte
	for _, p := range r.pieces {
		if len(sample) >= 1<<16 {
			break
		}
		sample = append(sample, slice(r.main, p.fc, min(p.to-p.from, 1<<16))...)
	}
	r.text = charset.NewDecoder(page, noMarks(sample))
	r.out.Charset = r.text.Name
}

// noMarks makes blanks of a text's marks, which no charset has.
func noMarks(b []byte) []byte {
	out := make([]byte, len(b))
	for i, c := range b {
		if c < ' ' {
			c = ' '
		}
		out[i] = c
	}
	return out
}
