package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/recording"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
	"guidang/pipeline/store"
	"guidang/pipeline/terms"
)

// sidecarPrefix stands before the document id of the transcript that lay
// beside a recording, in ledger.Content.Transcript.
const sidecarPrefix = "sidecar:"

// meetings brings recordings and transcripts together and makes their minutes.
// It comes after everything is read, because which transcript belongs to which
// recording can only be told when both are known; a transcript that arrives a
// year later finds its recording in the same way.
func (a *Archive) meetings(ctx context.Context) error {
	a.meeting.Lock()
	defer a.meeting.Unlock()
	all, err := a.ledger.Meetings(ctx)
	if err != nil {
		return err
	}
	t, err := a.gatherMeetings(ctx, all)
	if err != nil {
		return err
	}
	claimed := map[string]bool{} // transcripts that are shown with their recording
	for _, c := range all {
		if c.Kind != document.KindRecording {
			continue
		}
		if id, ok := strings.CutPrefix(c.Transcript, sidecarPrefix); ok {
			claimed[id] = true
		}
	}
	for _, c := range all {
		if c.Kind != document.KindRecording || c.Canonical == 0 {
			continue
		}
		if t.main[c.ID] != nil {
			if err := a.partOfMeeting(ctx, c); err != nil {
				return err
			}
			continue
		}
		if c.Then == ledger.PartOf {
			if err := a.onItsOwn(ctx, c); err != nil {
				return err
			}
		}
		id, err := a.meetRecording(ctx, t, c)
		if err != nil {
			return err
		}
		if id != "" {
			claimed[id] = true
		}
	}
	for _, c := range all {
		if c.Kind != document.KindTranscript || c.Canonical == 0 || c.Then != ledger.Indexed && c.Then != ledger.PartOf {
			continue
		}
		if err := a.meetTranscript(ctx, c, claimed[c.DocumentID()]); err != nil {
			return err
		}
	}
	a.feed.wake()
	return a.linkWritten(ctx)
}

// meetRecording gives a recording the transcript that lies beside it and the
// minutes of that. It returns the transcript's document id, if it has one.
func (a *Archive) meetRecording(ctx context.Context, g *together, c *ledger.Content) (string, error) {
	fingerprint, err := a.minutesFingerprint(ctx, c, nil)
	if err != nil {
		return "", err
	}
	id, have := strings.CutPrefix(c.Transcript, sidecarPrefix)
	if have && c.Minutes == fingerprint && c.Then == ledger.Indexed {
		return id, nil
	}
	item, err := a.ledger.Item(ctx, c.Canonical)
	if err != nil {
		return "", err
	}
	var side *ledger.Content
	if have {
		side, err = a.ledger.ByDocument(ctx, id)
	} else {
		side, err = a.sidecarOf(ctx, g, c, item)
	}
	if errors.Is(err, ledger.ErrNotFound) || side == nil && err == nil {
		if strings.HasPrefix(c.Transcript, enginePrefix) {
			return "", a.meetHeard(ctx, c, item, fingerprint)
		}
		heard, by, err := a.heardOf(ctx, g, c)
		if err != nil || heard != nil {
			if err == nil {
				c.Transcript = by
				err = a.meet(ctx, c, item, heard, fingerprint)
			}
			return "", err
		}
		return "", nil // it waits for a transcriber, or for its sidecar
	}
	if err != nil {
		return "", err
	}
	t, err := a.ownTranscript(ctx, side)
	if err != nil || t == nil {
		return "", err
	}
	t.Source = "sidecar"
	c.Transcript = sidecarPrefix + side.DocumentID()
	return side.DocumentID(), a.meet(ctx, c, item, t, fingerprint)
}

// meetTranscript makes a transcript without a recording a meeting of its own,
// or a part of its recording's.
func (a *Archive) meetTranscript(ctx context.Context, c *ledger.Content, claimed bool) error {
	item, err := a.ledger.Item(ctx, c.Canonical)
	if err != nil {
		return err
	}
	if claimed {
		if c.Then == ledger.PartOf {
			return nil
		}
		c.Then, c.Minutes = ledger.PartOf, ""
		return a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.Publish(c) })
	}
	fingerprint, err := a.minutesFingerprint(ctx, c, item)
	if err != nil {
		return err
	}
	if c.Minutes == fingerprint && c.Then == ledger.Indexed {
		return nil
	}
	t, err := a.ownTranscript(ctx, c)
	if err != nil || t == nil {
		return err
	}
	return a.meet(ctx, c, item, t, fingerprint)
}

