package outlook

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"guidang/extractors/charset"
	"guidang/extractors/document"
	"guidang/extractors/mail"
	"guidang/extractors/mail/calendar"
	"guidang/extractors/mail/cloud"
	"guidang/extractors/mail/quote"
)

// describe fills the document from an item's properties. It returns the item's
// HTML, which says which pictures are shown.
func (it *item) describe(ctx context.Context, doc *document.Document, limit int64) (page string, err error) {
	class := it.class()
	doc.Kind = mail.KindOfClass(class)
	doc.Title = it.subject()
	set := func(name, value string) {
		if value != "" {
			doc.Fields[name] = value
		}
	}
	set("class", class)
	headers := it.headers(ctx)
	it.mailFields(headers, set)

	extra := ""
	switch doc.Kind {
	case document.KindContact:
		card := it.card()
		extra, doc.People = card.Lines(), card.People()
		if doc.Title == "" || card.Name != "" {
			doc.Title = card.Title()
		}
	case document.KindCalendar:
		event := it.event(class)
		extra, doc.People, doc.Date = event.Lines(), event.People(), event.Start.Date()
		if doc.Date == "" {
			doc.Date = event.Due.Date()
		}
		calendar.Describe(event, set)
	default:
		doc.People = append(it.sender(), it.addressees(false)...)
		if len(doc.People) == 0 || len(it.recipients) == 0 && len(headers.People) > len(doc.People) {
			doc.People = headers.People
		}
		if strings.HasPrefix(class, "IPM.Schedule.Meeting") {
			event := it.event(class)
			extra = event.Lines()
			calendar.Describe(event, set)
		}
	}
	if doc.Date == "" {
		doc.Date = it.date(headers)
	}

	b, err := it.body(ctx, limit)
	if err != nil {
		return "", err
	}
	b.tell(doc)
	doc.AddText(document.Position{Part: "details"}, "", extra)
	quote.AddTo(doc, b.text)
	if b.fromPage {
		b.notes.Tell(doc)
	}
	cloud.Tell(doc, cloud.Find(b.text, b.notes.Links))
	doc.Language = charset.Language(doc.Title + " " + b.text[:min(len(b.text), 16<<10)])
	if it.page.label != "" {
		set("charset", it.page.label)
	}
	if it.page.mistaken {
		doc.Warn("code-page", "it names a code page in which its characters make no sense; they were read as "+it.page.label)
	}
	if it.page.repaired {
		doc.Warn("repaired", "some of its text had been read in a wrong charset before it was saved; it was put right")
	}
	return b.page, nil
}

// class is what the item is ([MS-OXCMSG] 2.2.1.3), by its plain name.
//
// QUIRK: TNEF of Exchange 5 and Schedule+ writes IPM.Microsoft Mail.Note and
// IPM.Microsoft Schedule.MtgReq.
func (it *item) class() string {
	c := clean(it.text(idClass))
	c = strings.Replace(c, "IPM.Microsoft Mail.", "IPM.", 1)
	c = strings.Replace(c, "IPM.Microsoft Schedule.Mtg", "IPM.Schedule.Meeting.", 1)
	if len(c) > 200 {
		c = strings.ToValidUTF8(c[:200], "")
	}
	return c
}

// subject is the item's subject.
//
// QUIRK: [MS-PST] 2.5.3.1.1.1: a subject may begin with 0x01 and a character that
// tells how long its prefix is; saved items carry both on.
func (it *item) subject() string {
	s := it.text(idSubject)
	if strings.HasPrefix(s, "\x01") {
		_, n := utf8.DecodeRuneInString(s[1:])
		s = s[1+n:]
	}
	if s = clean(s); s == "" {
		if s = clean(it.text(idNormalSubject)); s == "" {
			s = clean(it.text(idTopic))
		}
		s = clean(clean(it.text(idSubjectPrefix)) + " " + s)
	}
	if utf8.RuneCountInString(s) > maxSubject {
		s = string([]rune(s)[:maxSubject])
	}
	return s
}

