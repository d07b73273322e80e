package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"guidang/extractors/document"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
	"guidang/pipeline/source"
	"guidang/pipeline/store"
)

// Reconciliation is what comparing the ledger with everything else found.
type Reconciliation struct {
	Closed  bool `json:"closed"`
	Sources struct {
		MissingInLedger int      `json:"missing_in_ledger"`
		GoneFromSource  int      `json:"gone_from_source"`
		Unreachable     []string `json:"unreachable,omitempty"`
	} `json:"sources"`
	Store struct {
		Checked int `json:"checked"`
		Corrupt int `json:"corrupt"`
		Missing int `json:"missing"`
		Derived int `json:"derived_missing"` // contents whose document has to be read again
	} `json:"store"`
	Index struct {
		Missing int `json:"missing"`
		Surplus int `json:"surplus"`
		Stale   int `json:"stale"`
	} `json:"index"`
	QueueRebuilt bool     `json:"queue_rebuilt"` // its tables were damaged; they were made anew from the ledger
	Repaired     int      `json:"repaired"`
	Problems     []string `json:"problems,omitempty"` // each with the name of what is concerned, at most maxProblems
}

// maxProblems bounds the list that a person can read; the counts are complete.
const maxProblems = 200

func (r *Reconciliation) notef(format string, args ...any) {
	if len(r.Problems) < maxProblems {
		r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
	}
}

// Clean says whether nothing is wrong.
func (r *Reconciliation) Clean() bool {
	return r.Closed && r.Sources.MissingInLedger == 0 && r.Sources.GoneFromSource == 0 && r.Store.Corrupt == 0 && r.Store.Missing == 0 &&
		r.Store.Derived == 0 && r.Index.Missing == 0 && r.Index.Surplus == 0 && r.Index.Stale == 0
}

// reconciler compares, and heals if it is told to.
type reconciler struct {
	a      *Archive
	r      *Reconciliation
	repair bool
	behind []place // sources that hold what the ledger does not know
}

// Reconcile proves that the ledger closes: sources against ledger, ledger
// against store and index, both ways. With repair it heals what it finds; the
// counts tell what was found, Repaired how much of it was healed.
func (a *Archive) Reconcile(ctx context.Context, repair bool) (*Reconciliation, error) {
	c := &reconciler{a: a, r: &Reconciliation{}, repair: repair}
	c.r.QueueRebuilt = a.queue.Rebuilt()
	if c.r.QueueRebuilt {
		c.r.notef("the queue's tables were damaged and were made anew from the ledger")
	}
	for _, step := range []func(context.Context) error{c.sources, c.store, c.index} {
		if err := step(ctx); err != nil {
			return c.r, err
		}
	}
	if repair {
		if err := c.heal(ctx); err != nil {
			return c.r, err
		}
	}
	counts, err := a.ledger.Counts(ctx)
	if err != nil {
		return c.r, err
	}
	c.r.Closed = closed(counts)
	if n := counts.States[ledger.Pending]; n > 0 {
		c.r.notef("%d items are still pending; `guidang ingest` or `guidang serve` goes on with them", n)
	}
	return c.r, nil
}

// heal brings what the steps enqueued to its end.
func (c *reconciler) heal(ctx context.Context) error {
	if len(c.behind) > 0 {
		account, err := c.a.run(ctx, &ledger.Run{Kind: "reconcile", Sources: names(c.behind)}, c.behind, false)
		if err != nil {
			return err
		}
		if account.Outcome == Done {
			c.r.Repaired += c.r.Sources.MissingInLedger + c.r.Sources.GoneFromSource
		}
		return nil
	}
	if c.r.Repaired == 0 {
		return nil
	}
	c.a.feed.wake()
	_, err := c.a.finishRun(ctx, "reconcile")
	return err
}

func names(places []place) []string {
	var out []string
	for _, p := range places {
		out = append(out, p.source.Name())
	}
	return out
}

// sources compares what sources hold with what the ledger knows.
func (c *reconciler) sources(ctx context.Context) error {
	known, err := c.a.ledger.Sources(ctx)
	if err != nil {
		return err
	}
	for _, k := range known {
		src, err := c.a.source(ctx, k.Name)
		if err != nil {
			return err
		}
		missing, gone, err := c.compare(ctx, src)
		if err != nil {
			c.r.Sources.Unreachable = append(c.r.Sources.Unreachable, k.Name)
			c.r.notef("source %s cannot be compared: %v", k.Name, err)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			continue
		}
		c.r.Sources.MissingInLedger += missing
		c.r.Sources.GoneFromSource += gone
		if missing+gone > 0 {
			c.behind = append(c.behind, place{src, k.Root})
		}
	}
	return nil
}

