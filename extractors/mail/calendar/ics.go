package calendar

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"guidang/extractors/charset"
	"guidang/extractors/document"
)

// Limits of one calendar.
const (
	maxCalendar  = 256 << 20
	maxEvents    = 100_000
	maxAttendees = 5000
	maxNesting   = 50
)

// ICS reads iCalendar and vCalendar 1.0: every event and task is a section.
// Attachments that lie within are children.
var ICS = document.Format{
	Name: "ics", Version: 1, Kind: document.KindCalendar, MediaType: "text/calendar",
	Detect: func(in *document.Input) bool { return Begins(in, "VCALENDAR") },
	Read:   readICS,
}

// Begins tells whether an original begins with BEGIN: and that component.
func Begins(in *document.Input, component string) bool {
	head := Plain(in.Head())
	head = bytes.TrimLeft(head[:min(len(head), 1024)], " \t\r\n")
	line, _ := physical(head, 0)
	name, value, ok := bytes.Cut(line, []byte(":"))
	return ok && bytes.EqualFold(bytes.TrimSpace(name), []byte("BEGIN")) && bytes.EqualFold(bytes.TrimSpace(value), []byte(component))
}

func readICS(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	data, whole, err := in.All(maxCalendar)
	if err != nil {
		return nil, fmt.Errorf("read the calendar %q: %w", in.Name, err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	doc := &document.Document{Kind: document.KindCalendar, Read: document.Full, Fields: map[string]string{}}
	if !whole {
		doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only its first %d bytes were read", len(data)))
	}
	p := newParser(Plain(data), doc)
	Lines(p.data, func(l *Line) bool {
		p.line(l)
		return p.lines%4096 != 0 || ctx.Err() == nil
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p.finish()
	return doc, p.children(in.Limits.WithDefaults().Entries, emit)
}

type parser struct {
	doc    *document.Document
	data   []byte
	label  string // charset of the file
	lines  int
	within []string // open components
	zones  map[string]*zone
	tzid   string
	obs    *observance
	event  *Event
	raw    map[string]Line // times of the event, placed when all zones are known
	held   []held
	files  []file
	name   string
	method string
}

// held is an event whose times are still lines.
type held struct {
	*Event

	raw map[string]Line
}

type file struct {
	name string
	data []byte
}

func newParser(data []byte, doc *document.Document) *parser {
	p := &parser{doc: doc, data: data, zones: map[string]*zone{}}
	// One charset for the file: its single lines are too short to tell.
	sample := Unfold(data[:min(len(data), 1<<20)])
	_, used, lossy := charset.Decode(sample, "")
	p.label = used
	doc.Fields["charset"] = used
	if lossy {
		doc.Warn("charset", "some bytes have no meaning in "+used)
	}
	return p
}

func (p *parser) line(l *Line) {
	p.lines++
	switch l.Name {
	case "BEGIN":
		p.begin(strings.ToUpper(strings.TrimSpace(string(l.Value))), l)
		return
	case "END":
		p.end(strings.ToUpper(strings.TrimSpace(string(l.Value))))
		return
	}
	switch {
	case p.obs != nil:
		p.observe(l)
	case p.event != nil && (len(p.within) == 0 || p.within[len(p.within)-1] == p.event.What):
		p.property(l)
	case p.event != nil: // an alarm
	case l.Name == "TZID":
		p.tzid = strings.TrimSpace(l.Text(p.label))
		if len(p.zones) < 1000 {
			p.zones[p.tzid] = &zone{}
		}
	case l.Name == "METHOD":
		p.method = strings.ToUpper(strings.TrimSpace(l.Text(p.label)))
	case l.Name == "X-WR-CALNAME" || l.Name == "NAME":
		p.name = strings.TrimSpace(Unescape(l.Text(p.label)))
	}
}

func (p *parser) begin(what string, l *Line) {
	if len(p.within) < maxNesting {
		p.within = append(p.within, what)
	}
	switch what {
	case "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY":
		p.close() // one that was never ended
		p.event, p.raw = &Event{What: what, Line: l.Number}, map[string]Line{}
	case "STANDARD", "DAYLIGHT":
		p.obs = &observance{}
	}
}

func (p *parser) end(what string) {
	for n, open := range slices.Backward(p.within) {
		if open == what {
			p.within = p.within[:n]
			break
		}
	}
	switch {
	case p.obs != nil && (what == "STANDARD" || what == "DAYLIGHT"):
		// A naive reader takes the start of a time zone for that of the event.
		if z := p.zones[p.tzid]; z != nil && len(z.list) < 1000 && !p.obs.start.IsZero() {
			z.list = append(z.list, *p.obs)
		}
		p.obs = nil
	case p.event != nil && what == p.event.What:
		p.close()
	}
}

// close ends the event being read.
func (p *parser) close() {
	if p.event == nil {
		return
	}
	if len(p.held) < maxEvents {
		p.held = append(p.held, held{p.event, p.raw})
	} else {
		p.doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only its first %d events were read", maxEvents))
	}
	p.event, p.raw = nil, nil
}

func (p *parser) observe(l *Line) {
	value := string(l.Value)
	switch l.Name {
	case "DTSTART":
		if w, ok := parseWhen(value, "", nil); ok {
			p.obs.start = w.Time
			p.obs.month = w.Time.Month()
		}
	case "TZOFFSETTO":
		p.obs.offset, _ = parseOffset(value)
	case "TZOFFSETFROM":
		p.obs.from, _ = parseOffset(value)
	case "RRULE":
		p.obs.rule(value)
	}
}

func (p *parser) property(l *Line) {
	e := p.event
	text := func() string { return strings.TrimSpace(Unescape(l.Text(p.label))) }
	switch l.Name {
	case "SUMMARY":
		e.Summary = strings.Join(strings.Fields(text()), " ")
	case "DESCRIPTION":
		e.Text = text()
	case "X-ALT-DESC":
		p.raw["X-ALT-DESC"] = *l
	case "LOCATION":
		e.Location = strings.Join(strings.Fields(text()), " ")
	case "UID":
		e.UID = text()
	case "SEQUENCE":
		e.Sequence, _ = strconv.Atoi(text())
	case "STATUS":
		e.Status = strings.ToUpper(text())
	case "RRULE":
		e.Rule = text()
	case "URL":
		e.URL = text()
	case "CATEGORIES":
		for c := range strings.SplitSeq(l.Text(p.label), ",") {
			if c = strings.TrimSpace(Unescape(c)); c != "" && len(e.Categories) < 100 {
				e.Categories = append(e.Categories, c)
			}
		}
	case "DTSTART", "DTEND", "DUE", "DURATION", "RECURRENCE-ID":
		p.raw[l.Name] = *l
	case "ORGANIZER":
		e.Organizer = p.person(l)
	case "ATTENDEE":
		if len(e.Attendees) >= maxAttendees {
			p.doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only the first %d people of an event were read", maxAttendees))
			return
		}
		a := Attendee{Person: p.person(l), Answer: strings.ToUpper(l.Get("PARTSTAT")), Role: strings.ToUpper(l.Get("ROLE"))}
		if a.Answer == "" {
			a.Answer = strings.ToUpper(strings.ReplaceAll(l.Get("STATUS"), " ", "-")) // vCalendar 1.0
		}
		e.Attendees = append(e.Attendees, a)
	case "ATTACH":
		p.attach(l)
	}
}

// person reads a calendar user.
//
// QUIRK: RFC 5545 3.3.3: the value is a mailto: address; Outlook writes
// invalid:nomail, Exchange /o=…, vCalendar a name with the address behind it.
func (p *parser) person(l *Line) document.Person {
	value := strings.TrimSpace(l.Text(p.label))
	name := strings.TrimSpace(l.Get("CN"))
	if strings.Contains(name, "\uFFFD") {
		name = ""
	}
	address := value
	if len(value) >= 7 && strings.EqualFold(value[:7], "mailto:") {
		address = value[7:]
	}
	if at := strings.LastIndexByte(address, '<'); at >= 0 {
		if name == "" {
			name = strings.TrimSpace(address[:at])
		}
		address = strings.TrimSuffix(address[at+1:], ">")
	}
	address = strings.ToLower(strings.Trim(strings.TrimSpace(address), "<>'\""))
	if !strings.Contains(address, "@") || strings.ContainsAny(address, " \t") {
		if name == "" && !strings.Contains(address, ":") && !strings.HasPrefix(address, "/") {
			name = value
		}
		if address = strings.ToLower(l.Get("EMAIL")); !strings.Contains(address, "@") {
			address = ""
		}
	}
	if strings.EqualFold(name, address) {
		name = ""
	}
	return document.Person{Name: strings.Trim(name, `"'`), Address: address}
}

func (p *parser) attach(l *Line) {
	data, mediaType, ok := l.Binary()
	if !ok {
		return // a link; it stands in the description too
	}
	name := l.Get("FILENAME")
	for _, n := range []string{"X-FILENAME", "X-APPLE-FILENAME", "X-ORACLE-FILENAME", "X-LABEL"} {
		if name == "" {
			name = l.Get(n)
		}
	}
	p.files = append(p.files, file{FileName(name, mediaType, "attachment"), data})
}

// FileName makes a name for what lies in a line: without folders, and with the
// extension of its kind when it has none.
func FileName(name, mediaType, otherwise string) string {
	if at := strings.LastIndexAny(name, `/\`); at >= 0 {
		name = name[at+1:]
	}
	name = strings.Trim(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, name), " .")
	if name != "" {
		if r := []rune(name); len(r) > 200 {
			name = string(r[len(r)-200:])
		}
		return name
	}
	switch mediaType = strings.ToLower(mediaType); mediaType {
	case "image/jpeg", "jpeg", "jpg":
		return otherwise + ".jpg"
	case "image/png", "png":
		return otherwise + ".png"
	case "image/gif", "gif":
		return otherwise + ".gif"
	case "application/pdf":
		return otherwise + ".pdf"
	case "text/plain":
		return otherwise + ".txt"
	}
	return otherwise + ".bin"
}
