package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"guidang/extractors/document"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
	"guidang/pipeline/store"
	"guidang/pipeline/terms"
)

// ErrBadTag is a tag that is no tag.
var ErrBadTag = errors.New("a tag has 1 to 40 characters, on one line")

// maxTag is the length of a tag in characters: it is shown beside a title.
const maxTag = 40

// TagView is a tag with who or what set it.
type TagView struct {
	Tag string `json:"tag"`
	By  string `json:"by"` // rule or hand
	Who string `json:"who,omitempty"`
	At  string `json:"at,omitempty"` // RFC 3339
	Off bool   `json:"off,omitempty"`
}

// SetTag gives a document a tag, or takes one away, for somebody with the given
// scopes.
func (a *Archive) SetTag(ctx context.Context, ref string, scopes []string, tag string, set bool, who string) error {
	tag = strings.TrimSpace(tag)
	if tag == "" || utf8.RuneCountInString(tag) > maxTag || strings.ContainsFunc(tag, unicode.IsControl) || !utf8.ValidString(tag) {
		return ErrBadTag
	}
	c, err := a.find(ctx, ref, scopes)
	if err != nil {
		return err
	}
	err = a.ledger.Update(ctx, func(tx ledger.Tx) error {
		if err := tx.AddHandTag(ledger.HandTag{Content: c.ID, Tag: tag, Set: set, Who: who, At: time.Now()}); err != nil {
			return err
		}
		now, err := tx.Content(c.ID)
		if err != nil {
			return err
		}
		hand, err := tx.HandTags(c.ID)
		if err != nil {
			return err
		}
		now.Tags = list(ledger.TagsNow(decodeList[string](now.Tags), hand))
		if now.Revision == 0 { // not to be found, so nothing to tell the index
			return tx.SetContent(now)
		}
		return tx.Publish(now)
	})
	a.feed.wake()
	return err
}

// find finds a content that somebody with the given scopes may see.
func (a *Archive) find(ctx context.Context, ref string, scopes []string) (*ledger.Content, error) {
	c, err := a.Find(ctx, ref)
	if err != nil {
		return nil, err
	}
	i, err := a.visible(ctx, c, scopes)
	if err == nil && i == nil {
		err = fmt.Errorf("%s: %w", ref, ledger.ErrNotFound)
	}
	return c, err
}

