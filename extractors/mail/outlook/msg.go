package outlook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"guidang/extractors/compound"
	"guidang/extractors/document"
)

// Msg reads an item that Outlook saved as a file. Its attachments are children;
// items within it become mails of their own.
var Msg = document.Format{
	Name: "msg", Version: 2, Kind: document.KindMail, MediaType: "application/vnd.ms-outlook",
	Detect: detectMsg,
	Read: func(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
		return read(ctx, in, openMsg, emit)
	},
	Open: func(ctx context.Context, in *document.Input, step string) (*document.Child, error) {
		return openChild(ctx, in, openMsg, step)
	},
}

// detectMsg wants a compound file with a property stream at its root. One whose
// directory is lost is told by its name, so that it is said to be damaged and not
// unknown.
func detectMsg(in *document.Input) bool {
	if !bytes.HasPrefix(in.Head(), []byte(compound.Magic)) {
		return false
	}
	f, err := compound.Open(in.Bytes, in.Size)
	if err != nil {
		return in.Ext() == ".msg" && errors.Is(err, compound.ErrFormat)
	}
	return f.Root.Child(nmProperties) != nil || f.Root.Child(nmNames) != nil && len(listed(f.Root, nmRecipient)) > 0
}

// opener gives the item of a file; nil when nothing of it is left, and then the
// document says why.
type opener func(in *document.Input, doc *document.Document) (*item, error)

func openMsg(in *document.Input, doc *document.Document) (*item, error) {
	f, err := compound.Open(in.Bytes, in.Size)
	if errors.Is(err, compound.ErrFormat) {
		doc.Lose(document.None, document.Corrupt, "its directory is lost")
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if f.Damaged {
		doc.Lose(document.Partial, document.Truncated, "some of its sectors are missing")
	}
	src := &source{file: f, doc: doc, budget: in.Size, reads: readsOf(in.Size)}
	it := src.open(f.Root, nil, 0)
	return it, src.err
}

// readsOf is how many bytes of properties may be read of a file. Each is read two
// or three times; streams that share their sectors would be read without end.
func readsOf(size int64) int64 { return 8*size + 16<<20 }

// read makes the document and hands out the children, for both wrappings.
func read(ctx context.Context, in *document.Input, open opener, emit func(*document.Child) error) (*document.Document, error) {
	limits := in.Limits.WithDefaults()
	doc := &document.Document{Kind: document.KindMail, Read: document.Full, Fields: map[string]string{}}
	it, err := open(in, doc)
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", in.Name, err)
	}
	if it == nil {
		return doc, nil
	}
	page, err := it.describe(ctx, doc, limits.TextBytes)
	if err != nil {
		return nil, err
	}
	files := it.files(doc)
	if len(files) > 0 {
		doc.Fields["attachments"] = strconv.Itoa(len(files))
	}
	it.tellLost(doc)
	if emit != nil {
		for n, a := range files {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			child, err := a.child(ctx, n+1, page, limits, doc)
			if err != nil {
				return nil, err
			}
			if err := emit(child); err != nil {
				return nil, err
			}
		}
	}
	if it.source.err != nil {
		return nil, fmt.Errorf("read %q: %w", in.Name, it.source.err)
	}
	return doc, nil
}

// openChild opens one attachment by its step.
func openChild(ctx context.Context, in *document.Input, open opener, step string) (*document.Child, error) {
	limits := in.Limits.WithDefaults()
	doc := &document.Document{Read: document.Full, Fields: map[string]string{}}
	it, err := open(in, doc)
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", in.Name, err)
	}
	rest, ok := strings.CutPrefix(step, "attachment:")
	number, _, _ := strings.Cut(rest, ":")
	n, err := strconv.Atoi(number)
	if it == nil || !ok || err != nil || n < 1 {
		return nil, document.ErrNoChild
	}
	files := it.files(doc)
	if n > len(files) {
		return nil, document.ErrNoChild
	}
	b, err := it.body(ctx, limits.TextBytes)
	if err != nil {
		return nil, err
	}
	child, err := files[n-1].child(ctx, n, b.page, limits, doc)
	if err != nil {
		return nil, err
	}
	if child.Step != step {
		return nil, document.ErrNoChild
	}
	return child, nil
}

// child makes one of an item's attachments.
func (a *attachment) child(ctx context.Context, n int, page string, limits document.Limits, doc *document.Document) (*document.Child, error) {
	p, err := a.open(ctx, limits)
	if err != nil {
		return nil, err
	}
	if p.item {
		doc.Warn("embedded-as-eml", "an item within it is kept as a mail made of its properties")
	}
	switch {
	case p.reason != "":
		doc.Lose(document.Partial, p.reason, "an attachment cannot be had")
	case p.short:
		doc.Lose(document.Partial, document.Truncated, "an attachment is not whole")
	}
	c := &document.Child{Step: fmt.Sprintf("attachment:%d:%s", n, p.name), Name: p.name, Ordinal: n, Size: p.size, Reason: p.reason}
	if t := a.time(idModified); !t.IsZero() {
		c.Modified = t
	}
	if p.content != nil {
		c.Content = p.content
	} else {
		c.Size = -1
	}
	c.Shown = p.isPicture && shows(page, p.cid, a)
	return c, nil
}

// shows tells that the item's HTML shows the picture: by its content id, or by the
// name that it is packed under.
func shows(page, cid string, a *attachment) bool {
	if page == "" {
		return false
	}
	if cid != "" && strings.Contains(page, "cid:"+cid) {
		return true
	}
	return a.flag(idHidden) && cid != ""
}
