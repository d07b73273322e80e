package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
)

// Related is another document that belongs to the one that is shown.
type Related struct {
	Document string           `json:"document"`
	Title    string           `json:"title"`
	Date     string           `json:"date,omitempty"`
	Minutes  *minutes.Minutes `json:"-"`
}

// writtenMinutes reads a document that is minutes which somebody wrote; nil if
// it is none. Its file name does not count: it belongs to the place where the
// document was found, and results belong to contents.
func writtenMinutes(d *document.Document, calendar *minutes.Calendar) *minutes.Minutes {
	if d == nil || d.Transcript != nil {
		return nil
	}
	switch d.Kind {
	case document.KindDocument, document.KindText, document.KindMail:
	default:
		return nil
	}
	m, _, ok := minutes.Import(d, minutes.Options{Calendar: calendar})
	if !ok {
		return nil
	}
	return m
}

// fillWritten makes a content minutes if its document is. A mail stays a mail,
// because threads are of mails.
func (r *reading) fillWritten(c *ledger.Content) {
	switch {
	case r.written != nil:
		c.Minutes = minutes.ImportFingerprint()
		if c.Kind != document.KindMail {
			c.Kind = document.KindMinutes
		}
		if c.Date == "" {
			c.Date = r.written.Date
		}
	case c.Kind != document.KindRecording && c.Kind != document.KindTranscript:
		c.Minutes = "" // an earlier reading may have taken it for minutes
	}
}

// isWritten says whether a content's minutes were written by somebody.
func isWritten(c *ledger.Content) bool {
	return c.Minutes != "" && c.Kind != document.KindRecording && c.Kind != document.KindTranscript
}

// meetingLike is what tells whether minutes and a meeting belong together.
type meetingLike struct {
	content *ledger.Content
	item    *ledger.Item
	made    *minutes.Minutes
}

func (m *meetingLike) folder() string { return m.item.Source + "\n" + path.Dir(m.item.Locator) }

// linkWritten finds for minutes that somebody wrote the meeting that they are
// of. It looks at all of them anew in every run: either may come later, and the
// result must not depend on which.
func (a *Archive) linkWritten(ctx context.Context) error {
	all, err := a.ledger.WithMinutes(ctx)
	if err != nil {
		return err
	}
	before, err := a.ledger.Written(ctx)
	if err != nil {
		return err
	}
	var written, meetings []meetingLike
	for _, c := range all {
		if c.Canonical == 0 || c.Then != ledger.Indexed {
			continue
		}
		one := meetingLike{content: c}
		if one.item, err = a.ledger.Item(ctx, c.Canonical); err != nil {
			return err
		}
		if one.made, err = a.minutesNow(ctx, c, nil); err != nil {
			return err
		}
		switch {
		case one.made == nil:
		case isWritten(c):
			written = append(written, one)
		default:
			meetings = append(meetings, one)
		}
	}
	now := map[int64]int64{}
	for i := range written {
		if best := meetingOf(&written[i], meetings); best != nil {
			now[written[i].content.ID] = best.content.ID
		}
	}
	if maps.Equal(before, now) {
		return nil
	}
	return a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.SetWritten(now) })
}

// meetingOf is the meeting whose minutes these are, nil if none is it for sure.
func meetingOf(w *meetingLike, meetings []meetingLike) *meetingLike {
	var best *meetingLike
	most, place := 0.0, ""
	for i := range meetings {
		m := &meetings[i]
		alike := minutes.Alike(w.made, m.made, w.folder() == m.folder())
		at := m.item.Source + "\n" + m.item.Locator
		if alike == 0 || alike < most {
			continue
		}
		if best == nil || cmp.Or(cmp.Compare(alike, most), strings.Compare(place, at)) > 0 {
			best, most, place = m, alike, at
		}
	}
	return best
}

// relate fills in which written minutes belong to a meeting, or to which meeting
// a document's minutes do.
func (a *Archive) relate(ctx context.Context, v *View, c *ledger.Content, scopes []string) error {
	written, err := a.ledger.Written(ctx)
	if err != nil || len(written) == 0 {
		return err
	}
	if id, ok := written[c.ID]; ok {
		v.MeetingOf, err = a.related(ctx, id, scopes)
		return err
	}
	for _, content := range slices.Sorted(maps.Keys(written)) {
		if written[content] != c.ID {
			continue
		}
		r, err := a.related(ctx, content, scopes)
		if err != nil {
			return err
		}
		if r != nil {
			v.Written = append(v.Written, *r)
		}
	}
	return nil
}

// related describes a content to somebody with the given scopes, nil if it may
// not be seen.
func (a *Archive) related(ctx context.Context, id int64, scopes []string) (*Related, error) {
	c, err := a.ledger.Content(ctx, id)
	if err != nil {
		return nil, err
	}
	i, err := a.visible(ctx, c, scopes)
	if err != nil || i == nil {
		return nil, err
	}
	r := &Related{Document: c.DocumentID(), Title: titleOf(c, i)}
	if r.Minutes, _, err = a.meetingNow(ctx, c); err != nil {
		return nil, fmt.Errorf("minutes of %s: %w", r.Document, err)
	}
	if r.Minutes != nil {
		r.Date = r.Minutes.Date
	}
	return r, nil
}
