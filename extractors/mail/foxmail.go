package mail

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"

	"guidang/extractors/document"
)

// FoxmailBox reads the mailboxes of Foxmail before version 7: NAME.BOX, with its
// index NAME.IND beside it, which is not needed. Each mail is a child whose step
// is the offset of the mark before it.
var FoxmailBox = document.Format{
	Name: "foxmail-box", Version: 1, Kind: document.KindArchive, MediaType: "application/x-foxmail-box",
	Detect: func(in *document.Input) bool { n, _ := foxmailMark(in.Head()); return n > 0 },
	Read:   readFoxmail,
	Cut:    cutFoxmail,
	Open:   openFoxmail,
}

// foxmailMark says how long the mark is that data begins with, and whether data
// ends before that can be told.
//
// QUIRK: there is no document by its maker. What Foxmail 3 to 6 wrote is, by those who
// published what they saw in its files, seven times 0x10, six times 0x11, an S and a
// line's end before each mail. The runs are counted loosely, because a text has
// neither.
func foxmailMark(data []byte) (n int, short bool) {
	for n < len(data) && data[n] == 0x10 && n < 32 {
		n++
	}
	ten := n
	for n < len(data) && data[n] == 0x11 && n < 64 {
		n++
	}
	if ten < 4 || n-ten < 4 {
		return 0, n == len(data)
	}
	if n == len(data) {
		return 0, true
	}
	if data[n] == 'S' || data[n] == 'R' {
		n++
	}
	rest := data[n:]
	switch {
	case bytes.HasPrefix(rest, []byte("\r\n")):
		return n + 2, false
	case bytes.HasPrefix(rest, []byte("\n")):
		return n + 1, false
	}
	return 0, len(rest) < 2
}

// maxFoxmailMark is longer than any mark.
const maxFoxmailMark = 80

// foxmailMail is where a mail lies: from its mark to the next one.
type foxmailMail struct {
	mark, from, to int64
}

// foxmailMails finds all mails from off on. The marks are looked for a window at a
// time; what is kept of each is 24 bytes.
func foxmailMails(ctx context.Context, in *document.Input, off, end int64) ([]foxmailMail, error) {
	var out []foxmailMail
	buf := make([]byte, chunk+maxFoxmailMark)
	limit := in.Limits.WithDefaults().Entries
	for at := off; at < in.Size; at += chunk {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n, err := in.Bytes.ReadAt(buf, at)
		if err != nil && err != io.EOF {
			return nil, fmt.Errorf("read the mailbox at %d: %w", at, err)
		}
		data := buf[:n]
		for i := 0; i < min(n, chunk); {
			next := bytes.Index(data[i:], []byte{0x10, 0x10, 0x10, 0x10})
			if next < 0 || i+next >= chunk {
				break
			}
			i += next
			long, _ := foxmailMark(data[i:])
			if long == 0 {
				i++
				continue
			}
			mark := at + int64(i)
			if len(out) > 0 {
				out[len(out)-1].to = mark
			}
			if mark >= end || len(out) > limit {
				return out, nil
			}
			out = append(out, foxmailMail{mark, mark + int64(long), in.Size})
			i += long
		}
	}
	return out, nil
}

func readFoxmail(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	doc := &document.Document{Kind: document.KindArchive, Read: document.Full, Fields: map[string]string{}}
	ranged := in.Range != document.Range{}
	end := in.Size
	if ranged && in.Range.To > 0 {
		end = min(end, in.Range.To)
	}
	mails, err := foxmailMails(ctx, in, in.Range.From, end)
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", in.Name, err)
	}
	limit := in.Limits.WithDefaults().Entries
	for n, m := range mails {
		if n == limit {
			doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only its first %d mails were read", limit))
			break
		}
		if emit == nil {
			continue
		}
		c, err := m.child(in)
		if err == nil {
			err = emit(c)
		}
		if err != nil {
			return nil, err
		}
	}
	switch {
	case len(mails) == 0 && !ranged:
		doc.Lose(document.None, document.Corrupt, "no mail was found in it")
	case !ranged:
		doc.Fields["mails"] = strconv.Itoa(min(len(mails), limit))
	}
	return doc, nil
}

func cutFoxmail(ctx context.Context, in *document.Input, per int) ([]document.Range, error) {
	mails, err := foxmailMails(ctx, in, 0, in.Size)
	if err != nil {
		return nil, fmt.Errorf("cut %q: %w", in.Name, err)
	}
	var out []document.Range
	for n := 0; n < len(mails); n += max(per, 1) {
		last := min(n+max(per, 1), len(mails)) - 1
		out = append(out, document.Range{From: mails[n].mark, To: mails[last].to})
	}
	return out, nil
}

func openFoxmail(ctx context.Context, in *document.Input, step string) (*document.Child, error) {
	number, ok := strings.CutPrefix(step, "mail:")
	at, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || at < 0 || at >= in.Size || mailStep(at) != step {
		return nil, document.ErrNoChild
	}
	if at > 0 {
		var before [1]byte
		if _, err := in.Bytes.ReadAt(before[:], at-1); err != nil && err != io.EOF {
			return nil, fmt.Errorf("open %s of %q: %w", step, in.Name, err)
		}
		if before[0] == 0x10 {
			return nil, document.ErrNoChild // within a mark
		}
	}
	mails, err := foxmailMails(ctx, in, at, at+1)
	if err != nil {
		return nil, fmt.Errorf("open %s of %q: %w", step, in.Name, err)
	}
	n := sort.Search(len(mails), func(i int) bool { return mails[i].mark >= at })
	if n == len(mails) || mails[n].mark != at {
		return nil, document.ErrNoChild
	}
	return mails[n].child(in)
}

// child makes a mail; a large one is read where it lies.
func (m foxmailMail) child(in *document.Input) (*document.Child, error) {
	c := &document.Child{Step: mailStep(m.mark), Ordinal: int(m.mark) + 1, Size: m.to - m.from}
	head := make([]byte, min(c.Size, largeMail))
	n, err := in.Bytes.ReadAt(head, m.from)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("read the mail at %d: %w", m.mark, err)
	}
	head = head[:n]
	if c.Content = io.NewSectionReader(in.Bytes, m.from, c.Size); c.Size <= largeMail {
		c.Content = bytes.NewReader(head)
	}
	name(c, head)
	return c, nil
}
