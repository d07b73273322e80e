package rtf

import (
	"bytes"
	"context"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"guidang/extractors/charset"
)

// Text is what is read out of RTF.
type Text struct {
	Body      string
	Notes     string // headers, footers, footnotes and comments
	Title     string
	Author    string
	Subject   string
	Keywords  string
	Created   string // YYYY-MM-DDTHH:MM:SS, local, or empty
	Page      string // the code page of the document
	Truncated bool   // it ends within a group
	Cut       bool   // its text is longer than limit
	Pictures  int
	Objects   int      // embedded
	Data      [][]byte // of these, for Open; slices of the input
	Mistaken  bool     // its code page was wrong; the characters said so
}

// Read reads RTF as text. At most limit bytes of text are kept. The error is
// only the context's.
func Read(ctx context.Context, data []byte, limit int) (Text, error) {
	r := newReader(data, limit)
	if err := r.run(ctx); err != nil {
		return Text{}, err
	}
	// QUIRK: RTF 1.9.1 "Character Set": \ansicpg and \fcharset name the code page.
	// Programs that know only 1252 write Chinese under it all the same. Single
	// runs are too short to tell, all of them together are not.
	if len(r.latin) >= 6 && (r.out.Page == charset.Latin || r.out.Page == "") {
		if _, used, _ := charset.Decode(r.latin, charset.Latin); used == charset.GB18030 || used == charset.Big5 {
			again := newReader(data, limit)
			again.instead = used
			if err := again.run(ctx); err != nil {
				return Text{}, err
			}
			again.out.Mistaken = true
			return again.finish(), nil
		}
	}
	return r.finish(), nil
}

// state is what a group inherits and gives back at its end.
type state struct {
	dest   dest
	skip   int // bytes after \u that stand for it
	page   string
	hidden bool
	upr    bool // within \upr, whose groups say the same twice
	twin   bool // one of these groups
	saved  dest // where its text would go
}

type reader struct {
	scan    scanner
	limit   int
	out     Text
	instead string // the code page in place of 1252

	now     state
	stack   []state
	beyond  int // groups open beyond maxGroups
	star    bool
	fresh   bool // a group has just been opened
	fonts   map[int]string
	font    int // being defined
	def     int // \deff
	starts  bool
	pending []byte // bytes of one page not yet decoded
	high    rune   // the first half of a \u pair
	drop    int    // bytes still to pass over behind \u
	latin   []byte // a sample of what was read as 1252
	to      [toInfo + 1]strings.Builder
	date    [6]int
}

func newReader(data []byte, limit int) *reader {
	if at := bytes.Index(data[:min(len(data), 64)], []byte(Magic)); at > 0 {
		data = data[at:] // a byte order mark, empty lines
	}
	r := &reader{scan: scanner{data: data}, limit: limit, fonts: map[int]string{}}
	r.now.skip = 1
	return r
}

func (r *reader) run(ctx context.Context) error {
	for n := 1; ; n++ {
		if n%65536 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		t := r.scan.next()
		if t.what == done {
			r.flush()
			r.out.Truncated = r.starts && len(r.stack)+r.beyond > 0
			return nil
		}
		r.take(t)
		if r.to[toBody].Len()+r.to[toNotes].Len() > r.limit {
			r.flush()
			r.out.Cut = true
			return nil
		}
		if r.starts && len(r.stack) == 0 {
			r.flush() // behind the last brace nothing is text
			return nil
		}
	}
}

func (r *reader) take(t token) {
	switch t.what {
	case open:
		r.flush()
		r.drop = 0
		r.starts = true
		if len(r.stack) < maxGroups {
			r.stack = append(r.stack, r.now)
		} else {
			r.beyond++
		}
		r.now.twin = r.now.upr
		if r.now.upr {
			// RTF 1.9.1 "Unicode RTF": {\upr{ANSI}{\*\ud{Unicode}}}; the second counts.
			r.now.upr, r.now.saved, r.now.dest = false, r.now.dest, toNowhere
		}
		r.fresh, r.star = true, false
		return
	case end:
		r.flush()
		r.drop = 0
		switch {
		case r.beyond > 0:
			r.beyond--
		case len(r.stack) > 0:
			last := r.stack[len(r.stack)-1]
			if r.now.dest == toNotes && last.dest != toNotes {
				r.write("\n")
			}
			r.now, r.stack = last, r.stack[:len(r.stack)-1]
		}
	case word:
		if r.drop > 0 { // RTF 1.9.1: a control word is one character of the replacement
			r.drop--
			return
		}
		r.word(string(t.name), t)
	case symbol:
		r.symbol(t)
		if t.name[0] == '*' {
			return // the group is still fresh
		}
	case done:
	case text:
		r.text(t.text)
	}
	r.fresh, r.star = false, false
}