// meet makes the minutes of a meeting and lets it be found by them and by what
// was said.
func (a *Archive) meet(ctx context.Context, c *ledger.Content, item *ledger.Item, t *document.Transcript, fingerprint string) error {
	if t.Title == "" {
		t.Title = titleOf(c, item)
	}
	if t.Date == "" {
		t.Date = dateOf(c, item).Format("2006-01-02")
	}
	if len(t.Utterances) == 0 {
		return a.meetSilence(ctx, c, t)
	}
	transcript, err := json.Marshal(t) // without what people have corrected
	if err != nil {
		return err
	}
	t, layer, err := a.layered(ctx, c, t)
	if err != nil {
		return err
	}
	made, err := a.minutes.Make(ctx, t, a.minutesOptions(c, item))
	if err != nil {
		return fmt.Errorf("minutes of %s: %w", item.Locator, err)
	}
	if len(made.Checks.Fallback) > 0 {
		a.log.Warn("minutes: the model did not make all of them", "document", c.DocumentID(), "why", made.Checks.Fallback)
	}
	if made.MadeBy.Method == "offline" {
		// A model whose server failed is asked again by the next run: these are not its minutes.
		fingerprint = made.MadeBy.Fingerprint + layer
	}
	text, err := json.Marshal(made)
	if err != nil {
		return err
	}
	edits, err := a.ledger.Edits(ctx, c.ID)
	if err != nil {
		return err
	}
	found := made
	if m := lastEdit(c, edits); m != nil {
		found = m // what a person wrote stands above what was made anew
	}
	passages := index.Cut(meetingDocument(found, t))
	err = a.derived.Put(ctx, []store.Result{
		{Sum: store.Sum(c.Sum), Fingerprint: "transcript", Data: transcript},
		{Sum: store.Sum(c.Sum), Fingerprint: fingerprint, Data: text},
	}, []store.DocumentPassages{{Document: c.DocumentID(), Texts: encodePassages(passages)}})
	if err != nil {
		return a.diskFull(err)
	}
	c.Minutes, c.Passages, c.Then, c.ThenReason = fingerprint, max(len(passages), 1), ledger.Indexed, ""
	c.Language = t.Language
	if c.OpenWork == workTranscribe {
		c.OpenWork = ""
	}
	c.Terms = list(made.Terms)
	if c.Kind == document.KindRecording { // what was said tells more than the file's own fields
		hand, err := a.ledger.HandTags(ctx, c.ID)
		if err != nil {
			return err
		}
		c.Tags = list(ledger.TagsNow(terms.Tags(spoken(t), c.Kind, a.rules), hand))
	}
	c.People = people(speakersOf(t))
	return a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.Publish(c) })
}

// meetingDocument is what a meeting is found by: its minutes first, then what
// was said.
func meetingDocument(m *minutes.Minutes, t *document.Transcript) *document.Document {
	d := minutes.Document(m, t)
	d.Sections = append(d.Sections, recording.Sections(t)...)
	return d
}

// spoken is all that was said, with the title.
func spoken(t *document.Transcript) string {
	var b strings.Builder
	b.WriteString(t.Title)
	for _, u := range t.Utterances {
		b.WriteByte('\n')
		b.WriteString(u.Text)
	}
	return b.String()
}

func speakersOf(t *document.Transcript) []document.Person {
	var out []document.Person
	for _, u := range t.Utterances {
		out = append(out, document.Person{Role: "speaker", Name: u.Speaker})
		if len(out) > 1000 { // names come early; people() drops those that repeat
			break
		}
	}
	return out
}

// minutesOptions are those of one meeting. The fingerprint does not depend on
// the meeting.
func (a *Archive) minutesOptions(c *ledger.Content, i *ledger.Item) minutes.Options {
	o := minutes.Options{SummaryChars: a.cfg.Minutes.SummaryChars, Calendar: a.calendar, Terms: a.termOptions()}
	if i != nil {
		o.Title, o.Date = titleOf(c, i), dateOf(c, i).Format("2006-01-02")
	}
	return o
}

// minutesFingerprint names what a content's minutes are made by, its corrections
// among it.
func (a *Archive) minutesFingerprint(ctx context.Context, c *ledger.Content, i *ledger.Item) (string, error) {
	layer, err := a.ledger.Corrections(ctx, c.ID)
	return a.minutes.Fingerprint(a.minutesOptions(c, i)) + layerName(layer), err
}

// ownTranscript is the transcript that a content itself is, nil if it is none.
func (a *Archive) ownTranscript(ctx context.Context, c *ledger.Content) (*document.Transcript, error) {
	d, err := a.document(ctx, c)
	if err != nil || d == nil {
		return nil, err
	}
	return d.Transcript, nil
}

// sidecar finds the transcript that lies beside a recording, nil if there is
// none.
func (a *Archive) sidecar(ctx context.Context, item *ledger.Item) (*ledger.Content, error) {
	beside, err := a.beside(ctx, item)
	if err != nil {
		return nil, err
	}
	var names []string
	byName := map[string]*ledger.Item{}
	for _, b := range beside {
		if b.Content != 0 && b.ID != item.ID {
			names = append(names, b.Name)
			byName[b.Name] = b
		}
	}
	for len(names) > 0 {
		name, ok := recording.Sidecar(item.Name, names)
		if !ok {
			return nil, nil
		}
		c, err := a.ledger.Content(ctx, byName[name].Content)
		if err != nil || c.Kind == document.KindTranscript {
			return c, err
		}
		names = without(names, name) // a file of the right name that is no transcript
	}
	return nil, nil
}

func without(list []string, s string) []string {
	out := list[:0]
	for _, one := range list {
		if one != s {
			out = append(out, one)
		}
	}
	return out
}

// document loads the document that was read out of a content, with what its
// pictures say; nil if none was.
func (a *Archive) document(ctx context.Context, c *ledger.Content) (*document.Document, error) {
	d, err := a.bareDocument(ctx, c)
	if err != nil {
		return nil, err
	}
	return a.withPictures(ctx, c, d)
}

// bareDocument loads it as its reader gave it.
func (a *Archive) bareDocument(ctx context.Context, c *ledger.Content) (*document.Document, error) {
	if c.Fingerprint == "" {
		return nil, nil
	}
	data, ok, err := a.derived.Result(ctx, store.Sum(c.Sum), c.Fingerprint)
	if err != nil || !ok {
		return nil, err
	}
	d := &document.Document{}
	if err := json.Unmarshal(data, d); err != nil {
		return nil, fmt.Errorf("kept document of %s: %w", c.DocumentID(), err)
	}
	return d, nil
}
