package outlook

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"strings"
	"time"

	"guidang/extractors/document"
	"guidang/extractors/mail"
)

// maxMail bounds an item that is written as a mail. The reader of mails takes 256 MiB,
// and a confined process writes no longer file.
const maxMail = 240 << 20

// encodedSize is how long n bytes are in base64, with the ends of lines.
func encodedSize(n int64) int64 { return (n + 56) / 57 * 78 }

// writer writes an embedded item as an Internet mail, the same bytes every time.
// An item within an item has no bytes of its own in the file, only sectors here
// and there; as a mail it has, and the reader of mails does the rest.
type writer struct {
	out sink
}

// writeMail writes the item as a mail.
func writeMail(ctx context.Context, it *item, limits document.Limits) (*writer, error) {
	w := &writer{}
	err := w.item(ctx, it, limits)
	if err == nil {
		err = w.out.err
	}
	return w, err
}

func (w *writer) item(ctx context.Context, it *item, limits document.Limits) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	doc := &document.Document{Fields: map[string]string{}, Read: document.Full}
	page, err := it.describe(ctx, doc, limits.TextBytes)
	if err != nil {
		return err
	}
	if it.lost {
		it.source.doc.Lose(document.Partial, document.Truncated, "some properties of an item within it are not whole")
	}
	files := it.files(doc)
	w.headers(it, doc)
	texts := make([]string, len(doc.Sections))
	for i, s := range doc.Sections {
		texts[i] = s.Text
	}
	text := strings.Join(texts, "\n\n")
	// A boundary that is in no base64, and no beginning of a deeper one.
	boundary := fmt.Sprintf("=_guidang_%02d_=", it.depth)
	fmt.Fprintf(&w.out, "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n", boundary)
	if page == "" {
		w.part(boundary, "text/plain; charset=utf-8", "", "", strings.NewReader(text))
	} else {
		// The page says which pictures are shown.
		inner := fmt.Sprintf("=_guidang_%02d_both_=", it.depth)
		fmt.Fprintf(&w.out, "--%s\r\nContent-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n", boundary, inner)
		w.part(inner, "text/plain; charset=utf-8", "", "", strings.NewReader(text))
		w.part(inner, "text/html; charset=utf-8", "", "", strings.NewReader(page))
		fmt.Fprintf(&w.out, "--%s--\r\n\r\n", inner)
	}
	for _, a := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if it.source.items++; it.source.items > maxItems || w.out.size > maxMail {
			// Items that share their attachments have more of them than the file has bytes.
			it.source.doc.Lose(document.Partial, document.TooMany, "not all attachments of an embedded item were read")
			break
		}
		if a.inner != nil && it.depth+1 <= maxEmbedded {
			if inner := a.inner(); inner != nil {
				fmt.Fprintf(&w.out, "--%s\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment; %s\r\n\r\n", boundary, fileName(named(inner.subject(), a.name())))
				if err := w.item(ctx, inner, limits); err != nil {
					return err
				}
				w.out.WriteString("\r\n")
				continue
			}
		}
		p, err := a.open(ctx, limits)
		if err != nil {
			return err
		}
		if w.out.size+encodedSize(p.size) > maxMail && p.content != nil {
			// The mail is worth more than its longest attachment.
			p.content, p.reason = nil, document.TooLarge
		}
		if p.content == nil {
			p.content = strings.NewReader("")
			it.source.doc.Lose(document.Partial, p.reason, "an attachment of an embedded item cannot be had")
		}
		kind := "application/octet-stream"
		if p.isPicture && ascii(p.kind) && !strings.ContainsAny(p.kind, " ;") {
			kind = p.kind
		}
		w.part(boundary, kind, p.name, p.cid, p.content)
	}
	fmt.Fprintf(&w.out, "--%s--\r\n", boundary)
	return nil
}

