package mail

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

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
	Name: "mbox", Version: 2, Kind: document.KindArchive, MediaType: "application/mbox",
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
			c, part := s.child(at, end)
			if err := emit(c); err != nil {
				return nil, err
			}
			if err := s.emitWhole(ctx, part, in.Range.From, emit); err != nil {
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
	step, joined := strings.CutSuffix(step, wholeSuffix)
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
	c, part := s.child(at, end)
	if !joined {
		return c, nil
	}
	if part == nil {
		return nil, document.ErrNoChild
	}
	if c, err = s.join(ctx, *part, at); err == nil && c == nil {
		err = document.ErrNoChild
	}
	return c, err
}

func mailStep(at int64) string { return "mail:" + strconv.FormatInt(at, 10) }

// child makes the mail between two separators, and says if it is a piece of another
// one. Its content lies in the window, which the next search overwrites.
func (s *scanner) child(at, end int64) (*document.Child, *piece) {
	c := &document.Child{Step: mailStep(at), Ordinal: int(at) + 1, Size: -1}
	raw, whole := s.raw(at, end)
	if !whole || len(raw) > largeMail {
		s.large(c, at, end)
		return c, nil
	}
	skip := envelope(raw)
	mail := unquote(withoutLast(raw[skip:]))
	c.Content, c.Size = bytes.NewReader(mail), int64(len(mail))
	p, isPiece := pieceOf(name(c, mail), at, end)
	c.Modified = arrived(raw[:skip])
	if !isPiece {
		return c, nil
	}
	return c, &p
}

// headOf is as much of a mail's header as is looked at to name it.
func headOf(mail []byte) header {
	h, _, _ := parseHeader(mail[:min(len(mail), maxSubject*64)], nil)
	return h
}

// name names a mail by its subject. What it says it is, is given back.
func name(c *document.Child, mail []byte) params {
	var buf [64]field
	h, _, _ := parseHeader(mail[:min(len(mail), maxSubject*64)], buf[:])
	p := contentType(&h)
	hint := p.get("charset")
	if !charset.Known(hint) {
		hint = ""
	}
	c.Name = subject(&h, hint)
	switch ext := path.Ext(c.Name); {
	case c.Name == "":
		c.Name = c.Step
	case len(ext) > 1 && len(ext) <= 6:
		c.Name += ".eml" // a subject that ends like a file's name is none
	}
	return p
}

func contentType(h *header) params {
	if raw := h.get("content-type"); raw != nil {
		return parseParams(raw, "")
	}
	return params{}
}

// arrived is when a mail came into its mailbox, by its From line.
func arrived(from []byte) (t time.Time) {
	line, _ := lineAt(from, 0)
	if at := bytes.IndexByte(line[min(len(line), 5):], ' '); at >= 0 {
		t, _, _ = parseDate(string(line[5+at:]))
	}
	return t
}