func (c *reconciler) compare(ctx context.Context, src source.Source) (missing, gone int, err error) {
	if err := src.Check(ctx); err != nil {
		return 0, 0, err
	}
	// Both lists come in the same order, but a walk cannot be held while the
	// ledger is asked for each entry: what the ledger knows is taken first.
	known := map[string]bool{}
	err = c.a.ledger.Known(ctx, src.Name(), func(i *ledger.Item) error {
		known[i.Locator] = i.Gone
		return nil
	})
	if err != nil {
		return 0, 0, err
	}
	var blind []string
	err = src.Walk(ctx, func(e source.Entry) error {
		if e.Err != nil || e.Rule != "" {
			blind = append(blind, e.Locator+"/")
		}
		was, ok := known[e.Locator]
		if !ok || was {
			missing++
			c.r.notef("%s in source %s is not in the ledger yet", e.Locator, src.Name())
		}
		delete(known, e.Locator)
		return nil
	})
	for locator, wasGone := range known {
		if !wasGone && !unseen(blind, locator) {
			gone++
			c.r.notef("%s has left source %s", locator, src.Name())
		}
	}
	return missing, gone, err
}

// store hashes every original again and looks for every derived document.
func (c *reconciler) store(ctx context.Context) error {
	var bad []damaged
	var unread []*ledger.Content
	err := c.a.ledger.EachContent(ctx, 0, func(content *ledger.Content) error {
		sums, err := c.storedSums(ctx, content)
		if err != nil {
			return err
		}
		for _, sum := range sums {
			c.r.Store.Checked++
			err := store.Verify(ctx, c.a.store, sum)
			switch {
			case errors.Is(err, store.ErrNotFound):
				c.r.Store.Missing++
			case errors.Is(err, store.ErrCorrupt):
				c.r.Store.Corrupt++
			case err != nil:
				return err
			}
			if err != nil {
				bad = append(bad, damaged{content, sum})
				c.r.notef("original %s (%s): %v", content.DocumentID(), c.locate(ctx, content), err)
			}
		}
		if content.Fingerprint == "" || content.Revision == 0 {
			return nil
		}
		ok, err := c.a.derived.Has(ctx, store.Sum(content.Sum), content.Fingerprint)
		if err == nil && !ok {
			c.r.Store.Derived++
			c.r.notef("what was read of %s (%s) is missing", content.DocumentID(), c.locate(ctx, content))
			unread = append(unread, content)
		}
		return err
	})
	if err != nil || !c.repair {
		return err
	}
	for _, d := range bad {
		if err := c.fetchAgain(ctx, d); err != nil {
			c.r.notef("original %s cannot be fetched again: %v", d.content.DocumentID(), err)
			continue
		}
		c.r.Repaired++
	}
	return c.readAgain(ctx, unread)
}

// locate is where a content was found, for a report.
func (c *reconciler) locate(ctx context.Context, content *ledger.Content) string {
	i, err := c.a.ledger.Item(ctx, content.Canonical)
	if err != nil {
		return "?"
	}
	return i.Locator
}

// damaged is an original whose bytes in the store are not what they were.
type damaged struct {
	content *ledger.Content
	sum     store.Sum
}

// storedSums are the sums under which the store keeps a content: one, but for
// mails, of which every file has its own.
func (c *reconciler) storedSums(ctx context.Context, content *ledger.Content) ([]store.Sum, error) {
	if content.Kept != ledger.Copied {
		return nil, nil
	}
	if content.Kind != "" && content.Kind != document.KindMail {
		return []store.Sum{store.Sum(content.Sum)}, nil
	}
	items, err := c.a.ledger.Occurrences(ctx, content.ID)
	var out []store.Sum
	for _, i := range items {
		sum := store.Sum(i.OwnSum(content))
		alone := i.Within == 0 && !c.a.references(i) || i.Within != 0 && i.Size > inlineBytes
		if joined, err := c.a.isWhole(ctx, i); joined || err != nil {
			if err != nil {
				return nil, err
			}
			continue // made of its pieces
		}
		if alone && !i.Shown && !slices.Contains(out, sum) {
			out = append(out, sum)
		}
	}
	return out, err
}

