package sqlite

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
)

// Dump implements ledger.Ledger.
func (l *Ledger) Dump(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<16)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	threads, err := l.threadNames(ctx)
	if err != nil {
		return err
	}
	corrected, err := l.corrected(ctx)
	if err != nil {
		return err
	}
	papers, err := l.paperLines(ctx)
	if err != nil {
		return err
	}
	whose, err := l.dumpOwners(ctx)
	if err != nil {
		return err
	}
	bare, err := l.dumpBareOwners(ctx)
	if err != nil {
		return err
	}
	named, err := l.namedLines(ctx)
	if err != nil {
		return err
	}
	hands, err := l.byHandOf(ctx)
	if err != nil {
		return err
	}
	err = each(ctx, l.read, func(row scanner) error {
		var content, thread int64
		var parent, twin string
		i, err := scanItem(row, &content, &parent, &twin, &thread)
		if err != nil {
			return err
		}
		if content == 0 {
			n := newLine(i, nil, parent, "", "", nil)
			n.Belongs = bare[i.ID]
			return enc.Encode(n)
		}
		c, err := l.Content(ctx, content)
		if err != nil {
			return err
		}
		paper := papers[content]
		n := newLine(i, c, parent, twin, threads[thread], &paper)
		if !i.Shown && i.State != ledger.DuplicateOf {
			n.Belongs = slices.Concat(whose[content], bare[i.ID])
		}
		if i.ID == c.Canonical {
			n.Corrections = corrected[c.ID]
			n.ByHand = hands[c.ID]
			n.Named = named[c.ID]
		}
		return enc.Encode(n)
	}, `SELECT `+prefixed("i", itemColumns)+`, COALESCE(c.id, 0), COALESCE(p.locator, ''), COALESCE(t.locator, ''), COALESCE(m.thread, 0)
		FROM items i LEFT JOIN contents c ON c.id=i.content LEFT JOIN mails m ON m.content=c.id LEFT JOIN items p ON p.id=i.parent LEFT JOIN items t ON t.id=c.canonical
		ORDER BY i.source, i.locator, i.version`)
	if err == nil {
		err = l.dumpDossiers(ctx, enc)
	}
	if err != nil {
		return err
	}
	return out.Flush()
}

// line is one line of a dump. What depends on the order of work (ids of rows,
// runs, times) stays out.
type line struct {
	Source      string          `json:"source"`
	Locator     string          `json:"locator"`
	Version     int             `json:"version,omitempty"`
	Parent      string          `json:"parent,omitempty"`
	Name        string          `json:"name"`
	State       string          `json:"state"`
	Reason      string          `json:"reason,omitempty"`
	Gone        bool            `json:"gone,omitempty"`
	Size        int64           `json:"size"`
	SHA256      string          `json:"sha256,omitempty"`
	Document    string          `json:"document,omitempty"`
	DuplicateOf string          `json:"duplicate_of,omitempty"`
	MediaType   string          `json:"media_type,omitempty"`
	Kind        string          `json:"kind,omitempty"`
	Title       string          `json:"title,omitempty"`
	Date        string          `json:"date,omitempty"`
	Language    string          `json:"language,omitempty"`
	Read        string          `json:"read,omitempty"`
	ReadReason  string          `json:"read_reason,omitempty"`
	Fingerprint string          `json:"fingerprint,omitempty"`
	Transcript  string          `json:"transcript,omitempty"`
	Minutes     string          `json:"minutes,omitempty"`
	Passages    int             `json:"passages,omitempty"`
	Tags        json.RawMessage `json:"tags,omitempty"`
	Terms       json.RawMessage `json:"terms,omitempty"`
	OpenWork    string          `json:"open_work,omitempty"`
	Thread      string          `json:"thread,omitempty"` // its mail with the smallest document id; empty for a mail alone
	Marks       json.RawMessage `json:"marks,omitempty"`
	ByHand      *dumpedHand     `json:"by_hand,omitempty"`
	Belongs     []belonging     `json:"belongs,omitempty"`
	Named       []string        `json:"named,omitempty"` // files that its rows name
	paperLine

	Corrections []correctionLine `json:"corrections,omitempty"` // by hand, in their order
}

func newLine(i *ledger.Item, c *ledger.Content, parent, twin, thread string, paper *paperLine) line {
	n := line{Source: i.Source, Locator: i.Locator, Version: i.Version, Parent: parent, Name: i.Name, State: string(i.State), Reason: i.Reason, Gone: i.Gone, Size: i.Size}
	if c == nil {
		return n
	}
	n.SHA256, n.Document, n.Size, n.Marks = fmt.Sprintf("%x", i.OwnSum(c)), c.DocumentID(), c.Size, raw(i.Marks)
	if i.Bytes != (ledger.Sum{}) || c.Kind == document.KindMail {
		n.Size = i.Size // copies of a mail have sizes of their own
	}
	if i.State == ledger.DuplicateOf {
		n.DuplicateOf = twin
		return n
	}
	if i.Shown {
		return n
	}
	n.MediaType, n.Kind, n.Title, n.Date, n.Language = c.MediaType, string(c.Kind), c.Title, c.Date, c.Language
	n.Read, n.ReadReason, n.Fingerprint, n.Transcript, n.Minutes = string(c.Read), string(c.Reason), c.Fingerprint, c.Transcript, c.Minutes
	n.Passages, n.OpenWork = c.Passages, c.OpenWork
	n.Thread, n.paperLine = thread, *paper
	n.Tags, n.Terms = raw(c.Tags), raw(c.Terms)
	return n
}

func raw(s string) json.RawMessage {
	if s == "" || s == "[]" || s == "null" {
		return nil
	}
	return json.RawMessage(s)
}