// tagged are the tags of a content with who set them, and those that somebody took away.
func (a *Archive) tagged(ctx context.Context, c *ledger.Content) ([]TagView, error) {
	hand, err := a.ledger.HandTags(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	last := map[string]ledger.HandTag{}
	for _, t := range hand {
		last[t.Tag] = t
	}
	var out []TagView
	for _, tag := range decodeList[string](c.Tags) {
		v := TagView{Tag: tag, By: "rule"}
		if t, ok := last[tag]; ok {
			v.By, v.Who, v.At = "hand", t.Who, t.At.Format(time.RFC3339)
		}
		out = append(out, v)
	}
	var off []TagView
	for _, t := range last {
		if !t.Set {
			off = append(off, TagView{Tag: t.Tag, By: "hand", Who: t.Who, At: t.At.Format(time.RFC3339), Off: true})
		}
	}
	slices.SortFunc(off, func(x, y TagView) int { return strings.Compare(x.Tag, y.Tag) })
	return append(out, off...), nil
}

// EditMinutes keeps a person's version of a meeting's minutes, or takes all
// edits back (nil). The edits before stay as history, and the version stands
// above all that is made later.
func (a *Archive) EditMinutes(ctx context.Context, ref string, scopes []string, edited *minutes.Minutes, who string) error {
	c, err := a.find(ctx, ref, scopes)
	if err != nil {
		return err
	}
	made, t, err := a.meetingNow(ctx, c)
	if err != nil {
		return err
	}
	if made == nil || t == nil {
		return fmt.Errorf("%s has no minutes that could be edited: %w", ref, ledger.ErrNotFound)
	}
	e := ledger.Edit{Content: c.ID, Base: c.Minutes, Who: who, At: time.Now()}
	now := made
	if edited != nil {
		text, err := json.Marshal(minutes.Edit(made, edited))
		if err != nil {
			return err
		}
		e.Minutes, now = string(text), minutes.Edit(made, edited)
	}
	passages := index.Cut(meetingDocument(now, t))
	err = a.derived.Put(ctx, nil, []store.DocumentPassages{{Document: c.DocumentID(), Texts: encodePassages(passages)}})
	if err != nil {
		return a.diskFull(err)
	}
	err = a.ledger.Update(ctx, func(tx ledger.Tx) error {
		if err := tx.AddEdit(e); err != nil {
			return err
		}
		c, err := tx.Content(c.ID)
		if err != nil {
			return err
		}
		c.Passages = max(len(passages), 1)
		return tx.Publish(c)
	})
	a.feed.wake()
	return err
}

// meetingNow loads the minutes that hold now, and what was said; nil for what is not there.
func (a *Archive) meetingNow(ctx context.Context, c *ledger.Content) (*minutes.Minutes, *document.Transcript, error) {
	if c.Minutes == "" {
		return nil, nil, nil
	}
	m, err := a.minutesOf(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	t := &document.Transcript{}
	if ok, err := a.kept(ctx, c, "transcript", t); err != nil || !ok {
		return m, nil, err
	}
	return m, t, nil
}

// minutesOf are the minutes of a content that hold; nil if it has none.
func (a *Archive) minutesOf(ctx context.Context, c *ledger.Content) (*minutes.Minutes, error) {
	edits, err := a.ledger.Edits(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	return a.minutesNow(ctx, c, edits)
}

// minutesNow are the minutes that hold with these edits: the last edit, else those that were made.
func (a *Archive) minutesNow(ctx context.Context, c *ledger.Content, edits []ledger.Edit) (*minutes.Minutes, error) {
	m := lastEdit(c, edits)
	if m == nil {
		m = &minutes.Minutes{}
		if ok, err := a.kept(ctx, c, c.Minutes, m); err != nil || !ok {
			return nil, err
		}
	}
	m.Terms = decodeList[terms.Term](c.Terms) // these may have been found anew since
	return m, nil
}

// lastEdit reads the newest of a content's edits; nil if there is none that holds.
func lastEdit(c *ledger.Content, edits []ledger.Edit) *minutes.Minutes {
	if len(edits) == 0 || edits[len(edits)-1].Minutes == "" {
		return nil
	}
	return readEdit(c, edits, len(edits)-1)
}

// readEdit reads one version, nil for an empty one. What was kept is our own
// JSON, so one that cannot be read is a version of which nothing can be shown.
func readEdit(c *ledger.Content, edits []ledger.Edit, n int) *minutes.Minutes {
	e := edits[n]
	m := &minutes.Minutes{}
	if e.Minutes == "" || json.Unmarshal([]byte(e.Minutes), m) != nil {
		return nil
	}
	m.Edited = &minutes.Edited{Who: e.Who, At: e.At.Format(time.RFC3339), Version: n + 1, Newer: e.Base != c.Minutes}
	return m
}

// MinutesVersion is one version of a meeting's minutes.
type MinutesVersion struct {
	Version int              `json:"version"` // 0: as the program makes them now
	Who     string           `json:"who"`
	At      string           `json:"at"`
	Minutes *minutes.Minutes `json:"minutes"` // nil: the edits were taken back
}

// MinutesHistory gives all versions of a meeting's minutes, the program's first.
func (a *Archive) MinutesHistory(ctx context.Context, ref string, scopes []string) ([]MinutesVersion, error) {
	c, err := a.find(ctx, ref, scopes)
	if err != nil {
		return nil, err
	}
	made, err := a.minutesNow(ctx, c, nil)
	if err != nil {
		return nil, err
	}
	if c.Minutes == "" || made == nil {
		return nil, fmt.Errorf("%s has no minutes: %w", ref, ledger.ErrNotFound)
	}
	edits, err := a.ledger.Edits(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	out := []MinutesVersion{{Minutes: made}}
	for n, e := range edits {
		out = append(out, MinutesVersion{Version: n + 1, Who: e.Who, At: e.At.Format(time.RFC3339), Minutes: readEdit(c, edits, n)})
	}
	return out, nil
}
