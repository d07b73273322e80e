package pipeline

import (
	"context"
	"fmt"
	"os"

	"guidang/config"
	"guidang/extractors/document"
	"guidang/pipeline/ledger"
	"guidang/pipeline/terms"
)

// NewRules gives the rules of tags: those that come with the program, and those
// of the file that the settings name.
func NewRules(cfg *config.Config) ([]terms.Rule, error) {
	if cfg.Terms.Tags == "" {
		return terms.DefaultRules(), nil
	}
	f, err := os.Open(cfg.Terms.Tags)
	if err != nil {
		return nil, fmt.Errorf("terms.tags: %w", err)
	}
	defer f.Close()
	rules, err := terms.ReadRules(f)
	if err != nil {
		return nil, fmt.Errorf("terms.tags: %s: %w", cfg.Terms.Tags, err)
	}
	return rules, nil
}

// rulesNote is the ledger's note of the rules by which its contents are tagged.
const rulesNote = "rules"

// retag applies rules that changed to what was read before. Texts are kept, so
// nothing is read again; tags that people set or took away hold.
func (a *Archive) retag(ctx context.Context) error {
	now := terms.RulesFingerprint(a.rules)
	before, err := a.ledger.Note(ctx, rulesNote)
	if err != nil || before == now {
		return err
	}
	if before == "" {
		before = terms.RulesFingerprint(terms.DefaultRules())
	}
	if before != now {
		err = a.ledger.EachContent(ctx, 0, func(c *ledger.Content) error { return a.retagOne(ctx, c) })
		if err != nil {
			return err
		}
		a.feed.wake()
	}
	return a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.SetNote(rulesNote, now) })
}

func (a *Archive) retagOne(ctx context.Context, c *ledger.Content) error {
	if c.Fingerprint == "" || c.Kind == document.KindArchive || ctx.Err() != nil {
		return ctx.Err()
	}
	d, err := a.document(ctx, c)
	if err != nil || d == nil {
		return err
	}
	text := terms.TextOf(d)
	if c.Kind == document.KindRecording && c.Minutes != "" {
		t := &document.Transcript{}
		if ok, err := a.kept(ctx, c, "transcript", t); err != nil {
			return err
		} else if ok {
			text = spoken(t)
		}
	}
	kind := c.Kind
	if kind == document.KindMinutes {
		kind = d.Kind // as when it was read
	}
	tags := terms.Tags(text, kind, a.rules)
	return a.ledger.Update(ctx, func(tx ledger.Tx) error {
		c, err := tx.Content(c.ID)
		if err != nil {
			return err
		}
		hand, err := tx.HandTags(c.ID)
		if err != nil {
			return err
		}
		now := list(ledger.TagsNow(tags, hand))
		if now == c.Tags {
			return nil
		}
		c.Tags = now
		if c.Revision == 0 {
			return tx.SetContent(c)
		}
		return tx.Publish(c)
	})
}
