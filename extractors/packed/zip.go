package packed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"strconv"

	"guidang/extractors/document"
)

// Zip reads zip archives.
var Zip = document.Format{
	Name: "zip", Version: 2, Kind: document.KindArchive, MediaType: "application/zip",
	Detect: isZip, Read: readZip, Cut: cutZip, Open: openZip,
}

// isZip knows a zip by its first entry, an empty one by its end, and one with
// something before it (self-extracting) by name and directory. The zips that are
// documents of a kind not read here stay unsupported: their parts as items
// would be noise.
func isZip(in *document.Input) bool {
	head := in.Head()
	if bytes.HasPrefix(head, []byte(sigLocal)) {
		return !foreign(in)
	}
	if bytes.HasPrefix(head, []byte(sigEnd)) || bytes.HasPrefix(head, []byte(sigDescriptor+sigLocal)) || bytes.HasPrefix(head, []byte("PK00"+sigLocal)) {
		return true // empty, or the only volume of a split archive
	}
	if ext := in.Ext(); ext != ".zip" && ext != ".exe" {
		return false
	}
	p, found, err := findDirectory(in)
	return err == nil && found && p.count > 0
}

// foreign says that a zip is a document of a format without a reader:
// OpenDocument and EPUB begin with a stored "mimetype" (ODF 1.3 part 2, 3.3),
// binary workbooks hold a workbook.bin.
func foreign(in *document.Input) bool {
	head := in.Head()
	if len(head) >= 38 && string(head[30:38]) == "mimetype" {
		return true
	}
	return bytes.Contains(head, []byte("[Content_Types].xml")) && in.Ext() == ".xlsb"
}

func readZip(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	limits := in.Limits.WithDefaults()
	d, err := readDirectory(ctx, in, limits.Entries)
	if err != nil {
		return nil, err
	}
	doc := &document.Document{Kind: document.KindArchive, Read: document.Full, Fields: map[string]string{}}
	if d.overlap() {
		return document.Unreadable(document.KindArchive, document.Bomb, "its entries overlap"), nil
	}
	d.tell(doc, limits)
	tellVolume(doc, in, d.volume)
	if doc.Read == document.None {
		return doc, nil
	}
	to := in.Range.To
	if to == 0 {
		to = int64(len(d.entries))
	}
	b, locked, special, ordinal := newBudget(ctx, limits), 0, 0, 0
	for i, e := range d.entries {
		if e.folder {
			continue
		}
		ordinal++
		if int64(i) < in.Range.From || int64(i) >= to {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c, err := child(in, e, ordinal, b)
		if err != nil {
			return nil, fmt.Errorf("open member %d of %q: %w", i, in.Name, err)
		}
		if c.Reason == document.Encrypted {
			locked++
		}
		if e.special {
			special++
		}
		if emit != nil {
			if err := emit(c); err != nil {
				return nil, err
			}
		}
	}
	warnLocked(doc, locked)
	warnSpecial(doc, special)
	return doc, nil
}

// tell fills the document with what the directory says.
func (d *directory) tell(doc *document.Document, l document.Limits) {
	n := 0
	for _, e := range d.entries {
		if !e.folder {
			n++
		}
	}
	doc.Fields["entries"] = strconv.Itoa(n)
	doc.AddText(document.Position{Part: "comment"}, "", d.comment)
	switch {
	case d.lost && n == 0:
		doc.Lose(document.None, document.Corrupt, "no entry was found in it")
	case d.lost:
		doc.Lose(document.Partial, document.Truncated, "its directory is lost; the entries were found by their own headers")
	case d.short:
		doc.Lose(document.Partial, document.Corrupt, "its directory is shorter than it says")
	}
	if d.more {
		doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only the first %d entries are listed", l.Entries))
	}
}

// warnLocked and warnSpecial count what a walk met; the members say it too, each
// for itself.
func warnLocked(doc *document.Document, n int) {
	if n > 0 {
		doc.Warn("encrypted-members", fmt.Sprintf("%d members are encrypted", n))
	}
}

func warnSpecial(doc *document.Document, n int) {
	if n > 0 {
		doc.Warn("links-skipped", fmt.Sprintf("%d links or devices are not followed", n))
	}
}

func warnUnsafe(doc *document.Document, n int) {
	if n > 0 {
		doc.Warn("unsafe-names", fmt.Sprintf("%d names lead out of the archive; they are shown under it", n))
	}
}

// child makes a member's child; only a failing ReadAt is an error.
func child(in *document.Input, e *Entry, ordinal int, b *budget) (*document.Child, error) {
	c := &document.Child{Step: e.Name, Name: path.Base(e.Name), Ordinal: ordinal, Size: e.Size, Modified: e.Modified}
	if c.Reason = b.refused(e); c.Reason != "" {
		return c, nil
	}
	r, err := e.open(in, b)
	var named *failure
	switch {
	case errors.As(err, &named):
		c.Reason = named.reason
	case err != nil:
		return nil, err
	default:
		c.Content = r
	}
	return c, nil
}

// slicesMost bounds how often a directory is read: each slice reads it again, so
// slices of one size would make 1,000,000 entries 3,000 times as dear.
const slicesMost = 64

// cutZip cuts by entry numbers.
func cutZip(ctx context.Context, in *document.Input, per int) ([]document.Range, error) {
	d, err := readDirectory(ctx, in, in.Limits.WithDefaults().Entries)
	if err != nil || per <= 0 {
		return nil, err
	}
	return cutEntries(len(d.entries), per), nil
}

// cutEntries cuts so many entries into ranges of their numbers.
func cutEntries(n, per int) (out []document.Range) {
	per = max(per, (n+slicesMost-1)/slicesMost)
	for from := 0; from < n; from += per {
		out = append(out, document.Range{From: int64(from), To: int64(min(from+per, n))})
	}
	return out
}

func openZip(ctx context.Context, in *document.Input, step string) (*document.Child, error) {
	d, err := readDirectory(ctx, in, in.Limits.WithDefaults().Entries)
	if err != nil {
		return nil, err
	}
	if d.overlap() {
		return nil, document.ErrNoChild
	}
	ordinal := 0
	for _, e := range d.entries {
		if e.folder {
			continue
		}
		if ordinal++; e.Name == step {
			return child(in, e, ordinal, newBudget(ctx, in.Limits))
		}
	}
	return nil, document.ErrNoChild
}
