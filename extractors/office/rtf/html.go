package rtf

import (
	"bytes"
	"context"
	"strings"

	"guidang/extractors/charset"
)

// HTML gives the page that Outlook packed into RTF ([MS-OXRTFEX] 2.1), in UTF-8.
// ok is false when there is none in it. At most limit bytes are kept.
func HTML(ctx context.Context, data []byte, limit int) (page string, ok bool, err error) {
	head := data[:min(len(data), 4<<10)]
	if !bytes.Contains(head, []byte(`\fromhtml`)) {
		return "", false, nil
	}
	u := newUnpacker(data)
	if err := u.run(ctx, limit); err != nil {
		return "", false, err
	}
	// As in Read: the characters of the whole page overrule a code page 1252.
	if len(u.latin) >= 6 {
		if _, used, _ := charset.Decode(u.latin, charset.Latin); used == charset.GB18030 || used == charset.Big5 {
			u = newUnpacker(data)
			u.instead = used
			if err := u.run(ctx, limit); err != nil {
				return "", false, err
			}
		}
	}
	return u.html.String(), true, nil
}

// unpacker takes HTML out of RTF: what stands in \*\htmltag groups as it is, other
// text as text, and nothing that \htmlrtf switches off. It gathers and decodes
// bytes as the reader of text does.
type unpacker struct {
	reader

	html strings.Builder
	off  []bool // \htmlrtf, for each open group
	rtf  bool   // now
	tag  bool   // within \*\htmltag
	tags []bool
}

func newUnpacker(data []byte) *unpacker { return &unpacker{reader: *newReader(data, 0)} }

// symbols are the words of [MS-OXRTFEX] 2.1.3.1.2 that stand for text in HTML.
var symbols = map[string]string{
	"par": "\r\n", "line": "\r\n", "tab": "\t", "lquote": "&lsquo;", "rquote": "&rsquo;", "ldblquote": "&ldquo;", "rdblquote": "&rdquo;",
	"bullet": "&bull;", "endash": "&ndash;", "emdash": "&mdash;",
}

func (u *unpacker) run(ctx context.Context, limit int) error {
	for n := 1; ; n++ {
		if n%65536 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		t := u.scan.next()
		if t.what == done || u.html.Len() > limit {
			u.decode()
			return nil
		}
		u.step(t)
	}
}

func (u *unpacker) step(t token) {
	switch t.what {
	case open:
		u.decode()
		u.drop = 0
		if len(u.stack) < maxGroups {
			u.stack, u.off, u.tags = append(u.stack, u.now), append(u.off, u.rtf), append(u.tags, u.tag)
		} else {
			u.beyond++
		}
		u.fresh, u.star = true, false
		return
	case end:
		u.decode()
		u.drop = 0
		if u.beyond > 0 {
			u.beyond--
		} else if n := len(u.stack) - 1; n >= 0 {
			u.now, u.rtf, u.tag = u.stack[n], u.off[n], u.tags[n]
			u.stack, u.off, u.tags = u.stack[:n], u.off[:n], u.tags[:n]
		}
	case word:
		if u.drop > 0 {
			u.drop--
			return
		}
		u.control(string(t.name), t)
	case symbol:
		if t.name[0] == '*' {
			u.star = true
			return
		}
		if u.drop > 0 {
			u.drop--
			break
		}
		switch t.name[0] {
		case '\'':
			u.gather(t.text)
		case '{', '}', '\\':
			u.gather(t.name)
		case '~':
			u.put("&nbsp;")
		case '_':
			u.put("&shy;")
		}
	case done:
	case text:
		b := t.text
		n := min(u.drop, len(b))
		u.drop -= n
		u.gather(b[n:])
	}
	u.fresh, u.star = false, false
}

func (u *unpacker) control(name string, t token) {
	if u.star && name == "htmltag" {
		u.tag = true
		return
	}
	if u.star || u.fresh {
		switch d, ok := destinations[name]; {
		case name == "fonttbl":
			u.now.dest = toFonts
			return
		case ok && d == toNowhere, name == "info", u.star:
			u.now.dest = toNowhere
			return
		}
	}
	if name == "htmlrtf" {
		u.decode()
		u.rtf = !t.given || t.number != 0
		return
	}
	if s, ok := symbols[name]; ok {
		u.put(s)
		return
	}
	if name == "u" {
		// The number is that of a character, which text and HTML write alike.
		u.decode()
		before := u.to[toBody].Len()
		u.unicode(t.number)
		if s := u.to[toBody].String()[before:]; s != "" {
			u.put(s)
		}
		u.to[toBody].Reset()
		return
	}
	if name == "f" || name == "plain" {
		u.decode() // flush of the text reader finds nothing left
	}
	switch name {
	case "f", "fcharset", "cpg", "ansicpg", "mac", "deff", "uc", "plain":
		u.word(name, t)
	}
}

// gather collects bytes of the current page, unless they are for readers of RTF.
//
// QUIRK: [MS-OXRTFEX] 2.1.3.1: what \htmlrtf switches off is not only not shown,
// its fonts do not count either; Outlook sets the font of the text behind it there
// all the same, so fonts are followed.
func (u *unpacker) gather(b []byte) {
	if u.rtf || u.now.dest == toNowhere || u.now.dest == toFonts {
		return
	}
	u.pending = append(u.pending, b...)
}

func (u *unpacker) put(s string) {
	u.decode()
	if u.rtf || u.now.dest == toNowhere || u.now.dest == toFonts {
		return
	}
	u.html.WriteString(s)
}

func (u *unpacker) decode() {
	if len(u.pending) == 0 {
		return
	}
	page := u.page()
	if page == charset.Latin && !isASCII(u.pending) && len(u.latin) < 64<<10 {
		u.latin = append(u.latin, u.pending...)
	}
	u.html.WriteString(decode(u.pending, page))
	u.pending = u.pending[:0]
}
