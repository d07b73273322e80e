package mail

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"strconv"
	"strings"

	"guidang/extractors/charset"
	"guidang/extractors/document"
)

// Mbox reads mailboxes in one file: mboxrd, mboxo, mboxcl, Thunderbird's, Google's.
// Each mail is a child whose step is the offset of its From line, and whose bytes
// are the mail's own, so that a copy in another mailbox is the same content.
//
// A child's ordinal is that offset plus one: it rises with the order, and it is the
// same whether the mailbox is read as a whole or in ranges, which a running number
// could be only after counting all mails before.
var Mbox = document.Format{
	Name: "mbox", Version: 1, Kind: document.KindArchive, MediaType: "application/mbox",
	Detect: detectMbox,
	Read:   readMbox,
	Cut:    cutMbox,
	Open:   openMbox,
}

// detectMbox wants a From line with a date and a header line after it. A file
// called .eml that holds one such mail is that mail.
func detectMbox(in *document.Input) bool {
	head := bytes.TrimLeft(in.Head(), "\xef\xbb\xbf\r\n")
	if !isFromLine(head) {
		return false
	}
	return in.Ext() != ".eml" || bytes.Contains(head, []byte("\n\nFrom ")) || bytes.Contains(head, []byte("\r\n\r\nFrom "))
}

func readMbox(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	doc := &document.Document{Kind: document.KindArchive, Read: document.Full, Fields: map[string]string{}}
	ranged := in.Range != document.Range{}
	to := in.Size
	if ranged && in.Range.To > 0 {
		to = min(in.Range.To, in.Size)
	}
	s := &scanner{r: in.Bytes, size: in.Size}
	at, err := s.first(ctx, in.Range.From)
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", in.Name, err)
	}
	if at > in.Range.From+behind && in.Range.From == 0 {
		doc.Warn("before-first-mail", fmt.Sprintf("%d bytes stand before its first mail", at))
	}
	limit := in.Limits.WithDefaults().Entries
	mails := 0
	for at < to {
		if mails == limit {
			doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only its first %d mails were read", limit))
			break
		}
		end, err := s.after(ctx, at)
		if err != nil {
			return nil, fmt.Errorf("read %q: %w", in.Name, err)
		}
		mails++
		if emit != nil {
			if err := emit(s.child(at, end)); err != nil {
				return nil, err
			}
		}
		at = end
	}
	switch {
	case mails == 0 && !ranged:
		doc.Lose(document.None, document.Corrupt, "no mail was found in it")
	case !ranged:
		doc.Fields["mails"] = strconv.Itoa(mails)
	}
	return doc, nil
}

// cutMbox finds the mails' boundaries and nothing else.
func cutMbox(ctx context.Context, in *document.Input, per int) ([]document.Range, error) {
	s := &scanner{r: in.Bytes, size: in.Size}
	at, err := s.first(ctx, 0)
	var out []document.Range
	from, mails := at, 0
	for err == nil && at < in.Size {
		if at, err = s.after(ctx, at); err != nil {
			break
		}
		if mails++; mails >= max(per, 1) || at == in.Size {
			out = append(out, document.Range{From: from, To: at})
			from, mails = at, 0
		}
	}
	if err != nil {
		return nil, fmt.Errorf("cut %q: %w", in.Name, err)
	}
	return out, nil
}

// openMbox reads one mail by the offset in its step.
func openMbox(ctx context.Context, in *document.Input, step string) (*document.Child, error) {
	number, ok := strings.CutPrefix(step, "mail:")
	at, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || at < 0 || at >= in.Size || mailStep(at) != step {
		return nil, document.ErrNoChild
	}
	s := &scanner{r: in.Bytes, size: in.Size}
	if ok, err := s.separatorAt(at, at); !ok || err != nil {
		if err == nil {
			err = document.ErrNoChild
		}
		return nil, err
	}
	end, err := s.after(ctx, at)
	if err != nil {
		return nil, fmt.Errorf("open %s of %q: %w", step, in.Name, err)
	}
	return s.child(at, end), nil
}

func mailStep(at int64) string { return "mail:" + strconv.FormatInt(at, 10) }

// child makes the mail between two separators. Its content lies in the window,
// which the next search overwrites.
func (s *scanner) child(at, end int64) *document.Child {
	c := &document.Child{Step: mailStep(at), Ordinal: int(at) + 1, Size: -1}
	raw, whole := s.raw(at, end)
	if !whole || len(raw) > largeMail {
		s.large(c, at, end)
		return c
	}
	skip := envelope(raw)
	mail := unquote(withoutLast(raw[skip:]))
	c.Content, c.Size = bytes.NewReader(mail), int64(len(mail))
	describe(c, raw[:skip], mail)
	return c
}

// describe names a mail by its subject and dates it by its From line, which says
// when it came into the mailbox.
func describe(c *document.Child, from, mail []byte) {
	var buf [64]field
	h, _, _ := parseHeader(mail[:min(len(mail), maxSubject*64)], buf[:])
	c.Name = subject(&h, headerHint(&h))
	switch ext := path.Ext(c.Name); {
	case c.Name == "":
		c.Name = c.Step
	case len(ext) > 1 && len(ext) <= 6:
		c.Name += ".eml" // a subject that ends like a file's name is none
	}
	line, _ := lineAt(from, 0)
	if fields := bytes.IndexByte(line[min(len(line), 5):], ' '); fields >= 0 {
		if t, _, ok := parseDate(string(line[5+fields:])); ok {
			c.Modified = t
		}
	}
}

// headerHint is the charset that the header alone tells.
func headerHint(h *header) string {
	if raw := h.get("content-type"); raw != nil {
		if s := parseParams(raw, "").get("charset"); charset.Known(s) {
			return s
		}
	}
	return ""
}
