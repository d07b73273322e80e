package pipeline

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
	"guidang/pipeline/terms"
)

// The ledger's notes of key terms: what made those of its contents, the number
// of the newest frequencies, and each table of frequencies behind its number.
const (
	termsNote      = "terms"
	frequencyNote  = "frequencies"
	frequencyTable = "frequencies."
)

// Learned is what LearnTerms did.
type Learned struct {
	Number  int `json:"number"`  // of the table, 0: there was too little to learn from
	Texts   int `json:"texts"`   // how many were counted
	Changed int `json:"changed"` // documents whose key terms are others now
}

// termOptions are how key terms of documents are found.
func (a *Archive) termOptions() terms.Options {
	return terms.Options{Top: topTerms, Glossary: a.glossary, Learned: a.learned.Load()}
}

// readLearned reads the newest frequencies that were learned from the archive.
func (a *Archive) readLearned(ctx context.Context) error {
	number, err := a.ledger.Note(ctx, frequencyNote)
	if err != nil || number == "" {
		return err
	}
	table, err := a.ledger.Note(ctx, frequencyTable+number)
	if err != nil {
		return err
	}
	f, err := terms.ReadFrequencies(table)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	a.learned.Store(f)
	return nil
}

// LearnTerms counts how common words are in the archive, freezes that under the
// next number, and finds the key terms of every document anew. Which texts are
// counted depends on what there is, and not on the order in which it came: those
// with the smallest hashes.
func (a *Archive) LearnTerms(ctx context.Context) (Learned, error) {
	if err := a.begin(ctx); err != nil {
		return Learned{}, err
	}
	defer a.end()
	var all []*ledger.Content
	err := a.ledger.EachContent(ctx, 0, func(c *ledger.Content) error {
		if termed(c) {
			all = append(all, &ledger.Content{Sum: c.Sum, Fingerprint: c.Fingerprint})
		}
		return nil
	})
	if err != nil {
		return Learned{}, err
	}
	slices.SortFunc(all, func(x, y *ledger.Content) int { return slices.Compare(x.Sum[:], y.Sum[:]) })
	var texts []string
	for _, c := range all {
		if len(texts) == terms.LearnedTexts {
			break
		}
		d, err := a.bareDocument(ctx, c)
		if err != nil {
			return Learned{}, err
		}
		if d != nil && len(d.Sections) > 0 {
			texts = append(texts, terms.TextOf(d))
		}
	}
	number := 1
	if before := a.learned.Load(); before != nil {
		number = before.Number + 1
	}
	f, ok := terms.Learn(number, texts)
	if !ok {
		return Learned{Texts: len(texts)}, nil
	}
	err = a.ledger.Update(ctx, func(tx ledger.Tx) error {
		if err := tx.SetNote(frequencyTable+strconv.Itoa(number), f.String()); err != nil {
			return err
		}
		return tx.SetNote(frequencyNote, strconv.Itoa(number))
	})
	if err != nil {
		return Learned{}, err
	}
	a.learned.Store(f)
	changed, err := a.retermAll(ctx, true)
	return Learned{number, len(texts), changed}, err
}

// reterm finds the key terms anew of what was read before they were found in
// another way: with another glossary, other frequencies, another program. Texts
// are kept, so nothing is read again.
func (a *Archive) reterm(ctx context.Context) error {
	_, err := a.retermAll(ctx, false)
	return err
}

func (a *Archive) retermAll(ctx context.Context, learned bool) (changed int, err error) {
	opt := a.termOptions()
	now := terms.Fingerprint(opt)
	before, err := a.ledger.Note(ctx, termsNote)
	if err != nil || before == now {
		return 0, err
	}
	if before != "" || learned { // otherwise this is the first run, and what there is was just read
		err = a.ledger.EachContent(ctx, 0, func(c *ledger.Content) error {
			other, err := a.retermOne(ctx, c, opt)
			if other {
				changed++
			}
			return err
		})
		if err != nil {
			return changed, err
		}
		a.feed.wake()
	}
	return changed, a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.SetNote(termsNote, now) })
}

// termed says whether a content's key terms come from its own text; those of
// meetings come from what was said.
func termed(c *ledger.Content) bool {
	return c.Fingerprint != "" && c.Kind != document.KindArchive && (c.Minutes == "" || isWritten(c))
}

// termsOf finds the key terms of a content; ok is false if there is nothing to
// find them in.
func (a *Archive) termsOf(ctx context.Context, c *ledger.Content, opt terms.Options) (found string, ok bool, err error) {
	switch {
	case termed(c):
		d, err := a.bareDocument(ctx, c)
		if err != nil || d == nil {
			return "", false, err
		}
		return list(terms.Extract(terms.TextOf(d), opt)), true, nil
	case c.Minutes != "":
		t := &document.Transcript{}
		if ok, err := a.kept(ctx, c, "transcript", t); err != nil || !ok {
			return "", false, err
		}
		t, _, err := a.layered(ctx, c, t)
		if err != nil {
			return "", false, err
		}
		return list(minutes.KeyTerms(t, opt)), true, nil
	}
	return "", false, nil
}

func (a *Archive) retermOne(ctx context.Context, c *ledger.Content, opt terms.Options) (other bool, err error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	now, ok, err := a.termsOf(ctx, c, opt)
	if err != nil || !ok || now == c.Terms {
		return false, err
	}
	return true, a.ledger.Update(ctx, func(tx ledger.Tx) error {
		c, err := tx.Content(c.ID)
		if err != nil {
			return err
		}
		c.Terms = now
		if c.Revision == 0 {
			return tx.SetContent(c)
		}
		return tx.Publish(c)
	})
}
