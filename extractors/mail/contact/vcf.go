// Package contact reads vCards (2.1, 3.0 and 4.0), one or thousands in a file.
package contact

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"

	"guidang/extractors/charset"
	"guidang/extractors/document"
	"guidang/extractors/mail/calendar"
)

// Limits of one file of cards.
const (
	maxFile    = 256 << 20
	maxCards   = 100_000
	maxEntries = 200 // of one kind in a card
	maxNesting = 20
)

// VCF reads vCards: each is a section. Pictures within are children that belong to
// what is shown.
var VCF = document.Format{
	Name: "vcf", Version: 1, Kind: document.KindContact, MediaType: "text/vcard",
	Detect: func(in *document.Input) bool { return calendar.Begins(in, "VCARD") },
	Read:   readVCF,
}

func readVCF(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	data, whole, err := in.All(maxFile)
	if err != nil {
		return nil, fmt.Errorf("read the contacts %q: %w", in.Name, err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	doc := &document.Document{Kind: document.KindContact, Read: document.Full, Fields: map[string]string{}}
	if !whole {
		doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only its first %d bytes were read", len(data)))
	}
	data = calendar.Plain(data)
	p := &parser{doc: doc, label: labelOf(data)}
	calendar.Lines(data, func(l *calendar.Line) bool {
		p.line(l)
		return p.lines%4096 != 0 || ctx.Err() == nil
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p.finish()
	return doc, p.children(in.Limits.WithDefaults().Entries, emit)
}

// labelOf is the charset of the file's own bytes. Single values are too short to
// tell, so all lines with such bytes are looked at together, and what is ASCII
// (quoted-printable, pictures) is left out.
func labelOf(data []byte) string {
	var sample []byte
	for line := range bytes.SplitSeq(calendar.Unfold(data[:min(len(data), 16<<20)]), []byte("\n")) {
		for _, c := range line {
			if c >= 0x80 {
				sample = append(append(sample, line...), '\n')
				break
			}
		}
		if len(sample) > 64<<10 {
			break
		}
	}
	_, used, _ := charset.Decode(sample, "")
	return used
}

type picture struct {
	name string
	data []byte
}

// place is an entry of a card.
type place struct {
	list *[]Entry
	at   int
}

type parser struct {
	doc    *document.Document
	label  string
	lines  int
	depth  int // of cards within cards (AGENT)
	card   *Card
	n      [5]string        // of N, when there is no FN
	groups map[string]place // the entry that a group's label is for
	cards  []*Card
	files  []picture
	used   string
}

func (p *parser) line(l *calendar.Line) {
	p.lines++
	switch l.Name {
	case "BEGIN":
		if p.depth == 0 || p.card == nil {
			p.card, p.n, p.groups = &Card{Line: l.Number}, [5]string{}, map[string]place{}
		}
		p.depth = min(p.depth+1, maxNesting)
		return
	case "END":
		if p.depth--; p.depth <= 0 {
			p.close()
		}
		return
	}
	switch {
	case p.card == nil:
		return
	case p.depth > 1:
		if l.Name == "FN" && len(p.card.Other) < maxEntries {
			p.card.Other = append(p.card.Other, Entry{"代理人 Agent", oneLine(p.value(l))})
		}
		return
	}
	p.property(l)
}

func (p *parser) close() {
	p.depth = 0
	c := p.card
	p.card = nil
	if c == nil {
		return
	}
	if c.Name == "" {
		c.Name = FullName(p.n[0], p.n[1], p.n[2], p.n[3], p.n[4])
	}
	if len(p.cards) >= maxCards {
		p.doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only its first %d cards were read", maxCards))
		return
	}
	p.cards = append(p.cards, c)
}

// text is a value as UTF-8.
//
// QUIRK: vCard 2.1 names a charset at each line or means ASCII; phones of ten
// years wrote GBK, in quoted-printable, without a word or under UTF-8.
func (p *parser) text(l *calendar.Line) string {
	label := p.label
	if l.Get("ENCODING") != "" || l.Is("", "QUOTED-PRINTABLE") {
		label = "" // bytes that were hidden from the look at the file
	}
	if own := l.Get("CHARSET"); charset.Known(own) {
		label = own
	}
	text, used, lossy := charset.Decode(l.Value, label)
	if used != charset.UTF8 || p.used == "" {
		p.used = used
	}
	if lossy {
		p.doc.Warn("charset", "some bytes have no meaning in "+used)
	}
	return strings.TrimSpace(text)
}

func (p *parser) value(l *calendar.Line) string {
	return strings.TrimSpace(calendar.Unescape(p.text(l)))
}

// parts splits a structured value at semicolons that are not escaped.
func (p *parser) parts(l *calendar.Line) []string {
	var out []string
	s := p.text(l)
	from := 0
	for i := 0; i <= len(s) && len(out) < 50; i++ {
		switch {
		case i == len(s) || s[i] == ';':
			out = append(out, strings.TrimSpace(calendar.Unescape(s[from:i])))
			from = i + 1
		case s[i] == '\\':
			i++
		}
	}
	return out
}

func (p *parser) property(l *calendar.Line) {
	c := p.card
	if len(l.Value) == 0 {
		return
	}
	switch l.Name {
	case "FN":
		c.Name = oneLine(p.value(l))
	case "N":
		for i, s := range p.parts(l) {
			if i < len(p.n) {
				p.n[i] = oneLine(s)
			}
		}
	case "NICKNAME":
		c.Nick = oneLine(p.value(l))
	case "ORG":
		c.Organisation = joined(p.parts(l), " / ")
	case "TITLE":
		c.Post = oneLine(p.value(l))
	case "ROLE":
		if c.Post == "" {
			c.Post = oneLine(p.value(l))
		}
	case "EMAIL":
		p.add(l, &c.Mails, oneLine(p.value(l)))
	case "TEL":
		p.add(l, &c.Phones, oneLine(strings.TrimPrefix(p.value(l), "tel:")))
	case "ADR":
		p.add(l, &c.Addresses, postal(p.parts(l)))
	case "IMPP", "X-JABBER", "X-SKYPE", "X-MSN", "X-QQ", "X-WECHAT", "X-AIM", "X-ICQ", "X-SKYPE-USERNAME":
		p.add(l, &c.Messengers, oneLine(p.value(l)))
		if n := len(c.Messengers); n > 0 && l.Name != "IMPP" && c.Messengers[n-1].Label == "" {
			c.Messengers[n-1].Label = strings.TrimSuffix(strings.TrimPrefix(l.Name, "X-"), "-USERNAME")
		}
	case "URL":
		if len(c.Links) < maxEntries {
			c.Links = append(c.Links, oneLine(p.value(l)))
		}
	case "BDAY":
		c.Birthday = oneLine(p.value(l))
	case "CATEGORIES":
		for s := range strings.SplitSeq(p.text(l), ",") {
			if s = oneLine(calendar.Unescape(s)); s != "" && len(c.Categories) < maxEntries {
				c.Categories = append(c.Categories, s)
			}
		}
	case "NOTE":
		c.Note = strings.TrimSpace(c.Note + "\n" + p.value(l))
	case "X-ABLABEL":
		if e, ok := p.groups[l.Group]; ok && l.Group != "" {
			(*e.list)[e.at].Label = strings.Trim(oneLine(p.value(l)), "_$!<>")
		}
	case "PHOTO", "LOGO":
		if data, mediaType, ok := l.Binary(); ok {
			for _, kind := range []string{"jpeg", "png", "gif"} {
				if mediaType == "" && l.Is("TYPE", strings.ToUpper(kind)) {
					mediaType = kind
				}
			}
			p.files = append(p.files, picture{calendar.FileName("", mediaType, strings.ToLower(l.Name)), data})
		}
	case "X-PHONETIC-FIRST-NAME", "X-PHONETIC-LAST-NAME", "X-DEPARTMENT", "X-MANAGER", "X-ASSISTANT", "X-SPOUSE":
		p.add(l, &c.Other, oneLine(p.value(l)))
		if n := len(c.Other); n > 0 {
			c.Other[n-1].Label = strings.TrimPrefix(l.Name, "X-")
		}
	}
}

func (p *parser) add(l *calendar.Line, to *[]Entry, value string) {
	if value == "" {
		return
	}
	if len(*to) >= maxEntries {
		p.doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only the first %d entries of a kind were read in a card", maxEntries))
		return
	}
	*to = append(*to, Entry{use(l), value})
	if l.Group != "" && len(p.groups) < maxEntries {
		p.groups[l.Group] = place{to, len(*to) - 1}
	}
}

// uses are the TYPE values that say something to a person, in both languages.
var uses = []struct{ name, label string }{
	{"CELL", "手机 mobile"}, {"FAX", "传真 fax"}, {"PAGER", "寻呼 pager"}, {"WORK", "工作 work"}, {"HOME", "住宅 home"},
}

func use(l *calendar.Line) string {
	var out []string
	for _, u := range uses {
		if l.Is("TYPE", u.name) {
			out = append(out, u.label)
		}
	}
	return strings.Join(out, ", ")
}

// postal puts an address together: box, extended, street, town, region, code,
// country; from the country down where it is Chinese.
func postal(parts []string) string {
	for len(parts) < 7 {
		parts = append(parts, "")
	}
	if isHan(parts[2] + parts[3]) {
		return oneLine(parts[6] + parts[4] + parts[3] + parts[2] + parts[1] + " " + parts[5])
	}
	return oneLine(joined(parts[:7], ", "))
}

func joined(parts []string, with string) string {
	var kept []string
	for _, s := range parts {
		if s = oneLine(s); s != "" {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, with)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (p *parser) finish() {
	doc := p.doc
	if p.card != nil {
		doc.Lose(document.Partial, document.Truncated, "its last card has no end")
		p.close()
	}
	if p.lines >= calendar.MaxLines {
		doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only its first %d lines were read", calendar.MaxLines))
	}
	doc.Fields["cards"] = strconv.Itoa(len(p.cards))
	if p.used != "" {
		doc.Fields["charset"] = p.used
	}
	var sample strings.Builder
	for i, c := range p.cards {
		if i == 0 && len(p.cards) == 1 {
			doc.Title = c.Title()
			if c.Organisation != "" {
				doc.Fields["organisation"] = c.Organisation
			}
		}
		doc.AddText(document.Position{Line: c.Line}, c.Title(), c.Lines())
		if sample.Len() < 16<<10 {
			sample.WriteString(c.Name + " " + c.Organisation + " " + c.Note + " ")
		}
		if len(doc.People) < 5000 {
			doc.People = append(doc.People, c.People()...)
		}
	}
	doc.Language = charset.Language(sample.String())
}

func (p *parser) children(limit int, emit func(*document.Child) error) error {
	if emit == nil {
		return nil
	}
	for i, f := range p.files {
		if i >= limit {
			p.doc.Lose(document.Partial, document.TooMany, "more pictures lie in it than may")
			return nil
		}
		c := &document.Child{Step: fmt.Sprintf("attachment:%d:%s", i+1, f.name), Name: f.name, Ordinal: i + 1, Size: int64(len(f.data)), Content: bytes.NewReader(f.data), Shown: true}
		if err := emit(c); err != nil {
			return err
		}
	}
	return nil
}
