package calendar

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"guidang/extractors/charset"
	"guidang/extractors/document"
	"guidang/extractors/html"
)

// finish makes the document of what was read.
func (p *parser) finish() {
	doc := p.doc
	if p.event != nil || len(p.within) > 0 {
		doc.Lose(document.Partial, document.Truncated, "it ends within a component")
	}
	p.close()
	if p.lines >= MaxLines {
		doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only its first %d lines were read", MaxLines))
	}
	var events []*Event
	for _, h := range p.held {
		p.place(h)
		events = append(events, h.Event)
	}
	events = newest(events)
	set := func(name, value string) {
		if value != "" {
			doc.Fields[name] = value
		}
	}
	set("method", p.method)
	set("events", strconv.Itoa(len(events)))
	if len(events) == 0 {
		doc.Title = p.name
		return
	}
	first := events[0]
	doc.Title = first.Summary
	if len(events) > 1 && p.name != "" {
		doc.Title = p.name
	}
	doc.Date = first.Start.Date()
	if doc.Date == "" {
		doc.Date = first.Due.Date()
	}
	Describe(first, set)
	if p.method == "CANCEL" {
		set("status", "CANCELLED")
	}
	var sample strings.Builder
	seen := map[document.Person]bool{}
	for _, e := range events {
		if p.method == "CANCEL" && e.Status == "" {
			e.Status = "CANCELLED"
		}
		heading := e.Summary
		if e.Override != "" {
			heading = strings.TrimSpace(heading + " (" + e.Override + ")")
		}
		text := e.Lines()
		if text == "" {
			heading, text = "", heading // a heading alone is still text
		}
		doc.AddText(document.Position{Line: e.Line}, heading, text)
		if sample.Len() < 16<<10 {
			sample.WriteString(e.Summary + " " + e.Text + " " + e.Location + " ")
		}
		for _, person := range e.People() {
			if !seen[person] && len(doc.People) < maxAttendees {
				seen[person] = true
				doc.People = append(doc.People, person)
			}
		}
	}
	doc.Language = charset.Language(sample.String())
}

// Describe gives the fields that a document has of an event.
func Describe(e *Event, set func(name, value string)) {
	set("uid", e.UID)
	set("start", e.Start.String())
	set("end", e.End.String())
	set("due", e.Due.String())
	set("location", e.Location)
	set("rrule", e.Rule)
	set("status", e.Status)
	if e.Start.Zone != "" {
		set("zone", e.Start.Zone)
	}
}

// place reads an event's times, now that all zones of the file are known.
func (p *parser) place(h held) {
	when := func(name string) When {
		l, ok := h.raw[name]
		if !ok {
			return When{}
		}
		w, ok := parseWhen(string(l.Value), l.Get("TZID"), p.zones)
		if !ok {
			p.doc.Warn("bad-time", "a time of an event cannot be read")
		} else if w.Floating && w.Zone != "" {
			p.doc.Warn("unknown-zone", "the time zone of an event is known neither by its name nor by its rules; its times are kept as they are written")
		}
		return w
	}
	h.Start, h.End, h.Due = when("DTSTART"), when("DTEND"), when("DUE")
	h.Override = when("RECURRENCE-ID").String()
	if l, ok := h.raw["DURATION"]; ok && h.End.IsZero() && !h.Start.IsZero() {
		h.End = h.Start
		if d := span(string(l.Value)); h.Start.Day {
			h.End.Time = h.Start.Time.AddDate(0, 0, int(d/(24*time.Hour)))
		} else {
			h.End.Time = h.Start.Time.Add(d)
		}
	}
	if l, ok := h.raw["X-ALT-DESC"]; ok && strings.TrimSpace(h.Text) == "" {
		text, _, _ := charset.Decode([]byte(Unescape(l.Text(p.label))), "")
		h.Text = html.Text([]byte(text))
	}
}

// newest leaves of events under one UID the newest (RFC 5545 3.8.7.4); changed
// ones of a series stay beside it.
func newest(all []*Event) []*Event {
	type key struct{ uid, override, what string }
	at := map[key]int{}
	out := make([]*Event, 0, len(all))
	for _, e := range all {
		if e.UID == "" {
			out = append(out, e)
			continue
		}
		k := key{e.UID, e.Override, e.What}
		if i, ok := at[k]; ok {
			if e.Sequence >= out[i].Sequence {
				out[i] = e
			}
			continue
		}
		at[k] = len(out)
		out = append(out, e)
	}
	return out
}

func (p *parser) children(limit int, emit func(*document.Child) error) error {
	if emit == nil {
		return nil
	}
	for i, f := range p.files {
		if i >= limit {
			p.doc.Lose(document.Partial, document.TooMany, "more files lie in it than may")
			return nil
		}
		c := &document.Child{Step: fmt.Sprintf("attachment:%d:%s", i+1, f.name), Name: f.name, Ordinal: i + 1, Size: int64(len(f.data)), Content: bytes.NewReader(f.data)}
		if err := emit(c); err != nil {
			return err
		}
	}
	return nil
}
