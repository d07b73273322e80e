package mail

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"guidang/extractors/document"
)

// maxMail bounds one mail in memory.
const maxMail = 256 << 20

// EML reads a single mail. Its attachments are children; its text is sections of
// what is new, what is quoted and what is signed, in their order.
var EML = document.Format{
	Name: "eml", Version: 2, Kind: document.KindMail, MediaType: "message/rfc822",
	Detect: detectEML,
	Read:   readEML,
	Open:   openEML,
}

// detectEML wants a header's beginning with two names that mails have, whatever
// the file is called; of a text file three, one of which only mails have, because
// notes begin with `Subject:` and `Date:` too.
func detectEML(in *document.Input) bool {
	head := unwrap(in.Head())
	if len(head) == 0 || bytes.IndexByte(head[:min(len(head), 512)], 0) >= 0 {
		return false
	}
	var buf [64]field
	if line, _ := lineAt(head, 0); len(line) == 0 {
		return false
	} else if _, _, ok := cutField(line); !ok {
		return false
	}
	h, _, _ := parseHeader(head, buf[:])
	known := 0
	for _, f := range h.fields {
		if knownName(f.name) {
			known++
		}
	}
	switch in.Ext() {
	case ".txt", ".md", ".log", ".csv", ".yaml", ".yml", ".http":
		return known >= 3 && (h.has("message-id") || h.has("received") || h.has("mime-version") || h.has("return-path"))
	case ".eml", ".emlx", ".mht", ".mhtml":
		return known >= 1
	}
	if known == 1 && in.Depth > 0 && in.Ext() == "" && h.has("from") {
		return true // a mail of a mailbox that has no subject, date or anything else
	}
	return known >= 2 && (h.has("from") || h.has("received") || h.has("subject") || h.has("message-id") || h.has("return-path") || h.has("to") || h.has("mime-version"))
}

func readEML(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	m, doc, err := load(ctx, in)
	if err != nil {
		return nil, err
	}
	m.describe(doc)
	m.body(doc)
	if strings.HasSuffix(strings.ToLower(in.Name), ".partial.emlx") {
		doc.Warn("attachments-beside", "Apple Mail keeps its attachments in a folder beside it, where they are items of their own")
	}
	if n := len(m.found.files); n > 0 {
		doc.Fields["attachments"] = strconv.Itoa(n)
	}
	if emit == nil {
		return doc, nil
	}
	shown := m.shown()
	for n, l := range m.found.files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		child := l.child(n+1, shown)
		l.tell(doc, "an attachment")
		if err := emit(child); err != nil {
			return nil, err
		}
		l.decoded, l.undone = nil, false // one attachment at a time in memory
	}
	return doc, nil
}

// openEML takes the mail apart and decodes the one attachment.
func openEML(ctx context.Context, in *document.Input, want string) (*document.Child, error) {
	m, _, err := load(ctx, in)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(want, "page:") {
		return m.page(want)
	}
	for n, l := range m.found.files {
		if step(n+1, l) == want {
			return l.child(n+1, m.shown()), nil
		}
	}
	return nil, document.ErrNoChild
}

func load(ctx context.Context, in *document.Input) (*message, *document.Document, error) {
	data, whole, err := bytesOf(in)
	if err != nil {
		return nil, nil, fmt.Errorf("read the mail %q: %w", in.Name, err)
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	doc := &document.Document{Kind: document.KindMail, Read: document.Full, Fields: map[string]string{}}
	switch in.Ext() {
	case ".mht", ".mhtml": // a web page saved in a mail's clothes
		doc.Kind = document.KindDocument
	}
	if !whole {
		doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("only its first %d bytes were read", len(data)))
	}
	m := parse(plainLines(data), doc)
	marks := marksOf(&m.header)
	marks.MarkedByName(in.Name)
	if n, rest, ok := emlxLength(data); ok && n < len(rest) {
		marks.apple(rest[n:][:min(len(rest)-n, maxPlist)])
	}
	marks.Tell(doc)
	return m, doc, nil
}

// bytesOf is the whole mail. One that lies in memory already, as those of a mailbox
// do, is taken where it lies: nothing here writes into it, and nothing of it is kept
// once its document and its attachments are given out.
func bytesOf(in *document.Input) (data []byte, whole bool, err error) {
	r, ok := in.Bytes.(*bytes.Reader)
	if !ok || r.Size() != in.Size || in.Size > maxMail {
		return in.All(maxMail)
	}
	var b borrowed
	at := *r // the reader's own place stays as it is
	if _, err = at.Seek(0, io.SeekStart); err == nil {
		_, err = at.WriteTo(&b)
	}
	return b.data, true, err
}

// borrowed takes the one slice that a bytes.Reader hands to whom it is written.
type borrowed struct{ data []byte }

func (b *borrowed) Write(p []byte) (int, error) {
	b.data = p
	return len(p), nil
}

func (m *message) shown() map[string]bool {
	for _, l := range m.found.files {
		if l.cid != "" {
			return shownImages(m.found.html)
		}
	}
	return nil
}

// step is an attachment's part of a locator.
func step(n int, l *leaf) string { return fmt.Sprintf("attachment:%d:%s", n, l.name) }

func (l *leaf) child(n int, shown map[string]bool) *document.Child {
	data := l.content()
	c := &document.Child{
		Step: step(n, l), Name: l.name, Ordinal: n, Size: int64(len(data)), Content: bytes.NewReader(data),
		Shown: l.signs || l.cid != "" && strings.HasPrefix(l.kind, "image/") && shown[l.cid],
	}
	if !utf8.ValidString(c.Name) {
		c.Name = strings.ToValidUTF8(c.Name, "\uFFFD")
	}
	return c
}