// headers reads the header that the mail came with, by the reader of mails.
func (it *item) headers(ctx context.Context) *document.Document {
	raw := it.text(idHeaders)
	if strings.TrimSpace(raw) == "" {
		return &document.Document{}
	}
	raw = strings.TrimLeft(raw, " \t\r\n")
	// QUIRK: [MS-OXOMSG] 2.2.3.6 begins with the first field; Exchange writes a line
	// "Microsoft Mail Internet Headers Version 2.0" before it.
	if rest, ok := strings.CutPrefix(raw, "Microsoft Mail Internet Headers"); ok {
		if _, after, found := strings.Cut(rest, "\n"); found {
			raw = after
		}
	}
	data := []byte(strings.TrimRight(raw, " \t\r\n") + "\r\n\r\n")
	doc, err := mail.EML.Read(ctx, &document.Input{Name: "headers.eml", Size: int64(len(data)), Bytes: bytes.NewReader(data), Depth: 1}, nil)
	if err != nil || doc == nil {
		return &document.Document{}
	}
	return doc
}

func (it *item) mailFields(headers *document.Document, set func(name, value string)) {
	for _, f := range []string{"message_id", "in_reply_to", "references", "list_id", "priority"} {
		set(f, headers.Fields[f])
	}
	id := func(field string, tag uint16) {
		if s := strings.Trim(clean(it.text(tag)), "<> "); s != "" && len(s) < 1000 {
			set(field, s)
		}
	}
	id("message_id", idMessageID)
	id("in_reply_to", idInReplyTo)
	if s := clean(strings.NewReplacer("<", " ", ">", " ").Replace(it.text(idReferences))); s != "" && len(s) < 100_000 {
		set("references", s)
	}
	if n, ok := it.number(idImportance); ok && n == 2 {
		set("priority", "high")
	}
	if n, ok := it.number(idSensitivity); ok && n > 0 && n <= 3 {
		set("sensitivity", []string{"", "personal", "private", "confidential"}[n])
	}
	m := it.marks()
	set("flags", strings.Join(m, " "))
	if slices.Contains(m, mail.FlagDraft) {
		set("draft", "true")
	}
	if n, ok := it.number(idFlagStatus); ok && n > 0 && n <= 2 {
		set("flag", []string{"", "completed", "flagged"}[n]) // [MS-OXOFLAG] 2.2.1.1
	}
	if index := it.binary(idThreadIndex); len(index) >= 22 && len(index) < 2000 {
		set("thread_index", base64.StdEncoding.EncodeToString(index))
	}
	if id := it.named(nmKeywords); id != 0 {
		set("labels", strings.Join(it.strings(id), ", "))
	}
}

// date is when the mail was sent, else received, else written.
//
// MAPI keeps times without a zone. When the mail's own header names the same
// moment, its zone is taken from there.
func (it *item) date(headers *document.Document) string {
	sent := it.time(idSubmitTime)
	written, err := time.Parse(time.RFC3339, headers.Date)
	switch {
	case !sent.IsZero() && err == nil && sent.Sub(written).Abs() < 2*time.Minute:
		return headers.Date
	case !sent.IsZero():
		return sent.Format(time.RFC3339)
	case err == nil:
		return headers.Date
	}
	for _, id := range []uint16{idDeliveryTime, idCreated, idModified} {
		if t := it.time(id); !t.IsZero() {
			return t.Format(time.RFC3339)
		}
	}
	return ""
}

// tellLost says in the document what of the item's own properties is missing.
func (it *item) tellLost(doc *document.Document) {
	if it.lost {
		doc.Lose(document.Partial, document.Truncated, "some of its properties are not whole")
	}
	if n := len(it.attachments); n >= maxAttachments {
		doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only its first %d attachments were read", maxAttachments))
	}
}