// headers writes those fields that a mail has.
func (w *writer) headers(it *item, doc *document.Document) {
	field := func(name, value string) {
		if value != "" {
			w.out.WriteString(name + ": " + value + "\r\n")
		}
	}
	for _, r := range []struct{ role, field string }{{"from", "From"}, {"organizer", "From"}, {"sender", "Sender"}, {"to", "To"}, {"attendee", "To"}, {"contact", "To"}, {"cc", "Cc"}, {"bcc", "Bcc"}} {
		var all []string
		for _, p := range doc.People {
			if p.Role == r.role {
				all = append(all, mailbox(p))
			}
		}
		field(r.field, strings.Join(all, ",\r\n "))
	}
	field("Subject", word(doc.Title))
	if t, err := time.Parse(time.RFC3339, doc.Date); err == nil {
		field("Date", t.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	} else if t, err := time.Parse(time.RFC3339, it.date(&document.Document{})); err == nil {
		field("Date", t.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	}
	angle := func(ids string) string {
		var out []string
		for id := range strings.FieldsSeq(ids) {
			out = append(out, "<"+id+">")
		}
		return strings.Join(out, "\r\n ")
	}
	field("Message-ID", angle(doc.Fields["message_id"]))
	field("In-Reply-To", angle(doc.Fields["in_reply_to"]))
	field("References", angle(doc.Fields["references"]))
	field("Thread-Index", doc.Fields["thread_index"])
	if doc.Fields["priority"] == "high" {
		field("Importance", "high")
	}
	field("List-ID", word(doc.Fields["list_id"]))
	field("Keywords", word(doc.Fields["labels"]))
	field("X-Message-Flag", doc.Fields["flag"])
	if doc.Kind == document.KindMail {
		status, xStatus, keywords := status(it.marks())
		field("Status", status)
		field("X-Status", xStatus)
		field("X-Keywords", keywords)
	}
	field("Sensitivity", doc.Fields["sensitivity"])
	for _, f := range []string{"start", "end", "due", "location", "linked"} {
		field("X-Item-"+strings.ToUpper(f[:1])+f[1:], word(strings.ReplaceAll(doc.Fields[f], "\n", "; ")))
	}
	if doc.Kind != document.KindMail {
		field("X-Item-Date", doc.Date)
	}
	field(mail.HeaderClass, word(doc.Fields["class"]))
	if it.lost {
		field(mail.HeaderMade, mail.MadePart)
	} else {
		field(mail.HeaderMade, mail.MadeWhole)
	}
	field("MIME-Version", "1.0")
}

func mailbox(p document.Person) string {
	switch {
	case p.Address == "":
		return word(quoteName(p.Name)) + " <>"
	case p.Name == "":
		return "<" + p.Address + ">"
	}
	return word(quoteName(p.Name)) + " <" + p.Address + ">"
}

func quoteName(s string) string {
	if !ascii(s) || !strings.ContainsAny(s, `()<>[]:;@\,."`) {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// word encodes what is not ASCII, folded between the words.
func word(s string) string {
	if ascii(s) {
		return s
	}
	return strings.ReplaceAll(mime.BEncoding.Encode("utf-8", strings.ToValidUTF8(s, "\uFFFD")), "?= =?", "?=\r\n =?")
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x7f || s[i] < ' ' {
			return false
		}
	}
	return true
}

func fileName(s string) string {
	if ascii(s) && !strings.ContainsAny(s, `"\`) {
		return `filename="` + s + `"`
	}
	var b strings.Builder
	b.WriteString("filename*=utf-8''")
	for _, c := range []byte(strings.ToValidUTF8(s, "\uFFFD")) {
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '.' || c == '-' || c == '_' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// part writes one part in base64.
func (w *writer) part(boundary, kind, name, cid string, content io.Reader) {
	fmt.Fprintf(&w.out, "--%s\r\nContent-Type: %s\r\nContent-Transfer-Encoding: base64\r\n", boundary, kind)
	if name != "" {
		fmt.Fprintf(&w.out, "Content-Disposition: attachment; %s\r\n", fileName(name))
	}
	if cid != "" && ascii(cid) {
		fmt.Fprintf(&w.out, "Content-ID: <%s>\r\n", cid)
	}
	w.out.WriteString("\r\n")
	line := make([]byte, 57*1000)
	for {
		n, err := io.ReadFull(content, line)
		for at := 0; at < n; at += 57 {
			w.out.WriteString(base64.StdEncoding.EncodeToString(line[at:min(at+57, n)]) + "\r\n")
		}
		if err != nil {
			return
		}
	}
}
