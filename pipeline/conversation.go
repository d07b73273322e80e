package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/mail"
	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
)

// Thread is a conversation by mail, as somebody may see it.
type Thread struct {
	Mails []*View `json:"mails"` // by date; from Offset on
	Total int     `json:"total"` // that may be seen, at most maxThread; copies under one Message-ID count once
	From  int     `json:"from"`

	// Said is what the thread came to, with its first part; Letters are the ids and
	// writers that its evidence counts, from 1.
	Said    *minutes.Said `json:"said,omitempty"`
	Letters []LetterRef   `json:"letters,omitempty"`
}

// LetterRef names a mail of a thread.
type LetterRef struct {
	Document string `json:"document"`
	Writer   string `json:"writer"`
	Date     string `json:"date"`
}

// maxLetters bounds the mails that a thread's summary is made of: the last ones
// hold.
const maxLetters = 200

// sayings makes the summary of a thread: its decisions, promises and open
// questions.
func (a *Archive) sayings(ctx context.Context, t *Thread, all []letter) error {
	if len(all) < 2 {
		return nil
	}
	var letters []minutes.Letter
	for i := max(len(all)-maxLetters, 0); i < len(all); i++ {
		m := &all[i].mail
		d, err := a.document(ctx, &m.Content)
		if err != nil {
			return err
		}
		if d == nil {
			continue
		}
		l := minutes.LetterOf(d)
		letters = append(letters, l)
		t.Letters = append(t.Letters, LetterRef{Document: m.Content.DocumentID(), Writer: l.Writer, Date: l.Date})
	}
	said, err := minutes.Thread(ctx, letters, a.calendar)
	if err != nil || said.Empty() {
		t.Letters = nil
		return err
	}
	t.Said = said
	return nil
}

// maxThread bounds the mails of a thread that are looked at: a list's endless
// subject has thousands.
const maxThread = 2000

// Variant is another mail under the same Message-ID: a list added its footer, a
// gateway a warning, a sender's copy has its Bcc. An id is only a hint, so both
// stay, each linked to the other.
type Variant struct {
	Document string `json:"document"`
	Title    string `json:"title"`
	How      string `json:"how"` // added, shortened, headers or text: what it is, compared with the mail that is shown
}

// How variants differ.
const (
	VariantAdded     = "added"     // its text goes on where the other's ends
	VariantShortened = "shortened" // the other way round
	VariantHeaders   = "headers"   // the same text
	VariantText      = "text"      // another text: what the id says is not so, or somebody changed it
)

// occurrence is a place as views give it.
func occurrence(i *ledger.Item, kind document.Kind) Occurrence {
	o := Occurrence{Source: i.Source, Locator: i.Locator, Version: i.Version, State: i.State, Gone: i.Gone}
	if kind != document.KindMail {
		return o
	}
	o.Mailbox, o.Folder = mail.Holder(i.Locator)
	var marks mail.Marks
	if i.Marks != "" && json.Unmarshal([]byte(i.Marks), &marks) == nil {
		o.Flags, o.Labels = marks.Flags, marks.Labels
	}
	return o
}

// visibleThread are the mails of a thread that somebody with the given scopes may
// see.
func (a *Archive) visibleThread(ctx context.Context, c *ledger.Content, scopes []string) ([]ledger.Threaded, error) {
	all, err := a.ledger.Thread(ctx, c.ID, maxThread)
	if err != nil {
		return nil, err
	}
	kept := all[:0]
	for _, t := range all {
		if t.Content.Then == ledger.PartOf && t.Content.ID != c.ID {
			continue // a piece of a mail that stands in the thread as a whole
		}
		if scopes == nil {
			kept = append(kept, t)
			continue
		}
		i, err := a.visible(ctx, &t.Content, scopes)
		if err != nil {
			return nil, err
		}
		if i != nil {
			kept = append(kept, t)
		}
	}
	return kept, nil
}

// threadOfView counts the thread of a mail and finds its variants.
func (a *Archive) threadOfView(ctx context.Context, v *View, c *ledger.Content, scopes []string) error {
	all, err := a.visibleThread(ctx, c, scopes)
	if err != nil {
		return err
	}
	letters, err := a.letters(ctx, all, c.ID)
	if err != nil {
		return err
	}
	v.Thread = len(letters)
	for _, t := range all {
		if !t.Same || t.Content.ID == c.ID {
			continue
		}
		other, err := a.document(ctx, &t.Content)
		if err != nil {
			return err
		}
		v.Variants = append(v.Variants, Variant{Document: t.Content.DocumentID(), Title: t.Content.Title, How: compare(v.Document, other)})
	}
	return nil
}

// compare says what other is, seen from d.
func compare(d, other *document.Document) string {
	if other == nil {
		return VariantText
	}
	one, two := allText(d), allText(other)
	switch {
	case one == two:
		return VariantHeaders
	case strings.HasPrefix(two, one):
		return VariantAdded
	case strings.HasPrefix(one, two):
		return VariantShortened
	}
	return VariantText
}

// allText is a document's text with single blanks: lists fold lines anew.
func allText(d *document.Document) string {
	var b strings.Builder
	for _, s := range d.Sections {
		b.WriteString(s.Text)
		b.WriteByte('\n')
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// Conversation gives the thread of a mail to somebody with the given scopes, at
// most limit mails from the one numbered from (0 is the oldest). A mail whose
// every place lies outside the scopes is not in it and not counted.
func (a *Archive) Conversation(ctx context.Context, ref string, scopes []string, from, limit int) (*Thread, error) {
	c, err := a.Find(ctx, ref)
	if err != nil {
		return nil, err
	}
	if i, err := a.visible(ctx, c, scopes); err != nil {
		return nil, err
	} else if i == nil && scopes != nil {
		return nil, fmt.Errorf("%s: %w", ref, ledger.ErrNotFound)
	}
	all, err := a.visibleThread(ctx, c, scopes)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s is no mail: %w", ref, ledger.ErrNotFound)
	}
	letters, err := a.letters(ctx, all, c.ID)
	if err != nil {
		return nil, err
	}
	t := &Thread{Total: len(letters), From: min(max(from, 0), len(letters)-1)}
	if t.From == 0 {
		if err := a.sayings(ctx, t, letters); err != nil {
			return nil, err
		}
	}
	for n := t.From; n < min(t.From+limit, len(letters)); n++ {
		v, err := a.show(ctx, &letters[n].mail.Content, scopes)
		if err != nil {
			return nil, err
		}
		if v == nil {
			continue
		}
		if err := a.fillSame(ctx, v, &letters[n], scopes); err != nil {
			return nil, err
		}
		t.Mails = append(t.Mails, v)
	}
	return t, nil
}

// MailPart gives what a mail's page shows of it beside its text: mail.StepHTML is
// its HTML, made harmless, mail.StepHeader its header. It is read in a confined
// process, from the copy of a place that the viewer may see.
func (a *Archive) MailPart(ctx context.Context, ref, step string, scopes []string) ([]byte, error) {
	c, err := a.Find(ctx, ref)
	if err != nil {
		return nil, err
	}
	o, _, _, err := a.Original(ctx, ref, scopes)
	if err != nil {
		return nil, err
	}
	defer o.Close()
	if c.Format != mail.EML.Name {
		return nil, fmt.Errorf("%s is no mail as it was sent: %w", ref, ledger.ErrNotFound)
	}
	return a.openStep(ctx, c, o, step)
}
