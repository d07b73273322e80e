package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"guidang/extractors/document"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
	"guidang/pipeline/store"
)

// Flags that the layer of corrections gives to utterances, beside an engine's.
const (
	FlagText  = "corrected"       // its text was corrected
	FlagVoice = "speaker-by-hand" // somebody said who says it
)

// Correction is a change to what a meeting's transcript says, as a page sends
// it. Empty fields change nothing.
type Correction struct {
	Utterance int     // that is changed; 0 for a speaker's name
	Text      *string // what it says
	Voice     *string // who says it

	Speaker string // as the transcript calls him
	Name    string // what he is called from now on; empty takes the name back
	Who     string // says so
}

// maxCorrection bounds what one correction says.
const maxCorrection = 10_000

// ErrCorrection says that a correction is not of this transcript.
var ErrCorrection = errors.New("there is no such utterance or speaker in the transcript")

// Correct keeps a correction and lets the meeting be found by it. What was read
// or recognised stays as it was, beneath. Minutes by a model are made again by
// the next run.
func (a *Archive) Correct(ctx context.Context, ref string, scopes []string, with Correction) error {
	c, base, err := a.talk(ctx, ref, scopes)
	if err != nil {
		return err
	}
	layer, err := a.ledger.Corrections(ctx, c.ID)
	if err != nil {
		return err
	}
	news, err := corrections(base, corrected(base, layer), with)
	if err != nil {
		return fmt.Errorf("%s: %w", ref, err)
	}
	if len(news) == 0 {
		return nil
	}
	err = a.ledger.Update(ctx, func(tx ledger.Tx) error {
		for i := range news {
			news[i].Content, news[i].Who, news[i].At = c.ID, with.Who, time.Now()
			if err := tx.Correct(&news[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return a.diskFull(err)
	}
	return a.sayAgain(ctx, c, corrected(base, append(layer, news...)))
}

// talk is the content that a reference names and what was said in it, without
// corrections.
func (a *Archive) talk(ctx context.Context, ref string, scopes []string) (*ledger.Content, *document.Transcript, error) {
	c, err := a.Find(ctx, ref)
	if err != nil {
		return nil, nil, err
	}
	if i, err := a.visible(ctx, c, scopes); err != nil || i == nil && scopes != nil {
		return nil, nil, errors.Join(err, fmt.Errorf("%s: %w", ref, ledger.ErrNotFound))
	}
	t := &document.Transcript{}
	ok, err := a.kept(ctx, c, "transcript", t)
	if err == nil && !ok {
		t, err = a.ownTranscript(ctx, c)
	}
	if err == nil && t == nil {
		err = fmt.Errorf("%s: %w", ref, ErrCorrection)
	}
	return c, t, err
}

// corrections are what a change means for the ledger. base is the transcript as
// it was made, now as it is shown.
func corrections(base, now *document.Transcript, with Correction) ([]ledger.Correction, error) {
	clean := func(s string) (string, error) {
		s = strings.TrimSpace(s)
		if len(s) > maxCorrection || !utf8.ValidString(s) {
			return "", ErrCorrection
		}
		return s, nil
	}
	if with.Utterance == 0 {
		name, err := clean(with.Name)
		known := slices.ContainsFunc(base.Utterances, func(u document.Utterance) bool { return u.Speaker == with.Speaker })
		if err != nil || with.Speaker == "" || !known {
			return nil, ErrCorrection
		}
		if name == "" {
			name = with.Speaker
		}
		return []ledger.Correction{{Kind: ledger.OfSpeaker, Was: with.Speaker, Now: name}}, nil
	}
	n := with.Utterance - 1
	if n < 0 || n >= len(base.Utterances) {
		return nil, ErrCorrection
	}
	was, is := base.Utterances[n], now.Utterances[n]
	var out []ledger.Correction
	if with.Text != nil {
		text, err := clean(*with.Text)
		if err != nil {
			return nil, err
		}
		if text != is.Text {
			out = append(out, ledger.Correction{Kind: ledger.OfText, Start: was.Start, Was: was.Text, Now: text})
		}
	}
	if with.Voice != nil {
		voice, err := clean(*with.Voice)
		if err != nil {
			return nil, err
		}
		if voice != is.Speaker {
			out = append(out, ledger.Correction{Kind: ledger.OfVoice, Start: was.Start, Was: was.Text, Now: voice})
		}
	}
	return out, nil
}

// nearby is how far an utterance may have moved, in seconds, for a correction of
// it to hold still: another engine cuts at other places.
const nearby = 1.0

// corrected lays corrections over a transcript. A correction of an utterance
// holds where that says what it said when it was corrected: a transcript that was
// made anew keeps all corrections that still fit.
func corrected(t *document.Transcript, layer []ledger.Correction) *document.Transcript {
	if len(layer) == 0 {
		return t
	}
	type place struct {
		kind ledger.CorrectionKind
		was  string
	}
	names, at := map[string]string{}, map[place][]ledger.Correction{}
	for _, c := range layer {
		switch c.Kind { //nolint:exhaustive // the others say nothing of the talk
		case ledger.OfSpeaker:
			names[c.Was] = c.Now
		case ledger.OfText, ledger.OfVoice:
			at[place{c.Kind, c.Was}] = append(at[place{c.Kind, c.Was}], c)
		}
	}
	last := func(kind ledger.CorrectionKind, u document.Utterance) (string, bool) {
		all := at[place{kind, u.Text}]
		for _, c := range slices.Backward(all) {
			if math.Abs(c.Start-u.Start) <= nearby {
				return c.Now, true
			}
		}
		return "", false
	}
	out := *t
	out.Utterances = slices.Clone(t.Utterances)
	for i := range out.Utterances {
		u := &out.Utterances[i]
		flags := slices.Clone(u.Flags)
		was := *u
		if name, ok := names[u.Speaker]; ok {
			u.Speaker = name
		}
		if voice, ok := last(ledger.OfVoice, was); ok && voice != u.Speaker {
			u.Speaker, flags = voice, append(flags, FlagVoice)
		}
		if text, ok := last(ledger.OfText, was); ok && text != was.Text {
			u.Text, flags = text, append(flags, FlagText)
		}
		u.Flags = flags
	}
	return &out
}

// layered lays a content's corrections over its transcript and names the layer,
// for the fingerprint of what is made of both; empty when there is none.
func (a *Archive) layered(ctx context.Context, c *ledger.Content, t *document.Transcript) (*document.Transcript, string, error) {
	layer, err := a.ledger.Corrections(ctx, c.ID)
	if err != nil {
		return nil, "", err
	}
	return corrected(t, layer), layerName(layer), nil
}

func layerName(layer []ledger.Correction) string {
	h := sha256.New()
	n := 0
	for _, c := range layer {
		if c.Kind == ledger.OfText || c.Kind == ledger.OfVoice || c.Kind == ledger.OfSpeaker {
			fmt.Fprintf(h, "%s %.3f %q %q\n", c.Kind, c.Start, c.Was, c.Now)
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return "+by-hand:" + hex.EncodeToString(h.Sum(nil)[:6])
}

// sayAgain lets a meeting be found by what its corrected transcript says.
func (a *Archive) sayAgain(ctx context.Context, c *ledger.Content, t *document.Transcript) error {
	d, err := a.document(ctx, c)
	if err != nil {
		return err
	}
	if c.Minutes != "" {
		m := &minutes.Minutes{}
		ok, err := a.kept(ctx, c, c.Minutes, m)
		if err != nil {
			return err
		}
		if ok {
			d = meetingDocument(m, t)
		}
	}
	if d == nil || c.Then == ledger.PartOf {
		return nil // it waits, or is found by another
	}
	passages := index.Cut(d)
	if err := a.derived.Put(ctx, nil, []store.DocumentPassages{{Document: c.DocumentID(), Texts: encodePassages(passages)}}); err != nil {
		return a.diskFull(err)
	}
	err = a.ledger.Update(ctx, func(tx ledger.Tx) error {
		now, err := tx.Content(c.ID) // its minutes may have been made meanwhile
		if err != nil {
			return err
		}
		now.Passages, now.People = max(len(passages), 1), people(speakersOf(t))
		return tx.Publish(now)
	})
	a.feed.wake()
	return err
}

// correctView lays the corrections over what a view shows: the talk, and the
// names of the people in the minutes, which were made before somebody gave them.
func (a *Archive) correctView(ctx context.Context, v *View, c *ledger.Content) error {
	layer, err := a.ledger.Corrections(ctx, c.ID)
	if err != nil || len(layer) == 0 {
		return err
	}
	v.Corrections = layer
	names := map[string]string{}
	for _, one := range layer {
		if one.Kind == ledger.OfSpeaker {
			names[one.Was] = one.Now
		}
	}
	v.Called = names
	if v.Said != nil {
		v.Said = corrected(v.Said, layer)
	}
	if v.Transcript != nil {
		v.Transcript = corrected(v.Transcript, layer)
	}
	rename := func(name *string) {
		if now, ok := names[*name]; ok {
			*name = now
		}
	}
	for i := range v.People {
		rename(&v.People[i].Name)
	}
	if m := v.Minutes; m != nil && len(names) > 0 {
		for i := range m.Attendees {
			rename(&m.Attendees[i].Name)
		}
		for i := range m.Actions {
			rename(&m.Actions[i].Owner)
		}
	}
	maps.DeleteFunc(names, func(was, now string) bool { return was == now })
	return nil
}
