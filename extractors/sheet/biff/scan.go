package biff

import (
	"bytes"
	"context"
	"strconv"

	"guidang/extractors/charset"
)

const (
	maxFonts    = 1 << 16
	sampleBytes = 32 << 10 // of text, by which a charset is told
	maxDepth    = 16       // of substreams within each other; a chart in a sheet is 2
	maxSheets   = 1 << 14  // Excel makes no more than memory holds; files with 3,000 are known
)

// substream is one piece of the stream between BOF and EOF: the globals, a sheet.
type substream struct {
	kind     int
	from, to int    // of its records, without the first
	sorted   bool   // its cells come row by row
	last     int    // row of the cell before
	name     []byte // BIFF4 workspaces name a sheet before it
	merges   []Range
	notes    []rawNote
	texts    []rawText
	chart    []rawString
	links    []Link
	header   rawString
	footer   rawString
}

// rawString is text whose charset is not decided yet, or decoded text.
type rawString struct {
	bytes []byte
	text  string
}

// globals is what the whole workbook shares.
type globals struct {
	page     int
	epoch    bool // dates count from 1904
	shared   []string
	listed   []listed
	formats  map[int]rawString
	xfs      []xf
	fonts    []byte // their charsets
	layouts  map[int]*Layout
	fontOf   []string
	sample   []byte
	overfull bool // the shared strings go beyond their bound
}

// xf is a cell's style: its number format and font.
type xf struct{ format, font int }

// listed is a sheet as the globals list it.
type listed struct {
	at    int
	state State
	name  rawString
}

// scan walks all records once. It reads everything but the cells, and learns of
// those only whether they come in order.
func (b *Book) scan(ctx context.Context, o Options) error {
	b.globals.formats, b.globals.layouts = map[int]rawString{}, map[int]*Layout{}
	var (
		cur      *substream
		depth    int
		headName []byte
		text     textState
	)
	for at, n := 0, 0; ; n++ {
		if n&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		id, data, next, cut, ok := record(b.stream, at)
		if !ok {
			break
		}
		if id == 0 && len(data) == 0 && depth == 0 {
			// QUIRK: [MS-XLS] 2.1.4 ends a stream with its last EOF; what follows in
			// the last sector is zeros.
			if rest := bytes.TrimLeft(b.stream[at:], "\x00"); len(rest) < 4 {
				break
			}
		}
		if version, kind, ok := isBOF(id, data); ok && depth < maxDepth {
			if depth++; depth == 1 {
				if len(b.subs) >= maxSheets {
					break
				}
				if len(b.subs) == 0 {
					b.Version = version
				}
				if b.Version == 4 && kind == kindWorkspace {
					depth-- // its sheets lie within it
					kind = kindGlobals
				}
				cur = &substream{kind: kind, from: next, sorted: true, name: headName}
				headName, text = nil, textState{}
				b.subs = append(b.subs, cur)
			}
			at = next
			continue
		}
		if cut {
			b.Damage.Cut = b.Damage.Cut || depth > 0
		}
		switch {
		case id == idEOF:
			if depth > 0 {
				depth--
			}
			if depth == 0 && cur != nil {
				cur.to, cur = at, nil
			}
		case id == idSheetHead && len(data) > 5:
			headName = data[5:min(len(data), 5+int(data[4]))]
		case cur == nil:
		case cur.kind == kindGlobals || b.Version <= 4 || b.subs[0].kind != kindGlobals:
			b.global(id, data, next, o)
			fallthrough
		default:
			b.local(cur, &text, id, data, next, depth)
		}
		at = next
	}
	for _, s := range b.subs {
		if s.to == 0 {
			s.to = len(b.stream)
			b.Damage.Cut = b.Damage.Cut || s.kind != kindGlobals || depth > 0
		}
	}
	return nil
}

// global takes a record that holds for the whole workbook.
func (b *Book) global(id uint16, data []byte, next int, o Options) {
	g := &b.globals
	switch id {
	case idCodepage:
		if g.page == 0 {
			g.page = u16(data, 0)
		}
	case idDateMode:
		g.epoch = u16(data, 0) == 1
	case idSheetInfo:
		b.listSheet(data, next)
	case idShared:
		if g.shared == nil {
			b.sharedStrings(data, next, o.Strings)
		}
	case idFormat2, idFormat:
		b.addFormat(data, next)
	case idXF2, idXF3, idXF4, idXF:
		if len(g.xfs) < 1<<16 {
			g.xfs = append(g.xfs, style(id, data))
		}
	case idFont2, idFont3:
		if len(g.fonts) < maxFonts {
			var c byte
			if b.Version >= 5 && len(data) > 12 {
				c = data[12]
			}
			g.fonts = append(g.fonts, c)
		}
	}
}

// listSheet takes a sheet of the list.
func (b *Book) listSheet(data []byte, next int) {
	if len(data) < 7 || b.Version <= 4 || len(b.globals.listed) >= maxSheets {
		return
	}
	s := listed{at: int(u32(data, 0)), state: State(min(data[4]&3, 2))}
	if b.Version == 8 {
		s.name.text, _ = newParts(b.stream, data[6:], next).unicode(1)
	} else {
		s.name.bytes = data[7:min(len(data), 7+int(data[6]))]
		b.sampled(s.name.bytes)
	}
	b.globals.listed = append(b.globals.listed, s)
}