// fetchAgain replaces a damaged original by the same bytes from its source.
func (c *reconciler) fetchAgain(ctx context.Context, d damaged) error {
	items, err := c.a.ledger.Occurrences(ctx, d.content.ID)
	if err != nil {
		return err
	}
	err = errors.New("no place is left where it was found")
	for _, i := range items {
		if store.Sum(i.OwnSum(d.content)) != d.sum {
			continue
		}
		var from store.Original
		if from, err = c.a.openOccurrence(ctx, i); err != nil {
			continue
		}
		err = c.a.store.Replace(ctx, d.sum, from)
		if closeErr := from.Close(); err == nil {
			err = closeErr
		}
		if err == nil {
			return nil
		}
	}
	return err
}

// readAgain queues contents whose derived document was lost.
func (c *reconciler) readAgain(ctx context.Context, contents []*ledger.Content) error {
	for _, content := range contents {
		err := c.a.ledger.Update(ctx, func(tx ledger.Tx) error {
			i, err := tx.Item(content.Canonical)
			if err != nil {
				return err
			}
			i.State, i.Reason, i.Todo = ledger.Pending, "", true
			if err := tx.SetItem(i); err != nil {
				return err
			}
			return c.a.queue.Enqueue(ctx, tx.Raw(), retryJobs([]*ledger.Item{i})...)
		})
		if err != nil {
			return err
		}
		c.r.Repaired++
	}
	return nil
}

// index compares the engine's documents with what it acknowledged, both ways.
func (c *reconciler) index(ctx context.Context) error {
	type entry struct {
		revision int64
		passages int
	}
	held := map[string]entry{}
	err := c.a.engine.Walk(ctx, func(doc string, revision int64, passages int) error {
		held[doc] = entry{revision, passages}
		return nil
	})
	if err != nil {
		return fmt.Errorf("index: %w", err)
	}
	var resend []*ledger.Content
	err = c.a.ledger.EachContent(ctx, 0, func(content *ledger.Content) error {
		if content.Indexed == 0 || content.Indexed != content.Revision || content.Then == ledger.PartOf {
			return nil
		}
		id := content.DocumentID()
		have, ok := held[id]
		delete(held, id)
		switch {
		case !ok:
			c.r.Index.Missing++
			c.r.notef("%s (%s) is not in the index", id, c.locate(ctx, content))
		case have.revision != content.Revision || have.passages != content.Stale:
			c.r.Index.Stale++
			c.r.notef("%s (%s) stands in the index with revision %d and %d passages instead of %d and %d", id, c.locate(ctx, content), have.revision, have.passages, content.Revision, content.Stale)
		default:
			return nil
		}
		resend = append(resend, content)
		return nil
	})
	if err != nil {
		return err
	}
	surplus, err := c.surplus(ctx, func(yield func(string)) {
		for id := range held {
			yield(id)
		}
	})
	if err != nil || !c.repair {
		return err
	}
	return c.resend(ctx, resend, surplus)
}

// surplus are documents that stand in the index and nowhere else. What is in
// the outbox only comes later and is none.
func (c *reconciler) surplus(ctx context.Context, each func(func(string))) (out []string, err error) {
	each(func(id string) {
		content, findErr := c.a.ledger.ByDocument(ctx, id)
		if findErr == nil && content.Revision > 0 && content.Then != ledger.PartOf {
			return
		}
		if findErr != nil && !errors.Is(findErr, ledger.ErrNotFound) {
			err = findErr
			return
		}
		c.r.Index.Surplus++
		c.r.notef("%s stands in the index, but not in the ledger", id)
		out = append(out, id)
	})
	return out, err
}

func (c *reconciler) resend(ctx context.Context, contents []*ledger.Content, surplus []string) error {
	if len(surplus) > 0 {
		mark, err := c.a.engine.Mark(ctx)
		if err != nil {
			return err
		}
		token, err := c.a.engine.Delete(ctx, surplus, index.Mark{Ledger: c.a.ledger.ID(), Seq: mark.Seq})
		if err == nil {
			err = c.a.engine.Visible(ctx, token)
		}
		if err != nil {
			return err
		}
		c.r.Repaired += len(surplus)
	}
	for _, content := range contents {
		if err := c.a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.Publish(content) }); err != nil {
			return err
		}
		c.r.Repaired++
	}
	return nil
}