// word does what a control word says.
func (r *reader) word(name string, t token) {
	if r.fresh || r.star {
		switch {
		case name == "upr":
			r.now.upr = true
			return
		case name == "ud" && r.now.twin:
			r.now.dest = r.now.saved
			return
		}
		if d, ok := destinations[name]; ok && (!r.star || shown[name] || d != toBody) {
			r.enter(name, d)
			return
		}
		if r.star {
			r.now.dest = toNowhere // RTF 1.9.1: an unknown destination is passed over
			return
		}
	}
	if mark, ok := marks[name]; ok {
		r.flush()
		r.write(mark)
		return
	}
	switch name {
	case "u":
		r.unicode(t.number)
	case "uc":
		r.now.skip = min(max(t.number, 0), 16)
	case "f":
		r.flush()
		if r.now.dest == toFonts {
			r.font = t.number
			return
		}
		r.now.page = r.fonts[t.number]
	case "fcharset":
		if p := charset.FontPage(byte(t.number)); p != "" && r.now.dest == toFonts && len(r.fonts) < 10_000 { //nolint:gosec // a charset is a byte
			r.fonts[r.font] = p
		}
	case "cpg":
		if p := charset.CodePage(t.number); p != "" && r.now.dest == toFonts && len(r.fonts) < 10_000 {
			r.fonts[r.font] = p
		}
	case "ansicpg":
		r.out.Page = charset.CodePage(t.number)
	case "mac":
		r.out.Page = "macintosh"
	case "deff":
		r.def = t.number
	case "plain":
		r.flush()
		r.now.page, r.now.hidden = r.fonts[r.def], false
	case "v":
		r.flush()
		r.now.hidden = !t.given || t.number != 0
	case "deleted":
		r.flush()
		r.now.hidden = !t.given || t.number != 0
	case "yr", "mo", "dy", "hr", "min", "sec":
		if r.now.dest == toCreated {
			for i, n := range []string{"yr", "mo", "dy", "hr", "min", "sec"} {
				if n == name {
					r.date[i] = t.number
				}
			}
		}
	}
}

// enter begins a destination. One within what is passed over is passed over too.
func (r *reader) enter(name string, d dest) {
	switch name {
	case "pict":
		r.out.Pictures++
	case "objdata":
		r.object()
	}
	switch {
	case r.now.dest == toNowhere:
	case d == toBody: // goes on where the group around it goes
	case r.now.dest == toInfo, d == toInfo:
		r.now.dest = d
	case d == toTitle || d == toAuthor || d == toSubject || d == toKeywords || d == toCreated:
		// These are destinations within \info only; elsewhere nothing is known of them.
		r.now.dest = toNowhere
	default:
		r.now.dest = d
	}
}

func (r *reader) symbol(t token) {
	if r.drop > 0 && t.name[0] != '*' {
		r.drop--
		return
	}
	switch t.name[0] {
	case '\'':
		r.bytes(t.text)
	case '*':
		// QUIRK: RTF 1.9.1 "Destinations" puts it behind the brace; StarOffice also wrote
		// it in the middle of a group, where it means nothing.
		r.star = r.fresh
	case '~':
		r.flush()
		r.write(" ")
	case '_':
		r.flush()
		r.write("-")
	case '{', '}', '\\':
		r.bytes(t.name)
	case '\t':
		r.flush()
		r.write("\t")
	}
}

func (r *reader) text(b []byte) {
	if r.drop > 0 {
		n := min(r.drop, len(b))
		r.drop -= n
		b = b[n:]
	}
	r.bytes(b)
}

// bytes gathers text of the current page, so that a character's two bytes are
// decoded together however they are written.
//
// QUIRK: RTF 1.9.1 "Special Characters": every byte beyond 7F is written as \'hh;
// WPS and old Word leave the second byte of a pair as it is when it is a letter
// (\'87@), and others write raw GBK.
func (r *reader) bytes(b []byte) {
	if len(b) == 0 || r.now.dest == toNowhere || r.now.dest == toFonts || r.now.hidden {
		return
	}
	r.high = 0
	r.pending = append(r.pending, b...)
}

// page is the one that bytes are in now.
func (r *reader) page() string {
	p := r.now.page
	if p == "" {
		p = r.out.Page
	}
	if p == "" {
		p = charset.Latin
	}
	if p == charset.Latin && r.instead != "" {
		return r.instead
	}
	return p
}

// flush decodes what was gathered.
func (r *reader) flush() {
	if len(r.pending) == 0 {
		return
	}
	page := r.page()
	if page == charset.Latin && len(r.latin) < 64<<10 {
		for _, c := range r.pending {
			if c >= 0x80 {
				r.latin = append(r.latin, r.pending...)
				break
			}
		}
	}
	s := decode(r.pending, page)
	r.pending = r.pending[:0]
	r.write(s)
}

// unicode writes \uN. RTF's numbers are signed 16-bit; characters beyond the first
// plane are two of them.
func (r *reader) unicode(n int) {
	r.flush()
	r.drop = r.now.skip
	if n < 0 {
		n += 65536
	}
	c := rune(n & 0x1fffff)
	// QUIRK: symbol fonts write their characters at U+F020 to U+F0FF; the low half
	// is what was meant for letters, and is no text for the rest.
	switch {
	case utf16.IsSurrogate(c):
		if r.high != 0 {
			if pair := utf16.DecodeRune(r.high, c); pair != utf8.RuneError {
				r.high = 0
				r.write(string(pair))
				return
			}
		}
		r.high = c
	case c >= 0xf020 && c <= 0xf07e:
		r.write(string(c - 0xf000))
	case c < 0x20 || c >= 0xe000 && c < 0xf900 || c > utf8.MaxRune:
	default:
		r.high = 0
		r.write(string(c))
	}
}

func (r *reader) write(s string) {
	if r.now.hidden || r.now.dest == toNowhere || r.now.dest == toFonts {
		return
	}
	r.to[r.now.dest].WriteString(s)
}