// sharedStrings reads the table of strings. It holds as many as are there,
// whatever it claims.
func (b *Book) sharedStrings(data []byte, next int, most int64) {
	g := &b.globals
	g.shared = []string{}
	if len(data) < 8 {
		return
	}
	if most <= 0 {
		most = maxStream
	}
	claimed := int(u32(data, 4))
	p := newParts(b.stream, data[8:], next)
	// QUIRK: [MS-XLS] 2.4.265 counts the strings; some writers count wrong, and only
	// the end of the data is the end. An empty rest of a record is no string.
	for size := int64(0); len(p.data) > 0 || p.more(); {
		if len(p.data) == 0 || len(g.shared) >= claimed && len(p.data) < 3 {
			p.data = nil
			continue
		}
		text, ok := p.unicode(2)
		if size += int64(len(text)) + 16; size > most {
			g.overfull = true
			return
		}
		g.shared = append(g.shared, text)
		if !ok {
			return
		}
	}
}

// addFormat takes a number format. Before BIFF5 their order numbers them.
func (b *Book) addFormat(data []byte, next int) {
	g := &b.globals
	if len(g.formats) >= 1<<16 {
		return
	}
	at, id := 0, len(g.formats)
	if b.Version >= 4 {
		at = 2
	}
	if b.Version >= 5 {
		id = u16(data, 0)
	}
	if len(data) <= at {
		return
	}
	if b.Version == 8 {
		text, _ := newParts(b.stream, data[at:], next).unicode(2)
		g.formats[id] = rawString{text: text}
		return
	}
	raw := data[at+1 : min(len(data), at+1+int(data[at]))]
	g.formats[id] = rawString{bytes: raw}
	b.sampled(raw)
}

// style reads a cell's style.
func style(id uint16, data []byte) xf {
	at := func(i int) int {
		if i < len(data) {
			return int(data[i])
		}
		return 0
	}
	switch id {
	case idXF2:
		return xf{format: at(2) & 0x3f, font: at(0)}
	case idXF3, idXF4:
		return xf{format: at(1), font: at(0)}
	}
	return xf{format: u16(data, 2), font: u16(data, 0)}
}

// sampled keeps some text for telling the charset.
func (b *Book) sampled(raw []byte) {
	g := &b.globals
	if len(g.sample) > sampleBytes {
		return
	}
	for _, c := range raw {
		if c >= 0x80 {
			g.sample = append(append(g.sample, raw...), '\n')
			return
		}
	}
}

// settle decides what could only be decided when all was seen: the charset, the
// sheets' names and order.
func (b *Book) settle() {
	g := &b.globals
	if b.Version < 8 {
		b.text = charset.NewDecoder(g.page, g.sample)
		if len(g.sample) > 0 {
			b.Charset = b.text.Name
		}
	}
	g.fontOf = make([]string, len(g.xfs))
	for i, x := range g.xfs {
		f := x.font
		if f >= 4 {
			f-- // QUIRK: [MS-XLS] 2.5.129: there is no font 4
		}
		if f < len(g.fonts) {
			g.fontOf[i] = charset.FontPage(g.fonts[f])
		}
	}
	var sheets []*substream
	for _, s := range b.subs {
		if s.kind != kindGlobals {
			sheets = append(sheets, s)
		}
	}
	if len(g.listed) == 0 {
		for i, s := range sheets {
			name := b.text.Text(s.name, "")
			if name == "" {
				name = "Sheet" + strconv.Itoa(i+1)
			}
			b.add(name, Visible, s)
		}
		return
	}
	// QUIRK: [MS-XLS] 2.4.28 gives the exact place of a sheet; some writers leave it
	// 0 or count it from elsewhere, then the order tells.
	placed := make(map[int]*substream, len(sheets))
	for _, s := range sheets {
		placed[s.from] = s
	}
	of := make([]*substream, len(g.listed))
	used := make(map[*substream]bool, len(sheets))
	for i, l := range g.listed {
		if _, _, behind, _, ok := record(b.stream, l.at); ok && placed[behind] != nil && !used[placed[behind]] {
			of[i] = placed[behind]
			used[of[i]] = true
		}
	}
	for i, l := range g.listed {
		for of[i] == nil && len(sheets) > 0 {
			if !used[sheets[0]] {
				of[i] = sheets[0]
			}
			sheets = sheets[1:]
		}
		if of[i] == nil {
			b.Damage.Lost++
			continue
		}
		b.add(b.string(l.name), l.state, of[i])
	}
}

// add lists a sheet with what stands beside its cells.
func (b *Book) add(name string, state State, sub *substream) {
	if sub.kind == kindModule {
		return // a program, no sheet
	}
	s := &Sheet{Name: name, State: state, Merges: sub.merges, book: b, sub: sub}
	s.Header, s.Footer = PlainHeader(b.string(sub.header)), PlainHeader(b.string(sub.footer))
	for _, c := range sub.chart {
		s.Chart = append(s.Chart, b.string(c))
	}
	s.Notes, s.Shapes = b.beside(sub)
	s.Links = sub.links
	b.Sheets = append(b.Sheets, s)
}

func (b *Book) string(s rawString) string {
	if s.text != "" {
		return s.text
	}
	return b.text.Text(s.bytes, "")
}
